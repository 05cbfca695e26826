"""The engagement's first page: how healthy, why, what is next, who uses it, what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F

from customers.models import Stakeholder
from customers.selectors import StakeholderRow
from engagements.models import HealthOverride
from engagements.selectors.health import health_history, override_on
from engagements.selectors.metric import Metrics, latest_deliverable_metrics, latest_metrics
from engagements.selectors.milestone import milestone_timeline
from engagements.selectors.overview import MOST_PEOPLE, latest_update, people_of, worst_concerns
from engagements.selectors.release import HAPPENED, Happening, happenings_of, in_order
from engagements.selectors.self_report import reported_band
from engagements.selectors.value import value_figures
from engagements.views.adoption_charts import lifecycle_chart, retention_chart, weekly_users_chart
from engagements.views.data_sources import data_sources_content
from engagements.views.health_panel import PANEL_DAYS, health_panel
from engagements.views.live import LiveEngagementView
from engagements.views.people_map import USUAL_SPAN, people_map
from engagements.views.value_charts import cumulative_chart, payback_span


class Overview(LiveEngagementView):
    tab = "engagement"
    template_name = "engagements/engagement/overview.html"
    fragment_name = "engagements/engagement/_overview.html"
    along = LiveEngagementView.along | HAPPENED | {
        "trend_svg": F("portfolio_row__trend_svg"),
        "override_band": F("portfolio_row__override_band"),
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
        metrics, latest = latest_metrics(self.engagement), latest_update(self.engagement)
        return {
            "reported": reported_band(latest.update) if latest else "",
            "override": self.override,
            "health": health_panel(health_history(self.engagement, PANEL_DAYS)),
            "timeline": milestone_timeline(self.engagement, today=self.today),
            "metrics": metrics,
            "latest": latest,
            "people_map": people_map(self.people[:MOST_PEOPLE], id="overview-people", since=self.today - USUAL_SPAN),
            "concerns": worst_concerns(self.engagement, self.today),
            **data_sources_content(self.engagement, self.today),
            **adoption_content(metrics, prefix="overview", happenings=everything(happenings_of(self.engagement))),
            **value_content(metrics),
        }


class Adoption(LiveEngagementView):
    along = LiveEngagementView.along | HAPPENED
    tab = "engagement_adoption"
    template_name = "engagements/metric/adoption.html"
    fragment_name = "engagements/metric/_adoption.html"

    def content(self) -> dict[str, Any]:
        whole = latest_metrics(self.engagement)
        by_id, happened = latest_deliverable_metrics(self.engagement), happenings_of(self.engagement)
        deliverables = self.engagement.deliverables.current().filter(pk__in=by_id)
        return {
            "metrics": whole,
            **adoption_content(whole, prefix="engagement", happenings=everything(happened)),
            "parts": [
                (row, by_id[row.pk], adoption_content(by_id[row.pk], prefix=f"d{row.pk}", happenings=happened.get(row.pk, ())))
                for row in deliverables
            ],
        }


def everything(happened: Mapping[int, Sequence[Happening]]) -> list[Happening]:
    """What happened to any deliverable, oldest first."""
    return in_order(happening for rows in happened.values() for happening in rows)


def adoption_content(metrics: Metrics | None, *, prefix: str, happenings: Sequence[Happening] = ()) -> dict[str, Any]:
    """Figures and charts of one subject; empty while nothing was measured. `happenings` become lines on the chart."""
    if metrics is None or not metrics.values["last_usage_day"]:
        return {"adoption": None}
    weeks = metrics.series["weeks"]
    return {
        "adoption": adoption_figures(metrics.values),
        "users_chart": weekly_users_chart(weeks, id=f"{prefix}-users", happenings=happenings),
        "lifecycle": lifecycle_chart(weeks, id=f"{prefix}-lifecycle"),
        "retention": retention_chart(metrics.series["retention"]["rows"], id=f"{prefix}-retention"),
    }


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
    """The stored figures with ratios and days as such, for the filters that write them."""
    rate = values["adoption"]["rate"]
    return values | {
        "stickiness": None if values["stickiness"] is None else Decimal(values["stickiness"]),
        "adoption": values["adoption"] | {"rate": None if rate is None else Decimal(rate)},
        "last_usage_day": date.fromisoformat(values["last_usage_day"]),
    }
