"""The engagement's first page: how healthy, why, what is next, who uses it, what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils import timezone

from customers.models import Stakeholder
from customers.selectors import StakeholderRow
from engagements.metrics.adoption import ratio
from engagements.metrics.firsts import Activation
from engagements.models import Deliverable, Engagement, HealthOverride
from engagements.selectors.feed_watch import silence_of, silence_sentence
from engagements.selectors.health import health_history, override_on
from engagements.selectors.metric import Metrics, latest_deliverable_metrics, latest_metrics
from engagements.selectors.milestone import milestone_lines, milestones_of, timeline_of
from engagements.selectors.overview import MOST_PEOPLE, latest_update, people_of, worst_concerns
from engagements.selectors.release import HAPPENED, Happening, happenings_of, in_order
from engagements.selectors.risk import FACTS
from engagements.selectors.self_report import reported_band
from engagements.selectors.value import value_figures
from engagements.views.adoption_charts import known_until, lifecycle_chart, retention_chart, weekly_users_chart
from engagements.views.adoption_figures import Figure, activation_figure, rule_words
from engagements.views.data_sources import data_sources_content
from engagements.views.health_panel import PANEL_DAYS, health_panel
from engagements.views.live import LiveEngagementView
from engagements.views.people_map import USUAL_SPAN, people_map
from engagements.views.value_charts import cumulative_chart, payback_span


class Overview(LiveEngagementView):
    tab = "engagement"
    template_name = "engagements/engagement/overview.html"
    fragment_name = "engagements/engagement/_overview.html"
    along = LiveEngagementView.along | HAPPENED | FACTS | {
        "trend_svg": F("portfolio_row__trend_svg"),
        "override_band": F("portfolio_row__override_band"),
        "feed_watch": F("portfolio_row__feed_watch"),
    }

    @cached_property
    def people(self) -> list[StakeholderRow]:
        return people_of(self.engagement)

    @cached_property
    def sponsor(self) -> Stakeholder | None:
        """The one among the people, who are read here anyway."""
        sponsors = (row.person for row in self.people if row.person.role == Stakeholder.Role.SPONSOR)
        return next(sponsors, None)

    @property
    def override(self) -> HealthOverride | None:
        """Looked up only where the portfolio's line says there is one."""
        return override_on(self.engagement, self.today) if self.engagement.override_band else None

    def content(self) -> dict[str, Any]:
        metrics, latest, milestones = latest_metrics(self.engagement), latest_update(self.engagement), milestones_of(self.engagement)
        lines = milestone_lines(milestones, begin=self.engagement.started_on, today=self.today)
        return {
            "reported": reported_band(latest.update) if latest else "",
            "override": self.override,
            "health": health_panel(health_history(self.engagement, PANEL_DAYS)),
            "timeline": timeline_of(self.engagement, lines, self.today),
            "metrics": metrics,
            "feed_silence": feed_silence(self.engagement, metrics),
            "latest": latest,
            "people_map": people_map(self.people[:MOST_PEOPLE], id="overview-people", since=self.today - USUAL_SPAN),
            "concerns": worst_concerns(self.engagement, milestones, self.today),
            **data_sources_content(self.engagement, self.today),
            **adoption_content(metrics, prefix="overview", happenings=everything(happenings_of(self.engagement))),
            **value_content(metrics),
        }


class Adoption(LiveEngagementView):
    tab = "engagement_adoption"
    template_name = "engagements/metric/adoption.html"
    fragment_name = "engagements/metric/_adoption.html"
    along = LiveEngagementView.along | HAPPENED | {"feed_watch": F("portfolio_row__feed_watch")}

    def content(self) -> dict[str, Any]:
        whole = latest_metrics(self.engagement)
        by_id, happened = latest_deliverable_metrics(self.engagement), happenings_of(self.engagement)
        deliverables = list(self.engagement.deliverables.current().filter(pk__in=by_id))
        only = deliverables[0] if len(deliverables) == 1 else None
        return {
            "metrics": whole,
            "feed_silence": feed_silence(self.engagement, whole),
            **adoption_content(whole, prefix="engagement", happenings=everything(happened), deliverable=only),
            "parts": [(row, by_id[row.pk], part_content(row, by_id[row.pk], happened)) for row in deliverables],
        }


def part_content(deliverable: Deliverable, metrics: Metrics, happened: Mapping[int, Sequence[Happening]]) -> dict[str, Any]:
    """Adoption of one of several deliverables."""
    pk = deliverable.pk
    return adoption_content(metrics, prefix=f"d{pk}", happenings=happened.get(pk, ()), deliverable=deliverable)


def feed_silence(engagement: Engagement, metrics: Metrics | None) -> str:
    """Since when a feed by the hour is silent, of an engagement read with `feed_watch`; "" where the figures say that it stopped."""
    if metrics and metrics.values["feed_stopped"]:
        return ""
    return silence_sentence(silence_of(engagement.feed_watch, timezone.now()))


def everything(happened: Mapping[int, Sequence[Happening]]) -> list[Happening]:
    """What happened to any deliverable, oldest first."""
    return in_order(happening for rows in happened.values() for happening in rows)


def adoption_content(
    metrics: Metrics | None, *, prefix: str, happenings: Sequence[Happening] = (), deliverable: Deliverable | None = None
) -> dict[str, Any]:
    """Figures and charts of one subject; empty while nothing was measured. `happenings` become lines on the chart.

    Of a `deliverable`, or a whole that is a single one, activation by its rule too.
    """
    if metrics is None or not metrics.values["last_usage_day"]:
        return {"adoption": None}
    figures = adoption_figures(metrics.values)
    stopped_on = figures["stopped_on"]
    weeks, cohorts = known_until(stopped_on, metrics.series)
    return {
        "adoption": figures,
        "activation": activation_of(metrics.values, deliverable) if deliverable else None,
        "users_chart": weekly_users_chart(weeks, id=f"{prefix}-users", happenings=happenings, is_newest=not stopped_on),
        "lifecycle": lifecycle_chart(weeks, id=f"{prefix}-lifecycle", is_newest=not stopped_on),
        "retention": retention_chart(cohorts, id=f"{prefix}-retention"),
    }


def activation_of(values: dict[str, Any], deliverable: Deliverable) -> Figure | None:
    """The stored activation; with a number stands the rule that counts, in words. None where an earlier definition stored none."""
    if "activation" not in values:
        return None
    rule, stored = deliverable.activation_rule, values["activation"]
    if not stored:
        return activation_figure(None, rule)
    figure = activation_figure(Activation(**stored, rate=ratio(stored["reached"], stored["old_enough"])), rule)
    return replace(figure, note=" · ".join(filter(None, (figure.note, rule_words(rule)))))


def value_content(metrics: Metrics | None) -> dict[str, Any]:
    """The newest value case in figures and as a chart; empty without one."""
    figures = value_figures(metrics) if metrics else None
    if metrics is None or figures is None:
        return {"value": None}
    paid = figures.payback_years
    return {
        "value": figures,
        "payback": "" if paid is None else payback_span(paid),
        "value_chart": cumulative_chart(figures, id="overview-value"),
    }


def adoption_figures(values: dict[str, Any]) -> dict[str, Any]:
    """The stored figures with ratios and days as such, for the filters that write them.

    `stopped_on` is the last day that is known where feeds stopped, None where another one delivers to the end. An earlier
    definition stored no `covered_until`: then it is the last day with usage.
    """
    rate = values["adoption"]["rate"]
    covered_until = values.get("covered_until", values["last_usage_day"])
    is_cut = values["feed_stopped"] and covered_until < values["as_of"]  # ISO days stand in order
    return values | {
        "stickiness": None if values["stickiness"] is None else Decimal(values["stickiness"]),
        "adoption": values["adoption"] | {"rate": None if rate is None else Decimal(rate)},
        "stopped_on": date.fromisoformat(covered_until) if is_cut else None,
    }
