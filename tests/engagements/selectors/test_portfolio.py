"""The portfolio's order, figures and scope."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.utils import timezone

from engagements.metrics.attention import AttentionFacts, attention_key
from engagements.models import Band, Status
from engagements.selectors import portfolio
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)


def slugs(rows) -> list[str]:
    return [line.slug for line in portfolio.lines(rows, start=0, count=100)]


def all_rows():
    return portfolio.visible_rows(ManagerFactory())


def figures():
    return portfolio.figures(ManagerFactory(), today=TODAY, currency="EUR", cadence_days=7)


def test_attention_goes_by_band_then_fall_then_overdue_then_age_of_update_then_value() -> None:
    old, recent = TODAY - timedelta(days=20), TODAY
    for slug, values in {
        "value": {"rank": 2, "last_update_on": recent, "value_at_stake": 9},
        "quiet": {"rank": 2, "last_update_on": recent},
        "stale": {"rank": 2, "last_update_on": old, "stale_over": 3},
        "silent": {"rank": 2, "last_update_on": recent, "silence_over": 2},
        "overdue": {"rank": 2, "overdue_milestones": 1, "last_update_on": recent},
        "fell": {"rank": 2, "fall": Decimal(4), "last_update_on": recent},
        "watch": {"rank": 1, "last_update_on": recent},
        "risk": {"rank": 0, "last_update_on": recent},
    }.items():
        PortfolioRowFactory(engagement__slug=slug, **values)
    assert slugs(all_rows()) == ["risk", "watch", "fell", "overdue", "silent", "stale", "value", "quiet"]


def test_the_database_orders_as_the_definition_does() -> None:
    """Every combination of what can differ: the statement's order is the key's order."""
    causes = [("watch", "on_track"), (None, Decimal(9)), (0, 2), (3, 40), (2, 30), (0, 3), (Decimal(0), Decimal(500))]
    cases = {
        str(number): AttentionFacts(
            band, fall=fall, overdue_milestones=overdue, silence_days=silence, staleness_days=stale, rosier_weeks=rosy, value_at_stake=value,
        )
        for number, (band, fall, overdue, silence, stale, rosy, value) in enumerate(product(*causes))
    }  # fmt: skip
    for number, facts in cases.items():
        PortfolioRowFactory(
            engagement__slug=number, band=facts.band, rank=facts.rank, fall=facts.counted_fall, silence_over=facts.silence_over,
            stale_over=facts.stale_over, overdue_milestones=facts.overdue_milestones, rosier_weeks=facts.rosier_weeks,
            value_at_stake=facts.value_at_stake,
        )  # fmt: skip
    ordered = portfolio.lines(all_rows(), start=0, count=len(cases))
    assert [line.slug for line in ordered] == sorted(cases, key=lambda number: attention_key(cases[number]))


def test_an_fde_sees_the_own_rows_and_a_manager_all() -> None:
    own, __ = PortfolioRowFactory(), PortfolioRowFactory()
    assert slugs(portfolio.visible_rows(own.engagement.lead)) == [own.engagement.slug]
    assert len(slugs(all_rows())) == 2
    assert slugs(portfolio.visible_rows(UserFactory())) == []


def test_archived_engagements_leave_the_list_and_paused_ones_the_live_rows() -> None:
    PortfolioRowFactory(engagement__archived_at=timezone.now())
    paused = PortfolioRowFactory(engagement__status=Status.PAUSED)
    assert slugs(all_rows()) == [paused.engagement.slug]
    assert slugs(portfolio.live(all_rows())) == []


def test_figures_count_bands_and_sum_only_what_is_measured() -> None:
    PortfolioRowFactory(band=Band.AT_RISK, weekly_users=30, full_target=90, milestone_slip=3, milestone_on=TODAY)
    PortfolioRowFactory(band=Band.UNKNOWN, weekly_users=7)  # nobody said how many should
    PortfolioRowFactory(band=Band.WATCH, full_target=85)  # nobody knows how many do
    result = figures()
    assert (result.engagements, result.at_risk, result.watch, result.unknown, result.on_track) == (3, 1, 1, 1, 0)
    assert (result.weekly_users, result.full_target) == (30, 90)
    assert (result.slipping, result.with_milestone) == (1, 1)


def test_money_of_other_currencies_is_counted_but_not_added() -> None:
    PortfolioRowFactory(npv=Decimal("100.50"), npv_currency="EUR")
    PortfolioRowFactory(npv=Decimal("-0.50"), npv_currency="EUR")
    PortfolioRowFactory(npv=Decimal("999"), npv_currency="CNY")
    result = figures()
    assert (result.npv, result.npv_cases, result.other_currencies) == (Decimal("100"), 2, 1)


def test_money_is_added_to_the_cent() -> None:
    amounts = [Decimal("0.10"), Decimal("0.20"), Decimal("-1234567.29"), Decimal("98765432101.07")]
    for amount in amounts:
        PortfolioRowFactory(npv=amount, npv_currency="EUR")
    assert figures().npv == sum(amounts)


def test_without_any_figure_nothing_is_zero() -> None:
    PortfolioRowFactory()
    result = figures()
    assert (result.weekly_users, result.full_target, result.npv) == (None, None, None)


def test_stale_is_two_cadences_without_an_update_or_none_at_all() -> None:
    for days in (14, 15):
        PortfolioRowFactory(last_update_on=TODAY - timedelta(days=days))
    PortfolioRowFactory(last_update_on=None)
    assert figures().stale == 2


def test_updates_count_from_monday() -> None:
    PortfolioRowFactory(last_update_on=date(2026, 3, 2))
    PortfolioRowFactory(last_update_on=date(2026, 3, 1))
    assert figures().updates_in == 1


def test_a_portfolio_of_nothing_has_figures_too() -> None:
    PortfolioRowFactory()  # a stranger's
    result = portfolio.figures(UserFactory(), today=TODAY, currency="EUR", cadence_days=7, moved_since=[TODAY])
    assert (result.engagements, result.at_risk, result.npv, result.weekly_users) == (0, 0, None, None)
    assert [(moved.worse, moved.updated) for moved in result.moved] == [(0, 0)]
