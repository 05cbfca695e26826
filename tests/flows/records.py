"""Run on a fresh demo: adds an engagement without records, and prints which records the pages are about."""

from __future__ import annotations

import json

import django


def add_empty_engagement() -> None:
    """One of Maya's engagements has nothing yet: its pages show what they say then."""
    maya = User.objects.get(email=MAYA)
    like = Engagement.objects.get(slug=SLUG)
    engagement = EngagementFactory(
        slug=EMPTY, name="Renewal letters", customer=like.customer, lead=maya, started_on=like.started_on
    )
    skip_week(engagement=engagement, week=last_week(), reason="customer_away", note="Their year-end close", by=maya)
    request_recompute(engagement.pk)
    run_recompute(engagement.pk, now=timezone.now())


def last_week() -> Week:
    return Week.of(timezone.now().date()).previous


def record_names() -> dict[str, str | int]:
    """The newest published week and the first record of each kind of the engagement SLUG."""
    work = Engagement.objects.get(slug=SLUG)
    week = WeeklyUpdate.objects.filter(engagement=work).exclude(published_at=None).latest("iso_year", "iso_week")
    kinds = {
        # On the page with most to answer.
        "ask": Ask.objects.filter(engagement__slug=ANSWERED).open(),
        "answer": Response.objects.counted().filter(engagement__slug=ANSWERED),
        "review_question": ReviewQuestion.objects.filter(engagement__slug=ANSWERED),
        "submitted": Deliverable.objects.filter(engagement__slug=ANSWERED, is_shared=True, state="submitted"),
        "shared_gate": Gate.objects.filter(engagement__slug=ANSWERED, is_shared=True),
        "gate": Gate.objects.filter(engagement=work, phase="pilot"),
        "open_gate": Gate.objects.filter(engagement__slug=ANSWERED, phase="pilot"),
        "asset": Asset.objects.filter(engagement__slug="freight-invoice-checks"),
        "milestone": Milestone.objects.filter(engagement=work),
        "blocker": Blocker.objects.filter(engagement=work),
        "risk": Risk.objects.filter(engagement=work),
        "release": Release.objects.filter(deliverable__engagement=work),
        "deliverable": Deliverable.objects.filter(engagement=work),
        "source": UsageSource.objects.filter(deliverable__engagement=work),
        "batch": UsageBatch.objects.filter(source__deliverable__engagement=work),
        "target": TargetPopulation.objects.filter(deliverable__engagement=work),
        "value_case": ValueCase.objects.filter(engagement=work),
        "driven_case": ValueCase.objects.filter(engagement__slug=ANSWERED, lines__basis="drivers"),
        "driven_line": ValueLine.objects.filter(case__engagement__slug=ANSWERED, basis="drivers"),
        "work_source": WorkSource.objects.all(),
        "exchange_rate": ExchangeRate.objects.all(),
        "outcome": OutcomeAgreement.objects.filter(engagement=work),
        "observation": Observation.objects.filter(agreement__engagement=work),
        "guardrail": Guardrail.objects.filter(agreement__engagement=work),
        "decision": Decision.objects.filter(engagement=work),
        "share": Share.objects.filter(engagement=work),
        "note": StakeholderNote.objects.filter(customer=work.customer),
        "stakeholder": Stakeholder.objects.filter(customer=work.customer),
        "person": User.objects.filter(led_engagements__isnull=False).exclude(email=MAYA),
    }
    ruth = User.objects.get(email=RUTH)
    fixed = {"mute": Mutable(ruth, NoticeKind.AT_RISK).token, "week": week.week_label, "update": week.pk, "skipped_week": str(last_week()), "late_week": str(last_week())}
    return fixed | {name: rows.earliest("pk").pk for name, rows in kinds.items()}


if __name__ == "__main__":
    django.setup()

    from django.utils import timezone  # all of these need django.setup()

    from customers.models import Stakeholder
    from engagements.models import (
        Ask,
        Asset,
        Blocker,
        Decision,
        Deliverable,
        Engagement,
        Gate,
        Guardrail,
        Milestone,
        NoticeKind,
        Observation,
        OutcomeAgreement,
        Release,
        Response,
        ReviewQuestion,
        Risk,
        Share,
        StakeholderNote,
        TargetPopulation,
        UsageBatch,
        UsageSource,
        ValueCase,
        ValueLine,
        WeeklyUpdate,
        WorkSource,
    )
    from engagements.selectors.notices.mutes import Mutable
    from engagements.selectors.weekly_update import Week
    from engagements.services.recomputes import request_recompute, run_recompute
    from engagements.services.week_duties import skip_week
    from fde_portal.accounts.models import ExchangeRate, User
    from tests.factories.engagements import EngagementFactory
    from tests.flows.pages import ANSWERED, EMPTY, MAYA, RUTH, SLUG

    add_empty_engagement()
    print(json.dumps(record_names()))
