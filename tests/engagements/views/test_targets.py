"""Target users: numbers and named people, and that every change is computed."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from engagements.models import Actor, Engagement, Recompute, TargetPopulation
from fde_portal.accounts.models import AuditEvent
from tests.engagements.services.test_usages import MONDAY, UsageLine, send
from tests.factories.engagements import DeliverableFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deliverable():
    return DeliverableFactory()


@pytest.fixture
def engagement(deliverable) -> Engagement:
    return deliverable.engagement


@pytest.fixture
def owner(engagement: Engagement) -> Client:
    client = Client()
    client.force_login(engagement.lead)
    return client


def fields(deliverable, **changes: object) -> dict[str, object]:
    return {"deliverable": deliverable.pk, "licences": 120, "starts_on": "2026-03-02", "full_adoption_on": "2026-06-01"} | changes


def test_a_number_of_people_is_set(engagement: Engagement, deliverable, owner: Client) -> None:
    answer = owner.post(reverse("target_new", args=[engagement.slug]), fields(deliverable))
    assert (answer.status_code, answer.url) == (302, reverse("engagement_data", args=[engagement.slug]))
    target = TargetPopulation.objects.get()
    assert (target.deliverable, target.licences, target.actor) == (deliverable, 120, None)
    assert (target.starts_on, target.ends_on, target.full_adoption_on) == (date(2026, 3, 2), None, date(2026, 6, 1))
    waiting = Recompute.objects.get()
    assert (waiting.engagement, waiting.stale_from) == (engagement, date(2026, 3, 2))
    assert AuditEvent.objects.get().verb == "create"


@pytest.mark.parametrize(
    ("field", "value"),
    [("licences", ""), ("licences", 0), ("licences", -3), ("licences", 10**12), ("starts_on", ""), ("starts_on", "soon"),
     ("full_adoption_on", "2026-03-01")],
)  # fmt: skip
def test_bad_target_users_are_named(engagement: Engagement, deliverable, owner: Client, field: str, value: object) -> None:
    answer = owner.post(reverse("target_new", args=[engagement.slug]), fields(deliverable, **{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not TargetPopulation.objects.exists()


def test_an_end_before_the_begin_is_refused(engagement: Engagement, deliverable, owner: Client) -> None:
    changed = fields(deliverable, ends_on="2026-03-01", full_adoption_on="")
    answer = owner.post(reverse("target_new", args=[engagement.slug]), changed)
    assert answer.status_code == 422
    assert not TargetPopulation.objects.exists()


def test_target_users_of_another_engagements_deliverable_are_refused(engagement: Engagement, owner: Client) -> None:
    answer = owner.post(reverse("target_new", args=[engagement.slug]), fields(DeliverableFactory()))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["deliverable"])
    assert not TargetPopulation.objects.exists()


def test_a_changed_begin_is_computed_from_the_earlier_of_both(engagement: Engagement, deliverable, owner: Client) -> None:
    target = TargetPopulationFactory(deliverable=deliverable, starts_on=date(2026, 1, 5))
    path = reverse("target_edit", args=[engagement.slug, target.pk])
    assert owner.post(path, fields(deliverable, version=target.version)).status_code == 302
    target.refresh_from_db()
    assert (target.licences, target.starts_on) == (120, date(2026, 3, 2))
    assert Recompute.objects.get().stale_from == date(2026, 1, 5)


def test_target_users_are_archived_and_restored(engagement: Engagement, deliverable, owner: Client) -> None:
    target = TargetPopulationFactory(deliverable=deliverable)
    owner.post(reverse("target_archive", args=[engagement.slug, target.pk]))
    assert TargetPopulation.objects.get().is_archived
    assert Recompute.objects.get().want == 1
    owner.post(reverse("target_restore", args=[engagement.slug, target.pk]))
    assert not TargetPopulation.objects.get().is_archived
    assert Recompute.objects.get().want == 2


def paste(owner: Client, deliverable, names: str = "ann", /, **changes: object):
    path = reverse("target_names", args=[deliverable.engagement.slug])
    return owner.post(path, {"deliverable": deliverable.pk, "names": names, "starts_on": "2026-03-02"} | changes)


def test_named_people_meet_the_actors_of_the_usage_data(deliverable, owner: Client) -> None:
    source = UsageSourceFactory(deliverable=deliverable)
    send(source, UsageLine("ann", MONDAY))
    paste(owner, deliverable, "ann\r\n\r\n bob \r\nann\r\n")
    ann = Actor.objects.get(ordinal=0)
    targets = TargetPopulation.objects.order_by("actor__ordinal")
    assert [(target.actor.ordinal, target.starts_on) for target in targets] == [(0, MONDAY), (1, MONDAY)]
    assert targets[0].actor == ann
    assert set(Actor.objects.values_list("name", flat=True)) == {""}
    event = AuditEvent.objects.get(verb="name_targets")
    assert event.details == {"added": 2, "starts_on": "2026-03-02"}
    assert Recompute.objects.get().stale_from == MONDAY


def test_names_show_where_the_customer_agreed_to_names(engagement: Engagement, deliverable, owner: Client) -> None:
    UsageSourceFactory(deliverable=deliverable, keeps_names=True)
    paste(owner, deliverable, "王芳")
    assert "王芳" in owner.get(reverse("engagement_data", args=[engagement.slug])).content.decode()


def test_people_on_the_list_are_not_added_twice(deliverable, owner: Client) -> None:
    paste(owner, deliverable, "ann\nbob")
    paste(owner, deliverable, "bob\ncem")
    assert TargetPopulation.objects.count() == 3


def test_a_named_person_keeps_to_their_dates(engagement: Engagement, deliverable, owner: Client) -> None:
    paste(owner, deliverable, "ann")
    target = TargetPopulation.objects.get()
    changed = fields(deliverable, ends_on="2026-07-01", version=1)
    assert owner.post(reverse("target_edit", args=[engagement.slug, target.pk]), changed).status_code == 302
    target.refresh_from_db()
    assert (target.actor_id is not None, target.licences, target.ends_on) == (True, None, date(2026, 7, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"names": " \n"}, "names"), ({"names": "ann\n" + "x" * 201}, "names"), ({"starts_on": ""}, "starts_on"),
     ({"ends_on": "2026-03-01"}, "ends_on"), ({"full_adoption_on": "2026-03-01"}, "full_adoption_on")],
)  # fmt: skip
def test_a_bad_list_is_named_and_kept(deliverable, owner: Client, changes: dict, field: str) -> None:
    answer = paste(owner, deliverable, **changes)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert form["names"].value() == changes.get("names", "ann")
    assert not TargetPopulation.objects.exists()


# Files


def take(owner: Client, deliverable, content: str):
    path = reverse("target_file", args=[deliverable.engagement.slug])
    return owner.post(path, {"deliverable": deliverable.pk, "file": SimpleUploadedFile("targets.csv", content.encode())})


def present(deliverable) -> list[tuple]:
    rows = TargetPopulation.objects.current().filter(deliverable=deliverable).order_by("starts_on", "licences")
    return [(row.actor_id is not None, row.licences, row.starts_on.isoformat(), row.ends_on and row.ends_on.isoformat()) for row in rows]


def test_a_file_takes_the_place_of_the_list_and_keeps_what_stays(deliverable, owner: Client) -> None:
    stranger = TargetPopulationFactory(licences=7)
    first = "actor,licences,from,to,everybody_by\nann,,2026-03-02,,2026-06-01\n,40,2026-03-03,2026-04-01,\n"
    assert take(owner, deliverable, first).status_code == 302
    kept = TargetPopulation.objects.get(deliverable=deliverable, licences=None)
    assert present(deliverable) == [(True, None, "2026-03-02", None), (False, 40, "2026-03-03", "2026-04-01")]

    take(owner, deliverable, first.replace(",40,", ",50,"))
    assert present(deliverable) == [(True, None, "2026-03-02", None), (False, 50, "2026-03-03", "2026-04-01")]
    assert TargetPopulation.objects.get(deliverable=deliverable, licences=None) == kept
    assert present(stranger.deliverable) == [(False, 7, "2026-01-05", None)]
    assert Recompute.objects.get().stale_from == date(2026, 3, 2)


def test_faults_of_a_file_are_named_and_nothing_changes(deliverable, owner: Client) -> None:
    content = "actor,licences,from,to\nann,3,2026-03-02,\n,,2026-03-40,\nbob,,2026-03-02,2026-03-01\nbob,,,\n,0,2026-03-02,\n"
    answer = take(owner, deliverable, content)
    assert answer.status_code == 422
    assert [(fault.row, fault.column) for fault in answer.context["form"].faults] == [
        (2, "actor"), (3, "from"), (3, "actor"), (4, "to"), (5, "from"), (5, "actor"), (6, "licences"),
    ]  # fmt: skip
    assert not TargetPopulation.objects.exists()
