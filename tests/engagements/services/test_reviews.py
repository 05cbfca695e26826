"""Acts of a review: soft claims, marks of whoever was first, questions with answers, help with a seat."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engagements.forms.reviews import CommentForm
from engagements.models import Engagement, Help, Review, ReviewQuestion
from engagements.selectors.portfolio import visible_rows
from engagements.selectors.review_queue import next_after, place_in_queue, queue
from engagements.selectors.weekly_update import Week
from engagements.services.handovers import hand_over, holdings_of
from engagements.services.helps import assign_help, finish_help, reopen_help, restore_help, take_help_back
from engagements.services.review_questions import ask_question, read_answer, unread_answer
from engagements.services.reviews import LEASE, mark_reviewed, open_review, save_comment, unmark_reviewed
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.reviews import HelpFactory, ReviewFactory, ReviewQuestionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
WEEK = Week(2026, 10)


@pytest.fixture
def engagement():
    ReviewFactory(claimed_at=NOW, claimed_until=NOW + LEASE, reviewed_at=NOW)  # a stranger's
    return EngagementFactory()


@pytest.fixture
def ruth():
    return ManagerFactory(name="Ruth")


@pytest.fixture
def daniel():
    return ManagerFactory(name="Daniel")


def opened(engagement, by, minutes=0) -> Review:
    return open_review(engagement, week=WEEK, by=by, now=NOW + timedelta(minutes=minutes))


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


# Claims


def test_whoever_opens_first_holds_it_and_the_second_is_told(engagement, ruth, daniel):
    opened(engagement, ruth)
    second = opened(engagement, daniel, 5)
    assert (second.held_at(NOW), second.claimed_at) == (ruth, NOW)
    assert Review.objects.filter(engagement=engagement).count() == 1
    assert verbs() == []


def test_looking_again_renews_and_a_lease_that_ran_out_passes_on(engagement, ruth, daniel):
    opened(engagement, ruth)
    opened(engagement, ruth, 9)
    assert opened(engagement, daniel, 18).claimed_by == ruth
    late = opened(engagement, daniel, 19)
    assert (late.claimed_by, late.claimed_at) == (daniel, NOW + timedelta(minutes=19))


def test_another_week_is_another_review(engagement, ruth):
    opened(engagement, ruth)
    assert open_review(engagement, week=WEEK.next, by=ruth, now=NOW).pk != opened(engagement, ruth).pk


# Marks


def test_who_reviewed_first_stays_and_frees_the_claim(engagement, ruth, daniel):
    review = opened(engagement, ruth)
    assert mark_reviewed(review, by=ruth, now=NOW)
    assert not mark_reviewed(review, by=daniel, now=NOW + timedelta(minutes=1))
    review.refresh_from_db()
    assert (review.reviewed_by, review.reviewed_at, review.claimed_by) == (ruth, NOW, None)
    assert verbs() == ["mark_reviewed"]


def test_a_mark_made_over_somebodys_claim_leaves_the_claim(engagement, ruth, daniel):
    review = opened(engagement, ruth)
    assert mark_reviewed(review, by=daniel, now=NOW)
    review.refresh_from_db()
    assert (review.reviewed_by, review.claimed_by) == (daniel, ruth)


def test_only_ones_own_mark_is_taken_back(engagement, ruth, daniel):
    review = opened(engagement, ruth)
    mark_reviewed(review, by=ruth, now=NOW)
    assert not unmark_reviewed(review, by=daniel)
    assert unmark_reviewed(review, by=ruth)
    assert not unmark_reviewed(review, by=ruth)
    review.refresh_from_db()
    assert (review.reviewed_by, review.reviewed_at) == (None, None)
    assert verbs() == ["mark_reviewed", "unmark_reviewed"]


# Queue


@pytest.fixture
def three():
    """At risk, on watch, and on track; the one on watch is reviewed."""
    rows = [PortfolioRowFactory(rank=rank, engagement__slug=slug) for rank, slug in ((2, "calm"), (0, "risk"), (1, "watch"))]
    ReviewFactory(engagement=rows[2].engagement, reviewed_at=NOW)
    ReviewFactory(engagement=rows[0].engagement, iso_week=9, reviewed_at=NOW - timedelta(days=7))
    return visible_rows(ManagerFactory())


def test_the_queue_is_in_attention_order_with_this_weeks_reviews_only(three):
    assert [(row.line.slug, row.is_reviewed) for row in queue(three, WEEK)] == [("risk", False), ("watch", True), ("calm", False)]


def test_a_place_counts_those_left_and_the_one_at_hand(three):
    assert [(place.position, place.left, place.before, place.after) for place in (place_in_queue(three, slug, WEEK) for slug in ("risk", "watch", "calm", "gone"))] == [
        (1, 2, "", "calm"), (0, 2, "risk", "calm"), (2, 2, "risk", ""), (0, 2, "", "risk"),
    ]  # fmt: skip


def test_after_the_last_one_the_first_that_is_left_follows(three, ruth):
    assert next_after(three, "risk", WEEK) == "calm"
    assert next_after(three, "calm", WEEK) == "risk"
    for slug in ("risk", "calm"):
        mark_reviewed(opened(Engagement.objects.get(slug=slug), ruth), by=ruth, now=NOW)
    assert next_after(three, "calm", WEEK) == ""


def test_statements_of_the_queue_do_not_grow(three, django_assert_num_queries):
    for count in (0, 20):
        for __ in range(count):
            ReviewFactory(engagement=PortfolioRowFactory().engagement)
        with django_assert_num_queries(2):
            queue(three, WEEK)


def test_a_comment_leaves_a_mark_that_was_set_while_it_was_written(engagement, ruth, daniel):
    form = CommentForm({"comment": "Call the sponsor"}, instance=opened(engagement, ruth))
    assert form.is_valid()
    mark_reviewed(Review.objects.get(engagement=engagement), by=daniel, now=NOW)
    save_comment(form, by=ruth)
    review = Review.objects.get(engagement=engagement)
    assert (review.comment, review.commented_by, review.reviewed_by, review.version) == ("Call the sponsor", ruth, daniel, 2)
    assert verbs() == ["mark_reviewed", "edit"]


# Questions


def test_an_answer_is_read_once_and_can_wait_again(engagement, ruth):
    question = ask_question(engagement, text="Who follows?", by=ruth, now=NOW)
    read_answer(question, by=ruth, now=NOW)  # nothing to read yet
    assert list(ReviewQuestion.objects.open()) == [question]
    ReviewQuestion.objects.filter(pk=question.pk).update(answer="Grace", answered_at=NOW)
    ReviewQuestionFactory(answer="A stranger's", answered_at=NOW)
    for __ in range(2):
        read_answer(question, by=ruth, now=NOW)
    assert question not in ReviewQuestion.objects.unread()
    for __ in range(2):
        unread_answer(question, by=ruth)
    assert question in ReviewQuestion.objects.unread()
    assert verbs() == ["ask_review_question", "read_review_answer", "unread_review_answer"]


# Help


def send(engagement, person, by) -> Help:
    return assign_help(engagement, person=person, text="The scanner", until=date(2026, 3, 20), by=by)


def sees(person, engagement) -> bool:
    return Engagement.objects.visible_to(person).filter(pk=engagement.pk).exists()


def test_help_from_outside_gets_a_seat_which_goes_when_it_is_taken_back_and_returns_with_it(engagement, ruth):
    jonas = UserFactory()
    assert not sees(jonas, engagement)
    given = send(engagement, jonas, ruth)
    assert sees(jonas, engagement)
    take_help_back(given, by=ruth, now=NOW)
    assert not sees(jonas, engagement)
    restore_help(Help.objects.get(pk=given.pk), by=ruth)
    assert sees(jonas, engagement)


def test_a_seat_from_before_stays_and_so_does_one_that_other_help_needs(engagement, ruth):
    jonas = UserFactory()
    engagement.team_members.create(user=jonas)
    take_help_back(send(engagement, jonas, ruth), by=ruth, now=NOW)
    assert sees(jonas, engagement)
    priya = UserFactory()
    first, second = send(engagement, priya, ruth), send(engagement, priya, ruth)
    take_help_back(first, by=ruth, now=NOW)
    assert (first.gave_seat, second.gave_seat, sees(priya, engagement)) == (True, False, True)


def test_a_seat_that_two_needed_goes_with_the_last_of_them_and_a_strangers_stays(engagement, ruth):
    jonas, stranger = UserFactory(), UserFactory()
    send(engagement, stranger, ruth)
    first, second = send(engagement, jonas, ruth), send(engagement, jonas, ruth)
    take_help_back(first, by=ruth, now=NOW)
    take_help_back(Help.objects.get(pk=second.pk), by=ruth, now=NOW)
    assert (sees(jonas, engagement), sees(stranger, engagement)) == (False, True)
    restore_help(Help.objects.get(pk=second.pk), by=ruth)
    assert sees(jonas, engagement)


def test_a_seat_that_got_a_share_of_the_week_stays_with_it(engagement, ruth):
    given = send(engagement, UserFactory(), ruth)
    seats = engagement.team_members.filter(user=given.person)
    seats.update(weekly_share=Decimal("0.5"))
    take_help_back(given, by=ruth, now=NOW)
    restore_help(Help.objects.get(pk=given.pk), by=ruth)
    assert seats.get().weekly_share == Decimal("0.5")


def test_taking_help_back_twice_leaves_a_seat_that_was_given_since(engagement, ruth):
    given = send(engagement, UserFactory(), ruth)
    take_help_back(given, by=ruth, now=NOW)
    engagement.team_members.create(user=given.person)
    take_help_back(Help.objects.get(pk=given.pk), by=ruth, now=NOW)
    assert sees(given.person, engagement)


def test_a_seat_given_since_is_nothing_that_restored_help_brought(engagement, ruth):
    given = send(engagement, UserFactory(), ruth)
    take_help_back(given, by=ruth, now=NOW)
    engagement.team_members.create(user=given.person)
    restore_help(Help.objects.get(pk=given.pk), by=ruth)
    take_help_back(Help.objects.get(pk=given.pk), by=ruth, now=NOW)
    assert sees(given.person, engagement)


def test_help_that_opens_again_sees_the_work_again(engagement, ruth):
    jonas = UserFactory()
    first, second = send(engagement, jonas, ruth), send(engagement, jonas, ruth)
    finish_help(second, by=jonas, now=NOW)
    take_help_back(first, by=ruth, now=NOW)
    assert not sees(jonas, engagement)
    reopen_help(second, by=ruth)
    assert sees(jonas, engagement)


def test_help_handed_over_lets_the_successor_see_the_work(engagement, ruth):
    seated, successor, stranger = UserFactory(), UserFactory(), UserFactory()
    engagement.team_members.create(user=seated, weekly_share=Decimal("0.2"))
    given = HelpFactory(engagement=engagement, person=seated)
    hand_over(seated, {f"help:{given.pk}": successor}, by=ruth)
    assert (sees(successor, engagement), sees(stranger, engagement)) == (True, False)
    take_help_back(Help.objects.get(pk=given.pk), by=ruth, now=NOW)
    assert not sees(successor, engagement)


def test_help_handed_to_somebody_who_was_there_leaves_their_seat_alone(engagement, ruth):
    successor = UserFactory()
    engagement.team_members.create(user=successor)
    given = send(engagement, UserFactory(), ruth)
    hand_over(given.person, {holding.key: successor for holding in holdings_of(given.person)}, by=ruth)
    take_help_back(Help.objects.get(pk=given.pk), by=ruth, now=NOW)
    assert sees(successor, engagement)


def test_help_is_done_once_and_opens_again(engagement, ruth):
    given, strange = send(engagement, UserFactory(), ruth), HelpFactory()
    for __ in range(2):
        finish_help(given, by=given.person, now=NOW)
    assert list(Help.objects.running()) == [strange]
    for __ in range(2):
        reopen_help(given, by=given.person)
    assert set(Help.objects.running()) == {given, strange}
    assert verbs()[-2:] == ["finish_help", "reopen"]
