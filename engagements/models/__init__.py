from engagements.models.annulment import Annulment
from engagements.models.asset import Asset
from engagements.models.assumption import Assumption
from engagements.models.attachment import Attachment
from engagements.models.blocker import Blocker, BlockerChange, BlockerRevision
from engagements.models.check_in import CheckIn, CheckInHours
from engagements.models.contact_visit import ContactVisit
from engagements.models.criterion_key import CriterionKey
from engagements.models.decision import Decision
from engagements.models.deliverable import Deliverable, DeliverableChange, EvidenceLink, Feature
from engagements.models.digest import Digest
from engagements.models.draft_revision import DraftRevision
from engagements.models.edition_mail import EditionMail
from engagements.models.engagement import LIVE_STATUSES, Engagement, Phase, PhaseChange, Status, TeamMember
from engagements.models.experiment import Experiment
from engagements.models.field_signal import FieldSignal
from engagements.models.front_line_pulse import FrontLineAnswer, FrontLinePulse
from engagements.models.gate import Gate, GateCondition, GateCriterion, GateDecision
from engagements.models.health import Band, HealthOverride, HealthSnapshot
from engagements.models.health_model import HealthModelVersion
from engagements.models.incident import Incident
from engagements.models.integration import Integration
from engagements.models.log_entry import LogEntry
from engagements.models.metric import MetricSnapshot, Recompute
from engagements.models.milestone import ForecastChange, Milestone, Rebaseline
from engagements.models.note import NoteRevision, StakeholderNote
from engagements.models.notice import Because, Notice, NoticeKind, NoticeMute
from engagements.models.observation import Observation
from engagements.models.opportunity import Opportunity
from engagements.models.outcome import Guardrail, GuardrailReading, OutcomeAgreement, OutcomeChange, OutcomeRebaseline
from engagements.models.playbook import (
    PlannedIntegration,
    Playbook,
    PlaybookCriterion,
    PlaybookDeliverable,
    PlaybookIntegration,
    PlaybookMilestone,
)
from engagements.models.portfolio import PortfolioRow
from engagements.models.release import Release
from engagements.models.response import Response
from engagements.models.review import Help, Review, ReviewQuestion
from engagements.models.risk import Risk, RiskAssessment
from engagements.models.scope_request import ScopeRequest
from engagements.models.share import Edition, EditionRetraction, Section, Share, ShareView
from engagements.models.training import Training
from engagements.models.usage import (
    ActivityDay,
    Actor,
    ActorSequence,
    DirtyDay,
    TargetPopulation,
    UsageBatch,
    UsageRow,
    UsageSource,
    UsageToken,
)
from engagements.models.usage_event import UsageEvent, UsageRepeat
from engagements.models.usage_load import ClosedPeriod, UsageChunk, UsageLoad
from engagements.models.value import Confidence, ValueAmount, ValueCase, ValueDriver, ValueLine, ValueScenario
from engagements.models.value_ledger import FrozenEstimate, RealisedValue
from engagements.models.visitor import AddressProof
from engagements.models.week_duty import WeekCover, WeekSkip
from engagements.models.weekly_update import Ask, InternalLine, LineKind, LineOrigin, Rating, SharedLine, WeeklyUpdate
from engagements.models.withdrawal import Withdrawal
from engagements.models.work_item import WorkItem, WorkRule, WorkSource

__all__ = [
    "LIVE_STATUSES",
    "ActivityDay",
    "Actor",
    "ActorSequence",
    "AddressProof",
    "Annulment",
    "Ask",
    "Attachment",
    "Band",
    "Blocker",
    "BlockerChange",
    "BlockerRevision",
    "CheckIn",
    "CheckInHours",
    "Asset",
    "CriterionKey",
    "Gate",
    "GateCondition",
    "GateCriterion",
    "GateDecision",
    "Confidence",
    "Deliverable",
    "DeliverableChange",
    "Digest",
    "DirtyDay",
    "DraftRevision",
    "Edition",
    "EditionMail",
    "EditionRetraction",
    "Engagement",
    "EvidenceLink",
    "Feature",
    "ForecastChange",
    "FrozenEstimate",
    "Guardrail",
    "GuardrailReading",
    "FrontLineAnswer",
    "FrontLinePulse",
    "HealthModelVersion",
    "Help",
    "Review",
    "ReviewQuestion",
    "HealthOverride",
    "HealthSnapshot",
    "Incident",
    "InternalLine",
    "LineKind",
    "LineOrigin",
    "MetricSnapshot",
    "Milestone",
    "Because",
    "NoteRevision",
    "Notice",
    "NoticeKind",
    "NoticeMute",
    "Observation",
    "OutcomeAgreement",
    "OutcomeChange",
    "OutcomeRebaseline",
    "Phase",
    "PhaseChange",
    "PlannedIntegration",
    "Playbook",
    "PlaybookCriterion",
    "PlaybookDeliverable",
    "PlaybookIntegration",
    "PlaybookMilestone",
    "PortfolioRow",
    "Rating",
    "RealisedValue",
    "Rebaseline",
    "Recompute",
    "Response",
    "Release",
    "Risk",
    "RiskAssessment",
    "Section",
    "Share",
    "ShareView",
    "SharedLine",
    "StakeholderNote",
    "Status",
    "TargetPopulation",
    "TeamMember",
    "ClosedPeriod",
    "UsageBatch",
    "UsageChunk",
    "UsageEvent",
    "UsageLoad",
    "UsageRepeat",
    "UsageRow",
    "UsageSource",
    "UsageToken",
    "ValueAmount",
    "ValueCase",
    "ValueDriver",
    "ValueLine",
    "WeekCover",
    "WeekSkip",
    "ValueScenario",
    "WeeklyUpdate",
    "Withdrawal",
    "WorkItem",
    "WorkRule",
    "WorkSource",
    "ContactVisit",
    "Decision",
    "Assumption",
    "Experiment",
    "ScopeRequest",
    "Opportunity",
    "FieldSignal",
    "Training",
    "Integration",
    "LogEntry",
]
