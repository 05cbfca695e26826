"""Pages of risks: adding one, one risk with how it was judged, and the acts on it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.risks import RiskForm, RiskQuickForm
from engagements.models import Risk
from engagements.selectors.note import origin_of
from engagements.selectors.risk import risk_lines, trigger_text
from engagements.services.risks import save_risk, set_risk_state
from engagements.views.concerns import ConcernsView
from engagements.views.counted import CountedArchive, CountedRestore
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordFormPage
from fde_portal.core.messages import success_with_undo


def visible_risk(view: PortalView) -> Risk:
    """The risk the address names, if it belongs to the engagement named and the viewer sees it."""
    risks = Risk.objects.visible_to(view.request.user).select_related("engagement__customer", "owner")
    return get_object_or_404(risks, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class RiskQuick(ConcernsView):
    """Takes the one line above the list. Answers htmx with the list, and others with the tab."""

    fragment = "engagements/risk/_panel.html"

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = RiskQuickForm(request.POST, instance=Risk(engagement=self.engagement), prefix="risk")
        if not form.is_valid():
            return self.refuse(risk_form=form)
        risk = save_risk(form, by=request.user, today=self.today)
        undo_url = reverse("risk_archive", args=[slug, risk.pk])
        success_with_undo(request, _("Risk added: %(risk)s") % {"risk": risk}, undo_url)
        return self.answer()


class RiskPage(EngagementView):
    tab = "engagement_risks"

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        risk = visible_risk(self)
        context = {
            "line": risk_lines([risk], today=self.today)[0],
            "origin": origin_of(risk, request.user),
            "trigger": trigger_text(risk),
            "assessments": risk.assessments.select_related("assessed_by").order_by("-assessed_on", "-id"),
        }
        return self.show("engagements/risk/detail.html", context)


class RiskPlace:
    """Where the pages of a risk lead back to."""

    def done_url(self, record: Risk) -> str:
        return reverse("engagement_risks", args=[record.engagement.slug])


class RiskFormPage(RiskPlace, RecordFormPage):
    form_class = RiskForm
    template_name = "engagements/risk/form.html"

    def form_options(self) -> dict[str, Any]:
        today = timezone.localdate(timezone=visible_engagement(self).zone)
        return {"user": self.request.user, "today": today}

    def save(self, form: RiskForm) -> Risk:
        return save_risk(form, by=self.request.user, today=form.today)


class RiskNew(RiskFormPage):
    def get_record(self) -> Risk:
        return Risk(engagement=visible_engagement(self), owner=self.request.user)

    def title(self, record: Risk) -> str:
        return _("New risk")


class RiskEdit(RiskFormPage):
    def get_record(self) -> Risk:
        return visible_risk(self)

    def title(self, record: Risk) -> str:
        return _("Edit risk")

    def done_url(self, record: Risk) -> str:
        return reverse("risk", args=[record.engagement.slug, record.pk])


class RiskMove(EngagementView):
    """Closes a risk or opens it again, with a way back."""

    to: ClassVar[Risk.State]
    back: ClassVar[str]
    said: ClassVar[Any]

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        risk = visible_risk(self)
        set_risk_state(risk, state=self.to, today=self.today, by=request.user)
        success_with_undo(request, self.said % {"risk": risk}, reverse(self.back, args=[slug, pk]))
        return HttpResponseRedirect(reverse("engagement_risks", args=[slug]))


class RiskClose(RiskMove):
    to, back = Risk.State.CLOSED, "risk_reopen"
    said = gettext_lazy("Closed: %(risk)s")


class RiskReopen(RiskMove):
    to, back = Risk.State.OPEN, "risk_close"
    said = gettext_lazy("Open again: %(risk)s")


class RiskArchive(RiskPlace, CountedArchive):
    def get_record(self) -> Risk:
        return visible_risk(self)

    def restore_url(self, record: Risk) -> str:
        return reverse("risk_restore", args=[record.engagement.slug, record.pk])


class RiskRestore(RiskPlace, CountedRestore):
    def get_record(self) -> Risk:
        return visible_risk(self)
