import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Deliverable, Engagement, Feature
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
NO_FEATURES = {"features-TOTAL_FORMS": "0", "features-INITIAL_FORMS": "0"}


@pytest.fixture
def engagement(client: Client) -> Engagement:
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    return engagement


def listing(engagement: Engagement) -> str:
    return reverse("engagement_deliverables", args=[engagement.slug])


def create(client: Client, engagement: Engagement, **data):
    data = {"name": "Tool", "kind": "ai_tool", "state": "planned"} | NO_FEATURES | data
    return client.post(reverse("deliverable_new", args=[engagement.slug]), data)


def test_a_deliverable_is_created_with_a_feature(client: Client, engagement: Engagement) -> None:
    response = create(client, engagement, owner=engagement.lead_id, is_shared="on", **{"features-TOTAL_FORMS": "1", "features-0-name": "login"})
    assert response.url == listing(engagement)
    deliverable = Deliverable.objects.get()
    assert (deliverable.engagement, deliverable.owner, deliverable.is_shared) == (engagement, engagement.lead, True)
    assert Feature.objects.values_list("name", "bears_value").get() == ("login", False)


def test_a_name_is_used_once_in_an_engagement_and_again_in_another(client: Client, engagement: Engagement) -> None:
    DeliverableFactory(name="Tool")
    create(client, engagement)
    response = create(client, engagement, acceptance_criteria="Typed words")
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])
    assert "Typed words" in response.content.decode()
    assert engagement.deliverables.count() == 1


def test_two_features_of_one_name_are_refused_and_kept_on_the_page(client: Client, engagement: Engagement) -> None:
    names = {"features-TOTAL_FORMS": "2", "features-0-name": "draft", "features-1-name": "draft"}
    response = create(client, engagement, **names)
    assert response.status_code == 422
    assert response.content.decode().count('value="draft"') == 2
    assert not Deliverable.objects.exists()


def test_the_activation_rule_is_kept_as_typed_and_as_it_was_when_left_empty(client: Client, engagement: Engagement) -> None:
    create(client, engagement, activation_days="3", activation_within="10")
    deliverable = Deliverable.objects.get()
    assert (deliverable.activation_days, deliverable.activation_within) == (3, 10)
    edit = reverse("deliverable_edit", args=[engagement.slug, deliverable.pk])
    typed = {"name": "Tool", "kind": "ai_tool", "version": deliverable.version, "activation_days": "", "activation_within": "20"}
    assert client.post(edit, typed | NO_FEATURES).status_code == 302
    deliverable.refresh_from_db()
    assert (deliverable.activation_days, deliverable.activation_within) == (3, 20)


@pytest.mark.parametrize(
    ("days", "within", "field"),
    [("0", "14", "activation_days"), ("3", "1", "activation_days"), ("1", "0", "activation_within"), ("1", "400", "activation_within")],
)
def test_a_rule_that_nobody_can_reach_is_refused(client: Client, engagement: Engagement, days: str, within: str, field: str) -> None:
    response = create(client, engagement, activation_days=days, activation_within=within)
    assert (response.status_code, field in response.context["form"].errors) == (422, True)
    assert not Deliverable.objects.exists()


@pytest.mark.parametrize("owner", [ContactFactory, lambda: UserFactory(is_active=False)])
def test_the_owner_is_one_of_the_active_staff(client: Client, engagement: Engagement, owner) -> None:
    response = create(client, engagement, owner=owner().pk)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["owner"])


def test_an_owner_who_left_stays_until_another_is_chosen(client: Client, engagement: Engagement) -> None:
    gone = UserFactory(is_active=False)
    deliverable = DeliverableFactory(engagement=engagement, owner=gone)
    data = {"name": "Renamed", "kind": "ai_tool", "state": "accepted", "owner": gone.pk, "version": 1} | NO_FEATURES
    client.post(reverse("deliverable_edit", args=[engagement.slug, deliverable.pk]), data)
    deliverable.refresh_from_db()
    assert (deliverable.name, deliverable.owner) == ("Renamed", gone)
    assert deliverable.state == "planned"  # states are acts, not fields


def test_a_feature_of_another_deliverable_cannot_be_changed(client: Client, engagement: Engagement) -> None:
    mine = DeliverableFactory(engagement=engagement)
    foreign = Feature.objects.create(deliverable=DeliverableFactory(), name="theirs")
    data = {"name": "Tool", "kind": "ai_tool", "state": "planned", "version": 1}
    data |= {"features-TOTAL_FORMS": "1", "features-INITIAL_FORMS": "1", "features-0-id": foreign.pk, "features-0-name": "mine"}
    client.post(reverse("deliverable_edit", args=[engagement.slug, mine.pk]), data)
    assert Feature.objects.values_list("name", "deliverable").get() == ("theirs", foreign.deliverable_id)


def test_the_tab_lists_what_is_current_and_offers_what_is_archived(client: Client, engagement: Engagement) -> None:
    kept, gone = DeliverableFactory.create_batch(2, engagement=engagement)
    DeliverableFactory(name="Of a stranger")
    client.post(reverse("deliverable_archive", args=[engagement.slug, gone.pk]))
    response = client.get(listing(engagement))
    assert list(response.context["deliverables"]) == [kept]
    assert list(response.context["archived"]) == [gone]
    assert "Of a stranger" not in response.content.decode()
    client.post(reverse("deliverable_restore", args=[engagement.slug, gone.pk]))
    assert Deliverable.objects.archived().count() == 0


def test_the_tab_asks_as_often_for_thirty_deliverables_as_for_one(client: Client, engagement: Engagement) -> None:
    counts = []
    for more in (1, 2, 27):
        for deliverable in DeliverableFactory.create_batch(more, engagement=engagement, owner=UserFactory()):
            Feature.objects.create(deliverable=deliverable, name="draft")
        with CaptureQueriesContext(connection) as queries:
            client.get(listing(engagement))
        counts.append(len(queries))
    assert len(set(counts)) == 1
