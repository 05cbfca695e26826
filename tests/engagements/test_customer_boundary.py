"""Nothing internal reaches a customer: not by import, not by any address, not by a single byte."""

import ast
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from engagements.models import (
    DeliverableChange,
    Edition,
    Incident,
    Release,
)
from engagements.selectors.weekly_update import Week
from engagements.services.editions import publish_edition
from engagements.services.shares import create_share
from engagements.views.log_kinds import LOG_KINDS
from tests.engagements.internal_world import MARK, NOW, internal_models, plant_internals
from tests.engagements.shown_world import BROWSER, addresses, shown_engagement
from tests.factories.customers import MembershipFactory
from tests.factories.people import ContactFactory

ROOT = Path(__file__).resolve().parents[2]
MODELS_OF_A_READER = {"engagements.models.withdrawal", "engagements.models.share", "engagements.models.contact_visit", "engagements.models.engagement", "engagements.models.response"}
INTERNAL = {
    *(kind.model.__name__ for kind in LOG_KINDS),
    "StakeholderNote", "NoteRevision", "InternalLine", "HealthSnapshot", "HealthOverride", "HealthModelVersion", "StanceRecord", "PortfolioRow", "Rating", "Band",
    "Risk", "RiskAssessment", "BlockerRevision", "BlockerChange", "CheckIn", "CheckInHours", "Release", "Incident", "Rebaseline",
    "Review", "ReviewQuestion", "Help",
}


# By import


def imported_from(module: str) -> set[tuple[str, str]]:
    tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text())
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {(node.module, alias.name) for node in found for alias in node.names}


def own_modules_behind(module: str, seen: set[str] | None = None) -> set[str]:
    """The modules of `engagements` that one imports, directly or through another."""
    seen = seen if seen is not None else set()
    for source, name in imported_from(module):
        for target in (source, f"{source}.{name}"):
            if target.startswith("engagements.") and (ROOT / (target.replace(".", "/") + ".py")).exists() and target not in seen:
                seen.add(target)
                own_modules_behind(target, seen)
    return seen


@pytest.mark.parametrize("module", ["engagements.views.public", "engagements.views.doors", "engagements.views.calendars", "engagements.views.answers", "engagements.views.contact_answers"])
def test_what_serves_readers_knows_grants_editions_and_answers_and_no_other_record(module):
    behind = own_modules_behind(module)
    assert {name for name in behind if name.startswith("engagements.models")} - {"engagements.models.visitor"} <= MODELS_OF_A_READER
    names = {name for module in behind | {module} for _, name in imported_from(module)}
    assert not names & INTERNAL
    # The package would hand out every model.
    assert not any(source == "engagements.models" for module in behind for source, _ in imported_from(module))


@pytest.mark.parametrize("module", ["engagements.selectors.shareable", "engagements.services.editions"])
def test_what_gathers_an_edition_cannot_name_internal_records(module):
    sources = {source for source, _ in imported_from(module)}
    assert not {name for _, name in imported_from(module)} & INTERNAL
    assert not sources & {"engagements.models", "engagements.models.note", "engagements.models.health"}


# By bytes


@pytest.fixture
def engagement(db):
    return shown_engagement()


@pytest.fixture
def token(engagement):
    return create_share(engagement=engagement, name="Board", by=engagement.lead, language="en")[1]


@pytest.fixture
def contact(engagement):
    person = ContactFactory(language="en")
    MembershipFactory(customer=engagement.customer, user=person)
    return person


def test_the_page_is_the_same_byte_for_byte_with_and_without_internal_records(client, engagement, token):
    with time_machine.travel(NOW, tick=False):
        publish_edition(engagement=engagement, by=engagement.lead, now=NOW)  # from the second on earlier ones are offered
        without = client.get(reverse("shared_page", args=[token]), **BROWSER).content
        plant_internals(engagement)
        engagement.refresh_from_db()
        publish_edition(engagement=engagement, by=engagement.lead, now=NOW)
        with_internals = client.get(reverse("shared_page", args=[token]), **BROWSER).content
    _, first, second = Edition.objects.order_by("number").values_list("content_hash", flat=True)
    assert b"Name a reviewer" in without
    assert b"The review has no reviewer yet" in without
    assert (with_internals, second) == (without, first)


# By address


def test_every_model_with_internal_text_is_planted(engagement, token):
    plant_internals(engagement)
    empty = [model.__name__ for model in internal_models() if not model._default_manager.exists()]
    assert empty == []


@pytest.mark.parametrize("who", ["signed out", "contact"])
def test_no_address_shows_a_customer_anything_internal(client, engagement, token, contact, who):
    plant_internals(engagement)
    engagement.refresh_from_db()
    publish_edition(engagement=engagement, by=engagement.lead, now=NOW)
    if who == "contact":
        client.force_login(contact)
    read, leaks = set(), []
    with time_machine.travel(NOW, tick=False):
        for name, address in addresses(engagement, token):
            response = client.get(address, **BROWSER)
            body = b"".join(response) if response.streaming else response.content
            read |= {name} if response.status_code == 200 else set()
            leaks += [name] if MARK.encode() in body or MARK in str(response.headers) else []
    assert leaks == []
    assert "shared_page" in read
    assert ("contact_edition" in read) == (who == "contact")


def test_a_week_drafted_from_internal_records_shows_none_of_them_in_its_preview(client, engagement):
    plant_internals(engagement)
    engagement.asks.filter(raised_in__state="draft").delete()
    engagement.weekly_updates.filter(state="draft").delete()
    engagement.health_snapshots.all().delete()  # a mark is no component
    happen_this_week(engagement)
    client.force_login(engagement.lead)
    week = Week.of(engagement.weekly_updates.get(state="published").monday).next
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        response = client.get(reverse("weekly_log_entry", args=[engagement.slug, week]))
    sources = {row.key.partition("-")[0] for row in response.context["forms"].our_facts}
    assert sources == {"milestone", "deliverable", "blocker", "release", "incident", "decision", "training", "work"}
    assert MARK in response.content.decode()
    assert MARK not in str(response.context["page"])
    paper = response.content.decode().partition('class="paper"')[2].partition('class="keep"')[0]
    assert paper
    assert MARK not in paper


def happen_this_week(engagement):
    """Date everything internal into the week after the published one, so that it is drafted."""
    day = engagement.weekly_updates.get(state="published").monday + timedelta(days=8)
    noon = datetime.combine(day, time(12), UTC)
    engagement.milestones.filter(is_shared=False).update(actual_on=day)
    engagement.blockers.filter(shared_wording="").update(state="cleared", cleared_on=day)
    engagement.decision_entries.update(noted_on=day)
    engagement.training_entries.update(noted_on=day)
    engagement.work_items.update(happened_at=noon)
    Release.objects.filter(deliverable__engagement=engagement).update(released_on=day)
    Incident.objects.filter(deliverable__engagement=engagement).update(started_at=noon, detected_at=None, restored_at=None)
    first = engagement.deliverables.first()
    engagement.deliverables.filter(pk=first.pk).update(state="accepted", is_shared=False)
    DeliverableChange.objects.create(deliverable=first, was="submitted", state="accepted", changed_at=noon)
