"""Computes figures and health, freezes them into the updates, and opens the shared pages."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta

from engagements.demo.clock import Clock
from engagements.demo.plans import EngagementPlan, OverridePlan
from engagements.demo.seeding.answers import answer, ask_front_line
from engagements.demo.stories import harbourline, meridian
from engagements.models import DirtyDay, Edition, Engagement, Recompute, Share, ShareView, WeeklyUpdate
from engagements.selectors.health import health_history
from engagements.services.activity import rebuild_days
from engagements.services.editions import publish_edition
from engagements.services.health import backfill_health
from engagements.services.health_overrides import set_override
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.services.shares import PREFIX
from engagements.services.weekly_updates import frozen_health, open_draft
from fde_portal.accounts.tokens import digest_of

# The portfolio shows twelve weeks, updates go further back; a band needs some days to settle.
HEALTH_DAYS = 13 * 7
LINK_WORKS_FOR = timedelta(weeks=14)
OVERRIDDEN_FOR = timedelta(weeks=2)
HARBOURLINE_DOMAIN = "harbourline.example"
OPENED_AFTER = (timedelta(minutes=50), timedelta(hours=3), timedelta(hours=26))


class SeedingFailed(Exception):
    """The figures of an engagement could not be computed; the text is the queue's own."""


def finish(plan: EngagementPlan, engagement: Engagement, *, clock: Clock, now: datetime) -> None:
    """Bring one written engagement to where the worker and its people would have brought it."""
    _compute(engagement, now)
    _freeze_health(engagement)
    if plan.override:
        _judge(plan.override, engagement, now)
    edition = _publish(engagement)
    if plan.share and edition:
        share = _open_link(plan, edition, now)
        answer(plan, edition, share, now=now)
    if plan is harbourline.CUSTOMS and edition:
        _open_links_for_some(plan, edition, now)
    if plan is harbourline.CUSTOMS:
        ask_front_line(engagement, clock)
    if plan is (meridian.HOME if clock.is_weekend else harbourline.CUSTOMS):
        # Half written, so that there is something to go on with.
        year, week, __ = clock.today.isocalendar()
        open_draft(engagement=engagement, year=year, week=week, by=engagement.lead)
    # Updates know their health by now, and the customer has answered: the portfolio tells both.
    request_recompute(engagement.pk)
    run_recompute(engagement.pk, now=now)


def _compute(engagement: Engagement, now: datetime) -> None:
    """Days of use, then the health of each past day, then today's figures. Raises SeedingFailed."""
    dirty = DirtyDay.objects.filter(deliverable__engagement=engagement)
    for deliverable_id in set(dirty.values_list("deliverable_id", flat=True)):
        rebuild_days(deliverable_id, list(dirty.filter(deliverable=deliverable_id).values_list("day", flat=True)))
    request_recompute(engagement.pk)
    age = (now.astimezone(engagement.zone).date() - engagement.started_on).days
    backfill_health(engagement, min(HEALTH_DAYS, age + 1), now=now)
    if not run_recompute(engagement.pk, now=now):
        raise SeedingFailed(Recompute.objects.get(engagement=engagement).error)


def _freeze_health(engagement: Engagement) -> None:
    """Give each update the health that was known in the morning it was published."""
    history = health_history(engagement, HEALTH_DAYS)
    days = [snapshot.day for snapshot in history]
    updates = list(WeeklyUpdate.objects.filter(engagement=engagement))
    for update in updates:
        before = bisect_left(days, update.published_at.astimezone(engagement.zone).date())
        update.derived_health = frozen_health(history[before - 1]) if before else None
    WeeklyUpdate.objects.bulk_update(updates, ["derived_health"])


def _judge(plan: OverridePlan, engagement: Engagement, now: datetime) -> None:
    """Let the manager disagree with the computed band."""
    day = now.astimezone(engagement.zone).date() - timedelta(days=plan.days)
    set_override(
        engagement, band=plan.band, reason=plan.reason, until=day + OVERRIDDEN_FOR, today=day, by=engagement.manager
    )
    run_recompute(engagement.pk, now=now)


def _publish(engagement: Engagement) -> Edition | None:
    """The edition of the last update, as if it had just been published."""
    last = WeeklyUpdate.objects.filter(engagement=engagement).published().first()
    return publish_edition(engagement=engagement, by=last.author, now=last.published_at) if last else None


def link_secret(plan: EngagementPlan) -> str:
    """The secret of a demo link. It is no secret, so that the demo can print it at every start."""
    return f"{PREFIX}_demo-{plan.slug}"


def _open_link(plan: EngagementPlan, edition: Edition, now: datetime) -> Share:
    engagement = edition.engagement
    share = Share.objects.create(
        engagement=engagement,
        name=plan.share,
        token_digest=digest_of(link_secret(plan)),
        language=engagement.customer.language,
        expires_at=now + LINK_WORKS_FOR,
        created_by=engagement.lead,
    )
    Share.objects.filter(pk=share.pk).update(created_at=edition.published_at - timedelta(weeks=6))
    moments = (edition.published_at + pause for pause in OPENED_AFTER)
    ShareView.objects.bulk_create(
        ShareView(share=share, edition=edition, seen_at=moment) for moment in moments if moment < now
    )
    return share


def _open_links_for_some(plan: EngagementPlan, edition: Edition, now: datetime) -> None:
    """Links that ask who reads: one for a person, who gets new editions by mail, one for the whole company."""
    domain = HARBOURLINE_DOMAIN
    for ending, fields in (
        ("grace", {"name": "Grace Mensah", "audience": "recipient", "recipient": f"grace.mensah@{domain}", "mails_editions": True}),
        ("company", {"name": f"@{domain}", "audience": "domain", "domain": domain}),
    ):
        share = Share.objects.create(
            engagement=edition.engagement,
            token_digest=digest_of(f"{link_secret(plan)}-{ending}"),
            language=edition.engagement.customer.language,
            expires_at=now + LINK_WORKS_FOR,
            created_by=edition.engagement.lead,
            **fields,
        )
        Share.objects.filter(pk=share.pk).update(created_at=edition.published_at - timedelta(weeks=6))
        seen_at = edition.published_at + OPENED_AFTER[0]
        if seen_at < now:
            ShareView.objects.create(share=share, edition=edition, seen_at=seen_at, address=f"grace.mensah@{domain}")
