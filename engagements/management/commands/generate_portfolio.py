"""`manage.py generate_portfolio`: a portfolio with planted troubles, to try how they are found."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.demo.portfolio_plans import Plan, plans
from engagements.demo.seeding.portfolio import judge_portfolio, write_portfolio
from engagements.management.commands.metrics_report import table
from engagements.models import Engagement, PortfolioRow
from engagements.selectors.portfolio import ATTENTION_ORDER
from fde_portal.accounts.models import User

# Terminal output for operators: not translated, like the options of the command.
LEADS = 30


class Command(BaseCommand):
    help = "Writes engagements with a stated background of small troubles and a number of planted ones, and ranks them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engagements", type=int, default=300)
        parser.add_argument("--troubles", type=int, default=30)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--prefix", help="how the short names begin; without it, after the seed")

    def handle(self, *, engagements: int, troubles: int, seed: int, prefix: str | None, **options: Any) -> None:
        prefix = prefix or f"trial-{seed}"
        if Engagement.objects.filter(slug__startswith=f"{prefix}-").exists():
            raise CommandError(f"There are engagements that begin with {prefix}- already: choose another --prefix.")
        if Engagement.objects.exists() and not settings.DEMO:
            raise CommandError("There is real work here. Trials belong into an empty installation, or the demo.")
        try:
            planned = plans(engagements, troubles, seed)
        except ValueError as fault:
            raise CommandError(str(fault)) from fault
        now = datetime.combine(timezone.now().date(), time(18), UTC)
        written = write_portfolio(planned, leads=leads(prefix), prefix=prefix, now=now)
        judge_portfolio(written, now=now)
        self.stdout.write(report(dict(zip((row.pk for row in written), planned, strict=True))))


def leads(prefix: str) -> list[User]:
    """People who lead the trial. They have no password and cannot sign in."""
    people = [User(name=f"Lead {number}", email=f"{prefix}-{number}@example.com", password="!") for number in range(1, LEADS + 1)]
    return User.objects.bulk_create(people)


def report(planned: dict[int, Plan]) -> str:
    """The first forty rows with what was planted, and how many of the planted are among them."""
    rows = list(PortfolioRow.objects.filter(engagement__in=planned).order_by(*ATTENTION_ORDER).select_related("engagement")[:40])
    lines = [[n + 1, row.engagement.slug, row.band, row.reason[0] if row.reason else None, planned[row.engagement_id].trouble] for n, row in enumerate(rows)]
    all_planted = sum(1 for plan in planned.values() if plan.trouble)
    right = sum(1 for row in rows if row.reason and row.reason[0] == planned[row.engagement_id].reason)
    foot = f"{right} of {all_planted} planted troubles are in the first {len(rows)} rows, with the right reason."
    return "\n".join([table(["row", "engagement", "band", "reason", "planted"], lines), "", foot])
