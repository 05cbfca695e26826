"""The kinds of small records: one line here, a model and a form make a new one.

Its list, its form, adding it inline and from a note, archiving, restoring and undo come with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.forms.assumptions import AssumptionForm
from engagements.forms.decisions import DecisionForm
from engagements.forms.experiments import ExperimentForm
from engagements.forms.field_signals import FieldSignalForm
from engagements.forms.integrations import IntegrationForm
from engagements.forms.log_entries import LogForm
from engagements.forms.opportunities import OpportunityForm
from engagements.forms.scope_requests import ScopeRequestForm
from engagements.forms.trainings import TrainingForm
from engagements.models import LogEntry


@dataclass(frozen=True, slots=True)
class LogKind:
    """A kind `from_note` can be made of a sentence of a note."""

    form: type[LogForm]
    name: str | Promise
    title: str | Promise
    new: str | Promise
    why: str | Promise
    from_note: bool = True

    @property
    def key(self) -> str:
        return self.model.KEY

    @property
    def model(self) -> type[LogEntry]:
        return self.form._meta.model


LOG_KINDS = (
    LogKind(DecisionForm, _("Decision"), _("Decisions"), _("New decision"),
            _("What was settled, by whom and why, so that nobody has to settle it again.")),
    LogKind(AssumptionForm, _("Assumption"), _("Assumptions"), _("New assumption"),
            _("What the work rests on without proof, and how you will find out.")),
    LogKind(ExperimentForm, _("Experiment"), _("Experiments"), _("New experiment"),
            _("A hypothesis, how it is measured, and the verdict. Stopping is a result too.")),
    LogKind(ScopeRequestForm, _("Scope request"), _("Scope requests"), _("New scope request"),
            _("What is asked for beyond the agreement, who would own it, and when we would stop.")),
    LogKind(OpportunityForm, _("Opportunity"), _("Opportunities"), _("New opportunity"),
            _("Further work the customer could want, before it is forgotten.")),
    LogKind(FieldSignalForm, _("Field signal"), _("Field signals"), _("New field signal"),
            _("What the product should learn from here. The claim names no customer.")),
    LogKind(TrainingForm, _("Training"), _("Trainings"), _("New training"),
            _("Sessions with front-line users: who came, and what they said."), from_note=False),
    LogKind(IntegrationForm, _("Data source"), _("Data sources"), _("New data source"),
            _("Each system the work reads or writes, who owns it, and whether it is ready."), from_note=False),
)
BY_KEY = {kind.key: kind for kind in LOG_KINDS}


def kind_or_404(key: str) -> LogKind:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]
