"""Acts on value cases: a case and all its lines are saved together, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from engagements.models import RealisedValue, ValueAmount, ValueCase, ValueDriver, ValueLine, ValueScenario
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import claim_version, save_record
from fde_portal.core.search.index import refresh


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A new or known line with its amounts by year; year 0 is the column at time 0. `former` is the line it comes back as."""

    line: ValueLine
    amounts: Mapping[int, Decimal]
    former: int | None = None


@transaction.atomic
def save_value_case(form: Any, *, by: User) -> ValueCase:
    """Save a case with its lines from a valid ValueCaseForm, and have the figures computed again.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    case = save_record(form, by=by)
    write_lines(case=case, entries=form.entries(), now=timezone.now())
    return case


@transaction.atomic
def write_lines(*, case: ValueCase, entries: Sequence[LineEntry], now: datetime) -> None:
    """Make `entries`, in their order, the lines of `case`. Known lines keep their ids, others are removed.

    A line that comes back brings its drivers and what it brought along.
    """
    kept = [entry.line.pk for entry in entries if entry.line.pk]
    _remove(case.lines.exclude(pk__in=kept), now)
    for position, entry in enumerate(entries):
        if entry.line.pk is None and entry.former:
            _bring_back(entry.line, case, entry.former)
        entry.line.case, entry.line.position = case, position
        entry.line.save()
    _write_amounts(case, entries)
    refresh(case)  # its lines were not written yet when the act was recorded
    request_recompute(case.engagement_id)


def _remove(lines: QuerySet[ValueLine], now: datetime) -> None:
    gone = list(lines.values_list("pk", flat=True))
    RealisedValue.objects.current().filter(line__in=gone).update(archived_at=now)
    ValueLine.objects.filter(pk__in=gone).update(removed_at=now)


def _bring_back(line: ValueLine, case: ValueCase, former: int) -> None:
    """Let `line` be the removed one again, and have what left with it come back."""
    removed = ValueLine.with_removed.filter(case=case, pk=former).exclude(removed_at=None).first()
    if removed is None:
        return
    line.pk = removed.pk
    RealisedValue.objects.filter(line=removed.pk, archived_at=removed.removed_at).update(archived_at=None)


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
