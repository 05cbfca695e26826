"""Geometry of the portal's charts: pure arithmetic from numbers to positions in an SVG.

Positions of text and rules are percentages of the drawing, so text never scales. Lines and areas
are paths in a square of 1000 x 1000 units that the template stretches (`preserveAspectRatio="none"`).
Values may be `None`: not measured. That is a gap in a line and a dash in a table, never a zero.
Words, number formats and colours come from outside: this package knows neither language nor theme.
"""

from fde_portal.core.charts.bars import BarSeries, StackedBars
from fde_portal.core.charts.lines import LineChart, Mark, Series
from fde_portal.core.charts.mosaic import Component, Mosaic
from fde_portal.core.charts.people import MapPerson, PeopleMap
from fde_portal.core.charts.retention import Cohort, RetentionTriangle
from fde_portal.core.charts.scales import DataTable, data_table
from fde_portal.core.charts.small import bar_svg, distribution_svg, mosaic_svg, spark_svg
from fde_portal.core.charts.timeline import MilestoneRow, MilestoneTimeline
from fde_portal.core.charts.value import CumulativeValue

__all__ = [
    "BarSeries",
    "Cohort",
    "Component",
    "CumulativeValue",
    "DataTable",
    "LineChart",
    "MapPerson",
    "Mark",
    "MilestoneRow",
    "MilestoneTimeline",
    "Mosaic",
    "PeopleMap",
    "RetentionTriangle",
    "Series",
    "StackedBars",
    "bar_svg",
    "data_table",
    "distribution_svg",
    "mosaic_svg",
    "spark_svg",
]
