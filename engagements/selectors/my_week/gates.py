"""What was promised with a go at a gate and is due."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engagements.models import GateCondition
from engagements.selectors.my_week.work import Need, Work, named, question
from fde_portal.core import formats
from fde_portal.core.prepared import Param


def conditions_due(work: Work) -> list[Need]:
    """Conditions that are due within seven days or late: the person's own, and those without an owner where they lead."""
    return [_need(row, work.today) for row in work.rows(_due)]


@question
def _due(*, person: Param, engagements: Param, soon: Param) -> QuerySet[GateCondition]:
    mine = Q(owner=person) | Q(owner=None, engagement__lead=person)
    return GateCondition.objects.open().filter(mine, engagement__in=engagements, due_on__lte=soon).select_related("decision")


def _need(condition: GateCondition, today: date) -> Need:
    late = (today - condition.due_on).days
    detail = ngettext(
        "Promised with a go at a gate, %(days)s day late.", "Promised with a go at a gate, %(days)s days late.", late
    ) % {"days": late}
    return Need(
        band="at_risk" if late > 0 else "",
        title=named(condition.engagement, condition.text),
        detail=detail if late > 0 else _("Promised with a go at a gate."),
        due=formats.day(condition.due_on),
        action=pgettext("action", "Open"),
        url=reverse("gate", args=[condition.engagement.slug, condition.decision.gate_id]),
        due_on=condition.due_on,
    )
