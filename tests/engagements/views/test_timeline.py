"""The Timeline tab: what stands in it, in which order, and for whom."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import (
    Edition,
    Engagement,
    ForecastChange,
    OutcomeRebaseline,
    Phase,
    PhaseChange,
    WeeklyUpdate,
)
from engagements.selectors import timeline as module
from engagements.selectors.timeline import timeline
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent, User
from tests.engagements.views.test_log import NEEDED
from tests.factories.customers import StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import (
    AskFactory,
    DeliverableFactory,
    EngagementFactory,
    MilestoneFactory,
    NoteFactory,
    WeeklyUpdateFactory,
)
from tests.factories.log import FACTORIES
from tests.factories.outcomes import GuardrailFactory, ObservationFactory, OutcomeFactory
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fde() -> User:
    return UserFactory(name="Maya Okafor")


@pytest.fixture
def own(fde: User) -> Engagement:
    return EngagementFactory(lead=fde, time_zone="Asia/Shanghai")


def fill(engagement: Engagement, by: User) -> None:
    """One record of each kind but usage, on the days 1 to 6 of March 2026."""
    PhaseChange.objects.create(engagement=engagement, phase=Phase.PILOT, entered_on=date(2026, 3, 1))
    milestone = MilestoneFactory(engagement=engagement, title="Go-live")
    ForecastChange.objects.create(milestone=milestone, changed_on=date(2026, 3, 2), forecast_on=date(2026, 5, 4), changed_by=by)
    # Late in the evening in London is the next day in Shanghai.
    at = datetime(2026, 3, 2, 22, tzinfo=UTC)
    state = WeeklyUpdate.State.PUBLISHED
    WeeklyUpdateFactory(engagement=engagement, state=state, published_at=at, published_by=by, headline="Felixstowe joins")
    Edition.objects.create(engagement=engagement, number=1, content="{}", content_hash="x", published_at=at, published_by=by)
    NoteFactory(customer=engagement.customer, engagement=engagement, author=by, happened_on=date(2026, 3, 4), text="They asked")
    person = StakeholderFactory(customer=engagement.customer, name="Ilse")
    StanceRecordFactory(stakeholder=person, stance="sceptic", recorded_on=date(2026, 3, 5), recorded_by=by)


def told(client: Client, engagement: Engagement, **query: str) -> list[tuple[str, str]]:
    answer = client.get(reverse("engagement_timeline", args=[engagement.slug]), query)
    return [(day.isoformat(), words.text) for day, events in answer.context["days"] for __, words in events]


def test_everything_stands_in_order_on_its_local_day_and_nothing_of_others(client: Client, fde: User, own: Engagement) -> None:
    fill(own, fde)
    fill(EngagementFactory(), fde)
    client.force_login(fde)
    assert told(client, own) == [
        ("2026-03-05", "Ilse: Sceptic"),
        ("2026-03-04", "Note: Meeting"),
        ("2026-03-03", "Published the update of week 10"),
        ("2026-03-03", "The customer's page shows edition 1"),
        ("2026-03-02", "Milestone “Go-live” is expected on 4 May 2026"),
        ("2026-03-01", "Phase: Pilot"),
    ]


def test_other_acts_come_from_the_audit_trail_once(client: Client, fde: User, own: Engagement) -> None:
    tool = DeliverableFactory(engagement=own, name="Copilot")
    audit.record("create", tool, by=fde)
    audit.record("edit", tool, by=fde, fields=["name", "is_shared"])
    audit.record("create", MilestoneFactory(engagement=own), by=fde)  # its dates tell it
    client.force_login(fde)
    today = datetime.now(own.zone).date().isoformat()
    assert told(client, own) == [(today, "Edited deliverable “Copilot”"), (today, "Created deliverable “Copilot”")]
    page = client.get(reverse("engagement_timeline", args=[own.slug])).content.decode()
    assert "Changed: name, the customer sees it" in page


def test_each_reading_of_a_guardrail_stands_there_once_beside_its_limit(client: Client, fde: User, own: Engagement) -> None:
    rail = GuardrailFactory(agreement__engagement=own, limit=Decimal(11))
    GuardrailFactory(agreement__engagement=EngagementFactory())
    client.force_login(fde)
    address = reverse("guardrail_edit", args=[own.slug, rail.agreement_id, rail.pk])
    for version, (reading, day) in enumerate((("9", "2026-03-02"), ("12", "2026-03-09")), start=1):
        given = {"text": rail.text, "bound": "at_most", "limit": "11", "unit": "%", "reading": reading, "read_on": day, "version": version}
        assert client.post(address, given).status_code == 302

    answer = client.get(reverse("engagement_timeline", args=[own.slug]))
    entries = [(day.isoformat(), words.text, words.more) for day, events in answer.context["days"] for __, words in events]
    assert entries[:2] == [
        ("2026-03-09", "Guardrail “Held at the border”: 12%", "At most 11%, Broken"),
        ("2026-03-02", "Guardrail “Held at the border”: 9%", "At most 11%"),
    ]
    assert reverse("outcome", args=[own.slug, rail.agreement_id]) in answer.content.decode()
    assert told(client, own, kind="guardrails") == [entry[:2] for entry in entries[:2]]
    assert told(client, own, kind="records") == []


def test_every_kind_of_record_stands_there_once_with_the_way_to_it(client: Client, fde: User, own: Engagement) -> None:
    client.force_login(fde)
    slug, typed = own.slug, {"text": "Typed", "noted_on": "2026-03-01"}
    for kind in FACTORIES:
        client.post(reverse("log_entry_new", args=[slug, kind]), typed | NEEDED.get(kind, {}))
    client.post(reverse("blocker_new", args=[slug]), {"text": "No reviewer", "owing_side": "us"})
    client.post(reverse("risk_new", args=[slug]), {"text": "Scans get worse", "likelihood": 4, "impact": 2})
    tool = DeliverableFactory(engagement=own, name="Copilot")
    client.post(reverse("release_new", args=[slug, tool.pk]), {"name": "2.1", "released_on": "2026-03-02"})
    client.post(reverse("incident_new", args=[slug, tool.pk]), {"title": "Pages cut", "severity": "minor", "started_at": "2026-03-02T23:00"})
    client.post(reverse("deliverable_begin", args=[slug, tool.pk]))
    milestone = MilestoneFactory(engagement=own, title="Go-live", baseline_on=date(2026, 5, 2))
    client.post(reverse("milestone_rebaseline", args=[slug, milestone.pk]), {"new_on": "2026-05-14", "reason": "The review", "version": 1})

    answer = client.get(reverse("engagement_timeline", args=[slug]))
    entries = [(words, event.person) for __, events in answer.context["days"] for event, words in events]
    assert sorted(words.text for words, __ in entries) == sorted([
        "Assumption: Typed", "Data source: Typed", "Decision: Typed", "Experiment: Typed", "Field signal: Typed", "Opportunity: Typed",
        "Scope request: Typed", "Training: Typed", "Blocker “No reviewer”: Open", "Risk “Scans get worse”: Open", "Released 2.1 of Copilot",
        "Incident with Copilot: Pages cut", "Copilot: In progress", "Milestone “Go-live” is promised for 14 May 2026 instead of 2 May 2026",
    ])
    assert {person for __, person in entries} == {fde}
    assert {client.get(words.url).status_code for words, __ in entries} == {200}


def test_outcomes_and_what_was_observed_of_them_stand_there_once(client: Client, fde: User, own: Engagement) -> None:
    outcome = OutcomeFactory(engagement=own, outcome="Faster declarations")
    ObservationFactory(agreement=outcome, recorded_by=fde)
    ObservationFactory(agreement=outcome, period_from=date(2026, 1, 1), period_to=date(2026, 1, 31), archived_at="2026-03-02T00:00Z")
    ObservationFactory(agreement__engagement__lead=fde)
    OutcomeFactory(engagement=own, archived_at="2026-03-02T00:00Z")
    verifier = outcome.verifier
    OutcomeRebaseline.objects.create(
        agreement=outcome, changed_on=date(2026, 3, 3), old_baseline=14, old_baseline_on=date(2026, 1, 5), old_baseline_kind="measured",
        old_target=5, old_due_on=date(2026, 5, 29), reason="A new desk", approved_by=verifier, approved_on=date(2026, 3, 3), changed_by=fde,
    )  # fmt: skip
    for verb in ("create", "agree", "rebaseline_outcome"):
        audit.record(verb, outcome, by=fde)
    audit.record("archive", outcome, by=fde)
    client.force_login(fde)
    today = datetime.now(own.zone).date().isoformat()
    assert told(client, own) == [
        (today, "Archived outcome agreement “Faster declarations”"),
        ("2026-03-03", "Outcome “Faster declarations” has a new line instead of 5 minutes by 29 May 2026"),
        ("2026-03-02", "Observed of “Faster declarations”: 10 minutes"),
        ("2026-01-12", "Outcome “Faster declarations”: Measuring"),
        ("2026-01-12", "Outcome “Faster declarations”: Agreed"),
        ("2026-01-12", "Outcome “Faster declarations”: Draft"),
    ]
    assert told(client, own, kind="observations") == [("2026-03-02", "Observed of “Faster declarations”: 10 minutes")]
    answer = client.get(reverse("engagement_timeline", args=[own.slug]))
    pages = {words.url for __, events in answer.context["days"] for ___, words in events}
    assert pages == {reverse("outcome", args=[own.slug, outcome.pk])}


def test_asks_stand_on_the_day_the_customer_could_read_them(client: Client, fde: User, own: Engagement) -> None:
    published = {"state": WeeklyUpdate.State.PUBLISHED, "published_at": datetime(2026, 3, 2, 22, tzinfo=UTC), "published_by": fde}
    ask = AskFactory(engagement=own, text="Name a reviewer", raised_in=WeeklyUpdateFactory(engagement=own, **published))
    AskFactory(engagement=own, text="Only drafted", raised_in=WeeklyUpdateFactory(engagement=own, iso_week=11))
    AskFactory(engagement=own, text="Put away", archived_at="2026-03-02T00:00Z")
    AskFactory(text="Of a stranger")
    client.force_login(fde)
    assert told(client, own, kind="asks") == [("2026-03-03", "Asked the customer: Name a reviewer")]
    answer = client.get(reverse("engagement_timeline", args=[own.slug]), {"kind": "asks", "person": fde.pk})
    [(__, [(event, words)])] = answer.context["days"]
    assert (event.person, words.url) == (fde, ask.get_absolute_url())


def test_acts_lead_to_what_they_were_about(client: Client, fde: User, own: Engagement) -> None:
    decision = FACTORIES["decision"](engagement=own, archived_at="2026-03-02T00:00Z")
    tool = DeliverableFactory(engagement=own)
    for record in (decision, tool):
        audit.record("archive", record, by=fde)
    client.force_login(fde)
    answer = client.get(reverse("engagement_timeline", args=[own.slug]), {"kind": "records"})
    pages = [words.url for __, events in answer.context["days"] for ___, words in events]
    assert pages == [reverse("deliverable", args=[own.slug, tool.pk]), reverse("log_entry_edit", args=[own.slug, "decision", decision.pk])]
    assert {client.get(page).status_code for page in pages} == {200}


def test_it_is_filtered_by_kind_person_and_day(client: Client, fde: User, own: Engagement) -> None:
    fill(own, fde)
    other = UserFactory()
    audit.record("archive", DeliverableFactory(engagement=own, name="Old tool"), by=other)
    client.force_login(fde)
    assert told(client, own, kind="notes") == [("2026-03-04", "Note: Meeting")]
    assert [text for __, text in told(client, own, person=str(other.pk))] == ["Archived deliverable “Old tool”"]
    assert told(client, own, until="2026-03-01") == [("2026-03-01", "Phase: Pilot")]
    assert len(told(client, own, kind="nonsense", person="999999", until="never")) == 7


def test_pages_hold_whole_days_and_lead_to_earlier_ones(monkeypatch: pytest.MonkeyPatch, fde: User, own: Engagement) -> None:
    monkeypatch.setattr(module, "PAGE", 3)
    first = date(2026, 3, 2)
    for days in (0, 1, 1, 1, 1, 2, 2):
        NoteFactory(customer=own.customer, engagement=own, happened_on=first + timedelta(days))
    seen, until = [], None
    while True:
        page = timeline(own, until=until)
        seen += [(day.day, len(events)) for day, events in page.days]
        if page.earlier is None:
            break
        until = page.earlier
    assert seen == [(4, 2), (3, 4), (2, 1)]


def test_each_entry_can_be_linked_to(client: Client, fde: User, own: Engagement) -> None:
    note = NoteFactory(customer=own.customer, engagement=own, happened_on=date(2026, 3, 4))
    client.force_login(fde)
    page = client.get(reverse("engagement_timeline", args=[own.slug])).content.decode()
    assert f'id="notes-{note.pk}"' in page
    assert f'href="?until=2026-03-04#notes-{note.pk}"' in page


def test_many_entries_cost_as_many_statements_as_one(own: Engagement, django_assert_num_queries) -> None:
    for many in (1, 3, 30):
        for __ in range(many):
            NoteFactory(customer=own.customer, engagement=own, author=UserFactory())
        with django_assert_num_queries(3):  # the union, the notes, the people
            timeline(own)


def test_doors(client: Client, own: Engagement, fde: User) -> None:
    address = reverse("engagement_timeline", args=[own.slug])
    assert reverse("account_login") in client.get(address).url
    stranger = UserFactory()
    EngagementFactory(lead=stranger)
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.force_login(ContactFactory())
    assert client.get(address).status_code == 403
    assert not AuditEvent.objects.exists()
