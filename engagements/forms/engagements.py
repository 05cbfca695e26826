"""Forms about engagements: beginning one, its texts, its team, its phase and status."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.services import default_customer
from engagements.forms.dates import of_this_phase
from engagements.models import Engagement, Phase, Playbook, TeamMember
from fde_portal.accounts.forms import PortalModelForm, RecordForm, WorkDateField, time_zone_choices
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import ROLES_SEEING_EVERYTHING, Permission, roles_with


def active_staff() -> models.QuerySet:
    """People who may do the work: what every choice of a lead, an owner or a member is limited to."""
    return User.objects.filter(is_active=True, role__in=roles_with(Permission.WRITE_RECORDS))


def staff_or(*chosen_ids: int | None) -> models.QuerySet:
    """Active staff, and whoever was chosen before: saving something else must not drop them."""
    return active_staff() | User.objects.filter(pk__in=[pk for pk in chosen_ids if pk])


class NewCustomerForm(PortalModelForm):
    """A customer of whom only the name is known yet."""

    class Meta:
        model = Customer
        fields = ["name"]


class EngagementNewForm(PortalModelForm):
    """The few fields that begin an engagement. FDEs lead what they begin; managers choose the lead."""

    new_customer = forms.CharField(
        label=_("Or a new customer"), max_length=120, required=False, help_text=_("Its name is enough. Everything else can follow.")
    )

    playbook = forms.ModelChoiceField(
        Playbook.objects.none(),
        label=_("Begin from"),
        required=False,
        empty_label=_("Nothing: an empty engagement"),
        help_text=_("Gives it milestones, deliverables and gates with their criteria. All of it can be changed."),
    )

    class Meta:
        model = Engagement
        fields = ["customer", "name", "started_on", "lead"]
        labels = {"name": _("Name of the engagement")}

    field_order = ["customer", "new_customer", "name", "started_on", "lead", "playbook"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["customer"].queryset = Customer.objects.visible_to(user).current()
        self.fields["playbook"].queryset = Playbook.objects.visible_to(user).current()
        self.fields["customer"].required = False
        self.fields["customer"].empty_label = _("Choose a customer")
        if user.role in ROLES_SEEING_EVERYTHING:
            self.fields["lead"].queryset = active_staff()
        else:
            del self.fields["lead"]
        if not self.fields["customer"].queryset.exists():
            self.fields["new_customer"].label = _("Customer")
            self.fields["new_customer"].required = True
            del self.fields["customer"]

    def clean_new_customer(self) -> str:
        name = self.cleaned_data["new_customer"]
        if name and Customer.objects.visible_to(self.user).current().filter(name__iexact=name).exists():
            raise forms.ValidationError(_("This customer exists already. Choose it from the list."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        named = [bool(cleaned.get("customer")), bool(cleaned.get("new_customer"))]
        if "new_customer" not in self.errors and "customer" not in self.errors and sum(named) != 1:
            field = "customer" if "customer" in self.fields else "new_customer"
            self.add_error(field, _("Choose one customer, or type the name of a new one."))
        return cleaned

    def new_customer_form(self) -> NewCustomerForm | None:
        """The valid form of the customer to create; None when one was chosen."""
        name = self.cleaned_data["new_customer"]
        if not name:
            return None
        form = NewCustomerForm({"name": name}, instance=default_customer(by=self.user))
        form.full_clean()
        return form


class EngagementForm(RecordForm):
    more = ("current_process", "out_of_scope", "exit_plan", "time_zone", "currency")
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    class Meta:
        model = Engagement
        fields = [
            "name",
            "started_on",
            "target_end",
            "time_zone",
            "currency",
            "problem",
            "current_process",
            "target_process",
            "definition_of_done",
            "out_of_scope",
            "exit_plan",
        ]

    def ordinary_value(self, name: str) -> Any:
        customers_own = {"time_zone": self.instance.customer.time_zone, "currency": self.instance.customer.currency}
        return customers_own.get(name) or super().ordinary_value(name)

    def clean_started_on(self) -> date:
        started_on = self.cleaned_data["started_on"]
        later = self.instance.phase_changes.exclude(entered_on=self.initial["started_on"]).first()
        if later and started_on > later.entered_on:
            raise forms.ValidationError(_("A later phase began before this day."))
        return started_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("started_on"), cleaned.get("target_end")
        if start and end and end < start:
            self.add_error("target_end", _("The target end is before the start."))
        return cleaned


class RolesForm(RecordForm):
    """Lead, backup and manager. Whoever would lose sight of the engagement must say so."""

    confirm = forms.BooleanField(
        label=_("I know that I will no longer see this engagement"), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Engagement
        fields = ["lead", "backup", "manager"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name in self.Meta.fields:
            self.fields[name].queryset = staff_or(getattr(self.instance, f"{name}_id"))
            self.fields[name].empty_label = _("Nobody yet")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("lead") and cleaned.get("lead") == cleaned.get("backup"):
            self.add_error("backup", _("The backup must be somebody other than the lead."))
        elif self._shuts_out(cleaned) and not cleaned.get("confirm"):
            self.fields["confirm"].widget = forms.CheckboxInput()
            self.add_error("confirm", _("With this change you lose access. Tick the box to go on."))
        return cleaned

    def _shuts_out(self, cleaned: dict[str, Any]) -> bool:
        if "lead" not in cleaned or self.user in {cleaned["lead"], cleaned.get("backup")}:
            return False
        return not sees_without_role(self.user, self.instance)


def sees_without_role(user: User, engagement: Engagement) -> bool:
    """Whether somebody sees the engagement without being its lead or backup."""
    return user.role in ROLES_SEEING_EVERYTHING or engagement.team_members.filter(user=user).exists()


class PercentField(forms.IntegerField):
    """A share of one, typed in percent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": 100} | kwargs)

    def clean(self, value: Any) -> Decimal:
        return Decimal(super().clean(value)) / 100


class ShareForm(forms.Form):
    """How much of somebody's week goes into the engagement."""

    weekly_share = PercentField(label=_("Share of the week, %"), initial=20)


class MemberForm(ShareForm):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=_("Choose a person"))

    field_order = ["user", "weekly_share"]

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [engagement.lead_id, engagement.backup_id]
        seated = TeamMember.objects.filter(engagement=engagement).values("user")
        self.fields["user"].queryset = active_staff().exclude(pk__in=[pk for pk in there if pk]).exclude(pk__in=seated)


class PhaseForm(forms.Form):
    phase = forms.ChoiceField(label=_("Phase"), choices=Phase.choices)
    on = WorkDateField(label=_("Since"))
    confirm = forms.BooleanField(label=_("Yes, go back to an earlier phase"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, engagement: Engagement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"phase": engagement.phase, "on": today}, **kwargs)
        self.engagement, self.today = engagement, today

    def clean_on(self) -> date:
        return of_this_phase(self.cleaned_data["on"], self.engagement, self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        order = Phase.values
        phase = cleaned.get("phase")
        goes_back = phase and order.index(phase) < order.index(self.engagement.phase)
        if goes_back and not cleaned.get("confirm"):
            self.fields["confirm"].widget = forms.CheckboxInput()
            self.add_error("confirm", _("This goes back to an earlier phase. Tick the box if that is meant."))
        return cleaned


class StatusForm(PortalModelForm):
    class Meta:
        model = Engagement
        fields = ["status"]
