"""Evidence of a criterion may be a record of the engagement: a release, a file or a decision."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from engagements.models import Attachment, Decision, Engagement, GateCriterion, Release
from engagements.selectors.gate_evidence import evidence_of, key_of
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.gates import customers_person, gates_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(client: Client) -> Engagement:
    work = EngagementFactory(phase="pilot", started_on=date(2026, 1, 5))
    gates_of(work)
    client.force_login(work.lead)
    return work


def row_of(work: Engagement) -> GateCriterion:
    return GateCriterion.objects.get(gate__engagement=work, key="rollback")


def records(work: Engagement):
    deliverable = DeliverableFactory(engagement=work, name="Claims assistant")
    file = Attachment(deliverable=deliverable, name="rollback.pdf", size=3)
    file.file.save("rollback.pdf", ContentFile(b"pdf"))
    return (
        Release.objects.create(deliverable=deliverable, name="2.1", released_on=date(2026, 2, 1)),
        file,
        Decision.objects.create(engagement=work, text="Roll back by switch", noted_on=date(2026, 2, 2)),
    )


def answer(client: Client, row: GateCriterion, **typed: str):
    url = reverse("criterion_answer", args=[row.gate.engagement.slug, row.gate_id, row.pk])
    return client.post(url, {"answer": "pass", "evidence": "", "link": "", "reason": "", "record": ""} | typed)


@pytest.mark.parametrize(("kind", "shown"), [(0, "Claims assistant 2.1"), (1, "rollback.pdf"), (2, "Roll back by switch, 2 Feb")])
def test_a_record_is_evidence_enough_and_the_gate_leads_to_it(client: Client, work: Engagement, kind: int, shown: str) -> None:
    record, row = records(work)[kind], row_of(work)
    GateCriterion.objects.filter(pk=row.pk).update(answer="unknown")
    assert answer(client, row).status_code == 422
    assert answer(client, row, record=key_of(record)).status_code == 302
    assert row_of(work).record == record
    page = client.get(reverse("gate", args=[work.slug, row.gate_id])).content.decode()
    assert f">{shown}</a>" in page


def test_it_is_taken_back_with_the_answer(client: Client, work: Engagement) -> None:
    release, __, decision = records(work)
    answer(client, row_of(work), record=key_of(release))
    row = row_of(work)
    url = reverse("criterion_answer", args=[work.slug, row.gate_id, row.pk])
    page = client.post(url, {"answer": "pass", "record": key_of(decision)}, follow=True).content.decode()
    way_back = next(path for part in reversed(page.split('action="')) if "undo=" in (path := part.split('"')[0]))
    client.post(way_back)
    assert row_of(work).record == release


def test_records_of_others_and_archived_ones_are_not_offered(client: Client, work: Engagement) -> None:
    stranger = EngagementFactory()
    for record in records(stranger):
        refused = answer(client, row_of(work), record=key_of(record))
        assert (refused.status_code, "record" in refused.context["criterion_form"].errors) == (422, True)
    release, __, decision = records(work)
    Decision.objects.filter(pk=decision.pk).update(archived_at="2026-02-03T00:00Z")
    assert decision not in list(evidence_of(work, work.lead))
    assert release in list(evidence_of(work, work.lead))
    assert not list(evidence_of(work, stranger.lead))


def test_what_was_chosen_stays_chosen_after_it_was_archived(client: Client, work: Engagement) -> None:
    release = records(work)[0]
    answer(client, row_of(work), record=key_of(release))
    Release.objects.filter(pk=release.pk).update(archived_at="2026-02-03T00:00Z")
    assert answer(client, row_of(work), record=key_of(release), evidence="Tried twice").status_code == 302
    assert row_of(work).record == release


def test_the_decision_freezes_its_name(client: Client, work: Engagement) -> None:
    answer(client, row_of(work), record=key_of(records(work)[0]))
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    typed = {"outcome": "go", "on": "2026-03-02", "ours": work.lead_id, "theirs": customers_person(work).pk, "conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}
    client.post(reverse("gate_decide", args=[work.slug, row_of(work).gate_id]), typed)
    assert '"record":"release: 2.1"' in row_of(work).gate.decision.snapshot


def test_statements_do_not_grow_with_records(client: Client, work: Engagement, django_assert_max_num_queries) -> None:
    for __ in range(3):
        release = records(EngagementFactory())[0]
        Release.objects.filter(pk=release.pk).update(deliverable=DeliverableFactory(engagement=work))
        GateCriterion.objects.filter(pk=row_of(work).pk).update(release=release.pk)
        with django_assert_max_num_queries(21):
            client.get(reverse("gate", args=[work.slug, row_of(work).gate_id]))
