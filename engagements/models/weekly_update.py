"""What was done, what is next, what we need: shared and internal lines in two tables."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet, Stakeholder
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class Rating(models.TextChoices):
    ON_TRACK = "on_track", _("On track")
    WATCH = "watch", _("Watch")
    AT_RISK = "at_risk", _("At risk")


class LineKind(models.TextChoices):
    PROGRESS = "progress", _("Progress")
    NEXT = "next", _("Next week")
    NOTE = "note", _("Note to the team")  # internal lines only


class LineOrigin(models.TextChoices):
    TYPED = "typed", _("Typed")
    CARRIED = "carried", _("Carried over")
    DRAFTED = "drafted", _("Drafted from a fact")


class WeeklyUpdateQuerySet(ScopedRecordQuerySet):
    def of_week(self, iso_year: int, iso_week: int) -> WeeklyUpdateQuerySet:
        return self.filter(iso_year=iso_year, iso_week=iso_week)

    def published(self) -> WeeklyUpdateQuerySet:
        """The revision that holds of each published week, newest week first."""
        return self.current().filter(state=WeeklyUpdate.State.PUBLISHED).order_by("-iso_year", "-iso_week")


class WeeklyUpdate(ScopedModel, Record):
    """One revision of one engagement's ISO week. A published revision is never edited: a correction is a new one."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CORRECTED = "corrected", _("Corrected")

    # The four self-ratings. Internal, like the health frozen at publishing.
    RATED = ("schedule", "adoption", "value", "relationship")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="weekly_updates", verbose_name=_("engagement"))
    iso_year = models.PositiveSmallIntegerField(_("ISO year"))
    iso_week = models.PositiveSmallIntegerField(_("ISO week"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)
    headline = models.CharField(_("headline"), max_length=140, blank=True)
    schedule_rating = models.CharField(_("schedule"), max_length=16, choices=Rating.choices, blank=True)
    adoption_rating = models.CharField(_("adoption"), max_length=16, choices=Rating.choices, blank=True)
    value_rating = models.CharField(_("value"), max_length=16, choices=Rating.choices, blank=True)
    relationship_rating = models.CharField(_("relationship"), max_length=16, choices=Rating.choices, blank=True)
    # Why the self-rating and the computed health differ by two bands. Internal.
    gap_reason = models.CharField(_("why you see it differently"), max_length=200, blank=True)
    # Keys of the facts the author left out, so that they are not drafted again.
    left_out = models.JSONField(_("facts left out"), default=list, blank=True, editable=False)
    # How the asks and blockers its form moved stood before: see services/week_moves.py.
    moved = models.JSONField(_("moved with it"), default=dict, blank=True, editable=False)
    # The Monday of the last week that said something new, on a week without news.
    unchanged_since = models.DateField(_("nothing new since"), null=True, blank=True, editable=False)
    derived_health = models.JSONField(_("health at publishing"), null=True, blank=True, editable=False)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("published by"))

    # Which open form saved last, and its how manieth save that was: see Sitting in services/weekly_updates.py.
    last_form = models.CharField(max_length=36, blank=True, editable=False)
    last_turn = models.PositiveIntegerField(default=0, editable=False)

    seen_through = "engagement"
    objects = WeeklyUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly update")
        verbose_name_plural = _("weekly updates")
        ordering = ["-iso_year", "-iso_week", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "iso_year", "iso_week", "revision"], name="one_update_per_week_and_revision"
            ),
            models.UniqueConstraint(
                fields=["engagement", "iso_year", "iso_week"], condition=models.Q(state="draft"), name="one_draft_per_week"
            ),
            models.UniqueConstraint(
                fields=["engagement", "iso_year", "iso_week"],
                condition=models.Q(state="published"),
                name="one_published_revision_per_week",
            ),
            models.CheckConstraint(name="iso_week_in_range", condition=models.Q(iso_week__range=(1, 53))),
            models.CheckConstraint(
                name="draft_has_no_publishing_date",
                condition=models.Q(state="draft", published_at__isnull=True)
                | (~models.Q(state="draft") & models.Q(published_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.iso_year}-W{self.iso_week:02}"

    @property
    def week_label(self) -> str:
        """The week as it stands in addresses: 2026-W47."""
        return f"{self.iso_year}-W{self.iso_week:02}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.iso_year, self.iso_week, 1)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def ratings(self) -> dict[str, str]:
        """The four self-ratings by name; "" where none was given."""
        return {name: getattr(self, f"{name}_rating") for name in self.RATED}

    @property
    def rated(self) -> list[tuple[str, str, str]]:
        """For each rating its name, value and word."""
        names = {name: str(self._meta.get_field(f"{name}_rating").verbose_name) for name in self.RATED}
        return [(names[name], self.ratings[name], word) for name, word in self.rating_words.items()]

    @property
    def current_asks(self) -> models.QuerySet:
        """The asks raised in it that nobody put away."""
        return self.asks.current()

    @property
    def shared_progress(self) -> list[SharedLine]:
        return [line for line in self.shared_lines.all() if line.kind == LineKind.PROGRESS]

    @property
    def shared_next(self) -> list[SharedLine]:
        return [line for line in self.shared_lines.all() if line.kind == LineKind.NEXT]

    @property
    def rating_words(self) -> dict[str, str]:
        """The ratings in the reader's language."""
        return {name: str(Rating(value).label) if value else "" for name, value in self.ratings.items()}


class UpdateLine(models.Model):
    """Common shape of the two line tables. They stay two: moving a line across is an act, not a flag."""

    kind = models.CharField(_("kind"), max_length=16, choices=LineKind.choices)
    text = models.CharField(_("text"), max_length=500)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    evidence_link = models.URLField(_("evidence"), blank=True)
    origin = models.CharField(_("origin"), max_length=16, choices=LineOrigin.choices, default=LineOrigin.TYPED)
    # The key of the fact it was drafted from; the origin is "drafted" while nobody changed its words.
    fact = models.CharField(_("drafted from"), max_length=80, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class SharedLine(ScopedModel, UpdateLine):
    update = models.ForeignKey(WeeklyUpdate, models.CASCADE, related_name="shared_lines", verbose_name=_("weekly update"))

    seen_through = "update"

    class Meta(UpdateLine.Meta):
        verbose_name = _("shared line")
        verbose_name_plural = _("shared lines")
        constraints = [models.CheckConstraint(name="note_is_never_shared", condition=~models.Q(kind=LineKind.NOTE))]


class InternalLine(ScopedModel, UpdateLine):
    update = models.ForeignKey(WeeklyUpdate, models.CASCADE, related_name="internal_lines", verbose_name=_("weekly update"))

    seen_through = "update"

    class Meta(UpdateLine.Meta):
        verbose_name = _("internal line")
        verbose_name_plural = _("internal lines")


class AskQuerySet(ScopedRecordQuerySet):
    def asked(self) -> AskQuerySet:
        """All but those that only a draft says: they are not asked yet, and are written where the draft is."""
        return self.exclude(raised_in__state=WeeklyUpdate.State.DRAFT)

    def open(self) -> AskQuerySet:
        """Asks the customer still owes an answer to."""
        return self.current().asked().filter(state=Ask.State.OPEN)


class Ask(ScopedModel, Record):
    """Something we need from the customer. Carried from week to week until it is done or withdrawn."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="asks", verbose_name=_("engagement"))
    raised_in = models.ForeignKey(
        WeeklyUpdate, models.SET_NULL, null=True, blank=True, related_name="asks", verbose_name=_("raised in")
    )
    # By name: what customers may reach must not import notes.
    origin_note = models.ForeignKey(
        "engagements.StakeholderNote",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="asks",
        verbose_name=_("from the note"),
    )
    text = models.CharField(_("what we need"), max_length=300)
    stakeholder = models.ForeignKey(
        Stakeholder, models.SET_NULL, null=True, blank=True, related_name="asks", verbose_name=_("from whom")
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    consequence = models.CharField(_("what happens otherwise"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    seen_through = "engagement"
    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = [models.F("due_on").asc(nulls_last=True), "id"]
        indexes = [models.Index(fields=["engagement", "state"])]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("ask", args=[self.engagement.slug, self.pk])

    @property
    def is_drafted(self) -> bool:
        """Whether only the draft of a week says it so far."""
        return self.raised_in is not None and self.raised_in.is_draft
