"""An engagement with everything about it that a customer must never read, each text marked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from itertools import count

from django.apps import apps
from django.db import models
from pyroaring import BitMap

from customers.models import StanceRecord
from engagements import models as work
from engagements.models import LineKind
from tests.factories.concerns import BlockerFactory, IncidentFactory, ReleaseFactory, RiskFactory
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import (
    AskFactory,
    DeliverableFactory,
    MilestoneFactory,
    NoteFactory,
    WeeklyUpdateFactory,
)
from tests.factories.front_line import FrontLineAnswerFactory
from tests.factories.gates import GateCriterionFactory, GateDecisionFactory
from tests.factories.log import FACTORIES
from tests.factories.notices import NoticeFactory
from tests.factories.outcomes import GuardrailFactory, ObservationFactory, OutcomeFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.playbooks import PlaybookCriterionFactory, PlaybookMilestoneFactory
from tests.factories.responses import AnnulmentFactory, ResponseFactory
from tests.factories.reviews import HelpFactory, ReviewFactory, ReviewQuestionFactory
from tests.factories.usage import (
    ActorFactory,
    TargetPopulationFactory,
    UsageBatchFactory,
    UsageSourceFactory,
    UsageTokenFactory,
)
from tests.factories.value import ValueDriverFactory

MARK = "zq7marker"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
DAY = date(2026, 11, 19)

# Texts a customer may read, and texts that are no words: by model, with the reason.
SHOWN = {
    "Customer": {"name", "slug", "time_zone"},  # the address of a contact's page; how days are counted
    "Engagement": {"name", "slug", "time_zone", "shared_figures"},  # which figures come first
    "Withdrawal": {"item"},  # the name of an item
    "Milestone": {"title", "summary"},
    "WeeklyUpdate": {"headline"},
    "SharedLine": {"text"},
    "Ask": {"text", "consequence"},
    "Blocker": {"shared_wording"},
    "Stakeholder": {"name"},  # of the person who is asked
    "Edition": {"content", "content_hash"},  # the page itself
    "Response": {"item_text", "text", "who_will", "name", "key"},  # what other readers see of an answer
    "Deliverable": {"name", "acceptance_criteria"},  # of what was handed over
    "Share": {"token_digest", "sections", "passcode"},  # the keys, and which parts they open
    "MetricSnapshot": {"values", "series"},  # figures; marked by hand below
}
# `shared_wording` is empty on the planted blocker, which is what keeps it from the customer.
NO_WORDS = {"key", "slug", "time_zone", "token_digest", "passcode", "sections", "content", "content_hash", "values", "series", "shared_wording"}
TEXTS = (models.CharField, models.TextField, models.JSONField)


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """Fields that hold words of people: no choices, and long enough for a mark."""
    fields = [field for field in model._meta.fields if isinstance(field, TEXTS) and not field.choices]
    return [field for field in fields if field.max_length is None or field.max_length > len(MARK) + 5]


def internal_models() -> Iterator[type[models.Model]]:
    """Every model with a text that is not for the customer."""
    for app in ("customers", "engagements"):
        for model in apps.get_app_config(app).get_models():
            if any(field.name not in SHOWN.get(model.__name__, ()) for field in text_fields(model)):
                yield model


def plant(row: models.Model, numbers: Iterator[int], shown: Collection[str] = ()) -> None:
    """Write a mark into every text field of a row except those in `shown`. Bypasses validation and `save`."""
    marks = {field.name: f"{MARK}{next(numbers):04}" for field in text_fields(type(row)) if field.name not in shown}
    columns = {name: as_stored(row._meta.get_field(name), mark) for name, mark in marks.items()}
    models.QuerySet(type(row)).filter(pk=row.pk).update(**columns)


def as_stored(field: models.Field, mark: str) -> str | list[str] | dict[str, str]:
    """A mark in the shape that a computation finds in the column."""
    if not isinstance(field, models.JSONField):
        return mark
    return [mark] if field.default is list else {"mark": mark}


def plant_internals(engagement: work.Engagement) -> None:
    """Add every kind of internal record to `engagement` and mark its texts, and those of the shared rows beside them."""
    add_people(engagement)
    add_weeks(engagement)
    add_work(engagement)
    add_usage(engagement)
    add_figures(engagement)
    add_value(engagement)
    add_concerns(engagement)
    add_plans(engagement)
    add_gates(engagement)
    add_reviews(engagement)
    add_readers(engagement)
    add_outcomes(engagement)
    for factory in FACTORIES.values():
        factory(engagement=engagement)
    MilestoneFactory(engagement=engagement, is_shared=False)
    AskFactory(engagement=engagement, state="done", closed_on=DAY)
    mark_everything(engagement)


def add_people(engagement: work.Engagement) -> None:
    person = StakeholderFactory(customer=engagement.customer, influence=5)
    StanceRecord.objects.create(stakeholder=person, stance="blocker", recorded_on=DAY)
    note = NoteFactory(customer=engagement.customer, engagement=engagement)
    work.NoteRevision.objects.create(note=note, text="Earlier", replaced_at=NOW)
    engagement.backup, engagement.manager = UserFactory(name=f"{MARK}backup"), ManagerFactory(name=f"{MARK}manager")
    engagement.save()
    work.TeamMember.objects.create(engagement=engagement, user=UserFactory(name=f"{MARK}team"))
    work.PhaseChange.objects.create(engagement=engagement, phase="pilot", entered_on=DAY)


def add_weeks(engagement: work.Engagement) -> None:
    """A draft and a corrected revision, whose shared lines are not published, and internal lines everywhere."""
    corrected = {"state": "corrected", "published_at": NOW}
    week = engagement.weekly_updates.get(state="published")
    older = WeeklyUpdateFactory(engagement=engagement, iso_week=week.iso_week, revision=9, **corrected)
    draft = WeeklyUpdateFactory(engagement=engagement, iso_week=week.iso_week + 1)
    for update in (older, draft):
        work.SharedLine.objects.create(update=update, kind=LineKind.PROGRESS, text="Unpublished")
    for update in (older, draft, week):
        work.InternalLine.objects.create(update=update, kind=LineKind.NOTE, text="Note")
    AskFactory(engagement=engagement, raised_in=draft)
    said = {"headline": "Earlier", "gap_reason": "", "lines": [], "asks": []}
    work.DraftRevision.objects.create(update=draft, content=said, written_at=NOW)
    work.WeekSkip.objects.create(engagement=engagement, iso_year=2026, iso_week=1, note="Note")


def add_work(engagement: work.Engagement) -> None:
    """What code hosts said, and the rule that gave it to the engagement."""
    source = work.WorkSource.objects.create(name="Code host")
    work.WorkRule.objects.create(source=source, engagement=engagement, repository="acme/claims")
    work.WorkItem.objects.create(
        engagement=engagement, source=source, kind="merge", repository="acme/claims", key="1", title="Title", happened_at=NOW
    )


def add_usage(engagement: work.Engagement) -> None:
    deliverable = DeliverableFactory(engagement=engagement)
    work.Feature.objects.create(deliverable=deliverable, name="Feature")
    source = UsageSourceFactory(deliverable=deliverable)
    UsageTokenFactory(source=source)
    batch = UsageBatchFactory(source=source)
    actor = ActorFactory(customer=engagement.customer)
    TargetPopulationFactory(deliverable=deliverable)
    place = {"deliverable": deliverable, "day": DAY}
    work.UsageRow.objects.create(batch=batch, actor=actor, events=1, **place)
    work.UsageEvent.objects.create(source=source, event_id="1", batch=batch, actor=actor, events=1, **place)
    work.UsageLoad.objects.create(batch=batch)
    sums = dict.fromkeys(("events", "seconds_saved", "accepted", "edited", "rejected", "failed"), 0)
    work.ActivityDay.objects.create(actors=BitMap([actor.pk]).serialize(), **sums, **place)


def add_figures(engagement: work.Engagement) -> None:
    snapshots = work.MetricSnapshot.objects.filter(engagement=engagement)
    for row in snapshots:
        row.values = row.values | {"value": {"title": f"{MARK}case"}, "adoption": {"basis": f"{MARK}basis"}}
        row.series = row.series | {"retention": [f"{MARK}retention"]}
        row.save()
    work.HealthSnapshot.objects.create(
        engagement=engagement, day=DAY, watermark=1, computed_at=NOW, score=31, band="at_risk", coverage=1, components=[]
    )
    work.HealthOverride.objects.create(
        engagement=engagement, band="watch", reason="Why", set_on=DAY, until=DAY, computed_band="at_risk"
    )
    work.HealthModelVersion.objects.create(number=2, reason="Why")
    work.PortfolioRow.objects.create(engagement=engagement, computed_at=NOW, rank=1)
    work.Recompute.objects.get_or_create(engagement=engagement)
    for milestone in engagement.milestones.all():
        work.ForecastChange.objects.create(milestone=milestone, changed_on=DAY)


def add_value(engagement: work.Engagement) -> None:
    """A line that is not shared in the case whose other lines are."""
    case = engagement.value_cases.get()
    line = work.ValueLine.objects.create(case=case, name="Unshared", kind="revenue")
    work.ValueAmount.objects.create(line=line, year=1, amount=987654321)
    ValueDriverFactory(line=line)
    work.ValueScenario.objects.create(case=case, name="Tried", inputs={})
    work.FrozenEstimate.objects.create(case=case, phase="pilot", frozen_on=DAY, npv=987654321)
    work.RealisedValue.objects.create(line=line, period_from=DAY, period_to=DAY, amount=987654321, recorded_on=DAY)


def add_concerns(engagement: work.Engagement) -> None:
    """A blocker without a wording for the customer, risks, and what happened to a deliverable."""
    blocker = BlockerFactory(engagement=engagement, milestone=engagement.milestones.first())
    work.BlockerRevision.objects.create(blocker=blocker, text="Earlier", replaced_at=NOW)
    RiskFactory(engagement=engagement)
    deliverable = DeliverableFactory(engagement=engagement)
    ReleaseFactory(deliverable=deliverable)
    IncidentFactory(deliverable=deliverable)
    work.EvidenceLink.objects.create(deliverable=deliverable, label="Evidence", url="https://example.org")
    work.DeliverableChange.objects.create(deliverable=deliverable, was="submitted", state="rejected", reason="No", changed_at=NOW)
    for milestone in engagement.milestones.all():
        work.Rebaseline.objects.create(milestone=milestone, changed_on=DAY, old_on=DAY, new_on=date(2027, 1, 4), reason="Why")


def add_plans(engagement: work.Engagement) -> None:
    """Playbook, checklist and files: all of it stays with us."""
    line = PlaybookMilestoneFactory()
    PlaybookCriterionFactory(playbook=line.playbook)
    work.PlaybookDeliverable.objects.create(playbook=line.playbook, name="Report")
    work.PlaybookIntegration.objects.create(playbook=line.playbook, name="Sign-on")
    work.PlannedIntegration.objects.create(engagement=engagement, name="Sign-on")
    work.Attachment.objects.create(deliverable=DeliverableFactory(engagement=engagement), name="minutes.pdf", file="x", size=1)


def add_gates(engagement: work.Engagement) -> None:
    """A decided gate that nobody is asked to sign off, with all it rested on, and what stays behind."""
    criterion = GateCriterionFactory(gate__engagement=engagement)
    decision = GateDecisionFactory(gate=criterion.gate)
    work.GateCondition.objects.create(engagement=engagement, decision=decision, text="Condition", due_on=DAY)
    work.Asset.objects.create(engagement=engagement, name="Prompts")


def add_reviews(engagement: work.Engagement) -> None:
    """What managers said, asked and sent."""
    ReviewFactory(engagement=engagement)
    ReviewQuestionFactory(engagement=engagement, answer="Answer", answered_at=NOW)
    HelpFactory(engagement=engagement)


def add_outcomes(engagement: work.Engagement) -> None:
    """An agreement the customer does not see on the page, with all that hangs on it."""
    agreement = OutcomeFactory(engagement=engagement, is_shared=False)
    ObservationFactory(agreement=agreement)
    work.GuardrailReading.objects.create(guardrail=GuardrailFactory(agreement=agreement), value=12, limit=11, read_on=DAY)
    work.OutcomeRebaseline.objects.create(
        agreement=agreement, changed_on=DAY, old_baseline=1, old_baseline_on=DAY, old_baseline_kind="measured", old_target=2,
        old_due_on=DAY, reason="Why", approved_by=agreement.verifier, approved_on=DAY,
    )


def add_readers(engagement: work.Engagement) -> None:
    """Somebody who proved an address; one reader must not learn of another."""
    for share in engagement.shares.all():
        work.AddressProof.objects.create(share=share, address="anneke@harbourline.example", code_ends_at=NOW)
        work.ShareView.objects.create(share=share, edition=engagement.editions.first(), seen_at=NOW)
    edition = engagement.editions.first()
    for kind, confirmed_at in (("question", NOW), ("answer", None)):
        ResponseFactory(edition=edition, kind=kind, item=0, text="For the team alone", confirmed_at=confirmed_at)
    AnnulmentFactory(response__edition=edition, response__kind="question", response__item=0)
    FrontLineAnswerFactory(pulse__engagement=engagement)
    NoticeFactory(engagement=engagement)
    work.NoticeMute.objects.create(person=engagement.lead, engagement=engagement)


def mark_everything(engagement: work.Engagement) -> None:
    """Shared rows keep what the customer may read; all other rows are marked throughout."""
    numbers = count()
    shown = set(shown_rows(engagement))
    for model in internal_models():
        for row in model._default_manager.all():
            plant(row, numbers, SHOWN.get(model.__name__, ()) if row in shown else technical(model))


def technical(model: type[models.Model]) -> set[str]:
    """Of rows the customer does not see, only keys and addresses stay as they are."""
    return SHOWN.get(model.__name__, set()) & NO_WORDS


def shown_rows(engagement: work.Engagement) -> Iterator[models.Model]:
    published = engagement.weekly_updates.get(state="published")
    yield from (engagement, engagement.customer, published)
    yield from published.shared_lines.all()
    yield from engagement.milestones.filter(is_shared=True)
    yield from engagement.blockers.exclude(shared_wording="").filter(state__in=["open", "escalated"])
    for ask in engagement.asks.open():
        yield from (row for row in (ask, ask.stakeholder) if row)
    yield from engagement.deliverables.filter(is_shared=True, state="submitted", archived_at=None)
    yield from engagement.responses.counted().filter(kind__in=["acknowledge", "answer", "accept", "reject"])
    yield from engagement.shares.all()
    yield from engagement.editions.all()
