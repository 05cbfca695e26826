"""Work is given to engagements by rules, once."""

from datetime import UTC, datetime

import pytest

from engagements.intake.work import Work
from engagements.models import WorkItem
from engagements.services.work_items import TakenIn, renew_secret, take_in_work
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory
from tests.factories.work import WorkRuleFactory, WorkSourceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def work(key, repository="acme/claims", branch="main", title="Fix", kind="commit"):
    return Work(kind, repository, key, title, NOW, branch)


@pytest.mark.parametrize(("rule", "taken"), [
    ({}, {"a", "c"}),
    ({"repository": "acme/*"}, {"a", "b", "c"}),
    ({"repository": "ACME/Claims"}, {"a", "c"}),
    ({"branch": "main"}, {"a"}),
    ({"repository": "*", "branch": "rel*"}, {"c"}),
    ({"words": "clm-"}, {"c"}),
])
def test_a_rule_takes_what_it_matches(rule, taken):
    source = WorkSourceFactory()
    found = [work("a"), work("b", "acme/other"), work("c", branch="release", title="CLM-1 fix")]
    WorkRuleFactory(source=source, **rule)
    WorkRuleFactory(engagement=EngagementFactory(archived_at=NOW), source=source, repository="*")
    WorkRuleFactory(source=source, repository="*", archived_at=NOW)
    WorkRuleFactory(repository="*")  # of another source
    counted = take_in_work(source=source, found=found, now=NOW)
    assert set(WorkItem.objects.values_list("key", flat=True)) == taken
    assert counted == TakenIn(len(taken), 0, 3 - len(taken))


def test_the_same_work_twice_and_in_any_order_is_there_once():
    rule = WorkRuleFactory()
    take_in_work(source=rule.source, found=[work("a"), work("b"), work("a")], now=NOW)
    assert take_in_work(source=rule.source, found=[work("b"), work("c"), work("a")], now=NOW) == TakenIn(1, 2, 0)
    assert sorted(WorkItem.objects.values_list("key", flat=True)) == ["a", "b", "c"]
    rule.source.refresh_from_db()
    assert rule.source.last_received_at == NOW


def test_a_new_secret_replaces_the_old_one_and_no_secret_is_stored():
    source = WorkSourceFactory()
    old = source.secret
    renew_secret(source, by=ManagerFactory())
    assert source.secret != old
    assert source.secret not in str(vars(source))
