"""Weekly updates written by programs: with what they read in If-Match, and as their person may."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from engagements.models import Ask, DraftRevision, Edition, LineKind, SharedLine, WeeklyUpdate
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.services.accounts import create_api_token
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory, WeeklyUpdateFactory

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]
LIST = "/api/v1/updates/"


@pytest.fixture
def friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def engagement():
    EngagementFactory(slug="strange")
    return EngagementFactory(slug="mine")


class Program:
    """Acts with a token that may write, and remembers the ETag of its last answer."""

    def __init__(self, person, *, may_write: bool = True) -> None:
        __, secret = create_api_token(name="sync", by=person, may_write=may_write)
        self.client, self.headers, self.etag = Client(), {"Authorization": f"Bearer {secret}"}, ""

    def send(self, method: str, path: str, data: object = None, *, match: str | None = "last"):
        headers = dict(self.headers)
        if match is not None:
            headers["If-Match"] = self.etag if match == "last" else match
        answer = getattr(self.client, method)(path, data, content_type="application/json", headers=headers)
        self.etag = answer.headers.get("ETag", self.etag)
        return answer

    def open(self, slug: str = "mine", week: int = 47):
        return self.send("post", LIST, {"engagement": slug, "iso_year": 2026, "iso_week": week}, match=None)


@pytest.fixture
def program(engagement):
    return Program(engagement.lead)


@pytest.fixture
def draft(program):
    return f"{LIST}{program.open().json()['id']}/"


def line(text="Fourteen clerks", **fields):
    return {"kind": "progress", "text": text} | fields


# Who may


def test_a_strangers_week_cannot_be_opened_changed_or_published(engagement, program):
    foreign = WeeklyUpdateFactory(headline="Theirs")
    assert program.open("strange").status_code == 404
    for method, path in (("patch", ""), ("post", "lines/"), ("post", "publish/"), ("post", "correct/")):
        assert program.send(method, f"{LIST}{foreign.pk}/{path}", line(), match="*").status_code == 404
    foreign.refresh_from_db()
    assert (foreign.headline, foreign.version) == ("Theirs", 1)
    assert WeeklyUpdate.objects.count() == 1


def test_a_token_that_only_reads_writes_nothing(engagement, draft):
    reader = Program(engagement.lead, may_write=False)
    assert reader.send("get", draft, match=None).status_code == 200
    assert reader.send("patch", draft, {"headline": "No"}).status_code == 403
    assert reader.open(week=46).status_code == 403
    assert WeeklyUpdate.objects.get().headline == ""


def test_a_contact_and_somebody_signed_out_are_refused(engagement):
    contact = Program(MembershipFactory(customer=engagement.customer).user)
    assert contact.open().status_code == 403
    assert Client().post(LIST, {}, content_type="application/json").status_code == 401
    assert not WeeklyUpdate.objects.exists()


# Opening


def test_opening_a_week_twice_gives_the_same_draft(program):
    first, second = program.open(), program.open()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"] == WeeklyUpdate.objects.get().pk
    assert first.json()["state"] == "draft"


def test_a_draft_begins_with_last_weeks_plan(engagement, program):
    before = WeeklyUpdateFactory(engagement=engagement, iso_week=46, state="published", published_at=FRIDAY, schedule_rating="watch")
    SharedLine.objects.create(update=before, kind=LineKind.NEXT, text="Agree a date")
    answer = program.open().json()
    assert [(row["text"], row["origin"]) for row in answer["lines"]] == [("Agree a date", "carried")]
    assert answer["schedule_rating"] == "watch"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"iso_week": 49}, "iso_week"),
        ({"iso_week": 54}, "iso_week"),
        ({"iso_year": 2025, "iso_week": 53}, "iso_week"),
        ({"iso_year": 2025}, "iso_week"),  # before the start
        ({"iso_year": "x"}, "iso_year"),
        ({"engagement": ""}, "engagement"),
    ],
)
def test_a_week_that_cannot_be_written_is_named(program, wanted, field):
    answer = program.send("post", LIST, {"engagement": "mine", "iso_year": 2026, "iso_week": 47} | wanted, match=None)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not WeeklyUpdate.objects.exists()


def test_the_coming_week_can_be_written_but_not_published(program):
    draft = program.open(week=48).json()
    program.send("post", f"{LIST}{draft['id']}/lines/", line())
    answer = program.send("post", f"{LIST}{draft['id']}/publish/")
    assert (answer.status_code, list(answer.json())) == (400, ["iso_week"])
    assert WeeklyUpdate.objects.get().state == "draft"


# Writing


def test_what_is_sent_is_stored_and_what_is_not_named_stays(engagement, program, draft):
    person = StakeholderFactory(customer=engagement.customer)
    lines = [line(), line("Their IT is slow", is_shared=False), line("Call Ruth", kind="note", is_shared=False)]
    asks = [{"text": "Name a reviewer", "stakeholder": person.pk, "due_on": "2026-11-27", "consequence": "Go-live moves"}]
    program.send("patch", draft, {"headline": "Night shift trained", "lines": lines, "asks": asks})
    answer = program.send("patch", draft, {"schedule_rating": "at_risk"})

    assert answer.status_code == 200
    stored = answer.json()
    assert (stored["headline"], stored["schedule_rating"]) == ("Night shift trained", "at_risk")
    assert [(row["text"], row["is_shared"]) for row in stored["lines"]] == [
        ("Fourteen clerks", True), ("Their IT is slow", False), ("Call Ruth", False)
    ]
    ask = Ask.objects.get()
    assert (ask.text, ask.stakeholder, str(ask.due_on), ask.consequence) == ("Name a reviewer", person, "2026-11-27", "Go-live moves")
    assert program.send("get", draft, match=None).json() == stored
    assert list(AuditEvent.objects.filter(subject_type="weeklyupdate").order_by("pk").values_list("verb", flat=True)) == ["open", "edit", "edit"]


def test_a_line_is_added_at_the_end(program, draft):
    program.send("post", f"{draft}lines/", line("First"))
    answer = program.send("post", f"{draft}lines/", line("Second", kind="next"))
    assert [row["text"] for row in answer.json()["lines"]] == ["First", "Second"]


def test_an_ask_that_is_sent_back_keeps_its_id(program, draft):
    stored = program.send("patch", draft, {"asks": [{"text": "Name a reviewer"}]}).json()["asks"]
    again = [{"id": stored[0]["id"], "text": "Name two reviewers"}]
    assert program.send("patch", draft, {"asks": again}).json()["asks"][0]["id"] == stored[0]["id"]


def test_without_what_was_read_nothing_is_written(program, draft):
    assert program.send("patch", draft, {"headline": "Blind"}, match=None).status_code == 428
    assert program.send("post", f"{draft}publish/", match=None).status_code == 428
    assert WeeklyUpdate.objects.get().headline == ""


def test_the_second_of_two_programs_is_told_and_overwrites_nothing(engagement, program, draft):
    other = Program(engagement.lead)
    other.send("get", draft, match=None)
    assert program.send("patch", draft, {"headline": "First"}).status_code == 200
    answer = other.send("patch", draft, {"headline": "Second"})
    assert answer.status_code == 412
    assert "read it again" in answer.json()["detail"]
    assert WeeklyUpdate.objects.get().headline == "First"

    other.send("get", draft, match=None)
    assert other.send("patch", draft, {"headline": "Second"}).status_code == 200
    assert [revision.content["headline"] for revision in DraftRevision.objects.all()] == ["First"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"headline": "x" * 141}, "headline"),
        ({"schedule_rating": "green"}, "schedule_rating"),
        ({"lines": [line(kind="gossip")]}, "lines"),
        ({"lines": [line(kind="note")]}, "lines"),
        ({"lines": [line(evidence_link="javascript:alert(1)")]}, "lines"),
        ({"lines": [line()] * 61}, "lines"),
        ({"asks": [{"text": "x", "due_on": "soon"}]}, "asks"),
    ],
)
def test_bad_input_names_the_field_and_writes_nothing(program, draft, data, field):
    answer = program.send("patch", draft, data)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not SharedLine.objects.exists()
    assert WeeklyUpdate.objects.get().version == 1


def test_a_person_of_another_customer_cannot_be_asked(program, draft):
    foreign = StakeholderFactory()
    answer = program.send("patch", draft, {"asks": [{"text": "Name a reviewer", "stakeholder": foreign.pk}]})
    assert answer.status_code == 400
    assert not Ask.objects.exists()


# Publishing and correcting


def test_a_draft_is_published_corrected_and_published_again(program, draft):
    program.send("patch", draft, {"headline": "Night shift trained", "lines": [line()]})
    published = program.send("post", f"{draft}publish/")
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert program.send("patch", draft, {"headline": "Quietly"}).status_code == 409
    assert program.send("post", f"{draft}publish/").status_code == 409

    correction = program.send("post", f"{draft}correct/")
    assert (correction.status_code, correction.json()["revision"], correction.json()["headline"]) == (201, 2, "Night shift trained")
    second = f"{LIST}{correction.json()['id']}/"
    assert program.send("post", f"{second}correct/").status_code == 409
    program.send("patch", second, {"headline": "Night shift is trained"})
    program.send("post", f"{second}publish/")
    assert list(WeeklyUpdate.objects.order_by("revision").values_list("state", "headline")) == [
        ("corrected", "Night shift trained"), ("published", "Night shift is trained")
    ]
    assert Edition.objects.count() == 2


def test_an_update_without_anything_to_read_is_not_published(program, draft):
    answer = program.send("post", f"{draft}publish/")
    assert (answer.status_code, sorted(answer.json())) == (400, ["headline", "lines"])
    assert WeeklyUpdate.objects.get().is_draft
    assert not Edition.objects.exists()


def test_the_description_names_what_can_be_written(engagement, program):
    paths = program.send("get", "/api/v1/schema/", match=None).json()["paths"]
    assert sorted(paths["/api/v1/updates/{id}/"]) == ["get", "patch"]
    for name in ("lines", "publish", "correct"):
        act = paths[f"/api/v1/updates/{{id}}/{name}/"]["post"]
        assert "If-Match" in [parameter["name"] for parameter in act["parameters"]]
        assert {"412", "428"} <= set(act["responses"])
