"""What a reader of a shared page can answer. Link visitors also say who they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.public_page.answers import Item, Topic
from engagements.services.responses import Said
from fde_portal.accounts.forms import WorkDateField


class AnswerForm(forms.Form):
    """The base: an item, and who answers.

    `address` is None for somebody who signed in, "" for a visitor who has to prove an address, else the proven one.
    """

    kind = ""
    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(
        label=_("Your e-mail"), help_text=_("We mail a code there, so that nobody can answer in your name.")
    )

    def __init__(self, *args: Any, item: Item, address: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if address is None:
            del self.fields["name"]
        if address is None or address:
            del self.fields["email"]
        self.order_fields([name for name in self.fields if name not in AnswerForm.base_fields])

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        parts = {name: data[name] for name in ("text", "who_will", "by_on", "score") if name in data}
        return Said(data.get("kind") or self.kind, **parts)


class AskForm(AnswerForm):
    kind = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("answer", _("We will do it")), ("acknowledge", _("We have seen it"))],
        initial="answer",
        widget=forms.RadioSelect,
    )
    who_will = forms.CharField(label=_("Who will do it"), max_length=120, required=False)
    by_on = WorkDateField(label=pgettext_lazy("deadline", "By when"), required=False)
    text = forms.CharField(
        label=_("What else we should know"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, item=item, **kwargs)
        # A day that has passed is no proposal any more.
        by_on = item.due if item.due and item.due >= timezone.localdate() else None
        self.initial = {"who_will": item.person, "by_on": by_on} | self.initial

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        says_something = any(data.get(name) for name in ("who_will", "by_on", "text"))
        if data.get("kind") == "answer" and not says_something and not self.errors:
            self.add_error("who_will", _("Say who will do it, by when, or what else we should know."))
        return data


class DeliverableForm(AnswerForm):
    kind = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("accept", _("We accept it")), ("reject", _("We do not accept it yet"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("Needed when you do not accept it: which point is not met, and what you saw."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == "reject" and not data.get("text"):
            self.add_error("text", _("Say why, so that we can put it right."))
        return data


class GateForm(AnswerForm):
    kind = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("sign", _("We sign it off")), ("decline", _("We do not sign it off"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        required=False,
        help_text=_("Needed when you do not sign it off: what has to change first."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == "decline" and not data.get("text"):
            self.add_error("text", _("Say what has to change, so that we can put it right."))
        return data


class ObservationForm(AnswerForm):
    kind = forms.ChoiceField(
        label=_("Your verdict"),
        choices=[("confirm", _("The figure is right")), ("dispute", _("The figure is not right"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        required=False,
        help_text=_("Needed when it is not right: what is missing or counted wrongly."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if str(data.get("kind")).startswith("dispute") and not data.get("text"):
            self.add_error("text", _("Say what is not right, so that we can correct it."))
        return data


class RealisedForm(ObservationForm):
    """The same verdict on what a value line brought."""

    kind = forms.ChoiceField(
        label=_("Your verdict"),
        choices=[("confirm_value", _("The amount is right")), ("dispute_value", _("The amount is not right"))],
        widget=forms.RadioSelect,
    )


class PulseForm(AnswerForm):
    kind = "pulse"
    score = forms.TypedChoiceField(
        label=_("How is the work going for you?"),
        coerce=int,
        choices=[(1, _("1, badly")), (2, "2"), (3, "3"), (4, "4"), (5, _("5, very well"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is the reason"),
        max_length=2000,
        required=False,
        help_text=_("You cannot change it later. Our team reads it, other readers of the page do not."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class QuestionForm(AnswerForm):
    kind = "question"
    text = forms.CharField(label=_("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


FORMS: dict[str, type[AnswerForm]] = {
    Topic.ASK: AskForm,
    Topic.DELIVERABLE: DeliverableForm,
    Topic.GATE: GateForm,
    Topic.OBSERVATION: ObservationForm,
    Topic.REALISED: RealisedForm,
    Topic.PULSE: PulseForm,
    Topic.QUESTION: QuestionForm,
}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
