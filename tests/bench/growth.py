"""python -m tests.bench.growth NUMBER: fills a database with so many engagements and prints how its lists are asked for.

Run in a process of its own, because a process knows one database.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (after the set-up)
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from customers.models import Customer  # noqa: E402
from engagements.models import Engagement, PortfolioRow  # noqa: E402
from tests.bench.data import session_of  # noqa: E402
from tests.bench.pages import Page, cookie, statements  # noqa: E402
from tests.factories.people import ManagerFactory, UserFactory  # noqa: E402

PER_CUSTOMER, LEADS = 5, 20
TODAY = timezone.localdate()


def fill(number: int) -> None:
    """Engagements that differ in rank, fall and dates; a tenth of them at risk."""
    leads = UserFactory.create_batch(LEADS)
    customers = Customer.objects.bulk_create(
        Customer(name=f"Customer {n}", slug=f"customer-{n}") for n in range(number // PER_CUSTOMER)
    )
    engagements = Engagement.objects.bulk_create(
        Engagement(
            customer=customers[n // PER_CUSTOMER], name=f"Engagement {n}", slug=f"engagement-{n}", lead=leads[n % LEADS],
            started_on=TODAY,
        )  # fmt: skip
        for n in range(number)
    )
    PortfolioRow.objects.bulk_create(
        PortfolioRow(
            engagement=engagement, computed_at=timezone.now(), rank=0 if n % 10 == 0 else 2, fall=n % 37, score=n % 100,
            last_update_on=TODAY, weekly_users=n % 500, weekly_target=300, full_target=500, value_at_stake=n,
        )  # fmt: skip
        for n, engagement in enumerate(engagements)
    )
    connection.cursor().execute("ANALYZE")


def lists(number: int) -> list[Page]:
    manager = cookie(session_of(ManagerFactory()))
    found = (("portfolio", "/portfolio/"), ("API", "/api/v1/engagements/"))
    return [(f"{name} of {number:,}", path, manager, statements(path, manager)) for name, path in found]


call_command("migrate", verbosity=0)
fill(int(sys.argv[1]))
print(json.dumps(lists(int(sys.argv[1]))))
