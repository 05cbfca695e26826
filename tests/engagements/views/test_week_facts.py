"""Drafted lines, lines that cross over to the customer, and ratings far from the facts, in the form of a week."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from engagements.models import HealthSnapshot, InternalLine, SharedLine, WeeklyUpdate
from tests.engagements.views.test_weekly_log import entry, posted
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.log import DecisionFactory

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
TUESDAY = date(2026, 11, 17)
REACHED = "“Pilot” was reached on 17 November. That is the promised day."
DECIDED = "Decided: Change the vendor."
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


@pytest.fixture
def friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def engagement():
    return EngagementFactory(customer__name="Harbourline")


@pytest.fixture
def pilot(engagement):
    MilestoneFactory(title="Stranger", baseline_on=TUESDAY, actual_on=TUESDAY)
    return MilestoneFactory(engagement=engagement, title="Pilot", baseline_on=TUESDAY, actual_on=TUESDAY)


@pytest.fixture
def decision(engagement):
    return DecisionFactory(engagement=engagement, text="Change the vendor", noted_on=TUESDAY)


@pytest.fixture
def lead(client, engagement):
    client.force_login(engagement.lead)
    return client


def fact_row(key, text, *, drafted="", outcome="keep", ours=False, **more):
    row = {"kind": "progress", "text": text, "drafted": drafted or text, "outcome": outcome} | more
    row |= {"was_ours": "True", "only_us": "on"} if ours else {}
    return {"facts": key} | {f"fact-{key}-{name}": value for name, value in row.items()}


def reached(pilot, **more):
    return fact_row(f"milestone-{pilot.pk}-reached", REACHED, **more)


def decided(decision, **more):
    return fact_row(f"decision-{decision.pk}", DECIDED, **more)


def lines(table):
    return list(table.objects.values_list("text", "origin", "fact"))


def test_facts_are_drafted_kept_with_where_they_come_from_and_looking_writes_nothing(lead, engagement, pilot, decision):
    page = lead.get(entry(engagement)).content.decode()
    shared, __, ours = page.partition('id="z-internal"')
    assert REACHED in shared
    assert reverse("milestone_edit", args=[engagement.slug, pilot.pk]) in shared
    assert DECIDED in ours.partition('id="preview"')[0]
    assert DECIDED not in shared
    assert "Stranger" not in page
    assert WeeklyUpdate.objects.count() == 0


def test_a_kept_line_is_drafted_an_edited_one_is_typed_and_both_know_their_fact(lead, engagement, pilot, decision):
    lead.post(entry(engagement), posted(**reached(pilot) | {"facts": [f"milestone-{pilot.pk}-reached", f"decision-{decision.pk}"]}
              | {name: value for name, value in decided(decision, ours=True).items() if name != "facts"}
              | {f"fact-decision-{decision.pk}-text": "We change the vendor in May"}))
    assert lines(SharedLine) == [(REACHED, "drafted", f"milestone-{pilot.pk}-reached")]
    assert lines(InternalLine) == [("We change the vendor in May", "typed", f"decision-{decision.pk}")]
    assert "We change the vendor in May" in lead.get(entry(engagement)).content.decode()


def test_a_line_left_out_is_not_drafted_again_and_can_be_taken_back(lead, engagement, pilot):
    lead.post(entry(engagement), posted(**reached(pilot, outcome="drop")))
    update = WeeklyUpdate.objects.get()
    assert (update.left_out, lines(SharedLine)) == ([f"milestone-{pilot.pk}-reached"], [])
    response = lead.get(entry(engagement))
    assert REACHED in response.content.decode()
    assert response.context["page"].progress == ()
    lead.post(entry(engagement), posted(seen="1.2", **reached(pilot)))
    assert (WeeklyUpdate.objects.get().left_out, lines(SharedLine)[0][0]) == ([], REACHED)


def test_a_fact_that_changed_is_not_published_in_its_old_words(lead, engagement, pilot):
    lead.post(entry(engagement), posted(**reached(pilot)))
    pilot.actual_on = date(2026, 11, 19)
    pilot.save()
    now = "“Pilot” was reached on 19 November. That is 2 days after the promised one."
    response = lead.post(entry(engagement), posted(seen="1.2", act="publish", **reached(pilot)), follow=True)
    assert "a drafted line changed" in response.content.decode()
    assert now in response.content.decode()
    assert WeeklyUpdate.objects.get().state == "draft"
    lead.post(entry(engagement), posted(seen="1.3", act="publish", **reached(pilot) | {
        f"fact-milestone-{pilot.pk}-reached-text": now, f"fact-milestone-{pilot.pk}-reached-drafted": now}))
    assert (WeeklyUpdate.objects.get().state, lines(SharedLine)[0][0]) == ("published", now)


def test_a_fact_that_is_no_more_takes_its_line_with_it_but_not_typed_words(lead, engagement, pilot):
    key = f"milestone-{pilot.pk}-reached"
    lead.post(entry(engagement), posted(**reached(pilot)))
    pilot.actual_on = None
    pilot.save()
    assert REACHED not in lead.get(entry(engagement)).content.decode()
    lead.post(entry(engagement), posted(seen="1.2", **fact_row(key, "The pilot is in use", drafted=REACHED)))
    assert "The pilot is in use" in lead.get(entry(engagement)).content.decode()


def test_a_line_of_ours_crosses_over_only_in_words_for_the_customer(lead, engagement, decision):
    crossing = decided(decision, was_ours="True")
    response = lead.post(entry(engagement), posted(**crossing))
    assert response.status_code == 422
    assert "Write what the customer will read" in response.content.decode()
    assert DECIDED not in str(response.context["page"])
    assert (lines(SharedLine), lines(InternalLine)) == ([], [])
    key = f"fact-decision-{decision.pk}-wording"
    assert lead.post(entry(engagement), posted(**crossing | {key: "We work with a new supplier"})).status_code == 302
    assert lines(SharedLine) == [("We work with a new supplier", "typed", f"decision-{decision.pk}")]
    assert lines(InternalLine) == []


def test_a_typed_line_of_ours_asks_too_and_a_shared_one_may_be_kept_back_at_once(lead, engagement):
    row = {"text": "Pieter stalls", "was_ours": "True"}
    assert lead.post(entry(engagement), posted(progress=[row])).status_code == 422
    assert lead.post(entry(engagement), posted(progress=[{"text": "Back to us", "only_us": "on"}])).status_code == 302
    assert [text for text, *__ in lines(InternalLine)] == ["Back to us"]


@pytest.fixture
def computed_at_risk(engagement):
    HealthSnapshot.objects.create(
        engagement=engagement, day=date(2026, 11, 19), watermark=1, computed_at=FRIDAY, score=30, band="at_risk", coverage=1,
        components=[{"key": "schedule", "score": "12.0"}, {"key": "outcomes", "score": None}],
    )


@pytest.mark.usefixtures("computed_at_risk")
def test_two_bands_from_the_computed_health_need_a_reason_which_stays_with_us(lead, engagement):
    said = {"act": "publish", "progress": [{"text": "Done"}]}
    response = lead.post(entry(engagement), posted(schedule="on_track", **said))
    assert response.status_code == 422
    assert "computed: at risk" in response.content.decode()
    assert WeeklyUpdate.objects.get().state == "draft"
    lead.post(entry(engagement), posted(seen="1.2", schedule="on_track", gap_reason="The new date is agreed", **said))
    update = WeeklyUpdate.objects.get()
    assert (update.state, update.gap_reason) == ("published", "The new date is agreed")
    assert "The new date is agreed" not in engagement.editions.get().content


@pytest.mark.usefixtures("computed_at_risk")
@pytest.mark.parametrize("ratings", [{"schedule": "watch"}, {"value": "on_track"}, {}])
def test_one_band_or_an_unknown_one_needs_none(lead, engagement, ratings):
    lead.post(entry(engagement), posted(act="publish", progress=[{"text": "Done"}], **ratings))
    assert WeeklyUpdate.objects.get().state == "published"
