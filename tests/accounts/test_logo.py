"""Our logo on customers' pages."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import model_to_dict
from django.urls import reverse

from engagements.public_page.content import canonical_json
from engagements.selectors.shareable import shareable_content
from fde_portal.accounts.models import Logo, OrganizationSettings
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory

PATH = reverse("accounts:organization")
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
JPEG = b"\xff\xd8\xff" + b"picture"
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def fields(**more):
    stored = model_to_dict(OrganizationSettings.current(), exclude=["id", "actor_key", "logo"])
    return {name: value for name, value in stored.items() if value is not None} | more


def upload(content, name="logo.png"):
    return SimpleUploadedFile(name, content, content_type="image/png")


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_picture_is_kept_and_served_as_what_it_is(manager, client, content, kind):
    assert manager.post(PATH, fields(new_logo=upload(content))).status_code == 302
    logo = OrganizationSettings.current().logo
    assert (logo.digest, logo.kind) == (hashlib.sha256(content).hexdigest(), kind)
    client.logout()
    answer = client.get(reverse("logo", args=[logo.digest]))
    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (content, kind, "nosniff")
    assert client.get(reverse("logo", args=["0" * 64])).status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"GIF89a", b"<html>", PNG + b"x" * 20_000])
def test_what_is_no_small_picture_is_refused_by_name(manager, content):
    answer = manager.post(PATH, fields(new_logo=upload(content)))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["new_logo"])
    assert not Logo.objects.exists()


def test_saving_the_rest_keeps_the_logo_until_it_is_taken_away(manager):
    manager.post(PATH, fields(new_logo=upload(PNG)))
    manager.post(PATH, fields(vendor_name="Northlight"))
    assert OrganizationSettings.current().logo
    manager.post(PATH, fields(no_logo="on"))
    assert OrganizationSettings.current().logo is None


def test_the_page_shows_it_from_the_next_edition_on(manager, client):
    engagement = EngagementFactory()
    ShareFactory(engagement=engagement, token_digest=digest_of(f"{SECRET}x"))
    page = reverse("shared_page", args=[f"{SECRET}x"])
    now = engagement.created_at
    EditionFactory(engagement=engagement, number=1, content=canonical_json(shareable_content(engagement, now=now)))
    manager.post(PATH, fields(new_logo=upload(PNG)))
    assert "/logo/" not in client.get(page).content.decode()
    EditionFactory(engagement=engagement, number=2, content=canonical_json(shareable_content(engagement, now=now)))
    assert reverse("logo", args=[Logo.objects.get().digest]) in client.get(page).content.decode()
