"""Forms at a gate: the answer to a criterion, the decision with its conditions, the sign-off, an asset."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Stakeholder
from engagements.forms.dates import of_this_phase
from engagements.metrics.gates import OPENING, may_be_waived
from engagements.models import Asset, Engagement, Gate, GateCriterion, GateDecision
from engagements.models.gate import EvidenceRecord
from engagements.selectors.gate_evidence import Evidence, choices, key_of
from engagements.services.phases import Condition, Decided
from fde_portal.accounts.forms import PortalModelForm, RecordForm, WorkDateField
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission

Answer = GateCriterion.Answer
Outcome = GateDecision.Outcome


class CriterionForm(RecordForm):
    """The answer to one criterion. A hard one passes with evidence only, in words, by link or by a record of the engagement;
    failing and waiving owe their reason."""

    record = forms.ChoiceField(label=_("Record that shows it"), required=False)
    link = forms.URLField(label=_("Link to the evidence"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = GateCriterion
        fields = ["answer", "evidence", "link", "reason"]
        widgets = {
            "answer": forms.RadioSelect,
            "evidence": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, user: User, evidence: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"c{kwargs['instance'].pk}-%s", **kwargs)
        criterion = self.instance
        kept = criterion.record
        self.records = {key_of(record): record for record in (*evidence, kept) if record}
        self.fields["record"].choices = choices(evidence, kept)
        self.initial["record"] = key_of(kept) if kept else ""
        is_manager = user.can(Permission.WAIVE_CRITERIA)
        if not may_be_waived(is_hard=criterion.is_hard, key=criterion.key, is_manager=is_manager):
            self.fields["answer"].choices = [choice for choice in Answer.choices if choice[0] != Answer.WAIVED]

    def clean_record(self) -> EvidenceRecord | None:
        return self.records.get(self.cleaned_data["record"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        answer = cleaned.get("answer")
        shown = cleaned.get("evidence") or cleaned.get("link") or cleaned.get("record")
        if answer == Answer.PASS and self.instance.is_hard and not shown and not {"link", "record"} & self.errors.keys():
            self.add_error("evidence", _("Say what shows it, choose a record or give a link: it is a hard criterion."))
        if answer in (Answer.FAIL, Answer.WAIVED) and not cleaned.get("reason"):
            self.add_error("reason", _("Say why."))
        return cleaned


class ConditionForm(forms.Form):
    """One condition of a go; a row left empty is none."""

    text = forms.CharField(label=_("Condition"), max_length=200, required=False)
    due_on = WorkDateField(label=_("Due"), required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False, empty_label="–")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if any(cleaned.get(name) for name in self.fields):
            for name in self.fields:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A condition needs its text, a day and an owner."))
        return cleaned

    @property
    def condition(self) -> Condition | None:
        data = self.cleaned_data
        return Condition(data["text"], data["due_on"], data["owner"]) if data.get("text") else None


ConditionFormSet = forms.formset_factory(ConditionForm, extra=2, max_num=20)


class OutcomeSelect(forms.RadioSelect):
    """Radios of outcomes; those that open the gate cannot be chosen while it is shut."""

    is_shut = False

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if self.is_shut and value in OPENING:
            option["attrs"]["disabled"] = True
        return option


class DecideForm(forms.Form):
    """What both sides decided at a gate. `conditions` is the formset of its conditions; both must be valid."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=OutcomeSelect)
    on = WorkDateField(label=_("Decided on"))
    ours = forms.ModelMultipleChoiceField(User.objects.none(), label=_("Decided on our side"), widget=forms.CheckboxSelectMultiple)
    theirs = forms.ModelMultipleChoiceField(
        Stakeholder.objects.none(), label=_("Decided at the customer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dissent = forms.CharField(
        label=_("Dissent"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Who was of another opinion, and why.")
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Needed for a hold or a stop.")
    )

    asks = forms.CharField(
        label=_("What the customer signs first"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In words for the customer. The go takes effect once they have signed. Left empty, it takes effect at once."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, gate: Gate, today: date, is_shut: bool, **kwargs: Any) -> None:
        super().__init__(data, initial={"on": today}, **kwargs)
        self.gate, self.today, self.is_shut = gate, today, is_shut
        self.fields["outcome"].widget.is_shut = is_shut
        people = people_of(gate.engagement)
        self.fields["ours"].queryset = people
        self.fields["theirs"].queryset = Stakeholder.objects.current().filter(customer=gate.engagement.customer_id, left_on=None)
        self.conditions = ConditionFormSet(data, prefix="conditions", form_kwargs={"people": people})

    def is_valid(self) -> bool:
        # Both, so that all errors show at once.
        return all([super().is_valid(), self.conditions.is_valid() and self._conditions_fit()])

    def _conditions_fit(self) -> bool:
        given = any(form.condition for form in self.conditions)
        outcome = self.cleaned_data.get("outcome")
        if outcome == Outcome.CONDITIONS and not given:
            self.add_error("outcome", _("Write at least one condition below, with its day and owner."))
        elif outcome and outcome != Outcome.CONDITIONS and given:
            self.add_error("outcome", _("There are conditions below. Choose “Go with conditions”, or take them away."))
        return "outcome" not in self.errors

    def clean_on(self) -> date:
        return of_this_phase(self.cleaned_data["on"], self.gate.engagement, self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens = cleaned.get("outcome") in OPENING
        # While something keeps the gate shut, that comes first: who decided does not matter yet.
        if opens and not self.is_shut and not cleaned.get("theirs") and "theirs" not in self.errors:
            self.add_error("theirs", _("Both sides decide on a go: name who did at the customer."))
        if cleaned.get("outcome") and not opens and not cleaned.get("reason"):
            self.add_error("reason", _("Say why, so that everybody knows what has to change."))
        if cleaned.get("outcome") and not opens and cleaned.get("asks"):
            self.add_error("asks", _("Only a go waits for a sign-off. Take the words away, or decide on a go."))
        return cleaned

    @property
    def decided(self) -> Decided:
        data = self.cleaned_data
        conditions = [form.condition for form in self.conditions if form.condition]
        return Decided(
            data["outcome"], names(data["ours"]), names(data["theirs"]), data["on"], data["dissent"], data["reason"], conditions, data["asks"]
        )


def people_of(engagement: Engagement) -> Any:
    """Lead, backup, manager and team: who decides for us and may own a condition."""
    members = engagement.team_members.values_list("user", flat=True)
    ids = [engagement.lead_id, engagement.backup_id, engagement.manager_id, *members]
    return User.objects.filter(pk__in=[pk for pk in ids if pk], is_active=True).order_by("name")


def names(people: Any) -> str:
    return ", ".join(person.name for person in people)[:300]


class SignOffForm(PortalModelForm):
    """What the customer is asked to sign, in its own words."""

    class Meta:
        model = Gate
        fields = ["shared_wording", "is_shared"]
        widgets = {"shared_wording": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.sign_off != Gate.SignOff.OPEN:
            words = self.fields["shared_wording"]
            words.widget.attrs["readonly"] = True
            words.help_text = _("The customer has answered to these words. Other words need a new round.")

    def show_words_answered(self) -> None:
        """Explain why other words were not taken, and keep them to be copied."""
        self.fields["shared_wording"].widget.attrs["readonly"] = True
        self.add_error("shared_wording", _("The customer has answered to the words as they stand. Look again in a new round to ask in other words."))

    def show_go_waits(self) -> None:
        """Explain why it is still asked."""
        self.add_error("is_shared", _("The go waits for the sign-off. To go on without it, say why below."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_shared") and not cleaned.get("shared_wording"):
            self.add_error("shared_wording", _("Write what the customer signs."))
        return cleaned


class WithoutSignOffForm(forms.Form):
    """Why a go takes effect that the customer has not signed."""

    reason = forms.CharField(label=_("Why it goes on without the sign-off"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class AssetForm(RecordForm):
    class Meta:
        model = Asset
        fields = ["name", "kind", "place", "owner", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"owner": _("Who answers for it once we have left."), "place": _("A path, an address, or whom to ask.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Stakeholder.objects.filter(customer=self.instance.engagement.customer_id)
        # Whoever owned it stays until somebody else does, although they may have left meanwhile.
        self.fields["owner"].queryset = people.filter(Q(archived_at=None, left_on=None) | Q(pk=self.instance.owner_id))
        self.fields["owner"].empty_label = _("Nobody yet")
