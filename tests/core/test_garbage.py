"""What a process keeps is not searched for garbage."""

import gc

import pytest

from fde_portal.core.garbage import BETWEEN_SEARCHES, settle


@pytest.fixture
def as_before():
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_loaded_is_passed_over_and_what_comes_later_is_found(as_before) -> None:
    settle()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] == BETWEEN_SEARCHES
    ring: list = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1
