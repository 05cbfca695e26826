"""The tab of outcomes, one agreement's page, its forms and doors."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.models import Guardrail, GuardrailReading, Observation, OutcomeAgreement, OutcomeRebaseline
from engagements.selectors.my_week import needs, work_of
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.services.accounts import create_api_token
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.outcomes import GuardrailFactory, ObservationFactory, OutcomeFactory
from tests.factories.people import ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

State = OutcomeAgreement.State


@pytest.fixture
def agreement(client: Client) -> OutcomeAgreement:
    agreement = OutcomeFactory()
    client.force_login(agreement.engagement.lead)
    return agreement


def url(name: str, agreement: OutcomeAgreement, *parts: int) -> str:
    return reverse(name, args=[agreement.engagement.slug, agreement.pk, *parts])


def draft(agreement: OutcomeAgreement, **data: object) -> dict[str, object]:
    return {
        "outcome": "Sooner", "metric": "Minutes", "unit": "minutes", "direction": "down", "population": "All", "source_of_truth": "Timer",
        "baseline_kind": "measured", "baseline": "14", "baseline_on": "2026-01-05", "target": "6", "due_on": "2026-06-29",
        "our_person": agreement.our_person_id, "their_person": agreement.their_person_id, "verifier": agreement.verifier_id,
        "cadence_days": "31",
    } | data  # fmt: skip


def seen(**data: str) -> dict[str, str]:
    typed = {"period_from": "2026-02-01", "period_to": "2026-02-28", "numerator": "10.5", "confidence": "observed"} | data
    return {f"observation-{name}": value for name, value in typed.items()}


def test_a_draft_is_saved_with_its_deliverables_and_its_first_state(client, agreement):
    deliverable = DeliverableFactory(engagement=agreement.engagement)
    DeliverableFactory()
    client.post(reverse("outcome_new", args=[agreement.engagement.slug]), draft(agreement, deliverables=[deliverable.pk]))

    made = OutcomeAgreement.objects.get(outcome="Sooner")
    assert (made.state, list(made.deliverables.all())) == (State.DRAFT, [deliverable])
    assert list(made.changes.values_list("state", flat=True)) == [State.DRAFT]
    assert "Sooner" in client.get(reverse("deliverable", args=[agreement.engagement.slug, deliverable.pk])).content.decode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"target": "15"}, "target"),
        ({"direction": "up", "target": "3"}, "target"),
        ({"due_on": "2026-01-05"}, "due_on"),
        ({"baseline_kind": "unmeasured"}, "baseline_kind"),
        ({"outcome": ""}, "outcome"),
    ],
)
def test_a_line_that_cannot_be_is_named_and_nothing_typed_is_lost(client, agreement, data, field):
    response = client.post(reverse("outcome_new", args=[agreement.engagement.slug]), draft(agreement, population="Kept words", **data))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert "Kept words" in response.content.decode()
    assert OutcomeAgreement.objects.count() == 1


def test_who_supplies_the_figures_cannot_check_them(client, agreement):
    response = client.post(reverse("outcome_new", args=[agreement.engagement.slug]), draft(agreement, producer=agreement.verifier_id))

    assert list(response.context["form"].errors) == ["verifier"]


@pytest.mark.parametrize("field", ["their_person", "verifier", "deliverables"])
def test_strangers_cannot_be_named(client, agreement, field):
    foreign = DeliverableFactory().pk if field == "deliverables" else StakeholderFactory().pk
    response = client.post(reverse("outcome_new", args=[agreement.engagement.slug]), draft(agreement, **{field: foreign}))

    assert list(response.context["form"].errors) == [field]


def test_once_agreed_the_line_no_longer_changes_by_editing(client, agreement):
    client.post(url("outcome_edit", agreement), draft(agreement, outcome="Other words", target="1", is_shared="on", version=agreement.version))

    agreement.refresh_from_db()
    assert (agreement.target, agreement.is_shared, agreement.outcome != "Other words") == (6, True, True)


def test_a_draft_says_what_is_missing_and_is_agreed_by_who_answers_for_it(client, agreement):
    OutcomeAgreement.objects.update(state=State.DRAFT, agreed_on=None, population="")
    assert "Population" in client.get(url("outcome", agreement)).content.decode()

    OutcomeAgreement.objects.update(population="All")
    data = {"agree-agreed_on": "2026-01-12", "agree-how": "Steering meeting"}
    client.post(url("outcome_agree", agreement), data)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.agreed_how) == (State.AGREED, "Steering meeting")
    assert client.post(url("outcome_agree", agreement), data).status_code == 409


def test_a_new_line_needs_a_reason_and_an_approval(client, agreement):
    data = {
        "baseline_kind": "measured", "baseline": "14", "baseline_on": "2026-01-05", "target": "7", "due_on": "2026-07-31",
        "approved_by": agreement.their_person_id, "approved_on": "2026-02-01",
    }  # fmt: skip
    assert client.post(url("outcome_rebaseline", agreement), data).status_code == 422
    client.post(url("outcome_rebaseline", agreement), data | {"reason": "A desk joined"})

    agreement.refresh_from_db()
    kept = OutcomeRebaseline.objects.get()
    assert (agreement.target, kept.old_target, kept.approved_by) == (7, 6, agreement.their_person)
    page = client.get(url("outcome", agreement)).content.decode()
    assert "A desk joined" in page


def test_an_observation_is_recorded_with_a_way_back(client, agreement):
    response = client.post(url("observation_new", agreement), seen(), follow=True)

    found = Observation.objects.get()
    assert (found.value, found.origin, found.recorded_by) == (10.5, "form", agreement.engagement.lead)
    assert url("observation_archive", agreement, found.pk) in response.content.decode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"period_to": "2026-01-31"}, "period_to"),
        ({"period_to": "2099-01-31"}, "period_to"),
        ({"numerator": "ten"}, "numerator"),
        ({"denominator": "0"}, "denominator"),
    ],
)
def test_what_cannot_be_is_named(client, agreement, data, field):
    response = client.post(url("observation_new", agreement), seen(**data))

    assert (response.status_code, list(response.context["observation_form"].errors)) == (422, [field])
    assert Observation.objects.count() == 0


def test_a_share_needs_its_denominator_and_a_period_is_observed_once(client, agreement):
    OutcomeAgreement.objects.update(unit="%")
    assert list(client.post(url("observation_new", agreement), seen()).context["observation_form"].errors) == ["denominator"]

    client.post(url("observation_new", agreement), seen(denominator="42"))
    assert Observation.objects.get().value == 25
    again = client.post(url("observation_new", agreement), seen(denominator="50"))
    assert list(again.context["observation_form"].errors) == ["period_from"]


def upload(client: Client, agreement: OutcomeAgreement, text: str):
    return client.post(url("observation_file", agreement), {"file": SimpleUploadedFile("o.csv", text.encode())})


def test_a_file_is_taken_in_whole(client, agreement):
    upload(client, agreement, "period_from,period_to,numerator,source\n2026-01-01,2026-01-31,12,Timer\n2026-02-01,2026-02-28,11,Timer\n")

    assert list(Observation.objects.values_list("numerator", "origin", "source")) == [(11, "csv", "Timer"), (12, "csv", "Timer")]
    assert AuditEvent.objects.filter(verb="observe").count() == 2


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(None, "")]),
        ("period_from,numerator\n", [(1, "period_to")]),
        ("period_from,period_to,numerator,colour\n", [(1, "colour")]),
        ("period_from,period_to,numerator\n2026-01-01,2026-01-31,12\nsoon,2026-02-28,ten\n", [(3, "period_from"), (3, "numerator")]),
        ("period_from,period_to,numerator\n2026-01-01,2026-01-31,12\n2026-01-01,2026-01-31,13\n", [(3, "period_from")]),
        ("period_from,period_to,numerator\n2026-01-01,2026-01-31\n", [(2, "")]),
    ],
)
def test_a_file_with_a_fault_is_refused_whole_and_names_row_and_column(client, agreement, text, faults):
    response = upload(client, agreement, text)

    assert response.status_code == 422
    assert [fault[:2] for fault in response.context["file_form"].faults] == (faults if text else [])
    assert Observation.objects.count() == 0


def test_a_colleague_keeps_the_verdict_of_the_verifier(client, agreement):
    observation = ObservationFactory(agreement=agreement, recorded_by=agreement.engagement.lead)
    assert client.post(url("observation_confirm", agreement, observation.pk)).status_code == 409

    colleague = UserFactory()
    agreement.engagement.backup = colleague
    agreement.engagement.save()
    client.force_login(colleague)
    assert client.post(url("observation_dispute", agreement, observation.pk), {"comment": ""}).status_code == 422
    client.post(url("observation_dispute", agreement, observation.pk), {"comment": "Two desks are missing"})
    observation.refresh_from_db()
    assert (observation.state, observation.comment) == ("disputed", "Two desks are missing")
    assert agreement.verifier.name in observation.decided_by


def test_a_broken_guardrail_shows_and_a_reading_has_its_day(client, agreement):
    data = {"text": "Complaints", "bound": "at_most", "limit": "4", "unit": "%", "reading": "5"}
    assert list(client.post(url("guardrail_new", agreement), data).context["form"].errors) == ["read_on"]

    client.post(url("guardrail_new", agreement), data | {"read_on": "2026-02-02"})
    assert Guardrail.objects.get().is_broken
    tab = client.get(reverse("engagement_outcomes", args=[agreement.engagement.slug])).content.decode()
    assert "Complaints" in tab


def test_the_page_says_how_far_it_is(client, agreement):
    ObservationFactory(agreement=agreement)
    page = client.get(url("outcome", agreement)).content.decode()

    assert "10 minutes now, from 14 minutes; the target is 6 minutes by 29 Jun 2026." in page
    assert "50% of the way is made" in page


def test_an_overdue_observation_asks_who_answers_for_it_and_nobody_else(agreement):
    today = timezone.localdate()
    ObservationFactory(agreement=agreement, period_from=today - timedelta(60), period_to=today - timedelta(40))
    OutcomeFactory(agreed_on=date(2020, 1, 1), baseline_on=date(2020, 1, 1))  # a stranger's
    lead, backup = agreement.engagement.lead, UserFactory()
    agreement.engagement.backup = backup
    agreement.engagement.save()

    mine = [need for need in needs(work_of(lead, today)) if need.url == url("outcome", agreement)]
    assert [need.detail for need in mine] == ["An observation is 9 days overdue."]
    assert [need for need in needs(work_of(backup, today)) if "outcomes" in need.url] == []


def read(client, agreement, value: str, day: str, **more: str):
    """Type a reading into the agreement's only guardrail; what the page says then."""
    rail = Guardrail.objects.get(agreement=agreement)
    data = {"text": rail.text, "bound": "at_most", "limit": "4", "reading": value, "read_on": day, "version": rail.version}
    return client.post(url("guardrail_edit", agreement, rail.pk), data | more, follow=True)


def history(*of: Guardrail) -> list[tuple]:
    rows = GuardrailReading.objects.filter(guardrail__in=of or Guardrail.objects.all())
    return list(rows.values_list("read_on", "value", "limit"))


def way_back(page) -> str:
    return next(part for part in page.content.decode().split('"') if "?undo=" in part)


def test_each_reading_of_a_guardrail_is_kept_beside_its_limit(client, agreement):
    GuardrailFactory(agreement=agreement, limit=4)
    read(client, agreement, "3", "2026-02-02")
    read(client, agreement, "5", "2026-02-09")
    page = read(client, agreement, "4", "2026-02-16", limit="6")

    assert history() == [(date(2026, 2, 16), 4, 6), (date(2026, 2, 9), 5, 4), (date(2026, 2, 2), 3, 4)]
    assert "3 readings" in page.content.decode()
    assert page.content.decode().count("st-ink risk") == 1


def test_a_corrected_day_and_a_correction_of_the_same_day_leave_one_reading(client, agreement):
    GuardrailFactory(agreement=agreement, limit=4)
    read(client, agreement, "3", "2026-02-09")
    read(client, agreement, "2", "2026-02-09")
    read(client, agreement, "2", "2026-02-02")

    assert history() == [(date(2026, 2, 2), 2, 4)]


def test_a_reading_that_is_taken_back_leaves_the_history_too(client, agreement):
    GuardrailFactory(agreement=agreement, limit=4)
    for value, day, left in (("3", "2026-02-02", []), ("5", "2026-02-09", [(date(2026, 2, 2), 3, 4)])):
        page = read(client, agreement, value, day)
        client.post(way_back(page))
        assert history() == left
        read(client, agreement, "3", "2026-02-02")


def test_an_older_reading_goes_in_by_its_day_and_the_newest_stays(client, agreement):
    GuardrailFactory(agreement=agreement, limit=4)
    stranger = GuardrailFactory(reading=9, read_on=date(2026, 2, 20))
    stranger.readings.create(value=9, limit=4, read_on=date(2026, 2, 20))
    read(client, agreement, "5", "2026-02-16")
    page = read(client, agreement, "3", "2026-02-09")

    rail = Guardrail.objects.get(agreement=agreement)
    assert (rail.reading, rail.read_on) == (5, date(2026, 2, 16))
    newest = (date(2026, 2, 16), 5, 4)
    assert history(rail) == [newest, (date(2026, 2, 9), 3, 4)]
    assert stranger.readings.count() == 1
    client.post(way_back(page))
    assert history(rail) == [newest]


def test_what_another_day_read_is_written_over_without_a_way_back(client, agreement):
    GuardrailFactory(agreement=agreement, limit=4)
    for value, day in (("3", "2026-02-09"), ("5", "2026-02-16")):
        read(client, agreement, value, day)
    assert "?undo=" not in read(client, agreement, "2", "2026-02-09").content.decode()


def test_another_limit_judges_no_earlier_reading(client, agreement):
    GuardrailFactory(agreement=agreement, limit=4)
    read(client, agreement, "5", "2026-02-16")
    before = GuardrailReading.objects.values().get()
    client.force_login(ManagerFactory())
    read(client, agreement, "5", "2026-02-16", limit="6")
    assert GuardrailReading.objects.values().get() == before


def test_an_emptied_reading_leaves_the_one_before(client, agreement):
    rail = GuardrailFactory(agreement=agreement, limit=4)
    for value, day in (("3", "2026-02-09"), ("5", "2026-02-16"), ("", "")):
        read(client, agreement, value, day)
    rail.refresh_from_db()
    assert (rail.reading, rail.read_on, len(history())) == (3, date(2026, 2, 9), 1)


PAGES = ["outcome", "outcome_edit", "outcome_rebaseline", "guardrail_new"]
ACTS = ["agree", "met", "missed", "retire", "reopen", "archive", "restore", "edit", "rebaseline"]


@pytest.mark.parametrize("name", [*PAGES, *(f"outcome_{act}" for act in ACTS), "observation_new", "observation_file"])
def test_strangers_contacts_and_the_signed_out_stay_outside(client, agreement, name):
    contact = MembershipFactory(customer=agreement.engagement.customer).user
    before = list(OutcomeAgreement.objects.values())
    answers = []
    for person in (UserFactory(), contact, None):
        client.logout()
        if person:
            client.force_login(person)
        answers.append(client.post(url(name, agreement)).status_code if name not in PAGES else client.get(url(name, agreement)).status_code)

    assert answers == [404, 403, 302]
    assert (list(OutcomeAgreement.objects.values()), AuditEvent.objects.count()) == (before, 0)


@pytest.mark.parametrize("name", ["observation_edit", "observation_confirm", "observation_dispute", "observation_archive", "observation_restore", "guardrail_edit", "guardrail_archive", "guardrail_restore"])
def test_a_part_is_reached_only_through_its_own_agreement(client, agreement, name):
    """The second object named in an address is found through the viewer's scope and its parent, too."""
    own = OutcomeFactory(engagement=agreement.engagement)
    factory = GuardrailFactory if name.startswith("guardrail") else ObservationFactory
    for foreign in (factory(), factory(agreement=own)):
        assert client.post(url(name, agreement, foreign.pk)).status_code == 404
    assert AuditEvent.objects.count() == 0


def test_the_list_costs_the_same_for_one_and_three(client, agreement):
    def statements() -> int:
        with CaptureQueriesContext(connection, ) as found:
            client.get(reverse("engagement_outcomes", args=[agreement.engagement.slug]))
        return len(found)

    def grown() -> int:
        made = OutcomeFactory(engagement=agreement.engagement)
        ObservationFactory(agreement=made)
        GuardrailFactory(agreement=made)
        return statements()

    ObservationFactory(agreement=agreement)
    GuardrailFactory(agreement=agreement)
    statements()
    one = statements()
    assert {grown(), grown()} == {one}


def test_the_api_reads_and_takes_one_observation_by_the_rules_of_the_form(client, agreement):
    OutcomeFactory()
    listed = client.get("/api/v1/outcomes/").json()["results"]
    assert [(row["id"], row["baseline"], row["verifier"]) for row in listed] == [(agreement.pk, "14.0000", agreement.verifier.name)]

    __, secret = create_api_token(name="sync", by=agreement.engagement.lead, may_write=True)
    headers = {"Authorization": f"Bearer {secret}"}
    body = {"agreement": agreement.pk, "period_from": "2026-02-01", "period_to": "2026-02-28", "numerator": "9.5"}

    def send(**data: object):
        return Client().post("/api/v1/observations/", body | data, content_type="application/json", headers=headers)

    answer = send()
    assert (answer.status_code, answer.json()["numerator"], answer.json()["origin"]) == (201, "9.5000", "api")
    assert send().json() == {"period_from": ["There is a figure of this period already."]}
    assert send(agreement=OutcomeFactory().pk).status_code == 404
    assert list(send(period_to="soon").json()) == ["period_to"]
    OutcomeAgreement.objects.update(state=State.MET)
    assert list(send(period_from="2026-01-01", period_to="2026-01-31").json()) == ["agreement"]
    assert Observation.objects.count() == 1


def test_an_empty_tab_says_what_belongs_here(client):
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    page = client.get(reverse("engagement_outcomes", args=[engagement.slug])).content.decode()

    assert reverse("outcome_new", args=[engagement.slug]) in page
