"""Acts on value cases: a case and all its lines are saved together, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from engagements.models import ValueAmount, ValueCase, ValueDriver, ValueLine, ValueScenario
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, claim_version, restore_record, save_record
from fde_portal.core.search.index import refresh


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A new or known line with its amounts by year; year 0 is the column at time 0."""

    line: ValueLine
    amounts: Mapping[int, Decimal]


@transaction.atomic
def save_value_case(form: Any, *, by: User) -> ValueCase:
    """Save a case with its lines from a valid ValueCaseForm, and have the figures computed again.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    case = save_record(form, by=by)
    write_lines(case=case, entries=form.entries())
    return case


@transaction.atomic
def write_lines(*, case: ValueCase, entries: Sequence[LineEntry]) -> None:
    """Make `entries`, in their order, the lines of `case`. Known lines keep their ids, others go."""
    kept = [entry.line.pk for entry in entries if entry.line.pk]
    case.lines.exclude(pk__in=kept).delete()
    for position, entry in enumerate(entries):
        entry.line.case, entry.line.position = case, position
        entry.line.save()
    _write_amounts(case, entries)
    refresh(case)  # its lines were not written yet when the act was recorded
    request_recompute(case.engagement_id)


def _write_amounts(case: ValueCase, entries: Sequence[LineEntry]) -> None:
    ValueAmount.objects.filter(line__case=case).delete()
    ValueAmount.objects.bulk_create(
        ValueAmount(line=entry.line, year=year, amount=amount)
        for entry in entries
        for year, amount in entry.amounts.items()
    )


@transaction.atomic
def write_drivers(*, line: ValueLine, drivers: Iterable[ValueDriver], seen: int, by: User) -> None:
    """Make `drivers`, in their order, the factors of a line, and have the figures computed again.

    A driver with the same name and unit in another line of the case is the same input, and follows.
    `seen` is the version of the case the form was opened with. Raises Conflict (accounts.records) when it was
    saved in between.
    """
    claim_version(line.case, seen)
    kept = list(drivers)
    line.drivers.exclude(pk__in=[driver.pk for driver in kept if driver.pk]).delete()
    for position, driver in enumerate(kept):
        driver.line, driver.position = line, position
        driver.save()
        _have_others_follow(driver)
    audit.record("edit", line.case, by=by, fields=["drivers"], line=line.name)
    request_recompute(line.case.engagement_id)


def _have_others_follow(driver: ValueDriver) -> None:
    others = ValueDriver.objects.filter(line__case=driver.line.case_id, unit=driver.unit).exclude(pk=driver.pk)
    same = [other.pk for other in others if other.key == driver.key]
    ValueDriver.objects.filter(pk__in=same).update(low=driver.low, expected=driver.expected, high=driver.high, confidence=driver.confidence)


@transaction.atomic
def save_scenario(form: Any, *, inputs: Mapping[str, Decimal], by: User) -> ValueScenario:
    """Keep tried inputs under a name; the case itself does not change."""
    form.instance.made_by = by
    form.instance.inputs = {key: str(value) for key, value in inputs.items()}
    return save_record(form, by=by)


@transaction.atomic
def archive_value_case(case: ValueCase, *, by: User, now: datetime) -> None:
    archive_record(case, by=by, now=now)
    request_recompute(case.engagement_id)


@transaction.atomic
def restore_value_case(case: ValueCase, *, by: User) -> None:
    restore_record(case, by=by)
    request_recompute(case.engagement_id)
