"""Limits on tries, counted in the database: an emptied cache or broker gives nobody a new try.

A try is counted before it is judged, by one conditional update, so that many at once cannot share the last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from fde_portal.core.models import TryCount


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` tries per subject within `window`, which begins with the first of them.

    A subject is any text, such as the key of a row or a client's network. Only a keyed digest of it is
    stored. Call outside a transaction: one that is rolled back would forget the try.
    """

    name: str
    most: int
    window: timedelta

    def claim(self, subject: object, *, now: datetime) -> bool:
        """Count one try. False when there is none left."""
        key = self.key_of(subject)
        TryCount.objects.bulk_create([TryCount(key=key, since=now, count=0)], ignore_conflicts=True)
        rows = TryCount.objects.filter(key=key)
        rows.filter(since__lte=now - self.window).update(since=now, count=0)
        return bool(rows.filter(count__lt=self.most).update(count=F("count") + 1))

    def give_back(self, subject: object) -> None:
        """Take one try off again, because it was right."""
        TryCount.objects.filter(key=self.key_of(subject), count__gt=0).update(count=F("count") - 1)

    def spent(self, key: Any, *, since: Any) -> QuerySet[TryCount]:
        """The row that says nothing is left of what `key_of` names, `since` being `window` ago; empty otherwise.

        For `Exists` in a page's own query, which may be prepared.
        """
        return TryCount.objects.filter(key=key, since__gt=since, count__gte=self.most)

    def key_of(self, subject: object) -> str:
        return salted_hmac(f"fde_portal.core.tries.{self.name}", str(subject), algorithm="sha256").hexdigest()


def forget_counts(*, now: datetime, kept: timedelta = timedelta(days=2)) -> None:
    """Delete counts whose window is long over."""
    TryCount.objects.filter(since__lt=now - kept).delete()
