"""People, what they did, and the settings of the one organization that runs this installation."""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fde_portal.accounts.permissions import ADMINISTRATOR_PERMISSIONS, ROLE_PERMISSIONS, Permission, Role
from fde_portal.accounts.tokens import digest_of, new_secret
from fde_portal.core.models import TimeStamped


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is not a known time zone. Try for example Europe/Berlin."), params={"value": value})


def validate_currency(value: str) -> None:
    if len(value) != 3 or not value.isascii() or not value.isalpha() or not value.isupper():
        raise ValidationError(_("Use a three-letter currency code such as EUR or CNY."))


def new_actor_key() -> str:
    return secrets.token_hex(32)


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

    email = models.EmailField(_("e-mail"), unique=True, error_messages={"unique": _("Somebody already uses this address.")})
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.FDE)
    is_administrator = models.BooleanField(
        _("administrator"), default=False, help_text=_("Manages people, settings and technical tables in the administration pages.")
    )
    manager = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Inactive people cannot sign in."))

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
        return permission in ROLE_PERMISSIONS[self.role] or (self.is_administrator and permission in ADMINISTRATOR_PERMISSIONS)

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


class OrganizationSettings(models.Model):
    """The one row of choices that hold for the whole installation."""

    SINGLETON_ID = 1

    vendor_name = models.CharField(_("company name"), max_length=120, default="FDE Portal", help_text=_("Customers read it on their pages."))
    mark = models.CharField(
        _("mark"), max_length=3, blank=True, help_text=_("Up to three letters that stand for you on customer pages.")
    )
    first_weekday = models.PositiveSmallIntegerField(_("weeks start on"), choices=[(0, _("Monday")), (6, _("Sunday"))], default=0)
    currency = models.CharField(_("reporting currency"), max_length=3, default="EUR", validators=[validate_currency])
    update_cadence_days = models.PositiveSmallIntegerField(
        _("days between updates"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    on_track_from = models.PositiveSmallIntegerField(_("on track from"), default=70, validators=[MaxValueValidator(100)])
    watch_from = models.PositiveSmallIntegerField(_("watch from"), default=45, validators=[MaxValueValidator(100)])
    # Keys the hashes of actors. It lives beside the hashes, because a key that changes with a
    # deployment secret would turn every known user into a new one.
    actor_key = models.CharField(max_length=64, default=new_actor_key, editable=False)

    class Meta:
        verbose_name = _("organization settings")
        verbose_name_plural = _("organization settings")
        constraints = [
            models.CheckConstraint(name="one_organization", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="bands_in_order",
                condition=models.Q(watch_from__lt=models.F("on_track_from")),
                violation_error_message=_("“Watch from” must be below “On track from”."),
            ),
        ]

    def __str__(self) -> str:
        return self.vendor_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.SINGLETON_ID
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> OrganizationSettings:
        return cls.objects.get_or_create(pk=cls.SINGLETON_ID)[0]

    @property
    def initials(self) -> str:
        return self.mark or self.vendor_name[:1].upper()


class AuditEventQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("Audit events are append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("Audit events are append-only.")


class AuditEvent(models.Model):
    """Who did what to which record, written by the service that did it, in its transaction.

    `details` holds facts about the act (fields changed, old and new dates), never note text
    or secrets. Subject and customer are kept as plain ids, so that the trail survives them.
    """

    at = models.DateTimeField(_("time"), db_index=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    actor_label = models.CharField(_("name at the time"), max_length=200)
    verb = models.CharField(_("act"), max_length=64)
    subject_type = models.CharField(_("kind of record"), max_length=64)
    subject_id = models.BigIntegerField(_("record"))
    subject_label = models.CharField(_("label"), max_length=200)
    customer_id = models.BigIntegerField(null=True, blank=True)
    engagement_id = models.BigIntegerField(null=True, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["engagement_id", "-at"]), models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.verb} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("Audit events are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("Audit events are append-only.")


class TokenBase(TimeStamped):
    """A secret for machines: only a prefix (to recognise it) and a SHA-256 digest are stored."""

    PREFIX = "fde"

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def set_new_secret(self) -> str:
        """Give the token a fresh secret and return it; it can never be read again."""
        secret = new_secret(self.PREFIX)
        self.prefix, self.digest = secret[:12], digest_of(secret)
        return secret

    def is_usable(self, now: Any) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class ApiToken(TokenBase):
    """Lets a program read the API as one person."""

    PREFIX = "fdep"

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("person"))

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]
