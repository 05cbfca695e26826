"""The form of one week: one page, several small forms, one answer (`WeekDraft`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Stakeholder
from engagements.forms.week_blockers import CarriedBlockersForm
from engagements.models.blocker import Blocker
from engagements.models.weekly_update import Ask, InternalLine, LineKind, LineOrigin, Rating, WeeklyUpdate
from engagements.selectors.weekly_update import Line
from engagements.services.asks import AskDraft
from engagements.services.weekly_updates import Sitting, WeekDraft
from fde_portal.accounts.forms import DateInput, WorkDateField

SPARE_ROWS = 3
MOST_ROWS = 60
INPUT = {"class": "input"}


def one_line(**attributes: Any) -> forms.Textarea:
    """A field that looks like one line and grows with its text."""
    return forms.Textarea(attrs={"rows": 1, "class": "input"} | attributes)


class HeadForm(forms.Form):
    """Headline, ratings, and what the form was opened with."""

    seen = forms.RegexField(r"^\d+\.\d+$", widget=forms.HiddenInput)
    form_key = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    after = forms.CharField(max_length=50, required=False, widget=forms.HiddenInput)
    turn = forms.IntegerField(min_value=0, max_value=1_000_000, required=False, widget=forms.HiddenInput)
    headline = forms.CharField(label=_("Headline"), max_length=140, required=False, widget=one_line(**{"class": "input lead"}))
    schedule = forms.ChoiceField(label=_("Schedule"), choices=Rating.choices, required=False, widget=forms.RadioSelect)
    adoption = forms.ChoiceField(label=_("Adoption"), choices=Rating.choices, required=False, widget=forms.RadioSelect)
    value = forms.ChoiceField(label=_("Value"), choices=Rating.choices, required=False, widget=forms.RadioSelect)
    relationship = forms.ChoiceField(
        label=_("Relationship"), choices=Rating.choices, required=False, widget=forms.RadioSelect
    )

    @property
    def seen_version(self) -> tuple[int, int]:
        """Revision and version that were on the screen."""
        revision, version = self.cleaned_data["seen"].split(".")
        return int(revision), int(version)

    @property
    def sitting(self) -> Sitting:
        """Which open form this is; without scripts it is none in particular."""
        return Sitting(self.cleaned_data["form_key"], self.cleaned_data["turn"] or 0, self.cleaned_data["after"])


class LineForm(forms.Form):
    """A line and which table it belongs to. Without a tick it is shared, with the wording typed."""

    text = forms.CharField(label=_("Line"), max_length=500, required=False, widget=one_line())
    only_us = forms.BooleanField(
        label=_("Only us"), required=False, widget=forms.CheckboxInput(attrs={"aria-label": _("Only us")})
    )
    evidence_link = forms.URLField(
        label=_("Evidence"), required=False, assume_scheme="https", widget=forms.URLInput(attrs=INPUT | {"placeholder": "https://"})
    )
    origin = forms.ChoiceField(
        choices=LineOrigin.choices, required=False, initial=LineOrigin.TYPED, widget=forms.HiddenInput
    )

    def line(self, kind: str) -> Line | None:
        """None for a row that was left or made empty."""
        data = self.cleaned_data
        if not data.get("text"):
            return None
        origin = data.get("origin") or LineOrigin.TYPED
        return Line(kind, data["text"], not data.get("only_us"), origin, data.get("evidence_link", ""))


class PlanForm(LineForm):
    """A line that was planned last week, and what became of it."""

    OUTCOMES = ((LineKind.PROGRESS, _("Done")), (LineKind.NEXT, _("Still going")), ("drop", _("Drop")))

    outcome = forms.ChoiceField(label=_("What became of it"), choices=OUTCOMES, widget=forms.RadioSelect)

    def planned_line(self) -> Line | None:
        outcome = self.cleaned_data.get("outcome")
        return None if outcome in (None, "drop") else self.line(outcome)


class NoteForm(forms.Form):
    """A note to the team. It has no control that shares it."""

    text = forms.CharField(
        label=_("Note to the team"), max_length=InternalLine._meta.get_field("text").max_length, required=False,
        widget=one_line(),
    )


class AskForm(forms.Form):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("What we need"), max_length=300, required=False, widget=one_line())
    stakeholder = forms.ChoiceField(label=_("From whom"), required=False, widget=forms.Select(attrs=INPUT))
    due_on = WorkDateField(label=pgettext_lazy("deadline", "By"), required=False, widget=DateInput(attrs=INPUT))
    consequence = forms.CharField(
        label=_("What happens otherwise"), max_length=200, required=False, widget=forms.TextInput(attrs=INPUT)
    )

    def __init__(self, *args: Any, people: Sequence[Stakeholder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["stakeholder"].choices = [("", _("Anybody")), *((pk, person.name) for pk, person in self.people.items())]

    def draft(self) -> AskDraft | None:
        data = self.cleaned_data
        if not data.get("text"):
            return None
        person = self.people.get(data.get("stakeholder", ""))
        return AskDraft(data["text"], person, data.get("due_on"), data.get("consequence", ""), data.get("id"))


class CarriedAsksForm(forms.Form):
    """One choice for each ask of an earlier week."""

    STATES = ((Ask.State.OPEN, _("Open")), (Ask.State.DONE, _("Done")), (Ask.State.WITHDRAWN, _("Withdrawn")))

    def __init__(self, *args: Any, asks: Sequence[Ask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        for ask in asks:
            state = Ask.State.OPEN if ask.state == Ask.State.ANSWERED else ask.state
            self.fields[f"ask-{ask.pk}"] = forms.ChoiceField(
                label=ask.text, choices=self.STATES, initial=state, required=False, widget=forms.RadioSelect
            )

    def rows(self) -> list[tuple[Ask, forms.BoundField]]:
        return [(ask, self[f"ask-{ask.pk}"]) for ask in self.asks]

    def states(self) -> dict[Ask, Ask.State]:
        """What was chosen, without the asks nobody touched."""
        chosen = {ask: self.cleaned_data.get(f"ask-{ask.pk}") for ask in self.asks}
        return {ask: Ask.State(state) for ask, state in chosen.items() if state and state != self._initial_of(ask)}

    def _initial_of(self, ask: Ask) -> str:
        return self.fields[f"ask-{ask.pk}"].initial


def _rows(form: type[forms.Form], extra: int = SPARE_ROWS) -> type[BaseFormSet]:
    return formset_factory(form, extra=extra, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


PlanRows = _rows(PlanForm, extra=0)
LineRows = _rows(LineForm)
NoteRows = _rows(NoteForm)
AskRows = _rows(AskForm)


@dataclass(frozen=True, slots=True)
class Problem:
    """What to correct: the id of the field (or ""), its label, and why."""

    field: str
    label: str
    text: str


class WeekForms:
    """All forms of one week together: bound to `data`, or showing `content`."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        people: Sequence[Stakeholder],
        carried: Sequence[Ask],
        blockers: Sequence[Blocker],
        content: WeekDraft | None = None,
        seen: tuple[int, int] = (1, 1),
    ) -> None:
        start = _initial(content or WeekDraft(), seen)
        self.head = HeadForm(data, initial=start["head"])
        self.plan = PlanRows(data, prefix="plan", initial=start["plan"])
        self.progress = LineRows(data, prefix="progress", initial=start["progress"])
        self.next = LineRows(data, prefix="next", initial=start["next"])
        self.notes = NoteRows(data, prefix="notes", initial=start["notes"])
        self.asks = AskRows(data, prefix="asks", initial=start["asks"], form_kwargs={"people": people})
        self.carried = CarriedAsksForm(data, asks=carried)
        self.blockers = CarriedBlockersForm(data, blockers=blockers)

    @property
    def all(self) -> tuple[forms.Form | BaseFormSet, ...]:
        return self.head, self.plan, self.progress, self.next, self.notes, self.asks, self.carried, self.blockers

    def is_valid(self) -> bool:
        results = [part.is_valid() for part in self.all]  # all of them, so that each collects its errors
        return all(results)

    def content(self) -> WeekDraft:
        """What was typed. Rows with errors are left out, so that a preview works while somebody types."""
        return WeekDraft(
            headline=self.head.cleaned_data.get("headline", ""),
            ratings={name: self.head.cleaned_data.get(name, "") for name in WeeklyUpdate.RATED},
            lines=tuple(self._lines()),
            asks=tuple(draft for row in self.asks if (draft := row.draft())),
            carried_asks=self.carried.states(),
            blockers=self.blockers.states(),
        )

    def _lines(self) -> Iterable[Line]:
        lines = [row.planned_line() for row in self.plan]
        lines += [row.line(LineKind.PROGRESS) for row in self.progress]
        lines += [row.line(LineKind.NEXT) for row in self.next]
        notes = [row.cleaned_data.get("text") for row in self.notes]
        lines += [Line(LineKind.NOTE, text, is_shared=False) for text in notes if text]
        return (line for line in lines if line)

    def add_errors(self, problems: dict[str, Any]) -> None:
        for field, messages in problems.items():
            self.head.add_error(None if field == "__all__" else field, messages)

    def reopen_with(self, seen: tuple[int, int]) -> None:
        """Let the next save replace what is stored now."""
        self.head.data = self.head.data.copy()
        self.head.data["seen"] = "{}.{}".format(*seen)

    def ratings(self, was: WeeklyUpdate | None) -> list[tuple[forms.BoundField, str]]:
        """Each rating with the word it had in the update before."""
        words = was.rating_words if was else {}
        return [(self.head[name], words.get(name, "")) for name in WeeklyUpdate.RATED]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, over all parts."""
        parts = [part for form in self.all for part in (form.forms if isinstance(form, BaseFormSet) else [form])]
        general = [Problem("", "", text) for text in self.head.non_field_errors()]
        fields = [field for part in parts for field in part if field.errors]
        return general + [Problem(field.id_for_label or field.auto_id, str(field.label), field.errors[0]) for field in fields]


def _initial(content: WeekDraft, seen: tuple[int, int]) -> dict[str, Any]:
    carried = [line for line in content.lines if line.origin == LineOrigin.CARRIED and line.kind != LineKind.NOTE]
    typed = [line for line in content.lines if line not in carried]
    return {
        "head": {"headline": content.headline, "seen": "{}.{}".format(*seen)} | dict(content.ratings),
        "plan": [_row(line) | {"outcome": line.kind} for line in carried],
        "progress": [_row(line) for line in typed if line.kind == LineKind.PROGRESS],
        "next": [_row(line) for line in typed if line.kind == LineKind.NEXT],
        "notes": [{"text": line.text} for line in typed if line.kind == LineKind.NOTE],
        "asks": [_ask_row(ask) for ask in content.asks],
    }


def _row(line: Line) -> dict[str, Any]:
    return {"text": line.text, "only_us": not line.is_shared, "origin": line.origin, "evidence_link": line.evidence_link}


def _ask_row(ask: AskDraft) -> dict[str, Any]:
    person = ask.stakeholder.pk if ask.stakeholder else ""
    return {"id": ask.id, "text": ask.text, "stakeholder": person, "due_on": ask.due_on, "consequence": ask.consequence}
