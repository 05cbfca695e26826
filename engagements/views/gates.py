"""The Gates tab: criteria with their answers, decisions, conditions, the customer's sign-off."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.gates import CriterionForm, DecideForm, SignOffForm, WithoutSignOffForm
from engagements.models import Asset, Gate, GateCondition, GateCriterion, Playbook
from engagements.selectors.gate import GateLine, Obstacles, earlier_rounds, gate_lines, obstacles, waits_for_sign_off
from engagements.selectors.gate_evidence import Evidence, evidence_of, label_of, url_of
from engagements.selectors.playbook import default_playbook
from engagements.services.gate_returns import take_back_decision
from engagements.services.gates import Refused, answer_criterion, finish_condition, open_again, reopen_condition
from engagements.services.phases import GateShut, decide_gate
from engagements.services.playbooks import ensure_standard_playbooks, take_criteria
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.records import Conflict
from fde_portal.accounts.services.undo import NotTakenBack
from fde_portal.accounts.undo_pages import UNDO, before_save, not_taken_back, say_saved, take_back
from fde_portal.core.messages import success_with_undo

RECORDS = ("release__deliverable", "attachment", "decision")


class GatesView(EngagementView):
    """A page about the gates of one engagement; `pk` in the address names one, else it is that of the present phase."""

    tab = "engagement_gates"

    @cached_property
    def gate(self) -> Gate:
        gates = Gate.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        found = get_object_or_404(gates.select_related("decision", "decision__recorded_by"), pk=self.kwargs["pk"])
        found.engagement = self.engagement
        return found

    def page(self, gate: Gate | None, status: int = 200, **extra: Any) -> HttpResponse:
        lines = gate_lines(self.engagement)
        gate = gate or self.present(lines)
        context = {"lines": lines, "gate": gate, "assets": Asset.objects.current().filter(engagement=self.engagement).count()}
        if gate:
            context |= self.about(gate, lines, extra)
        return self.show("engagements/gate/page.html", context | extra, status=status)

    def present(self, lines: list[GateLine]) -> Gate | None:
        gates = [line.gate for line in lines if line.place == "now"]
        return gates[0] if gates else None

    def about(self, gate: Gate, lines: list[GateLine], extra: dict[str, Any]) -> dict[str, Any]:
        line = next((line for line in lines if line.gate.pk == gate.pk), None)
        rows = list(line.criteria) if line else list(gate.criteria.select_related("answered_by", *RECORDS))
        bound: CriterionForm | None = extra.get("criterion_form")
        is_open = gate.decided is None and gate.is_current
        return {
            "line": line,
            "is_open": is_open,
            "criteria": [(row, self.shown(row), self.form_of(row, bound) if is_open else None) for row in rows],
            "obstacles": obstacles(gate) if is_open else Obstacles(),
            "may_decide": is_open and line is not None and line.place != "ahead",
            "rounds": earlier_rounds(gate),
            "conditions": GateCondition.objects.filter(decision__gate=gate).select_related("owner", "done_by"),
            "sign_off_form": SignOffForm(instance=gate),
            "waits": waits_for_sign_off(gate),
            "without_form": WithoutSignOffForm(auto_id="without-%s"),
        }

    def form_of(self, criterion: GateCriterion, bound: CriterionForm | None) -> CriterionForm:
        if bound and bound.instance.pk == criterion.pk:
            return bound
        return CriterionForm(instance=criterion, user=self.request.user, evidence=self.evidence)

    @cached_property
    def evidence(self) -> Evidence:
        return evidence_of(self.engagement, self.request.user)

    def shown(self, criterion: GateCriterion) -> tuple[str, str] | None:
        """Name and address of the record that shows it."""
        record = criterion.record
        return (label_of(record), url_of(record, self.engagement)) if record else None

    def gate_url(self, gate: Gate) -> str:
        return reverse("gate", args=[self.engagement.slug, gate.pk])

    def refuse(self, gate: Gate, text: str) -> HttpResponse:
        """Say why nothing was changed, beside how the gate stands now."""
        return self.page(gate, status=409, refusal=text)


class EngagementGates(GatesView):
    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.page(None)


class GatePage(GatesView):
    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.page(self.gate)


class CriteriaTaking(GatesView):
    """Gives an engagement without gates those of the playbook in its customer's language, else what is missing about safety."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        engagement = self.engagement  # before anything is written: not everybody finds it
        ensure_standard_playbooks()
        playbook = default_playbook(request.user, engagement.customer.language)
        if playbook is None:
            messages.error(request, _("There is no playbook to take criteria from."))
        else:
            return self.take(playbook)
        return HttpResponseRedirect(reverse("engagement_gates", args=[slug]))


    def take(self, playbook: Playbook) -> HttpResponse:
        try:
            take_criteria(playbook, engagement=self.engagement, by=self.request.user)
        except Refused:
            return self.page(None, status=409, refusal=_("Nothing was asked: somebody decided the gate at this moment. Try again."))
        return HttpResponseRedirect(reverse("engagement_gates", args=[self.engagement.slug]))


class CriterionAnswer(GatesView):
    """Keeps the answer to one criterion, with a way back to the one before."""

    @cached_property
    def criterion(self) -> GateCriterion:
        rows = GateCriterion.objects.visible_to(self.request.user).filter(gate=self.gate).select_related(*RECORDS)
        return get_object_or_404(rows, pk=self.kwargs["part"])

    def get(self, request: PortalRequest, slug: str, pk: int, part: int) -> HttpResponse:
        return HttpResponseRedirect(self.done_url(self.criterion))

    def post(self, request: PortalRequest, slug: str, pk: int, part: int) -> HttpResponse:
        form = self.bound(request.POST)
        try:
            if UNDO in request.GET:
                return take_back(request, made=self.bound, save=self.save, done_url=self.done_url)
            return self.answer(form)
        except Refused:
            return self.refuse(self.gate, self.why_refused(self.gate))
        except Conflict:
            form.show_conflict()
            return self.page(self.gate, status=409, criterion_form=form)

    def answer(self, form: CriterionForm) -> HttpResponse:
        if not form.is_valid():
            return self.page(self.gate, status=422, criterion_form=form)
        before = before_save(form)
        criterion = self.save(form)
        text = _("%(answer)s: %(criterion)s") % {"answer": criterion.get_answer_display(), "criterion": criterion}
        say_saved(self.request, text, record=criterion, form=form, before=before)
        return HttpResponseRedirect(self.done_url(criterion))

    def bound(self, data: Any) -> CriterionForm:
        return CriterionForm(data, instance=self.criterion, user=self.request.user, evidence=self.evidence)

    def save(self, form: CriterionForm) -> GateCriterion:
        answer_criterion(form.instance, **form.cleaned_data, by=self.request.user, now=timezone.now())
        return form.instance

    def done_url(self, criterion: GateCriterion) -> str:
        return f"{self.gate_url(self.gate)}#criterion-{criterion.pk}"

    def why_refused(self, gate: Gate) -> str:
        fresh = Gate.objects.current().undecided().filter(pk=gate.pk).exists()
        if fresh:
            return _("Nothing was changed: name an owner for every asset first. The list is linked below.")
        return _("Nothing was changed: this round is decided. Open the gate again to look anew.")


class GateDecide(GatesView):
    """Records what both sides decided."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        if self.gate.decided:
            return HttpResponseRedirect(self.gate_url(self.gate))
        return self.form_page(DecideForm(gate=self.gate, today=self.today, is_shut=bool(obstacles(self.gate))))

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        gate = self.gate
        form = DecideForm(request.POST, gate=gate, today=self.today, is_shut=bool(obstacles(gate)))
        if not form.is_valid():
            return self.form_page(form, status=422)
        try:
            decision = decide_gate(gate, decided=form.decided, by=request.user, now=timezone.now())
        except GateShut:
            form.add_error("outcome", _("Not with a go: what is listed above keeps the gate shut."))
            return self.form_page(form, status=409)
        except Conflict:
            return self.refuse(gate, _("Nothing was decided: somebody moved the work to another phase at this moment."))
        except Refused:
            return self.refuse(gate, _("Nothing was decided: somebody decided this round already, or its phase has not begun."))
        said = _("Decided: %(decision)s")
        if waits_for_sign_off(decision.gate):
            said = _("Decided: %(decision)s. It waits for the customer’s sign-off, which the next edition you publish asks for.")
        success_with_undo(request, said % {"decision": decision.get_outcome_display()}, reverse("gate_take_back", args=[slug, pk]))
        return HttpResponseRedirect(reverse("engagement_gates", args=[slug]))

    def form_page(self, form: DecideForm, status: int = 200) -> HttpResponse:
        context = {"gate": self.gate, "form": form, "obstacles": obstacles(self.gate)}
        return self.show("engagements/gate/decide.html", context, status=status)


class GateTakeBack(GatesView):
    """Takes one's own decision back within ten minutes."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        try:
            gate = take_back_decision(self.gate, by=request.user, on=self.today, now=timezone.now())
        except NotTakenBack as why:
            return not_taken_back(request, str(why), self.gate_url(self.gate))
        messages.success(request, _("Taken back: %(record)s") % {"record": self.gate})
        return HttpResponseRedirect(self.gate_url(gate))


class GateAgain(GatesView):
    """Opens the next round of a decided gate."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        try:
            gate = open_again(self.gate, by=request.user)
        except Refused:
            return self.refuse(self.gate, _("Nothing was changed: this round is not decided, or a newer one is open."))
        messages.success(request, _("Open again: %(gate)s") % {"gate": gate})
        return HttpResponseRedirect(self.gate_url(gate))


class ConditionDone(GatesView):
    """Marks a condition as met, with a way back."""

    def post(self, request: PortalRequest, slug: str, pk: int, part: int) -> HttpResponse:
        condition = self.condition(part)
        finish_condition(condition, by=request.user, now=timezone.now())
        success_with_undo(request, _("Done: %(condition)s") % {"condition": condition}, reverse("condition_undone", args=[slug, pk, part]))
        return HttpResponseRedirect(self.gate_url(self.gate))

    def condition(self, part: int) -> GateCondition:
        rows = GateCondition.objects.visible_to(self.request.user).filter(decision__gate=self.gate)
        return get_object_or_404(rows.select_related("decision__gate"), pk=part)


class ConditionUndone(ConditionDone):
    """Takes back that a condition is met."""

    def post(self, request: PortalRequest, slug: str, pk: int, part: int) -> HttpResponse:
        condition = self.condition(part)
        reopen_condition(condition, by=request.user, now=timezone.now())
        messages.success(request, _("Open again: %(condition)s") % {"condition": condition})
        return HttpResponseRedirect(self.gate_url(self.gate))
