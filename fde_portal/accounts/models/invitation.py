"""An offer to join, sent by mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fde_portal.accounts.models.person import User, validate_time_zone
from fde_portal.accounts.permissions import INVITED_ROLES, Role
from fde_portal.accounts.tokens import digest_of, new_secret
from fde_portal.core.models import TimeStamped

NOT_CLOSED = models.Q(accepted_at=None, revoked_at=None)


class InvitationQuerySet(models.QuerySet):
    def waiting(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; they may have expired."""
        return self.filter(NOT_CLOSED)

    def usable(self, now: datetime) -> InvitationQuerySet:
        return self.waiting().filter(expires_at__gt=now)


class Invitation(TimeStamped):
    """Lets the holder of one address make their account, once. Only a digest of its secret is stored.

    `customer_id` is set for contacts. It is a plain id, because this app does not know customers:
    they register what follows from an acceptance (`services.invitations.on_acceptance`).
    """

    PREFIX = "fdei"
    LIFETIME = timedelta(days=7)

    email = models.EmailField(_("e-mail"))
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    role = models.CharField(
        _("role"), max_length=16, choices=[(role.value, role.label) for role in INVITED_ROLES], default=Role.FDE
    )
    manager = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("manager")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    customer_id = models.BigIntegerField(null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    sent_at = models.DateTimeField(_("sent"), editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    accepted_at = models.DateTimeField(pgettext_lazy("invitation", "accepted"), null=True, editable=False)
    accepted_as = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="invitation_to_a_known_role", condition=models.Q(role__in=INVITED_ROLES)),
            models.CheckConstraint(
                name="contact_is_invited_for_a_customer",
                condition=models.Q(role=Role.CONTACT, customer_id__isnull=False)
                | (~models.Q(role=Role.CONTACT) & models.Q(customer_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="invitation_ends_one_way", condition=models.Q(accepted_at=None) | models.Q(revoked_at=None)
            ),
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="one_waiting_invitation_of_staff",
                condition=NOT_CLOSED & models.Q(customer_id=None),
            ),
            models.UniqueConstraint(
                models.functions.Lower("email"),
                "customer_id",
                name="one_waiting_invitation_per_customer",
                condition=NOT_CLOSED & models.Q(customer_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"

    def set_new_secret(self, *, now: datetime) -> str:
        """Give the invitation a fresh secret and a fresh term, and return the secret; the one before is dead."""
        secret = new_secret(self.PREFIX)
        self.digest, self.sent_at, self.expires_at = digest_of(secret), now, now + self.LIFETIME
        return secret

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at <= now
