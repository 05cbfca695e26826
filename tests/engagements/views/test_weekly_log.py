"""The weekly log in the browser's terms: what is sent, what is stored, what is shown."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from engagements.models import Ask, Edition, InternalLine, LineKind, SharedLine, WeeklyUpdate
from engagements.selectors.week_duty import owed_by
from engagements.selectors.weekly_update import Week, last_published
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import AskFactory, EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.people import ContactFactory, UserFactory

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


@pytest.fixture
def friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def engagement():
    EngagementFactory(name="Somebody else's")
    return EngagementFactory(customer__name="Harbourline")


@pytest.fixture
def lead(client, engagement):
    client.force_login(engagement.lead)
    return client


def entry(engagement, week="2026-W47"):
    return reverse("weekly_log_entry", args=[engagement.slug, week])


def posted(seen="1.1", headline="All shifts are live", **rows):
    """The form as a browser sends it; `rows` are lists of dicts by the prefix of their formset."""
    data = {"seen": seen, "headline": headline, "act": "save"}
    for prefix in ("plan", "progress", "next", "notes", "asks"):
        given = rows.pop(prefix, [])
        data |= {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": 0}
        data |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(given) for name, value in row.items()}
    return data | rows


def published(engagement, week, **fields):
    update = WeeklyUpdateFactory(
        engagement=engagement, iso_week=week, state="published", published_at=FRIDAY, published_by=engagement.lead, **fields
    )
    SharedLine.objects.create(update=update, kind=LineKind.NEXT, text="Agree a date")
    InternalLine.objects.create(update=update, kind=LineKind.NEXT, text="Ask Ruth", position=1)
    return update


# Who may


def test_signed_out_people_are_asked_to_sign_in(client, engagement):
    response = client.get(entry(engagement))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["weekly_log_entry", "weekly_log_preview", "weekly_log_correct"])
def test_somebody_elses_engagement_is_not_found_and_nothing_is_written(client, engagement, name):
    published(engagement, 47)
    client.force_login(EngagementFactory().lead)
    address = reverse(name, args=[engagement.slug, "2026-W47"])
    assert client.post(address, posted(progress=[{"text": "Intruder"}])).status_code == 404
    assert WeeklyUpdate.objects.count() == 1


def test_contacts_have_no_weekly_log(client, engagement):
    client.force_login(ContactFactory())
    assert client.get(reverse("weekly_log")).status_code == 403
    assert client.post(entry(engagement), posted()).status_code == 403


# The sitting


def test_the_log_opens_at_the_first_engagement_that_is_not_done(lead, engagement):
    done = EngagementFactory(lead=engagement.lead, customer__name="Alpha")
    published(done, 47)
    response = lead.get(reverse("weekly_log"))
    assert (response.status_code, response.url) == (302, entry(engagement))


def test_a_late_week_is_reachable_and_the_future_is_not(lead, engagement):
    assert lead.get(reverse("weekly_log") + "?week=2026-W46").url == entry(engagement, "2026-W46")
    assert entry(engagement, "2026-W46") in lead.get(entry(engagement)).content.decode()
    for week in ("2026-W49", "2025-W53", "nonsense", "2026-W01"):
        assert lead.get(entry(engagement, week)).status_code == 404, week


@pytest.mark.parametrize(("weekday", "status"), [(18, 404), (19, 200), (22, 200)], ids=["Wednesday", "Thursday", "Sunday"])
def test_the_coming_week_opens_on_thursday(lead, engagement, weekday, status):
    with time_machine.travel(FRIDAY.replace(day=weekday), tick=False):
        assert lead.get(entry(engagement, "2026-W48")).status_code == status


def test_a_week_written_ahead_is_kept_and_owed_by_nobody(lead, engagement):
    published(engagement, 47)
    lead.post(entry(engagement, "2026-W48"), posted(progress=[{"text": "Dock three opens"}]))
    draft = WeeklyUpdate.objects.get(iso_week=48)
    page = lead.get(entry(engagement, "2026-W48")).content.decode()
    assert (draft.state, draft.headline) == ("draft", "All shifts are live")
    assert "week 48 begins on 23 November" in strip_tags(page)
    assert "left to publish" not in page
    assert 'value="publish' not in page
    assert lead.get(reverse("weekly_log")).url == reverse("weekly_log_done", args=["2026-W47"])
    assert owed_by(engagement.lead, Week(2026, 47)) == []


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ("2026-W47", ["You planned these in week 46", "Drafted from this week’s records", "for next week"]),
        ("2026-W48", ["You planned these in week 46", "Drafted from the records of week 48", "for week 49"]),
    ],
)
def test_its_words_name_the_weeks_whether_it_is_this_one_or_the_coming(lead, engagement, week, words):
    published(engagement, 46)
    for day in (24, 30):
        MilestoneFactory(engagement=engagement, baseline_on=date(2026, 11, day), is_shared=True)
    page = strip_tags(lead.get(entry(engagement, week)).content.decode())
    others = {"Drafted from this week’s records", "Drafted from the records of week 48", "for next week", "for week 49"} - set(words)
    assert all(text in page for text in words)
    assert not any(text in page for text in others)


@pytest.mark.parametrize(
    ("planned", "is_offered"),
    [("Security review, expected on 30 November", False), ("Security review", True), ("security review on 3 December", True)],
)
def test_a_date_that_is_planned_already_is_not_offered_again(lead, engagement, planned, is_offered):
    MilestoneFactory(engagement=engagement, title="Security review", baseline_on=date(2026, 11, 30), is_shared=True)
    MilestoneFactory(engagement=engagement, title="Training", baseline_on=date(2026, 11, 30), is_shared=True)
    update = published(engagement, 47)
    SharedLine.objects.create(update=update, kind=LineKind.NEXT, text=planned)
    page = lead.get(entry(engagement, "2026-W48")).content.decode()
    assert ("“Security review” is due on 30 November." in page) is is_offered
    assert "“Training” is due on 30 November." in page


@pytest.mark.parametrize("name", ["weekly_log_entry", "weekly_log_unchanged"])
def test_a_week_written_ahead_is_not_published_before_it_begins(lead, engagement, name):
    published(engagement, 47)
    before = Edition.objects.count()
    sent = posted(progress=[{"text": "Dock three opens"}], act="publish")
    answer = lead.post(reverse(name, args=[engagement.slug, "2026-W48"]), sent, follow=True)
    assert "This week has not begun." in strip_tags(answer.content.decode())
    assert not WeeklyUpdate.objects.filter(iso_week=48, state="published").exists()
    assert Edition.objects.count() == before
    assert last_published(engagement, Week(2026, 49)).iso_week == 47


def test_a_week_written_ahead_is_published_once_it_began(lead, engagement):
    lead.post(entry(engagement, "2026-W48"), posted(progress=[{"text": "Dock three opens"}]))
    draft = WeeklyUpdate.objects.get(iso_week=48)
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        lead.post(entry(engagement, "2026-W48"), posted(seen=f"1.{draft.version}", progress=[{"text": "Dock three opens"}], act="publish"))
    assert WeeklyUpdate.objects.get(iso_week=48).state == "published"


def test_the_week_is_that_of_the_persons_own_time_zone(client):
    kiritimati = UserFactory(time_zone="Pacific/Kiritimati")
    engagement = EngagementFactory(lead=kiritimati)
    client.force_login(kiritimati)
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        assert client.get(reverse("weekly_log")).url == entry(engagement, "2026-W48")


def test_without_engagements_the_log_says_what_belongs_here(client):
    client.force_login(UserFactory())
    response = client.get(reverse("weekly_log"))
    assert response.status_code == 200
    assert "Nothing to log this week" in response.content.decode()


def test_the_sitting_costs_the_same_for_one_and_for_thirty(lead, engagement):
    lead.get(entry(engagement))
    with CaptureQueriesContext(connection) as one:
        lead.get(entry(engagement))
    for other in EngagementFactory.create_batch(29, lead=engagement.lead):
        published(other, 47)
    with CaptureQueriesContext(connection) as thirty:
        page = lead.get(entry(engagement)).content.decode()
    assert page.count("Published Fri") == 29
    assert len(one) == len(thirty)


# Filling


def test_looking_at_a_prefilled_week_writes_nothing(lead, engagement):
    published(engagement, 46, schedule_rating="watch")
    page = lead.get(entry(engagement)).content.decode()
    assert "Agree a date" in page
    assert "was watch" in page
    assert WeeklyUpdate.objects.count() == 1


def test_saving_keeps_everything(lead, engagement):
    person = StakeholderFactory(customer=engagement.customer)
    response = lead.post(entry(engagement), posted(
        schedule="at_risk",
        plan=[
            {"text": "Agreed the date", "outcome": "progress", "origin": "carried"},
            {"text": "Still to do", "outcome": "next", "origin": "carried", "only_us": "on"},
            {"text": "Dropped", "outcome": "drop", "origin": "carried"},
        ],
        progress=[{"text": "Trained 19 clerks", "evidence_link": "example.org/list"}, {"text": ""}, {"text": "Ours", "only_us": "on"}],
        next=[{"text": "Test the scanner"}],
        notes=[{"text": "Pieter is stretched thin"}],
        asks=[{"text": "Name a reviewer", "stakeholder": person.pk, "due_on": "2026-11-24", "consequence": "It moves"}],
    ))
    assert (response.status_code, response.url) == (302, entry(engagement))
    update = WeeklyUpdate.objects.get()
    assert (update.state, update.headline, update.schedule_rating) == ("draft", "All shifts are live", "at_risk")
    assert list(update.shared_lines.values_list("kind", "text", "origin", "evidence_link")) == [
        ("progress", "Agreed the date", "carried", ""),
        ("progress", "Trained 19 clerks", "typed", "https://example.org/list"),
        ("next", "Test the scanner", "typed", ""),
    ]
    assert list(update.internal_lines.values_list("kind", "text")) == [
        ("next", "Still to do"), ("progress", "Ours"), ("note", "Pieter is stretched thin")
    ]
    ask = update.asks.get()
    assert (ask.text, ask.stakeholder, ask.due_on) == ("Name a reviewer", person, date(2026, 11, 24))
    assert AuditEvent.objects.filter(verb="edit", subject_id=update.pk, actor=engagement.lead).exists()
    assert not Edition.objects.exists()


def test_a_line_crosses_over_with_the_wording_typed(lead, engagement):
    lead.post(entry(engagement), posted(progress=[{"text": "Their IT is slow", "only_us": "on"}]))
    lead.post(entry(engagement), posted(seen="1.2", progress=[{"text": "Access takes two weeks"}]))
    update = WeeklyUpdate.objects.get()
    assert (update.shared_lines.get().text, update.internal_lines.count()) == ("Access takes two weeks", 0)


def test_carried_asks_are_closed_and_opened_again(lead, engagement):
    ask = AskFactory(engagement=engagement)
    lead.post(entry(engagement), posted(**{f"ask-{ask.pk}": "done"}))
    ask.refresh_from_db()
    assert (ask.state, ask.closed_on) == (Ask.State.DONE, FRIDAY.date())
    lead.post(entry(engagement), posted(seen="1.2", **{f"ask-{ask.pk}": "open"}))
    ask.refresh_from_db()
    assert (ask.state, ask.closed_on) == (Ask.State.OPEN, None)


def test_an_ask_of_another_engagement_cannot_be_closed(lead, engagement):
    foreign = AskFactory()
    lead.post(entry(engagement), posted(**{f"ask-{foreign.pk}": "done"}))
    foreign.refresh_from_db()
    assert foreign.state == Ask.State.OPEN


@pytest.mark.parametrize(
    ("rows", "label"),
    [
        ({"asks": [{"text": "Ask", "due_on": "someday"}]}, "By"),
        ({"progress": [{"text": "x" * 501}]}, "Line"),
        ({"progress": [{"text": "Line", "evidence_link": "javascript:alert(1)"}]}, "Evidence"),
        ({"headline": "x" * 141}, "Headline"),
        ({"schedule": "rosy"}, "Schedule"),
    ],
)
def test_bad_input_is_named_kept_and_not_stored(lead, engagement, rows, label):
    response = lead.post(entry(engagement), posted(**{"notes": [{"text": "Keep me"}]} | rows))
    page = response.content.decode()
    assert response.status_code == 422
    assert f">{label}</a>" in page
    assert "Keep me" in page
    assert not WeeklyUpdate.objects.exists()


def test_a_person_of_another_customer_cannot_be_asked(lead, engagement):
    stranger = StakeholderFactory()
    response = lead.post(entry(engagement), posted(asks=[{"text": "Ask", "stakeholder": stranger.pk}]))
    assert response.status_code == 422
    assert stranger.name not in response.content.decode()


# Two people at once


def test_two_people_saving_at_once_both_keep_their_text(lead, engagement):
    lead.post(entry(engagement), posted(headline="Theirs", progress=[{"text": "Their line"}]))
    response = lead.post(entry(engagement), posted(headline="Mine", progress=[{"text": "My line"}]))
    page = response.content.decode()
    assert response.status_code == 409
    words = strip_tags(page)  # what differs is marked word by word
    assert all(text in words for text in ("Theirs", "Their line", "Mine", "My line"))
    assert WeeklyUpdate.objects.get().headline == "Theirs"
    assert 'value="1.2"' in page
    lead.post(entry(engagement), posted(seen="1.2", headline="Mine", progress=[{"text": "My line"}]))
    assert WeeklyUpdate.objects.get().headline == "Mine"


def test_a_week_published_in_between_is_not_overwritten(lead, engagement):
    published(engagement, 47, headline="Published meanwhile")
    response = lead.post(entry(engagement), posted(headline="Mine", progress=[{"text": "My line"}], act="publish"))
    assert response.status_code == 409
    assert "Published meanwhile" in response.content.decode()
    assert list(WeeklyUpdate.objects.values_list("headline", "state")) == [("Published meanwhile", "published")]


# Publishing


def test_publishing_shows_the_week_and_the_next_engagement_follows(lead, engagement):
    other = EngagementFactory(lead=engagement.lead, customer__name="Zeta")
    data = posted(progress=[{"text": "Trained 19 clerks"}], act="publish_next")
    response = lead.post(entry(engagement), data)
    assert response.url == reverse("weekly_log") + "?week=2026-W47"
    assert lead.get(response.url).url == entry(other)
    update = WeeklyUpdate.objects.get()
    assert (update.state, update.published_by, update.published_at) == ("published", engagement.lead, FRIDAY)
    assert Edition.objects.get().engagement == engagement
    assert "Correct this week" in lead.get(entry(engagement)).content.decode()


def test_publishing_without_anything_to_read_saves_and_says_why(lead, engagement):
    response = lead.post(entry(engagement), posted(headline="", notes=[{"text": "Only ours"}], act="publish"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Write a headline." in page
    assert "Share at least one line" in page
    assert "Not published yet." in page
    update = WeeklyUpdate.objects.get()
    assert (update.state, update.internal_lines.get().text) == ("draft", "Only ours")
    assert f'value="{update.revision}.{update.version}"' in page
    assert not Edition.objects.exists()


def test_a_correction_is_a_new_revision_of_the_published_text(lead, engagement):
    published(engagement, 47, headline="First wording")
    lead.post(reverse("weekly_log_correct", args=[engagement.slug, "2026-W47"]))
    page = lead.get(entry(engagement)).content.decode()
    assert "You are correcting revision 1" in page
    assert "First wording" in page
    lead.post(entry(engagement), posted(seen="2.1", headline="Second", progress=[{"text": "Line"}], act="publish"))
    assert list(WeeklyUpdate.objects.order_by("revision").values_list("headline", "state")) == [
        ("First wording", "corrected"), ("Second", "published")
    ]


def test_what_was_not_published_cannot_be_corrected(lead, engagement):
    assert lead.post(reverse("weekly_log_correct", args=[engagement.slug, "2026-W47"])).status_code == 404


def test_a_discarded_draft_is_prefilled_again_and_can_be_restored(lead, engagement):
    lead.post(entry(engagement), posted(headline="Draft"))
    update = WeeklyUpdate.objects.get()
    lead.post(reverse("update_archive", args=[update.pk]))
    assert ">Draft<" not in lead.get(entry(engagement)).content.decode()
    lead.post(reverse("update_restore", args=[update.pk]))
    assert "Draft" in lead.get(entry(engagement)).content.decode()


def test_a_discarded_draft_is_taken_up_by_the_next_save(lead, engagement):
    lead.post(entry(engagement), posted(headline="Draft"))
    lead.post(reverse("update_archive", args=[WeeklyUpdate.objects.get().pk]))
    assert 'value="1.3"' in lead.get(entry(engagement)).content.decode()
    assert lead.post(entry(engagement), posted(seen="1.3", headline="New start")).status_code == 302
    update = WeeklyUpdate.objects.get()
    assert (update.headline, update.archived_at) == ("New start", None)


# Preview


def test_the_preview_shows_what_is_typed_and_counts_what_stays(lead, engagement):
    AskFactory(engagement=engagement, text="Asked before")
    data = posted(
        schedule="watch",
        progress=[{"text": "Shared line"}, {"text": "Secret line", "only_us": "on"}],
        notes=[{"text": "Secret note"}],
        asks=[{"text": "New ask"}],
    )
    page = lead.post(reverse("weekly_log_preview", args=[engagement.slug, "2026-W47"]), data).content.decode()
    paper, kept = page.split('class="keep"')
    assert all(text in paper for text in ("All shifts are live", "Shared line", "New ask", "Asked before"))
    assert not any(text in paper for text in ("Secret", "watch"))
    assert "1 line, 1 status rating, 1 note to the team" in kept
    assert not WeeklyUpdate.objects.exists()


def test_the_preview_follows_while_a_row_is_still_wrong(lead, engagement):
    data = posted(progress=[{"text": "Good line"}], asks=[{"text": "Ask", "due_on": "some"}])
    response = lead.post(reverse("weekly_log_preview", args=[engagement.slug, "2026-W47"]), data)
    assert response.status_code == 200
    assert "Good line" in response.content.decode()
