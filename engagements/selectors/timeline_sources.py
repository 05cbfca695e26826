"""Where the entries of a timeline come from: dated records of an engagement, and acts from the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from customers.models import StanceRecord
from engagements.models import (
    Ask,
    BlockerChange,
    DeliverableChange,
    Edition,
    Engagement,
    ForecastChange,
    GateDecision,
    GuardrailReading,
    Incident,
    LogEntry,
    Observation,
    OutcomeChange,
    OutcomeRebaseline,
    PhaseChange,
    Rebaseline,
    Release,
    Response,
    RiskAssessment,
    StakeholderNote,
    UsageBatch,
    WeeklyUpdate,
)
from engagements.selectors.log import LOG_MODELS
from fde_portal.accounts.models import AuditEvent

OUTCOME_STEPS = ("create", "agree", "rebaseline_outcome", "decide_met", "decide_missed", "retire", "reopen")
# Acts whose outcome stands in the timeline as a dated record already, or that only prepare one.
TOLD_BY_RECORDS = (
    Q(verb__in=["change_phase", "record_stance", "decide_gate"])
    | Q(subject_type="milestone", verb__in=["create", "edit", "reach", "reopen"])
    | Q(subject_type="weeklyupdate", verb__in=["open", "edit", "publish"])
    | Q(subject_type="stakeholdernote", verb="create")
    | Q(subject_type="usagebatch", verb="receive")
    | Q(subject_type="edition")
    | Q(subject_type="response")
    | Q(subject_type="ask", verb="create")
    | Q(subject_type="milestone", verb="rebaseline")
    | Q(subject_type="blocker", verb__in=["create", "escalate", "clear", "reopen"])
    | Q(subject_type="outcomeagreement", verb__in=OUTCOME_STEPS)
    | Q(subject_type="observation", verb__in=["create", "observe"])
    | Q(subject_type="guardrail", verb="edit", details__fields__in=[["reading"], ["read_on"], ["read_on", "reading"]])
    | Q(subject_type="risk", verb__in=["create", "close", "reopen"])
    | Q(subject_type="deliverable", verb__in=["begin", "submit", "accept", "reject", "supersede", "take back"])
    | Q(subject_type__in=["release", "incident", *(model._meta.model_name for model in LOG_MODELS)], verb="create")
)

Rows = Callable[[Engagement], models.QuerySet]


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries of one kind come from: rows of an engagement, the field with their day or instant, and with the person.

    Rows that keep nobody's name belong to whoever the trail says made them.
    """

    name: str
    label: str
    icon: str
    rows: Rows
    at: str
    person: str | None = None
    related: Sequence[str] = ()

    def entries(self, engagement: Engagement, zone: ZoneInfo, rank: int) -> models.QuerySet:
        """(rank, day, id, person) of each row."""
        rows = self.rows(engagement).order_by()
        is_instant = isinstance(F(self.at).resolve_expression(rows.query).output_field, models.DateTimeField)
        who = F(self.person) if self.person else maker_of(rows.model)
        return rows.annotate(
            rank=Value(rank, models.IntegerField()),
            day=TruncDate(self.at, tzinfo=zone) if is_instant else F(self.at),
            who=who,
        ).values_list("rank", "day", "pk", "who")

    def load(self, ids: Iterable[int]) -> dict[int, Any]:
        model = self.rows(Engagement()).model
        return model._default_manager.select_related(*self.related).in_bulk(list(ids))


def maker_of(model: type[models.Model]) -> Any:
    """Who made a row, as the audit trail keeps it; nobody for rows that come without an act of their own."""
    if model in {PhaseChange, UsageBatch}:
        return Value(None, models.BigIntegerField())
    made = AuditEvent.objects.filter(subject_type=model._meta.model_name, subject_id=OuterRef("pk"), verb="create")
    return Subquery(made.values("actor")[:1])


def asked_in(engagement: Engagement) -> models.QuerySet:
    """Asks with when and by whom the customer was asked: as an update was published, or as somebody wrote it down."""
    rows = Ask.objects.current().asked().filter(engagement=engagement.pk)
    return rows.annotate(
        asked_at=Coalesce("raised_in__published_at", "created_at"),
        asker=Coalesce("raised_in__published_by", maker_of(Ask), output_field=models.BigIntegerField()),
    )


def of_log(model: type[LogEntry]) -> Source:
    return Source(model.KEY, model._meta.verbose_name_plural, "flag", lambda e: model.objects.current().filter(engagement=e.pk), "noted_on")


SOURCES = (
    Source("phases", _("Phases"), "flag", lambda e: PhaseChange.objects.filter(engagement=e.pk), "entered_on"),
    Source(
        "gates",
        _("Gates"),
        "flag",
        lambda e: GateDecision.objects.filter(gate__engagement=e.pk),
        "decided_on",
        "recorded_by",
        ("gate",),
    ),
    Source(
        "updates",
        _("Weekly updates"),
        "pen",
        lambda e: WeeklyUpdate.objects.filter(engagement=e.pk, archived_at=None, published_at__isnull=False),
        "published_at",
        "published_by",
    ),
    Source("editions", _("Customer page"), "share", lambda e: Edition.objects.filter(engagement=e.pk), "published_at", "published_by"),
    Source(
        "asks",
        _("Asks"),
        "share",
        asked_in,
        "asked_at",
        "asker",
        ("stakeholder",),
    ),
    Source(
        "answers",
        _("Answers"),
        "eye",
        lambda e: Response.objects.told().filter(engagement=e.pk),
        "confirmed_at",
        "person",
        ("annulment__annulled_by",),
    ),
    Source(
        "milestones",
        _("Milestones"),
        "check",
        lambda e: ForecastChange.objects.filter(milestone__engagement=e.pk),
        "changed_on",
        "changed_by",
        ("milestone",),
    ),
    Source(
        "promises",
        _("New promises"),
        "flag",
        lambda e: Rebaseline.objects.filter(milestone__engagement=e.pk),
        "changed_on",
        "changed_by",
        ("milestone",),
    ),
    Source(
        "deliverables",
        _("Deliverables"),
        "plug",
        lambda e: DeliverableChange.objects.filter(deliverable__engagement=e.pk),
        "changed_at",
        "changed_by",
        ("deliverable",),
    ),
    Source(
        "releases",
        _("Releases"),
        "up",
        lambda e: Release.objects.current().filter(deliverable__engagement=e.pk),
        "released_on",
        related=("deliverable",),
    ),
    Source(
        "incidents",
        _("Incidents"),
        "alert",
        lambda e: Incident.objects.current().filter(deliverable__engagement=e.pk),
        "started_at",
        related=("deliverable",),
    ),
    Source(
        "blockers",
        _("Blockers"),
        "alert",
        lambda e: BlockerChange.objects.filter(blocker__engagement=e.pk, blocker__archived_at=None),
        "changed_on",
        "changed_by",
        ("blocker",),
    ),
    Source(
        "risks",
        _("Risks"),
        "alert",
        lambda e: RiskAssessment.objects.filter(risk__engagement=e.pk, risk__archived_at=None),
        "assessed_on",
        "assessed_by",
        ("risk",),
    ),
    Source(
        "outcomes",
        _("Outcomes"),
        "flag",
        lambda e: OutcomeChange.objects.filter(agreement__engagement=e.pk, agreement__archived_at=None),
        "changed_on",
        "changed_by",
        ("agreement",),
    ),
    Source(
        "outcome_lines",
        _("New lines of outcomes"),
        "flag",
        lambda e: OutcomeRebaseline.objects.filter(agreement__engagement=e.pk, agreement__archived_at=None),
        "changed_on",
        "changed_by",
        ("agreement",),
    ),
    Source(
        "observations",
        _("Observations"),
        "eye",
        lambda e: Observation.objects.current().filter(agreement__engagement=e.pk, agreement__archived_at=None),
        "recorded_on",
        "recorded_by",
        ("agreement",),
    ),
    Source(
        "guardrails",
        _("Guardrails"),
        "eye",
        lambda e: GuardrailReading.objects.filter(
            guardrail__agreement__engagement=e.pk, guardrail__archived_at=None, guardrail__agreement__archived_at=None
        ),
        "read_on",
        "recorded_by",
        ("guardrail",),
    ),
    *(of_log(model) for model in LOG_MODELS),
    Source(
        "usage",
        _("Usage data"),
        "signal",
        lambda e: UsageBatch.objects.filter(source__deliverable__engagement=e.pk),
        "received_at",
        "received_by",
        ("source__deliverable",),
    ),
    Source(
        "notes",
        _("Notes"),
        "lock",
        lambda e: StakeholderNote.objects.filter(engagement=e.pk, archived_at=None),
        "happened_on",
        "author",
    ),
    Source(
        "stances",
        _("Stances"),
        "people",
        lambda e: StanceRecord.objects.filter(stakeholder__customer=e.customer_id),
        "recorded_on",
        "recorded_by",
        ("stakeholder__customer",),
    ),
    Source(
        "records",
        _("Other changes"),
        "clock",
        lambda e: AuditEvent.objects.filter(engagement_id=e.pk).exclude(TOLD_BY_RECORDS),
        "at",
        "actor",
    ),
)
KINDS = [(source.name, source.label) for source in SOURCES]
