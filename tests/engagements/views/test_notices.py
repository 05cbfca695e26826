"""The list behind the bell, what people choose, and the link in each mail."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Notice, NoticeKind, NoticeMute
from engagements.selectors.notices.mutes import SIGNER, Mutable
from engagements.services.notices import count_unread
from tests.factories.engagements import EngagementFactory
from tests.factories.notices import NoticeFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST, SETTINGS, MUTING = reverse("notices"), reverse("notice_settings"), reverse("notice_muting")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def notice():
    notice = NoticeFactory(engagement__name="Customs", engagement__customer__name="Harbourline")
    NoticeFactory(engagement__customer__name="Stranger")
    count_unread(notice.person)
    return notice


@pytest.fixture
def as_person(client, notice):
    client.force_login(notice.person)
    return client


def page_of(client, query=""):
    return client.get(LIST + query).content.decode()


def bell_of(page: str) -> str:
    """The count beside the bell; "" for none."""
    return "".join(re.findall(r'<span class="n">(\d+)<span class="vh"> not read', page))


def test_the_list_says_what_happened_why_one_is_told_and_leads_there(as_person, notice):
    page = page_of(as_person)
    assert "Harbourline: usage data stopped" in page
    assert "Because you lead Harbourline, Customs." in page
    assert f'href="/engagements/{notice.engagement.slug}/data/"' in page
    assert "Stranger" not in page


def test_a_manager_sees_their_own_alone(client, notice):
    client.force_login(ManagerFactory())
    assert "No notices yet" in page_of(client)


def test_what_one_no_longer_sees_is_not_told(as_person, notice):
    notice.engagement.lead = UserFactory()
    notice.engagement.save()
    assert "Harbourline" not in page_of(as_person)
    assert as_person.post(reverse("notice_read", args=[notice.pk])).status_code == 404


def test_a_count_that_work_put_away_left_behind_is_put_right(as_person, notice):
    notice.engagement.archived_at = NOW
    notice.engagement.save()
    assert bell_of(page_of(as_person)) == ""


def test_reading_takes_it_off_the_count_and_comes_back(as_person, notice):
    assert bell_of(page_of(as_person)) == "1"
    answer = as_person.post(reverse("notice_read", args=[notice.pk]), follow=True).content.decode()
    assert "Marked 1 notice as read." in answer
    assert bell_of(answer) == ""
    assert "All is read" in page_of(as_person, "?unread")

    (way_back,) = as_person.session["ways_back"]
    as_person.post(way_back["path"])
    notice.refresh_from_db()
    assert notice.read_at is None
    assert bell_of(page_of(as_person)) == "1"


def test_all_are_read_at_once_but_nobody_elses(as_person, notice):
    NoticeFactory.create_batch(2, engagement=notice.engagement)
    as_person.post(reverse("notices_read"))
    assert Notice.objects.unread().get().engagement.customer.name == "Stranger"


@pytest.mark.parametrize("at", ["", "yesterday", "2026-99-99T10:00:00+00:00", "2026-11-23T10:00:00"])
def test_only_an_instant_takes_back(as_person, notice, at):
    Notice.objects.update(read_at=NOW)
    assert as_person.post(reverse("notices_unread"), {"at": at}).status_code == 404
    assert not Notice.objects.unread().exists()


def test_the_list_has_pages(as_person, notice):
    NoticeFactory.create_batch(50, engagement=notice.engagement)
    assert page_of(as_person).count("usage data stopped</a>") == 50
    assert page_of(as_person, "?page=2").count("usage data stopped</a>") == 1


def test_the_list_costs_the_same_for_one_and_for_many(as_person, notice, django_assert_max_num_queries):
    costs = []
    for more in (0, 2, 300):
        for engagement in [EngagementFactory(lead=notice.person) for __ in range(min(more, 10))]:
            NoticeFactory.create_batch(more // 10 or 1, engagement=engagement)
        count_unread(notice.person)
        with django_assert_max_num_queries(12) as counted:
            page_of(as_person)
        costs.append(len(counted))
    assert len(set(costs)) == 1


def test_a_contact_has_no_notices(client):
    client.force_login(ContactFactory())
    assert client.get(LIST).status_code == 403
    assert client.post(MUTING, {"kind": "at_risk"}).status_code == 403


# Choosing


def test_a_kind_is_muted_and_told_again(as_person, notice):
    answer = as_person.post(MUTING, {"kind": "at_risk"}, follow=True).content.decode()
    assert "Muted: An engagement becomes at risk" in answer
    assert "Tell me again: An engagement becomes at risk" in answer
    assert NoticeMute.objects.get().person == notice.person

    (way_back,) = as_person.session["ways_back"]
    as_person.post(way_back["path"])
    assert not NoticeMute.objects.exists()


def test_an_engagement_is_muted_and_told_again(as_person, notice):
    slug = notice.engagement.slug
    answer = as_person.post(MUTING, {"engagement": slug}, follow=True).content.decode()
    assert "Tell me again: Customs" in answer
    as_person.post(MUTING, {"engagement": slug, "again": ""})
    assert "Tell me again: Customs" not in as_person.get(SETTINGS).content.decode()


def test_a_muted_engagement_one_no_longer_sees_is_not_named(as_person, notice):
    NoticeMute.objects.create(person=notice.person, engagement=notice.engagement)
    notice.engagement.lead = UserFactory()
    notice.engagement.save()
    assert "Customs" not in as_person.get(SETTINGS).content.decode()


@pytest.mark.parametrize("asked", [{}, {"kind": "nonsense"}, {"engagement": "unknown"}])
def test_nonsense_mutes_nothing(as_person, asked):
    asked = asked | ({"engagement": EngagementFactory().slug} if asked.get("engagement") else {})
    assert as_person.post(MUTING, asked).status_code == 404
    assert not NoticeMute.objects.exists()


# The link in a mail


def muted(mutable) -> bool:
    return mutable.is_muted


@pytest.mark.parametrize("about", ["kind", "engagement"])
def test_the_link_mutes_after_a_yes_signed_out_and_can_be_taken_back(notice, about):
    mutable = Mutable(notice.person, NoticeKind.AT_RISK) if about == "kind" else Mutable(notice.person, "", notice.engagement)
    strict, address = Client(enforce_csrf_checks=True), reverse("mute", args=[mutable.token])
    page = strict.get(address).content.decode()
    assert "Mute this?" in page
    assert ("An engagement becomes at risk" if about == "kind" else "Harbourline · Customs") in page
    assert not muted(mutable)

    # What a mail program sends by itself.
    assert "No more mail comes about this." in strict.post(address, {"List-Unsubscribe": "One-Click"}, follow=True).content.decode()
    strict.post(address)
    assert NoticeMute.objects.count() == 1
    strict.post(address, {"again": ""})
    assert not muted(mutable)


def test_another_site_cannot_mute(client, notice):
    address = reverse("mute", args=[Mutable(notice.person, NoticeKind.AT_RISK).token])
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not NoticeMute.objects.exists()


def test_a_link_of_our_own_making_only_and_of_people_who_are_here(client, notice):
    stranger = EngagementFactory()
    gone = UserFactory(is_active=False)
    tokens = [
        "nonsense",
        SIGNER.sign_object([notice.person.pk, "at_risk", None])[:-1] + "x",
        SIGNER.sign_object([gone.pk, "at_risk", None]),
        SIGNER.sign_object([notice.person.pk, "", stranger.pk]),
    ]
    for token in tokens:
        assert client.get(reverse("mute", args=[token])).status_code == 404
        assert client.post(reverse("mute", args=[token])).status_code == 404
    assert not NoticeMute.objects.exists()
