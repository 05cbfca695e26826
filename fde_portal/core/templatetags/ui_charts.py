"""Tags that draw the charts of `fde_portal.core.charts`, each with its caption and table."""

from __future__ import annotations

from typing import Any

from django import template

from fde_portal.core import charts

register = template.Library()


@register.inclusion_tag("components/charts/line.html")
def line_chart(chart: charts.LineChart, size: str = "") -> dict[str, Any]:
    """`size` is "wide" for long labels at the end of the lines, "tight" for none."""
    return {"chart": chart, "size": size}


@register.inclusion_tag("components/charts/bars.html")
def stacked_bars(chart: charts.StackedBars) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("components/charts/retention.html")
def retention_triangle(chart: charts.RetentionTriangle) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("components/charts/value.html")
def value_chart(chart: charts.CumulativeValue, size: str = "") -> dict[str, Any]:
    return {"chart": chart, "size": size}


@register.inclusion_tag("components/charts/timeline.html")
def milestone_timeline(chart: charts.MilestoneTimeline) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("components/charts/mosaic.html")
def health_mosaic(chart: charts.Mosaic) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("components/charts/people.html")
def people_map(chart: charts.PeopleMap) -> dict[str, Any]:
    return {"chart": chart}
