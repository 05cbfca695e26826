"""What changed between two revisions, in words a reader can follow."""

import pytest

from engagements.models import InternalLine, LineKind, SharedLine
from engagements.selectors.revision_diff import Piece, changed_lines, changes_between
from tests.factories.engagements import EngagementFactory, WeeklyUpdateFactory

SAME, REMOVED, ADDED = "same", "removed", "added"


def test_a_reworded_line_shows_the_words_that_went_and_came():
    (line,) = changed_lines(["Go-live on 4 December"], ["Go-live on 11 December"])
    assert line == [Piece(SAME, "Go-live on "), Piece(REMOVED, "4 "), Piece(ADDED, "11 "), Piece(SAME, "December")]


def test_lines_that_stayed_are_left_out():
    assert changed_lines(["One", "Two"], ["One", "Three", "Two"]) == [[Piece(ADDED, "Three")]]
    assert changed_lines(["One", "Two"], ["Two"]) == [[Piece(REMOVED, "One")]]


def test_chinese_is_compared_by_characters():
    (line,) = changed_lines(["下周上线"], ["下月上线"])
    assert line == [Piece(SAME, "下"), Piece(REMOVED, "周"), Piece(ADDED, "月"), Piece(SAME, "上线")]


@pytest.mark.django_db
def test_only_parts_that_changed_are_named_and_internal_ones_marked():
    engagement = EngagementFactory()
    first, second = (WeeklyUpdateFactory(engagement=engagement, revision=n, state=state, published_at="2026-03-06T15:00Z",
                                         headline="Same", schedule_rating=rating)
                     for n, state, rating in ((1, "corrected", "watch"), (2, "published", "on_track")))
    for update, text in ((first, "Old"), (second, "New")):
        SharedLine.objects.create(update=update, kind=LineKind.PROGRESS, text="Stayed")
        SharedLine.objects.create(update=update, kind=LineKind.NEXT, text=text)
        InternalLine.objects.create(update=update, kind=LineKind.NOTE, text="Quiet")
    parts = changes_between(first, second)
    assert [(part.title, part.is_internal) for part in parts] == [("Next week", False), ("Ratings", True)]
    assert changes_between(first, first) == []


@pytest.mark.django_db
def test_a_reason_for_a_rating_that_changed_is_told_among_ourselves():
    engagement = EngagementFactory()
    reasons = ((1, "corrected", ""), (2, "published", "The sponsor left last week"))
    first, second = (
        WeeklyUpdateFactory(engagement=engagement, revision=n, state=state, published_at="2026-03-06T15:00Z", headline="Same", gap_reason=why)
        for n, state, why in reasons
    )
    (part,) = changes_between(first, second)
    assert (part.title, part.is_internal) == ("Why the author sees it differently", True)
    assert part.lines == [[Piece(ADDED, "The sponsor left last week")]]
    assert changes_between(second, first)[0].lines == [[Piece(REMOVED, "The sponsor left last week")]]
