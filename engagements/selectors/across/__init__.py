"""What the lists across engagements read: one page of records of a kind, and how many each kind has."""

from __future__ import annotations

from engagements.selectors.across.events import INCIDENTS, NOTES, RELEASES
from engagements.selectors.across.gates import ASSETS, CONDITIONS, GATES
from engagements.selectors.across.plans import ASKS, DELIVERABLES, MILESTONES, WITHOUT_MILESTONE
from engagements.selectors.across.shape import Cut, ListKind, Row

__all__ = ["KINDS", "Cut", "ListKind", "Row", "kind_named"]

KINDS = (ASKS, MILESTONES, WITHOUT_MILESTONE, GATES, CONDITIONS, DELIVERABLES, ASSETS, RELEASES, INCIDENTS, NOTES)


def kind_named(key: str) -> ListKind:
    """The list of that name, else the first: an address that names nonsense shows something."""
    return next((kind for kind in KINDS if kind.key == key), KINDS[0])
