"""Limits on tries: exact, also for many at once, and kept where nothing is emptied."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from fde_portal.core.models import TryCount
from fde_portal.core.tries import Limit, forget_counts

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
THREE = Limit(name="test", most=3, window=timedelta(minutes=10))


def is_spent(subject, now=NOW):
    return THREE.spent(THREE.key_of(subject), since=now - THREE.window).exists()


@pytest.mark.django_db
def test_there_are_so_many_tries_and_no_more():
    assert [THREE.claim("a", now=NOW) for _ in range(5)] == [True, True, True, False, False]
    assert is_spent("a")
    assert THREE.claim("b", now=NOW)
    assert not is_spent("b")


@pytest.mark.django_db
def test_the_window_begins_with_the_first_try_and_ends_by_itself():
    for minutes in (0, 5, 9):
        assert THREE.claim("a", now=NOW + timedelta(minutes=minutes))
    assert not THREE.claim("a", now=NOW + timedelta(minutes=9, seconds=59))
    assert THREE.claim("a", now=NOW + timedelta(minutes=10))
    assert not is_spent("a", NOW + timedelta(minutes=10))


@pytest.mark.django_db
def test_a_right_try_is_given_back():
    for _ in range(3):
        THREE.claim("a", now=NOW)
    THREE.give_back("a")
    assert [THREE.claim("a", now=NOW) for _ in range(2)] == [True, False]


@pytest.mark.django_db
def test_no_subject_stands_in_the_table_and_another_limit_counts_apart():
    THREE.claim("anna@example.org", now=NOW)
    assert Limit(name="other", most=1, window=timedelta(hours=1)).claim("anna@example.org", now=NOW)
    assert not any("anna" in key for key in TryCount.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_emptying_the_cache_gives_nothing_back():
    for _ in range(3):
        THREE.claim("a", now=NOW)
    cache.clear()
    assert not THREE.claim("a", now=NOW)


@pytest.mark.django_db
def test_old_counts_are_forgotten():
    THREE.claim("old", now=NOW - timedelta(days=3))
    THREE.claim("new", now=NOW)
    forget_counts(now=NOW)
    assert TryCount.objects.get().key == THREE.key_of("new")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_one_after_another():
    def claim(_number: int) -> bool:
        try:
            return THREE.claim("a", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(24))) == 3
