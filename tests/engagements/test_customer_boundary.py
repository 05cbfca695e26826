"""Nothing internal reaches a customer: not by import, not by any address, not by a single byte."""

import ast
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import get_resolver, reverse

from engagements.models import (
    DeliverableChange,
    Edition,
    Incident,
    MetricSnapshot,
    Release,
    ValueAmount,
    ValueCase,
    ValueLine,
)
from engagements.models.weekly_update import LineKind
from engagements.selectors.weekly_update import Line, Week
from engagements.services.asks import AskDraft
from engagements.services.editions import publish_edition
from engagements.services.shares import create_share
from engagements.services.weekly_updates import WeekDraft, open_draft, publish_weekly_update, save_draft
from engagements.views.log_kinds import LOG_KINDS
from tests.engagements.internal_world import DAY, MARK, NOW, internal_models, plant_internals
from tests.factories.concerns import BlockerFactory
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.people import ContactFactory
from tests.permissions.place import routes

ROOT = Path(__file__).resolve().parents[2]
MODELS_OF_A_READER = {"engagements.models.withdrawal", "engagements.models.share", "engagements.models.engagement", "engagements.models.response"}
INTERNAL = {
    *(kind.model.__name__ for kind in LOG_KINDS),
    "StakeholderNote", "NoteRevision", "InternalLine", "HealthSnapshot", "HealthOverride", "HealthModelVersion", "StanceRecord", "PortfolioRow", "Rating", "Band",
    "Risk", "RiskAssessment", "BlockerRevision", "BlockerChange", "CheckIn", "CheckInHours", "Release", "Incident", "Rebaseline",
}
KEY = "the-key-of-an-answer"
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0"}


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
    """A published week, milestones, use, value with shared lines, an ask: everything a page can show."""
    engagement = EngagementFactory(phase="pilot")
    MilestoneFactory(engagement=engagement, title="Go-live", summary="Follows the review", forecast_on=date(2026, 12, 14))
    case = ValueCase.objects.create(engagement=engagement, title="Case", starts_on=date(2026, 6, 1), years=1)
    for kind, amount in (("cost_avoided", 900), ("engineering", 300)):
        line = ValueLine.objects.create(case=case, name=kind, kind=kind, is_shared=True)
        ValueAmount.objects.create(line=line, year=1, amount=amount)
    weeks = [{"start": f"2026-11-{day:02}", "partial": False, "wau": day, "target": 20} for day in (2, 9)]
    MetricSnapshot.objects.create(
        engagement=engagement, day=DAY, definition_version=1, watermark=1, computed_at=NOW,
        values={"wau": 11, "weekly_target": 20, "last_usage_day": "2026-11-19"}, series={"weeks": weeks},
    )
    BlockerFactory(engagement=engagement, text=f"{MARK}inside", shared_wording="The review has no reviewer yet")
    person = StakeholderFactory(customer=engagement.customer, name="Pieter Bakker")
    update = open_draft(engagement=engagement, year=2026, week=46, by=engagement.lead)
    lines = (Line(LineKind.PROGRESS, "Trained 19 clerks"), Line(LineKind.NEXT, "Agree a date"))
    content = WeekDraft("All shifts are live", {}, lines, (AskDraft("Name a reviewer", person, date(2026, 11, 24), "Else"),))
    save_draft(update=update, content=content, seen=1, by=engagement.lead, today=DAY)
    with time_machine.travel(NOW, tick=False):
        publish_weekly_update(update=update, by=engagement.lead, now=NOW)
    return engagement


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


def addresses(engagement, token):
    """Every address of the portal, filled with what leads to the planted engagement."""
    for name, _, parts in routes(get_resolver()):
        slug = engagement.customer.slug if name.startswith("customer") else engagement.slug
        values = {"slug": slug, "week": "2026-W46", "number": 1, "token": token, "kind": "decision", "topic": "ask", "key": KEY, "state": "done"}
        if name.startswith("admin:") or not set(parts) <= {*values, "pk"}:
            continue
        for pk in range(1, 4) if "pk" in parts else [None]:
            yield name, reverse(name, kwargs={part: pk if part == "pk" else values[part] for part in parts})


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
