"""Pages about data and target users: who gets in, and whose records they reach."""

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import UsageSource
from tests.engagements.views.test_usages import signed_in, verbs
from tests.factories.people import ContactFactory
from tests.factories.usage import TargetPopulationFactory, UsageBatchFactory, UsageSourceFactory, UsageTokenFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> UsageSource:
    return UsageSourceFactory()


def addresses(source: UsageSource) -> list[tuple[str, str]]:
    """Every page of the topic as (method, path), with records that exist."""
    slug = source.deliverable.engagement.slug
    token, batch = UsageTokenFactory(source=source), UsageBatchFactory(source=source)
    target = TargetPopulationFactory(deliverable=source.deliverable)
    pages = [("get", name, []) for name in ("engagement_data", "usage_upload", "usage_source_new", "target_new", "target_names")]
    pages += [("post", name, []) for name in ("usage_upload", "usage_source_new", "target_new", "target_names")]
    for name in ("usage_source", "usage_source_edit", "usage_token_new"):
        pages.append(("get", name, [source.pk]))
    for name in ("usage_source_edit", "usage_source_archive", "usage_source_restore", "usage_token_new"):
        pages.append(("post", name, [source.pk]))
    pages += [("post", "usage_token_revoke", [token.pk])]
    pages += [(method, "usage_batch_rollback", [batch.pk]) for method in ("get", "post")]
    pages += [("post", "usage_batch_restore", [batch.pk]), ("get", "target_edit", [target.pk])]
    pages += [("post", name, [target.pk]) for name in ("target_edit", "target_archive", "target_restore")]
    return [(method, reverse(name, args=[slug, *args])) for method, name, args in pages]


def test_signed_out_people_are_sent_to_the_sign_in_page(source: UsageSource) -> None:
    for method, path in addresses(source):
        answer = getattr(Client(), method)(path)
        assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={path}")


def test_strangers_find_nothing_and_change_nothing(source: UsageSource) -> None:
    stranger = signed_in(UsageSourceFactory().deliverable.engagement.lead)
    for method, path in addresses(source):
        assert getattr(stranger, method)(path).status_code == 404, path
    assert verbs() == []


def test_contacts_are_turned_away(source: UsageSource) -> None:
    contact = signed_in(ContactFactory())
    for method, path in addresses(source):
        assert getattr(contact, method)(path).status_code == 403, path
    assert verbs() == []


def test_the_owner_reaches_every_page(source: UsageSource) -> None:
    owner = signed_in(source.deliverable.engagement.lead)
    for method, path in addresses(source):
        if method == "get":
            assert owner.get(path).status_code == 200, path


def test_records_of_another_engagement_are_not_reached_through_ones_own(source: UsageSource) -> None:
    engagement = source.deliverable.engagement
    owner = signed_in(engagement.lead)
    foreign = UsageSourceFactory()
    token, batch = UsageTokenFactory(source=foreign), UsageBatchFactory(source=foreign)
    target = TargetPopulationFactory(deliverable=foreign.deliverable)
    pairs = [("usage_source_archive", foreign), ("usage_token_new", foreign), ("usage_token_revoke", token)]
    pairs += [("usage_batch_rollback", batch), ("usage_batch_restore", batch), ("target_archive", target), ("target_edit", target)]
    for name, record in pairs:
        assert owner.post(reverse(name, args=[engagement.slug, record.pk]), {"name": "mine"}).status_code == 404, name
    assert verbs() == []
