"""The value story: what a case comes to, how sure that is, what moves it, and what a change would do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements.forms.value_drivers import ScenarioForm
from engagements.metrics.value_lines import Scenario, inputs_of
from engagements.models import ValueCase, ValueScenario
from engagements.selectors.metric import latest_metrics
from engagements.selectors.value import Ranges, ValueFigures, figures_of_case, year_table
from engagements.selectors.value_flow import lines_of, metric_lines, rates_of
from engagements.selectors.value_ledger import ledger_of, to_date
from engagements.selectors.value_reached import stored_reached
from engagements.selectors.value_story import RATE_KEY, Story, story_of
from engagements.services.values import save_scenario
from engagements.views.pages import EngagementView
from engagements.views.value_charts import (
    cumulative_chart,
    has_range,
    payback_month,
    sure_sentence,
    value_sentence,
    year_label,
)
from engagements.views.value_words import value_measures
from engagements.views.values import rate_in_words, visible_case
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordRestore
from fde_portal.accounts.services.exports import note_figures
from fde_portal.core.cells import csv_answer
from fde_portal.core.messages import success_with_undo
from fde_portal.core.templatetags.ui_blocks import Tab


class BadInput(Exception):
    """A tried input is not a number that can be used; the text names it."""


def tried_inputs(case: ValueCase, data: Mapping[str, str]) -> dict[str, Decimal]:
    """What `data` changes of the case's inputs, by key, 0 to 1 for shares. Raises BadInput."""
    found = {}
    for shown in story_of(case, {}).inputs:
        text = str(data.get(shown.key, "")).strip().replace(",", "").removesuffix("%")
        if text and text != shown.expected:
            found[shown.key] = _number(text, shown.name) / shown.scale
    if not 0 <= found.get(RATE_KEY, 0) <= 1:
        raise BadInput(_("A discount rate lies between 0 and 100 percent."))
    return found


def _number(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > Decimal(10) ** 12:
        raise BadInput(_("“%(text)s” is not a number: %(name)s.") % {"text": text[:40], "name": name})
    return value


class ValueStory(EngagementView):
    """The story of one case. Inputs in the address are tried: the page recomputes, and nothing is saved."""

    tab = "engagement_value"

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        case = visible_case(self)
        try:
            return self.page(case, self.changed(case))
        except BadInput as fault:
            return self.page(case, {}, status=422, fault=str(fault))

    def changed(self, case: ValueCase) -> dict[str, Decimal]:
        """The end that is asked for, a named scenario, or what is typed."""
        if self.request.GET.get("end") in (Scenario.LOW, Scenario.HIGH):
            return inputs_of(metric_lines(case, lines_of(case)), Scenario(self.request.GET["end"]))
        number = self.request.GET.get("scenario", "")
        if number.isascii() and number.isdigit():
            scenario = get_object_or_404(ValueScenario.objects.visible_to(self.request.user), pk=int(number[:9]), case=case)
            return {key: Decimal(value) for key, value in scenario.inputs.items()}
        return tried_inputs(case, self.request.GET)

    def page(self, case: ValueCase, changed: dict[str, Decimal], status: int = 200, **extra: Any) -> HttpResponse:
        story = story_of(case, changed)
        if not story.fits:
            return self.too_large(changed)
        metrics, ledger = latest_metrics(self.engagement), ledger_of(case)
        stored, so_far = figures_of_case(metrics, case), to_date(ledger)
        figures = tried_figures(story) if changed or stored is None else stored
        context = {
            "case": case,
            "story": story,
            "figures": figures,
            "sentence": value_sentence(figures),
            "sure": sure_sentence(figures if has_range(figures) else stored or figures),
            "payback": payback_month(figures, figures.payback_years),
            "chart": cumulative_chart(figures, so_far, id="story-value"),
            "so_far": so_far,
            "measures": value_measures(figures, stored_reached(metrics)),
            "table": year_table(case, changed),
            "years": [year_label(year) for year in range(case.years + 1)],
            "rate": rate_in_words(story.rate),
            "changed": [shown for shown in story.inputs if shown.is_changed],
            "scenarios": case.scenarios.current(),
            "ends": end_tabs(reverse("value_story", args=[self.engagement.slug, case.pk]), self.request.GET.get("end", "")),
            "finding": moves_sentence(story),
            "stored": stored,
        }
        template = "engagements/value/_tried.html" if self.request.htmx else "engagements/value/story.html"
        return self.show(template, context | extra, status=status)


    def too_large(self, changed: dict[str, Decimal]) -> HttpResponse:
        """Raises BadInput where what is tried is too large; a case that is so itself has no story, and its tab says why."""
        if changed:
            raise BadInput(_("The amounts come to more than can be computed. Make them smaller."))
        return HttpResponseRedirect(reverse("engagement_value", args=[self.engagement.slug]))


def end_tabs(url: str, current: str) -> list[Tab]:
    """The case with every input at one end, and as it is expected."""
    ends = ((Scenario.LOW, _("Cautious"), f"{url}?end=low"), ("", pgettext("scenario", "Expected"), url), (Scenario.HIGH, _("Hopeful"), f"{url}?end=high"))
    return [Tab(label, address, end == current) for end, label, address in ends]


def tried_figures(story: Story) -> ValueFigures:
    """A computed story in the shape of stored figures; nothing is simulated for it."""
    flow, low, high = story.flow, story.low, story.high
    rates = rates_of(flow, story.case.starts_on)
    return ValueFigures(
        as_of=story.case.starts_on, currency=story.case.currency, pv_benefits=flow.pv_benefits, pv_costs=flow.pv_costs, npv=flow.npv,
        roi_pct=flow.roi_pct, simple_roi_pct=flow.simple_roi_pct, payback_years=flow.payback_years, net=flow.net, cumulative=flow.cumulative,
        periods=flow.periods, starts_on=story.case.starts_on, irr=rates.yearly, xirr=rates.dated,
        ranges=Ranges(
            low_npv=low.npv, high_npv=high.npv, low_payback=low.payback_years, high_payback=high.payback_years, p10=None, p50=None, p90=None,
            above_zero=None, draws=0, moves=(), low=low.cumulative, high=high.cumulative,
        ),
    )  # fmt: skip


def moves_sentence(story: Story) -> str:
    """What matters most, to be read aloud."""
    if not story.bars:
        return _("No input has a range yet. Give the drivers a cautious and a hopeful end to see what matters.")
    first = story.bars[0]
    words = {"name": first.name, "low": first.low, "high": first.high}
    return _("%(name)s matters most: alone it takes the value from %(low)s to %(high)s.") % words


class ScenarioNew(EngagementView):
    """Keeps the tried inputs under a name. The page with it can be opened by everybody who sees the engagement."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        case = visible_case(self)
        story = ValueStory()
        story.setup(request, slug=slug, pk=pk)
        try:
            inputs = tried_inputs(case, request.POST)
        except BadInput as fault:
            return story.page(case, {}, status=422, fault=str(fault))
        form = ScenarioForm(request.POST, instance=ValueScenario(case=case))
        if not form.is_valid() or not inputs:
            return story.page(case, inputs, status=422, fault=_("Change an input, and give the scenario a name."))
        scenario = save_scenario(form, inputs=inputs, by=request.user)
        undo_url = reverse("value_scenario_archive", args=[slug, pk, scenario.pk])
        success_with_undo(request, _("Kept as scenario: %(scenario)s") % {"scenario": scenario}, undo_url)
        return HttpResponseRedirect(f"{reverse('value_story', args=[slug, pk])}?scenario={scenario.pk}")


class ScenarioPlace:
    """Where the acts on a scenario lead back to."""

    def get_record(self: PortalView) -> ValueScenario:
        rows = ValueScenario.objects.visible_to(self.request.user).select_related("case__engagement")
        return get_object_or_404(rows, pk=self.kwargs["scenario"], case=visible_case(self))

    def done_url(self, record: ValueScenario) -> str:
        return reverse("value_story", args=[record.case.engagement.slug, record.case_id])


class ScenarioArchive(ScenarioPlace, RecordArchive):
    def restore_url(self, record: ValueScenario) -> str:
        return reverse("value_scenario_restore", args=[record.case.engagement.slug, record.case_id, record.pk])


class ScenarioRestore(ScenarioPlace, RecordRestore):
    pass


class ValueExport(EngagementView):
    """The case as a file: each line by year, then the stored headline."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
        case = visible_case(self)
        table, figures = year_table(case), figures_of_case(latest_metrics(self.engagement), case)
        header = [_("Line"), _("Kind"), _("How sure"), *(year_label(year) for year in range(case.years + 1)), _("Total")]
        rows = [[row.line.name, row.line.get_kind_display(), row.line.certainty_word, *row.amounts, row.total] for row in (*table.benefits, *table.costs)]
        rows.append([_("Net"), "", "", *table.net.amounts, table.net.total])
        if figures:
            rows += [[name, figures.currency, "", value] for name, value in headline_rows(figures)]
        note_figures(f"value-{slug}.csv", of=self.engagement, by=request.user)
        return csv_answer(f"value-{slug}", header, rows)


def headline_rows(figures: ValueFigures) -> list[tuple[str, Decimal | None]]:
    return [
        (_("Net present value"), figures.npv),
        (_("Benefits, present value"), figures.pv_benefits),
        (_("Costs, present value"), figures.pv_costs),
        (_("ROI on present values"), figures.roi_pct),
        (_("Payback"), figures.payback_years),
    ]

