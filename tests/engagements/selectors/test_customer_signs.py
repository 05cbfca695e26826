"""Since when a customer is silent: from the last visit or answer, or from when the page could first be opened."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.models import ContactVisit, PortfolioRow, ShareView
from engagements.selectors.customer_signs import read_signs
from engagements.services.portfolio import refresh_portfolio_row
from fde_portal.accounts.models import OrganizationSettings
from tests.factories.customers import MembershipFactory
from tests.factories.people import ContactFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory, ShareFactory

pytestmark = pytest.mark.django_db

PUBLISHED = datetime(2026, 11, 2, 16, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def last_sign_on(engagement, now):
    return read_signs(engagement).last_on(now.astimezone(engagement.zone).date())


@pytest.fixture
def edition():
    return EditionFactory(published_at=PUBLISHED, engagement__time_zone="Asia/Shanghai", engagement__started_on=date(2026, 11, 20))


def shared(edition, at=PUBLISHED, **fields):
    with time_machine.travel(at):
        return ShareFactory(engagement=edition.engagement, **fields)


def test_nobody_is_silent_who_cannot_open_a_page(edition):
    assert last_sign_on(edition.engagement, NOW) is None
    shared(edition, revoked_at=NOW)
    assert last_sign_on(edition.engagement, NOW) is None
    unpublished = ShareFactory()
    assert last_sign_on(unpublished.engagement, NOW) is None


def test_before_the_first_sign_it_counts_from_when_the_page_could_be_opened(edition):
    shared(edition, at=PUBLISHED + timedelta(days=3))
    assert last_sign_on(edition.engagement, NOW) == date(2026, 11, 6)  # 16:00 UTC is the next day in Shanghai


def test_a_contact_who_signs_in_has_a_way_too(edition):
    with time_machine.travel(PUBLISHED - timedelta(days=9)):
        MembershipFactory(customer=edition.engagement.customer, user=ContactFactory())
    assert last_sign_on(edition.engagement, NOW) == date(2026, 11, 3)


def test_the_last_visit_or_answer_counts_whatever_others_do(edition):
    share, stranger = shared(edition), EditionFactory(published_at=PUBLISHED)
    ShareView.objects.create(share=shared(stranger), edition=stranger, seen_at=NOW)
    ResponseFactory(edition=stranger, confirmed_at=NOW)
    ResponseFactory(edition=edition, given_at=NOW, confirmed_at=None)
    ShareView.objects.create(share=share, edition=edition, seen_at=PUBLISHED + timedelta(days=5))
    assert last_sign_on(edition.engagement, NOW) == date(2026, 11, 8)
    ResponseFactory(edition=edition, confirmed_at=PUBLISHED + timedelta(days=8))
    assert last_sign_on(edition.engagement, NOW) == date(2026, 11, 11)


def test_the_portfolio_says_so_with_a_reason(edition):
    shared(edition)
    refresh_portfolio_row(edition.engagement, today=date(2026, 11, 23), now=NOW)
    row = PortfolioRow.objects.get()
    assert (row.customer_seen_on, row.reason) == (date(2026, 11, 3), ["attention.silent", {"count": 20}])
    OrganizationSettings(silence_days=20).save()
    refresh_portfolio_row(edition.engagement, today=date(2026, 11, 23), now=NOW)
    assert PortfolioRow.objects.get().reason is None


@pytest.mark.parametrize("page", ["shared_pages", "contact_edition", "contact_past_edition"])
def test_a_contact_who_reads_gives_a_sign_on_every_page_of_theirs(client, edition, page):
    stranger = EditionFactory(published_at=PUBLISHED)
    with time_machine.travel(PUBLISHED):
        contact = MembershipFactory(customer=edition.engagement.customer).user
        MembershipFactory(customer=stranger.engagement.customer)
    client.force_login(contact)
    places = {"shared_pages": [], "contact_edition": [edition.engagement.slug], "contact_past_edition": [edition.engagement.slug, edition.number]}
    with time_machine.travel(datetime(2026, 11, 20, 18, tzinfo=UTC), tick=False):  # the 21st in Shanghai
        for _ in range(2):
            assert client.get(reverse(page, args=places[page])).status_code == 200
    assert last_sign_on(edition.engagement, NOW) == date(2026, 11, 21)
    assert last_sign_on(stranger.engagement, NOW) == date(2026, 11, 2)
    assert ContactVisit.objects.values_list("edition", "person").get() == (edition.pk, contact.pk)


def test_whom_nothing_is_shown_gives_no_sign(client, edition):
    client.force_login(MembershipFactory().user)
    assert client.get(reverse("contact_edition", args=[edition.engagement.slug])).status_code == 404
    client.get(reverse("shared_pages"))
    assert not ContactVisit.objects.exists()


def test_those_who_share_see_which_contact_read_when(client, edition):
    with time_machine.travel(NOW):
        reader, other = (MembershipFactory(customer=edition.engagement.customer).user for _ in range(2))
    ContactVisit.objects.create(edition=edition, person=reader, seen_on=date(2026, 11, 20))
    ContactVisit.objects.create(edition=EditionFactory(), person=other, seen_on=date(2026, 11, 20))
    client.force_login(edition.engagement.lead)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("engagement_sharing", args=[edition.engagement.slug])).content.decode()
    assert "read it 3 d ago" in page
    assert page.count("has not read it yet") == 1
