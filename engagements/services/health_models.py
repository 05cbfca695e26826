"""Changing the weights, bands and spans of health: every save is a version, and may be tried before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from engagements.models import HealthModelVersion
from engagements.models.health_model import KEPT_IN_SETTINGS, NUMBERS
from engagements.services.recomputes import request_all
from fde_portal.accounts import audit
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.records import Conflict


def save_health_model(numbers: Mapping[str, Any], *, reason: str, seen: int, by: User) -> HealthModelVersion:
    """Put new numbers in force as the next version and have the health of all live work judged by them.

    `seen` is the number of the version they were changed from. Raises Conflict when another one came in between,
    also one saved at the same moment.
    """
    try:
        return _save(numbers, reason=reason, seen=seen, by=by)
    except IntegrityError as fault:
        raise Conflict from fault


@transaction.atomic
def _save(numbers: Mapping[str, Any], *, reason: str, seen: int, by: User) -> HealthModelVersion:
    current = HealthModelVersion.in_force()
    if current.number != seen:
        raise Conflict
    if current.pk is None:
        current.save()
    version = HealthModelVersion(
        **{name: getattr(current, name) for name in NUMBERS} | dict(numbers), number=current.number + 1, reason=reason, author=by
    )
    version.save()
    OrganizationSettings.current()
    OrganizationSettings.objects.update(**{name: getattr(version, name) for name in KEPT_IN_SETTINGS})
    audit.record("save_health_model", version, by=by, fields=changed_numbers(current, version))
    request_all()
    return version


def restore_health_model(version: HealthModelVersion, *, reason: str, seen: int, by: User) -> HealthModelVersion:
    """Put the numbers of an earlier version in force again, as a new version. Raises Conflict as `save_health_model` does."""
    return save_health_model({name: getattr(version, name) for name in NUMBERS}, reason=reason, seen=seen, by=by)


def changed_numbers(before: HealthModelVersion, after: HealthModelVersion) -> list[str]:
    """The names of the numbers that differ."""
    return [name for name in NUMBERS if getattr(before, name) != getattr(after, name)]
