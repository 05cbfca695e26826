"""Code and tickets as facts of a week."""

from datetime import UTC, datetime

import pytest

from engagements.selectors.drafting.work import work_done
from tests.factories.work import WorkItemFactory

pytestmark = pytest.mark.django_db


def test_work_is_told_by_repository_and_kind_and_only_to_us(engagement, stranger, told):
    for number in range(1, 6):
        WorkItemFactory(engagement=engagement, title=f"Change {number}")
    WorkItemFactory(engagement=engagement, kind="commit")  # the merged changes tell it better
    WorkItemFactory(engagement=engagement, kind="commit", repository="acme/infra", title="Rotate keys")
    WorkItemFactory(engagement=engagement, kind="ticket", title="CLM-7")
    WorkItemFactory(engagement=engagement, happened_at=datetime(2026, 11, 15, tzinfo=UTC))
    WorkItemFactory(engagement=stranger)
    assert [(text, shared) for __, text, shared in told(work_done)] == [
        ("5 changes merged in acme/claims: Change 1, Change 2, Change 3, 2 more", False),
        ("1 ticket closed in acme/claims: CLM-7", False),
        ("1 commit in acme/infra: Rotate keys", False),
    ]
