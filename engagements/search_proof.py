"""How outcomes, value cases, usage sources and playbooks are found."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.models import OutcomeAgreement, Playbook, UsageSource, ValueCase
from engagements.search_parts import place_of
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.core.search.kinds import Kind

PLAYBOOK_SCOPE = "playbooks"


def scopes_of_playbooks(user: User) -> list[str]:
    """Everybody begins engagements from playbooks; their pages are open to those who manage them."""
    return [PLAYBOOK_SCOPE] if user.can(Permission.MANAGE_PLAYBOOKS) else []


def words_of_playbook(playbook: Playbook) -> Iterator[str]:
    yield playbook.summary
    for parts in (playbook.milestones, playbook.deliverables, playbook.criteria, playbook.integrations):
        yield from (str(part) for part in parts.all())


OUTCOMES = Kind(
    model=OutcomeAgreement,
    label=_("Outcomes"),
    icon="flag",
    title=lambda agreement: agreement.outcome,
    text=lambda agreement: (agreement.metric, agreement.population, agreement.source_of_truth),
    scope=lambda agreement: f"engagement:{agreement.engagement_id}",
    url=lambda agreement: reverse("outcome", args=[agreement.engagement.slug, agreement.pk]),
    detail=lambda agreement: place_of(agreement.engagement),
    related=("engagement__customer",),
)

VALUE_CASES = Kind(
    model=ValueCase,
    label=_("Value cases"),
    icon="coin",
    title=lambda case: case.title,
    text=lambda case: (case.source, *(line.name for line in case.lines.all())),
    scope=lambda case: f"engagement:{case.engagement_id}",
    url=lambda case: reverse("value_story", args=[case.engagement.slug, case.pk]),
    detail=lambda case: place_of(case.engagement),
    related=("engagement__customer",),
    prefetch=("lines",),
)

SOURCES = Kind(
    model=UsageSource,
    label=_("Usage sources"),
    icon="signal",
    title=lambda source: source.name,
    text=lambda source: (source.deliverable.name,),
    scope=lambda source: f"engagement:{source.deliverable.engagement_id}",
    url=lambda source: reverse("usage_source", args=[source.deliverable.engagement.slug, source.pk]),
    detail=lambda source: f"{source.deliverable.name} · {place_of(source.deliverable.engagement)}",
    related=("deliverable__engagement__customer",),
)

PLAYBOOKS = Kind(
    model=Playbook,
    label=_("Playbooks"),
    icon="rows",
    title=lambda playbook: playbook.name,
    text=words_of_playbook,
    scope=lambda playbook: PLAYBOOK_SCOPE,
    url=lambda playbook: reverse("playbook_edit", args=[playbook.pk]),
    detail=lambda playbook: playbook.get_language_display(),
    prefetch=("milestones", "deliverables", "criteria", "integrations"),
)

PROOF = (OUTCOMES, VALUE_CASES, SOURCES, PLAYBOOKS)
