"""The figures at the top of the page."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from engagements.models.share import all_sections
from engagements.public_page.content import SharedAdoption, SharedMilestone, SharedOutcome, SharedValue
from engagements.public_page.figures import Fact, chosen_facts
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.shares import content_for

PEOPLE = SharedAdoption(121, 180, ())
DONE = (SharedMilestone(1, "Pilot", "", date(2026, 9, 1), date(2026, 9, 1), True), SharedMilestone(2, "Live", "", date(2026, 12, 1), date(2026, 12, 1), False))
VALUE = SharedValue("EUR", True, date(2026, 6, 1), (Decimal(-10), Decimal(664000)), Decimal("0.7"))
MINUTES = SharedOutcome(5, "Minutes for each declaration", "", Decimal("7.8"), Decimal("14.0000"), Decimal("6.0000"))
HELD = SharedOutcome(6, "Held at the border", "%", Decimal("6.1"), Decimal(11), None)
FULL = {"adoption": PEOPLE, "milestones": DONE, "value": VALUE, "outcomes": (MINUTES, HELD)}


def content(**fields):
    return content_for(EngagementFactory.build(), **fields)


def labels(facts):
    return [fact.label for fact in facts]


def test_a_figure_says_where_it_began_and_where_it_is_to_get():
    assert chosen_facts(content(outcomes=(MINUTES, HELD)), all_sections()) == (
        Fact("Minutes for each declaration", "7.8", "from 14, goal 6"),
        Fact("Held at the border", "6.1%", "from 11%"),
    )


def test_without_a_choice_the_first_three_stand_there():
    assert labels(chosen_facts(content(**FULL), all_sections())) == [
        "Minutes for each declaration", "Held at the border", "People in the last seven days",
    ]


def test_chosen_ones_stand_in_the_chosen_order_and_missing_ones_are_left_out():
    chosen = content(**FULL, figures=("milestones", "outcome:99", "outcome:6"))
    assert labels(chosen_facts(chosen, all_sections())) == ["Milestones reached", "Held at the border"]


def test_a_section_that_is_left_out_shows_no_figure_either():
    chosen = content(**FULL, figures=("people", "milestones", "payback"))
    assert labels(chosen_facts(chosen, ["milestones"])) == ["Milestones reached"]
    assert labels(chosen_facts(content(outcomes=(MINUTES, HELD)), ["milestones"])) == []


@pytest.mark.django_db
def test_the_lead_chooses_among_those_that_exist(client):
    engagement = EngagementFactory()
    MilestoneFactory(engagement=engagement, is_shared=True)
    client.force_login(engagement.lead)
    path = reverse("shared_figures", args=[engagement.slug])
    assert "Milestones reached: 0" in client.get(path).content.decode()
    refused = client.post(path, {"figures": ["payback"]})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["figures"])
    client.post(path, {"figures": ["milestones"]})
    engagement.refresh_from_db()
    assert engagement.shared_figures == ["milestones"]
    assert AuditEvent.objects.filter(verb="choose_figures", actor=engagement.lead).count() == 1
    client.force_login(EngagementFactory().lead)
    assert client.post(path, {"figures": []}).status_code == 404
