"""Who is active: rolling windows, stickiness, habit and adoption rate.

`Days` maps a local day to the bitmap of the ordinals of the actors active that day.
A day that is missing is a day on which nobody was active. A window of n days ends on
its day, that day included. Actors must already be merged, and own staff and bots left out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from math import sqrt
from statistics import NormalDist

from pyroaring import BitMap

from engagements.metrics.periods import Period, days_between

Days = Mapping[date, BitMap]

# Four of each weekday, so that weekends do not ripple through (davidjaxon.wordpress.com).
MONTH_WINDOW = 28


def active_within(days: Days, span: Iterable[date]) -> BitMap:
    """Return the actors active on at least one day of `span`."""
    return BitMap.union(BitMap(), *(days[day] for day in span if day in days))


def active_before(days: Days, day: date) -> BitMap:
    """Return the actors active on any day earlier than `day`."""
    return active_within(days, (earlier for earlier in days if earlier < day))


def active_on(days: Days, day: date, window_days: int) -> BitMap:
    """Return the actors active in the `window_days` days that end on `day`."""
    return active_within(days, window(day, window_days))


def window(day: date, window_days: int) -> Iterable[date]:
    """Yield the `window_days` days that end on `day`, in order."""
    return days_between(day - timedelta(days=window_days - 1), day)


def rolling_active(days: Days, start: date, end: date, window_days: int) -> dict[date, int]:
    """Return distinct actors in the window ending on each day from `start` to `end`, both included.

    Days without activity have a value too, and history before `start` counts
    (PostHog, `test_trends.py`, weekly active users).
    """
    return {day: len(active_on(days, day, window_days)) for day in days_between(start, end)}


def period_active(days: Days, periods: Iterable[Period]) -> dict[date, int]:
    """Return distinct actors per calendar period, keyed by the period's first day."""
    return {period.start: len(active_within(days, period.days())) for period in periods}


def period_totals(totals: Mapping[date, int], first: date, last: date, periods: Iterable[Period]) -> dict[date, int]:
    """Sum daily totals (events, say) per period, counting only `first` to `last`, both included."""
    return {
        period.start: sum(
            totals.get(day, 0) for day in days_between(max(first, period.start), min(last, period.last_day))
        )
        for period in periods
    }


def average_daily_active(days: Days, end: date, window_days: int = MONTH_WINDOW) -> Decimal:
    """Return mean daily actors over the window that ends on `end`; silent days count as 0."""
    total = sum(len(days[day]) for day in window(end, window_days) if day in days)
    return Decimal(total) / window_days


def stickiness(days: Days, end: date, window_days: int = MONTH_WINDOW) -> Decimal | None:
    """Return mean daily actors / distinct actors of the same window, or None when nobody was active.

    Equals mean active days per active actor / `window_days`; a habit of five days a week
    tops out near 0.71.
    """
    distinct = len(active_on(days, end, window_days))
    return ratio(average_daily_active(days, end, window_days), distinct)


def stickiness_histogram(days: Days, periods: Iterable[Period]) -> dict[int, int]:
    """Return k -> actors active in exactly k of the periods; buckets of 0 are left out.

    Partial periods count like whole ones (PostHog, `test_stickiness_query_runner.py`).
    """
    return _histogram(_appearances(active_within(days, period.days()) for period in periods))


def l_ness(days: Days, as_of: date, n: int) -> dict[int, int]:
    """Return actor ordinal -> distinct active days in the `n` days that end on `as_of`."""
    return dict(_appearances(days[day] for day in window(as_of, n) if day in days))


def l_ness_histogram(days: Days, as_of: date, n: int) -> dict[int, int]:
    """Return k -> actors with exactly k active days in the last `n`: the power user curve."""
    return _histogram(l_ness(days, as_of, n))


def _appearances(bitmaps: Iterable[BitMap]) -> Counter[int]:
    return Counter(chain.from_iterable(bitmaps))


def _histogram(counts: Mapping[int, int]) -> dict[int, int]:
    return dict(sorted(Counter(counts.values()).items()))


@dataclass(frozen=True, slots=True)
class AdoptionRate:
    """Share of the people meant to use it who did. `rate` is 0 to 1, None when unknown.

    `beyond_target` are active actors outside the named targets; they never enter the rate.
    """

    numerator: int
    denominator: int | None
    rate: Decimal | None
    beyond_target: int = 0
    more_users_than_licences: bool = False


def adoption_rate(active: BitMap, targets: BitMap | None, licences: int | None) -> AdoptionRate:
    """Return adoption of the named targets, else of the licences, else only the count.

    `targets` is the list in force at the window's end. Never falls back to active users,
    which would flatter (distilled-cs.pages.dev/metrics/adoption_rate).
    """
    if targets is not None:
        reached, target = active.intersection_cardinality(targets), len(targets)
        return AdoptionRate(reached, target, ratio(reached, target), beyond_target=len(active) - reached)
    users = len(active)
    return AdoptionRate(
        users,
        licences,
        ratio(users, licences),
        more_users_than_licences=licences is not None and users > licences,
    )


def ratio(part: Decimal | int, whole: int | None) -> Decimal | None:
    """Return part / whole, or None when the whole is 0 or unknown: undefined is not 0."""
    return Decimal(part) / whole if whole else None


def ramped_target(full: int, starts_on: date, full_on: date, day: date) -> Decimal:
    """Return the target that applies on `day`: 0 before `starts_on`, `full` from `full_on`.

    Between the two it grows by the same amount each day.
    """
    if day < starts_on:
        return Decimal(0)
    if day >= full_on:
        return Decimal(full)
    return Decimal(full * (day - starts_on).days) / (full_on - starts_on).days


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return Wilson's score interval for `k` of `n`, or None when `n` is 0.

    The bounds are exactly 0 at k = 0 and exactly 1 at k = n (values of R's prop.test).
    Raises ValueError when `k` is not between 0 and `n`.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a share")
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = k / n, z * z / n
    centre = share + spread / 2
    margin = z * sqrt(share * (1 - share) / n + spread / (4 * n))
    low = 0.0 if k == 0 else (centre - margin) / (1 + spread)
    high = 1.0 if k == n else (centre + margin) / (1 + spread)
    return low, high
