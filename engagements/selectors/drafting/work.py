"""What the code and the tickets say was done, as facts. Only ever for us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import LineKind, WorkItem
from engagements.selectors.drafting.fact import DraftWeek, Fact
from fde_portal.core import formats

SHOWN_TITLES = 3
Kind = WorkItem.Kind


def work_done(draft: DraftWeek) -> Iterator[Fact]:
    """One line for each repository and kind. Commits are told only where no merged change tells it better."""
    rows = WorkItem.objects.filter(engagement=draft.engagement, happened_at__gte=draft.begin, happened_at__lt=draft.end)
    ordered = rows.order_by("repository", "kind", "happened_at", "id")
    groups = {place: list(items) for place, items in groupby(ordered, key=lambda item: (item.repository, item.kind))}
    for (repository, kind), items in groups.items():
        if kind == Kind.COMMIT and (repository, Kind.MERGE) in groups:
            continue
        key = f"work-{kind}-{sha256(repository.encode()).hexdigest()[:12]}-{draft.week.monday}"
        url = f"{reverse('engagement_work', args=[draft.engagement.slug])}?week={draft.week}"
        yield Fact(key, LineKind.PROGRESS, partial(_done, repository, Kind(kind), items), _("Work"), url, is_event=False)


def _done(repository: str, kind: Kind, items: Sequence[WorkItem]) -> str:
    count = len(items)
    words = {
        Kind.COMMIT: ngettext("%(count)s commit in %(where)s: %(what)s", "%(count)s commits in %(where)s: %(what)s", count),
        Kind.MERGE: ngettext("%(count)s change merged in %(where)s: %(what)s", "%(count)s changes merged in %(where)s: %(what)s", count),
        Kind.TICKET: ngettext("%(count)s ticket closed in %(where)s: %(what)s", "%(count)s tickets closed in %(where)s: %(what)s", count),
    }[kind]
    titles = [item.title[:60] for item in items[:SHOWN_TITLES]]
    more = count - len(titles)
    rest = [ngettext("%(count)s more", "%(count)s more", more) % {"count": more}] if more else []
    return words % {"count": formats.number(count), "where": repository[:80], "what": formats.listed([*titles, *rest])}
