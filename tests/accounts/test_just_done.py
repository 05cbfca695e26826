"""What was done can be taken back for ten minutes, also pages later."""

import pytest
from django.urls import reverse

from engagements.models import TeamMember
from tests.factories.engagements import EngagementFactory, NoteFactory
from tests.factories.log import DecisionFactory
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("just_done")


@pytest.fixture
def engagement(client):
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    return engagement


def offered(client) -> list[tuple[str, str]]:
    return [(way.text, way.path) for way in client.get(PAGE).context["ways_back"]]


def test_an_act_stands_there_until_it_is_taken_back_or_ten_minutes_are_over(client, engagement, time_machine):
    time_machine.move_to("2026-03-02 12:00Z", tick=False)
    decision = DecisionFactory(engagement=engagement, text="Wait")
    note = NoteFactory(customer=engagement.customer, engagement=engagement)
    archive, restore = (reverse(f"log_entry_{act}", args=[engagement.slug, "decision", decision.pk]) for act in ("archive", "restore"))
    client.post(archive)
    client.get(reverse("my_week"))
    time_machine.move_to("2026-03-02 12:04Z", tick=False)
    client.post(reverse("note_archive", args=[note.pk]))
    of_note = (f"Archived: {note}", reverse("note_restore", args=[note.pk]))
    assert offered(client) == [of_note, ("Archived: Wait", restore)]
    assert f'action="{restore}"' in client.get(PAGE).content.decode()

    client.post(restore)
    decision.refresh_from_db()
    assert (decision.is_archived, offered(client)) == (False, [of_note])
    time_machine.move_to("2026-03-02 12:14:01Z", tick=False)
    assert offered(client) == []


def test_it_holds_ones_own_acts_alone(client, engagement):
    client.post(reverse("note_archive", args=[NoteFactory(customer=engagement.customer, engagement=engagement).pk]))
    assert len(offered(client)) == 1
    client.force_login(UserFactory())
    assert offered(client) == []
    client.force_login(ContactFactory())
    assert offered(client) == []


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [("engagement_status", {"status": "paused"}, "status")],
)
def test_the_status_goes_back(client, engagement, time_machine, name, typed, field):
    time_machine.move_to("2026-03-02 12:00Z", tick=False)
    was = getattr(engagement, field)
    client.post(reverse(name, args=[engagement.slug]), typed)
    engagement.refresh_from_db()
    assert getattr(engagement, field) == typed[field]
    ((_, path),) = offered(client)
    client.post(path)
    engagement.refresh_from_db()
    assert getattr(engagement, field) == was


def test_somebody_taken_off_the_team_comes_back_with_their_share(client, engagement):
    member = TeamMember.objects.create(engagement=engagement, user=UserFactory(), weekly_share="0.35")
    client.post(reverse("team_member_remove", args=[engagement.slug, member.pk]))
    assert not engagement.team_members.exists()
    ((_, path),) = offered(client)
    client.post(path)
    assert [(row.user, str(row.weekly_share)) for row in engagement.team_members.all()] == [(member.user, "0.35")]


def test_doors(client):
    assert client.get(PAGE).url.startswith(reverse("account_login"))
