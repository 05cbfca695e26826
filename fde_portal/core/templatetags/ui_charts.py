"""Tags that draw the charts of `fde_portal.core.charts`, each with its caption and table."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from fde_portal.core import charts

register = template.Library()

# About 10 kB each. A drawing costs milliseconds and is asked for again each time its page is opened.
MOST_DRAWINGS = 500


@register.simple_tag
def line_chart(chart: charts.LineChart, size: str = "") -> SafeString:
    """`size` is "wide" for long labels at the end of the lines, "tight" for none."""
    return drawn("line", chart, size)


@register.simple_tag
def stacked_bars(chart: charts.StackedBars) -> SafeString:
    return drawn("bars", chart)


@register.simple_tag
def retention_triangle(chart: charts.RetentionTriangle) -> SafeString:
    return drawn("retention", chart)


@register.simple_tag
def value_chart(chart: charts.CumulativeValue, size: str = "") -> SafeString:
    return drawn("value", chart, size)


@register.simple_tag
def milestone_timeline(chart: charts.MilestoneTimeline) -> SafeString:
    return drawn("timeline", chart)


@register.simple_tag
def health_mosaic(chart: charts.Mosaic) -> SafeString:
    return drawn("mosaic", chart)


@register.simple_tag
def people_map(chart: charts.PeopleMap) -> SafeString:
    return drawn("people", chart)


def drawn(kind: str, chart: Hashable, size: str = "") -> SafeString:
    """The chart as markup, drawn anew only when a value, a word or the language differs.

    Charts are frozen values with everything they show inside, so an equal chart has an equal drawing:
    nothing here can go stale.
    """
    return _drawn(kind, chart, size, get_language())


@lru_cache(maxsize=MOST_DRAWINGS)
def _drawn(kind: str, chart: Hashable, size: str, language: str | None) -> SafeString:
    return render_to_string(f"components/charts/{kind}.html", {"chart": chart, "size": size})
