"""The Value tab, and the pages behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.values import ValueCaseForm
from engagements.metrics.value_limits import fits
from engagements.models import ValueCase
from engagements.selectors.metric import latest_metrics
from engagements.selectors.value import cases_of, figures_of_case, year_table
from engagements.selectors.value_flow import case_flow
from engagements.selectors.value_ledger import ledger_of, to_date
from engagements.selectors.value_method import case_method
from engagements.selectors.value_reached import stored_reached
from engagements.services.value_starts import BY_KEY, STARTS, start_value_case
from engagements.services.values import save_value_case
from engagements.views.counted import CountedArchive, CountedRestore
from engagements.views.engagements import visible_engagement
from engagements.views.live import LiveEngagementView
from engagements.views.pages import EngagementView
from engagements.views.value_charts import cumulative_chart, payback_span, sure_sentence, value_sentence, year_label
from engagements.views.value_words import value_measures
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordFormPage
from fde_portal.core import formats
from fde_portal.core.messages import success_with_undo


class EngagementValue(LiveEngagementView):
    tab = "engagement_value"
    template_name = "engagements/value/page.html"
    fragment_name = "engagements/value/_content.html"

    def content(self) -> dict[str, Any]:
        cases = cases_of(self.engagement, self.request.user)
        case, *others = [*cases.current(), None]
        content = {"case": case, "others": others[:-1], "archived": cases.archived(), "starts": STARTS}
        return content | self.study(case) if case else content

    def study(self, case: ValueCase) -> dict[str, Any]:
        """The newest case in figures, words and a table; figures are None until the worker has them, and where they are too large."""
        metrics, ledger = latest_metrics(self.engagement), ledger_of(case)
        figures, so_far = figures_of_case(metrics, case), to_date(ledger)
        return {
            "ledger": ledger,
            "so_far": so_far,
            "frozen": case.frozen_estimates.all(),
            "figures": figures,
            "is_too_large": figures is None and not fits(case_flow(case)),
            "sentence": value_sentence(figures) if figures else "",
            "payback": payback_span(figures.payback_years) if figures and figures.payback_years is not None else "",
            "chart": cumulative_chart(figures, so_far, id="value"),
            "sure": sure_sentence(figures) if figures else "",
            "measures": value_measures(figures, stored_reached(metrics)),
            "table": year_table(case),
            "method": case_method([row.line for row in ledger.rows], case),
            "years": [year_label(year) for year in range(case.years + 1)],
            "rate": rate_in_words(case.discount_rate),
            "computed_at": metrics.computed_at if metrics else None,
        }


def rate_in_words(rate: Decimal) -> str:
    """10% rather than 10.00%, and 7.25% in full."""
    return formats.percent(rate, max(0, -(rate * 100).normalize().as_tuple().exponent))


def visible_case(view: PortalView) -> ValueCase:
    """The case the address names, if it belongs to the engagement named and the viewer sees it."""
    cases = ValueCase.objects.visible_to(view.request.user).select_related("engagement")
    return get_object_or_404(cases, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class ValuePlace:
    """Where the pages of a value case lead back to."""

    def done_url(self, record: ValueCase) -> str:
        return reverse("engagement_value", args=[record.engagement.slug])


class ValueCaseFormPage(ValuePlace, RecordFormPage):
    form_class = ValueCaseForm
    template_name = "engagements/value/form.html"

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        if "redraw" not in request.POST:
            return super().post(request, **kwargs)
        form = self.form_class(request.POST, instance=self.get_record())
        form.without_verdict()
        return self.show(form)

    def save(self, form: ValueCaseForm) -> ValueCase:
        return save_value_case(form, by=self.request.user)


class ValueCaseNew(ValueCaseFormPage):
    def get_record(self) -> ValueCase:
        engagement = visible_engagement(self)
        return ValueCase(engagement=engagement, currency=engagement.currency, starts_on=engagement.started_on)

    def title(self, record: ValueCase) -> str:
        return _("New value case")


class ValueCaseStart(EngagementView):
    """Makes a case from a starting point, and leads to the drivers of its first line."""

    def post(self, request: PortalRequest, slug: str, start: str) -> HttpResponse:
        if start not in BY_KEY:
            raise Http404
        case = start_value_case(BY_KEY[start], engagement=self.engagement, starts_on=self.engagement.started_on, by=request.user)
        success_with_undo(request, _("Started: %(case)s. Now put in your own figures.") % {"case": case}, reverse("value_case_archive", args=[slug, case.pk]))
        return HttpResponseRedirect(reverse("value_drivers", args=[slug, case.pk, case.lines.first().pk]))


class ValueCaseEdit(ValueCaseFormPage):
    def get_record(self) -> ValueCase:
        return visible_case(self)

    def title(self, record: ValueCase) -> str:
        return _("Edit value case")


class ValueCaseArchive(ValuePlace, CountedArchive):
    def get_record(self) -> ValueCase:
        return visible_case(self)

    def restore_url(self, record: ValueCase) -> str:
        return reverse("value_case_restore", args=[record.engagement.slug, record.pk])


class ValueCaseRestore(ValuePlace, CountedRestore):
    def get_record(self) -> ValueCase:
        return visible_case(self)
