"""What leaves the house for the customer's security team: looked at first, all of it named, each time on record."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import ActivityDay, Engagement, GateCondition
from fde_portal.accounts.models import AuditEvent
from tests.factories.concerns import IncidentFactory, ReleaseFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.gates import GateCriterionFactory, GateDecisionFactory
from tests.factories.log import FACTORIES
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def work(client: Client) -> Engagement:
    """An engagement with one of everything that may go, and beside it what must not."""
    work = EngagementFactory(name="Copilot", customer__language="en", phase="production")
    criterion = GateCriterionFactory(
        gate__engagement=work, gate__phase="pilot", key="rollback", answer="pass", evidence="Tried twice",
        link="https://inside.example/secret", answered_at=datetime(2026, 3, 1, 9, tzinfo=UTC), answered_by=UserFactory(name="Inside Person"),
    )  # fmt: skip
    decision = GateDecisionFactory(gate=criterion.gate, outcome="conditions", dissent="Inside dissent", reason="Inside reason")
    GateCondition.objects.create(engagement=work, decision=decision, text="Second run", due_on=DAY)
    FACTORIES["decision"](engagement=work, text="Keep data in Europe", in_dossier=True)
    FACTORIES["decision"](engagement=work, text="Inside decision")
    deliverable = DeliverableFactory(engagement=work, name="Reader")
    ReleaseFactory(deliverable=deliverable, name="2.1", note="Inside note")
    IncidentFactory(deliverable=deliverable, title="Wrong drafts", cause="A stale table")
    ActivityDay.objects.create(
        deliverable=deliverable, day=DAY, dimension="release", name="2.1", actors=b"", events=10, accepted=6, edited=2, rejected=0,
        failed=1, seconds_saved=0,
    )  # fmt: skip
    client.force_login(work.lead)
    return work


def hash_shown(answer) -> str:
    return answer.context["hash"] if answer.status_code in (200, 409) else ""


def export(client: Client, work: Engagement):
    """Look at it, and hand it out."""
    seen = hash_shown(client.get(reverse("dossier", args=[work.slug])))
    return client.post(reverse("dossier_export", args=[work.slug]), {"seen": seen})


def test_what_changed_since_it_was_looked_at_is_shown_again_instead(client: Client, work: Engagement) -> None:
    seen = hash_shown(client.get(reverse("dossier", args=[work.slug])))
    FACTORIES["decision"](engagement=work, text="Decided meanwhile", in_dossier=True)
    url = reverse("dossier_export", args=[work.slug])
    for typed in ({"seen": seen}, {}):
        refused = client.post(url, typed)
        assert refused.status_code == 409
        assert "Decided meanwhile" in refused.context["content"]
        assert "the records changed since you looked" in refused.content.decode()
    assert not AuditEvent.objects.filter(verb="export_dossier").exists()
    handed = client.post(url, {"seen": hash_shown(refused)})
    assert "Decided meanwhile" in ZipFile(BytesIO(handed.content)).read("dossier.html").decode()
    assert f'name="seen" value="{hash_shown(refused)}"' in refused.content.decode()


def test_the_archive_holds_what_may_go_and_nothing_else(client: Client, work: Engagement) -> None:
    stranger = EngagementFactory()
    IncidentFactory(deliverable__engagement=stranger, title="Theirs")
    answer = export(client, work)
    archive = ZipFile(BytesIO(answer.content))
    assert archive.namelist() == ["dossier.json", "dossier.html"]
    body, page = json.loads(archive.read("dossier.json")), archive.read("dossier.html").decode()
    assert [row["key"] for row in body["compliance"]] == ["rollback"]
    assert [(row["phase"], row["outcome"], row["conditions"][0]["text"]) for row in body["gates"]] == [("pilot", "conditions", "Second run")]
    assert [row["text"] for row in body["decisions"]] == ["Keep data in Europe"]
    assert [(row["release"], row["cases"], row["accepted"]) for row in body["quality"]] == [("2.1", 10, 6)]
    assert [row["title"] for row in body["incidents"]] == ["Wrong drafts"]
    for text in ("Tried twice", "Second run", "Keep data in Europe", "75%", "A stale table"):
        assert text in page
    for text in ("Inside", "inside.example", "Theirs"):
        assert text not in page
        assert text not in json.dumps(body)


def test_the_preview_is_what_the_file_says(client: Client, work: Engagement) -> None:
    shown = client.get(reverse("dossier", args=[work.slug])).context["content"]
    page = ZipFile(BytesIO(export(client, work).content)).read("dossier.html").decode()
    assert shown in page


def test_it_speaks_the_customers_language(client: Client, work: Engagement) -> None:
    work.customer.language = "zh-hans"
    work.customer.save()
    page = ZipFile(BytesIO(export(client, work).content)).read("dossier.html").decode()
    assert '<html lang="zh-hans">' in page
    assert "已演练回滚" not in page  # texts of records stay as they were written
    assert "有条件放行" in page


def test_each_time_is_on_record_and_looking_is_not(client: Client, work: Engagement) -> None:
    client.get(reverse("dossier", args=[work.slug]))
    assert not AuditEvent.objects.filter(verb="export_dossier").exists()
    export(client, work)
    event = AuditEvent.objects.get(verb="export_dossier")
    assert (event.engagement_id, event.actor, len(event.details["hash"])) == (work.pk, work.lead, 64)


def test_the_file_has_the_parts_that_are_named_and_no_others(client: Client, work: Engagement) -> None:
    body = json.loads(ZipFile(BytesIO(export(client, work).content)).read("dossier.json"))
    assert set(body) == {
        "schema", "vendor", "customer", "engagement", "phase", "made_on",
        "compliance", "gates", "decisions", "sources", "releases", "quality", "incidents",
    }  # fmt: skip
    assert set(body["compliance"][0]) == {"text", "is_hard", "key", "answer", "evidence", "answered_on", "waived_because"}


def test_nobody_else_reaches_it(client: Client, work: Engagement) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse("dossier", args=[work.slug])).status_code == 404
    assert export(client, work).status_code == 404
    client.force_login(ContactFactory())
    assert export(client, work).status_code == 403
    assert not AuditEvent.objects.filter(verb="export_dossier").exists()


def test_it_costs_as_many_statements_with_many(client: Client, work: Engagement, django_assert_max_num_queries) -> None:
    for many in (1, 3, 30):
        GateCriterionFactory.create_batch(many, gate=work.gates.get())
        ReleaseFactory.create_batch(many, deliverable__engagement=work)
        with django_assert_max_num_queries(20):
            client.get(reverse("dossier", args=[work.slug]))


def test_instants_are_utc_whatever_the_zone_of_who_exports(client: Client, work: Engagement) -> None:
    work.lead.time_zone = "Asia/Shanghai"
    work.lead.save()
    IncidentFactory(deliverable__engagement=work, title="At night", started_at=datetime(2026, 3, 1, 20, 5, tzinfo=UTC))
    assert "2026-03-01 20:05 UTC: At night" in client.get(reverse("dossier", args=[work.slug])).context["content"]
