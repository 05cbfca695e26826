"""One definition for each headline number: what is counted, over what, of whom.

Plain data for snapshots, the API and the tooltips; the words people read are elsewhere.
Raise a family's version whenever the same usage or flows would give another figure: a
snapshot of an older version is then computed anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Family(StrEnum):
    """Metrics that are computed together and carry one version."""

    USAGE = "usage"
    VALUE = "value"
    HEALTH = "health"


DEFINITION_VERSION: Mapping[str, int] = MappingProxyType({Family.USAGE: 2, Family.VALUE: 4, Family.HEALTH: 6})


@dataclass(frozen=True, slots=True)
class Definition:
    """What a metric means.

    `window` names the local days covered: "7d" are the seven that end with the day shown,
    that day included. `population` says who or what is counted, `source` where the
    definition comes from.
    """

    key: str
    family: Family
    window: str
    population: str
    unit: str
    source: str

    @property
    def version(self) -> int:
        """The version of the metric's family."""
        return DEFINITION_VERSION[self.family]


_ACTIVE_USERS = "PostHog/posthog posthog/hogql_queries/insights/test/test_trends.py"
_LIFECYCLE = "PostHog/posthog posthog/hogql_queries/insights/test/test_lifecycle_query_runner.py"
_RETENTION = "PostHog/posthog posthog/hogql_queries/insights/test/test_retention_query_runner.py"
_ROLLING_28 = "davidjaxon.wordpress.com (Social Capital)"
_RATE = "distilled-cs.pages.dev/metrics/adoption_rate"
_TEI = "go.forrester.com/policies/tei"
_HEALTH = "health model 1"

_ALL = (
    Definition("dau", Family.USAGE, "1d", "counted_actors", "actors", _ACTIVE_USERS),
    Definition("wau", Family.USAGE, "7d", "counted_actors", "actors", _ACTIVE_USERS),
    Definition("mau28", Family.USAGE, "28d", "counted_actors", "actors", _ROLLING_28),
    Definition("avg_dau28", Family.USAGE, "28d", "counted_actors", "actors_per_day", _ROLLING_28),
    Definition("stickiness28", Family.USAGE, "28d", "counted_actors", "ratio", _ROLLING_28),
    Definition("l28", Family.USAGE, "28d", "active_actors", "days", "philihp.com"),
    Definition("adoption_rate", Family.USAGE, "7d", "target_actors", "ratio", _RATE),
    Definition("lifecycle", Family.USAGE, "calendar_week", "counted_actors", "actors", _LIFECYCLE),
    Definition("quick_ratio", Family.USAGE, "calendar_week", "counted_actors", "ratio", _ROLLING_28),
    Definition("retention", Family.USAGE, "calendar_week", "first_time_cohorts", "ratio", _RETENTION),
    Definition("pv_benefits", Family.VALUE, "horizon", "value_lines", "money", _TEI),
    Definition("pv_costs", Family.VALUE, "horizon", "value_lines", "money", _TEI),
    Definition("npv", Family.VALUE, "horizon", "value_lines", "money", _TEI),
    Definition("roi_pct", Family.VALUE, "horizon", "value_lines", "percent_of_pv_costs", _TEI),
    Definition("payback_years", Family.VALUE, "horizon", "value_lines", "years", _TEI),
    Definition("irr", Family.VALUE, "horizon", "value_lines", "rate_per_year", "numpy/numpy-financial"),
    Definition("xirr", Family.VALUE, "horizon", "value_lines", "rate_per_year", "actual/365"),
    Definition("pv_assumed", Family.VALUE, "horizon", "value_lines_on_assumptions", "money", _TEI),
    Definition("cost_of_one", Family.VALUE, "28d", "accepted_or_edited_cases", "money", "delivery kits"),
    Definition("days_to_value", Family.VALUE, "since_start", "target_actors", "days", "engagement start"),
    Definition("days_to_accepted", Family.VALUE, "since_start", "accepted_or_edited_cases", "days", "engagement start"),
    Definition("health", Family.HEALTH, "as_of_day", "engagement", "points", _HEALTH),
)

DEFINITIONS: Mapping[str, Definition] = MappingProxyType({item.key: item for item in _ALL})
