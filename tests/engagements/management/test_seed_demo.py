"""Seeding where no demo is: half a seed is none, and a real installation is left alone."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer
from engagements.demo import seeding
from fde_portal.accounts.models import OrganizationSettings, User

pytestmark = pytest.mark.django_db


def test_a_seed_that_breaks_off_leaves_nothing(monkeypatch):
    def break_off(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seeding, "create_weeks", break_off)
    with pytest.raises(KeyboardInterrupt):
        seeding.seed(now=datetime(2026, 11, 18, 12, tzinfo=UTC))

    assert not seeding.is_seeded()
    assert [model.objects.count() for model in (User, Customer, OrganizationSettings)] == [0, 0, 0]


def test_the_command_wants_to_know_that_this_is_a_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("seed_demo")
    assert not seeding.is_seeded()
