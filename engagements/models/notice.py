"""What the portal tells one person by itself, and what they do not want to be told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import Scope, ScopedModel, ScopedQuerySet
from fde_portal.core.prepared import Param


class NoticeKind(models.TextChoices):
    """Everything that can be muted: the kinds of notices, and the two mails that come by the calendar."""

    AT_RISK = "at_risk", _("An engagement becomes at risk")
    OBJECTION = "objection", _("A customer disputes, does not accept, or asks")
    INCIDENT = "incident", _("An incident is opened")
    FEED_STOPPED = "feed_stopped", _("Usage data stops")
    NAMED = "named", _("You are named on an engagement")
    HELP = "help", _("You are sent to help")
    QUESTION = "question", _("A manager asks about an engagement")
    ANSWER = "answer", _("A customer answers, accepts or confirms")
    REPLY = "reply", _("Your question about an engagement is answered")
    REMINDER = "reminder", _("Weekly updates are left")
    DIGEST = "digest", _("The week ahead, on Monday")

    @property
    def cannot_wait(self) -> bool:
        """Whether a mail goes at once; the rest stands in the list and in the mail on Monday."""
        return self in CANNOT_WAIT


CANNOT_WAIT = frozenset({
    NoticeKind.AT_RISK, NoticeKind.OBJECTION, NoticeKind.INCIDENT, NoticeKind.FEED_STOPPED, NoticeKind.NAMED, NoticeKind.HELP,
    NoticeKind.QUESTION,
})  # fmt: skip


class Because(models.TextChoices):
    """Why somebody is told."""

    LEAD = "lead", _("lead FDE")
    BACKUP = "backup", _("backup FDE")
    MANAGER = "manager", _("manager")
    TEAM = "team", _("team member")
    HELPER = "helper", _("who helps")
    ASKED = "asked", _("who asked")


class NoticeQuerySet(ScopedQuerySet):
    def within(self, scope: Scope, viewer: User | Param) -> NoticeQuerySet:
        """The person's own, about engagements they still see; also for roles that see every record."""
        return super().within(scope, viewer).filter(person=viewer)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(ScopedModel):
    """Something that happened, told to one person once: `key` names the happening, and the database holds the once.

    `facts` are what its sentence is made of, in the reader's language (selectors/notices/words.py).
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("person"))
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="notices", verbose_name=_("engagement"))
    kind = models.CharField(_("kind"), max_length=16, choices=NoticeKind.choices)
    key = models.CharField(max_length=80)
    because = models.CharField(_("reason"), max_length=16, choices=Because.choices)
    facts = models.JSONField(_("facts"), default=dict)
    happened_at = models.DateTimeField(_("time"))
    written_at = models.DateTimeField(_("written"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    seen_through = "engagement"
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-happened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="notice_once_per_person")]
        indexes = [
            models.Index(fields=["person", "-happened_at"], name="notice_newest_first"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.engagement}"


class OwnQuerySet(ScopedQuerySet):
    def within(self, scope: Scope, viewer: User | Param) -> OwnQuerySet:
        """The person's own rows; also for roles that see every record."""
        return self.none() if scope is Scope.NOTHING else self.filter(self.model.seen_by(viewer))


class NoticeMute(ScopedModel):
    """That somebody wants no mail and no count of one kind, or about one engagement. The list keeps both."""

    person = models.ForeignKey(User, models.CASCADE, related_name="mutes", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=16, choices=NoticeKind.choices, blank=True)
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, null=True, blank=True, related_name="mutes", verbose_name=_("engagement")
    )

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("muted notices")
        verbose_name_plural = _("muted notices")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="mutes_a_kind_or_an_engagement",
                condition=models.Q(kind="", engagement__isnull=False) | (~models.Q(kind="") & models.Q(engagement=None)),
            ),
            models.UniqueConstraint(fields=["person", "kind"], condition=~models.Q(kind=""), name="kind_muted_once"),
            models.UniqueConstraint(
                fields=["person", "engagement"], condition=models.Q(engagement__isnull=False), name="engagement_muted_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.engagement or self.get_kind_display())

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        return models.Q(person=user)
