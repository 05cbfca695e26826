"""Usage event by event: the truth of sources whose rows carry an id of their own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.deliverable import Deliverable
from engagements.models.usage import Actor, UsageBatch, UsageSource
from fde_portal.accounts.scoping import ScopedModel


class UsageEvent(ScopedModel):
    """One event, known by its id within the source. It never changes: what came first under an id stays.

    It counts as long as one accepted batch holds it: the one that brought it, or one that repeated it.
    Its keys hold as those of UsageRow do, without a check by the database.
    """

    source = models.ForeignKey(
        UsageSource, models.CASCADE, related_name="events", verbose_name=_("usage source"), db_index=False, db_constraint=False
    )
    event_id = models.CharField(_("event id"), max_length=200)
    batch = models.ForeignKey(UsageBatch, models.CASCADE, related_name="events", verbose_name=_("batch"), db_constraint=False)
    deliverable = models.ForeignKey(
        Deliverable, models.CASCADE, related_name="usage_events", verbose_name=_("deliverable"), db_index=False, db_constraint=False
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
        verbose_name = _("usage event")
        verbose_name_plural = _("usage events")
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="event_once_per_source")]
        indexes = [models.Index(fields=["deliverable", "day"])]


class UsageRepeat(ScopedModel):
    """A batch that held an event another batch had brought already."""

    event = models.ForeignKey(UsageEvent, models.CASCADE, related_name="repeats", verbose_name=_("usage event"), db_index=False)
    batch = models.ForeignKey(UsageBatch, models.CASCADE, related_name="repeats", verbose_name=_("batch"))

    seen_through = "batch"

    class Meta:
        verbose_name = _("repeated usage event")
        verbose_name_plural = _("repeated usage events")
        constraints = [models.UniqueConstraint(fields=["event", "batch"], name="repeat_once_per_batch")]
