"""What people do not want to be told, and the keys that mails carry to say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse

from engagements.models import Engagement, NoticeKind, NoticeMute
from fde_portal.accounts.models import User

SIGNER = Signer(salt="mute")


@dataclass(frozen=True, slots=True)
class Mutable:
    """What one person can mute: a kind, or all about an engagement. The other is empty."""

    person: User
    kind: str = ""
    engagement: Engagement | None = None

    @property
    def rows(self) -> QuerySet[NoticeMute]:
        return NoticeMute.objects.filter(person=self.person, kind=self.kind, engagement=self.engagement)

    @property
    def is_muted(self) -> bool:
        return self.rows.exists()

    @property
    def token(self) -> str:
        """The key in a mail: it opens this one choice of this one person, and is good for as long as they are here."""
        return SIGNER.sign_object([self.person.pk, self.kind, self.engagement.pk if self.engagement else None])

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("mute", args=[self.token])


def mutable_of(token: str) -> Mutable | None:
    """What a key opens; None when it was not made here, or the person or the engagement is gone."""
    try:
        person_id, kind, engagement_id = SIGNER.unsign_object(token)
    except BadSignature:
        return None
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None or engagement_id is None:
        return Mutable(person, kind) if person else None
    # Whoever sees the engagement no longer is not told its name.
    engagement = Engagement.objects.visible_to(person).select_related("customer").filter(pk=engagement_id).first()
    return Mutable(person, "", engagement) if engagement else None


@dataclass(frozen=True, slots=True)
class Muted:
    """What some people have muted: (person, kind) and (person, engagement), by ids."""

    kinds: frozenset[tuple[int, str]]
    engagements: frozenset[tuple[int, int]]

    def hides(self, person: int, kind: str, engagement: int) -> bool:
        return (person, kind) in self.kinds or (person, engagement) in self.engagements


def muted_by(people: Iterable[int]) -> Muted:
    """One statement for all people."""
    found: dict[bool, set] = defaultdict(set)
    for person, kind, engagement in NoticeMute.objects.filter(person__in=people).values_list("person", "kind", "engagement"):
        found[bool(kind)].add((person, kind or engagement))
    return Muted(frozenset(found[True]), frozenset(found[False]))


def without(people: QuerySet[User], kind: NoticeKind) -> QuerySet[User]:
    """Those of `people` who have not muted a kind."""
    return people.exclude(mutes__kind=kind)
