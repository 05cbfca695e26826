"""A week without news, and a publication that is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from engagements.models import Edition, EditionRetraction, LineKind, WeeklyUpdate
from engagements.selectors.share import editions_for_contact, latest_edition
from engagements.selectors.weekly_update import Line, Week, lines_of
from engagements.services.editions import publish_edition
from engagements.services.publications import SomethingHappened, TooLate, publish_unchanged, take_back_publication
from engagements.services.weekly_updates import WeekDraft, open_draft, publish_weekly_update, save_draft
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.log import DecisionFactory

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
PLAN = (Line(LineKind.PROGRESS, "Done"), Line(LineKind.NEXT, "Agree a date"), Line(LineKind.NEXT, "Ask Ruth", is_shared=False))


def publish(engagement, week, headline="News", at=FRIDAY, lines=PLAN):
    update = open_draft(engagement=engagement, year=2026, week=week, by=engagement.lead)
    content = WeekDraft(headline=headline, lines=lines, ratings={"schedule": "watch"})
    save_draft(update=update, content=content, seen=update.version, by=engagement.lead, today=at.date())
    return publish_weekly_update(update=update, by=engagement.lead, now=at)


def unchanged(engagement, week=47, at=FRIDAY):
    return publish_unchanged(engagement=engagement, week=Week(2026, week), by=engagement.lead, now=at)


@pytest.fixture
def engagement():
    publish(EngagementFactory(), 47, "Stranger")
    engagement = EngagementFactory()
    publish(engagement, 45, at=FRIDAY - timedelta(days=14))
    return engagement


def test_a_week_without_news_says_since_when_and_keeps_plan_and_ratings(engagement):
    first = unchanged(engagement, 46, FRIDAY - timedelta(days=7))
    second = unchanged(engagement)
    for update in (first, second):
        assert update.headline == "Nothing new since the week of 2 November."
        assert update.unchanged_since == date(2026, 11, 2)
        assert [(line.text, line.is_shared) for line in lines_of(update)] == [("Agree a date", True), ("Ask Ruth", False)]
        assert update.ratings["schedule"] == "watch"
    assert latest_edition(engagement.pk).content.count("Nothing new since") == 1


def test_the_sentence_is_in_the_customers_language(engagement):
    engagement.customer.language = "zh-hans"
    engagement.customer.save()
    assert unchanged(engagement).headline == "自11月2日那一周以来没有新进展。"


def test_it_is_refused_where_the_customers_records_say_otherwise_and_writes_nothing(engagement):
    milestone = MilestoneFactory(engagement=engagement, title="Pilot", actual_on=date(2026, 11, 17), baseline_on=date(2026, 11, 17))
    with pytest.raises(SomethingHappened) as refused:
        unchanged(engagement)
    assert [fact.key for fact in refused.value.facts] == [f"milestone-{milestone.pk}-reached"]
    assert engagement.weekly_updates.count() == 1


def test_what_stays_with_us_does_not_stop_it_and_is_left_out(engagement):
    decision = DecisionFactory(engagement=engagement, noted_on=date(2026, 11, 17))
    update = unchanged(engagement)
    assert update.left_out == [f"decision-{decision.pk}"]
    assert [line.text for line in update.internal_lines.all()] == ["Ask Ruth"]


def test_words_somebody_wrote_are_never_replaced(engagement):
    draft = open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)
    content = WeekDraft(lines=(Line(LineKind.PROGRESS, "Half a thought"),))
    save_draft(update=draft, content=content, seen=draft.version, by=engagement.lead, today=FRIDAY.date())
    with pytest.raises(Conflict):
        unchanged(engagement)
    assert [line.text for line in lines_of(draft)] == ["Half a thought"]


def test_without_an_earlier_update_there_is_nothing_to_be_unchanged_from():
    with pytest.raises(ValidationError):
        unchanged(EngagementFactory())


def test_taken_back_it_is_a_draft_with_its_words_and_the_customer_reads_the_edition_before(engagement):
    contact = MembershipFactory(customer=engagement.customer).user
    before = latest_edition(engagement.pk)
    update = publish(engagement, 47, "Too early")
    assert "Too early" in latest_edition(engagement.pk).content
    take_back_publication(update=update, by=engagement.lead, now=FRIDAY + timedelta(minutes=9))
    update.refresh_from_db()
    assert (update.state, update.published_at, update.headline) == ("draft", None, "Too early")
    assert latest_edition(engagement.pk) == before
    assert list(editions_for_contact(contact)) == [before]
    assert "Too early" in Edition.objects.get(retraction__isnull=False).content  # the row stays as it was published
    assert AuditEvent.objects.filter(verb="unpublish", subject_id=update.pk).count() == 1


def test_the_list_of_editions_says_which_one_stands(client, engagement):
    update = publish(engagement, 47, "Too early")
    take_back_publication(update=update, by=engagement.lead, now=FRIDAY)
    client.force_login(engagement.lead)
    page = client.get(reverse("engagement_sharing", args=[engagement.slug])).content.decode()
    taken_back, __, standing = page.partition("Taken back")
    assert ("Edition 2" in taken_back, "On the page now" in standing, page.count("On the page now")) == (True, True, 1)


def test_a_first_publication_taken_back_leaves_no_page():
    engagement = EngagementFactory()
    update = publish(engagement, 47)
    take_back_publication(update=update, by=engagement.lead, now=FRIDAY)
    assert latest_edition(engagement.pk) is None


def test_a_correction_taken_back_lets_the_earlier_revision_hold_again(engagement):
    first = publish(engagement, 47, "First")
    second = publish(engagement, 47, "Second")
    take_back_publication(update=second, by=engagement.lead, now=FRIDAY)
    states = dict(WeeklyUpdate.objects.filter(engagement=engagement, iso_week=47).values_list("pk", "state"))
    assert states == {first.pk: "published", second.pk: "draft"}


def test_what_others_published_meanwhile_is_published_anew_without_it(engagement):
    update = publish(engagement, 47, "Too early")
    MilestoneFactory(engagement=engagement, title="Shared meanwhile")
    publish_edition(engagement=engagement, by=engagement.lead, now=FRIDAY + timedelta(minutes=1))
    take_back_publication(update=update, by=engagement.lead, now=FRIDAY + timedelta(minutes=2))
    page = latest_edition(engagement.pk).content
    assert ("Shared meanwhile" in page, "Too early" in page) == (True, False)
    assert EditionRetraction.objects.count() == 2


@pytest.mark.parametrize("minutes", [10, 600])
def test_after_ten_minutes_it_stays_published(engagement, minutes):
    update = publish(engagement, 47)
    with pytest.raises(TooLate):
        take_back_publication(update=update, by=engagement.lead, now=FRIDAY + timedelta(minutes=minutes))
    assert EditionRetraction.objects.count() == 0


def test_it_stays_published_once_a_correction_was_begun_and_twice_changes_nothing(engagement):
    update = publish(engagement, 47)
    draft = open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)
    with pytest.raises(TooLate):
        take_back_publication(update=update, by=engagement.lead, now=FRIDAY)
    draft.delete()
    take_back_publication(update=update, by=engagement.lead, now=FRIDAY)
    with pytest.raises(TooLate):
        take_back_publication(update=update, by=engagement.lead, now=FRIDAY)
    assert EditionRetraction.objects.count() == 1
