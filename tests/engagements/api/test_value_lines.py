"""Value lines and their drivers written by programs: by the rules of the forms, under the version of their case."""

from decimal import Decimal

import pytest
from django.test import Client

from engagements.models import RealisedValue, ValueAmount, ValueCase, ValueDriver, ValueLine
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.permissions import Role
from tests.engagements.api.test_figures import Api, recorded
from tests.factories.customers import MembershipFactory
from tests.factories.people import UserFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory, ValueDriverFactory, ValueLineFactory

pytestmark = pytest.mark.django_db
LINES = "/api/v1/value-lines/"
NEW = {"name": "Fewer repeat calls", "kind": "cost_avoided", "attribution": "0.9", "amounts": [{"year": 1, "amount": "210000"}, {"year": 2, "amount": "260000.50"}]}
DRIVER = {"name": "Calls", "low": "900", "expected": "1000", "high": "1200"}


@pytest.fixture
def line() -> ValueLine:
    line = ValueLineFactory(case__currency="EUR", name="Holds avoided", attribution="0.5", work="Holds", capture="0.333")
    ValueAmountFactory(line=line, year=1, amount=3650)
    return line


@pytest.fixture
def driven(line) -> ValueLine:
    driven = ValueLineFactory(case=line.case, name="Hours", kind="hours_released", basis="drivers", position=1)
    for name in ("Cases", "Minutes"):
        ValueDriverFactory(line=driven, name=name, confidence="observed")
    return driven


@pytest.fixture
def api(line) -> Api:
    return Api(line.case.engagement.lead)


def match(line: ValueLine) -> dict[str, str]:
    return {"If-Match": f'"{line.case_id}-{ValueCase.objects.get(pk=line.case_id).version}"'}


def wrong_in(answer) -> dict[str, list[str]]:
    """The fields that are named, by the place of their driver."""
    return {at: list(errors) for at, errors in answer.json().items()}


def stored() -> list[tuple]:
    """All that a line may say, amounts and drivers included."""
    return [list(model._base_manager.order_by("pk").values_list()) for model in (ValueCase, ValueLine, ValueAmount, ValueDriver)]


def test_a_line_is_added_at_the_end_of_its_case_and_the_others_stay(api, line):
    answer = api.send(LINES, NEW | {"case": line.case_id})
    made = ValueLine.objects.get(name="Fewer repeat calls")

    assert (answer.status_code, answer.json()["id"], answer["ETag"]) == (201, made.pk, match(line)["If-Match"])
    assert (made.position, made.attribution, made.is_shared) == (1, Decimal("0.9"), False)
    assert list(made.amounts.values_list("year", "amount")) == [(1, 210000), (2, Decimal("260000.50"))]
    line.refresh_from_db()
    assert (line.attribution, line.capture, line.work) == (Decimal("0.5"), Decimal("0.333"), "Holds")
    assert list(line.amounts.values_list("year", "amount")) == [(1, 3650)]
    assert AuditEvent.objects.get(verb="edit").engagement_id == line.case.engagement_id


def test_what_is_named_changes_and_the_rest_stays(api, line):
    answer = api.send(f"{LINES}{line.pk}/", {"risk_adjustment": "0.05", "amounts": [{"year": 0, "amount": 100}]}, "patch", **match(line))

    told = answer.json()
    assert (answer.status_code, answer["ETag"]) == (200, match(line)["If-Match"])
    assert (told["name"], told["attribution"], told["risk_adjustment"], told["capture"]) == ("Holds avoided", "0.500", "0.050", "0.333")
    assert told["amounts"] == [{"year": 0, "amount": "100.00"}]
    assert api.get(f"{LINES}{line.pk}/")["ETag"] == answer["ETag"]


def test_a_removed_line_takes_what_it_brought_along(api, line, driven):
    figure = recorded(line)
    answer = api.send(f"{LINES}{line.pk}/", {}, "delete", **match(line))

    assert (answer.status_code, list(ValueLine.objects.all())) == (204, [driven])
    assert ValueLine.with_removed.get(pk=line.pk).removed_at is not None
    assert RealisedValue.objects.get(pk=figure.pk).is_archived


def test_drivers_are_replaced_as_a_whole_in_their_order(api, driven):
    share = {"name": "Share", "unit": "share", "low": "0.3", "expected": "0.6", "high": "0.75", "source_kind": "observation"}
    answer = api.send(f"{LINES}{driven.pk}/drivers/", [DRIVER, share, DRIVER | {"name": "Rate", "unit": "money_per_hour"}], "put", **match(driven))

    assert answer.status_code == 200
    rows = list(driven.drivers.values_list("name", "unit", "expected", "confidence"))
    assert rows == [("Calls", "count", 1000, "estimated"), ("Share", "share", Decimal("0.6"), "estimated"), ("Rate", "money_per_hour", 1000, "estimated")]
    api.send(f"{LINES}{driven.pk}/drivers/", [share], "put", **match(driven))
    assert list(driven.drivers.values_list("name", "high")) == [("Share", Decimal("0.75"))]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": ""}, "name"), ({"kind": "luck"}, "kind"), ({"attribution": "1.2"}, "attribution"), ({"amounts": [{"year": 5, "amount": 1}]}, "amounts"),
     ({"amounts": []}, "amounts"), ({"amounts": [{"year": 11, "amount": 1}]}, "amounts"), ({"currency": "USD"}, "rate_on"), ({"work": "holds"}, "work"), ({"case": "x"}, "case")],
)  # fmt: skip
def test_what_cannot_be_is_named_and_nothing_is_written(api, line, given, field):
    before = stored()
    answer = api.send(LINES, NEW | {"case": line.case_id} | given)

    assert (answer.status_code, list(answer.json()), stored()) == (400, [field], before)


def test_a_line_that_objects_to_a_change_of_another_is_named(api, line):
    other = ValueLineFactory(case=line.case, name="Later", work="Delays", position=1)
    ValueAmountFactory(line=other, year=1)
    answer = api.send(f"{LINES}{line.pk}/", {"work": "Delays"}, "patch", **match(line))

    assert answer.status_code == 400
    assert answer.json()["non_field_errors"] == ["Line 2, “Later”: “Holds avoided” values the same work. One of the two must go, or be of other work."]


def test_a_driver_that_cannot_be_is_named_in_its_place(api, driven):
    before = stored()
    answer = api.send(f"{LINES}{driven.pk}/drivers/", [DRIVER, DRIVER | {"name": "Rate", "expected": "2000"}], "put", **match(driven))

    assert (answer.status_code, wrong_in(answer), stored()) == (400, {"1": ["expected"]}, before)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"low": "3", "expected": "2", "high": "1"}, "low"), ({"low": "-1"}, "low"), ({"name": " CALLS"}, "name"), ({"colour": "red"}, "colour"),
     ({"high": "9999999999999"}, "high"), ({"expected": "600000000000", "high": "999999999999"}, "expected"), ({"source_kind": "rumour"}, "source_kind")],
)  # fmt: skip
def test_what_is_no_driver_is_refused_by_row_and_field(api, driven, wrong, field):
    before = stored()
    answer = api.send(f"{LINES}{driven.pk}/drivers/", [DRIVER, DRIVER | {"name": "Rate"} | wrong], "put", **match(driven))

    assert (answer.status_code, wrong_in(answer), stored()) == (400, {"1": [field]}, before)


def test_the_cautious_end_of_a_cost_may_be_the_dearer_one(api, driven):
    ValueLine.objects.filter(pk=driven.pk).update(kind="licences")
    answer = api.send(f"{LINES}{driven.pk}/drivers/", [DRIVER | {"low": "1200", "high": "900"}], "put", **match(driven))

    assert (answer.status_code, driven.drivers.get().low) == (200, 1200)


def test_a_line_has_so_many_drivers_and_no_more(api, driven):
    before = stored()
    many = [{"name": f"Driver {number}", "low": "1", "expected": "3", "high": "5"} for number in range(60)]
    refused = api.send(f"{LINES}{driven.pk}/drivers/", many, "put", **match(driven))

    assert (refused.status_code, wrong_in(refused), stored()) == (400, {str(at): ["name"] for at in range(12, 60)}, before)
    assert api.send(f"{LINES}{driven.pk}/drivers/", many[:12], "put", **match(driven)).status_code == 200
    assert api.get(f"{LINES}{driven.pk}/").status_code == 200


def test_a_computed_line_keeps_a_driver(api, driven):
    before = stored()
    answer = api.send(f"{LINES}{driven.pk}/drivers/", [], "put", **match(driven))

    assert (answer.status_code, list(answer.json()), stored()) == (400, ["non_field_errors"], before)


def test_a_driver_that_is_there_keeps_what_is_not_said_of_it(api, driven):
    driven.drivers.filter(name="Minutes").update(source_kind="observation", source="Time study", unit="minutes")
    minutes = {"name": "minutes", "low": "5", "expected": "6", "high": "7"}
    answer = api.send(f"{LINES}{driven.pk}/drivers/", [minutes, DRIVER | {"source": "The desk"}], "put", **match(driven))

    rows = list(driven.drivers.values_list("name", "unit", "confidence", "source_kind", "source"))
    assert answer.status_code == 200
    assert rows == [("minutes", "minutes", "observed", "observation", "Time study"), ("Calls", "count", "estimated", "assumption", "The desk")]


def test_a_change_that_is_too_much_for_another_line_of_the_case_is_refused(api, driven):
    other = ValueLineFactory(case=driven.case, name="Faster", basis="drivers", position=2)
    for name, worth in (("Calls", 1), ("Rate", 500_000_000)):
        ValueDriverFactory(line=other, name=name, unit="count", expected=worth)
    before = stored()
    answer = api.send(f"{LINES}{driven.pk}/drivers/", [DRIVER], "put", **match(driven))

    said = {"expected": ["Together the drivers of “Faster” come to more than 1,000,000,000,000 a year."]}
    assert (answer.status_code, answer.json(), stored()) == (400, {"0": said}, before)


def test_a_line_of_amounts_has_no_drivers(api, line):
    assert api.send(f"{LINES}{line.pk}/drivers/", [DRIVER], "put", **match(line)).status_code == 409


WRITES = [("patch", "{}/", {"name": "Mine"}), ("delete", "{}/", {}), ("put", "{}/drivers/", [DRIVER])]


@pytest.mark.parametrize(("headers", "status"), [({}, 428), ({"If-Match": '"1-99"'}, 412)])
@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=["edit", "remove", "drivers"])
def test_nobody_is_written_over(api, driven, method, path, body, headers, status):
    before = stored()

    assert (api.send(LINES + path.format(driven.pk), body, method, **headers).status_code, stored()) == (status, before)


def reader(line: ValueLine) -> Client:
    return Api(line.case.engagement.lead, may_write=False)


def contact(line: ValueLine) -> Client:
    return Api(MembershipFactory(customer=line.case.engagement.customer).user)


def stranger(line: ValueLine) -> Client:
    return Api(UserFactory())


@pytest.mark.parametrize(("who", "status"), [(reader, 403), (contact, 403), (stranger, 404)])
@pytest.mark.parametrize(("method", "path", "body"), [("post", "", NEW), *WRITES], ids=["add", "edit", "remove", "drivers"])
def test_who_may_not_write_changes_nothing(driven, who, status, method, path, body):
    program, before = who(driven), stored()
    said = body | {"case": driven.case_id} if method == "post" else body

    assert (program.send(LINES + path.format(driven.pk), said, method, **match(driven)).status_code, stored()) == (status, before)


@pytest.mark.parametrize("role", [Role.FDE, Role.MANAGER])
def test_whoever_may_write_the_engagement_may_write_its_lines(line, role):
    person = UserFactory(role=role)
    line.case.engagement.backup = person
    line.case.engagement.save()

    assert Api(person).send(f"{LINES}{line.pk}/", {"name": "Ours"}, "patch", **match(line)).status_code == 200


def test_a_line_cannot_be_added_to_an_archived_case(api, line):
    archived = ValueCaseFactory(engagement=line.case.engagement, archived_at="2026-01-01T00:00Z")

    assert api.send(LINES, NEW | {"case": archived.pk}).status_code == 404
