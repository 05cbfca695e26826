"""Notices: who is told of what, why, once, and how it stops."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.db import IntegrityError, transaction

from engagements.forms.engagements import RolesForm
from engagements.models import (
    Engagement,
    HealthSnapshot,
    MetricSnapshot,
    Notice,
    NoticeKind,
    NoticeMute,
    TeamMember,
    WeekCover,
)
from engagements.selectors import notices as selectors
from engagements.selectors.notices import sources
from engagements.selectors.notices.mutes import Mutable
from engagements.services import notices
from engagements.services.engagements import assign_member, assign_roles, remove_member
from engagements.services.handovers import hand_over
from engagements.services.helps import assign_help, finish_help, take_help_back
from engagements.services.notices import count_unread, forget_notices, mark_read, set_muted, write_owed_notices
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent
from fde_portal.core.faults import Faults
from fde_portal.core.models import Fault, OutgoingMail
from tests.factories.concerns import IncidentFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.notices import NoticeFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.responses import ResponseFactory
from tests.factories.reviews import ReviewQuestionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outbox")]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "fde_portal.core.outbox.OutboxBackend"


@pytest.fixture
def engagement():
    return EngagementFactory(
        name="Customs",
        customer__name="Harbourline",
        lead=UserFactory(name="Maya", email="maya@example.org"),
        backup=UserFactory(name="Priya", email="priya@example.org"),
        manager=ManagerFactory(name="Ruth", email="ruth@example.org"),
    )


@pytest.fixture(autouse=True)
def stranger():
    """Nobody tells them anything: another engagement, another manager, all quiet."""
    return EngagementFactory(customer__name="Stranger", manager=ManagerFactory(), lead=UserFactory(email="stranger@example.org"))


def no_fault(step: str, fault: Exception) -> None:
    raise fault


def told() -> set[tuple[str, str, str]]:
    return set(Notice.objects.values_list("person__name", "kind", "because"))


def mails() -> list[tuple[str, str]]:
    return sorted(OutgoingMail.objects.values_list("recipient", "subject"))


def text_to(address: str) -> str:
    mail = OutgoingMail.objects.get(recipient=address)
    return message_from_bytes(bytes(mail.source), policy=default).get_content()


def judged(engagement, *bands, row=None):
    """Closing days with these bands, the last today."""
    for back, band in enumerate(reversed(bands)):
        HealthSnapshot.objects.create(
            engagement=engagement, day=TODAY - timedelta(days=back), watermark=1, computed_at=NOW, score=40, band=band,
            coverage=1, components=[], reasons=[],
        )  # fmt: skip
    PortfolioRowFactory(engagement=engagement, band=row or bands[-1], reason=["attention.silent", {"count": 20}])


def disputed(engagement, **fields):
    fields = {"kind": "dispute", "text": "Too high", "item_text": "Cases a week", "confirmed_at": NOW - timedelta(minutes=1)} | fields
    return ResponseFactory(edition__engagement=engagement, **fields)


# What is told, to whom and why


def test_an_engagement_that_becomes_at_risk_is_told_with_its_reason(engagement, stranger):
    judged(engagement, "watch", "watch", "at_risk")
    judged(stranger, "watch", "watch", "watch")

    assert write_owed_notices(now=NOW) == 2
    assert told() == {("Maya", "at_risk", "lead"), ("Ruth", "at_risk", "manager")}
    assert mails() == [(f"{name}@example.org", "Harbourline: became at risk") for name in ("maya", "ruth")]
    assert "The customer has been silent for 20 days." in text_to("ruth@example.org")
    assert "Because you manage Harbourline, Customs." in text_to("ruth@example.org")
    assert "Because you lead Harbourline, Customs." in text_to("maya@example.org")
    assert f"/engagements/{engagement.slug}/health/" in text_to("maya@example.org")


@pytest.mark.parametrize("bands", [("at_risk", "at_risk", "at_risk"), ("watch", "at_risk", "watch"), ("at_risk", "watch", "watch")])
def test_what_stays_at_risk_or_left_it_is_no_news(engagement, bands):
    judged(engagement, *bands)
    assert write_owed_notices(now=NOW) == 0


def test_at_risk_again_is_told_again(engagement):
    judged(engagement, "watch", "at_risk", "watch", "at_risk")
    write_owed_notices(now=NOW)
    HealthSnapshot.objects.filter(day=TODAY).update(day=TODAY + timedelta(days=2))
    write_owed_notices(now=NOW + timedelta(days=2))
    assert Notice.objects.filter(person=engagement.lead).count() == 2


@pytest.mark.parametrize("kind", ["dispute", "dispute_value", "reject", "decline", "question"])
def test_an_objection_of_the_customer_is_mailed_at_once(engagement, kind):
    answer = disputed(engagement, kind=kind)
    write_owed_notices(now=NOW)
    assert told() == {("Maya", "objection", "lead"), ("Ruth", "objection", "manager")}
    assert len(mails()) == 2
    assert f"/answers/#answer-{answer.pk}" in text_to("maya@example.org")


@pytest.mark.parametrize("kind", ["answer", "accept", "sign", "confirm", "confirm_value", "pulse"])
def test_the_other_answers_wait_for_monday(engagement, kind):
    disputed(engagement, kind=kind, score=4 if kind == "pulse" else None)
    write_owed_notices(now=NOW)
    assert told() == {("Maya", "answer", "lead")}
    assert mails() == []


def test_answers_that_do_not_count_are_not_told(engagement):
    disputed(engagement, confirmed_at=None)
    disputed(engagement, taken_back_at=NOW)
    disputed(engagement, confirmed_at=NOW - timedelta(days=8))
    disputed(engagement, kind="acknowledge")
    assert write_owed_notices(now=NOW) == 0


def test_an_incident_is_told_to_all_in_charge_but_whoever_recorded_it(engagement):
    incident = IncidentFactory(deliverable__engagement=engagement, title="Wrong tariffs", severity="critical")
    over = IncidentFactory(deliverable__engagement=engagement, restored_at=NOW)
    for row in (incident, over):
        audit.record("create", row, by=engagement.lead)
    write_owed_notices(now=after_the_acts())
    assert told() == {("Priya", "incident", "backup"), ("Ruth", "incident", "manager")}
    assert [subject for __, subject in mails()] == ["Harbourline: incident “Wrong tariffs”"] * 2


def after_the_acts() -> datetime:
    return AuditEvent.objects.latest("at").at + timedelta(seconds=1)


def test_who_is_named_is_told_by_whom_and_not_of_their_own_act(engagement):
    seat = UserFactory(name="Siyuan")
    assign_member(engagement=engagement, user=seat, weekly_share="0.5", by=engagement.manager)
    audit.record("edit", engagement, by=engagement.lead, fields=["backup", "lead"])
    audit.record("edit", engagement, by=engagement.lead, fields=["name"])
    write_owed_notices(now=after_the_acts())
    assert told() == {("Siyuan", "named", "team"), ("Priya", "named", "backup")}
    assert "Ruth named you." in text_to(seat.email)


def test_a_lead_that_went_on_at_once_tells_the_last_one_once(engagement):
    first, last = UserFactory(name="Siyuan"), UserFactory(name="Ben")
    for successor in (first, last):
        people = {"lead": successor.pk, "backup": engagement.backup_id, "manager": engagement.manager_id, "confirm": "on"}
        form = RolesForm(people, instance=Engagement.objects.get(pk=engagement.pk), user=engagement.manager)
        assert form.is_valid(), form.errors
        assign_roles(form, by=engagement.manager)
    write_owed_notices(now=after_the_acts())
    assert list(Notice.objects.values_list("person__name", "because")) == [("Ben", "lead")]


def test_what_is_handed_over_is_told_by_the_seat_and_a_cover_is_none(engagement):
    seat, backup, cover = (UserFactory(name=name) for name in ("Siyuan", "Ben", "Cas"))
    leaver, weeks = UserFactory(), {"engagement": engagement, "person": engagement.lead, "first_on": TODAY, "last_on": TODAY}
    member = assign_member(engagement=engagement, user=leaver, weekly_share="0.5", by=engagement.manager)
    covering = WeekCover.objects.create(cover=engagement.backup, **weeks)
    hand_over(leaver, {f"seat:{member.pk}": seat}, by=engagement.manager)
    hand_over(engagement.backup, {f"cover:{covering.pk}": cover}, by=engagement.manager)
    write_owed_notices(now=after_the_acts())
    assert told() == {("Siyuan", "named", "team")}

    hand_over(engagement.backup, {f"backup:{engagement.pk}": backup}, by=engagement.manager)
    again = WeekCover.objects.create(cover=cover, **weeks)
    hand_over(cover, {f"cover:{again.pk}": backup}, by=engagement.manager)
    write_owed_notices(now=after_the_acts())
    assert told() == {("Siyuan", "named", "team"), ("Ben", "named", "backup")}
    assert Notice.objects.count() == 2


def test_a_seat_that_was_taken_away_again_is_not_told(engagement):
    member = assign_member(engagement=engagement, user=UserFactory(), weekly_share="0.5", by=engagement.manager)
    remove_member(member, by=engagement.manager)
    assert write_owed_notices(now=after_the_acts()) == 0
    assert mails() == []


def test_the_form_of_the_roles_names_whoever_is_new_in_one(engagement):
    named = UserFactory(name="Siyuan")
    people = {"lead": engagement.lead_id, "backup": named.pk, "manager": engagement.manager_id, "confirm": "on"}
    form = RolesForm(people, instance=engagement, user=engagement.manager)
    assert form.is_valid(), form.errors
    assign_roles(form, by=engagement.manager)
    write_owed_notices(now=after_the_acts())
    assert told() == {("Siyuan", "named", "backup")}


def test_help_is_told_with_what_and_until_when_and_its_seat_is_not_told_apart(engagement):
    helper = UserFactory(name="Siyuan", email="siyuan@example.org")
    help_on(engagement, helper)
    write_owed_notices(now=after_the_acts())
    assert told() == {("Siyuan", "help", "helper")}
    text = text_to("siyuan@example.org")
    assert "Harbourline: your help is wanted until 4 Dec" in text
    assert "Ruth: Sort the scans" in text
    assert "Because you help with Harbourline, Customs." in text


def help_on(engagement, helper):
    return assign_help(engagement, person=helper, text="Sort the scans", until=date(2026, 12, 4), by=engagement.manager)


def test_help_that_is_done_or_taken_back_is_no_news(engagement):
    done, back = (help_on(engagement, UserFactory()) for __ in range(2))
    finish_help(done, by=engagement.lead, now=NOW)
    take_help_back(back, by=engagement.manager, now=NOW)
    write_owed_notices(now=after_the_acts())
    assert not Notice.objects.filter(kind="help").exists()


def test_a_managers_question_is_told_to_the_lead_until_it_is_answered(engagement):
    asked = {"engagement": engagement, "asked_by": engagement.manager, "asked_at": NOW - timedelta(minutes=1)}
    question = ReviewQuestionFactory(text="Who reviews?", **asked)
    ReviewQuestionFactory(answer="Anneke", answered_at=NOW, answered_by=engagement.lead, **asked)
    write_owed_notices(now=NOW)
    assert {row for row in told() if row[1] == "question"} == {("Maya", "question", "lead")}
    text = text_to("maya@example.org")
    assert "Harbourline: Ruth asks you something\nWho reviews?\n" in text
    assert f"/engagements/{engagement.slug}/review/questions/{question.pk}/" in text


def usage_of(engagement, *stopped):
    for back, has_stopped in enumerate(reversed(stopped)):
        MetricSnapshot.objects.create(
            engagement=engagement, day=TODAY - timedelta(days=back), definition_version=1, watermark=1, computed_at=NOW,
            values={"feed_stopped": has_stopped, "last_usage_day": "2026-11-19"},
        )  # fmt: skip
    PortfolioRowFactory(engagement=engagement, feed_stopped=stopped[-1])


def test_a_feed_that_stops_is_told_once_to_lead_and_backup(engagement, stranger):
    usage_of(engagement, False, True, True)
    usage_of(stranger, True, True, True)
    write_owed_notices(now=NOW)
    assert told() == {("Maya", "feed_stopped", "lead"), ("Priya", "feed_stopped", "backup")}
    assert "The last data is of 19 Nov." in text_to("priya@example.org")


def test_whoever_cannot_sign_in_or_whose_work_is_archived_is_not_told(engagement, stranger):
    for each in (engagement, stranger):
        disputed(each)
    stranger.archived_at = NOW
    stranger.save()
    engagement.manager.is_active = False
    engagement.manager.save()
    write_owed_notices(now=NOW)
    assert told() == {("Maya", "objection", "lead")}


def test_whoever_no_longer_sees_an_engagement_is_told_nothing_of_it(engagement, stranger):
    gone, sees = UserFactory(name="Siyuan"), UserFactory(name="Ben")
    for asker in (gone, sees):
        answered = {"asked_by": asker, "asked_at": NOW, "answer": "Anneke", "answered_at": NOW, "answered_by": engagement.lead}
        ReviewQuestionFactory(engagement=engagement, **answered)
    TeamMember.objects.create(engagement=engagement, user=sees)
    TeamMember.objects.create(engagement=stranger, user=gone)
    write_owed_notices(now=NOW)
    assert told() == {("Ben", "reply", "asked")}


def test_in_the_persons_language(engagement):
    engagement.lead.language = "zh-hans"
    engagement.lead.save()
    disputed(engagement, name="Pieter")
    write_owed_notices(now=NOW)
    assert "disputes" not in dict(mails())["maya@example.org"]
    assert "Because" not in text_to("maya@example.org")


# Once each


def test_looking_again_writes_nothing_again(engagement):
    disputed(engagement)
    assert [write_owed_notices(now=NOW + timedelta(minutes=number)) for number in range(3)] == [2, 0, 0]
    assert len(mails()) == 2


def test_two_schedulers_at_the_same_moment_tell_once(engagement, monkeypatch):
    disputed(engagement)
    owed = list(selectors.owed_notices(NOW, no_fault))
    again = list(selectors.owed_notices(NOW, no_fault))
    monkeypatch.setattr(notices, "owed_notices", lambda now, on_fault: owed)
    assert write_owed_notices(now=NOW) == 2
    monkeypatch.setattr(notices, "owed_notices", lambda now, on_fault: again)
    assert write_owed_notices(now=NOW) == 0
    assert (Notice.objects.count(), len(mails())) == (2, 2)
    engagement.lead.refresh_from_db()
    assert engagement.lead.unread_notices == 1


def test_a_worker_killed_at_the_mail_leaves_nothing_and_the_next_one_tells(engagement, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*args):
        raise Killed

    disputed(engagement)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(notices, "send_notices", killed)
        write_owed_notices(now=NOW)
    assert not Notice.objects.exists()
    assert write_owed_notices(now=NOW) == 2


def test_one_that_cannot_be_written_keeps_no_other_back_not_even_of_its_person(engagement, monkeypatch, caplog):
    disputed(engagement, confirmed_at=NOW - timedelta(minutes=2))
    other = EngagementFactory(customer__name="Other", lead=engagement.lead)
    disputed(other)
    composed = notices.item_of

    def broken(notice):
        if notice.engagement_id == engagement.pk:
            raise KeyError("item")
        return composed(notice)

    with monkeypatch.context() as patched:
        patched.setattr(notices, "item_of", broken)
        assert write_owed_notices(now=NOW) == 1
    assert set(Notice.objects.values_list("engagement", flat=True)) == {other.pk}
    assert len([row for row in caplog.records if row.exc_info]) == 2
    assert list(Fault.objects.values_list("part", "step", "error")) == [("notices", "objection", "KeyError: 'item'")]
    assert write_owed_notices(now=NOW) == 2
    assert not Fault.objects.exists()


def test_what_goes_into_no_mail_is_written_whatever_becomes_of_its_sentence(engagement, monkeypatch):
    def broken(notice):
        raise KeyError("item")

    set_muted(Mutable(engagement.manager, NoticeKind.OBJECTION), muted=True)
    disputed(engagement)
    disputed(engagement, kind="accept")
    with monkeypatch.context() as patched:
        patched.setattr(notices, "item_of", broken)
        assert write_owed_notices(now=NOW) == 2
    assert told() == {("Maya", "answer", "lead"), ("Ruth", "objection", "manager")}
    assert mails() == []
    # The one that no mail could word is tried again, and told once.
    assert [write_owed_notices(now=NOW + timedelta(minutes=5 * number)) for number in (1, 2)] == [1, 0]
    assert mails() == [("maya@example.org", "Harbourline: Pieter Bakker disputes the figure of “Cases a week”")]
    engagement.lead.refresh_from_db()
    assert engagement.lead.unread_notices == 2


def test_a_source_that_fails_ends_no_sweep_and_is_shown_until_it_succeeds(engagement, monkeypatch, client):
    def people_named(since, now):
        yield from ()
        raise ValueError("a seat without a person")

    disputed(engagement)
    with monkeypatch.context() as patched:
        patched.setattr(sources, "SOURCES", (people_named, *(each for each in sources.SOURCES if each.__name__ != "people_named")))
        assert write_owed_notices(now=NOW) == 2
        assert write_owed_notices(now=NOW + timedelta(minutes=5)) == 0
    fault = Fault.objects.get()
    assert (fault.step, fault.since, fault.at) == ("people_named", NOW, NOW + timedelta(minutes=5))
    client.force_login(engagement.manager)
    page = client.get("/background/").content.decode()
    assert "people_named" in page and "ValueError: a seat without a person" in page
    write_owed_notices(now=NOW + timedelta(minutes=10))
    assert "people_named" not in client.get("/background/").content.decode()


def test_a_fault_of_the_mail_is_no_notice_that_another_worker_wrote(engagement, monkeypatch):
    def refused(*args):
        raise IntegrityError

    disputed(engagement)
    monkeypatch.setattr(notices, "send_notices", refused)
    owed = [notice for notice in selectors.owed_notices(NOW, no_fault) if notice.person == engagement.lead]
    with pytest.raises(IntegrityError):
        notices.tell(engagement.lead, owed, Faults("notices"))
    assert write_owed_notices(now=NOW) == 0
    assert not Notice.objects.exists()
    assert set(Fault.objects.values_list("step", flat=True)) == {f"person {engagement.lead_id}", f"person {engagement.manager_id}"}


def test_one_sweep_is_one_mail_with_the_reason_and_the_mutes_of_each(engagement):
    disputed(engagement, name="Pieter", confirmed_at=NOW - timedelta(minutes=2))
    other = EngagementFactory(name="Claims", customer__name="Brightwater", backup=engagement.lead)
    usage_of(other, False, True)
    assert write_owed_notices(now=NOW) == 4
    assert len(mails()) == 3
    text, mail = text_to("maya@example.org"), OutgoingMail.objects.get(recipient="maya@example.org")
    assert mail.subject.endswith(", and 1 more")
    for because in ("Because you lead Harbourline, Customs.", "Because you back up Brightwater, Claims."):
        assert because in text
    told_of = [(notice.kind, notice.engagement) for notice in Notice.objects.filter(person=engagement.lead)]
    for kind, about in told_of:
        assert Mutable(engagement.lead, kind).url in text and Mutable(engagement.lead, "", about).url in text
    assert "List-Unsubscribe" not in message_from_bytes(bytes(mail.source), policy=default)


def test_what_is_muted_or_can_wait_is_not_in_the_mail_of_the_rest(engagement):
    other = EngagementFactory(name="Claims", lead=engagement.lead)
    set_muted(Mutable(engagement.lead, "", other), muted=True)
    for each in (engagement, other):
        disputed(each)
    disputed(engagement, kind="accept", name="Anneke")
    write_owed_notices(now=NOW)
    mail = OutgoingMail.objects.get(recipient="maya@example.org")
    assert "Claims" not in text_to("maya@example.org") and "Anneke" not in text_to("maya@example.org")
    assert message_from_bytes(bytes(mail.source), policy=default)["List-Unsubscribe"].strip() == f"<{Mutable(engagement.lead, NoticeKind.OBJECTION).url}>"


def test_of_two_schedulers_each_mails_what_it_was_first_to_write(engagement, monkeypatch):
    """One saw an answer less: what it wrote is in its mail, the rest in the other's, and nothing in both."""
    disputed(engagement, item_text="First", confirmed_at=NOW - timedelta(minutes=2))
    seen_by_one = list(selectors.owed_notices(NOW, no_fault))
    disputed(engagement, item_text="Second")
    seen_by_both = list(selectors.owed_notices(NOW, no_fault))
    for owed, written in ((seen_by_one, 2), (seen_by_both, 2)):
        monkeypatch.setattr(notices, "owed_notices", lambda now, on_fault, owed=owed: owed)
        assert write_owed_notices(now=NOW) == written
    texts = [mail.text for mail in OutgoingMail.objects.filter(recipient="maya@example.org").order_by("pk")]
    assert [("First" in text, "Second" in text) for text in texts] == [(True, False), (False, True)]


def test_late_after_an_absence_rather_than_lost(engagement):
    disputed(engagement, confirmed_at=NOW - timedelta(days=6))
    assert write_owed_notices(now=NOW) == 2


def test_looking_costs_the_same_for_one_and_for_many(engagement, django_assert_num_queries):
    for number in (1, 3):
        for __ in range(number):
            each = EngagementFactory(lead=engagement.lead)
            judged(each, "watch", "at_risk")
            disputed(each)
            usage_of(EngagementFactory(lead=engagement.lead), False, True)
        with django_assert_num_queries(18):  # one of them for each person
            list(selectors.owed_notices(NOW, no_fault))


def test_looking_reads_no_series_and_of_what_was_written_that_of_the_people_alone(engagement, django_assert_max_num_queries):
    usage_of(engagement, False, True)
    with django_assert_max_num_queries(20) as asked:
        assert len(list(selectors.owed_notices(NOW, no_fault))) == 2
    statements = [query["sql"] for query in asked.captured_queries]
    (snapshots,) = (sql for sql in statements if 'FROM "engagements_metricsnapshot"' in sql)
    assert '"series"' not in snapshots
    (written,) = (sql for sql in statements if 'FROM "engagements_notice"' in sql)
    assert '"person_id" IN' in written


# Muting, reading, counting


def test_what_is_muted_stands_in_the_list_and_is_told_nowhere_else(engagement, stranger):
    set_muted(Mutable(engagement.lead, NoticeKind.OBJECTION), muted=True)
    set_muted(Mutable(engagement.manager, "", engagement), muted=True)
    set_muted(Mutable(stranger.lead, "", stranger), muted=True)
    disputed(engagement)
    write_owed_notices(now=NOW)
    assert Notice.objects.filter(read_at=NOW).count() == 2
    assert mails() == []
    for person in (engagement.lead, engagement.manager):
        person.refresh_from_db()
        assert person.unread_notices == 0
        set_muted(Mutable(person, NoticeKind.OBJECTION), muted=False)
    # Nothing of the silence is made up for.
    assert write_owed_notices(now=NOW + timedelta(minutes=1)) == 0


def test_muting_twice_changes_nothing_and_each_change_is_in_the_trail(engagement):
    mutable = Mutable(engagement.lead, "", engagement)
    for muted in (True, True, False, False):
        set_muted(mutable, muted=muted)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "engagement_id")) == [
        ("mute", engagement.pk), ("unmute", engagement.pk),
    ]  # fmt: skip
    assert not NoticeMute.objects.exists()


def test_a_mute_is_about_a_kind_or_an_engagement(engagement):
    for fields in ({}, {"kind": "at_risk", "engagement": engagement}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeMute.objects.create(person=engagement.lead, **fields)


def test_reading_counts_down_and_is_the_persons_own(engagement, stranger):
    mine = [NoticeFactory(engagement=engagement) for __ in range(3)]
    theirs = NoticeFactory(engagement=stranger)
    for person in (engagement.lead, stranger.lead):
        count_unread(person)
    assert mark_read([mine[0].pk, theirs.pk], person=engagement.lead, now=NOW) == 1
    engagement.lead.refresh_from_db()
    stranger.lead.refresh_from_db()
    assert (engagement.lead.unread_notices, stranger.lead.unread_notices) == (2, 1)
    assert mark_read(None, person=engagement.lead, now=NOW) == 2
    assert mark_read(None, person=engagement.lead, now=NOW) == 0
    assert Notice.objects.unread().get() == theirs


def test_what_was_read_long_ago_is_forgotten(engagement):
    NoticeFactory(engagement=engagement, read_at=NOW - timedelta(days=181))
    kept = [NoticeFactory(engagement=engagement, read_at=NOW - timedelta(days=179)), NoticeFactory(engagement=engagement)]
    forget_notices(now=NOW)
    assert set(Notice.objects.all()) == set(kept)


def test_what_nobody_read_for_as_long_is_forgotten_and_counts_no_more(engagement, stranger):
    NoticeFactory(engagement=engagement, written_at=NOW - timedelta(days=181))
    kept = [NoticeFactory(engagement=each, written_at=NOW - timedelta(days=179)) for each in (engagement, stranger)]
    for each in (engagement, stranger):
        count_unread(each.lead)
    forget_notices(now=NOW)
    assert set(Notice.objects.all()) == set(kept)
    for each in (engagement, stranger):
        each.lead.refresh_from_db()
        assert each.lead.unread_notices == 1
