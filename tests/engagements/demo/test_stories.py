"""Every figure in the prose of the three flagships follows from the data."""

import re

import pytest

from engagements.models import Rating, WeeklyUpdate
from engagements.selectors.health import health_history, latest_health
from engagements.selectors.metric import latest_metrics
from tests.engagements.demo.evidence import Evidence, spoken
from tests.engagements.demo.prose import (
    FLAGSHIPS,
    GREEN_LOOKING,
    HEALTHY,
    RECOVERING,
    claims_about_dates,
    claims_about_use,
    said,
)

pytestmark = pytest.mark.django_db

@pytest.mark.parametrize("slug", FLAGSHIPS)
def test_figures_of_use_are_those_of_the_rows(demo, slug):
    evidence = Evidence(slug)
    found = [(day, text, match.groupdict()) for day, text in said(slug) for match in claims_about_use(text)]

    assert len(found) >= 10
    for day, text, claimed in found:
        known = evidence.figures(day)
        spoken_figures = {name: f"{known[name]:,}" if isinstance(known[name], int) else known[name] for name in claimed}
        assert claimed == spoken_figures, text


@pytest.mark.parametrize("slug", FLAGSHIPS)
def test_dates_and_slips_are_those_known_on_the_day(demo, slug):
    evidence = Evidence(slug)
    found = [(day, text, *claim) for day, text in said(slug) for claim in claims_about_dates(slug, text)]

    assert len(found) >= 5
    for day, text, title, match in found:
        claimed, slip = match.groupdict(), evidence.slip(title, day)
        assert claimed.get("date") in (None, spoken(evidence.expected(title, day))), text
        assert claimed.get("slip") in (None, str(slip)), text
        assert {"as planned": slip == 0, "on plan": slip == 0, "ahead of plan": slip < 0}.get(claimed.get("plan"), True), text


@pytest.mark.parametrize("slug", FLAGSHIPS)
def test_counted_milestones_are_those_reached_by_then(demo, slug):
    for day, text in said(slug):
        for reached, planned in re.findall(r"(\d+) of (\d+) milestones reached", text):
            assert (int(reached), int(planned)) == Evidence(slug).reached(day)


@pytest.mark.parametrize("slug", FLAGSHIPS)
def test_no_figure_is_left_that_nothing_proves(demo, slug):
    unproven = []
    for __, text in said(slug):
        proven = [*claims_about_use(text), *(match for __, match in claims_about_dates(slug, text))]
        proven += re.finditer(r"\d+ of \d+ milestones reached|[Ww]ave \d", text)
        covered = {place for match in proven for place in range(*match.span())}
        rest = "".join(letter for place, letter in enumerate(text) if place not in covered)
        unproven += [text] if re.search(r"\d", rest) else []

    assert unproven == []


def scores(slug: str) -> list[int]:
    history = health_history(Evidence(slug).engagement, 90)
    return [round(snapshot.score) for snapshot in history if snapshot.score is not None]


def last_updates(slug: str, count: int) -> list[WeeklyUpdate]:
    return list(WeeklyUpdate.objects.filter(engagement__slug=slug).published()[:count])


def test_the_healthy_one_is_at_its_target_and_on_track(demo):
    evidence = Evidence(HEALTHY)
    adoption = latest_metrics(evidence.engagement).values["adoption"]

    assert adoption["numerator"] / adoption["denominator"] > 0.9
    assert latest_health(evidence.engagement).band == "on_track"
    assert evidence.months_to_payback < 12


def test_the_green_looking_one_says_on_track_while_people_leave(demo):
    evidence = Evidence(GREEN_LOOKING)
    peak_week = max(evidence.people, key=evidence.people.__getitem__)
    since = [update for update in last_updates(GREEN_LOOKING, 26) if update.monday >= peak_week]

    assert len(since) >= 8
    assert {rating for update in since for rating in update.ratings.values()} == {Rating.ON_TRACK}
    assert list(evidence.people.values())[-2] < evidence.people[peak_week] / 2
    assert latest_health(evidence.engagement).band in ("watch", "at_risk")
    assert scores(GREEN_LOOKING)[-1] < scores(GREEN_LOOKING)[0] - 30


def test_the_portfolio_says_why_the_green_looking_one_needs_a_manager(demo):
    row = Evidence(GREEN_LOOKING).engagement.portfolio_row

    assert row.rank < 2
    assert row.reason == ["attention.rosier", {"count": row.rosier_weeks}]
    assert row.rosier_weeks >= 3
    assert row.fall >= 3


def test_the_frozen_health_contradicts_the_rating_beside_it(demo):
    latest = last_updates(GREEN_LOOKING, 1)[0]

    assert latest.adoption_rating == Rating.ON_TRACK
    assert latest.derived_health["band"] == "watch"


def test_the_recovering_one_fell_and_came_back(demo):
    course = scores(RECOVERING)
    bottom = course.index(min(course))

    assert max(course[:bottom]) - course[bottom] > 30
    assert course[-1] - course[bottom] > 10
    sponsor = Evidence(RECOVERING).engagement.customer.stakeholders.get(role="sponsor")
    assert list(sponsor.stances.values_list("stance", flat=True)) == ["supporter", "sceptic", "neutral", "supporter"]
