"""The form of a new link to the shared page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from engagements.models.share import Section, Share
from engagements.public_page.figures import MOST, Fact
from fde_portal.accounts.forms import Unfolding, WorkDateField
from fde_portal.core import formats

DEFAULT_DAYS = 90
SHORTEST_PASSCODE = 6
Audience = Share.Audience
# Anybody gets an address there: such a domain names no company.
PUBLIC_MAIL = frozenset(
    ["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "qq.com", "163.com", "126.com", "sina.com", "foxmail.com", "mail.ru", "yandex.ru"]
)


class ShareForm(Unfolding, forms.Form):
    more = ("passcode", "language")

    name = forms.CharField(label=_("For whom"), max_length=120, help_text=_("So that you recognise the link later. The customer does not see it."))
    audience = forms.ChoiceField(label=_("Opens for"), choices=Audience.choices, widget=forms.RadioSelect)
    recipient = forms.EmailField(
        label=_("E-mail address of the person"), required=False, help_text=_("A code by mail proves it is them. Only for one person.")
    )
    mails_editions = forms.BooleanField(
        label=_("Mail them new editions"), required=False, help_text=_("At most one a week, ten minutes after publishing. They can opt out.")
    )
    domain = forms.CharField(
        label=_("Domain of the company"), required=False, max_length=253, help_text=_("Such as example.com. A code by mail proves that they read mail there.")
    )
    passcode = forms.CharField(
        label=_("Passcode"), required=False, max_length=100, strip=False,
        help_text=_("Asked for as well. Tell it by another way than the link; it is not shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sections = forms.MultipleChoiceField(label=_("What they see"), choices=Section.choices, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    works_until = WorkDateField(
        label=_("Works until"), required=False, help_text=_("The end of that day. Empty: until you revoke it.")
    )

    def __init__(self, *args: Any, engagement: Engagement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.today = engagement, today
        self.initial = {
            "audience": Audience.RECIPIENT,
            "sections": list(Section.values),
            "language": engagement.customer.language,
            "works_until": today + timedelta(days=DEFAULT_DAYS),
        } | self.initial

    def clean_recipient(self) -> str:
        return self.cleaned_data["recipient"].lower()

    def clean_domain(self) -> str:
        domain = self.cleaned_data["domain"].strip().lower().removeprefix("@")
        if domain:
            DomainNameValidator(accept_idna=False, message=_("Write a domain such as example.com."))(domain)
        if domain in PUBLIC_MAIL:
            raise forms.ValidationError(_("Anybody can have an address at %(domain)s. Make a link for one person instead."), params={"domain": domain})
        return domain

    def clean_passcode(self) -> str:
        passcode = self.cleaned_data["passcode"]
        if passcode and len(passcode) < SHORTEST_PASSCODE:
            raise forms.ValidationError(_("Use at least %(count)s characters."), params={"count": SHORTEST_PASSCODE})
        return passcode

    def clean_works_until(self) -> date | None:
        day = self.cleaned_data["works_until"]
        if day and day < self.today:
            raise forms.ValidationError(_("This day is over. The link would not open."))
        return day

    def clean(self) -> dict[str, Any]:
        """Only the fields of the chosen audience count."""
        cleaned = super().clean()
        audience = cleaned.get("audience")
        if audience != Audience.RECIPIENT:
            cleaned |= {"recipient": "", "mails_editions": False}
        elif not cleaned.get("recipient") and "recipient" not in self.errors:
            self.add_error("recipient", _("Write the address of the person the link is for."))
        if audience != Audience.DOMAIN:
            cleaned["domain"] = ""
        elif not cleaned.get("domain") and "domain" not in self.errors:
            self.add_error("domain", _("Write the domain of the company the link is for."))
        return cleaned

    @property
    def expires_at(self) -> datetime | None:
        """Midnight after the chosen day where the engagement is."""
        day = self.cleaned_data["works_until"]
        return day and datetime.combine(day + timedelta(days=1), time(), self.engagement.zone)


class FiguresForm(forms.Form):
    figures = forms.MultipleChoiceField(
        label=_("Figures"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to three. None: the first three there are."),
    )

    def __init__(self, *args: Any, facts: Mapping[str, Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figures"].choices = [(name, formats.labelled(fact.label, fact.figure)) for name, fact in facts.items()]

    def clean_figures(self) -> list[str]:
        figures = self.cleaned_data["figures"]
        if len(figures) > MOST:
            raise forms.ValidationError(_("Choose at most %(count)s figures."), params={"count": MOST})
        return figures
