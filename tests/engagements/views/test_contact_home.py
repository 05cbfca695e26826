"""The home of a contact: their company's pages, what waits for them, past editions. Nothing of other companies."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from engagements.public_page.content import (
    SharedAsk,
    SharedDeliverable,
    SharedGate,
    SharedMilestone,
    SharedRealised,
    SharedWeek,
    canonical_json,
)
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory, content_for

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = reverse("shared_pages")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def publish(engagement, number=1, **fields):
    content = canonical_json(content_for(engagement, **fields))
    return EditionFactory(engagement=engagement, number=number, content=content)


def asking(engagement, number=2):
    return publish(
        engagement,
        number,
        week=SharedWeek(None, "All is well"),
        asks=(
            SharedAsk(1, "Two hours with the supplier", "Grace Mensah", date(2026, 11, 25), ""),
            SharedAsk(2, "Name a reviewer", "Anneke Visser", None, ""),
        ),
        deliverables=(SharedDeliverable(3, "Audit log", date(2026, 11, 20), ()),),
        milestones=(SharedMilestone(4, "Pilot", "", date(2026, 11, 9), date(2026, 11, 9), True),),
    )


@pytest.fixture
def engagement():
    return EngagementFactory(name="Customs copilot")


@pytest.fixture
def contact(engagement):
    person = ContactFactory(name="Anneke Visser", email="anneke@harbourline.example")
    MembershipFactory(customer=engagement.customer, user=person)
    return person


@pytest.fixture
def page(client, contact):
    client.force_login(contact)
    return lambda path=HOME: client.get(path)


def waiting(response):
    return [(one.item.text, one.is_mine) for one in response.context["waiting"]]


def test_what_names_the_reader_comes_first_then_by_date(page, engagement):
    asking(engagement)
    response = page()
    assert waiting(response) == [
        ("Name a reviewer", True), ("Two hours with the supplier", False), ("Audit log", False), ("Pilot", False),
    ]  # fmt: skip
    assert "4 things wait for you" in response.content.decode()


def test_what_is_settled_waits_no_more(page, engagement, contact):
    edition = asking(engagement)
    ResponseFactory(edition=edition, item=1)
    ResponseFactory(edition=edition, item=2, kind="acknowledge")
    ResponseFactory(edition=edition, item=3, kind="reject", text="Slow", confirmed_at=datetime(2026, 11, 3, tzinfo=UTC))
    ResponseFactory(edition=edition, item=4, kind="pulse", score=3)
    assert [text for text, __ in waiting(page())] == ["Name a reviewer", "Audit log", "Pilot"]
    ResponseFactory(edition=edition, item=3, kind="accept")
    ResponseFactory(edition=edition, item=4, kind="pulse", score=3, email=contact.email)
    ResponseFactory(edition=edition, item=2, confirmed_at=None)
    assert [text for text, __ in waiting(page())] == ["Name a reviewer"]


def test_what_is_asked_again_after_an_answer_waits_again(page, engagement):
    edition = asking(engagement)
    ResponseFactory(edition=edition, item=1, confirmed_at=edition.published_at - timedelta(minutes=1))
    text = "Two hours with the supplier"
    assert text in [told for told, __ in waiting(page())]
    ResponseFactory(edition=edition, item=1, confirmed_at=edition.published_at)
    assert text not in [told for told, __ in waiting(page())]


@pytest.mark.parametrize(
    ("item", "kind", "waits"),
    [(3, "reject", True), (3, "accept", True), (5, "decline", True), (5, "sign", False)],
)
def test_of_verdicts_from_before_the_edition_only_a_signature_settles(page, engagement, item, kind, waits):
    """Also on the day of publishing: what was rejected and handed over again within hours waits."""
    edition = publish(
        engagement,
        deliverables=(SharedDeliverable(3, "Audit log", date(2026, 11, 20), ()),),
        gates=(SharedGate(5, "Begin the pilot", "go", date(2026, 11, 20)),),
    )
    before = edition.published_at - timedelta(minutes=1)
    name = {3: "Audit log", 5: "Begin the pilot"}[item]
    ResponseFactory(edition=edition, item=item, kind=kind, text="Because", confirmed_at=before)
    assert (name in [told for told, __ in waiting(page())]) is waits
    ResponseFactory(edition=edition, item=item, kind=kind, text="Because", confirmed_at=edition.published_at)
    assert name not in [told for told, __ in waiting(page())]


def test_of_two_sign_offs_from_before_the_edition_the_newest_holds(page, engagement):
    edition = publish(engagement, gates=(SharedGate(5, "Begin the pilot", "go", date(2026, 11, 20)),))
    first, second = (edition.published_at - timedelta(hours=hours) for hours in (2, 1))
    ResponseFactory(edition=edition, item=5, kind="decline", text="Too early", confirmed_at=second)
    ResponseFactory(edition=edition, item=5, kind="sign", confirmed_at=first)
    assert waiting(page()) == [("Begin the pilot", False)]


def test_two_figures_of_one_line_are_told_apart(page, engagement):
    spans = (date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))
    publish(engagement, realised=tuple(SharedRealised(n, "Hours", True, Decimal(900), "EUR", *span) for n, span in enumerate(spans)))
    text = page().content.decode()
    assert "€900 brought from 1 September to 30 September." in text
    assert "€900 brought from 1 October to 31 October." in text


def test_what_was_judged_before_publishing_waits_for_nobody(page, engagement):
    begin, end = date(2026, 9, 1), date(2026, 9, 30)
    states = ("provisional", "confirmed", "disputed")
    publish(engagement, realised=tuple(SharedRealised(n, state, True, Decimal(900), "EUR", begin, end, state) for n, state in enumerate(states)))
    assert [text for text, __ in waiting(page())] == ["provisional"]


def test_an_answer_at_another_company_settles_nothing_here(page, engagement):
    asking(engagement)
    elsewhere = asking(EngagementFactory())
    ResponseFactory(edition=elsewhere, item=2)
    assert len(waiting(page())) == 4


def test_past_editions_are_read_as_they_were(page, engagement):
    publish(engagement, week=SharedWeek(None, "It begins"))
    edition = asking(engagement)
    ResponseFactory(edition=edition, item=2)
    listed = page(reverse("contact_editions", args=[engagement.slug])).content.decode()
    assert "It begins" in listed
    assert "All is well" in listed
    first = page(reverse("contact_past_edition", args=[engagement.slug, 1])).content.decode()
    assert "It begins" in first
    assert "All is well" not in first
    assert "This is edition 1" in first
    second = page(reverse("contact_past_edition", args=[engagement.slug, 2])).content.decode()
    assert "answer/" not in second


def test_a_contact_of_another_company_learns_nothing(client, engagement):
    asking(engagement)
    stranger = ContactFactory()
    own = EngagementFactory()
    publish(own)
    MembershipFactory(customer=own.customer, user=stranger)
    client.force_login(stranger)
    home = client.get(HOME).content.decode()
    assert own.name in home
    for part in (engagement.name, engagement.slug, engagement.customer.name, "Name a reviewer"):
        assert part not in home
    unknown = [client.get(f"/shared/no-such-page/{end}") for end in ("", "editions/", "editions/1/")]
    known = [client.get(f"/shared/{engagement.slug}/{end}") for end in ("", "editions/", "editions/1/")]
    assert [answer.status_code for answer in unknown + known] == [404] * 6
    assert [answer.content for answer in known] == [answer.content for answer in unknown]


def test_who_loses_the_membership_loses_the_editions(page, engagement, contact):
    asking(engagement)
    contact.memberships.all().delete()
    assert page(reverse("contact_past_edition", args=[engagement.slug, 2])).status_code == 404
    assert "Nothing is shared yet" in page().content.decode()


@pytest.mark.parametrize("count", [1, 3, 9])
def test_the_number_of_statements_does_not_grow(page, engagement, contact, count, django_assert_num_queries):
    for number in range(count):
        edition = asking(engagement if number == 0 else EngagementFactory(customer=engagement.customer))
        ResponseFactory(edition=edition, item=2)
    page()
    with django_assert_num_queries(7):
        page()
