"""Forms about people: invitations, roles, hand-over, address."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import models
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.forms.base import PortalModelForm, time_zone_choices
from fde_portal.accounts.handovers import Holding, holdings_of
from fde_portal.accounts.models import Invitation, User
from fde_portal.accounts.permissions import (
    ROLE_PERMISSIONS,
    ROLES_SEEING_EVERYTHING,
    STAFF_ROLES,
    Permission,
    Role,
    roles_with,
)
from fde_portal.core import formats


def possible_managers() -> models.QuerySet:
    return User.objects.filter(is_active=True, role__in=ROLES_SEEING_EVERYTHING)


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters, and not a common word."),
    )


class InvitationForm(PortalModelForm):
    """Whom of us to invite. Contacts are invited on their customer's page."""

    class Meta:
        model = Invitation
        fields = ["name", "email", "role", "manager", "language"]
        help_texts = {"language": _("The mail is written in it. They can choose another one.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in STAFF_ROLES]
        self.fields["manager"].queryset = possible_managers()
        self.fields["manager"].empty_label = _("Nobody")


class AcceptanceForm(PortalModelForm):
    """What somebody says about themselves when they accept an invitation."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    password = new_password_field()

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]

    def __init__(self, *args: Any, needs_password: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_password:
            del self.fields["password"]

    field_order = ["name", "password", "language", "time_zone"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "password" in cleaned:
            # Similar to their name or address is refused, so these must be known.
            about = User(name=cleaned.get("name", ""), email=self.initial["email"])
            try:
                validate_password(cleaned["password"], about)
            except forms.ValidationError as fault:
                self.add_error("password", fault)
        return cleaned


class RoleForm(PortalModelForm):
    """Role and manager of one of us. `named`: whether the reader may read what somebody answers for."""

    class Meta:
        model = User
        fields = ["role", "manager"]

    def __init__(self, *args: Any, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = named
        self.was = User.objects.get(pk=self.instance.pk)
        if self.was.role == Role.CONTACT:
            # Contacts belong to customers; one of us gets an account of their own.
            del self.fields["role"], self.fields["manager"]
            return
        self.fields["role"].choices = [(role.value, role.label) for role in (*STAFF_ROLES, Role.NONE)]
        current = User.objects.filter(pk=self.was.manager_id)
        self.fields["manager"].queryset = (possible_managers() | current).exclude(pk=self.instance.pk)
        self.fields["manager"].empty_label = _("Nobody")

    def clean_role(self) -> str:
        role = self.cleaned_data["role"]
        lost = ROLE_PERMISSIONS[self.was.role] - ROLE_PERMISSIONS[role]
        in_the_way = [holding.label for holding in holdings_of(self.was) if holding.permission in lost]
        if in_the_way and self.named:
            shown = formats.listed(in_the_way[:3]) + ("…" if len(in_the_way) > 3 else "")
            text = _("With this role they cannot keep what they answer for: %(what)s. Hand it over first.")
            raise forms.ValidationError(text, params={"what": shown})
        if in_the_way:
            raise forms.ValidationError(_("With this role they cannot keep what they answer for. Hand it over first."))
        return role


class HandOverForm(forms.Form):
    """Who takes over what somebody answers for: one for all, and somebody else for single engagements.

    Single ones are offered when they may be `named` to the reader. `confirmed` carries which answers somebody was asked about
    a second time: other answers are asked about again.
    """

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: User, holdings: list[Holding], named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holdings = holdings
        work, people = self.holdings_with(Permission.WRITE_RECORDS), self.holdings_with(Permission.REVIEW_PORTFOLIO)
        self.candidates = User.objects.filter(is_active=True).exclude(pk=person.pk)
        if work:
            self.fields["work"] = self.successor(_("Their work goes to"), Permission.WRITE_RECORDS)
        if people:
            self.fields["people"] = self.successor(_("What they manage goes to"), Permission.REVIEW_PORTFOLIO)
        for holding in self.holdings:
            if holding.own_choice and named:
                field = self.successor(holding.label, holding.permission, required=False)
                field.empty_label = _("The same as the rest")
                self.fields[holding.key] = field

    @property
    def answers(self) -> str:
        """Who takes over what, in one short word."""
        pairs = sorted((key, person.pk) for key, person in self.successors().items())
        return sha256(repr(pairs).encode()).hexdigest()[:16]

    @property
    def is_confirmed(self) -> bool:
        return self.cleaned_data["confirmed"] == self.answers

    def ask_again(self) -> None:
        """Have the form carry the answers that are being asked about."""
        self.data = self.data.copy()
        self.data[self.add_prefix("confirmed")] = self.answers

    def holdings_with(self, permission: Permission) -> list[Holding]:
        return [holding for holding in self.holdings if holding.permission == permission]

    def successor(self, label: str, permission: Permission, required: bool = True) -> forms.ModelChoiceField:
        people = self.candidates.filter(role__in=roles_with(permission))
        return forms.ModelChoiceField(people, label=label, required=required, empty_label=_("Choose somebody"))

    def successors(self) -> dict[str, User]:
        """Who takes over each thing, by `Holding.key`."""
        data = self.cleaned_data
        common = {Permission.WRITE_RECORDS: data.get("work"), Permission.REVIEW_PORTFOLIO: data.get("people")}
        return {holding.key: data.get(holding.key) or common[holding.permission] for holding in self.holdings}


class AddressForm(forms.Form):
    """The address to sign in with from now on, and the password that proves who asks, if they have one."""

    email = forms.EmailField(label=_("New e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password
