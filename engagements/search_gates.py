"""How gates are found: by what was answered, promised with a go, or stays behind."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.models import Asset, GateCondition, GateCriterion
from engagements.search_parts import place_of
from fde_portal.core.search.kinds import Kind

CRITERIA = Kind(
    model=GateCriterion,
    label=_("Criteria of gates"),
    icon="flag",
    title=lambda row: row.text,
    text=lambda row: (row.evidence, row.reason),
    scope=lambda row: f"engagement:{row.engagement_id}",
    url=lambda row: f"{reverse('gate', args=[row.gate.engagement.slug, row.gate_id])}#criterion-{row.pk}",
    detail=lambda row: place_of(row.gate.engagement),
    # Of many engagements that ask the same, those are found where somebody answered; earlier rounds say it again.
    is_found=lambda row: row.gate.is_current and row.answer != GateCriterion.Answer.UNKNOWN,
    related=("gate__engagement__customer",),
)

CONDITIONS = Kind(
    model=GateCondition,
    label=_("Conditions of gates"),
    icon="flag",
    title=lambda row: row.text,
    scope=lambda row: f"engagement:{row.engagement_id}",
    url=lambda row: reverse("gate", args=[row.engagement.slug, row.decision.gate_id]),
    detail=lambda row: place_of(row.engagement),
    related=("engagement__customer", "decision"),
)

ASSETS = Kind(
    model=Asset,
    label=_("Assets"),
    icon="building",
    title=lambda asset: asset.name,
    text=lambda asset: (asset.place, asset.note),
    scope=lambda asset: f"engagement:{asset.engagement_id}",
    url=lambda asset: reverse("asset_edit", args=[asset.engagement.slug, asset.pk]),
    detail=lambda asset: place_of(asset.engagement),
    related=("engagement__customer",),
)

GATES = (CRITERIA, CONDITIONS, ASSETS)
