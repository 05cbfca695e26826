"""Usage: what sources sent (the truth) and the bitmaps derived from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer, ScopedRecordQuerySet
from engagements.models.deliverable import Deliverable
from fde_portal.accounts.models import TokenBase, User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class UsageSource(ScopedModel, Record):
    class Kind(models.TextChoices):
        DAILY = "daily", _("Totals per person and day")
        EVENTS = "events", _("Single events with an id")

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="usage_sources", verbose_name=_("deliverable"))
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.DAILY)
    cadence_days = models.PositiveSmallIntegerField(_("expected every … days"), default=1)
    keeps_names = models.BooleanField(
        _("keep names"), default=False, help_text=_("Only if the customer agreed. Otherwise people are stored as keyed hashes.")
    )
    # Sequence numbers are handed out by one UPDATE, so that two batches at once cannot get the same.
    last_sequence = models.PositiveBigIntegerField(default=0, editable=False)

    seen_through = "deliverable"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage source")
        verbose_name_plural = _("usage sources")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "name"],
                name="source_name_once_per_deliverable",
                violation_error_message=_("This deliverable already has a source with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class UsageToken(ScopedModel, TokenBase):
    """Lets a program append usage to one source, and nothing else."""

    PREFIX = "fdeu"

    source = models.ForeignKey(UsageSource, models.CASCADE, related_name="tokens", verbose_name=_("usage source"))

    seen_through = "source"

    class Meta:
        verbose_name = _("usage token")
        verbose_name_plural = _("usage tokens")
        ordering = ["-created_at"]


class UsageBatch(ScopedModel):
    """One delivery of rows, recognised by its key: taken whole or not at all, unless it allowed parts.

    Only the rows of accepted batches count. The days are unknown until it is loaded.
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", _("Arriving")
        LOADING = "loading", _("Loading")
        ACCEPTED = "accepted", pgettext_lazy("batch", "Accepted")
        FAILED = "failed", _("Refused")
        CANCELLED = "cancelled", pgettext_lazy("batch", "Cancelled")
        ROLLED_BACK = "rolled_back", _("Rolled back")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        JSON = "json", "JSON"
        NDJSON = "ndjson", "NDJSON"

    source = models.ForeignKey(UsageSource, models.CASCADE, related_name="batches", verbose_name=_("usage source"))
    sequence = models.PositiveBigIntegerField(_("sequence"))
    key = models.CharField(_("idempotency key"), max_length=200)
    content_hash = models.CharField(_("content hash"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.ACCEPTED)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    refused_count = models.PositiveIntegerField(_("refused rows"), default=0)
    repeated_count = models.PositiveIntegerField(_("events known before"), default=0)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    format = models.CharField(_("format"), max_length=8, choices=Format.choices, default=Format.CSV)
    encoding = models.CharField(_("text encoding"), max_length=16, default="utf-8")
    # The file's own headings by our column names, where they differ.
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    takes_parts = models.BooleanField(_("takes in the valid rows"), default=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    read_size = models.PositiveBigIntegerField(_("bytes read"), default=0)
    # The first hundred faults: row, column, message.
    errors = models.JSONField(_("faults"), default=list, blank=True)
    received_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("uploaded by"))

    seen_through = "source"

    class Meta:
        verbose_name = _("usage batch")
        verbose_name_plural = _("usage batches")
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["source", "sequence"], name="batch_sequence_once_per_source"),
            models.UniqueConstraint(fields=["source", "key"], name="batch_key_once_per_source"),
            models.CheckConstraint(
                name="batch_that_counts_has_days",
                condition=~models.Q(state__in=["accepted", "rolled_back"]) | models.Q(first_day__isnull=False, last_day__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.sequence}"

    @property
    def is_on_its_way(self) -> bool:
        """Whether the worker still has to load it."""
        return self.state == self.State.LOADING

    @property
    def progress(self) -> int:
        """How much of it is read, in percent."""
        return min(100, 100 * self.read_size // self.size) if self.size else 0


class Actor(ScopedModel):
    """Somebody (or something) that used a deliverable, as a keyed hash, numbered within the customer."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        OWN_STAFF = "own_staff", _("Our own staff")
        BOT = "bot", _("Robot")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="actors", verbose_name=_("customer"))
    key_hash = models.CharField(_("keyed hash"), max_length=64)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200, blank=True)
    ordinal = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.PERSON)
    alias_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="aliases", verbose_name=_("same as"))

    seen_through = "customer"

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        constraints = [
            models.UniqueConstraint(fields=["customer", "key_hash"], name="actor_hash_once_per_customer"),
            models.UniqueConstraint(fields=["customer", "ordinal"], name="actor_ordinal_once_per_customer"),
        ]

    def __str__(self) -> str:
        # Never the name: what the trail says of an actor must outlive the person's erasure.
        return self.key_hash[:8]

    @property
    def shown_as(self) -> str:
        """The name for pages, where the customer agreed to names."""
        return self.name or str(self)


class ActorSequence(ScopedModel):
    """Hands out ordinals by one UPDATE per batch, safe on both databases.

    Who writes usage of the customer holds this row shared, who erases somebody holds it alone.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="+", verbose_name=_("customer"))
    next_ordinal = models.PositiveIntegerField(default=0)
    # Grows when somebody is erased: ids of actors that were looked up before may be gone.
    erasures = models.PositiveIntegerField(default=0)

    seen_through = "customer"


class UsageRow(ScopedModel):
    """The truth of `daily` sources: one person's use of one feature and release on one local day.

    The database does not check the keys of rows (`db_constraint`): a check for each row and key took more
    time than writing the rows. They hold because the batch, whose keys are checked, is written in the same
    transaction or waits for its worker, and because nobody is erased while rows are written
    (`services.actors.keep_people`).
    """

    # Both keys begin a wider index below: an index of their own would only be written.
    batch = models.ForeignKey(
        UsageBatch, models.CASCADE, related_name="rows", verbose_name=_("batch"), db_index=False, db_constraint=False
    )
    deliverable = models.ForeignKey(
        Deliverable, models.CASCADE, related_name="usage_rows", verbose_name=_("deliverable"), db_index=False, db_constraint=False
    )
    day = models.DateField(_("day"))
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="+", verbose_name=_("actor"), db_constraint=False)
    feature = models.CharField(_("feature"), max_length=80, blank=True, default="")
    release = models.CharField(_("release"), max_length=80, blank=True, default="")
    events = models.PositiveBigIntegerField(_("events"))
    seconds_saved = models.BigIntegerField(_("seconds saved"), default=0)
    accepted = models.PositiveBigIntegerField(_("accepted"), default=0)
    edited = models.PositiveBigIntegerField(_("edited"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)
    failed = models.PositiveBigIntegerField(_("failed"), default=0)

    seen_through = "deliverable"

    class Meta:
        verbose_name = _("usage row")
        verbose_name_plural = _("usage rows")
        constraints = [
            models.UniqueConstraint(fields=["batch", "day", "actor", "feature", "release"], name="usage_key_once_per_batch")
        ]
        indexes = [models.Index(fields=["deliverable", "day"])]


class ActivityDay(ScopedModel):
    """Derived from UsageRow, rebuilt whole, never incremented: who was active on one day.

    A day has one row for everything and one for each feature and each release that was named.
    `actors` is a serialized Roaring bitmap of the ordinals of counted people; the sums are over
    counted people too.
    """

    class Dimension(models.TextChoices):
        ALL = "all", _("All")
        FEATURE = "feature", _("Feature")
        RELEASE = "release", _("Release")

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="activity_days", verbose_name=_("deliverable"))
    day = models.DateField(_("day"))
    dimension = models.CharField(_("dimension"), max_length=8, choices=Dimension.choices, default=Dimension.ALL)
    name = models.CharField(_("feature or release"), max_length=80, blank=True, default="")
    actors = models.BinaryField(_("actors"))
    events = models.BigIntegerField(_("events"))
    seconds_saved = models.BigIntegerField(_("seconds saved"), default=0)
    accepted = models.BigIntegerField(_("accepted"), default=0)
    edited = models.BigIntegerField(_("edited"), default=0)
    rejected = models.BigIntegerField(_("rejected"), default=0)
    failed = models.BigIntegerField(_("failed"), default=0)

    seen_through = "deliverable"

    class Meta:
        verbose_name = _("activity of a day")
        verbose_name_plural = _("activity by day")
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "dimension", "name", "day"], name="activity_once_per_day")
        ]


class DirtyDay(ScopedModel):
    """A day whose ActivityDay rows must be rebuilt, marked in the transaction that touched it."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="dirty_days", verbose_name=_("deliverable"))
    day = models.DateField(_("day"))

    seen_through = "deliverable"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deliverable", "day"], name="dirty_day_once")]


class TargetPopulation(ScopedModel, Record):
    """Who is meant to use a deliverable: one named actor, or a number of licences, with dates."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="target_populations", verbose_name=_("deliverable"))
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("named person"))
    licences = models.PositiveIntegerField(_("people meant to use it"), null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day that counts."))
    full_adoption_on = models.DateField(
        _("everybody by"), null=True, blank=True, help_text=_("Until then the weekly target grows evenly.")
    )

    seen_through = "deliverable"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("target users")
        verbose_name_plural = _("target users")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="target_names_a_person_or_counts_licences",
                condition=models.Q(actor__isnull=False, licences__isnull=True) | models.Q(actor__isnull=True, licences__gt=0),
                violation_error_message=_("Say how many people are meant to use it: at least one."),
            ),
            models.CheckConstraint(
                name="target_ends_after_start",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("“To” is before “From”."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.licences or self.actor)
