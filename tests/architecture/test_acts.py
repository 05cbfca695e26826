"""Every act the services write into the audit trail is told there in a sentence."""

import re

import pytest

from engagements.services import blockers, deliverable_life, responses
from fde_portal.accounts.acts import registered_verbs
from tests.conftest import PROJECT

PACKAGES = ("fde_portal/accounts", "customers", "engagements")
RECORDED = re.compile(r"\brecord\(\s*([^,()]*\"[^,]*),|\bverb=(\"[^\"]+\")")
NAME = re.compile(r'"([^"]+)"')


def written_verbs() -> set[str]:
    """Verbs that stand in the first argument of a call of `record`, or that a table of verbs holds."""
    sources = [path.read_text() for package in PACKAGES for path in (PROJECT / package).rglob("*.py")]
    calls = ["".join(found) for source in sources for found in RECORDED.findall(source)]
    tables = (blockers.VERBS, deliverable_life.VERBS, responses.VERBS)
    return {name for call in calls for name in NAME.findall(call)} | {verb for table in tables for verb in table.values()}


@pytest.mark.parametrize("verb", sorted(written_verbs()))
def test_the_trail_has_a_sentence_for(verb):
    assert verb in registered_verbs()


def test_the_verbs_are_found():
    assert {"create", "hand_over", "remove_second_step", "archive", "escalate"} <= written_verbs()
