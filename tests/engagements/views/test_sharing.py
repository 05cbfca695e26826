"""The Sharing tab: links, editions, previews; and the pages of a signed-in contact."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.urls import reverse

from engagements.models import Edition, Section, Share, ShareView
from engagements.public_page.content import SharedWeek, canonical_json
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.people import ContactFactory
from tests.factories.shares import EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement():
    EditionFactory(engagement=EngagementFactory(name="Somebody else's"))
    return EngagementFactory(customer__language="zh-hans", time_zone="Europe/Berlin")


@pytest.fixture
def lead(client, engagement):
    client.force_login(engagement.lead)
    return client


def address(name, engagement, *args):
    return reverse(name, args=[engagement.slug, *args])


def text_of(response):
    return response.content.decode()


def share_data(**fields):
    least = {"name": "Board", "audience": "open", "sections": list(Section.values), "language": "en", "works_until": "2026-12-31"}
    return least | fields


def edition_with(engagement, headline, **fields):
    content = canonical_json(content_for(engagement, week=SharedWeek(None, headline)))
    return EditionFactory(engagement=engagement, content=content, **fields)


def test_a_new_tab_explains_links_and_editions(lead, engagement):
    page = text_of(lead.get(address("engagement_sharing", engagement)))
    assert "No links yet" in page
    assert "Nothing is published yet" in page


def test_what_the_chosen_audience_needs_is_not_called_optional(lead, engagement):
    page = lead.get(address("share_new", engagement)).content.decode()
    labels = dict(re.findall(r'<label class="label" for="id_(\w+)">(.*?)</label>', page, re.DOTALL))
    assert {name for name, label in labels.items() if "optional" in label} == {"passcode", "works_until"}


def test_the_form_offers_the_customers_language_and_ninety_days(lead, engagement):
    form = lead.get(address("share_new", engagement)).context["form"]
    assert form.initial == {
        "audience": "recipient", "sections": list(Section.values), "language": "zh-hans", "works_until": date(2027, 2, 18),
    }


def test_a_link_is_shown_once_and_opens_the_page(lead, engagement, client):
    edition_with(engagement, "All is well")
    response = lead.post(address("share_new", engagement), share_data())
    share = Share.objects.get()
    link = response.context["link"]
    assert (share.name, share.created_by) == ("Board", engagement.lead)
    assert share.expires_at == datetime(2026, 12, 31, 23, tzinfo=UTC)  # midnight in Berlin
    assert response["Cache-Control"] == "private, no-store"
    assert "forwarded" in text_of(response)
    assert link not in text_of(lead.get(address("engagement_sharing", engagement)))
    client.logout()
    page = text_of(client.get(link))
    assert "All is well" in page
    assert "This link works until 31 December 2026." in page


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": ""}, "name"), ({"sections": ["health"]}, "sections"), ({"sections": []}, "sections"),
     ({"works_until": "2026-11-19"}, "works_until"), ({"language": "xx"}, "language"),
     ({"audience": "all"}, "audience"), ({"audience": "recipient"}, "recipient"), ({"audience": "domain"}, "domain"),
     ({"audience": "recipient", "recipient": "no address"}, "recipient"),
     ({"audience": "domain", "domain": "no domain"}, "domain"), ({"audience": "domain", "domain": "gmail.com"}, "domain"),
     ({"passcode": "short"}, "passcode")],
)
def test_a_link_with_bad_input_is_not_made(lead, engagement, change, field):
    response = lead.post(address("share_new", engagement), share_data(**change))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Share.objects.exists()


def test_revoking_closes_the_link_for_the_next_request(lead, engagement, client):
    edition_with(engagement, "All is well")
    link = lead.post(address("share_new", engagement), share_data()).context["link"]
    assert client.get(link).status_code == 200
    lead.post(address("share_revoke", engagement, Share.objects.get().pk))
    assert client.get(link).status_code == 404
    assert AuditEvent.objects.filter(verb="revoke", actor=engagement.lead).count() == 1


def test_a_link_for_one_person_keeps_only_what_is_about_one_person(lead, engagement):
    fields = {"recipient": "Anneke@Harbourline.example", "domain": "elsewhere.example", "mails_editions": "on", "passcode": "six-or-more"}
    page = text_of(lead.post(address("share_new", engagement), share_data(audience="recipient", **fields)))
    share = Share.objects.get()
    assert (share.audience, share.recipient, share.domain) == ("recipient", "anneke@harbourline.example", "")
    assert share.mails_editions
    assert check_password("six-or-more", share.passcode)
    assert "A forwarded link opens nothing: the code goes to anneke@harbourline.example alone." in page


def test_a_link_for_a_company_names_its_domain(lead, engagement):
    fields = {"recipient": "anneke@harbourline.example", "domain": " @Harbourline.example", "mails_editions": "on"}
    page = text_of(lead.post(address("share_new", engagement), share_data(audience="domain", **fields)))
    share = Share.objects.get()
    assert (share.audience, share.recipient, share.domain, share.mails_editions) == ("domain", "", "harbourline.example", False)
    assert "Outside it a forwarded link opens nothing." in page


def test_who_opened_what_and_when_is_listed(lead, engagement, client, django_assert_max_num_queries):
    edition = edition_with(engagement, "All is well", number=7)
    share = ShareFactory(engagement=engagement, name="Board")
    other = ShareFactory(engagement=engagement)
    ShareView.objects.create(share=other, edition=edition, address="other@example.org", seen_at=NOW)
    assert "Never opened" in text_of(lead.get(address("share", engagement, share.pk)))
    for minute in range(3):
        ShareView.objects.create(
            share=share, edition=edition, address="anneke@harbourline.example" if minute else "", seen_at=NOW.replace(minute=minute)
        )
    with django_assert_max_num_queries(18):
        page = text_of(lead.get(address("share", engagement, share.pk)))
    assert page.count("anneke@harbourline.example") == 2
    assert page.count("somebody with the link") == 1
    assert page.count("Edition 7") == 3
    assert "other@example.org" not in page


def test_all_links_are_revoked_at_once_and_those_of_others_stay(lead, engagement):
    EditionFactory(engagement=engagement)
    shares = [ShareFactory(engagement=engagement), ShareFactory(engagement=engagement)]
    ended = ShareFactory(engagement=engagement, expires_at=NOW)
    other = ShareFactory()
    assert "Revoke all links" in text_of(lead.get(address("engagement_sharing", engagement)))
    lead.post(address("share_revoke_all", engagement))
    assert set(Share.objects.exclude(revoked_at=None)) == set(shares)
    assert {ended.revoked_at, other.revoked_at} == {None}
    assert AuditEvent.objects.filter(verb="revoke", actor=engagement.lead).count() == 2


def test_contacts_who_sign_in_stand_among_those_with_access(lead, engagement):
    MembershipFactory(user=ContactFactory(name="Somebody elsewhere"))
    MembershipFactory(customer=engagement.customer, user=ContactFactory(name="Anneke Visser"))
    page = text_of(lead.get(address("engagement_sharing", engagement)))
    assert "Anneke Visser" in page
    assert "Somebody elsewhere" not in page


def test_the_page_is_published_without_a_new_update(lead, engagement):
    MilestoneFactory(engagement=engagement, title="Go-live")
    response = lead.post(address("edition_publish", engagement))
    edition = Edition.objects.get(engagement=engagement)
    assert (response.status_code, edition.number, edition.published_by) == (302, 1, engagement.lead)
    assert '"title":"Go-live"' in edition.content


def test_the_preview_shows_what_would_be_published_and_an_edition_what_was(lead, engagement):
    edition_with(engagement, "As it was", number=1)
    milestone = MilestoneFactory(engagement=engagement, title="Moved since")
    assert milestone.title in text_of(lead.get(address("edition_preview", engagement) + "?lang=en"))
    then = text_of(lead.get(address("edition", engagement, 1) + "?lang=en"))
    assert "As it was" in then
    assert milestone.title not in then
    assert not Edition.objects.filter(engagement=engagement, number=2).exists()


def test_the_preview_of_a_link_leaves_out_what_the_link_leaves_out(lead, engagement):
    MilestoneFactory(engagement=engagement, title="Go-live")
    share = ShareFactory(engagement=engagement, sections=["lines"])
    assert "Go-live" not in text_of(lead.get(address("edition_preview", engagement) + f"?share={share.pk}"))
    for wrong in (ShareFactory().pk, "x"):
        assert lead.get(address("edition_preview", engagement) + f"?share={wrong}").status_code == 404


def test_the_preview_of_a_phone_frames_the_same_page(lead, engagement):
    share = ShareFactory(engagement=engagement, name="Board", sections=["lines"])
    MilestoneFactory(engagement=engagement, title="Go-live")
    outer = text_of(lead.get(address("edition_preview", engagement) + f"?share={share.pk}&width=phone"))
    assert f'<iframe src="?share={share.pk}&amp;framed=1"' in outer
    framed = lead.get(address("edition_preview", engagement) + f"?share={share.pk}&framed=1")
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert "preview-bar" not in text_of(framed)
    assert "Go-live" not in text_of(framed)
    plain = lead.get(address("edition_preview", engagement) + f"?share={share.pk}")
    assert plain["X-Frame-Options"] == "DENY"
    assert "As Board would see it now" in text_of(plain)


@pytest.mark.parametrize(
    ("name", "args", "method"),
    [
        ("engagement_sharing", [], "get"), ("share_new", [], "get"), ("share_new", [], "post"),
        ("share_revoke", ["share"], "post"), ("share_revoke_all", [], "post"), ("share", ["share"], "get"), ("edition_publish", [], "post"), ("edition_preview", [], "get"),
        ("edition", [1], "get"),
    ],
)
def test_strangers_find_nothing_and_change_nothing(client, engagement, name, args, method):
    edition_with(engagement, "Theirs", number=1)
    share = ShareFactory(engagement=engagement)
    target = address(name, engagement, *[share.pk if arg == "share" else arg for arg in args])
    send = getattr(client, method)
    assert send(target, share_data()).url.startswith(reverse("account_login"))
    client.force_login(EngagementFactory().lead)
    assert send(target, share_data()).status_code == 404
    client.force_login(ContactFactory())
    assert send(target, share_data()).status_code == 403
    share.refresh_from_db()
    assert (share.revoked_at, Share.objects.count(), Edition.objects.filter(engagement=engagement).count()) == (None, 1, 1)


def test_a_link_of_another_engagement_cannot_be_revoked_from_here(lead, engagement):
    share = ShareFactory()
    assert lead.post(address("share_revoke", engagement, share.pk)).status_code == 404
    share.refresh_from_db()
    assert share.revoked_at is None


# Contacts


@pytest.fixture
def contact(client, engagement):
    person = ContactFactory(language="en")
    MembershipFactory(customer=engagement.customer, user=person)
    client.force_login(person)
    return client


def test_a_contact_finds_the_pages_of_their_company_and_no_other(contact, engagement):
    edition_with(engagement, "Older", number=1)
    edition_with(engagement, "Newest", number=2)
    EngagementFactory(customer=engagement.customer, name="Never published")
    page = text_of(contact.get(reverse("shared_pages")))
    assert "Newest" in page
    assert not any(text in page for text in ("Older", "Somebody else", "Never published"))
    assert "Newest" in text_of(contact.get(address("contact_edition", engagement)))


def test_a_contact_without_pages_reads_why(contact):
    assert "Nothing is shared yet" in text_of(contact.get(reverse("shared_pages")))


def test_another_companys_page_is_not_found(contact):
    other = Edition.objects.get().engagement
    assert contact.get(address("contact_edition", other)).status_code == 404
    assert contact.get(reverse("contact_edition", args=["unknown"])).status_code == 404


def test_a_contact_who_left_the_company_finds_nothing(contact, engagement):
    edition_with(engagement, "Newest")
    engagement.customer.memberships.all().delete()
    assert contact.get(address("contact_edition", engagement)).status_code == 404


def test_staff_have_no_contacts_home(lead):
    assert lead.get(reverse("shared_pages")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_no_calendar_of_work_holds_is_refused_by_name(client, day) -> None:
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    fields = {"name": "Board", "audience": "open", "sections": ["asks"], "language": "en", "works_until": day}
    answer = client.post(f"/engagements/{engagement.slug}/sharing/new/", fields)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["works_until"]
    assert not engagement.shares.exists()
