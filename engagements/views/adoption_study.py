"""All adoption measures of an engagement or a deliverable: any range, compared, explained, as tables and CSV."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from engagements.forms.adoption_study import StudyFilter
from engagements.models import Deliverable
from engagements.selectors.adoption_material import Material
from engagements.selectors.adoption_study import Study, cohort_members, incident_spans, study
from engagements.selectors.release import HAPPENED, Happening, happenings_of, in_order
from engagements.selectors.usage_facts import Usage, as_of_day, usage_of
from engagements.views.adoption_figures import figures_of, final_sentence, release_lines, sentence_of
from engagements.views.pages import EngagementView
from engagements.views.study_charts import charts_of, cohort_chart, feature_table
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.models import OrganizationSettings
from fde_portal.accounts.services.exports import note_figures
from fde_portal.core.cells import csv_answer


class AdoptionStudy(EngagementView):
    """Every measure with its definition; `?csv=<chart>` gives one chart's table, `?cohort=<day>` looks into a cohort."""

    along = EngagementView.along | HAPPENED
    tab = "engagement_adoption"

    def get(self, request: PortalRequest, slug: str) -> HttpResponseBase:
        if not self.measured:
            return self.show("engagements/metric/study.html", {"study": None})
        charts = charts_of(self.study, self.compared, self.compared_name, self.happenings)
        if "csv" in request.GET:
            return self.table_of(charts, request.GET["csv"])
        return self.show("engagements/metric/study.html", self.content(charts))

    def content(self, charts: dict[str, Any]) -> dict[str, Any]:
        question = self.study.question
        detect, restore = incident_spans(self.engagement, self.subjects, question.first, question.last)
        cohort = self.cohort()
        return {
            "study": self.study,
            "filter": self.filter,
            "sentence": sentence_of(self.study),
            "final": final_sentence(question.last, self.today, self.study.closed_until),
            "figures": figures_of(self.study, detect, restore),
            "releases": release_lines(self.study),
            "charts": charts,
            "feature_table": feature_table(self.study),
            "cohort": cohort,
            "cohort_chart": cohort and cohort_chart(cohort),
            "query": self.query(),
            "stopped_on": self.until if self.until < self.newest.as_of else None,
        }

    def cohort(self) -> Any:
        try:
            return cohort_members(self.study, date.fromisoformat(self.request.GET.get("cohort", "")))
        except ValueError:
            return None

    def query(self) -> str:
        """The question in the address, without what a link adds to it."""
        kept = self.request.GET.copy()
        for name in ("csv", "cohort"):
            kept.pop(name, None)
        return kept.urlencode()

    def table_of(self, charts: dict[str, Any], name: str) -> HttpResponseBase:
        tables = {"features": feature_table(self.study), **{key: chart.table for key, chart in charts.items()}}
        if name not in tables:
            raise Http404
        table = tables[name]
        rows = [(heading, *cells) for heading, cells in table.rows]
        note_figures(f"{self.engagement.slug}-{name}.csv", of=self.engagement, by=self.request.user)
        return csv_answer(f"{self.engagement.slug}-{name}", table.columns, rows)

    @cached_property
    def measured(self) -> list[Deliverable]:
        rows = Deliverable.objects.visible_to(self.request.user).filter(engagement=self.engagement).current()
        return list(rows.filter(usage_sources__isnull=False).distinct())

    @cached_property
    def newest(self) -> Usage:
        members = usage_of([deliverable.pk for deliverable in self.measured])
        return Usage.of(members, as_of_day(members, self.today))

    @cached_property
    def until(self) -> date:
        """The day figures are made for; where a feed stopped, the last day that any covers: after it nothing is known."""
        return self.newest.covered_until if self.newest.feed_stopped else self.newest.as_of

    @cached_property
    def filter(self) -> StudyFilter:
        choices = Deliverable.objects.filter(pk__in=[deliverable.pk for deliverable in self.measured])
        return StudyFilter(self.request.GET, deliverables=choices, until=self.until)

    @cached_property
    def subjects(self) -> list[Deliverable]:
        chosen = self.filter.subject
        return self.measured if chosen is None else [item for item in self.measured if item.pk == chosen.pk]

    @cached_property
    def first_weekday(self) -> int:
        return OrganizationSettings.current().first_weekday

    @cached_property
    def study(self) -> Study:
        question = self.filter.question()
        return study(Material.of(self.engagement, self.subjects, question.last), question, self.first_weekday)

    @cached_property
    def compared(self) -> Study | None:
        asked, question = self.filter.compared, self.study.question
        if asked == "before":
            question, subjects = question.before, self.subjects
        else:
            subjects = [item for item in self.measured if str(item.pk) == asked]
        if not asked or not subjects:
            return None
        return study(Material.of(self.engagement, subjects, question.last), question, self.first_weekday)

    @property
    def compared_name(self) -> str:
        if self.filter.compared == "before":
            return _("The time before")
        return next((item.name for item in self.measured if str(item.pk) == self.filter.compared), "")

    @property
    def happenings(self) -> list[Happening]:
        happened = happenings_of(self.engagement)
        return in_order(item for subject in self.subjects for item in happened.get(subject.pk, ()))
