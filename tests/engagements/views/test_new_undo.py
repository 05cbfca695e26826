"""Whatever somebody makes comes with the way to put it away again, which every address that makes a record names."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import NoReverseMatch, get_resolver, reverse

from customers.models import Customer, Stakeholder
from engagements import models as work
from fde_portal.accounts.models import Invitation
from fde_portal.accounts.pages import RecordFormPage
from fde_portal.core.messages import undo_path
from tests.architecture.test_routes import routes
from tests.engagements.views.test_log import NEEDED
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, NoteFactory
from tests.factories.log import FACTORIES
from tests.factories.outcomes import OutcomeFactory
from tests.factories.people import AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db
# How the address of each kind is put away differs from the rule for these, and why.
OF_THEIR_OWN = {
    "customers:new": "by the name in its address", "engagement_new": "by the name in its address", "note_new": "a note has an address of its own",
    "customer_note_new": "a note has an address of its own", "note_record_new": "each kind of record has its own",
}  # fmt: skip


def makers() -> list[tuple[str, tuple[str, ...]]]:
    """Each address whose page makes a record, with the names of its parts."""
    found = [(name, route) for name, route in routes(get_resolver()) if name.endswith("new")]
    views = [(name, route, getattr(route.callback, "view_class", object)) for name, route in found]
    return [(name, tuple(route.pattern.converters)) for name, route, view in views if issubclass(view, RecordFormPage)]


@pytest.mark.parametrize(("name", "parts"), [row for row in makers() if row[0] not in OF_THEIR_OWN], ids=lambda value: value if isinstance(value, str) else "")
def test_what_an_address_makes_is_archived_one_part_below(name, parts):
    examples = ["slug" if part in {"slug", "kind"} else 1 for part in parts]
    try:
        reverse(f"{name.removesuffix('_new')}_archive", args=[*examples, 7])
    except NoReverseMatch:
        pytest.fail(f"{name}: nothing archives what it makes; give the page its own archive_url")


def test_the_list_of_exceptions_holds_no_dead_entries():
    assert set(OF_THEIR_OWN) <= {name for name, __ in makers()}


@pytest.fixture
def engagement():
    return EngagementFactory(slug="copilot", customer__slug="harbourline")


@pytest.fixture
def lead(client, engagement):
    client.force_login(engagement.lead)
    return client


def made_and_undone(client, model, address: str, data: dict) -> None:
    """Make a record, press Undo in the message, and find it archived."""
    known = set(model.objects.values_list("pk", flat=True))
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    record = model.objects.exclude(pk__in=known).get()
    ways = [undo_path(message.extra_tags) for message in get_messages(answer.wsgi_request)]
    assert client.post(ways[-1]).status_code == 302
    record.refresh_from_db()
    assert record.is_archived


@pytest.mark.parametrize(
    ("name", "model", "data"),
    [
        ("milestone_new", work.Milestone, {"title": "Go-live", "kind": "ordinary", "baseline_on": "2026-05-02"}),
        ("deliverable_new", work.Deliverable, {"name": "Copilot", "kind": "ai_tool", "features-TOTAL_FORMS": 0, "features-INITIAL_FORMS": 0}),
        ("blocker_new", work.Blocker, {"text": "No reviewer", "owing_side": "us"}),
        ("risk_new", work.Risk, {"text": "Scans get worse", "likelihood": 4, "impact": 2}),
        ("ask_new", work.Ask, {"text": "Name a reviewer"}),
        ("asset_new", work.Asset, {"name": "Runbook", "kind": "document"}),
        ("value_case_new", work.ValueCase, {
            "title": "Hours", "currency": "EUR", "starts_on": "2026-01-01", "years": 3, "layout": "years", "discount_rate": "10",
            "lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0,
        }),
    ],
)  # fmt: skip
def test_a_record_of_an_engagement_is_put_away_again(lead, engagement, name, model, data):
    made_and_undone(lead, model, reverse(name, args=[engagement.slug]), data)


@pytest.mark.parametrize("kind", FACTORIES)
def test_an_entry_of_the_log_is_put_away_again(lead, engagement, kind):
    model = FACTORIES[kind]._meta.model
    made_and_undone(lead, model, reverse("log_entry_new", args=[engagement.slug, kind]), {"text": "Typed", "noted_on": "2026-03-01"} | NEEDED.get(kind, {}))


@pytest.mark.parametrize("kind", ["ask", "blocker", "risk", "decision"])
def test_what_came_of_a_note_is_put_away_again(lead, engagement, kind):
    note = NoteFactory(customer=engagement.customer, engagement=engagement)
    model = {"ask": work.Ask, "blocker": work.Blocker, "risk": work.Risk, "decision": work.Decision}[kind]
    data = {"text": "Typed", "noted_on": "2026-03-01"} | NEEDED.get(kind, {})
    made_and_undone(lead, model, reverse("note_record_new", args=[note.pk, kind]), data)


def test_parts_of_other_records_are_put_away_again(lead, engagement):
    tool, agreement = DeliverableFactory(engagement=engagement), OutcomeFactory(engagement=engagement)
    made_and_undone(lead, work.Release, reverse("release_new", args=["copilot", tool.pk]), {"name": "2.1", "released_on": "2026-03-02"})
    made_and_undone(lead, work.Guardrail, reverse("guardrail_new", args=["copilot", agreement.pk]), {"text": "Held", "bound": "at_most", "limit": "11"})


def test_notes_people_customers_and_engagements_are_put_away_again(lead, engagement):
    note = {"kind": "meeting", "happened_on": "2026-03-02", "text": "They asked"}
    made_and_undone(lead, work.StakeholderNote, reverse("note_new", args=["copilot"]), note)
    made_and_undone(lead, work.StakeholderNote, reverse("customer_note_new", args=["harbourline"]), note)
    made_and_undone(lead, Stakeholder, reverse("customers:stakeholder_new", args=["harbourline"]), {"name": "Ilse de Wit", "influence": 3, "role": "champion"})
    customer = CustomerFactory(account_owner=engagement.lead)
    started = {"customer": customer.pk, "name": "Second", "lead": engagement.lead_id, "phase": "discovery", "status": "active", "started_on": "2026-03-02"}
    made_and_undone(lead, work.Engagement, reverse("engagement_new"), started)


def test_what_somebody_gave_away_as_they_made_it_is_not_theirs_to_undo(client):
    owner, maker = UserFactory(), UserFactory()
    client.force_login(maker)
    page = client.get(reverse("customers:new"))
    typed = {bound.name: bound.value() or "" for bound in page.context["form"]}
    answer = client.post(reverse("customers:new"), typed | {"name": "Theirs", "account_owner": owner.pk})

    assert Customer.objects.get(name="Theirs").account_owner == owner
    assert [undo_path(message.extra_tags) for message in get_messages(answer.wsgi_request)] == [""]


def test_a_seat_on_the_team_is_given_and_taken_back(lead, engagement):
    priya = UserFactory()
    answer = lead.post(reverse("team_member_new", args=["copilot"]), {"user": priya.pk, "weekly_share": "20"})
    [way] = [undo_path(message.extra_tags) for message in get_messages(answer.wsgi_request)]
    lead.post(way)
    assert not engagement.team_members.exists()


@pytest.mark.parametrize(("name", "args", "person", "typed"), [
    ("customers:contact_new", ["harbourline"], None, {"email": "ilse@harbourline.example", "name": "Ilse de Wit"}),
    ("accounts:invitation_new", [], AdministratorFactory, {
        "email": "jonas@northlight.example", "name": "Jonas", "role": "fde", "language": "en", "time_zone": "Europe/London",
    }),
], ids=["contact", "colleague"])  # fmt: skip
def test_an_invitation_is_taken_back(lead, engagement, name, args, person, typed):
    if person:
        lead.force_login(person())
    answer = lead.post(reverse(name, args=args), typed)
    invitation = Invitation.objects.get(email=typed["email"])
    [way] = [undo_path(message.extra_tags) for message in get_messages(answer.wsgi_request)]
    lead.post(way)
    assert invitation not in Invitation.objects.waiting()
