"""The mail of a Monday: what it says to whom, once a local week, late rather than never."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError

from engagements.models import Digest, Engagement, NoticeKind
from engagements.selectors.digest import contents_for, due_now
from engagements.selectors.notices.mutes import Mutable
from engagements.services.digests import send_digests, write
from engagements.services.notices import set_muted
from fde_portal.accounts.models import User
from fde_portal.core.models import OutgoingMail
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.notices import NoticeFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outbox")]
MONDAY = date(2026, 11, 23)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
WORSE = ["2026-11-18", "band.worse", {"before": "on_track", "after": "at_risk"}]
ROUTINE = ["2026-11-20", "update", {"week": 47, "headline": "All well"}]
EARLIER = ["2026-11-15", "milestone.reached", {"title": "Pilot"}]


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "fde_portal.core.outbox.OutboxBackend"


@pytest.fixture
def engagement():
    """Two people who have something to read; and a stranger's quiet work."""
    engagement = EngagementFactory(
        name="Customs", customer__name="Harbourline", lead=UserFactory(email="maya@example.org"),
        manager=ManagerFactory(email="ruth@example.org"),
    )  # fmt: skip
    PortfolioRowFactory(
        engagement=engagement, band="at_risk", rank=0, reason=["attention.silent", {"count": 20}],
        changes=[WORSE, ROUTINE, EARLIER], worse_on="2026-11-18",
    )  # fmt: skip
    quiet = EngagementFactory(customer__name="Quiet", lead=engagement.lead, status="paused")
    PortfolioRowFactory(engagement=quiet)
    people_came(before=SEVEN - timedelta(days=60))
    return engagement


def people_came(*, before: datetime) -> None:
    User.objects.update(created_at=before)


def mails() -> list[tuple[str, str]]:
    return sorted(OutgoingMail.objects.values_list("recipient", "subject"))


def text_to(address: str) -> str:
    mail = OutgoingMail.objects.get(recipient=address)
    return message_from_bytes(bytes(mail.source), policy=default).get_content()


def test_a_manager_reads_what_moved_and_what_needs_them_and_an_fde_their_week(engagement):
    MilestoneFactory(engagement=engagement, title="Go-live", baseline_on=MONDAY + timedelta(days=3))
    assert send_digests(now=SEVEN) == 2
    assert mails() == [("maya@example.org", "Your week 48"), ("ruth@example.org", "Your week 48")]
    ruth, maya = text_to("ruth@example.org"), text_to("maya@example.org")
    assert "Engagements that need a manager\n- Harbourline · Customs: The customer has been silent for 20 days.\n" in ruth
    assert "Since Monday a week ago: 1 got worse.\n- Harbourline · Customs: Health fell from on track to at risk.\n" in ruth
    assert "Go-live" not in ruth
    assert "What needs you this week\n" in maya
    assert "Harbourline: Go-live" in maya
    assert "got worse" not in maya
    assert "Quiet" not in ruth + maya


def test_what_every_week_brings_and_what_is_older_is_not_told(engagement):
    row = engagement.portfolio_row
    row.changes, row.rank, row.reason = [ROUTINE, EARLIER], 2, None
    row.save()
    send_digests(now=SEVEN)
    assert [recipient for recipient, __ in mails()] == ["maya@example.org"]


def test_nothing_to_say_is_not_said_and_decided_for_the_week(engagement):
    engagement.status = "paused"
    engagement.save()
    assert send_digests(now=SEVEN) == 0
    engagement.status = "active"
    engagement.save()
    assert send_digests(now=SEVEN + timedelta(hours=2)) == 0
    assert mails() == []
    assert set(Digest.objects.values_list("is_sent", flat=True)) == {False}


def test_once_however_often_the_sweep_runs(engagement):
    assert [send_digests(now=SEVEN + timedelta(minutes=15 * number)) for number in range(4)] == [2, 0, 0, 0]
    assert send_digests(now=SEVEN + timedelta(days=7)) == 2


def test_two_schedulers_at_the_same_moment_write_once(engagement, monkeypatch):
    owed = due_now(SEVEN)
    send_digests(now=SEVEN)
    monkeypatch.setattr("engagements.services.digests.due_now", lambda now: owed)
    assert send_digests(now=SEVEN) == 0
    assert len(mails()) == 2


def test_a_worker_killed_at_the_mail_leaves_the_week_undecided(engagement, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("engagements.services.digests.write", killed)
        send_digests(now=SEVEN)
    assert not Digest.objects.exists()
    assert send_digests(now=SEVEN) == 2


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (SEVEN - timedelta(minutes=1), 0),
        (SEVEN + timedelta(hours=3), 2),  # the scheduler was away
        (SEVEN + timedelta(days=4), 2),
        (SEVEN + timedelta(days=6, hours=16, minutes=59), 2),  # Sunday, one minute before midnight
    ],
)
def test_from_monday_seven_late_rather_than_never(engagement, now, count):
    Digest.objects.bulk_create(Digest(person=person, iso_year=2026, iso_week=47, decided_at=SEVEN - timedelta(days=7), is_sent=True)
                               for person in User.objects.all())
    assert send_digests(now=now) == count


def test_the_hour_the_day_and_the_language_are_the_persons_own(engagement):
    User.objects.filter(pk=engagement.lead.pk).update(time_zone="Asia/Shanghai", language="zh-hans")
    User.objects.filter(pk=engagement.manager.pk).update(time_zone="America/Los_Angeles")
    sunday_in_utc = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    Digest.objects.create(person=engagement.manager, iso_year=2026, iso_week=47, decided_at=SEVEN - timedelta(days=7), is_sent=True)
    send_digests(now=sunday_in_utc)
    ((recipient, subject),) = mails()
    assert (recipient, "Your week" in subject) == ("maya@example.org", False)
    assert "48" in subject
    assert "What needs you" not in text_to("maya@example.org")


def test_who_came_during_the_week_waits_for_the_next_one(engagement):
    people_came(before=SEVEN + timedelta(hours=1))
    assert send_digests(now=SEVEN + timedelta(hours=2)) == 0
    assert not Digest.objects.exists()


def test_contacts_and_who_left_get_none(engagement):
    User.objects.filter(pk=engagement.lead.pk).update(is_active=False)
    User.objects.filter(pk=ContactFactory().pk).update(created_at=SEVEN - timedelta(days=30))
    send_digests(now=SEVEN)
    assert [recipient for recipient, __ in mails()] == ["ruth@example.org"]


def test_muted_is_decided_and_its_link_mutes(client, engagement):
    set_muted(Mutable(engagement.lead, NoticeKind.DIGEST), muted=True)
    send_digests(now=SEVEN)
    set_muted(Mutable(engagement.lead, NoticeKind.DIGEST), muted=False)
    assert send_digests(now=SEVEN + timedelta(hours=1)) == 0
    mail = message_from_bytes(bytes(OutgoingMail.objects.get(recipient="ruth@example.org").source), policy=default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client.post(urlsplit(mail["List-Unsubscribe"].strip(" <>")).path)
    send_digests(now=SEVEN + timedelta(days=7))
    assert [recipient for recipient, __ in mails()] == ["maya@example.org", "ruth@example.org"]


def test_answers_that_waited_are_told_and_what_was_read_is_not(engagement):
    facts = {"kind": "accept", "name": "Pieter", "item": "Copilot", "answer": 1}
    NoticeFactory(engagement=engagement, kind="answer", facts=facts, happened_at=SEVEN - timedelta(days=2))
    NoticeFactory(engagement=engagement, kind="answer", facts=facts | {"name": "Read"}, happened_at=SEVEN - timedelta(days=2), read_at=SEVEN)
    NoticeFactory(engagement=engagement, kind="answer", facts=facts | {"name": "Old"}, happened_at=SEVEN - timedelta(days=9))
    send_digests(now=SEVEN)
    text = text_to("maya@example.org")
    assert "What customers answered\n- Harbourline: Pieter accepted “Copilot”\n" in text
    assert "Read accepted" not in text
    assert "Old accepted" not in text


def test_what_colleagues_answered_is_not_told_as_of_customers(engagement):
    facts = {"question": 1, "text": "Who reviews?", "by": "Priya"}
    reply = {"kind": "reply", "facts": facts, "because": "asked", "happened_at": SEVEN - timedelta(days=2)}
    NoticeFactory(engagement=engagement, person=engagement.manager, **reply)
    send_digests(now=SEVEN)
    text = text_to("ruth@example.org")
    assert "What colleagues answered you\n- Harbourline: Priya answered you\n  Who reviews?\n" in text
    assert "What customers answered" not in text


def test_a_reply_alone_is_something_to_say(engagement):
    asker = UserFactory(email="asker@example.org", role="manager")
    people_came(before=SEVEN - timedelta(days=60))
    Engagement.objects.update(status="paused")
    NoticeFactory(engagement=engagement, person=asker, kind="reply", because="asked", happened_at=SEVEN,
                  facts={"question": 1, "text": "Who reviews?", "by": "Priya"})  # fmt: skip
    send_digests(now=SEVEN)
    assert "What colleagues answered you" in text_to("asker@example.org")


def test_one_that_cannot_be_written_keeps_no_other_back(engagement, monkeypatch, caplog):
    def broken(person, week, contents):
        if person == engagement.lead:
            raise IntegrityError  # of the mail: no other worker decided this week
        write(person, week, contents)

    with monkeypatch.context() as patched:
        patched.setattr("engagements.services.digests.write", broken)
        assert send_digests(now=SEVEN) == 1
    assert [recipient for recipient, __ in mails()] == ["ruth@example.org"]
    assert [row for row in caplog.records if row.exc_info]
    assert send_digests(now=SEVEN) == 1


def test_long_lists_say_how_much_more_there_is(engagement):
    for number in range(12):
        MilestoneFactory(engagement=engagement, title=f"Step {number:02}", baseline_on=MONDAY + timedelta(days=2))
    send_digests(now=SEVEN)
    assert text_to("maya@example.org").count("Harbourline: Step") == 10
    assert "and 3 more" in text_to("maya@example.org")


def test_contents_cost_the_same_for_one_and_for_many(engagement, django_assert_max_num_queries):
    costs = []
    for more in (0, 1, 3):
        for each in EngagementFactory.create_batch(more, lead=engagement.manager):
            PortfolioRowFactory(engagement=each, rank=0, reason=["attention.silent", {"count": 20}], changes=[WORSE])
            MilestoneFactory(engagement=each, baseline_on=MONDAY)
        with django_assert_max_num_queries(40) as counted:
            contents_for(engagement.manager, MONDAY)
        costs.append(len(counted))
    # Without work of one's own there is less to ask.
    assert costs[1] == costs[2]
