"""What holds the work up, who owes the next step, and since when. Internal but for its shared wording."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import ScopedRecordQuerySet
from engagements.models.engagement import Engagement
from engagements.models.milestone import Milestone
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class BlockerQuerySet(ScopedRecordQuerySet):
    def standing(self) -> BlockerQuerySet:
        """Those that still hold something up."""
        return self.current().exclude(state=Blocker.State.CLEARED)


class Blocker(ScopedModel, Record):
    """`text` is for us alone. Of all this a customer can only ever read `shared_wording`."""

    class Side(models.TextChoices):
        US = "us", _("We")
        CUSTOMER = "customer", _("The customer")
        THIRD_PARTY = "third_party", _("A third party")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("blocker", "Open")
        ESCALATED = "escalated", _("Escalated")
        CLEARED = "cleared", _("Cleared")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="blockers", verbose_name=_("engagement"))
    # By name: what customers may reach must not import notes.
    origin_note = models.ForeignKey(
        "engagements.StakeholderNote",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="blockers",
        verbose_name=_("from the note"),
    )
    text = models.CharField(_("what holds us up"), max_length=300)
    owing_side = models.CharField(_("who owes the next step"), max_length=16, choices=Side.choices, default=Side.CUSTOMER)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="owned_blockers", verbose_name=_("who follows it up")
    )
    opened_on = models.DateField(pgettext_lazy("blocker", "opened"))
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    milestone = models.ForeignKey(
        Milestone, models.SET_NULL, null=True, blank=True, related_name="blockers", verbose_name=_("milestone it moves")
    )
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    cleared_on = models.DateField(_("cleared"), null=True, blank=True, editable=False)
    shared_wording = models.CharField(_("what the customer reads"), max_length=300, blank=True)

    seen_through = "engagement"
    objects = BlockerQuerySet.as_manager()

    class Meta:
        verbose_name = _("blocker")
        verbose_name_plural = _("blockers")
        ordering = ["opened_on", "id"]
        indexes = [models.Index(fields=["engagement", "state"])]
        constraints = [
            models.CheckConstraint(
                name="blocker_cleared_with_its_day",
                condition=models.Q(state="cleared", cleared_on__isnull=False)
                | (~models.Q(state="cleared") & models.Q(cleared_on__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_standing(self) -> bool:
        return self.state != self.State.CLEARED

    def age_on(self, today: date) -> int:
        """Days since it was opened, until it was cleared or until the local day `today`."""
        return ((self.cleared_on or today) - self.opened_on).days


class BlockerChange(ScopedModel):
    """The state a blocker entered on a local day. The last one of a day counts; health as of any day reads these."""

    blocker = models.ForeignKey(Blocker, models.CASCADE, related_name="changes", verbose_name=_("blocker"))
    changed_on = models.DateField(_("changed on"))
    state = models.CharField(_("state"), max_length=16, choices=Blocker.State.choices)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by"))

    seen_through = "blocker"

    class Meta:
        verbose_name = _("change of a blocker")
        verbose_name_plural = _("changes of blockers")
        ordering = ["changed_on", "id"]
        indexes = [models.Index(fields=["blocker", "changed_on"])]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.changed_on}"


class BlockerRevision(ScopedModel):
    """The text a blocker had before it was changed."""

    blocker = models.ForeignKey(Blocker, models.CASCADE, related_name="revisions", verbose_name=_("blocker"))
    text = models.CharField(_("what holds us up"), max_length=300)
    replaced_at = models.DateTimeField(_("replaced"))
    replaced_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("replaced by"))

    seen_through = "blocker"

    class Meta:
        verbose_name = _("earlier text of a blocker")
        verbose_name_plural = _("earlier texts of blockers")
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return self.text[:80]
