"""Moves of health in words: whatever can move a component has a sentence."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import get_type_hints

import pytest

from engagements.metrics.health_components import Component
from engagements.metrics.health_facts import FreshnessFacts, HealthFacts, RelationshipFacts
from engagements.metrics.health_model import DEFAULT_MODEL
from engagements.metrics.health_moves import Move
from engagements.models import HealthModelVersion
from engagements.selectors.health_words import _MOVES, move_text
from fde_portal.accounts.models import OrganizationSettings

TODAY = date(2026, 3, 2)
# A hard rule, and a number of the model: neither moves the score of its component.
WITHOUT_WORDS = {("relationship", "sponsor_left_on"), ("freshness", "cadence_days")}


def component(key: str) -> Component:
    return next(part for part in DEFAULT_MODEL.components("production") if part.key == key)


def test_every_fact_that_can_move_a_component_has_words():
    facts = get_type_hints(HealthFacts)
    names = {(part.key, row.name) for part in DEFAULT_MODEL.components("production") for row in fields(facts[part.key])}

    assert {key for key, __ in names} == {"outcomes", "adoption", "schedule", "relationship", "blockers", "freshness"}
    assert names - WITHOUT_WORDS == set(_MOVES)
    assert names > WITHOUT_WORDS


def test_a_lost_sponsor_does_not_score():
    facts, score = RelationshipFacts(), component("relationship").score
    assert score(replace(facts, sponsor_left_on=TODAY), TODAY) == score(facts, TODAY)


@pytest.mark.django_db
def test_the_cadence_is_the_one_of_the_version_on_both_days():
    model = HealthModelVersion.as_installed(OrganizationSettings.current()).model
    found = {model.facts(a_day(cadence)).freshness.cadence_days for cadence in (3, 7, 30)}
    assert found == {OrganizationSettings.current().update_cadence_days}


def a_day(cadence: int) -> HealthFacts:
    parts = {name: get_type_hints(HealthFacts)[name]() for name in ("schedule", "relationship")}
    adoption = get_type_hints(HealthFacts)["adoption"](None, None)
    return HealthFacts("pilot", adoption, freshness=FreshnessFacts(TODAY, cadence_days=cadence), **parts)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, TODAY, "A week was skipped with a reason."),
        (TODAY - timedelta(weeks=1), TODAY, "A week was skipped with a reason."),
        (TODAY, None, "A skipped week is owed again."),
        (TODAY, TODAY - timedelta(weeks=1), "A skipped week is owed again."),
    ],
)
def test_a_skipped_week_comes_and_goes(before, after, words):
    assert move_text(Move("freshness", "skipped_until", None, before, after, 1), {}) == words
