"""Forms about one's own account, the organization, and people as administrators edit them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.forms.base import PortalModelForm, Unfolding, time_zone_choices
from fde_portal.accounts.models import ApiToken, Logo, OrganizationSettings, User
from fde_portal.accounts.permissions import INVITED_ROLES, ROLES_SEEING_EVERYTHING


class ProfileForm(PortalModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]


class OrganizationForm(Unfolding, PortalModelForm):
    more = ("most_hours", "most_discovery", "most_prototype", "most_pilot", "most_production", "most_handover", "second_step_for")
    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG or JPEG, square, at most 20 kB. It replaces the mark on customer pages from the next edition on."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    no_logo = forms.BooleanField(label=_("Show the mark instead of the logo"), required=False)
    second_step_for = forms.MultipleChoiceField(
        label=_("Second step at sign-in required for"),
        required=False,
        choices=[
            *[(role.value, role.label) for role in INVITED_ROLES],
            (OrganizationSettings.ADMINISTRATORS, _("Administrators")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever has none yet is led to set one up before anything else."),
    )

    class Meta:
        model = OrganizationSettings
        fields = [
            "vendor_name",
            "mark",
            "first_weekday",
            "currency",
            "silence_days",
            "most_hours",
            "most_discovery",
            "most_prototype",
            "most_pilot",
            "most_production",
            "most_handover",
            "second_step_for",
        ]


    def clean_new_logo(self) -> bytes | None:
        """The picture's bytes, judged by themselves and not by their name."""
        upload = self.cleaned_data["new_logo"]
        if upload is None:
            return None
        if upload.size > Logo.MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 20 kB."))
        content = upload.read()
        if not Logo.kind_of(content):
            raise forms.ValidationError(_("This is neither a PNG nor a JPEG picture."))
        return content


class ApiTokenForm(PortalModelForm):
    class Meta:
        model = ApiToken
        fields = ["name", "may_write"]


class PersonForm(PortalModelForm):
    """Somebody as administrators edit them: in Django's admin, which adds the layout."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices, initial="UTC")

    class Meta:
        model = User
        fields = ["name", "email", "role", "manager", "is_administrator", "is_active", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managers = User.objects.filter(role__in=ROLES_SEEING_EVERYTHING).exclude(pk=self.instance.pk)
        self.fields["manager"].queryset = managers

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.leaves_no_administrator(cleaned):
            raise forms.ValidationError(_("This is the last active administrator. Make somebody else one first."))
        return cleaned

    def leaves_no_administrator(self, cleaned: dict[str, Any]) -> bool:
        if cleaned.get("is_administrator") and cleaned.get("is_active"):
            return False
        administrators = User.objects.filter(is_administrator=True, is_active=True)
        return administrators.filter(pk=self.instance.pk).exists() and administrators.count() == 1


class NewPersonForm(PersonForm):
    password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Better left empty: then the person sets their own."),
    )

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if password:
            validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> User:
        # None makes a password nobody can type, which the reset link replaces.
        self.instance.set_password(self.cleaned_data["password"] or None)
        return super().save(commit)
