"""The steps before a page opens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.urls import reverse

from engagements.models import ShareView
from engagements.public_page.content import SharedWeek, canonical_json
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
ANNEKE, PIETER, STRANGER = "anneke@harbourline.example", "pieter@harbourline.example", "eve@elsewhere.example"
HEADLINE = "All is well"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def edition():
    engagement = EngagementFactory(name="Customs copilot", customer__name="Harbourline")
    return EditionFactory(engagement=engagement, content=canonical_json(content_for(engagement, week=SharedWeek(None, HEADLINE))))


@pytest.fixture
def page():
    return reverse("shared_page", args=[f"{SECRET}door"])


def share_of(edition, **fields):
    return ShareFactory(engagement=edition.engagement, token_digest=digest_of(f"{SECRET}door"), **fields)


def text_of(response):
    return response.content.decode()


def code_in_mail():
    return re.search(r"^\d{4} \d{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def prove(client, page, address):
    client.post(f"{page}address/", {"address": address}, **BROWSER)
    return client.post(f"{page}code/", {"address": address, "code": code_in_mail()}, **BROWSER)


def test_a_page_for_one_person_opens_after_the_mailed_code_and_is_remembered(client, edition, page):
    share = share_of(edition, audience="recipient", recipient=ANNEKE)
    door = text_of(client.get(page, **BROWSER))
    assert HEADLINE not in door
    assert not any(word in door for word in ("Harbourline", "Customs", ANNEKE))
    answer = prove(client, page, ANNEKE)
    assert answer.url == "../?lang=en"
    for _ in range(2):
        assert HEADLINE in text_of(client.get(page, **BROWSER))
    assert list(ShareView.objects.values_list("share", "address")) == [(share.pk, ANNEKE)] * 2


def test_a_forwarded_link_opens_nothing_for_somebody_else_and_does_not_tell(client, edition, page):
    share_of(edition, audience="recipient", recipient=ANNEKE)
    right, wrong = (text_of(client.post(f"{page}address/", {"address": address}, follow=True)) for address in (ANNEKE, PIETER))
    assert wrong.replace(PIETER, ANNEKE) == right
    assert [message.to for message in mail.outbox] == [[ANNEKE]]
    answer = client.post(f"{page}code/", {"address": PIETER, "code": code_in_mail()}, follow=True)
    assert answer.status_code == 422
    assert HEADLINE not in text_of(client.get(page, **BROWSER))


def test_a_wrong_code_is_told_after_a_redirect_with_what_was_typed(client, edition, page):
    share_of(edition, audience="recipient", recipient=ANNEKE)
    assert client.get(f"{page}code/").url == "../?lang=en"  # nobody asked for a code yet
    client.post(f"{page}address/", {"address": ANNEKE})
    assert ANNEKE in text_of(client.get(f"{page}code/"))
    wrong = client.post(f"{page}code/", {"address": ANNEKE, "code": "0000 0001"})
    assert wrong.url == "../code/?lang=en"
    again = client.get(f"{page}code/")
    assert again.status_code == 422
    assert all(text in text_of(again) for text in ("This code is not right", 'value="0000 0001"', ANNEKE))
    client.post(f"{page}code/", {"address": ANNEKE, "code": code_in_mail()})
    assert HEADLINE in text_of(client.get(page, **BROWSER))
    assert client.get(f"{page}code/").url == "../?lang=en"


def test_a_company_opens_its_page_and_each_reader_is_known(client, edition, page):
    share_of(edition, audience="domain", domain="harbourline.example")
    for address in (ANNEKE, PIETER):
        client.cookies.clear()
        prove(client, page, address)
        assert HEADLINE in text_of(client.get(page, **BROWSER))
    assert list(ShareView.objects.order_by("pk").values_list("address", flat=True)) == [ANNEKE, PIETER]
    client.cookies.clear()
    client.post(f"{page}address/", {"address": STRANGER})
    assert len(mail.outbox) == 2


def test_a_passcode_is_asked_for_after_the_address(client, edition, page):
    share_of(edition, audience="recipient", recipient=ANNEKE, passcode=make_password("open sesame"))
    prove(client, page, ANNEKE)
    assert 'name="passcode"' in text_of(client.get(page, **BROWSER))
    wrong = client.post(f"{page}passcode/", {"passcode": "open barley"})
    assert (wrong.status_code, list(wrong.cookies)) == (422, [])
    assert client.post(f"{page}passcode/", {"passcode": "open sesame"}).url == "../?lang=en"
    assert HEADLINE in text_of(client.get(page, **BROWSER))


def test_the_door_stands_before_every_page_below_the_link(client, edition, page):
    share_of(edition, passcode=make_password("open sesame"))
    for path in ("", "editions/", f"editions/{edition.number}/"):
        assert HEADLINE not in text_of(client.get(page + path, **BROWSER))
        assert edition.engagement.name not in text_of(client.get(page + path, **BROWSER))
    assert not ShareView.objects.exists()


def test_another_passcode_is_asked_for_again(client, edition, page):
    share = share_of(edition, passcode=make_password("open sesame"))
    client.post(f"{page}passcode/", {"passcode": "open sesame"})
    assert HEADLINE in text_of(client.get(page, **BROWSER))
    share.passcode = make_password("open sesame")
    share.save()
    assert HEADLINE not in text_of(client.get(page, **BROWSER))


def test_what_was_proved_ends_with_the_link(client, edition, page):
    share = share_of(edition, audience="recipient", recipient=ANNEKE)
    prove(client, page, ANNEKE)
    share.revoked_at = NOW
    share.save()
    for path in ("", "address/", "code/", "passcode/", "editions/"):
        assert client.get(page + path, **BROWSER).status_code == 404
        if path in ("address/", "code/", "passcode/"):
            assert client.post(page + path, {"address": ANNEKE}).status_code == 404


def test_what_was_proved_is_asked_for_again_after_three_months(client, edition, page):
    share_of(edition, audience="recipient", recipient=ANNEKE)
    prove(client, page, ANNEKE)
    with time_machine.travel(NOW + timedelta(days=91), tick=False):
        assert HEADLINE not in text_of(client.get(page, **BROWSER))


def test_another_sites_form_is_refused(client, edition, page):
    share_of(edition, passcode=make_password("open sesame"))
    for site in ("cross-site", "same-site"):
        answer = client.post(f"{page}passcode/", {"passcode": "open sesame"}, headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, list(answer.cookies)) == (403, [])
    assert client.post(f"{page}passcode/", {"passcode": "open sesame"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [("address/", {"address": ""}, "address"), ("address/", {"address": "x"}, "address"),
     ("code/", {"address": ANNEKE, "code": ""}, "code"), ("passcode/", {"passcode": ""}, "passcode")],
)
def test_what_is_missing_is_named(client, edition, page, path, fields, field):
    share_of(edition, audience="recipient", recipient=ANNEKE, passcode=make_password("open sesame"))
    answer = client.post(page + path, fields, follow=True)
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in text_of(answer)
    assert not mail.outbox


def test_the_doors_are_private_and_speak_the_links_language(client, edition, page):
    share_of(edition, audience="recipient", recipient=ANNEKE, language="zh-hans")
    answer = client.get(page, **BROWSER)
    assert (answer["Content-Language"], answer["Referrer-Policy"], answer["Cache-Control"]) == ("zh-hans", "no-referrer", "private, no-store")
    assert SECRET not in text_of(answer)
    client.post(f"{page}address/?lang=en", {"address": ANNEKE})
    assert "Your code for the page of" in mail.outbox[0].subject
