"""Companies we work with and the people there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fde_portal.accounts.models import User, validate_currency, validate_time_zone
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import Record, RecordQuerySet


class ScopedRecordQuerySet(ScopedQuerySet, RecordQuerySet):
    pass


class Customer(ScopedModel, Record):
    class DataClassification(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")
        CONFIDENTIAL = "confidential", _("Confidential")
        RESTRICTED = "restricted", _("Restricted")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    segment = models.CharField(_("segment"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[validate_currency])
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    data_classification = models.CharField(
        _("data classification"), max_length=16, choices=DataClassification.choices, default=DataClassification.CONFIDENTIAL
    )
    account_owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="owned_customers", verbose_name=_("account owner")
    )
    renewal_date = models.DateField(_("renewal date"), null=True, blank=True)

    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """Its account owner and everybody named on one of its engagements."""
        named_on = (
            models.Q(engagements__lead=user) | models.Q(engagements__backup=user) | models.Q(engagements__team_members__user=user)
        )
        return models.Q(account_owner=user) | models.Q(pk__in=cls.objects.filter(named_on).values("pk"))


class Stakeholder(ScopedModel, Record):
    """A person at the customer or a third party."""

    class Role(models.TextChoices):
        SPONSOR = "sponsor", _("Sponsor")
        OPERATIONAL_OWNER = "operational_owner", _("Operational owner")
        TECHNICAL_OWNER = "technical_owner", _("Technical owner")
        RISK_OWNER = "risk_owner", _("Risk owner")
        CHAMPION = "champion", _("Champion")
        FRONT_LINE_USER = "front_line_user", _("Front-line user")

    class Stance(models.TextChoices):
        CHAMPION = "champion", _("Champion")
        SUPPORTER = "supporter", _("Supporter")
        NEUTRAL = "neutral", _("Neutral")
        SCEPTIC = "sceptic", _("Sceptic")
        BLOCKER = "blocker", pgettext_lazy("stance", "Blocker")

    # The roles every engagement needs somebody for; a missing one is a coverage gap.
    COVERED_ROLES = (Role.SPONSOR, Role.OPERATIONAL_OWNER, Role.TECHNICAL_OWNER, Role.RISK_OWNER, Role.FRONT_LINE_USER)

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="stakeholders", verbose_name=_("customer"))
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    title = models.CharField(pgettext_lazy("of a person", "title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices, default=Role.FRONT_LINE_USER)
    backup_person = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="stands_in_for", verbose_name=_("backup person")
    )
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, help_text=_("When this person left the role or the company."))
    influence = models.PositiveSmallIntegerField(_("influence"), choices=[(n, str(n)) for n in range(1, 6)], default=3)

    seen_through = "customer"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        ordering = ["-influence", "name"]
        constraints = [
            models.CheckConstraint(name="influence_from_1_to_5", condition=models.Q(influence__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return self.name


class StanceRecord(ScopedModel):
    """What a stakeholder thought of the work from a day on. Internal; never changed, only followed by another."""

    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="stances", verbose_name=_("stakeholder"))
    stance = models.CharField(_("stance"), max_length=16, choices=Stakeholder.Stance.choices)
    recorded_on = models.DateField(_("as of"))
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))

    seen_through = "stakeholder"

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        ordering = ["recorded_on", "id"]
        indexes = [models.Index(fields=["stakeholder", "recorded_on"])]

    def __str__(self) -> str:
        return self.get_stance_display()


class CustomerMembership(ScopedModel):
    """Links a contact who signs in to the company whose shared pages they may read."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships", verbose_name=_("customer"))
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("contact"))
    created_at = models.DateTimeField(auto_now_add=True)

    seen_through = "customer"

    class Meta:
        verbose_name = _("contact with sign-in")
        verbose_name_plural = _("contacts with sign-in")
        constraints = [models.UniqueConstraint(fields=["customer", "user"], name="one_membership_per_customer_and_user")]

    def __str__(self) -> str:
        return f"{self.user} ({self.customer})"
