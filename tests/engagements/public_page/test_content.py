"""The frozen content of an edition and its one spelling."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engagements.public_page.content import (
    SharedAdoption,
    SharedAsk,
    SharedBlocker,
    SharedContent,
    SharedMilestone,
    SharedValue,
    SharedWeek,
    WeekOfUse,
    canonical_json,
    content_from,
    hash_of,
)

CONTENT = SharedContent(
    engagement="质检助手",
    customer="澄江精密",
    vendor="Northlight",
    vendor_mark="N",
    contact_name="Maya Okafor",
    contact_email="maya@northlight.example",
    time_zone="Asia/Shanghai",
    published_on=date(2026, 11, 20),
    week=SharedWeek(date(2026, 11, 16), "Live", ("Done",), ("Next",)),
    asks=(SharedAsk(3, "Name a reviewer", "Wang Wei", None, ""),),
    blockers=(SharedBlocker(5, "No reviewer yet", "customer", date(2026, 11, 11), "Go-live", date(2026, 11, 30), date(2026, 12, 14)),),
    milestones=(SharedMilestone(7, "Go-live", "", date(2026, 11, 30), date(2026, 12, 14), False),),
    adoption=SharedAdoption(121, None, (WeekOfUse(date(2026, 11, 9), None, 180),)),
    value=SharedValue("CNY", True, date(2026, 6, 1), (Decimal(-100), Decimal(250)), Decimal("0.29")),
)
BARE = replace(CONTENT, week=SharedWeek(), asks=(), blockers=(), milestones=(), adoption=None, value=None)


@pytest.mark.parametrize("content", [CONTENT, BARE])
def test_what_is_written_is_read_again_exactly(content):
    assert content_from(canonical_json(content)) == content


def test_the_spelling_is_canonical():
    text = canonical_json(BARE)
    assert text.startswith('{"adoption":null,"asks":[],"blockers":[],"contact_email":"maya@northlight.example",')
    assert '"customer":"澄江精密"' in text
    assert '"schema":1' in text
    assert ": " not in text


def test_an_edition_from_before_blockers_is_still_read():
    older = canonical_json(BARE).replace('"blockers":[],', "")
    assert content_from(older) == BARE


def test_the_hash_follows_the_content():
    assert hash_of(canonical_json(CONTENT)) == hash_of(canonical_json(replace(CONTENT)))
    assert hash_of(canonical_json(CONTENT)) != hash_of(canonical_json(replace(CONTENT, customer="别人")))


def test_a_schema_of_the_future_is_refused():
    with pytest.raises(ValueError, match="newer version"):
        content_from(canonical_json(CONTENT).replace('"schema":1', '"schema":2'))
