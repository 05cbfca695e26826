from decimal import Decimal

import pytest
from django import forms

from engagements.forms.values import AmountField, PercentField, ValueCaseForm
from engagements.models import ValueCase
from tests.factories.engagements import EngagementFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory, case_data


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1000.50", "1000.50"),
        ("1,000.50", "1000.50"),
        ("1,234,567", "1234567"),
        (" 1 000 ", "1000"),
        ("-5", "-5"),
        ("−5.5", "-5.5"),
        ("0", "0"),
        ("007", "7"),
    ],
)
def test_an_amount_is_read_as_it_is_written(typed: str, amount: str) -> None:
    assert AmountField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["1.000,50", "1,00", "1,0000", "12,34,567", "1e5", "abc", "NaN", "€5", "1,000,", "٣", "1."])
def test_an_amount_that_can_be_read_in_two_ways_is_refused_and_quoted(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="is not an amount") as error:
        AmountField().clean(typed)
    assert typed in error.value.messages[0]


@pytest.mark.parametrize("typed", ["0.005", "99999999999999999"])
def test_an_amount_the_database_cannot_hold_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        AmountField().clean(typed)


def test_a_percentage_is_a_share_of_one_inside_and_a_plain_number_outside() -> None:
    field = PercentField(places=2)
    assert field.clean("7.25") == Decimal("0.0725")
    assert field.prepare_value(Decimal("0.1000")) == "10"
    assert field.prepare_value(Decimal("0.0725")) == "7.25"
    assert field.prepare_value(Decimal(1)) == "100"
    assert not field.has_changed(Decimal("0.0725"), "7.25")
    assert field.has_changed(Decimal("0.0725"), "7.3")


@pytest.mark.parametrize("typed", ["-1", "101", "10.123"])
def test_a_percentage_stays_between_0_and_100(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        PercentField(places=2).clean(typed)


def bound(lines: list[dict], **fields) -> ValueCaseForm:
    return ValueCaseForm(case_data(lines, **fields), instance=ValueCase(engagement=EngagementFactory()))


@pytest.mark.django_db
def test_a_line_error_names_the_line_and_the_field() -> None:
    form = bound([{"name": "Good", "amounts": ["1"]}, {"name": "Bad", "amounts": ["", "1.000,5"]}])
    assert not form.is_valid()
    [(field_id, line, field, error)] = form.line_errors()
    assert (field_id, line, field) == ("id_lines-1-year_1", "Line 2, “Bad”", "Year 1")
    assert "1.000,5" in error


@pytest.mark.django_db
def test_a_spare_line_is_skipped_and_a_line_without_amounts_is_not() -> None:
    form = bound([{"name": "Kept", "amounts": ["5"]}, {"name": "", "confidence": "estimated", "amounts": []}])
    assert form.is_valid()
    assert [entry.line.name for entry in form.entries()] == ["Kept"]
    form = bound([{"name": "Empty", "amounts": ["", ""]}])
    assert not form.is_valid()
    assert [field for __, __, field, __ in form.line_errors()] == ["At the start"]


@pytest.mark.django_db
def test_an_amount_beyond_the_last_year_is_shown_and_named_not_dropped() -> None:
    form = bound([{"name": "Long", "amounts": ["", "1", "2", "3", "4"]}], years="2")
    assert not form.is_valid()
    assert [field for __, __, field, __ in form.line_errors()] == ["Year 3", "Year 4"]
    assert "year_4" in form.lines.forms[0].fields


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "columns"), [("5", 6), ("10", 11), ("99", 11), ("", 4), ("x", 4)])
def test_there_is_a_column_for_each_year_typed(years: str, columns: int) -> None:
    form = bound([{"name": "", "amounts": []}], years=years)
    assert len(form.lines.forms[0].amount_fields()) == columns


@pytest.mark.django_db
def test_a_known_case_is_shown_as_it_would_be_typed(django_assert_num_queries) -> None:
    case = ValueCaseFactory(discount_rate=Decimal("0.0800"))
    for __ in range(3):
        ValueAmountFactory(line__case=case, year=2, amount=Decimal("1234567.50"))
    with django_assert_num_queries(2):
        form = ValueCaseForm(instance=case)
        lines = list(form.lines.forms)
    assert form["discount_rate"].value() == "8"
    assert [field.value() for field in lines[0].amount_fields()] == [None, None, "1,234,567.50", None]
    assert lines[0]["attribution"].value() == "100"
