"""The page behind a link."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Share, ShareView
from engagements.public_page.content import SharedAsk, SharedWeek, canonical_json
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def edition():
    engagement = EngagementFactory()
    content = content_for(engagement, week=SharedWeek(None, "All is well"), asks=(SharedAsk(1, "Name a reviewer", "", None, ""),))
    return EditionFactory(engagement=engagement, content=canonical_json(content))


def share_of(edition, token="token", **fields):
    return ShareFactory(**{"engagement": edition.engagement, "token_digest": digest_of(SECRET + token)} | fields)


def page(token="token"):
    return reverse("shared_page", args=[SECRET + token])


def test_whoever_holds_the_link_reads_the_newest_edition(client, edition):
    share_of(edition)
    response = client.get(page(), **BROWSER)
    assert response.status_code == 200
    assert "All is well" in response.content.decode()


def test_the_page_is_private_to_its_reader(client, edition):
    share_of(edition)
    response = client.get(page(), **BROWSER)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert SECRET not in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize(
    "closed",
    [{"revoked_at": NOW}, {"expires_at": NOW}, {"expires_at": NOW - timedelta(days=1)}],
    ids=["revoked", "ends now", "expired"],
)
def test_every_closed_door_looks_the_same(client, edition, closed):
    share_of(edition, **closed)
    share_of(EditionFactory(), token="open", engagement=EngagementFactory())  # a link before its first edition
    answers = [client.get(address, **BROWSER) for address in (page(), page("unknown"), page("open"))]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content.replace(page("x").encode(), b"") for answer in answers}) == 1
    assert not ShareView.objects.exists()


def test_sections_that_a_link_leaves_out_are_not_in_the_page(client, edition):
    share_of(edition, sections=["lines"])
    share_of(edition, token="full")
    assert b"Name a reviewer" not in client.get(page(), **BROWSER).content
    assert b"Name a reviewer" in client.get(page("full"), **BROWSER).content


def test_the_links_language_holds_until_the_reader_chooses(client, edition):
    share_of(edition, language="zh-hans")
    assert client.get(page(), **BROWSER)["Content-Language"] == "zh-hans"
    english = client.get(page() + "?lang=en", **BROWSER)
    assert english["Content-Language"] == "en"
    assert b"What we need from you" in english.content
    assert client.get(page() + "?lang=xx", **BROWSER)["Content-Language"] == "zh-hans"


def test_openings_by_people_are_counted_and_nothing_is_used_up(client, edition):
    share = share_of(edition)
    for _ in range(2):
        assert client.get(page(), **BROWSER).status_code == 200
    assert list(ShareView.objects.values_list("share", "edition", "seen_at")) == [(share.pk, edition.pk, NOW)] * 2


@pytest.mark.parametrize("agent", ["", "Googlebot/2.1", "Slackbot-LinkExpanding 1.0", "curl/8.0", "Mozilla/5.0 SkypeUriPreview"])
def test_programs_may_look_but_are_not_counted(client, edition, agent):
    share_of(edition)
    assert client.get(page(), HTTP_USER_AGENT=agent).status_code == 200
    assert client.head(page(), **BROWSER).status_code == 200
    assert not ShareView.objects.exists()


def test_earlier_editions_open_for_those_who_could_read_them(client, edition):
    share_of(edition)
    Share.objects.update(created_at=NOW)
    first = edition.number
    for number, days in ((first + 1, -9), (first + 2, -1), (first + 3, 1)):
        EditionFactory(engagement=edition.engagement, number=number, published_at=NOW + timedelta(days=days))
    EditionFactory(number=first + 4)  # somebody else's
    answers = [client.get(f"{page()}editions/{first + step}/", **BROWSER).status_code for step in range(6)]
    assert answers == [404, 404, 200, 200, 404, 404]
    listed = client.get(f"{page()}editions/").content.decode()
    assert [step for step in range(6) if f"Edition {first + step}<" in listed] == [2, 3]
    assert f"This is edition {first + 2} " in client.get(f"{page()}editions/{first + 2}/", **BROWSER).content.decode()
    assert set(ShareView.objects.values_list("edition__number", flat=True)) == {first + 2, first + 3}


def test_the_page_takes_no_writing(client, edition):
    share_of(edition)
    assert client.post(page(), **BROWSER).status_code == 405


def test_who_is_signed_in_makes_no_difference(client, edition):
    share_of(edition)
    signed_out = client.get(page(), **BROWSER).content
    client.force_login(edition.engagement.lead)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page(), **BROWSER).content == signed_out
    tables = {word.strip('"') for query in queries for word in query["sql"].split() if word.startswith('"')}
    assert not any(name.startswith(("accounts_", "django_session")) for name in tables)


@pytest.mark.parametrize("others", [0, 29, 299])
def test_the_page_costs_five_queries_however_many_engagements_there_are(client, edition, others, django_assert_num_queries):
    share_of(edition)
    for engagement in EngagementFactory.create_batch(others, customer=edition.engagement.customer, lead=edition.engagement.lead):
        EditionFactory(engagement=engagement)
    client.get(page(), **BROWSER)
    with django_assert_num_queries(5):
        client.get(page(), **BROWSER)
