"""Is a series rising or falling, and how sure is that?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from math import sqrt
from statistics import NormalDist, correlation, linear_regression, mean, median

MIN_PERIODS = 6

Number = int | float | Decimal


class Trend(StrEnum):
    """The words for a direction; the first two only when the interval excludes 0."""

    RISING = "rising"
    FALLING = "falling"
    NO_CLEAR_TREND = "no_clear_trend"


@dataclass(frozen=True, slots=True)
class Slope:
    """Change per unit of x, with the bounds of its confidence interval."""

    slope: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """A straight line fitted by least squares; `r2` is the share of variance explained.

    `slope_stderr` is the standard error of the slope, None with two points: nothing is left over.
    """

    slope: float
    intercept: float
    r2: float
    slope_stderr: float | None


def trend(values: Sequence[Number], confidence: float = 0.95) -> Trend | None:
    """Return the direction of a series of complete, consecutive periods.

    None below six periods: too few to say. One odd holiday week does not turn it.
    """
    if len(values) < MIN_PERIODS:
        return None
    fit = theil_sen(range(len(values)), values, confidence)
    if fit.low > 0:
        return Trend.RISING
    return Trend.FALLING if fit.high < 0 else Trend.NO_CLEAR_TREND


def theil_sen(xs: Sequence[Number], ys: Sequence[Number], confidence: float = 0.95) -> Slope:
    """Return the median of all pairwise slopes with Sen's interval (Sen 1968, ties corrected).

    The interval follows scipy's `theilslopes`. Raises ValueError when all `xs` are equal.
    """
    slopes = sorted(_pairwise_slopes(xs, ys))
    if not slopes:
        raise ValueError("a slope needs two different x")
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * _sigma(xs, ys)
    count = len(slopes)
    low = max(round((count - reach) / 2) - 1, 0)
    high = min(round((count + reach) / 2), count - 1)
    return Slope(median(slopes), slopes[low], slopes[high])


def _pairwise_slopes(xs: Sequence[Number], ys: Sequence[Number]) -> list[float]:
    points = [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
    return [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x1 != x2]


def _sigma(xs: Sequence[Number], ys: Sequence[Number]) -> float:
    """Standard deviation of Kendall's S, lessened by ties."""
    return sqrt((_spread(len(ys)) - _tied(xs) - _tied(ys)) / 18)


def _spread(n: int) -> int:
    return n * (n - 1) * (2 * n + 5)


def _tied(values: Sequence[Number]) -> int:
    return sum(_spread(list(values).count(value)) for value in set(values))


def least_squares(xs: Sequence[Number], ys: Sequence[Number]) -> LeastSquares:
    """Return the least squares line, a check beside the robust slope.

    Raises statistics.StatisticsError below two points or when one side is constant.
    """
    x, y = [float(value) for value in xs], [float(value) for value in ys]
    line = linear_regression(x, y)
    return LeastSquares(line.slope, line.intercept, correlation(x, y) ** 2, _slope_error(x, y, line.slope, line.intercept))


def _slope_error(x: Sequence[float], y: Sequence[float], slope: float, intercept: float) -> float | None:
    if len(x) < 3:
        return None
    left = sum((b - intercept - slope * a) ** 2 for a, b in zip(x, y, strict=True))
    centre = mean(x)
    return sqrt(left / (len(x) - 2) / sum((a - centre) ** 2 for a in x))
