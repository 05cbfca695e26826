"""Taking in evidence from the work, and the acts on its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from engagements.intake.work import Work
from engagements.models.work_item import WorkItem, WorkRule, WorkSource, new_nonce
from fde_portal.accounts import audit
from fde_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many pieces of work were new, known before, and nobody's by the rules."""

    new: int
    known: int
    ignored: int


@transaction.atomic
def take_in_work(*, source: WorkSource, found: Iterable[Work], now: datetime) -> TakenIn:
    """Store what the rules of `source` give to an engagement; the rest is dropped unread.

    Idempotent: the same work again, in any order, changes nothing.
    """
    found = list(found)
    rules = list(source.rules.current().filter(engagement__archived_at=None))
    items = {_identity(item): item for work in found for item in _items_of(work, rules, source)}
    known = _stored(items.values())
    WorkItem.objects.bulk_create((item for key, item in items.items() if key not in known), ignore_conflicts=True)
    WorkSource.objects.filter(pk=source.pk).update(last_received_at=now)
    ignored = sum(not any(_matches(rule, work) for rule in rules) for work in found)
    return TakenIn(len(items) - len(known), len(known), ignored)


def _matches(rule: WorkRule, work: Work) -> bool:
    return rule.matches(repository=work.repository, branch=work.branch, title=work.title)


def _items_of(work: Work, rules: Iterable[WorkRule], source: WorkSource) -> Iterator[WorkItem]:
    for rule in rules:
        if _matches(rule, work):
            yield WorkItem(
                engagement_id=rule.engagement_id, source=source, kind=work.kind, repository=work.repository[:200],
                key=work.key[:80], title=work.title[:200], author=work.author[:120], happened_at=work.happened_at, url=work.url,
            )


def _identity(item: WorkItem) -> tuple[int, str, str, str]:
    return item.engagement_id, item.kind, item.repository, item.key


def _stored(items: Iterable[WorkItem]) -> set[tuple[int, str, str, str]]:
    items = list(items)
    rows = WorkItem.objects.filter(
        engagement__in={item.engagement_id for item in items}, repository__in={item.repository for item in items}
    )
    wanted = {_identity(item) for item in items}
    return wanted & set(rows.values_list("engagement_id", "kind", "repository", "key"))


@transaction.atomic
def renew_secret(source: WorkSource, *, by: User) -> None:
    """Make a new secret. The old one opens nothing from now on."""
    WorkSource.objects.filter(pk=source.pk).update(nonce=new_nonce(), version=F("version") + 1)
    source.refresh_from_db()
    audit.record("renew_secret", source, by=by)
