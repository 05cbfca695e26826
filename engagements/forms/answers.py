"""What a reader of a shared page can answer. Link visitors also say who they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.public_page.answers import Item, Topic
from engagements.services.responses import Said
from fde_portal.accounts.forms import WorkDateField


def one_of(label: Any, *choices: tuple[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def words(label: Any, *, help_text: Any = "", rows: int = 3, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, required=required, help_text=help_text, widget=widget)


class AnswerForm(forms.Form):
    """The base: an item, and who answers.

    `address` is None for somebody who signed in, "" for a visitor who has to prove an address, else the proven one;
    `known_as` is the name that address answers under already. `is_shown` when other readers see the answer.
    """

    kind = ""
    is_shown: ClassVar[bool] = True
    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(
        label=_("Your e-mail"), help_text=_("We mail a code there, so that nobody can answer in your name.")
    )

    def __init__(self, *args: Any, item: Item, address: str | None, known_as: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.known_as = item, known_as
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if self.is_shown:
            self.fields["name"].help_text = _("Readers of the page see it, and the start of your address unless we know you by this name.")
        if address is None or known_as:
            del self.fields["name"]
        if address is None or address:
            del self.fields["email"]
        self.order_fields([name for name in self.fields if name not in AnswerForm.base_fields])

    @property
    def answers_as(self) -> str:
        """What a visitor is called: an address has one name."""
        return self.known_as or self.cleaned_data["name"]

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
    text = words(_("What else we should know"))

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, item=item, **kwargs)
        # A day that has passed is no proposal any more.
        by_on = item.due if item.due and item.due >= timezone.localdate() else None
        self.initial = {"who_will": item.person, "by_on": by_on} | self.initial

    def clean_by_on(self) -> date | None:
        by_on = self.cleaned_data["by_on"]
        # Yesterday counts: it may still be that where the reader is.
        if by_on and by_on < timezone.localdate() - timedelta(days=1):
            raise forms.ValidationError(_("This day has passed. Give one that is still to come, or none."))
        return by_on

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        says_something = any(data.get(name) for name in ("who_will", "by_on", "text"))
        if data.get("kind") == "answer" and not says_something and not self.errors:
            self.add_error("who_will", _("Say who will do it, by when, or what else we should know."))
        return data


class VerdictForm(AnswerForm):
    """Yes or no to one thing: the kind of answer `no` needs a text, and `why` says so."""

    no: ClassVar[str]
    why: ClassVar[Any]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == self.no and not data.get("text"):
            self.add_error("text", self.why)
        return data


class DeliverableForm(VerdictForm):
    no, why = "reject", _("Say why, so that we can put it right.")
    kind = one_of(_("Your decision"), ("accept", _("We accept it")), ("reject", _("We do not accept it yet")))
    text = words(_("Reason"), help_text=_("Needed when you do not accept it: which point is not met, and what you saw."))


class GateForm(VerdictForm):
    no, why = "decline", _("Say what has to change, so that we can put it right.")
    kind = one_of(_("Your decision"), ("sign", _("We sign it off")), ("decline", _("We do not sign it off")))
    text = words(_("Comment"), help_text=_("Needed when you do not sign it off: what has to change first."))


class ObservationForm(VerdictForm):
    no, why = "dispute", _("Say what is not right, so that we can correct it.")
    kind = one_of(_("Your verdict"), ("confirm", _("The figure is right")), ("dispute", _("The figure is not right")))
    text = words(_("Comment"), help_text=_("Needed when it is not right: what is missing or counted wrongly."))


class RealisedForm(ObservationForm):
    """The same verdict on what a value line brought."""

    no = "dispute_value"
    kind = one_of(
        _("Your verdict"), ("confirm_value", _("The amount is right")), ("dispute_value", _("The amount is not right"))
    )


class PulseForm(AnswerForm):
    kind = "pulse"
    is_shown = False
    score = forms.TypedChoiceField(
        label=_("Your pulse"),
        coerce=int,
        choices=[(1, _("1, badly")), (2, "2"), (3, "3"), (4, "4"), (5, _("5, very well"))],
        widget=forms.RadioSelect,
    )
    text = words(
        _("What is the reason"), help_text=_("Our team reads it, other readers of the page do not. You can take it back for ten minutes; then it stays.")
    )


class QuestionForm(AnswerForm):
    kind = "question"
    is_shown = False
    text = words(_("Your question"), rows=4, required=True)


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
