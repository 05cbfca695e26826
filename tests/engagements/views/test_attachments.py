"""Files with notes and deliverables: what is taken, who gets them, how they leave."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.forms.attachments import safe_name
from engagements.models import Attachment, EvidenceLink, StakeholderNote
from engagements.services import attachments as service
from engagements.services.attachments import attach, remove_attachment, sweep_attachments
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import DeliverableFactory, EngagementFactory, NoteFactory
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 minutes"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def note() -> StakeholderNote:
    engagement = EngagementFactory()
    return NoteFactory(customer=engagement.customer, engagement=engagement, author=engagement.lead)


def file(name: str = "minutes.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def attached(note: StakeholderNote) -> Attachment:
    return attach(note, [file()], by=note.author)[0]


def test_files_are_kept_and_given_only_as_a_download(client: Client, note: StakeholderNote, folder: Path) -> None:
    client.force_login(note.author)
    address = reverse("note_attachment_new", args=[note.pk])
    assert client.post(address, {"files": [file(), file("page.txt", b"<script>alert(1)</script>")]}).url == reverse("note", args=[note.pk])
    text = Attachment.objects.get(name="page.txt")
    assert {path.name for path in files_in(folder)} == {os.path.basename(a.file.name) for a in Attachment.objects.all()}
    assert "page" not in text.file.name

    answer = client.get(reverse("attachment", args=[text.pk]))
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"] == 'attachment; filename="page.txt"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "minutes.pdf" in client.get(reverse("note", args=[note.pk])).content.decode()
    assert list(AuditEvent.objects.values_list("verb", "engagement_id")) == [("attach", note.engagement_id)] * 2


def test_a_deliverable_takes_files_on_its_page(client: Client, folder: Path) -> None:
    tool = DeliverableFactory()
    client.force_login(tool.engagement.lead)
    client.post(reverse("deliverable_attachment_new", args=[tool.engagement.slug, tool.pk]), {"files": file("验收 记录.pdf")})
    assert "验收 记录.pdf" in client.get(reverse("deliverable_edit", args=[tool.engagement.slug, tool.pk])).content.decode()
    answer = client.get(reverse("attachment", args=[Attachment.objects.get().pk]))
    assert "filename*=utf-8''%E9%AA%8C" in answer["Content-Disposition"]


def test_evidence_may_be_a_file_which_goes_with_it(client: Client, folder: Path) -> None:
    tool = DeliverableFactory()
    slug = tool.engagement.slug
    client.force_login(tool.engagement.lead)
    client.post(reverse("evidence_new", args=[slug, tool.pk]), {"evidence-label": "Acceptance run", "evidence-url": ""})
    evidence = EvidenceLink.objects.get()
    answer = client.post(reverse("evidence_attachment_new", args=[slug, tool.pk, evidence.pk]), {"files": file("run.pdf")})
    assert answer.url == reverse("deliverable", args=[slug, tool.pk])
    kept = evidence.attachments.get()
    assert (kept.note, kept.deliverable, AuditEvent.objects.latest("pk").engagement_id) == (None, None, tool.engagement_id)
    assert reverse("attachment", args=[kept.pk]) in client.get(answer.url).content.decode()
    assert client.get(reverse("attachment", args=[kept.pk])).status_code == 200
    client.force_login(DeliverableFactory().engagement.lead)
    assert client.get(reverse("attachment", args=[kept.pk])).status_code == 404
    assert client.post(reverse("evidence_attachment_new", args=[slug, tool.pk, evidence.pk]), {"files": file("x.pdf")}).status_code == 404
    assert Attachment.objects.count() == 1
    evidence.delete()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (file("tool.exe"), "tool.exe: files of this type are not taken."),
        (file("page.html", b"<p>"), "page.html: files of this type are not taken."),
        (file("drawing.svg", b"<svg>"), "drawing.svg: files of this type are not taken."),
        (file("bare"), "bare: files of this type are not taken."),
        (file("fake.pdf", b"<script>"), "fake.pdf is not what its name says."),
        (file("big.txt", b"x" * 101), "big.txt is larger than 100"),
        (file("hollow.txt", b""), "hollow.txt is empty."),
    ],
)
def test_a_refused_file_is_named_and_nothing_is_kept(client: Client, note: StakeholderNote, folder: Path, settings, bad, said) -> None:
    settings.ATTACHMENT_MAX_BYTES = 100
    client.force_login(note.author)
    answer = client.post(reverse("note_attachment_new", args=[note.pk]), {"files": [file("good.pdf"), bad]})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("\xa0", " ")
    assert (Attachment.objects.count(), files_in(folder), AuditEvent.objects.count()) == (0, [], 0)


def test_no_file_and_too_many_are_refused(client: Client, note: StakeholderNote) -> None:
    client.force_login(note.author)
    address = reverse("note_attachment_new", args=[note.pk])
    assert client.post(address).status_code == 422
    assert client.post(address, {"files": [file()] * (settings.ATTACHMENT_MAX_FILES + 1)}).status_code == 422
    assert Attachment.objects.count() == 0


def test_a_failed_write_leaves_no_file(monkeypatch: pytest.MonkeyPatch, note: StakeholderNote, folder: Path) -> None:
    acts = iter([None])
    monkeypatch.setattr(service, "_record", lambda *a, **k: next(acts))
    with pytest.raises((RuntimeError, StopIteration)):
        attach(note, [file(), file("two.pdf")], by=note.author)
    assert Attachment.objects.count() == 0
    assert len(files_in(folder)) <= 1  # the one that was being written, which the sweep takes


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\plan.pdf", "plan.pdf"),
        ("a\r\nX: y.txt", "aX: y.txt"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_do_no_harm(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_strangers_get_and_change_nothing(client: Client, note: StakeholderNote, folder: Path) -> None:
    theirs, stranger = attached(note), UserFactory()
    own = EngagementFactory(lead=stranger)
    tool = DeliverableFactory(engagement=note.engagement)
    own_note = NoteFactory(customer=own.customer, engagement=own, author=stranger)
    attached(own_note)
    before = list(Attachment.objects.values())
    addresses = [
        reverse("attachment_remove", args=[theirs.pk]),
        reverse("attachment_restore", args=[theirs.pk]),
        reverse("note_attachment_new", args=[note.pk]),
        reverse("deliverable_attachment_new", args=[tool.engagement.slug, tool.pk]),
        reverse("deliverable_attachment_new", args=[own.slug, tool.pk]),
    ]
    assert reverse("account_login") in client.get(reverse("attachment", args=[theirs.pk])).url
    client.force_login(stranger)
    assert client.get(reverse("attachment", args=[theirs.pk])).status_code == 404
    assert [client.post(address, {"files": file()}).status_code for address in addresses] == [404] * 5
    client.force_login(ContactFactory())
    assert client.get(reverse("attachment", args=[theirs.pk])).status_code == 403
    assert [client.post(address, {"files": file()}).status_code for address in addresses] == [403] * 5
    assert list(Attachment.objects.values()) == before
    assert len(files_in(folder)) == 2


def test_a_file_is_removed_and_put_back(client: Client, note: StakeholderNote) -> None:
    attachment = attached(note)
    client.force_login(note.author)
    page = client.post(reverse("attachment_remove", args=[attachment.pk]), follow=True)
    assert reverse("attachment_restore", args=[attachment.pk]) in page.content.decode()
    assert list(page.context["attachments"]) == []
    assert client.get(reverse("attachment", args=[attachment.pk])).status_code == 404
    client.post(reverse("attachment_restore", args=[attachment.pk]))
    assert client.get(reverse("attachment", args=[attachment.pk])).status_code == 200


def test_the_sweep_takes_what_nobody_needs_and_nothing_else(note: StakeholderNote, folder: Path) -> None:
    kept, removed, orphan = attached(note), attached(note), attached(note)
    now = timezone.now()
    remove_attachment(removed, by=note.author, now=now)
    orphan.delete()
    assert sweep_attachments(now=now) == 0  # all too young
    later = now + timedelta(days=1, minutes=1)
    assert sweep_attachments(now=later) == 2
    assert [path.name for path in files_in(folder)] == [os.path.basename(kept.file.name)]
    assert list(Attachment.objects.all()) == [kept]
    assert sweep_attachments(now=later) == 0


def test_files_leave_with_their_record(note: StakeholderNote, folder: Path) -> None:
    attached(note)
    note.delete()
    assert Attachment.objects.count() == 0
    sweep_attachments(now=timezone.now() + timedelta(days=2))
    assert files_in(folder) == []


def test_a_file_that_is_gone_is_a_404(client: Client, note: StakeholderNote) -> None:
    attachment = attached(note)
    default_storage.delete(attachment.file.name)
    client.force_login(note.author)
    assert client.get(reverse("attachment", args=[attachment.pk])).status_code == 404


def test_a_note_with_many_files_costs_as_many_statements(client: Client, note: StakeholderNote, django_assert_max_num_queries) -> None:
    client.force_login(note.author)
    for many in (1, 3, 30):
        for __ in range(many):
            attached(note)
        with django_assert_max_num_queries(15):
            client.get(reverse("note", args=[note.pk]))
