"""Reminders: to whom, when, once, and how they stop."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest

from engagements.models import NoticeKind
from engagements.selectors.notices.mutes import Mutable
from engagements.selectors.reminder import updates_left
from engagements.selectors.weekly_update import Week
from engagements.services.notices import set_muted
from engagements.services.reminders import send_reminders
from fde_portal.core.models import OutgoingMail
from tests.factories.engagements import EngagementFactory, WeeklyUpdateFactory
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outbox")]
THURSDAY = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)  # of week 47
FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "fde_portal.core.outbox.OutboxBackend"


@pytest.fixture
def engagement():
    return EngagementFactory(name="Customs", customer__name="Harbourline", lead=UserFactory(name="Maya", email="maya@example.org"))


def muted():
    person = UserFactory()
    set_muted(Mutable(person, NoticeKind.REMINDER), muted=True)
    return person


def published(engagement, **fields):
    return WeeklyUpdateFactory(engagement=engagement, iso_week=47, state="published", published_at=THURSDAY, **fields)


def mails() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("pk").values_list("recipient", "subject"))


def text_of(mail: OutgoingMail) -> str:
    return message_from_bytes(bytes(mail.source), policy=default).get_content()


def test_who_has_updates_left_is_told_which(engagement):
    begun = EngagementFactory(name="Returns", customer__name="Orchard", lead=engagement.lead)
    WeeklyUpdateFactory(engagement=begun, iso_week=47)
    published(EngagementFactory(customer__name="Done", lead=engagement.lead))
    EngagementFactory(customer__name="Paused", lead=engagement.lead, status="paused")
    EngagementFactory(customer__name="Later", lead=engagement.lead, started_on="2026-11-23")
    EngagementFactory(customer__name="Backed up", backup=engagement.lead, lead=muted())

    assert send_reminders(now=THURSDAY) == 1
    assert mails() == [("maya@example.org", "Week 47: 2 weekly updates left")]
    text = text_of(OutgoingMail.objects.get())
    assert "- Harbourline, Customs\n- Orchard, Returns (begun)\n" in text
    assert "/weekly-log/?week=2026-W47" in text
    assert not any(name in text for name in ("Done", "Paused", "Later", "Backed up"))


def test_thursday_and_friday_each_once_however_often_the_sweep_runs(engagement):
    for now in (THURSDAY, THURSDAY, THURSDAY + timedelta(minutes=15), FRIDAY, FRIDAY + timedelta(hours=3)):
        send_reminders(now=now)
    assert [subject for __, subject in mails()] == ["Week 47: 1 weekly update left"] * 2


def test_two_schedulers_at_the_same_moment_remind_once(engagement, monkeypatch):
    # The second looked before the first had written.
    monkeypatch.setattr("engagements.services.reminders.OutgoingMail.objects.filter", lambda **_: OutgoingMail.objects.none())
    send_reminders(now=THURSDAY)
    send_reminders(now=THURSDAY)
    monkeypatch.undo()
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (datetime(2026, 11, 18, 16, tzinfo=UTC), 0),  # Wednesday
        (datetime(2026, 11, 19, 14, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 19, 19, 59, tzinfo=UTC), 1),
        (datetime(2026, 11, 19, 20, 0, tzinfo=UTC), 0),  # too late for today
        (datetime(2026, 11, 20, 11, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 21, 15, tzinfo=UTC), 0),
    ],
)
def test_only_at_the_hours_of_reminding(engagement, now, count):
    assert send_reminders(now=now) == count


def test_the_hour_and_the_language_are_the_persons_own(engagement):
    siyuan = UserFactory(email="siyuan@example.org", time_zone="Asia/Shanghai", language="zh-hans")
    EngagementFactory(lead=siyuan)
    send_reminders(now=datetime(2026, 11, 19, 7, 0, tzinfo=UTC))
    ((recipient, subject),) = mails()
    assert recipient == "siyuan@example.org"
    assert "weekly update" not in subject


def test_done_or_muted_or_away_is_left_in_peace(engagement):
    published(engagement)
    EngagementFactory(lead=muted())
    EngagementFactory(lead=UserFactory(is_active=False))
    assert send_reminders(now=THURSDAY) == 0
    assert mails() == []


def test_a_skipped_week_is_not_owed_and_a_covered_one_is_owed_by_the_cover(engagement):
    cover = UserFactory(email="elin@example.org")
    engagement.covers.create(person=engagement.lead, cover=cover, first_on="2026-11-16", last_on="2026-11-16")
    EngagementFactory(lead=engagement.lead).skipped_weeks.create(iso_year=2026, iso_week=47)
    send_reminders(now=THURSDAY)
    assert mails() == [("elin@example.org", "Week 47: 1 weekly update left")]


def test_an_archived_draft_is_nothing_begun(engagement):
    WeeklyUpdateFactory(engagement=engagement, iso_week=47, archived_at=THURSDAY)
    send_reminders(now=THURSDAY)
    assert "(begun)" not in text_of(OutgoingMail.objects.get())


def test_what_is_left_costs_the_same_for_one_and_for_many(engagement, django_assert_num_queries):
    for more in (0, 1, 3):
        for __ in range(more):
            EngagementFactory(lead=engagement.lead)
        with django_assert_num_queries(3):
            updates_left([engagement.lead, UserFactory.build(pk=0)], Week(2026, 47))


# Muting


def test_the_link_in_each_mutes_reminders_and_leaves_other_people_theirs(client, engagement):
    other = EngagementFactory()
    send_reminders(now=THURSDAY)
    mail = message_from_bytes(bytes(OutgoingMail.objects.get(recipient="maya@example.org").source), policy=default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client.post(urlsplit(mail["List-Unsubscribe"].strip(" <>")).path)
    send_reminders(now=FRIDAY)
    assert [recipient for recipient, __ in mails()] == ["maya@example.org", other.lead.email, other.lead.email]
