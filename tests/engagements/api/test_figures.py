"""Value lines, realised values and observations from programs: read, recorded, corrected; never over somebody else's save."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.models import Observation, RealisedValue, ValueCase, ValueLine
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.services.accounts import create_api_token
from tests.factories.customers import MembershipFactory
from tests.factories.outcomes import ObservationFactory
from tests.factories.people import UserFactory
from tests.factories.value import ValueAmountFactory, ValueDriverFactory, ValueLineFactory

pytestmark = pytest.mark.django_db
REALISED, LINES = "/api/v1/realised-values/", "/api/v1/value-lines/"
BODY = {"period_from": "2026-02-01", "period_to": "2026-02-28", "amount": "1250.50", "reason": "Two desks started late"}


class Api(Client):
    """Sends JSON as a program of `person` that may write, unless it may not."""

    def __init__(self, person, *, may_write: bool = True) -> None:
        __, secret = create_api_token(name="sync", by=person, may_write=may_write)
        super().__init__(headers={"Authorization": f"Bearer {secret}"})

    def send(self, url: str, body: dict, method: str = "post", **headers: str):
        return getattr(self, method)(url, body, content_type="application/json", headers=headers)


@pytest.fixture
def line() -> ValueLine:
    line = ValueLineFactory(case__currency="EUR", case__weighs_confidence=False, name="Holds avoided", attribution="0.5")
    ValueAmountFactory(line=line, year=1, amount=3650)
    return line


@pytest.fixture
def api(line) -> Api:
    return Api(line.case.engagement.lead)


def recorded(line: ValueLine) -> RealisedValue:
    return RealisedValue.objects.create(
        line=line, period_from=date(2026, 1, 1), period_to=date(2026, 1, 31), amount=5, recorded_on=date(2026, 2, 1), state="confirmed", decided_on=date(2026, 2, 2)
    )


@pytest.mark.parametrize("kind", ["value-cases", "value-lines", "realised-values"])
def test_a_list_holds_the_own_records_and_not_the_strangers(api, line, kind):
    recorded(line)
    recorded(ValueLineFactory())

    assert [row["engagement"] for row in api.get(f"/api/v1/{kind}/").json()["results"]] == [line.case.engagement.slug]
    assert api.get(f"/api/v1/{kind}/?engagement=unknown").json()["count"] == 0


def test_a_line_says_its_amounts_drivers_and_what_counts_of_it(api, line):
    driven = ValueDriverFactory(line__case=line.case, name="Minutes").line
    told = api.get(f"{LINES}{line.pk}/").json()

    assert (told["amounts"], told["counted"], told["attribution"]) == ([{"year": 1, "amount": "3650.00"}], ["0.00", "1825.00", "0.00", "0.00"], "0.500")
    assert [driver["name"] for driver in api.get(f"{LINES}{driven.pk}/").json()["drivers"]] == ["Minutes"]
    assert api.get(f"{LINES}{ValueLineFactory().pk}/").status_code == 404


def test_lines_of_an_archived_case_are_left_out(api, line):
    ValueCase.objects.update(archived_at="2026-01-01T00:00Z")

    assert (api.get(LINES).json()["count"], api.send(REALISED, BODY | {"line": line.pk}).status_code) == (0, 404)


def test_a_realised_value_is_recorded_by_the_rules_of_the_form(api, line):
    answer = api.send(REALISED, BODY | {"line": line.pk})
    made = RealisedValue.objects.get()

    assert (answer.status_code, answer.json()["amount"], answer.json()["state"], answer["ETag"]) == (201, "1250.50", "provisional", f'"{made.pk}-1"')
    assert (made.recorded_by, made.reason) == (line.case.engagement.lead, "Two desks started late")
    assert [event.actor for event in AuditEvent.objects.filter(verb="create", subject_id=made.pk)][-1:] == [line.case.engagement.lead]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"period_to": "2026-01-31"}, "period_to"), ({"period_to": "soon"}, "period_to"), ({"amount": "1.000,5"}, "amount"), ({"amount": None}, "amount"),
     ({"hours": "5"}, "hours"), ({"confidence": "sure"}, "confidence"), ({"line": "x"}, "line")],
)  # fmt: skip
def test_what_cannot_be_is_named_and_nothing_is_written(api, line, given, field):
    answer = api.send(REALISED, BODY | {"line": line.pk} | given)

    assert (answer.status_code, list(answer.json()), RealisedValue.objects.count()) == (400, [field], 0)


def test_a_correction_changes_what_is_named_and_waits_for_its_verdict_again(api, line):
    figure = recorded(line)
    etag = api.get(f"{REALISED}{figure.pk}/")["ETag"]
    answer = api.send(f"{REALISED}{figure.pk}/", {"amount": 7}, "patch", **{"If-Match": etag})

    figure.refresh_from_db()
    assert (answer.status_code, answer["ETag"]) == (200, f'"{figure.pk}-2"')
    assert (figure.amount, figure.period_to, figure.state) == (7, date(2026, 1, 31), "provisional")


@pytest.mark.parametrize(("headers", "status"), [({}, 428), ({"If-Match": '"1-99"'}, 412)])
def test_nobody_is_written_over(api, line, headers, status):
    figure = recorded(line)
    answer = api.send(f"{REALISED}{figure.pk}/", {"amount": 7}, "patch", **headers)

    figure.refresh_from_db()
    assert (answer.status_code, figure.amount, figure.state) == (status, 5, "confirmed")


def test_an_observation_is_corrected_the_same_way():
    seen = ObservationFactory(state="disputed", comment="Count the scans", decided_on=date(2026, 3, 3))
    api, url = Api(seen.agreement.engagement.lead), f"/api/v1/observations/{seen.pk}/"
    assert api.send(url, {"numerator": "9"}, "patch").status_code == 428
    answer = api.send(url, {"numerator": "9"}, "patch", **{"If-Match": api.get(url)["ETag"]})

    seen.refresh_from_db()
    assert (answer.status_code, seen.numerator, seen.state, seen.comment) == (200, 9, "provisional", "")


def test_an_observation_of_a_decided_outcome_stays_as_it_is():
    seen = ObservationFactory(agreement__state="met")
    api, url = Api(seen.agreement.engagement.lead), f"/api/v1/observations/{seen.pk}/"

    assert api.send(url, {"numerator": "9"}, "patch", **{"If-Match": api.get(url)["ETag"]}).status_code == 409
    assert Observation.objects.get().numerator == 10


def test_who_may_not_write_changes_nothing(line):
    figure = recorded(line)
    reader, stranger, contact = Api(line.case.engagement.lead, may_write=False), Api(UserFactory()), Client()
    contact.force_login(MembershipFactory(customer=line.case.engagement.customer).user)
    url, match = f"{REALISED}{figure.pk}/", {"If-Match": f'"{figure.pk}-1"'}

    assert [reader.send(url, {"amount": 7}, "patch", **match).status_code, stranger.send(url, {"amount": 7}, "patch", **match).status_code] == [403, 404]
    assert contact.patch(url, {"amount": 7}, content_type="application/json", headers=match).status_code == 403
    assert [api.send(REALISED, BODY | {"line": line.pk}).status_code for api in (reader, stranger)] == [403, 404]
    figure.refresh_from_db()
    assert (figure.amount, RealisedValue.objects.count()) == (5, 1)


@pytest.mark.parametrize("kind", ["value-cases", "value-lines", "realised-values", "observations"])
def test_the_number_of_statements_does_not_grow(kind):
    lead, counts = UserFactory(), set()
    client = Client()
    client.force_login(lead)
    for rows in (1, 3, 30):
        while ValueCase.objects.count() < rows:
            made = ValueLineFactory(case__engagement__lead=lead)
            recorded(made)
            ObservationFactory(agreement__engagement=made.case.engagement)
        with CaptureQueriesContext(connection) as statements:
            assert client.get(f"/api/v1/{kind}/").json()["count"] == rows
        counts.add(len(statements))
    assert len(counts) == 1
