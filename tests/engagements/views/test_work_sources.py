"""Pages of sources of work and their rules, and what was done in an engagement."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from engagements.models import WorkRule, WorkSource
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory, ManagerFactory
from tests.factories.work import WorkItemFactory, WorkRuleFactory, WorkSourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def test_only_managers_see_sources_and_their_secrets(client):
    rule = WorkRuleFactory()
    pages = [reverse("work_sources"), *(reverse(name, args=[rule.source_id]) for name in ("work_source", "work_source_edit", "work_rule_new"))]
    for person in (rule.engagement.lead, ContactFactory()):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {403}
        assert client.post(reverse("work_secret_renew", args=[rule.source_id])).status_code == 403
    assert list(WorkSource.objects.visible_to(rule.engagement.lead)) == []


def test_a_source_is_made_given_a_rule_and_shows_how_to_connect_it(manager):
    engagement = EngagementFactory(customer__name="Harbourline")
    EngagementFactory(status="completed", name="Long over")
    response = manager.post(reverse("work_source_new"), {"name": "Code", "kind": "github"})
    source = WorkSource.objects.get()
    assert response.url == reverse("work_source", args=[source.pk])
    assert "Long over" not in manager.get(reverse("work_rule_new", args=[source.pk])).content.decode()
    assert manager.post(reverse("work_rule_new", args=[source.pk]), {"engagement": engagement.pk}).status_code == 422
    manager.post(reverse("work_rule_new", args=[source.pk]), {"engagement": engagement.pk, "repository": "acme/*", "words": "CLM-"})
    rule = WorkRule.objects.get()
    page = manager.get(reverse("work_source", args=[source.pk])).content.decode()
    for part in (source.secret, reverse("work_hook", args=[source.pk]), "acme/*", "CLM-", "Harbourline"):
        assert part in page
    changed = {"engagement": engagement.pk, "repository": "acme/claims", "version": "1"}
    manager.post(reverse("work_rule_edit", args=[source.pk, rule.pk]), changed)
    assert WorkRule.objects.get().repository == "acme/claims"
    for name, there in (("work_rule_archive", False), ("work_rule_restore", True)):
        manager.post(reverse(name, args=[source.pk, rule.pk]))
        edit_link = f'href="{reverse("work_rule_edit", args=[source.pk, rule.pk])}"'
        assert (edit_link in manager.get(response.url).content.decode()) is there


def test_a_rule_is_reached_only_through_its_own_source(manager):
    rule = WorkRuleFactory()
    other = WorkSourceFactory()
    assert manager.post(reverse("work_rule_archive", args=[other.pk, rule.pk])).status_code == 404
    assert WorkRule.objects.current().count() == 1


def test_a_source_is_archived_and_comes_back_and_its_secret_is_renewed(manager):
    source = WorkSourceFactory()
    manager.post(reverse("work_source_archive", args=[source.pk]))
    assert "Archived sources" in manager.get(reverse("work_sources")).content.decode()
    manager.post(reverse("work_source_restore", args=[source.pk]))
    manager.post(reverse("work_secret_renew", args=[source.pk]))
    old, source = source, WorkSource.objects.get()
    assert (source.archived_at, source.secret == old.secret) == (None, False)


def test_the_work_of_an_engagement_by_week_and_nobody_elses(client):
    item = WorkItemFactory(title="Fax pages", happened_at=datetime(2026, 11, 22, 23, tzinfo=UTC))
    WorkItemFactory(engagement=item.engagement, title="Week before", happened_at=datetime(2026, 11, 15, 23, tzinfo=UTC))
    WorkItemFactory(title="Stranger")
    client.force_login(item.engagement.lead)
    address = reverse("engagement_work", args=[item.engagement.slug])
    everything, week = (client.get(address + query).content.decode() for query in ("", "?week=2026-W47"))
    assert [title in everything for title in ("Fax pages", "Week before", "Stranger")] == [True, True, False]
    assert [title in week for title in ("Fax pages", "Week before")] == [True, False]
    assert client.get(address + "?week=2025-W53").status_code == 404
    client.force_login(EngagementFactory().lead)
    assert client.get(address).status_code == 404
