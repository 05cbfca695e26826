"""What the customer sees: editions that never change, and grants to open them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import TimeStamped


class Section(models.TextChoices):
    """Parts of the shared page a grant may leave out."""

    ASKS = "asks", _("What we need from you")
    DELIVERABLES = "deliverables", _("What you can accept")
    BLOCKERS = "blockers", _("What holds us up")
    LINES = "lines", _("What we did and what is next")
    MILESTONES = "milestones", _("Milestones")
    OUTCOMES = "outcomes", _("What we agreed to reach")
    ADOPTION = "adoption", _("People using it")
    VALUE = "value", _("Value after costs")


def all_sections() -> list[str]:
    return list(Section.values)


class EditionQuerySet(ScopedQuerySet):
    def standing(self) -> EditionQuerySet:
        """Those a customer may read: what was taken back is shown to nobody outside."""
        return self.filter(retraction=None)


class Edition(ScopedModel):
    """What was published, as canonical JSON text with its hash. An immutable row."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="editions", verbose_name=_("engagement"))
    number = models.PositiveIntegerField(_("number"))
    content = models.TextField(_("content"))
    content_hash = models.CharField(_("hash"), max_length=64)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by"))

    seen_through = "engagement"
    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="edition_number_once_per_engagement")]

    def __str__(self) -> str:
        return f"{self.engagement} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("An edition is never changed.")
        super().save(*args, **kwargs)


class EditionRetraction(ScopedModel):
    """An edition that was taken back as a whole. The edition itself stays as it was published."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="retraction", verbose_name=_("edition"))
    retracted_at = models.DateTimeField(_("taken back"))
    retracted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("taken back by"))

    seen_through = "edition"

    class Meta:
        verbose_name = _("edition taken back")
        verbose_name_plural = _("editions taken back")

    def __str__(self) -> str:
        return str(self.edition)


class ShareQuerySet(ScopedQuerySet):
    def open_at(self, now: Any) -> ShareQuerySet:
        """Grants that open their page at the instant `now`."""
        return self.filter(revoked_at__isnull=True).filter(models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=now))


class Share(ScopedModel, TimeStamped):
    """A grant: whoever holds the link may read the latest edition. Only the link's hash is stored."""

    class Audience(models.TextChoices):
        RECIPIENT = "recipient", _("One person")
        DOMAIN = "domain", _("People of one company")
        OPEN = "open", _("Whoever has the link")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="shares", verbose_name=_("engagement"))
    name = models.CharField(_("for whom"), max_length=120, help_text=_("So that you recognise the link later."))
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    audience = models.CharField(_("opens for"), max_length=16, choices=Audience.choices, default=Audience.OPEN)
    recipient = models.EmailField(_("e-mail"), blank=True)
    domain = models.CharField(_("company domain"), max_length=253, blank=True)
    # A slow hash, as of a password: a passcode is short, and people use them again elsewhere.
    passcode = models.CharField(_("passcode"), max_length=128, blank=True, editable=False)
    sections = models.JSONField(_("sections"), default=all_sections)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    expires_at = models.DateTimeField(_("works until"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by"))
    mails_editions = models.BooleanField(_("mail new editions"), default=False)
    opted_out_at = models.DateTimeField(_("wants no mail since"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("revoked by"))

    seen_through = "engagement"
    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="share_says_for_whom",
                condition=models.Q(audience="open")
                | (models.Q(audience="recipient") & ~models.Q(recipient=""))
                | (models.Q(audience="domain") & ~models.Q(domain="")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def opens_for(self) -> str:
        """For whom it opens, as its makers read it: an address, "@example.com", or that anybody may."""
        if self.audience == self.Audience.RECIPIENT:
            return self.recipient
        return f"@{self.domain}" if self.audience == self.Audience.DOMAIN else str(self.get_audience_display())

    @property
    def asks_for_address(self) -> bool:
        """Whether readers prove by a mailed code who they are."""
        return self.audience != self.Audience.OPEN

    def admits(self, address: str) -> bool:
        """Whether somebody who reads mail at `address` (lower case) may open the page and answer on it."""
        if self.audience == self.Audience.RECIPIENT:
            return address == self.recipient
        if self.audience == self.Audience.DOMAIN:
            return address.rpartition("@")[2] == self.domain
        return True

    @property
    def section_names(self) -> list[str]:
        """The sections in the reader's language, in the order of the page."""
        return [str(section.label) for section in Section if section in self.sections]


class ShareView(ScopedModel):
    """One opening of a shared page."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="views", verbose_name=_("share link"))
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="views", verbose_name=_("edition"))
    address = models.EmailField(_("e-mail"), blank=True)  # where the reader proved one
    seen_at = models.DateTimeField(_("opened"))

    seen_through = "share"

    class Meta:
        verbose_name = _("page view")
        verbose_name_plural = _("page views")
        ordering = ["-seen_at"]
        indexes = [models.Index(fields=["share", "-seen_at"])]

    def __str__(self) -> str:
        return f"{self.share} {self.seen_at:%Y-%m-%d}"
