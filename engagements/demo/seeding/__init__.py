"""Writes the stories into the database, in one transaction.

A seed that is killed leaves nothing behind, so the next start begins anew: either the demo's
organization is there with everything else, or nothing is. Seeding is the only writer at that time, so
computing inside the transaction holds up nobody.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from engagements.demo.clock import Clock
from engagements.demo.people import STAFF
from engagements.demo.seeding.accounts import create_organization
from engagements.demo.seeding.check_ins import create_check_ins
from engagements.demo.seeding.concerns import create_concerns
from engagements.demo.seeding.customers import create_customer
from engagements.demo.seeding.digests import create_digests
from engagements.demo.seeding.engagements import create_engagement
from engagements.demo.seeding.gates import create_gates
from engagements.demo.seeding.log import create_log
from engagements.demo.seeding.notices import create_notices
from engagements.demo.seeding.outcomes import create_outcomes
from engagements.demo.seeding.publishing import finish
from engagements.demo.seeding.reminders import create_reminders
from engagements.demo.seeding.reviews import create_reviews
from engagements.demo.seeding.usage import create_usage
from engagements.demo.seeding.weeks import create_weeks
from engagements.demo.seeding.work import create_work
from engagements.demo.stories import STORIES
from fde_portal.accounts.models import User
from fde_portal.core.search.index import reindex


def is_seeded() -> bool:
    return User.objects.filter(email=STAFF[0].email).exists()


@transaction.atomic
def seed(*, now: datetime) -> bool:
    """Write the demo as of `now`; False when it is there already, and then nothing changes."""
    if is_seeded():
        return False
    clock = Clock(now.date())
    staff = create_organization(clock)
    made = []
    for story in STORIES:
        customer = create_customer(story.customer, staff=staff, clock=clock)
        for plan in story.engagements:
            engagement = create_engagement(plan, customer=customer, staff=staff, clock=clock)
            create_concerns(engagement, clock=clock)
            create_outcomes(engagement, clock=clock)
            use = create_usage(plan, engagement=engagement, clock=clock, now=now)
            create_weeks(plan, engagement=engagement, use=use, staff=staff, clock=clock)
            create_log(engagement, clock)
            made.append((plan, engagement))
    create_work(clock=clock, now=now)
    create_gates([engagement for __, engagement in made], clock)
    for plan, engagement in made:
        finish(plan, engagement, clock=clock, now=now)
    create_check_ins(staff, clock)
    create_reminders(staff, clock)
    create_reviews(staff, now=now)
    create_notices(staff, now=now)
    create_digests(staff, clock, now=now)
    reindex()  # much of the above is written as it stood, without the acts that led there
    return True
