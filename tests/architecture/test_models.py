"""Every record of a customer says through whom it is seen; migrations are complete."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from tests.factories.people import UserFactory

RECORDS = [model for app in ("customers", "engagements") for model in apps.get_app_config(app).get_models()]
ROOTS = {"Attachment", "CheckIn", "Customer", "Digest", "Engagement", "HealthModelVersion", "NoticeMute", "Playbook", "StakeholderNote", "WorkSource"}


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_record_names_the_path_to_its_customer(model: type[models.Model]) -> None:
    assert issubclass(model, ScopedModel)
    assert isinstance(model._default_manager.all(), ScopedQuerySet)
    if model.__name__ not in ROOTS:
        target = model._meta.get_field(model.seen_through).related_model
        assert issubclass(target, ScopedModel)


@pytest.mark.django_db
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_the_scope_of_every_record_can_be_asked(model: type[models.Model]) -> None:
    person: User = UserFactory()
    assert list(model._default_manager.visible_to(person)) == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
