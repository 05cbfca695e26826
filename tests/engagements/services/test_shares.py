"""Links, editions and asks: who did what, and what stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engagements.models import Ask, Edition, Section, Share, ShareView
from engagements.selectors.share import open_share, shares_with_use
from engagements.services.asks import close_ask
from engagements.services.editions import publish_edition
from engagements.services.shares import create_share, log_view, revoke_share
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import AskFactory, EngagementFactory
from tests.factories.shares import EditionFactory, ShareFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)
NETWORK = "192.0.2.1"


def verbs(subject):
    rows = AuditEvent.objects.filter(subject_type=subject._meta.model_name, subject_id=subject.pk)
    return list(rows.order_by("id").values_list("verb", flat=True))


def test_a_new_link_shows_everything_and_only_its_digest_is_stored():
    engagement = EngagementFactory()
    share, secret = create_share(engagement=engagement, name="Board", by=engagement.lead, language="zh-hans")
    share.refresh_from_db()
    assert (share.token_digest, share.sections, share.language) == (digest_of(secret), list(Section.values), "zh-hans")
    assert len(secret.removeprefix("fdes_")) >= 43  # 256 bits in base64
    stored = [str(value) for row in Share.objects.values_list() for value in row]
    assert not any(secret in value for value in stored)
    assert secret not in str(AuditEvent.objects.get(verb="share").details)
    assert open_share(secret, NOW, NETWORK) == share


def test_a_revoked_link_opens_nothing_and_revoking_twice_is_told_once():
    engagement = EngagementFactory()
    share, secret = create_share(engagement=engagement, name="Board", by=engagement.lead, language="en")
    assert revoke_share(share, by=engagement.lead, now=NOW) is True
    assert revoke_share(share, by=engagement.lead, now=NOW + timedelta(hours=1)) is False
    share.refresh_from_db()
    assert (share.revoked_at, share.revoked_by, open_share(secret, NOW, NETWORK)) == (NOW, engagement.lead, None)
    assert verbs(share) == ["share", "revoke"]


def test_a_link_ends_at_its_instant():
    engagement = EngagementFactory()
    share, secret = create_share(
        engagement=engagement, name="Board", by=engagement.lead, language="en", expires_at=NOW
    )
    assert open_share(secret, NOW - timedelta(seconds=1), NETWORK) == share
    assert open_share(secret, NOW, NETWORK) is None


@pytest.mark.parametrize("path", ["engagement", "customer"])
def test_archiving_the_work_closes_its_links(path):
    engagement = EngagementFactory()
    _, secret = create_share(engagement=engagement, name="Board", by=engagement.lead, language="en")
    archived = engagement if path == "engagement" else engagement.customer
    archived.archived_at = NOW
    archived.save()
    assert open_share(secret, NOW, NETWORK) is None


def test_links_are_listed_with_their_use_and_working_ones_first():
    engagement = EngagementFactory()
    edition = EditionFactory(engagement=engagement)
    used = ShareFactory(engagement=engagement)
    ended = ShareFactory(engagement=engagement, expires_at=NOW - timedelta(days=1))
    for minutes in (5, 3):
        log_view(share=used, edition=edition, address="", now=NOW - timedelta(minutes=minutes))
    ShareFactory()
    found = [(row.pk, row.is_open, row.opened, row.last_opened) for row in shares_with_use(engagement, NOW)]
    assert found == [(used.pk, True, 2, NOW - timedelta(minutes=3)), (ended.pk, False, 0, None)]
    assert {field.name for field in ShareView._meta.get_fields()} == {"id", "share", "edition", "address", "seen_at"}


def test_editions_are_numbered_within_their_engagement_and_never_change():
    first, other = EngagementFactory(), EngagementFactory()
    for engagement in (first, other, first):
        publish_edition(engagement=engagement, by=engagement.lead, now=NOW)
    assert list(Edition.objects.filter(engagement=first).values_list("number", flat=True)) == [2, 1]
    assert list(Edition.objects.filter(engagement=other).values_list("number", flat=True)) == [1]
    edition = Edition.objects.first()
    edition.content = "{}"
    with pytest.raises(TypeError):
        edition.save()


def test_an_edition_is_audited_with_its_hash():
    engagement = EngagementFactory()
    edition = publish_edition(engagement=engagement, by=engagement.lead, now=NOW)
    event = AuditEvent.objects.get(subject_type="edition")
    assert (event.verb, event.actor, event.engagement_id) == ("publish", engagement.lead, engagement.pk)
    assert event.details == {"number": 1, "hash": edition.content_hash}


def test_an_ask_is_closed_and_opened_again():
    ask, today = AskFactory(), date(2026, 11, 20)
    by = ask.engagement.lead
    assert close_ask(ask, state=Ask.State.WITHDRAWN, on=today, by=by)
    assert not close_ask(ask, state=Ask.State.WITHDRAWN, on=today + timedelta(days=1), by=by)
    ask.refresh_from_db()
    assert (ask.state, ask.closed_on) == ("withdrawn", today)
    assert close_ask(ask, state=Ask.State.OPEN, on=today, by=by)
    ask.refresh_from_db()
    assert (ask.state, ask.closed_on, verbs(ask)) == ("open", None, ["close", "reopen"])
