"""Lists across engagements about gates: those that could be passed next, what was promised with a go, what stays behind."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from engagements.models import Asset, Gate, GateCondition
from engagements.models.asset import NOBODY
from engagements.selectors.across.plans import EVERYTHING
from engagements.selectors.across.shape import Cut, ListKind, Row, band_when, place_of, said

SHUT = Q(criteria__is_hard=True, criteria__answer__in=("fail", "unknown"))
FAILED = Q(criteria__is_hard=True, criteria__answer="fail")
PRESENT = Q(decision=None, phase=F("engagement__phase"))


def gates() -> QuerySet[Gate]:
    rows = Gate.objects.standing().select_related("engagement__customer", "engagement__lead", "decision")
    return rows.annotate(blocking=Count("criteria", filter=SHUT), failing=Count("criteria", filter=FAILED))


def gate_row(gate: Gate, today: date) -> Row:
    decision = gate.decided
    blocked = ngettext("blocked by %(count)s hard criterion", "blocked by %(count)s hard criteria", gate.blocking)
    opening = gettext("ready to decide") if not gate.blocking else blocked % {"count": gate.blocking}
    return Row(
        title=str(gate),
        url=reverse("gate", args=[gate.engagement.slug, gate.pk]),
        engagement=gate.engagement,
        place=place_of(gate.engagement),
        facts=said(gate.engagement.lead.name, gate.get_sign_off_display() if gate.is_shared else ""),
        band=band_when(bool(decision and decision.opens) or not gate.blocking, gate.failing > 0, is_close=True),
        state=decision.get_outcome_display() if decision else opening,
        day=decision.decided_on if decision else None,
    )


GATES = ListKind(
    key="gates",
    title=_("Gates"),
    why=_("What each engagement has to pass next, those blocked most first."),
    rows=gates,
    row=gate_row,
    words=(),
    order=("-failing", "-blocking", "pk"),
    cuts=(
        Cut("open", _("Of the present phase"), lambda today, user: PRESENT, is_live=True),
        Cut("blocked", _("Blocked by a hard criterion"), lambda today, user: PRESENT & Q(blocking__gt=0), is_live=True),
        Cut("ready", _("Ready to decide"), lambda today, user: PRESENT & Q(blocking=0), is_live=True),
        Cut("decided", _("Decided"), lambda today, user: Q(decision__isnull=False), order=("-decision__decided_on", "-pk")),
        Cut("unsigned", _("Waiting for the customer’s sign-off"), lambda today, user: Q(is_shared=True, sign_off="open")),
    ),
    can_restore=False,
)


def conditions() -> QuerySet[GateCondition]:
    return GateCondition.objects.select_related("engagement__customer", "owner", "decision__gate")


def condition_row(condition: GateCondition, today: date) -> Row:
    is_done = condition.done_at is not None
    is_late = not is_done and condition.due_on < today
    return Row(
        title=condition.text,
        url=reverse("gate", args=[condition.engagement.slug, condition.decision.gate_id]),
        engagement=condition.engagement,
        place=place_of(condition.engagement),
        facts=said(str(condition.gate), condition.owner and condition.owner.name),
        band=band_when(is_done, is_late),
        state=gettext("Done") if is_done else gettext("Overdue") if is_late else gettext("Open"),
        day=condition.due_on,
        is_late=is_late,
    )


CONDITIONS = ListKind(
    key="conditions",
    title=_("Conditions of gates"),
    why=_("What was promised with a go, the next due first."),
    rows=conditions,
    row=condition_row,
    words=("text", "owner__name"),
    order=("due_on", "pk"),
    cuts=(
        Cut("open", _("Not met yet"), lambda today, user: Q(done_at=None), is_live=True),
        Cut("overdue", _("Overdue"), lambda today, user: Q(done_at=None, due_on__lt=today), is_live=True),
        EVERYTHING,
    ),
    can_restore=False,
)


def assets() -> QuerySet[Asset]:
    return Asset.objects.select_related("engagement__customer", "owner")


def asset_row(asset: Asset, today: date) -> Row:
    return Row(
        title=asset.name,
        url=reverse("asset_edit", args=[asset.engagement.slug, asset.pk]),
        engagement=asset.engagement,
        place=place_of(asset.engagement),
        facts=said(asset.get_kind_display(), asset.place),
        band=band_when(asset.has_owner, is_late=not asset.has_owner),
        state=asset.owner.name if asset.owner and asset.has_owner else gettext("nobody"),
        restore_url=reverse("asset_restore", args=[asset.engagement.slug, asset.pk]),
    )


ASSETS = ListKind(
    key="assets",
    title=_("Assets"),
    why=_("What stays with customers, and who answers for it there."),
    rows=assets,
    row=asset_row,
    words=("name", "place", "owner__name"),
    order=("engagement__customer__name", "name", "pk"),
    cuts=(EVERYTHING, Cut("ownerless", _("Without an owner"), lambda today, user: NOBODY)),
)
