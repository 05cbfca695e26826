"""The form of one week: one page, several small forms, one answer (`WeekDraft`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Stakeholder
from engagements.forms.week_blockers import CarriedBlockersForm
from engagements.forms.week_lines import INPUT, FactForm, LineForm, NoteForm, PlanForm, one_line
from engagements.models.blocker import Blocker
from engagements.models.weekly_update import Ask, LineKind, LineOrigin, Rating, WeeklyUpdate
from engagements.selectors.drafting import Fact
from engagements.selectors.weekly_update import Line
from engagements.services.asks import AskDraft
from engagements.services.weekly_updates import Sitting, WeekDraft
from fde_portal.accounts.forms import DateInput, WorkDateField

SPARE_ROWS = 3
MOST_ROWS = 60
MOST_FACTS = 200
FACT_KEY = re.compile(r"[a-z0-9-]{1,80}")


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

    gap_reason = forms.CharField(
        label=_("Why you see it differently"), max_length=200, required=False, widget=forms.TextInput(attrs=INPUT)
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


class RatingRow(NamedTuple):
    field: forms.BoundField
    before: str
    computed: str


class WeekForms:
    """All forms of one week together: bound to `data`, or showing `content`."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        people: Sequence[Stakeholder],
        carried: Sequence[Ask],
        blockers: Sequence[Blocker],
        facts: Mapping[str, Fact] | None = None,
        content: WeekDraft | None = None,
        seen: tuple[int, int] = (1, 1),
        language: str = "",
    ) -> None:
        known = facts or {}
        start = _initial(content or WeekDraft(), seen, known)
        self.head = HeadForm(data, initial=start["head"])
        self.facts = _bound_facts(data, known) if data is not None else _fact_rows(content or WeekDraft(), known, language)
        self.plan = PlanRows(data, prefix="plan", initial=start["plan"])
        self.progress = LineRows(data, prefix="progress", initial=start["progress"])
        self.next = LineRows(data, prefix="next", initial=start["next"])
        self.notes = NoteRows(data, prefix="notes", initial=start["notes"])
        self.asks = AskRows(data, prefix="asks", initial=start["asks"], form_kwargs={"people": people})
        self.carried = CarriedAsksForm(data, asks=carried)
        self.blockers = CarriedBlockersForm(data, blockers=blockers)

    @property
    def all(self) -> tuple[forms.Form | BaseFormSet, ...]:
        rows = self.plan, self.progress, self.next, self.notes, self.asks
        return self.head, *self.facts, *rows, self.carried, self.blockers

    @property
    def shared_facts(self) -> list[FactForm]:
        return [row for row in self.facts if not row.is_ours]

    @property
    def our_facts(self) -> list[FactForm]:
        return [row for row in self.facts if row.is_ours]

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
            gap_reason=self.head.cleaned_data.get("gap_reason", ""),
            left_out=tuple(row.key for row in self.facts if row.is_left_out),
        )

    def _lines(self) -> Iterable[Line]:
        lines = [row.planned_line() for row in self.plan]
        lines += [row.fact_line() for row in self.facts]
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

    def ratings(self, was: WeeklyUpdate | None, computed: Mapping[str, str]) -> list[RatingRow]:
        """Each rating with the word it had in the update before, and the band of the computed health."""
        words = was.rating_words if was else {}
        return [RatingRow(self.head[name], words.get(name, ""), computed[name]) for name in WeeklyUpdate.RATED]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, over all parts."""
        parts = [part for form in self.all for part in (form.forms if isinstance(form, BaseFormSet) else [form])]
        general = [Problem("", "", text) for text in self.head.non_field_errors()]
        fields = [field for part in parts for field in part if field.errors]
        return general + [Problem(field.id_for_label or field.auto_id, str(field.label), field.errors[0]) for field in fields]


def _bound_facts(data: QueryDict, facts: Mapping[str, Fact]) -> list[FactForm]:
    """The rows that were on the screen, whatever became of their facts since."""
    keys = dict.fromkeys(data.getlist("facts")[:MOST_FACTS])
    return [FactForm(data, key=key, fact=facts.get(key)) for key in keys if FACT_KEY.fullmatch(key)]


def _fact_rows(content: WeekDraft, facts: Mapping[str, Fact], language: str) -> list[FactForm]:
    """A row for each fact: with its line where there is one, else as drafted and left out; none where another line says it."""
    lines = {line.fact: line for line in content.lines if line.fact in facts}
    open_facts = {key: fact for key, fact in facts.items() if key in lines or not fact.is_said_by(content.lines, language)}
    rows = [(key, lines.get(key), fact.line(language)) for key, fact in open_facts.items()]
    return [FactForm(key=key, fact=facts[key], initial=_fact_row(line, drafted)) for key, line, drafted in rows]


def _fact_row(line: Line | None, drafted: Line) -> dict[str, Any]:
    words = line.text if line and line.origin == LineOrigin.DRAFTED else drafted.text
    return _row(line or drafted) | {"kind": drafted.kind, "drafted": words, "outcome": "keep" if line else "drop"}


def _initial(content: WeekDraft, seen: tuple[int, int], facts: Mapping[str, Fact]) -> dict[str, Any]:
    lines = [line for line in content.lines if line.fact not in facts]
    carried = [line for line in lines if line.origin == LineOrigin.CARRIED and line.kind != LineKind.NOTE]
    typed = [line for line in lines if line not in carried]
    start = {"headline": content.headline, "seen": "{}.{}".format(*seen), "gap_reason": content.gap_reason}
    return {
        "head": start | dict(content.ratings),
        "plan": [_row(line) | {"outcome": line.kind} for line in carried],
        "progress": [_row(line) for line in typed if line.kind == LineKind.PROGRESS],
        "next": [_row(line) for line in typed if line.kind == LineKind.NEXT],
        "notes": [{"text": line.text} for line in typed if line.kind == LineKind.NOTE],
        "asks": [_ask_row(ask) for ask in content.asks],
    }


def _row(line: Line) -> dict[str, Any]:
    ours = not line.is_shared
    return {"text": line.text, "only_us": ours, "was_ours": ours, "origin": line.origin, "evidence_link": line.evidence_link}


def _ask_row(ask: AskDraft) -> dict[str, Any]:
    person = ask.stakeholder.pk if ask.stakeholder else ""
    return {"id": ask.id, "text": ask.text, "stakeholder": person, "due_on": ask.due_on, "consequence": ask.consequence}
