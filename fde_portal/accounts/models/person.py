"""People who sign in."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fde_portal.accounts.permissions import ADMINISTRATOR_PERMISSIONS, ROLE_PERMISSIONS, Permission, Role
from fde_portal.core.models import TimeStamped


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a known time zone. Try for example Europe/Berlin."), params={"value": value}
        )


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create one person. Without a password they must use the reset link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, TimeStamped):
    """A person who signs in: staff of the vendor, or a contact at a customer."""

    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("Somebody already uses this address.")}
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.FDE)
    is_administrator = models.BooleanField(
        _("administrator"),
        default=False,
        help_text=_("Manages people, settings and technical tables in the administration pages."),
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Inactive people cannot sign in."))

    # Kept on the row that each request reads anyway; written by services/second_step.py alone.
    owes_second_step = models.BooleanField(default=False, editable=False)
    # The count beside the bell, likewise; written by engagements/services/notices.py alone.
    unread_notices = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="contact_is_no_administrator",
                condition=~models.Q(role=Role.CONTACT, is_administrator=True),
                violation_error_message=_("A contact of a customer cannot be an administrator."),
            ),
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="user_email_unique_ignoring_case",
                violation_error_message=_("Somebody already uses this address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def can(self, permission: Permission) -> bool:
        """Whether this person's role, or the administrator flag, includes `permission`."""
        if not self.is_active:
            return False
        return permission in ROLE_PERMISSIONS[self.role] or (
            self.is_administrator and permission in ADMINISTRATOR_PERMISSIONS
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_staff(self) -> bool:
        """Django's admin asks this: who may enter it."""
        return self.can(Permission.ADMINISTER)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's admin asks this: administrators may use every table that is registered there."""
        return self.can(Permission.ADMINISTER)

    def has_module_perms(self, app_label: str) -> bool:
        return self.can(Permission.ADMINISTER)
