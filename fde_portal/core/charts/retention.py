"""The retention triangle: for each starting group, the share that came back in each later week."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from fde_portal.core.charts.scales import DataTable, Value

# Lower bounds, exclusive, in percent, and the class of the ground. The darkest is the starting week.
SHADES = ((99.5, "q9"), (80, "q8"), (70, "q7"), (60, "q6"), (50, "q5"), (0, "q4"))


@dataclass(frozen=True)
class Cell:
    text: str
    shade: str
    is_part: bool = False

    @property
    def so_far(self) -> Cell:
        """The same of a period that is not over: hatched, whatever the share."""
        return Cell(self.text, "part", is_part=True)

    @property
    def words(self) -> str:
        """The text where no hatching can be seen."""
        return gettext("%(figure)s so far") % {"figure": self.text} if self.is_part else self.text


@dataclass(frozen=True)
class Cohort:
    """People who started together. `shares` are ratios from 0 to 1, or `None` where it is too early.

    Of few people a percentage says more than is known: give their `counts` instead. `part` follows: who is back
    in a period that is not over.
    """

    label: str
    size: int
    shares: tuple[Value, ...] = ()
    counts: tuple[int | None, ...] = ()
    part: Cell | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        made = [cell(share) for share in self.shares] or [count_cell(count) for count in self.counts]
        return (*made, self.part) if self.part else tuple(made)


@dataclass(frozen=True)
class RetentionTriangle:
    """`columns` name the weeks after the start, the first being the starting week itself."""

    id: str
    title: str
    finding: str
    cohorts: tuple[Cohort, ...]
    columns: tuple[str, ...]
    caption: str = ""
    label_heading: str = ""

    @property
    def is_drawable(self) -> bool:
        return any(len(cohort.shares) > 1 or len(cohort.counts) > 1 for cohort in self.cohorts)

    @property
    def has_part(self) -> bool:
        return any(cohort.part for cohort in self.cohorts)

    @property
    def rows(self) -> tuple[tuple[Cohort, tuple[Cell, ...]], ...]:
        """Each cohort with one cell a column; missing ones are empty."""
        return tuple((cohort, self._cells(cohort)) for cohort in self.cohorts)

    @property
    def table(self) -> DataTable:
        """The same cells as text, with each cohort's size: percentages, or people where the cohort is small."""
        rows = tuple((cohort.label, (str(cohort.size), *(made.words for made in cells))) for cohort, cells in self.rows)
        return DataTable(self.title, (self.label_heading, pgettext("figure", "People"), *self.columns), rows)

    def _cells(self, cohort: Cohort) -> tuple[Cell, ...]:
        return (*cohort.cells, *[Cell("", "")] * len(self.columns))[: len(self.columns)]


def count_cell(count: int | None) -> Cell:
    """So many people, without a ground: a shade would claim a share."""
    return Cell("" if count is None else str(count), "count")


def cell(share: Value) -> Cell:
    """The whole percentage and its shade; nobody is a zero without ground."""
    if share is None:
        return Cell("", "")
    value = round(float(share) * 100)
    return Cell(str(value), next((shade for bound, shade in SHADES if value > bound), ""))
