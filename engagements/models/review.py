"""What managers do about an engagement in a week of reviewing: look, comment, ask, send help. All of it is internal."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import Record, Versioned


class Review(ScopedModel, Versioned):
    """One engagement in one ISO week of its reviewer.

    Who has it open claims it softly until `claimed_until`: others are told and not kept out.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="reviews", verbose_name=_("engagement"))
    iso_year = models.PositiveSmallIntegerField(_("ISO year"))
    iso_week = models.PositiveSmallIntegerField(_("ISO week"))
    claimed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("looks at it"))
    claimed_at = models.DateTimeField(_("looks since"), null=True, editable=False)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, editable=False)
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, editable=False)
    comment = models.TextField(_("comment"), blank=True)
    commented_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("commented by"))

    seen_through = "engagement"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-iso_year", "-iso_week"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "iso_year", "iso_week"], name="one_review_per_week"),
            models.CheckConstraint(name="review_week_in_range", condition=models.Q(iso_week__range=(1, 53))),
            models.CheckConstraint(
                name="review_claimed_for_a_time",
                condition=models.Q(claimed_at__isnull=True, claimed_until__isnull=True)
                | models.Q(claimed_at__isnull=False, claimed_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.iso_year}-W{self.iso_week:02}"

    def held_at(self, now: datetime) -> User | None:
        """Who looks at it now; None when nobody does, or their lease is over."""
        return self.claimed_by if self.claimed_until and self.claimed_until > now else None


class ReviewQuestionQuerySet(ScopedRecordQuerySet):
    def open(self) -> ReviewQuestionQuerySet:
        return self.current().filter(answered_at=None)

    def unread(self) -> ReviewQuestionQuerySet:
        """Answered, and not read by whoever asked."""
        return self.current().filter(answered_at__isnull=False, read_at=None)


class ReviewQuestion(ScopedModel, Record):
    """What a manager wants to know of an engagement. Its lead is asked, whoever that is by then; anybody there may answer."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="review_questions", verbose_name=_("engagement"))
    text = models.CharField(_("question"), max_length=300)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), editable=False)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)

    seen_through = "engagement"
    objects = ReviewQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of a manager")
        verbose_name_plural = _("questions of managers")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(name="question_says_something", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="question_answered_with_words",
                condition=models.Q(answered_at__isnull=True, answer="") | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class HelpQuerySet(ScopedRecordQuerySet):
    def running(self) -> HelpQuerySet:
        return self.current().filter(done_at=None)


class Help(ScopedModel, Record):
    """Somebody a manager sends to help, with what and until which local day of the engagement."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="helps", verbose_name=_("engagement"))
    person = models.ForeignKey(User, models.CASCADE, related_name="helps", verbose_name=_("who helps"))
    text = models.CharField(_("with what"), max_length=300)
    until = models.DateField(_("until"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("sent by"))
    # Help needs to see the work: whoever was not there got a seat, which goes again when the help is taken back.
    gave_seat = models.BooleanField(_("got a seat for it"), default=False, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("done by"))

    seen_through = "engagement"
    objects = HelpQuerySet.as_manager()

    class Meta:
        verbose_name = _("help")
        verbose_name_plural = _("helps")
        ordering = ["until", "id"]
        constraints = [models.CheckConstraint(name="help_says_with_what", condition=~models.Q(text=""))]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_running(self) -> bool:
        return self.archived_at is None and self.done_at is None
