"""A week that saves itself: what is stored, what is refused, and that nothing saved is lost."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from engagements.models import DraftRevision, Edition, SharedLine, WeeklyUpdate
from fde_portal.accounts.models import AuditEvent
from tests.engagements.views.test_weekly_log import posted, published
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


@pytest.fixture
def friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def engagement():
    return EngagementFactory(customer__name="Harbourline", lead=UserFactory(name="Maya Okafor"), backup=UserFactory(name="Elin Berg"))


def autosave(client, engagement, name="weekly_log_draft", **data):
    args = [engagement.slug, "2026-W47"]
    return client.post(reverse(name, args=args), posted(**data), headers={"Accept": "application/json"})


def texts() -> list[str]:
    return list(SharedLine.objects.order_by("position").values_list("text", flat=True))


def rows(*lines):
    return [{"text": line} for line in lines]


def test_a_sitting_saves_again_and_again_and_leaves_one_event(client, engagement):
    client.force_login(engagement.lead)
    first = autosave(client, engagement, form_key="a", turn=1, progress=rows("Fourteen"))
    # The answer was lost: the form still names the version it was opened with.
    second = autosave(client, engagement, form_key="a", turn=2, progress=rows("Fourteen clerks"), act="publish")
    assert [first.json()["seen"], second.json()["seen"]] == ["1.2", "1.3"]
    assert (texts(), DraftRevision.objects.count(), Edition.objects.count()) == (["Fourteen clerks"], 0, 0)
    assert WeeklyUpdate.objects.get().is_draft
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["open", "edit"]


def test_the_same_save_twice_changes_nothing_and_a_late_one_is_refused(client, engagement):
    client.force_login(engagement.lead)
    for _twice in (1, 2):
        answer = autosave(client, engagement, form_key="a", turn=2, progress=rows("New"))
    assert (answer.status_code, answer.json()["seen"]) == (200, "1.2")
    assert autosave(client, engagement, form_key="a", turn=1, progress=rows("Old")).status_code == 409
    assert texts() == ["New"]


def test_somebody_else_is_named_and_overwritten_only_knowingly(client, engagement):
    client.force_login(engagement.backup)
    autosave(client, engagement, form_key="e", turn=1, progress=rows("Elin's words"))
    client.force_login(engagement.lead)
    answer = autosave(client, engagement, form_key="m", turn=1, progress=rows("Maya's words"))
    assert (answer.status_code, answer.json()) == (409, {"detail": "Changed by Elin Berg at 15:00"})
    assert texts() == ["Elin's words"]

    assert autosave(client, engagement, form_key="m", turn=2, seen="1.2", progress=rows("Maya's words")).status_code == 200
    (kept,) = DraftRevision.objects.all()
    assert kept.author == engagement.backup
    assert "Elin's words" in [row["text"] for row in kept.texts]


def test_whoever_writes_in_two_places_is_told_so(client, engagement):
    client.force_login(engagement.lead)
    autosave(client, engagement, form_key="phone", turn=1, progress=rows("On the phone"))
    answer = autosave(client, engagement, form_key="desk", turn=1, progress=rows("At the desk"))
    assert (answer.status_code, answer.json()) == (409, {"detail": "You changed it elsewhere at 15:00"})


def test_what_is_too_long_is_named_and_not_cut(client, engagement):
    client.force_login(engagement.lead)
    page = client.get(reverse("weekly_log_entry", args=[engagement.slug, "2026-W47"])).content.decode()
    assert 'maxlength="140"' not in page
    answer = autosave(client, engagement, form_key="m", turn=1, headline="W" * 153)
    assert answer.status_code == 422
    assert "Headline" in answer.json()["detail"]
    assert "140" in answer.json()["detail"]


def test_a_text_put_back_from_a_device_goes_on_from_the_save_it_knew(client, engagement):
    client.force_login(engagement.lead)
    autosave(client, engagement, form_key="closed", turn=3, progress=rows("Fourteen"))
    answer = autosave(client, engagement, form_key="new", turn=1, after="closed.3", progress=rows("Fourteen clerks"))
    assert (answer.status_code, texts()) == (200, ["Fourteen clerks"])
    # Another tab that was put back from the same device knows nothing of that.
    assert autosave(client, engagement, form_key="other", turn=1, after="closed.3", progress=rows("Fifteen")).status_code == 409
    assert texts() == ["Fourteen clerks"]


def test_a_wrong_field_is_named_and_nothing_is_stored(client, engagement):
    client.force_login(engagement.lead)
    answer = autosave(client, engagement, form_key="a", turn=1, progress=[{"text": "x" * 501}])
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Not saved yet. Line: ")
    assert not WeeklyUpdate.objects.exists()


def test_signed_out_is_said_without_the_sign_in_page(client, engagement):
    assert autosave(client, engagement).status_code == 401
    client.force_login(EngagementFactory().lead)
    assert autosave(client, engagement).status_code == 404
    assert not WeeklyUpdate.objects.exists()


def test_a_week_published_meanwhile_is_left_alone(client, engagement):
    published(engagement, 47)
    client.force_login(engagement.lead)
    assert autosave(client, engagement, form_key="a", turn=1).status_code == 409
    assert WeeklyUpdate.objects.get().state == "published"


def test_a_new_ask_is_stored_once(client, engagement):
    client.force_login(engagement.lead)
    ids = autosave(client, engagement, form_key="a", turn=1, asks=rows("Name a reviewer")).json()["values"]
    again = [{"text": "Name two reviewers", "id": ids["asks-0-id"]}]
    assert autosave(client, engagement, form_key="a", turn=2, asks=again).json()["values"] == {}
    assert list(WeeklyUpdate.objects.get().asks.values_list("pk", "text")) == [(ids["asks-0-id"], "Name two reviewers")]


def test_what_i_give_up_is_kept_and_put_back_after_what_stands_there(client, engagement):
    client.force_login(engagement.backup)
    autosave(client, engagement, form_key="e", turn=1, progress=rows("Elin's words"))
    client.force_login(engagement.lead)
    autosave(client, engagement, "weekly_log_yield", progress=rows("Maya's words"))
    assert texts() == ["Elin's words"]
    (kept,) = DraftRevision.objects.all()
    client.post(reverse("weekly_log_put_back", args=[engagement.slug, "2026-W47", kept.pk]))
    assert texts() == ["Elin's words", "Maya's words"]
