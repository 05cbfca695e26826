"""Forms of a review: comment, question, answer, help, decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.forms.decisions import DecisionForm
from engagements.forms.engagements import active_staff
from engagements.models import Review, ReviewQuestion
from fde_portal.accounts.forms import RecordForm, WorkDateField
from fde_portal.accounts.models import User

USUAL_HELP = timedelta(days=14)


class TwoTexts(RecordForm):
    """A form about one text that two people may write at once: whoever saves second gets both to save together."""

    text_field: ClassVar[str]

    def show_conflict(self) -> None:
        current = type(self.instance)._default_manager.get(pk=self.instance.pk)
        theirs, mine = getattr(current, self.text_field), self.cleaned_data.get(self.text_field, "")
        self.add_error(None, _("Somebody else wrote here in the meantime. Both texts stand below, theirs first: save to keep both."))
        self.data = self.data.copy()
        self.data[self.add_prefix(self.text_field)] = "\n\n".join(text for text in (theirs, mine) if text)
        self.data[self.add_prefix("version")] = current.version


class CommentForm(TwoTexts):
    text_field = "comment"

    class Meta:
        model = Review
        fields = ["comment"]
        labels = {"comment": pgettext_lazy("of a manager", "Comment")}
        widgets = {"comment": forms.Textarea(attrs={"rows": 3, "data-key": "c"})}
        help_texts = {"comment": _("The team reads it; customers never do.")}


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Question"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "q"}),
        help_text=_("It comes up in the lead’s week, and the answer comes back to you."),
    )


class AnswerForm(TwoTexts):
    text_field = "answer"

    class Meta:
        model = ReviewQuestion
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 4})}

    def clean_answer(self) -> str:
        """Only taking an answer back leaves none."""
        answer = self.cleaned_data["answer"]
        if not answer and self.instance.answered_at is None:
            raise forms.ValidationError(_("Write an answer."))
        return answer


class HelpForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Who helps"), empty_label=_("Choose a person"), widget=forms.Select(attrs={"data-key": "h"})
    )
    text = forms.CharField(label=_("With what"), max_length=300)
    until = WorkDateField(label=_("Until"), help_text=_("The last day. Whoever is not on the team gets a seat without a share of their week."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["person"].queryset = active_staff().order_by("name")
        self.fields["until"].initial = today + USUAL_HELP
        self.fields["until"].widget.attrs["min"] = today.isoformat()

    def clean_until(self) -> date:
        until = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return until


class ReviewDecisionForm(DecisionForm):
    """A decision made while reviewing: of today, by whoever reviews."""

    class Meta(DecisionForm.Meta):
        fields = ["text", "reason"]
        widgets = {"text": forms.TextInput(attrs={"data-key": "d"}), "reason": forms.Textarea(attrs={"rows": 2})}
