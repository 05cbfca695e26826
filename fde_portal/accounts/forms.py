"""Forms about people and the organization, and the base of all record forms."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models import ApiToken, OrganizationSettings, User
from fde_portal.accounts.permissions import ROLES_SEEING_EVERYTHING


class DateInput(forms.DateInput):
    """The browser's own date field, which wants ISO dates in every language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


# The empty choice, instead of Django's row of hyphens.
NOTHING = "–"


class PortalModelForm(forms.ModelForm):
    """A model form whose dates use the browser's own picker, and whose empty choices read as such."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
            elif isinstance(field, forms.ModelChoiceField):
                field.empty_label = field.empty_label and NOTHING
            elif isinstance(field, forms.TypedChoiceField):
                field.choices = [(value, NOTHING if value in ("", None) else label) for value, label in field.choices]


class RecordForm(PortalModelForm):
    """A form for a versioned record: it remembers which version it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        else:
            del self.fields["version"]

    def show_conflict(self) -> None:
        """Explain that somebody saved in between, keep what was typed, let a second save replace theirs."""
        self.add_error(
            None,
            _("Somebody else saved this in the meantime. Your text is kept below. Save again to replace their version."),
        )
        current = type(self.instance)._default_manager.get(pk=self.instance.pk)
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = current.version


class QuickForm(RecordForm):
    """A line for adding where people are. Its controls stand bare, so they carry their class themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


class ProfileForm(PortalModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]


class OrganizationForm(PortalModelForm):
    class Meta:
        model = OrganizationSettings
        fields = ["vendor_name", "mark", "first_weekday", "currency", "update_cadence_days", "on_track_from", "watch_from"]


class ApiTokenForm(PortalModelForm):
    class Meta:
        model = ApiToken
        fields = ["name"]


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
