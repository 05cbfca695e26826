"""Opening, saving and publishing a week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from engagements.models import Ask, Edition, HealthSnapshot, LineKind, LineOrigin, Recompute, WeeklyUpdate
from engagements.public_page.content import content_from
from engagements.selectors.weekly_update import Line, lines_of
from engagements.services import weekly_updates
from engagements.services.asks import AskDraft
from engagements.services.weekly_updates import WeekDraft, open_draft, publish_weekly_update, save_draft
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import AskFactory, EngagementFactory, WeeklyUpdateFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DONE, NEXT = LineKind.PROGRESS, LineKind.NEXT
WRITTEN = WeekDraft(
    headline="All shifts are live",
    ratings={"schedule": "at_risk", "adoption": "watch", "value": "on_track", "relationship": "on_track"},
    lines=(
        Line(DONE, "Trained the night shift"),
        Line(DONE, "The scanner was misconfigured by their IT", is_shared=False),
        Line(NEXT, "Agree a date for the review"),
        Line(LineKind.NOTE, "Pieter is stretched thin", is_shared=False),
    ),
)


def write(engagement, content=WRITTEN, week=47):
    update = open_draft(engagement=engagement, year=2026, week=week, by=engagement.lead)
    save_draft(update=update, content=content, seen=update.version, by=engagement.lead, today=TODAY)
    return update


def publish(engagement, content=WRITTEN, week=47, now=NOW):
    return publish_weekly_update(update=write(engagement, content, week), by=engagement.lead, now=now)


def test_the_first_draft_of_an_engagement_is_empty_and_opening_it_twice_makes_one():
    engagement = EngagementFactory()
    first = open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)
    again = open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)
    assert first.pk == again.pk
    assert (first.headline, lines_of(first), first.revision, first.state) == ("", (), 1, "draft")


def test_of_two_people_opening_a_week_at_once_the_second_is_told(monkeypatch):
    engagement = EngagementFactory()
    start_of = weekly_updates.start_of

    def slow_start(*args):
        WeeklyUpdateFactory(engagement=engagement, iso_week=47)
        return start_of(*args)

    monkeypatch.setattr(weekly_updates, "start_of", slow_start)
    with pytest.raises(Conflict):
        open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)


def test_a_save_that_is_on_its_way_while_the_week_is_published_begins_no_correction():
    engagement = EngagementFactory()
    update = publish(engagement)
    with pytest.raises(Conflict):
        open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead, expected=update.revision)
    assert not WeeklyUpdate.objects.filter(state="draft").exists()


def test_a_draft_begins_with_the_plan_and_the_ratings_of_the_last_published_week():
    engagement = EngagementFactory()
    publish(engagement, week=45)
    write(engagement, WeekDraft(headline="Only a draft", lines=(Line(NEXT, "Never published"),)), week=46)
    draft = open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)
    assert lines_of(draft) == (Line(NEXT, "Agree a date for the review", origin=LineOrigin.CARRIED),)
    assert (draft.headline, draft.ratings) == ("", WRITTEN.ratings)


def test_the_plan_is_carried_over_the_turn_of_a_year_with_53_weeks():
    engagement = EngagementFactory()
    publish(engagement, week=53, now=NOW + timedelta(weeks=6))
    draft = open_draft(engagement=engagement, year=2027, week=1, by=engagement.lead)
    assert [line.text for line in lines_of(draft)] == ["Agree a date for the review"]


def test_lines_are_stored_in_the_table_of_their_zone():
    update = write(EngagementFactory())
    assert list(update.shared_lines.values_list("kind", "text")) == [
        ("progress", "Trained the night shift"),
        ("next", "Agree a date for the review"),
    ]
    assert list(update.internal_lines.values_list("kind", "text")) == [
        ("progress", "The scanner was misconfigured by their IT"),
        ("note", "Pieter is stretched thin"),
    ]


def test_saving_from_an_older_screen_changes_nothing():
    engagement = EngagementFactory()
    update = write(engagement)
    with pytest.raises(Conflict):
        save_draft(update=update, content=WeekDraft(headline="Mine"), seen=1, by=engagement.lead, today=TODAY)
    update.refresh_from_db()
    assert (update.headline, len(lines_of(update))) == ("All shifts are live", 4)


def test_asks_keep_their_identity_and_only_those_of_the_draft_are_replaced():
    engagement = EngagementFactory()
    person = StakeholderFactory(customer=engagement.customer)
    earlier = AskFactory(engagement=engagement)
    update = write(engagement, WeekDraft(asks=(AskDraft("Name a reviewer"), AskDraft("Two hours"))))
    kept = update.asks.get(text="Name a reviewer")
    changed = AskDraft("Name the reviewer", person, date(2026, 11, 24), "Go-live moves", kept.pk)
    content = WeekDraft(asks=(changed,), carried_asks={earlier: Ask.State.DONE})
    save_draft(update=update, content=content, seen=update.version, by=engagement.lead, today=TODAY)
    assert update.asks.get().pk == kept.pk
    assert update.asks.get().stakeholder == person
    earlier.refresh_from_db()
    assert (earlier.state, earlier.closed_on) == ("done", TODAY)


def test_an_ask_of_another_update_cannot_be_rewritten_by_its_id():
    foreign = AskFactory(text="Theirs")
    update = write(EngagementFactory(), WeekDraft(asks=(AskDraft("Mine", id=foreign.pk),)))
    foreign.refresh_from_db()
    assert (foreign.text, update.asks.get().text) == ("Theirs", "Mine")
    assert update.asks.get().pk != foreign.pk


def test_publishing_freezes_health_and_makes_an_edition_of_what_is_shared():
    engagement = EngagementFactory()
    HealthSnapshot.objects.create(
        engagement=engagement, day=date(2026, 11, 19), watermark=1, computed_at=NOW, score=62, band="watch",
        coverage=1, components=[{"key": "schedule", "score": None}],
    )
    update = publish(engagement)
    assert (update.state, update.published_at, update.published_by) == ("published", NOW, engagement.lead)
    assert update.derived_health == {
        "day": "2026-11-19", "score": "62.0", "band": "watch", "coverage": "1.000", "components": [{"key": "schedule", "score": None}]
    }
    week = content_from(Edition.objects.get(engagement=engagement).content).week
    assert (week.monday, week.headline) == (date(2026, 11, 16), "All shifts are live")
    assert (week.progress, week.next) == (("Trained the night shift",), ("Agree a date for the review",))
    assert Recompute.objects.filter(engagement=engagement).exists()
    verbs = AuditEvent.objects.filter(engagement_id=engagement.pk).values_list("verb", "subject_type")
    assert {("publish", "weeklyupdate"), ("publish", "edition")} <= set(verbs)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (WeekDraft(lines=(Line(DONE, "Done"),)), "headline"),
        (WeekDraft(headline=" ", lines=(Line(DONE, "Done"),)), "headline"),
        (WeekDraft(headline="Nothing to read"), "__all__"),
        (WeekDraft(headline="All internal", lines=(Line(DONE, "Ours", is_shared=False),)), "__all__"),
    ],
)
def test_an_update_without_anything_to_read_is_not_published(content, field):
    engagement = EngagementFactory()
    with pytest.raises(ValidationError) as caught:
        publish(engagement, content)
    assert list(caught.value.message_dict) == [field]
    assert WeeklyUpdate.objects.get().state == "draft"
    assert not Edition.objects.exists()


def test_publishing_twice_is_refused_and_makes_one_edition():
    engagement = EngagementFactory()
    update = publish(engagement)
    with pytest.raises(Conflict):
        publish_weekly_update(update=update, by=engagement.lead, now=NOW)
    assert Edition.objects.count() == 1
    assert WeeklyUpdate.objects.get().state == "published"


def test_a_correction_begins_with_the_published_text_and_replaces_it_only_when_published():
    engagement = EngagementFactory()
    first = publish(engagement)
    draft = open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)
    assert (draft.revision, draft.headline, lines_of(draft)) == (2, first.headline, lines_of(first))
    first.refresh_from_db()
    assert first.state == "published"
    publish_weekly_update(update=draft, by=engagement.lead, now=NOW)
    first.refresh_from_db()
    assert (first.state, first.published_at, draft.state) == ("corrected", NOW, "published")
    assert list(Edition.objects.values_list("number", flat=True)) == [2, 1]


def test_correcting_an_older_week_leaves_the_newest_week_on_the_page():
    engagement = EngagementFactory()
    publish(engagement, week=45)
    publish(engagement, WeekDraft(headline="Week 46", lines=(Line(DONE, "Newer"),)), week=46)
    publish(engagement, WeekDraft(headline="Week 45, corrected", lines=(Line(DONE, "Older"),)), week=45)
    assert content_from(Edition.objects.first().content).week.headline == "Week 46"


def test_asks_of_a_draft_are_not_on_the_page():
    engagement = EngagementFactory()
    publish(engagement, week=46)
    write(engagement, WeekDraft(asks=(AskDraft("Not said yet"),)), week=47)
    publish(engagement, week=46)
    assert content_from(Edition.objects.first().content).asks == ()
