"""Proving an address by a mailed code, and what the browser keeps of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import RequestFactory

from engagements.models import AddressProof, Share
from engagements.public_page.visit import (
    COOKIE,
    Visit,
    is_through,
    passcode_mark,
    remember,
    visit_of,
)
from engagements.services.visitors import TooManyCodes, confirm_code, send_code
from tests.factories.shares import ShareFactory

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
ADDRESS = "anneke@harbourline.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def share():
    ShareFactory(audience=Share.Audience.OPEN)
    return ShareFactory(audience=Share.Audience.DOMAIN, domain="harbourline.example")


def mailed_code(share, address=ADDRESS, now=NOW):
    send_code(share=share, address=address, language="en", now=now)
    return re.search(r"^\d{4} \d{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def confirm(share, code, address=ADDRESS, now=NOW):
    return confirm_code(share=share, address=address, code=code, now=now)


def test_the_mailed_code_proves_the_address_once(share):
    code = mailed_code(share, " Anneke@Harbourline.example ")
    assert mail.outbox[0].to == [ADDRESS]
    assert code not in mail.outbox[0].subject
    assert confirm(share, code, now=NOW + timedelta(minutes=1))
    assert not confirm(share, code, now=NOW + timedelta(minutes=2))
    proof = AddressProof.objects.get()
    assert (proof.address, proof.confirmed_at, proof.code_digest) == (ADDRESS, NOW + timedelta(minutes=1), "")


def test_the_code_itself_is_not_stored(share):
    code = mailed_code(share).replace(" ", "")
    assert code not in str(AddressProof.objects.values().get())


def test_a_code_ends_after_a_quarter_of_an_hour_and_with_the_next_one(share):
    first = mailed_code(share)
    assert not confirm(share, first, now=NOW + timedelta(minutes=15))
    second = mailed_code(share, now=NOW + timedelta(minutes=16))
    later = NOW + timedelta(minutes=17)
    assert not confirm(share, first, now=later) or first == second
    assert confirm(share, second, now=later)


def test_a_code_counts_for_its_share_and_address_only(share):
    code = mailed_code(share)
    other = ShareFactory(audience=Share.Audience.DOMAIN, domain="harbourline.example")
    assert not confirm(other, code)
    assert not confirm(share, code, address="pieter@harbourline.example")
    assert confirm(share, code)


def test_five_wrong_codes_end_the_right_one(share):
    code = mailed_code(share)
    wrong = "1111 1111" if code != "1111 1111" else "2222 2222"
    assert not any(confirm(share, wrong) for _ in range(5))
    assert not confirm(share, code)


def test_no_more_than_five_codes_an_hour_go_to_an_address(share):
    for _ in range(5):
        mailed_code(share)
    with pytest.raises(TooManyCodes):
        mailed_code(share)
    assert len(mail.outbox) == 5
    assert mailed_code(share, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("fields", "address", "admitted"),
    [
        ({"audience": "open"}, "anybody@example.org", True),
        ({"audience": "domain", "domain": "harbourline.example"}, ADDRESS, True),
        ({"audience": "domain", "domain": "harbourline.example"}, "anneke@evil-harbourline.example", False),
        ({"audience": "domain", "domain": "harbourline.example"}, "anneke@harbourline.example.evil.org", False),
        ({"audience": "domain", "domain": "harbourline.example"}, "anneke@mail.harbourline.example", False),
        ({"audience": "recipient", "recipient": ADDRESS}, ADDRESS, True),
        ({"audience": "recipient", "recipient": ADDRESS}, "pieter@harbourline.example", False),
    ],
)
def test_a_code_goes_only_to_whom_the_share_is_for_and_nothing_tells(fields, address, admitted):
    share = ShareFactory(**fields)
    send_code(share=share, address=address, language="en", now=NOW)
    assert [message.to for message in mail.outbox] == ([[address]] if admitted else [])
    assert AddressProof.objects.exists() == admitted


def test_the_mail_is_in_the_readers_language(share):
    send_code(share=share, address=ADDRESS, language="zh-hans", now=NOW)
    assert "验证码" in mail.outbox[0].subject


# The cookie


def request_with(share, visit, token="token"):
    response = remember(HttpResponse(), token=token, share=share, visit=visit)
    request = RequestFactory().get(f"/s/{token}/")
    request.COOKIES[COOKIE] = response.cookies[COOKIE].value
    return request, response.cookies[COOKIE]


def test_the_browser_shows_the_address_again_below_the_link_and_no_script_reads_it(share):
    request, cookie = request_with(share, Visit(ADDRESS))
    assert visit_of(request, share).address == ADDRESS
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/s/token/", True, "Lax")


def test_a_cookie_counts_for_its_share_unchanged_and_while_the_share_admits_the_address(share):
    request, _ = request_with(share, Visit(ADDRESS))
    other = ShareFactory(audience=Share.Audience.DOMAIN, domain="harbourline.example")
    assert visit_of(request, other).address == ""
    share.domain = "elsewhere.example"
    assert visit_of(request, share).address == ""
    share.domain = "harbourline.example"
    request.COOKIES[COOKIE] = request.COOKIES[COOKIE][:-1] + "x"
    assert visit_of(request, share) == Visit()
    assert visit_of(RequestFactory().get("/"), share) == Visit()


def test_a_reader_is_through_with_what_the_share_asks_for(share):
    assert not is_through(Visit(), share)
    assert is_through(Visit(ADDRESS), share)
    share.passcode = "a hash"
    assert not is_through(Visit(ADDRESS), share)
    both = Visit(ADDRESS, passcode_mark(share))
    assert is_through(both, share)
    share.passcode = "another hash"
    assert not is_through(both, share)
    assert is_through(Visit(), ShareFactory())
