"""What customers answer on their page."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models.engagement import Engagement
from engagements.models.share import Edition, Share
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet

TAKEN_BACK_FOR = timedelta(minutes=10)


# What columns that keep who answered hold.
LONGEST_NAME, LONGEST_START = 120, 60


def start_of(address: str) -> str:
    """As much of an address as other readers see: "p…@harbourline.example"."""
    return f"{address[:1]}…@{address.rpartition('@')[2]}"


def new_key() -> str:
    return secrets.token_urlsafe(16)


class ResponseQuerySet(ScopedQuerySet):
    def counted(self) -> ResponseQuerySet:
        """Answers that hold: by somebody whose address is confirmed, and not taken back."""
        return self.filter(confirmed_at__isnull=False, taken_back_at__isnull=True)

    def told(self) -> ResponseQuerySet:
        """What the customer's page tells of: answers that hold, and those we annulled."""
        return self.filter(models.Q(taken_back_at=None) | models.Q(is_annulled=True), confirmed_at__isnull=False)

    def waiting(self) -> ResponseQuerySet:
        """Answers that count as soon as the address behind them is confirmed."""
        return self.filter(confirmed_at__isnull=True, taken_back_at__isnull=True)


class Response(ScopedModel):
    """One answer by one person to one item of an edition. `item` is the item's stable id, 0 for the whole page."""

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", pgettext_lazy("answer", "Seen")
        ANSWER = "answer", _("Answered")
        ACCEPT = "accept", _("Accepted")
        REJECT = "reject", _("Not accepted")
        CONFIRM = "confirm", _("Confirmed")
        DISPUTE = "dispute", _("Disputed")
        CONFIRM_VALUE = "confirm_value", _("Value confirmed")
        DISPUTE_VALUE = "dispute_value", _("Value disputed")
        SIGN = "sign", _("Signed off")
        DECLINE = "decline", _("Sign-off declined")
        PULSE = "pulse", _("Pulse")
        QUESTION = "question", _("Question")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="responses", verbose_name=_("engagement"))
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="responses", verbose_name=_("edition"))
    share = models.ForeignKey(
        Share, models.SET_NULL, null=True, blank=True, related_name="responses", verbose_name=_("share link")
    )
    # Names an answer in addresses: a number would tell how many there are.
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    item = models.PositiveBigIntegerField(_("item"), default=0)
    item_text = models.CharField(_("what it is about"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    who_will = models.CharField(_("who will do it"), max_length=120, blank=True)
    by_on = models.DateField(pgettext_lazy("deadline", "by when"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    # Whether we know somebody of this name at this address; else readers see the start of the address too.
    is_vouched = models.BooleanField(_("name vouched for"), default=False, editable=False)
    person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="responses", verbose_name=_("contact")
    )
    given_at = models.DateTimeField(_("given"))
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    # By us, because it was not genuine. Why, and who did it, is kept apart: readers never see that.
    is_annulled = models.BooleanField(_("annulled"), default=False, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    read_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("read by"))

    # What we wrote back, once; it went to them by mail.
    reply = models.TextField(_("reply"), blank=True, editable=False)
    replied_at = models.DateTimeField(_("replied"), null=True, editable=False)
    replied_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("replied by")
    )

    seen_through = "engagement"
    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of the customer")
        verbose_name_plural = _("answers of the customer")
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["engagement", "-confirmed_at"])]
        constraints = [
            models.CheckConstraint(
                name="pulse_from_1_to_5",
                condition=models.Q(kind="pulse", score__isnull=False, score__range=(1, 5)) | (~models.Q(kind="pulse") & models.Q(score=None)),
            ),
            models.CheckConstraint(
                name="annulled_is_taken_back", condition=models.Q(is_annulled=False) | models.Q(confirmed_at__isnull=False, taken_back_at__isnull=False)
            ),
            models.CheckConstraint(name="rejected_for_a_reason", condition=~models.Q(kind="reject") | ~models.Q(text="")),
            models.CheckConstraint(name="sign_off_declined_for_a_reason", condition=~models.Q(kind="decline") | ~models.Q(text="")),
            models.CheckConstraint(name="disputed_with_a_comment", condition=~models.Q(kind__in=("dispute", "dispute_value")) | ~models.Q(text="")),
            models.UniqueConstraint(
                fields=["engagement", "item", "email"],
                condition=models.Q(kind="pulse", confirmed_at__isnull=False, taken_back_at__isnull=True),
                name="one_pulse_per_person_and_milestone",
            ),
        ]

    def __str__(self) -> str:
        return self.item_text[:80]

    @property
    def signed(self) -> str:
        """Who answered, as records keep it: the name, with the start of the address where nobody vouches for it."""
        if self.is_vouched:
            return self.name
        start = f" ({start_of(self.email)[:LONGEST_START]})"
        return self.name[: LONGEST_NAME - len(start)] + start

    @property
    def is_counted(self) -> bool:
        return self.confirmed_at is not None and self.taken_back_at is None

    def can_be_taken_back(self, now: datetime) -> bool:
        """Within ten minutes by the one who gave it; afterwards others may have acted on it."""
        return self.is_counted and now - self.confirmed_at <= TAKEN_BACK_FOR
