"""A note begun on one device is offered on the other, and gone once it is saved or discarded."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from fde_portal.accounts.models import KeptText
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import GateCriterionFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Pieter doubts the night scans"
OFFER = "Kept from"


@pytest.fixture
def engagement():
    return EngagementFactory(name="Customs copilot", lead__email="maya@northlight.example", lead__language="en")


@pytest.fixture
def devices(chromium, live_server, engagement):
    """Two browsers of the same person."""
    with person(chromium, live_server.url, engagement.lead.email) as phone, person(chromium, live_server.url, engagement.lead.email) as desk:
        yield phone, desk


def begin(page, path):
    page.goto(path)
    with page.expect_response(lambda answer: "kept-texts" in answer.url and answer.request.method == "POST"):
        page.locator("main textarea[name=text]").fill(WORDS)


def test_begun_on_the_phone_and_saved_at_the_desk(devices, engagement):
    phone, desk = devices
    path = reverse("note_new", args=[engagement.slug])
    begin(phone, path)
    desk.goto(path)
    desk.get_by_text(OFFER).wait_for()
    assert desk.locator("main textarea[name=text]").input_value() == ""
    desk.get_by_role("button", name="Put it in").click()
    assert desk.locator("main textarea[name=text]").input_value() == WORDS
    desk.get_by_role("button", name="Save").click()
    desk.get_by_text("The note is saved").wait_for()
    assert not KeptText.objects.exists()
    desk.goto(path, wait_until="networkidle")
    assert desk.get_by_text(OFFER).count() == 0


def test_of_many_forms_folded_away_only_the_one_that_is_opened_asks(devices, engagement):
    phone, desk = devices
    gate = GateCriterionFactory(gate__engagement=engagement).gate
    GateCriterionFactory.create_batch(4, gate=gate)
    first, path = gate.criteria.first(), reverse("gate", args=[engagement.slug, gate.pk])
    KeptText.objects.create(
        person=engagement.lead, key=f"criterion:{first.pk}", content={"values": [["evidence", "", WORDS]], "basis": {}}, kept_at=timezone.now()
    )
    asked = []
    desk.on("request", lambda request: asked.append(request.url) if "kept-texts/?" in request.url else None)
    desk.goto(path, wait_until="networkidle")
    assert asked == []
    desk.locator(f"#criterion-{first.pk} summary").click()
    desk.get_by_text(OFFER).wait_for()
    assert len(asked) == 1
    desk.get_by_role("button", name="Put it in").click()
    assert desk.locator(f"#criterion-{first.pk} textarea[name=evidence]").input_value() == WORDS


def test_an_offer_is_not_written_over_until_it_was_answered(devices, engagement):
    phone, desk = devices
    path = reverse("note_new", args=[engagement.slug])
    begin(phone, path)
    desk.goto(path)
    desk.get_by_text(OFFER).wait_for()
    desk.locator("main textarea[name=text]").fill("Something else")
    desk.wait_for_timeout(1500)
    assert KeptText.objects.get().content["values"][0][2] == WORDS
    with desk.expect_response(lambda answer: "kept-texts" in answer.url and answer.request.method == "POST"):
        desk.get_by_role("button", name="Discard it").click()
    assert not KeptText.objects.exists()
    assert desk.locator("main textarea[name=text]").input_value() == "Something else"
