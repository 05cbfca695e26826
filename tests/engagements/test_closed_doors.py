"""Every kind of credential, every way of losing it, every address below a share: closed with the next request.

And guessing: keys, passcodes and codes, one after another and at once, with forged headers and emptied caches.
"""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from customers.models import CustomerMembership
from engagements.models import EditionRetraction, Share
from engagements.public_page.content import SharedAsk, SharedDeliverable, SharedMilestone, SharedWeek, canonical_json
from engagements.public_page.keys import Purpose, derived_key
from engagements.public_page.visit import COOKIE, Visit, passcode_mark, remember
from engagements.selectors.share import UNKNOWN_KEYS
from engagements.services.shares import PASSCODES
from fde_portal.accounts.tokens import digest_of
from tests.architecture.test_routes import routes
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
ANNEKE = "anneke@harbourline.example"
TOKEN = f"{SECRET}matrix"
SHOWN = "Shared-word"
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement(db):
    EditionFactory()  # somebody else's
    engagement = EngagementFactory(name=f"{SHOWN} copilot", customer__name="Harbourline")
    day = date(2026, 11, 10)
    content = content_for(
        engagement,
        week=SharedWeek(None, SHOWN, (SHOWN,)),
        asks=(SharedAsk(1, SHOWN, "", date(2026, 12, 1), ""),),
        deliverables=(SharedDeliverable(1, SHOWN, None, ()),),
        milestones=(SharedMilestone(1, SHOWN, "", day, day, True),),
    )
    for number in (1, 2):
        EditionFactory(engagement=engagement, number=number, content=canonical_json(content))
    return engagement


# Credentials: how somebody comes in. Each makes a client, and says by which key it reads.


def _share(engagement, **fields):
    return ShareFactory(engagement=engagement, token_digest=digest_of(TOKEN), **fields)


def _through(share, key):
    client = Client(**BROWSER)
    visit = Visit(ANNEKE if share.asks_for_address else "", passcode_mark(share) if share.passcode else "")
    client.cookies[COOKIE] = remember(HttpResponse(), token=key, share=share, visit=visit).cookies[COOKIE].value
    return client


def open_link(engagement):
    return _through(_share(engagement), TOKEN), TOKEN


def recipient(engagement):
    return _through(_share(engagement, audience="recipient", recipient=ANNEKE), TOKEN), TOKEN


def company(engagement):
    return _through(_share(engagement, audience="domain", domain="harbourline.example"), TOKEN), TOKEN


def passcode(engagement):
    return _through(_share(engagement, passcode=make_password("open sesame")), TOKEN), TOKEN


def mailed_link(engagement):
    share = _share(engagement, audience="recipient", recipient=ANNEKE, mails_editions=True)
    key = derived_key(share, Purpose.PAGE)
    return _through(share, key), key


def calendar(engagement):
    share = _share(engagement)
    return Client(**BROWSER), derived_key(share, Purpose.CALENDAR)


def contact(engagement):
    client, person = Client(**BROWSER), ContactFactory(language="en")
    MembershipFactory(customer=engagement.customer, user=person)
    client.force_login(person)
    return client, None


BY_LINK = (open_link, recipient, company, passcode, mailed_link, calendar)


# Ways of losing access.


def revoked(engagement):
    Share.objects.filter(engagement=engagement).update(revoked_at=NOW)


def expired(engagement):
    Share.objects.filter(engagement=engagement).update(expires_at=NOW)


def deleted(engagement):
    Share.objects.filter(engagement=engagement).delete()


def engagement_archived(engagement):
    type(engagement).objects.filter(pk=engagement.pk).update(archived_at=NOW)


def customer_archived(engagement):
    type(engagement.customer).objects.filter(pk=engagement.customer_id).update(archived_at=NOW)


def unpublished(engagement):
    for edition in engagement.editions.all():
        EditionRetraction.objects.create(edition=edition, retracted_at=NOW, retracted_by=engagement.lead)


def membership_ended(engagement):
    CustomerMembership.objects.filter(customer=engagement.customer).delete()


def switched_off(engagement):
    for membership in engagement.customer.memberships.all():
        type(membership.user).objects.filter(pk=membership.user_id).update(is_active=False)


OF_EVERYBODY = (engagement_archived, customer_archived, unpublished)
CASES = [(who, how) for who in BY_LINK for how in (revoked, expired, deleted, *OF_EVERYBODY)]
CASES += [(contact, how) for how in (membership_ended, switched_off, *OF_EVERYBODY)]
VALUES = {"number": 1, "topic": "ask", "pk": 1, "key": "none"}


def paths(engagement, key):
    """Every address a customer reaches: found by walking the addresses, not from a list."""
    known = VALUES | {"slug": engagement.slug, "token": key}
    for name, route in routes(get_resolver()):
        parts = set(route.pattern.regex.groupindex)
        if parts <= set(known) and ("token" in parts and key or name.startswith(("shared_pages", "contact_")) and not key):
            full = reverse(name, kwargs={part: known[part] for part in parts})
            if full.startswith(("/s/", "/calendar/", "/shared/")):
                yield full


def test_the_walk_finds_the_addresses_of_customers(engagement):
    assert {path.removeprefix(f"/s/{TOKEN}/") for path in paths(engagement, TOKEN)} >= {
        "", "address/", "code/", "passcode/", "mails/", "editions/", "editions/1/", "answer/ask/1/", f"/calendar/{TOKEN}/",
    }
    assert set(paths(engagement, None)) >= {"/shared/", f"/shared/{engagement.slug}/", f"/shared/{engagement.slug}/editions/1/"}


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("who", [*BY_LINK, contact], ids=lambda who: who.__name__)
def test_each_credential_opens_something_before(engagement, who):
    client, key = who(engagement)
    assert any(SHOWN in client.get(path).content.decode() for path in paths(engagement, key))


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(("who", "how"), CASES, ids=lambda case: case.__name__)
def test_whoever_loses_access_finds_nothing_with_the_next_request(engagement, who, how):
    client, key = who(engagement)
    unknown = Client(**BROWSER).get(reverse("shared_page", args=["unknown"])).content
    how(engagement)
    for path in paths(engagement, key):
        for send in (client.get, client.post):
            answer = send(path)
            assert SHOWN not in answer.content.decode(), path
            assert "Harbourline" not in answer.content.decode(), path
            if key:
                assert (answer.status_code, answer.content) == (404, unknown), path
    assert mail.outbox == []


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_contacts_of_another_company_do_not_learn_that_it_exists(engagement):
    client, person = Client(**BROWSER), ContactFactory(language="en")
    MembershipFactory(user=person)
    client.force_login(person)
    for path in paths(engagement, None):
        theirs, nowhere = client.get(path), client.get(path.replace(engagement.slug, "no-such-thing"))
        assert theirs.status_code == nowhere.status_code, path
        assert without_tokens(theirs).replace(engagement.slug, "no-such-thing") == without_tokens(nowhere), path
        assert SHOWN not in theirs.content.decode()


def without_tokens(response):
    """The page without the tokens against forged forms, which differ each time."""
    return re.sub(r"[A-Za-z0-9]{64}", "token", response.content.decode())


# Guessing


def forged(number):
    """What a client may claim about where it asks from, with no proxy of ours before the portal."""
    address = f"203.0.113.{number % 250}"
    return {"X-Forwarded-For": f"{address}, 198.51.100.7", "X-Real-IP": address, "Forwarded": f"for={address}", "Client-IP": address}


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_two_thousand_guesses_of_a_key_are_limited(engagement, client):
    open_link(engagement)
    statuses = []
    for number in range(2000):
        if number % 500 == 0:
            for name in caches:
                caches[name].clear()
        path = reverse("shared_calendar" if number % 2 else "shared_page", args=[f"fdes_guess-{number}"])
        statuses.append(client.get(path, headers=forged(number)).status_code)
    assert statuses == [404] * UNKNOWN_KEYS.most + [429] * (2000 - UNKNOWN_KEYS.most)
    assert client.get(reverse("shared_page", args=[TOKEN])).status_code == 429  # so guessing on tells nothing
    assert client.get(reverse("shared_page", args=[TOKEN]), REMOTE_ADDR="192.0.2.9").status_code == 200


def guess_key(number):
    try:
        return Client(**BROWSER).get(reverse("shared_page", args=[f"fdes_guess-{number}"]), headers=forged(number)).status_code
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("now")
def test_two_thousand_guesses_of_a_key_at_once_are_limited_as_well(engagement, client):
    open_link(engagement)
    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(guess_key, range(2000)))
    assert statuses == {404: UNKNOWN_KEYS.most, 429: 2000 - UNKNOWN_KEYS.most}
    assert client.get(reverse("shared_page", args=[TOKEN])).status_code == 429


@pytest.mark.django_db
def test_a_limited_network_is_let_in_again_later(engagement, client):
    open_link(engagement)
    with time_machine.travel(NOW, tick=False):
        for _ in range(UNKNOWN_KEYS.most + 1):
            UNKNOWN_KEYS.claim("127.0.0.1", now=timezone.now())
        assert client.get(reverse("shared_page", args=[TOKEN])).status_code == 429
    with time_machine.travel(NOW + UNKNOWN_KEYS.window, tick=False):
        assert client.get(reverse("shared_page", args=[TOKEN])).status_code == 200


def guess_passcode(number):
    try:
        client = Client(**BROWSER)
        path = reverse("visitor_passcode", args=[TOKEN])
        return client.post(path, {"passcode": f"guess-{number}"}, headers=forged(number), REMOTE_ADDR=f"192.0.2.{number}").status_code
    finally:
        connection.close()


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_fifty_passcodes_are_limited_wherever_they_come_from(engagement, client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _share(engagement, passcode=make_password("open sesame"))
    path = reverse("visitor_passcode", args=[TOKEN])
    statuses = []
    for number in range(50):
        if number % 10 == 0:
            for name in caches:
                caches[name].clear()
        answer = client.post(path, {"passcode": f"guess-{number}"}, headers=forged(number), REMOTE_ADDR=f"192.0.2.{number}")
        statuses.append(answer.status_code)
    assert statuses == [422] * PASSCODES.most + [429] * (50 - PASSCODES.most)
    right = client.post(path, {"passcode": "open sesame"})
    assert (right.status_code, list(right.cookies)) == (429, [])
    with time_machine.travel(NOW + PASSCODES.window + timedelta(seconds=1), tick=False):
        assert client.post(path, {"passcode": "open sesame"}).status_code == 302


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_passcodes_at_once_are_limited_as_well(engagement, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _share(engagement, passcode=make_password("open sesame"))
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(guess_passcode, range(50)))
    assert sorted(statuses) == [422] * PASSCODES.most + [429] * (50 - PASSCODES.most)
