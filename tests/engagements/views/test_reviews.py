"""Reviewing: the queue, one engagement, two managers at once, questions that come back, undo."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from engagements.models import Decision, Help, PortfolioRow, Review, ReviewQuestion
from fde_portal.accounts.models import User
from fde_portal.core.messages import ways_back
from tests.factories.concerns import BlockerFactory
from tests.factories.engagements import AskFactory, EngagementFactory, MilestoneFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.reviews import HelpFactory, ReviewFactory, ReviewQuestionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
QUEUE = reverse("review_queue")


@pytest.fixture(autouse=True)
def wednesday():
    with travel(NOW, tick=False):
        yield


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def engagement():
    ReviewQuestionFactory(text="A stranger's question")
    lead = UserFactory(name="Maya Okafor")
    return PortfolioRowFactory(engagement__customer__name="Harbourline", engagement__slug="copilot", engagement__lead=lead, rank=1).engagement


@pytest.fixture
def ruth():
    return signed_in(ManagerFactory(name="Ruth Adeyemi"))


@pytest.fixture
def daniel():
    return signed_in(ManagerFactory(name="Daniel Brandt"))


@pytest.fixture
def maya(engagement):
    return signed_in(engagement.lead)


def url(name: str, *parts) -> str:
    return reverse(name, args=["copilot", *parts])


PAGE = "/engagements/copilot/review/"


def text_of(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def said_and_gone(client: Client) -> None:
    """Let the message about the last act pass, which names what the page must no longer name."""
    client.get("/just-done/")


def take_back(client: Client) -> None:
    """Press the newest undo."""
    request = client.get("/just-done/").wsgi_request
    [newest, *__] = ways_back(request, now=NOW)
    assert client.post(newest.path).status_code == 302


# The queue


def test_what_is_left_stands_in_attention_order_and_filters_go_along(engagement, ruth):
    PortfolioRowFactory(engagement__name="At risk", engagement__slug="at-risk", rank=0, band="at_risk")
    done = PortfolioRowFactory(engagement__name="Done already", rank=0)
    ReviewFactory(engagement=done.engagement, reviewed_at=NOW, reviewed_by=ManagerFactory(name="Ingrid Berg"))
    page = text_of(ruth, QUEUE)
    assert page.index("At risk") < page.index("Harbourline") < page.index("Done already")
    assert "2 engagements left this week. 1 is reviewed." in page
    assert "Reviewed by Ingrid Berg, 10:00" in page
    narrowed = text_of(ruth, f"{QUEUE}?band=at_risk")
    assert "Harbourline" not in narrowed
    assert '"/engagements/at-risk/review/?band=at_risk"' in narrowed


def test_reviewed_goes_on_to_the_next_that_fits_the_filters_and_ends_at_the_queue(engagement, ruth):
    PortfolioRowFactory(engagement__slug="calm", rank=2, band="watch")
    PortfolioRowFactory(engagement__slug="unfit", rank=2)
    first = ruth.post(f"{url('review_done')}?q=harbour")
    assert first.url == QUEUE
    take_back(ruth)
    assert ruth.post(url("review_done")).url == "/engagements/calm/review/"
    assert ruth.post(f"{reverse('review_done', args=['calm'])}?band=watch").url == QUEUE


def test_what_is_reviewed_already_is_not_counted_among_those_left(engagement, ruth):
    PortfolioRowFactory(engagement__slug="first", rank=0)
    assert "2 of 2 left" in text_of(ruth)
    Review.objects.filter(engagement=engagement).update(reviewed_at=NOW, reviewed_by=ManagerFactory(name="Ingrid Berg"))
    page = text_of(ruth)
    assert " of 1 left" not in page
    assert "1 left" in page
    assert "/engagements/first/review/" in page


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"band": "unknown"}, "Too little is known to judge."),
        ({"band": "unknown", "feed_stopped": True}, "A usage feed has stopped. Too little is known to judge."),
        ({"feed_stopped": True}, "A usage feed has stopped."),
        ({"band": "unknown", "reason": ["attention.silent", {"count": 20}]}, "The customer has been silent for 20 days."),
    ],
)
def test_what_is_unknown_or_stopped_is_told_and_never_quiet(engagement, ruth, columns, told):
    PortfolioRow.objects.filter(engagement=engagement).update(**{"reason": None, **columns})
    assert f"<td role=\"cell\" data-l=\"Why it stands here\">{told}</td>" in text_of(ruth, QUEUE)
    assert f'<h2 id="h-brief">{told}</h2>' in text_of(ruth)


def test_an_fde_has_no_queue_and_none_of_its_acts(engagement, maya):
    question = ReviewQuestionFactory(engagement=engagement)
    given = HelpFactory(engagement=engagement)
    acts = [url(f"review_{name}") for name in ("done", "undone", "comment", "decision", "question_new")]
    acts += [url("help_new"), url("help_archive", given.pk), url("help_restore", given.pk)]
    acts += [url(f"review_question_{name}", question.pk) for name in ("read", "unread", "archive", "restore")]
    before = (list(Review.objects.values()), list(ReviewQuestion.objects.values()), list(Help.objects.values()))
    assert [maya.post(act, {"comment": "x", "question-text": "x"}).status_code for act in acts] == [403] * len(acts)
    assert maya.get(QUEUE).status_code == 403
    assert (list(Review.objects.values()), list(ReviewQuestion.objects.values()), list(Help.objects.values())) == before


def test_looking_as_the_team_claims_nothing(engagement, maya):
    assert "Reviewed, next" not in text_of(maya)
    assert not Review.objects.exists()


# Two managers


def test_the_second_manager_sees_who_looks_at_it_and_who_reviewed_it(engagement, ruth, daniel):
    assert "has had it open" not in text_of(ruth)
    with travel(NOW + timedelta(minutes=5), tick=False):
        assert "Ruth Adeyemi has had it open since 10:00" in text_of(daniel)
        assert "Ruth Adeyemi has had it open since 10:00" in text_of(daniel, QUEUE)
        assert "has had it open" not in text_of(ruth, QUEUE)
    ruth.post(url("review_done"))
    with travel(NOW + timedelta(minutes=6), tick=False):
        daniel.post(url("review_done"))
        assert "Reviewed by Ruth Adeyemi, 10:00" in text_of(daniel)
    assert Review.objects.get().reviewed_by.name == "Ruth Adeyemi"


def test_two_comments_at_once_show_both_and_lose_neither(engagement, ruth, daniel):
    text_of(ruth)
    version = Review.objects.get().version
    ruth.post(url("review_comment"), {"comment": "Call the sponsor", "version": version})
    clash = daniel.post(url("review_comment"), {"comment": "Stop the rollout", "version": version})
    assert clash.status_code == 409
    form = clash.context["comment_form"]
    assert form["comment"].value() == "Call the sponsor\n\nStop the rollout"
    assert Review.objects.get().comment == "Call the sponsor"
    daniel.post(url("review_comment"), {"comment": form["comment"].value(), "version": form["version"].value()})
    review = Review.objects.get()
    assert (review.comment, review.commented_by.name) == ("Call the sponsor\n\nStop the rollout", "Daniel Brandt")


def test_a_comment_can_be_taken_back_for_ten_minutes(engagement, ruth):
    text_of(ruth)
    for comment in ("Watch them", "Let them be"):
        ruth.post(url("review_comment"), {"comment": comment, "version": Review.objects.get().version})
    take_back(ruth)
    assert Review.objects.get().comment == "Watch them"


def test_earlier_comments_stay_and_changes_are_told_from_the_last_review_on(engagement, ruth, maya):
    week = {"iso_year": 2026, "iso_week": 9, "reviewed_at": NOW - timedelta(days=6), "comment": "Look again"}
    ReviewFactory(engagement=engagement, commented_by=ManagerFactory(name="Ingrid Berg"), **week)
    engagement.portfolio_row.changes = [[day, "phase", {"phase": phase}] for day, phase in (("2026-03-01", "pilot"), ("2026-02-25", "prototype"))]
    engagement.portfolio_row.save()
    for client in (ruth, maya):
        page = text_of(client)
        assert "Look again" in page
        assert "Since 26 Feb" in page
        assert "Entered Pilot." in page
        assert "Entered Prototype." not in page


# Questions


def ask(client: Client, text: str = "Who follows the sponsor?") -> ReviewQuestion:
    assert client.post(url("review_question_new"), {"question-text": text}).status_code == 302
    return ReviewQuestion.objects.get(text=text)


def test_a_question_comes_up_in_the_leads_week_and_its_answer_comes_back(engagement, ruth, daniel, maya):
    question = ask(ruth)
    week = text_of(maya, "/my-week/")
    assert "Harbourline: Who follows the sponsor?" in week
    assert "Ruth Adeyemi asked on 4 Mar." in week
    assert "stranger" not in week
    page = url("review_question", question.pk)
    assert maya.post(page, {"answer": "", "version": question.version}).status_code == 422
    maya.post(page, {"answer": "Grace Mensah", "version": question.version})
    said_and_gone(maya)
    assert "Who follows the sponsor?" not in text_of(maya, "/my-week/")
    assert "Grace Mensah" in text_of(ruth, QUEUE)
    assert "Answers for you" not in text_of(daniel, QUEUE)
    ruth.post(url("review_question_read", question.pk))
    assert "Answers for you" not in text_of(ruth, QUEUE)
    take_back(ruth)
    assert "Answers for you" in text_of(ruth, QUEUE)


def test_only_who_asked_says_that_an_answer_is_read(engagement, ruth, daniel):
    question = ask(ruth)
    ReviewQuestion.objects.filter(pk=question.pk).update(answer="Grace", answered_at=NOW)
    read, unread = url("review_question_read", question.pk), url("review_question_unread", question.pk)
    assert (read in text_of(ruth), read in text_of(daniel)) == (True, False)
    assert daniel.post(read).status_code == 403
    assert ReviewQuestion.objects.get(pk=question.pk).read_at is None
    ruth.post(read)
    assert daniel.post(unread).status_code == 403
    assert ReviewQuestion.objects.get(pk=question.pk).read_at == NOW


def test_an_answer_taken_back_asks_again(engagement, ruth, maya):
    question = ask(ruth)
    maya.post(url("review_question", question.pk), {"answer": "Grace Mensah", "version": question.version})
    take_back(maya)
    question.refresh_from_db()
    assert (question.answer, question.answered_at, question.answered_by) == ("", None, None)
    assert "Who follows the sponsor?" in text_of(maya, "/my-week/")


def test_two_answers_at_once_show_both(engagement, ruth, maya):
    question = ask(ruth)
    maya.post(url("review_question", question.pk), {"answer": "Grace", "version": question.version})
    clash = ruth.post(url("review_question", question.pk), {"answer": "Pieter", "version": question.version})
    assert (clash.status_code, clash.context["form"]["answer"].value()) == (409, "Grace\n\nPieter")


def test_a_question_withdrawn_leaves_the_week_and_returns(engagement, ruth, maya):
    ask(ruth)
    take_back(ruth)
    assert "Who follows" not in text_of(maya, "/my-week/")
    take_back(ruth)
    assert "Who follows" in text_of(maya, "/my-week/")


# Help and decisions


def send(client: Client, person, **values) -> int:
    data = {"help-person": person.pk, "help-text": "The scanner profile", "help-until": "2026-03-20"} | values
    return client.post(url("help_new"), data).status_code


def test_help_comes_up_in_the_week_of_whoever_helps_and_ends_when_done(engagement, ruth):
    jonas = UserFactory(name="Jonas Lindqvist")
    client = signed_in(jonas)
    HelpFactory(person=jonas, text="A stranger's need")  # an engagement Jonas does not see
    assert send(ruth, jonas) == 302
    week = text_of(client, "/my-week/")
    assert "Harbourline: The scanner profile" in week
    assert "Ruth Adeyemi sent you to help." in week
    assert "stranger" not in week
    with travel(date(2026, 3, 21), tick=False):
        assert "the last day is over" in text_of(signed_in(jonas), "/my-week/")
    client.post(url("help_done", Help.objects.get(text="The scanner profile").pk))
    said_and_gone(client)
    assert "The scanner profile" not in text_of(client, "/my-week/")
    take_back(client)
    assert "The scanner profile" in text_of(client, "/my-week/")


def test_help_needs_a_person_of_ours_and_a_day_to_come(engagement, ruth):
    assert send(ruth, UserFactory(role="contact")) == 422
    assert send(ruth, UserFactory(is_active=False)) == 422
    assert send(ruth, UserFactory(), **{"help-until": "2026-03-03"}) == 422
    assert not Help.objects.exists()


def test_sent_help_is_taken_back_with_its_seat(engagement, ruth):
    jonas = UserFactory()
    send(ruth, jonas)
    take_back(ruth)
    assert signed_in(jonas).get(PAGE).status_code == 404
    said_and_gone(ruth)
    assert "The scanner profile" not in text_of(ruth)


def test_a_decision_is_one_of_the_log_and_can_be_taken_back(engagement, ruth):
    assert ruth.post(url("review_decision"), {"decision-text": "", "decision-reason": "x"}).status_code == 422
    ruth.post(url("review_decision"), {"decision-text": "Go-live waits", "decision-reason": "No reviewer"})
    decision = Decision.objects.get()
    assert (decision.engagement, decision.decided_by, decision.noted_on, decision.reason) == (engagement, "Ruth Adeyemi", NOW.date(), "No reviewer")
    assert "Go-live waits" in text_of(ruth, f"{reverse('engagement_log', args=['copilot'])}?kind=decision")
    take_back(ruth)
    assert Decision.objects.get().archived_at == NOW


FILTERS = "?q=harbour&band=on_track"


def test_filters_go_along_through_every_act_and_its_way_back(engagement, ruth):
    asked = ReviewQuestionFactory(engagement=engagement)
    answered = ReviewQuestionFactory(engagement=engagement, answer="Grace", answered_at=NOW, asked_by=User.objects.get(name="Ruth Adeyemi"))
    given = HelpFactory(engagement=engagement)
    page = text_of(ruth, PAGE + FILTERS)
    posts = {
        url("review_comment"): {"comment": "Call", "version": Review.objects.get(engagement=engagement).version},
        url("review_question_archive", asked.pk): {}, url("review_question_read", answered.pk): {}, url("help_done", given.pk): {},
        url("review_question_new"): {"question-text": "Who?"}, url("review_decision"): {"decision-text": "Wait", "decision-reason": "x"},
    }  # fmt: skip
    for path, data in posts.items():
        assert f'action="{path}{FILTERS.replace("&", "&amp;")}"' in page
        assert ruth.post(path + FILTERS, data).url == PAGE + FILTERS
    ruth.post(url("review_done") + FILTERS)
    back = ways_back(ruth.get("/just-done/").wsgi_request, now=NOW)
    ours = [way.path for way in back if "/log/" not in way.path and "?undo=" not in way.path]
    assert len(ours) == 5
    for path in ours:
        assert ruth.post(path).url == PAGE + FILTERS


@pytest.mark.parametrize("name", ["review_question_new", "help_new", "review_decision", "review_comment"])
def test_the_address_of_a_refused_act_leads_back_to_the_review(engagement, ruth, name):
    assert ruth.post(url(name) + FILTERS, {}).status_code in (302, 422)
    assert ruth.get(url(name) + FILTERS).url == PAGE + FILTERS
    assert signed_in(UserFactory()).get(url(name)).status_code in (403, 404)


# Found, told, and what it costs


def test_acts_stand_in_the_timeline_and_what_was_said_is_found(engagement, ruth, maya):
    text_of(ruth)
    ask(ruth, "Who follows Henrik Dahl?")
    ruth.post(url("review_comment"), {"comment": "Kingfisher", "version": Review.objects.get().version})
    send(ruth, UserFactory(), **{"help-text": "Bring a soldering iron"})
    timeline = text_of(maya, reverse("engagement_timeline", args=["copilot"]))
    assert "A manager asked: “Who follows Henrik Dahl?”" in timeline
    assert "Sent somebody to help: “Bring a soldering iron”" in timeline
    stranger = signed_in(UserFactory())
    for words in ("Henrik", "Kingfisher", "soldering"):
        assert PAGE in text_of(maya, f"/search/?q={words}")
        assert "copilot" not in text_of(stranger, f"/search/?q={words}")


def test_without_a_line_of_the_portfolio_the_page_says_so(ruth):
    engagement = EngagementFactory()
    assert "Nothing is computed yet." in text_of(ruth, reverse("engagement_review", args=[engagement.slug]))


@pytest.mark.parametrize(("path", "statements"), [(PAGE, 20), (QUEUE, 7)])
def test_statements_do_not_grow_with_rows(engagement, django_assert_num_queries, path, statements):
    manager = ManagerFactory()
    client = signed_in(manager)
    client.get(path)
    for count in (1, 3, 30):
        for __ in range(count):
            row = PortfolioRowFactory()
            ReviewFactory(engagement=row.engagement, claimed_by=manager, claimed_at=NOW, claimed_until=NOW + timedelta(minutes=1))
            question = ReviewQuestionFactory(engagement=engagement, asked_by=manager, answer="Yes", answered_at=NOW, answered_by=manager)
            ReviewFactory(engagement=engagement, iso_year=3000 + question.pk, comment="Said", commented_by=manager)
            HelpFactory(engagement=engagement)
            for factory in (MilestoneFactory, BlockerFactory, AskFactory):
                factory(engagement=engagement)
        with django_assert_num_queries(statements):
            client.get(path)
