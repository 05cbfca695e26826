"""What the lists of small records read: one list over all kinds, with few statements however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import models
from django.db.models.functions import Lower

from engagements.metrics.field_signals import Share, productization_rate
from engagements.models import (
    Assumption,
    Decision,
    Engagement,
    Experiment,
    FieldSignal,
    Integration,
    LogEntry,
    Opportunity,
    ScopeRequest,
    Training,
)
from fde_portal.accounts.models import User
from fde_portal.core.prepared import Param, prepared

Tables = Mapping[str, models.QuerySet]

LOG_MODELS: tuple[type[LogEntry], ...] = (
    Decision, Assumption, Experiment, ScopeRequest, Opportunity, FieldSignal, Training, Integration,
)  # fmt: skip


def matching(rows: models.QuerySet, words: str) -> models.QuerySet:
    """Entries in which every one of `words` is found: in the text, the engagement or its customer."""
    for word in words.split():
        found = models.Q(text__icontains=word) | models.Q(engagement__name__icontains=word)
        rows = rows.filter(found | models.Q(engagement__customer__name__icontains=word))
    return rows


def counts(tables: Tables) -> dict[str, int]:
    """How many rows each table has, in one statement. What a table is joined to does not count."""
    number = models.Count("pk", distinct=True)
    parts = [
        rows.order_by().annotate(table=models.Value(key)).values("table").annotate(n=number).values_list("table", "n")
        for key, rows in tables.items()
    ]
    return dict(parts[0].union(*parts[1:], all=True))


def newest_first(tables: Tables) -> models.QuerySet:
    """(day, written at, id, kind) of every row of all tables in one statement. Slice it, then `load` the rows.

    Within a day the last written comes first; ids of different tables say nothing about each other.
    """
    parts = [
        rows.order_by().annotate(kind=models.Value(key)).values_list("noted_on", "created_at", "pk", "kind")
        for key, rows in tables.items()
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-noted_on", "-created_at", "-pk", "kind")


def load(lines: Sequence[tuple], tables: Tables) -> list[tuple[str, LogEntry]]:
    """The rows of a slice of `newest_first` with their kind, in its order: one statement a kind that occurs."""
    found: dict[str, dict[int, LogEntry]] = {}
    for kind in {kind for *_, kind in lines}:
        ids = [pk for *_, pk, own in lines if own == kind]
        related = [name for name in ("engagement__customer", "owner") if has_field(tables[kind].model, name.partition("__")[0])]
        found[kind] = tables[kind].select_related(*related).in_bulk(ids)
    return [(kind, found[kind][pk]) for *_, pk, kind in lines if pk in found[kind]]


def has_field(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.fields)


def data_sources(engagement: Engagement) -> list[Integration]:
    """The systems the work rests on, those that are not ready first."""
    return _data_sources(engagement=engagement)


@prepared
def _data_sources(*, engagement: Param) -> models.QuerySet[Integration]:
    not_ready = models.Case(models.When(readiness=Integration.Readiness.READY, then=1), default=0)
    return Integration.objects.current().filter(engagement=engagement).order_by(not_ready, "text")


# Field signals across customers


def signal_themes() -> models.QuerySet:
    """Every theme with its signals and customers, also those the reader does not know: claims name nobody.

    The one list that does not begin with `visible_to`. `claims_of` decides what each reader gets to read.
    """
    themes = FieldSignal.objects.current().filter(engagement__archived_at=None).order_by()
    return (
        themes.annotate(key=Lower("theme"))
        .values("key")
        .annotate(
            customers=models.Count("engagement__customer", distinct=True),
            signals=models.Count("pk"),
            newest=models.Max("noted_on"),
            **{state.value: models.Count("pk", filter=models.Q(disposition=state)) for state in FieldSignal.Disposition},
        )
        .order_by("-customers", "-newest", "key")
    )


def claims_of(themes: Sequence[str], user: User) -> list[tuple[FieldSignal, bool]]:
    """The signals of these themes, newest first, each with whether `user` may know where it comes from.

    A claim that names its customer is left out for those who may not.
    """
    signals = FieldSignal.objects.current().filter(engagement__archived_at=None).annotate(key=Lower("theme")).filter(key__in=themes)
    known = set(FieldSignal.objects.visible_to(user).filter(pk__in=signals.values("pk")).values_list("pk", flat=True))
    rows = [(signal, signal.pk in known) for signal in signals.select_related("engagement__customer")]
    return [(signal, is_known) for signal, is_known in rows if is_known or not signal.names_its_customer]


def productization(today: date) -> Share:
    """How many engagements brought something into the shared product. Over all of them: a count names nobody.

    `today` is the reader's local day. Two statements.
    """
    starts = dict(Engagement.objects.current().order_by().values_list("pk", "started_on"))
    dated = FieldSignal.objects.current().exclude(shipped_on=None).order_by()
    return productization_rate(starts, dated.values_list("engagement_id", "accepted_on", "shipped_on"), today)


def undated_signals() -> int:
    """Signals that are done, and of which nobody said when: they count nowhere."""
    done = FieldSignal.objects.current().filter(disposition=FieldSignal.Disposition.DONE, engagement__archived_at=None)
    return done.filter(shipped_on=None).count()
