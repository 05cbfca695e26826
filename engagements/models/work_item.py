"""Evidence from the work itself: where changes and tickets come from, which engagement they belong to. Internal."""

from __future__ import annotations

import secrets
from fnmatch import fnmatchcase

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record, TimeStamped


def new_nonce() -> str:
    return secrets.token_hex(16)


class WorkSource(ScopedModel, Record):
    """A code host or a list of tickets that tells us what was done. It names no customer."""

    class Kind(models.TextChoices):
        GITHUB = "github", _("GitHub webhook")
        GITLAB = "gitlab", _("GitLab webhook")
        FILE = "file", _("Files: git log, closed tickets")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.GITHUB)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    last_received_at = models.DateTimeField(_("last received"), null=True, blank=True, editable=False)

    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of work")
        verbose_name_plural = _("sources of work")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """Only those who manage sources: what a repository is called may name another customer."""
        return models.Q(pk__isnull=not user.can(Permission.MANAGE_WORK_SOURCES))

    @property
    def secret(self) -> str:
        """What the code host signs with. Derived from the installation's key, so that no copy of the database holds it."""
        return salted_hmac("engagements.work_source", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()


class WorkRule(ScopedModel, Record):
    """What of a source belongs to an engagement. Patterns know * and ?; empty ones match everything."""

    source = models.ForeignKey(WorkSource, models.CASCADE, related_name="rules", verbose_name=_("source of work"))
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="work_rules", verbose_name=_("engagement"))
    repository = models.CharField(
        _("repository or project"), max_length=200, help_text=_("For example acme/claims, or acme/* for all of a group.")
    )
    branch = models.CharField(_("branch"), max_length=120, blank=True, help_text=_("For example main, or release/*."))
    words = models.CharField(
        _("words in the title"), max_length=120, blank=True, help_text=_("Only what mentions them, such as a ticket prefix CLM-.")
    )

    seen_through = "engagement"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for work")
        verbose_name_plural = _("rules for work")
        ordering = ["repository", "id"]
        constraints = [models.CheckConstraint(name="work_rule_names_a_repository", condition=~models.Q(repository=""))]

    def __str__(self) -> str:
        return self.repository

    def matches(self, *, repository: str, branch: str, title: str) -> bool:
        """Whether something belongs to the engagement. Work without a branch, such as a ticket, passes every branch."""
        return (
            fnmatchcase(repository.lower(), self.repository.lower())
            and (not self.branch or not branch or fnmatchcase(branch, self.branch))
            and self.words.lower() in title.lower()
        )


class WorkItem(ScopedModel, TimeStamped):
    """One commit, merged change or closed ticket of an engagement. The same one twice is one row."""

    class Kind(models.TextChoices):
        COMMIT = "commit", _("Commit")
        MERGE = "merge", _("Merged change")
        TICKET = "ticket", _("Closed ticket")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="work_items", verbose_name=_("engagement"))
    source = models.ForeignKey(WorkSource, models.SET_NULL, null=True, related_name="items", verbose_name=_("source of work"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    repository = models.CharField(_("repository or project"), max_length=200)
    key = models.CharField(_("number or hash"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    author = models.CharField(_("author"), max_length=120, blank=True)
    happened_at = models.DateTimeField(_("done"))
    url = models.URLField(_("address"), max_length=500, blank=True)

    seen_through = "engagement"

    class Meta:
        verbose_name = _("piece of work")
        verbose_name_plural = _("pieces of work")
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["engagement", "-happened_at"])]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "kind", "repository", "key"], name="piece_of_work_once_per_engagement")
        ]

    def __str__(self) -> str:
        return self.title
