"""Pages about data: who may use them, what they change, what they show and to whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.metrics.rhythm import Silence
from engagements.models import Actor, Engagement, Recompute, UsageBatch, UsageRow, UsageSource, UsageToken
from engagements.services.usage_loads import load_usage
from engagements.services.usages import roll_back_batch
from fde_portal.accounts.models import AuditEvent, User
from tests.engagements.services.test_usages import MONDAY, TUESDAY, UsageLine, send
from tests.factories.engagements import DeliverableFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.usage import TargetPopulationFactory, UsageBatchFactory, UsageSourceFactory, UsageTokenFactory

pytestmark = pytest.mark.django_db

CSV = "actor,date\nann,2026-03-02\nbob,2026-03-03\n"


@pytest.fixture
def source() -> UsageSource:
    return UsageSourceFactory(name="Audit log", deliverable__name="Copilot")


@pytest.fixture
def engagement(source: UsageSource) -> Engagement:
    return source.deliverable.engagement


@pytest.fixture
def owner(engagement: Engagement) -> Client:
    return signed_in(engagement.lead)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def csv_file(content: str = CSV) -> SimpleUploadedFile:
    return SimpleUploadedFile("usage.csv", content.encode(), content_type="text/csv")


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


# Sources


def test_a_source_is_created(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    fields = {"deliverable": source.deliverable_id, "name": "Weekly export", "kind": "daily", "cadence_days": 7, "keeps_names": "on"}
    answer = owner.post(reverse("usage_source_new", args=[engagement.slug]), fields)
    assert (answer.status_code, answer.url) == (302, reverse("engagement_data", args=[engagement.slug]))
    created = UsageSource.objects.get(name="Weekly export")
    assert (created.deliverable, created.cadence_days, created.keeps_names) == (source.deliverable, 7, True)
    assert verbs() == ["create"]


def test_a_source_cannot_be_given_to_a_deliverable_of_another_engagement(engagement: Engagement, owner: Client) -> None:
    foreign = DeliverableFactory()
    fields = {"deliverable": foreign.pk, "name": "Mine", "kind": "daily", "cadence_days": 1}
    answer = owner.post(reverse("usage_source_new", args=[engagement.slug]), fields)
    assert answer.status_code == 422
    assert "deliverable" in answer.context["form"].errors
    assert not UsageSource.objects.filter(name="Mine").exists()


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "Audit log"), ("cadence_days", 0), ("cadence_days", 400)])
def test_a_bad_source_is_named_and_keeps_what_was_typed(
    engagement: Engagement, source: UsageSource, owner: Client, field: str, value: object
) -> None:
    fields = {"deliverable": source.deliverable_id, "name": "Other", "kind": "daily", "cadence_days": 3} | {field: value}
    answer = owner.post(reverse("usage_source_new", args=[engagement.slug]), fields)
    form = answer.context["form"]
    assert (answer.status_code, bool(form.errors)) == (422, True)
    assert form["name"].value() == fields["name"]
    assert UsageSource.objects.count() == 1


def test_a_source_is_edited_but_stays_with_its_deliverable(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    second = DeliverableFactory(engagement=engagement)
    fields = {"deliverable": second.pk, "name": "Audit log 2", "cadence_days": 2, "version": source.version}
    owner.post(reverse("usage_source_edit", args=[engagement.slug, source.pk]), fields)
    kept = UsageSource.objects.get()
    assert (kept.name, kept.cadence_days, kept.deliverable) == ("Audit log 2", 2, source.deliverable)
    assert Recompute.objects.get().engagement_id == engagement.pk


def test_a_source_is_archived_and_restored(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    owner.post(reverse("usage_source_archive", args=[engagement.slug, source.pk]))
    assert UsageSource.objects.get().is_archived
    page = owner.get(reverse("engagement_data", args=[engagement.slug]))
    assert (page.context["sources"], list(page.context["archived_sources"])) == ([], [source])
    owner.post(reverse("usage_source_restore", args=[engagement.slug, source.pk]))
    assert not UsageSource.objects.get().is_archived
    assert verbs() == ["archive", "restore"]


def test_the_list_says_which_sources_are_silent(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    today = timezone.localdate(timezone=engagement.zone)
    fresh = UsageSourceFactory(deliverable=source.deliverable, name="Fresh")
    silent = UsageSourceFactory(deliverable=source.deliverable, name="Silent")
    UsageBatchFactory(source=fresh, first_day=today - timedelta(days=9), last_day=today - timedelta(days=3))
    UsageBatchFactory(source=silent, first_day=today - timedelta(days=9), last_day=today - timedelta(days=4))
    UsageBatchFactory(source=silent, first_day=today, last_day=today, state="rolled_back")
    page = owner.get(reverse("engagement_data", args=[engagement.slug]))
    states = {line.source.name: (line.state, line.source.last_day) for line in page.context["sources"]}
    assert states == {
        "Audit log": ("unknown", None),
        "Fresh": ("on_track", today - timedelta(days=3)),
        "Silent": ("watch", today - timedelta(days=4)),
    }


def test_a_feed_by_the_hour_that_fell_silent_says_since_when(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    today, now = timezone.localdate(timezone=engagement.zone), timezone.now()
    for number in range(10):
        UsageBatchFactory(source=source, sequence=number + 1, first_day=today, last_day=today, received_at=now - timedelta(hours=8 + number))
    [line] = owner.get(reverse("engagement_data", args=[engagement.slug])).context["sources"]
    assert (line.state, line.silence) == ("watch", Silence(now - timedelta(hours=8), 1))
    page = owner.get(reverse("usage_source", args=[engagement.slug, source.pk])).content.decode()
    assert f"{timezone.localtime(line.silence.since, engagement.zone):%H:%M}, normally every hour" in page


@pytest.mark.parametrize("kind", UsageSource.Kind.values)
def test_the_rows_to_test_come_in_as_they_stand_and_nothing_is_stored(engagement: Engagement, source: UsageSource, owner: Client, kind: str) -> None:
    UsageSource.objects.update(kind=kind)
    page = reverse("usage_source", args=[engagement.slug, source.pk])
    rows = owner.get(page).context["test_form"]["rows"].value()
    answer = owner.post(reverse("usage_source_test", args=[engagement.slug, source.pk]), {"rows": rows.replace("\n", "\r\n")})
    assert (answer.status_code, answer.context["tested"]["count"]) == (200, 1)
    assert answer.context["tested"]["first"] == timezone.localdate(timezone=engagement.zone)
    assert "Nothing was stored." in answer.content.decode()
    assert (UsageBatch.objects.count(), Actor.objects.count(), verbs()) == (0, 0, [])


@pytest.mark.parametrize(("rows", "faults"), [
    ("actor,date\nann,yesterday\n,2026-03-02", [(2, "date"), (3, "actor")]), ("actor,day\n", [(1, "day"), (1, "date")]), ("", []),
])
def test_rows_to_test_that_would_be_refused_are_told_with_their_place(
    engagement: Engagement, source: UsageSource, owner: Client, rows: str, faults: list
) -> None:
    answer = owner.post(reverse("usage_source_test", args=[engagement.slug, source.pk]), {"rows": rows})
    form = answer.context["test_form"]
    assert (answer.status_code, bool(form.errors), form["rows"].value()) == (422, True, rows)
    assert [(fault.row, fault.column) for fault in form.faults] == faults


# Tokens


def test_a_token_is_shown_once_and_not_kept(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    answer = owner.post(reverse("usage_token_new", args=[engagement.slug, source.pk]), {"name": "nightly job"})
    token = UsageToken.objects.get()
    secret = answer.context["secret"]
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.decode().count(secret) == 4
    assert (token.source, token.name, secret.startswith(token.prefix)) == (source, "nightly job", True)
    assert secret not in owner.get(reverse("usage_source", args=[engagement.slug, source.pk])).content.decode()
    assert verbs() == ["create"]
    assert secret not in str(AuditEvent.objects.values())


def test_the_program_shown_with_a_token_works(
    engagement: Engagement, source: UsageSource, owner: Client, live_server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.http.HttpRequest.get_host", lambda request: live_server.url.partition("//")[2])
    answer = owner.post(reverse("usage_token_new", args=[engagement.slug, source.pk]), {"name": "laptop"})
    exec(answer.context["python"], {})
    row = UsageRow.objects.get()
    assert (row.batch.source, row.feature, row.events) == (source, "draft", 3)


def test_a_token_needs_a_name(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    assert owner.post(reverse("usage_token_new", args=[engagement.slug, source.pk]), {"name": ""}).status_code == 422
    assert not UsageToken.objects.exists()


def test_a_token_is_revoked(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    token = UsageTokenFactory(source=source)
    owner.post(reverse("usage_token_revoke", args=[engagement.slug, token.pk]))
    token.refresh_from_db()
    assert not token.is_usable(timezone.now())
    assert verbs() == ["revoke"]
    owner.post(reverse("usage_token_revoke", args=[engagement.slug, token.pk]))
    assert verbs() == ["revoke"]


# Files


def upload(client: Client, source: UsageSource, content: str = CSV, to: UsageSource | None = None):
    path = reverse("usage_upload", args=[source.deliverable.engagement.slug])
    return client.post(path, {"source": (to or source).pk, "encoding": "utf-8", "file": csv_file(content)}, follow=True)


def told(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_a_file_comes_in(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    answer = upload(owner, source)
    assert told(answer) == ["2 rows came in, from 2 Mar 2026 to 3 Mar 2026. The figures update in a few seconds."]
    batch = UsageBatch.objects.get()
    assert (batch.source, batch.row_count, batch.received_by) == (source, 2, engagement.lead)
    assert verbs() == ["receive"]


def test_the_same_file_again_changes_nothing_and_says_so(source: UsageSource, owner: Client) -> None:
    upload(owner, source)
    answer = upload(owner, source)
    assert told(answer) == ["This file came before. Nothing changed, and nothing is counted twice."]
    assert UsageBatch.objects.count() == 1


def test_a_file_that_was_rolled_back_points_to_its_batch(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    upload(owner, source)
    roll_back_batch(batch=UsageBatch.objects.get(), by=engagement.lead)
    assert "Take its batch in again" in told(upload(owner, source))[0]


def test_a_file_with_faults_is_refused_with_row_and_column(source: UsageSource, owner: Client) -> None:
    answer = upload(owner, source, "actor,date,events\nann,2026-03-02,1\n,2026-02-30,<b>x</b>\n")
    assert answer.status_code == 422
    assert [(fault.row, fault.column) for fault in answer.context["form"].faults] == [(3, "actor"), (3, "date"), (3, "events")]
    assert "&lt;b&gt;x" in answer.content.decode()
    assert not UsageBatch.objects.exists()


def test_a_file_of_any_length_is_matched_loaded_and_told(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    answer = upload(owner, source, "User ID;Day;Uses\n" + "ann;2026-03-02;1\n" * 10_001 + "bob;2026-03-40;1\n")
    batch = UsageBatch.objects.get()
    assert (batch.state, answer.context["form"].initial, answer.context["preview"].rows[0]) == ("receiving", {}, ["ann", "2026-03-02", "1"])
    chosen = {name: answer.context["form"][name].value() for name in ("actor", "date", "events", "ts")}
    assert chosen == {"actor": "User ID", "date": "Day", "events": "Uses", "ts": ""}

    place = reverse("usage_columns", args=[engagement.slug, batch.pk])
    assert owner.post(place, chosen | {"ts": "Day"}).status_code == 422
    page = owner.post(place, chosen | {"takes_parts": "on"}, follow=True)
    assert "Loading: 0 % is read" in page.content.decode()
    assert load_usage(batch.pk, now=timezone.now())

    page = owner.get(reverse("usage_batch", args=[engagement.slug, batch.pk]), headers={"HX-Request": "true"})
    assert "hx-get" not in page.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.row_count, batch.refused_count) == ("accepted", 10_001, 1)
    refused = owner.get(reverse("usage_refused_rows", args=[engagement.slug, batch.pk]))
    assert b"10003,date," in b"".join(refused.streaming_content)
    taken = AuditEvent.objects.get(verb="export_figures")
    assert (taken.engagement_id, taken.details["file"]) == (engagement.pk, f"refused-rows-{batch.sequence}.csv")
    assert taken.details["file"] in refused["Content-Disposition"]
    assert UsageRow.objects.get().events == 10_001


def test_a_loading_file_is_cancelled_and_leaves_nothing(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    upload(owner, source, "who,day\nann,2026-03-02\n")
    batch = UsageBatch.objects.get()
    owner.post(reverse("usage_columns", args=[engagement.slug, batch.pk]), {"actor": "who", "date": "day"})
    owner.post(reverse("usage_batch_cancel", args=[engagement.slug, batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert not load_usage(batch.pk, now=timezone.now())
    assert not UsageRow.objects.exists()


def test_a_file_that_waits_is_discarded_and_seen_by_nobody_else(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    upload(owner, source, "who,day\nann,2026-03-02\n")
    batch = UsageBatch.objects.get()
    place = reverse("usage_columns", args=[engagement.slug, batch.pk])
    manager = Client()
    manager.force_login(ManagerFactory())
    assert manager.get(place).status_code == 404
    owner.post(reverse("usage_columns_discard", args=[engagement.slug, batch.pk]))
    assert not UsageBatch.objects.exists()


def test_a_file_that_is_too_large_is_not_read(source: UsageSource, owner: Client, settings) -> None:
    settings.USAGE_MOST_BYTES = 20
    answer = upload(owner, source)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_a_file_cannot_be_given_to_a_source_of_another_engagement(source: UsageSource, owner: Client) -> None:
    foreign = UsageSourceFactory()
    answer = upload(owner, source, to=foreign)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["source"])
    assert not UsageBatch.objects.exists()


def test_an_archived_source_takes_no_files(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    UsageSource.objects.update(archived_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert upload(owner, source).status_code == 422
    assert not UsageBatch.objects.exists()


def test_the_source_named_in_the_address_is_chosen(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    second = UsageSourceFactory(deliverable=source.deliverable)
    page = owner.get(reverse("usage_upload", args=[engagement.slug]), {"source": second.pk})
    assert page.context["form"]["source"].value() == str(second.pk)


# Batches


def test_a_batch_is_rolled_back_after_a_question_and_taken_in_again(engagement: Engagement, source: UsageSource, owner: Client) -> None:
    batch = send(source, UsageLine("ann", MONDAY), UsageLine("bob", TUESDAY)).batch
    path = reverse("usage_batch_rollback", args=[engagement.slug, batch.pk])
    assert "2 rows from 2 Mar 2026 to 3 Mar 2026" in owner.get(path).content.decode()
    assert UsageBatch.objects.get().state == "accepted"
    owner.post(path)
    assert UsageBatch.objects.get().state == "rolled_back"
    owner.post(reverse("usage_batch_restore", args=[engagement.slug, batch.pk]))
    assert UsageBatch.objects.get().state == "accepted"
    assert verbs() == ["receive", "roll_back", "take_back_in"]


@pytest.mark.parametrize("page", ["engagement_data", "usage_source"])
def test_the_pages_ask_as_often_for_many_rows_as_for_one(
    engagement: Engagement, source: UsageSource, owner: Client, page: str, django_assert_num_queries
) -> None:
    args = [engagement.slug] + ([source.pk] if page == "usage_source" else [])
    person = UserFactory()

    def add(count: int) -> None:
        for __ in range(count):
            UsageBatchFactory(source=source, received_by=person)
            UsageTokenFactory(source=source)
            UsageBatchFactory(source=UsageSourceFactory(deliverable=source.deliverable))
            UsageSourceFactory(deliverable=source.deliverable, archived_at=timezone.now())
            TargetPopulationFactory(deliverable=source.deliverable)
            TargetPopulationFactory(deliverable=source.deliverable, archived_at=timezone.now())

    add(1)
    owner.get(reverse(page, args=args))
    with CaptureQueriesContext(connection) as few:
        owner.get(reverse(page, args=args))
    add(12)
    with django_assert_num_queries(len(few)):
        owner.get(reverse(page, args=args))
