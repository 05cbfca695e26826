"""The value story: sentences, tried changes, scenarios, drivers; and that one figure is the same everywhere."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from engagements.forms.values import ValueCaseForm
from engagements.models import (
    MetricSnapshot,
    PortfolioRow,
    RealisedValue,
    ValueCase,
    ValueDriver,
    ValueLine,
    ValueScenario,
)
from engagements.selectors.metric import latest_metrics
from engagements.selectors.shareable import shareable_content
from engagements.selectors.value import value_figures
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.services.value_starts import STARTS
from engagements.views.value_charts import sure_sentence, value_sentence
from fde_portal.accounts.models import AuditEvent
from fde_portal.core import formats
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory, ValueDriverFactory, ValueLineFactory, case_data

pytestmark = pytest.mark.django_db
Unit = ValueDriver.Unit


@pytest.fixture
def case(client: Client) -> ValueCase:
    """10,000 cases a month, 60 % of them, six minutes at 40 an hour, against 30,000 once and 5,000 a month."""
    case = ValueCaseFactory(layout="months", weighs_confidence=False, discount_rate=Decimal("0.1"), starts_on=date(2026, 1, 1), currency="EUR")
    saved = ValueLineFactory(case=case, name="Hours", kind="hours_released", basis="drivers", is_shared=True)
    for name, unit, low, expected, high in (
        ("Cases", Unit.COUNT, 10000, 10000, 10000), ("Share", Unit.SHARE, "0.3", "0.6", "0.7"), ("Minutes", Unit.MINUTES, 5, 6, 8),
        ("Rate", Unit.MONEY_PER_HOUR, 40, 40, 40),
    ):
        ValueDriverFactory(line=saved, name=name, unit=unit, low=low, expected=expected, high=high, confidence="observed")
    build = ValueLineFactory(case=case, name="Build", kind="engineering", is_shared=True, position=1)
    for year, amount in enumerate((30_000, 60_000, 60_000, 60_000)):
        ValueAmountFactory(line=build, year=year, amount=amount)
    compute(case)
    client.force_login(case.engagement.lead)
    return case


def compute(case: ValueCase) -> None:
    request_recompute(case.engagement_id)
    assert run_recompute(case.engagement_id, now=timezone.now())


def url(name: str, case: ValueCase, *more: int) -> str:
    return reverse(name, args=[case.engagement.slug, case.pk, *more])


def key(name: str) -> str:
    return ValueDriver.objects.get(name=name).key


def rows_of(client: Client, address: str) -> list[list[str]]:
    """The lines of a CSV file."""
    return list(csv.reader(io.StringIO(b"".join(client.get(address).streaming_content).decode("utf-8-sig"))))


def test_one_figure_is_the_same_everywhere(client, case):
    """Tab, overview, story, portfolio, its value page, their files, API and edition tell the same value as of the same day."""
    figures, slug = value_figures(latest_metrics(case.engagement)), case.engagement.slug
    shown, exact = formats.short_money(figures.npv, "EUR"), str(figures.npv)
    api = client.get("/api/v1/metrics/?whole_engagement=true").json()["results"][0]
    pages = [reverse("engagement_value", args=[slug]), reverse("engagement", args=[slug]), url("value_story", case), "/portfolio/", "/portfolio/value/"]

    assert {page for page in pages if shown not in client.get(page).content.decode()} == set()
    assert ["Net present value", "EUR", "", exact] in rows_of(client, url("value_export", case))
    for address in ("/portfolio/export/csv/", "/portfolio/value/value.csv"):
        header, line = rows_of(client, address)
        assert line[header.index("Net present value")] == exact
    assert (api["values"]["value"]["npv"], api["day"]) == (exact, figures.as_of.isoformat())
    assert PortfolioRow.objects.get(engagement=case.engagement).npv == figures.npv
    edition = shareable_content(case.engagement, now=timezone.now()).value
    assert (edition.cumulative[-1], edition.periods) == (figures.cumulative[-1].quantize(Decimal(1)), 12)
    assert edition.payback_years == figures.payback_years.quantize(Decimal("0.01"))


def test_the_lines_of_the_api_add_up_to_the_net_of_the_page_and_the_file(client, case):
    lines = client.get("/api/v1/value-lines/").json()["results"]
    counted = {line["name"]: client.get(f"/api/v1/value-lines/{line['id']}/").json()["counted"] for line in lines}
    net = [Decimal(hours) - Decimal(build) for hours, build in zip(counted["Hours"], counted["Build"], strict=True)]

    assert net == list(client.get(url("value_story", case)).context["table"].net.amounts)
    [line] = [row for row in rows_of(client, url("value_export", case)) if row[0] == "Net"]
    assert [Decimal(amount) for amount in line[3:-1]] == net


def test_one_realised_figure_is_the_same_everywhere(client, case):
    line = case.lines.get(name="Hours")
    RealisedValue.objects.create(
        line=line, amount=Decimal("20500.50"), recorded_on=date(2026, 2, 2), period_from=date(2026, 1, 1), period_to=date(2026, 1, 31)
    )
    told = [client.get(address).context["so_far"].benefits for address in (reverse("engagement_value", args=[case.engagement.slug]), url("value_story", case))]
    header, row = rows_of(client, "/portfolio/value/value.csv")

    assert {
        *told,
        client.get("/portfolio/value/").context["total"].realised,
        Decimal(row[header.index("Realised and open")]),
        Decimal(client.get("/api/v1/realised-values/").json()["results"][0]["amount"]),
        shareable_content(case.engagement, now=timezone.now()).realised[0].amount,
    } == {Decimal("20500.50")}


@pytest.mark.parametrize(
    ("language", "when", "sure"),
    [
        ("en", "Pays for itself after 2 months, then returns about €228k a year.", "Payback lies between January 2026 and June 2026. 10,000 of 10,000 draws end above zero."),
        ("zh-hans", "2 个月", "回本时间在2026年1月到2026年6月之间。10,000 次抽样中有 10,000 次大于零。"),
    ],
)
def test_a_reader_can_say_when_it_pays_back_and_how_sure_that_is(case, language, when, sure):
    figures = value_figures(latest_metrics(case.engagement))
    with translation.override(language):
        assert when in value_sentence(figures)
        assert sure_sentence(figures) == sure


@pytest.mark.parametrize(
    ("language", "when", "sure"),
    [
        ("en", "Pays for itself after 2 months, then returns about €228k a year.", "Payback lies between January 2026 and June 2026. 10,000 of 10,000 draws end above zero."),
        ("zh-hans", "2 个月后回本，之后每年净收益约 €22.8万。", "回本时间在2026年1月到2026年6月之间。10,000 次抽样中有 10,000 次大于零。"),
    ],
)
def test_the_story_itself_says_both_first(client, case, language, when, sure):
    told = client.get(url("value_story", case), headers={"Accept-Language": language}).content.decode()

    assert f'<h1 class="story">{when}</h1><p class="sub mt-s">{sure}' in told


@pytest.mark.parametrize(
    ("language", "when", "sure"),
    [
        ("en", "Does not pay for itself within 3 years.", "Even at the hopeful end it does not pay for itself within the case. 0 of 10,000 draws end above zero."),
        ("zh-hans", "3 年内不能回本。", "即使取乐观值，在测算期内也不能回本。10,000 次抽样中有 0 次大于零。"),
    ],
)
def test_a_case_that_loses_money_says_so_and_how_sure_that_is(client, case, language, when, sure):
    case.lines.get(name="Build").amounts.update(amount=10**7)
    compute(case)
    page = client.get(url("value_story", case), headers={"Accept-Language": language})

    assert (page.context["sentence"], page.context["sure"]) == (when, sure)
    assert page.context["figures"].npv < 0


def test_the_worker_stores_ranges_and_twice_changes_nothing(case):
    stored = MetricSnapshot.objects.get(engagement=case.engagement, deliverable=None)
    before = json.dumps(stored.values["value"])
    compute(case)
    stored.refresh_from_db()

    assert json.dumps(stored.values["value"]) == before
    ranges = value_figures(latest_metrics(case.engagement)).ranges
    assert ranges.low_npv < ranges.p10 < ranges.p50 < ranges.p90 < ranges.high_npv
    assert [move[0] for move in ranges.moves] == [key("Share"), key("Minutes")]


def test_a_change_is_tried_without_saving(client, case):
    before = list(ValueDriver.objects.values())
    page = client.get(url("value_story", case), {key("Share"): "30"})

    figures = page.context["figures"]
    expected = Decimal(10000) * Decimal("0.3") * 6 / 60 * 40 * 36 - 210_000
    assert (figures.cumulative[-1], figures.ranges.p10) == (expected, None)
    assert "You are trying a change" in page.content.decode()
    assert (list(ValueDriver.objects.values()), AuditEvent.objects.count()) == (before, 0)


def test_what_moves_the_result_is_that_of_the_change(client, case):
    before = client.get(url("value_story", case)).context["story"].bars
    page = client.get(url("value_story", case), {key("Minutes"): "12"})
    tried = page.context["story"].bars

    assert [bar.name for bar in tried] == ["Share", "Minutes"]
    twice = {"low": 10000 * Decimal("0.3") * 12 / 60 * 40, "high": 10000 * Decimal("0.7") * 12 / 60 * 40}
    for end, monthly in twice.items():
        assert getattr(tried[0], end) != getattr(before[0], end)
        only = client.get(url("value_story", case), {key("Minutes"): "12", key("Share"): "30" if end == "low" else "70"})
        assert only.context["figures"].net[1] == monthly - 5000
        assert getattr(tried[0], end) == formats.short_money(only.context["figures"].npv, "EUR")
    assert tried[0].low in page.context["finding"]


def test_htmx_gets_the_figures_and_what_moves_them_alone(client, case):
    page = client.get(url("value_story", case), {key("Share"): "30"}, HTTP_HX_REQUEST="true").content.decode()

    assert 'id="story"' in page
    assert 'id="moves" aria-labelledby="h-moves" hx-swap-oob="true"' in page
    assert "<html" not in page


@pytest.mark.parametrize("typed", ["many", "NaN", "1e99"])
def test_what_is_no_number_is_named_and_the_case_shown(client, case, typed):
    page = client.get(url("value_story", case), {key("Minutes"): typed})

    assert page.status_code == 422
    assert page.context["fault"] == f"“{typed}” is not a number: Minutes."


def test_the_ends_are_the_case_with_every_input_there(client, case):
    stored = value_figures(latest_metrics(case.engagement)).ranges

    for end, npv in (("low", stored.low_npv), ("high", stored.high_npv)):
        assert client.get(url("value_story", case), {"end": end}).context["figures"].npv.quantize(Decimal("0.01")) == npv


def test_a_change_is_kept_as_a_scenario_that_others_open(client, case):
    response = client.post(url("value_scenario_new", case), {key("Share"): "30", "name": "Slow start"})
    scenario = ValueScenario.objects.get()
    assert (scenario.inputs, scenario.made_by) == ({key("Share"): "0.3"}, case.engagement.lead)

    colleague = UserFactory()
    case.engagement.backup = colleague
    case.engagement.save()
    client.force_login(colleague)
    page = client.get(response.url)
    assert page.context["figures"].cumulative[-1] == Decimal(10000) * Decimal("0.3") * 6 / 60 * 40 * 36 - 210_000
    foreign = ValueScenario.objects.create(case=ValueCaseFactory(), name="Foreign", inputs={})
    assert client.get(url("value_story", case), {"scenario": foreign.pk}).status_code == 404


@pytest.mark.parametrize("data", [{"name": "Nothing changed"}, {"name": ""}])
def test_a_scenario_needs_a_name_and_a_change(client, case, data):
    typed = data | ({} if data["name"] else {key("Share"): "30"})

    assert client.post(url("value_scenario_new", case), typed).status_code == 422
    assert ValueScenario.objects.count() == 0


def drivers(line: ValueLine, *rows: dict, version: int) -> dict[str, str]:
    data = {"version": str(version), "drivers-TOTAL_FORMS": str(len(rows)), "drivers-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"drivers-{number}-{name}": value for name, value in ({"confidence": "estimated", "source_kind": "assumption"} | row).items()}
    return data


def test_drivers_are_typed_in_percent_and_an_empty_end_is_the_expected_one(client, case):
    line = ValueLineFactory(case=case, basis="drivers", kind="cost_avoided")
    rows = [{"name": "Share", "unit": "share", "low": "10", "expected": "20", "high": ""}, {"name": "Money", "unit": "money", "expected": "5"}]
    client.post(url("value_drivers", case, line.pk), drivers(line, *rows, version=case.version))

    kept = list(line.drivers.values_list("name", "low", "expected", "high"))
    assert kept == [("Share", Decimal("0.1"), Decimal("0.2"), Decimal("0.2")), ("Money", 5, 5, 5)]
    assert 'value="20"' in client.get(url("value_drivers", case, line.pk)).content.decode()


@pytest.mark.parametrize(
    "row", [{"low": "7", "expected": "6", "high": "8"}, {"unit": "share", "expected": "120"}, {"expected": ""}, {"expected": "six"}]
)
def test_a_driver_that_cannot_be_is_named_and_nothing_is_saved(client, case, row):
    line = ValueLineFactory(case=case, basis="drivers")
    page = client.post(url("value_drivers", case, line.pk), drivers(line, {"name": "Kept words", "unit": "count"} | row, version=case.version))

    assert (page.status_code, line.drivers.count()) == (422, 0)
    assert list(page.context["formset"].forms[0].errors) == ["expected"]
    assert "Kept words" in page.content.decode()


def test_the_same_input_in_another_line_follows(client, case):
    other = ValueLineFactory(case=case, basis="drivers", kind="cost_avoided")
    row = {"name": "share", "unit": "share", "low": "20", "expected": "40", "high": "50"}
    client.post(url("value_drivers", case, other.pk), drivers(other, row, version=case.version))

    assert {driver.key for driver in ValueDriver.objects.filter(unit="share")} == {key("share")}
    assert set(ValueDriver.objects.filter(unit="share").values_list("low", "expected", "high")) == {(Decimal("0.2"), Decimal("0.4"), Decimal("0.5"))}
    story = client.get(url("value_story", case)).context["story"]
    assert [shown.name for shown in story.inputs].count("share") + [shown.name for shown in story.inputs].count("Share") == 1


def test_a_save_over_a_newer_case_is_a_conflict(client, case):
    line = ValueLineFactory(case=case, basis="drivers")
    page = client.post(url("value_drivers", case, line.pk), drivers(line, {"name": "Mine", "unit": "count", "expected": "1"}, version=99))

    assert (page.status_code, line.drivers.count(), AuditEvent.objects.count()) == (409, 0, 0)
    assert "Mine" in page.content.decode()


def test_the_same_work_is_never_counted_twice(client, case):
    lines = [
        {"name": "Timed", "kind": "hours_released", "amounts": ["", "10"], "work": "Typing"},
        {"name": "By events", "kind": "cost_avoided", "amounts": ["", "20"], "work": " typing "},
    ]
    page = client.post(reverse("value_case_new", args=[case.engagement.slug]), case_data(lines))

    assert page.status_code == 422
    assert "“Timed” values the same work." in page.content.decode()
    assert ValueCase.objects.count() == 1


def test_another_currency_has_a_dated_rate_and_counts_in_that_of_the_case(client, case):
    line = {"name": "Licences", "kind": "licences", "amounts": ["1000"], "currency": "USD", "exchange_rate": "0.9"}
    refused = client.post(reverse("value_case_new", args=[case.engagement.slug]), case_data([line]))
    assert refused.status_code == 422

    client.post(reverse("value_case_new", args=[case.engagement.slug]), case_data([line | {"rate_on": "2026-01-02"}], currency="EUR"))
    made = ValueCase.objects.exclude(pk=case.pk).get()
    compute(made)
    stored = latest_metrics(case.engagement)
    assert {made.pk: "-900.00", case.pk: None}.get(stored.values["value"]["case_id"]) in (stored.values["value"]["npv"], None)


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.key)
def test_a_starting_point_is_a_case_that_pays_back_on_assumptions(client, start):
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    response = client.post(reverse("value_case_start", args=[engagement.slug, start.key]))

    case = ValueCase.objects.get()
    compute(case)
    figures = value_figures(latest_metrics(engagement))
    assert response.url == url("value_drivers", case, case.lines.first().pk)
    assert client.get(response.url).status_code == 200
    assert figures.ranges.low_npv < figures.npv < figures.ranges.high_npv
    assert {line.certainty for line in case.lines.all()} == {"assumed"}


@pytest.mark.parametrize("name", ["value_story", "value_export", "value_scenario_new", "value_drivers"])
def test_strangers_contacts_and_the_signed_out_stay_outside(client, case, name):
    more = [case.lines.first().pk] if name == "value_drivers" else []
    contact = MembershipFactory(customer=case.engagement.customer).user
    answers = []
    for person in (UserFactory(), contact, None):
        client.logout()
        if person:
            client.force_login(person)
        answers.append(client.post(url(name, case, *more)).status_code if name.endswith("new") else client.get(url(name, case, *more)).status_code)

    assert answers == [404, 403, 302]


def test_a_line_is_reached_only_through_its_own_case(client, case):
    foreign = ValueLineFactory(basis="drivers")
    own = ValueLineFactory(case=ValueCaseFactory(engagement=case.engagement), basis="drivers")

    assert {client.get(url("value_drivers", case, line.pk)).status_code for line in (foreign, own)} == {404}


def test_how_sure_it_is_is_said_of_what_is_tried(client, case):
    low = client.get(url("value_story", case), {"end": "low"}).context
    tried = client.get(url("value_story", case), {key("Minutes"): "0.5"}).context

    assert (low["sure"], low["sentence"][:20]) == (sure_sentence(value_figures(latest_metrics(case.engagement))), "Pays for itself afte")
    assert (tried["sentence"], tried["sure"]) == ("Does not pay for itself within 3 years.", "Even at the hopeful end it does not pay for itself within the case.")


def test_the_discount_rate_is_an_input_that_is_tried_and_kept(client, case):
    page = client.get(url("value_story", case), {"discount_rate": "0"})
    assert page.context["figures"].npv == page.context["figures"].cumulative[-1] != value_figures(latest_metrics(case.engagement)).npv
    assert "Present values discount each month at the yearly rate of 0%" in page.content.decode()

    response = client.post(url("value_scenario_new", case), {"discount_rate": "12.5", "name": "Dear money"})
    assert ValueScenario.objects.get().inputs == {"discount_rate": "0.125"}
    assert client.get(response.url).context["rate"] == "12.5%"
    assert ValueCase.objects.get().discount_rate == Decimal("0.1")


@pytest.mark.parametrize("typed", ["-1", "101"])
def test_a_discount_rate_that_cannot_be_is_named(client, case, typed):
    page = client.get(url("value_story", case), {"discount_rate": typed})

    assert (page.status_code, page.context["fault"]) == (422, "A discount rate lies between 0 and 100 percent.")


def test_each_line_says_in_plain_words_how_it_is_worked_out(client, case):
    told = client.get(url("value_story", case)).content.decode()

    assert "Hours is Cases × Share × Minutes × Rate, each month." in told
    assert "Build is a fixed amount for each year." in told


def test_without_a_rate_of_return_the_story_says_why(client, case):
    case.lines.filter(name="Build").delete()
    compute(case)
    measures = {figure.label: figure for figure in client.get(url("value_story", case)).context["measures"]}

    for label in ("Internal rate of return (IRR)", "Rate of return by date (XIRR)"):
        assert (measures[label].value, measures[label].note) == ("–", "none: no period costs more than it brings")


def test_what_was_realised_stands_beside_the_plan(client, case):
    hours, build = case.lines.get(name="Hours"), case.lines.get(name="Build")
    facts = {"recorded_on": date(2026, 3, 1), "confidence": "observed", "period_from": date(2026, 1, 1), "period_to": date(2026, 1, 31)}
    RealisedValue.objects.create(line=hours, amount=20_000, hours=500, state="confirmed", decided_on=date(2026, 3, 2), **facts)
    RealisedValue.objects.create(line=hours, amount=9_000, state="disputed", comment="No", decided_on=date(2026, 3, 2), **facts | {"period_to": date(2026, 1, 30)})
    RealisedValue.objects.create(line=build, amount=37_000, **facts)
    context = client.get(url("value_story", case)).context

    so_far = context["so_far"]
    assert (so_far.benefits, so_far.confirmed, so_far.disputed, so_far.costs, so_far.hours) == (20_000, 20_000, 9_000, 37_000, 500)
    assert context["chart"].actual[:3] == (-30_000, -17_000, None)


def test_a_withdrawn_figure_is_listed_and_does_not_count(client, case):
    line = case.lines.get(name="Hours")
    gone = RealisedValue.objects.create(
        line=line, amount=4321, recorded_on=date(2026, 3, 1), period_from=date(2026, 1, 1), period_to=date(2026, 1, 31), archived_at=timezone.now()
    )
    page = client.get(reverse("engagement_value", args=[case.engagement.slug]))

    assert page.context["so_far"] is None
    assert reverse("realised_restore", args=[case.engagement.slug, case.pk, line.pk, gone.pk]) in page.content.decode()


def drivers_data(*names: str, amount: str) -> dict[str, str]:
    """What a browser sends for new drivers of one amount."""
    data = {"drivers-TOTAL_FORMS": str(len(names)), "drivers-INITIAL_FORMS": "0"}
    for number, name in enumerate(names):
        said = {"name": name, "unit": "count", "expected": amount, "confidence": "assumed", "source_kind": "assumption"}
        data |= {f"drivers-{number}-{field}": value for field, value in said.items()}
    return data


def test_drivers_that_multiply_to_more_than_a_column_holds_are_refused(client, case):
    line = ValueLineFactory(case=case, basis="drivers", kind="cost_avoided", name="Too much")
    page = client.post(url("value_drivers", case, line.pk), drivers_data("Places", "Worth", amount="999999999999"))

    assert (page.status_code, line.drivers.exists()) == (422, False)
    assert page.context["formset"].forms[0].errors == {"expected": ["Together the drivers of “Too much” come to more than 1,000,000,000,000 a year."]}


def test_a_rate_that_makes_a_line_too_large_is_refused(client, case):
    line = case.lines.get(name="Build")
    form = ValueCaseForm(
        case_data([{"id": line.pk, "name": "Build", "amounts": [1_000_000], "currency": "USD", "rate_on": "2026-01-05", "exchange_rate": "99999999"}]), instance=case
    )
    assert not form.is_valid()
    assert form.lines.forms[0].errors == {"exchange_rate": ["With this the line comes to more than 1,000,000,000,000 a year."]}


def test_a_case_beyond_all_limits_has_no_figures_and_every_page_opens(client, case):
    """Records from before there were limits: nothing is stored of them that a column cannot hold."""
    line = ValueLineFactory(case=case, basis="drivers", kind="cost_avoided", name="Too much")
    for number in range(60):
        ValueDriverFactory(line=line, name=f"Driver {number}", unit="count", expected=Decimal("999999999999"))
    compute(case)

    slug = case.engagement.slug
    assert PortfolioRow.objects.get(engagement=case.engagement).npv is None
    assert latest_metrics(case.engagement).values["value"] is None
    addresses = [
        "/portfolio/", "/portfolio/value/", "/portfolio/compare/", "/my-week/", reverse("engagement", args=[slug]), reverse("engagement_value", args=[slug]),
        url("value_drivers", case, line.pk), url("value_case_edit", case), url("value_export", case), f"/api/v1/value-lines/{line.pk}/",
    ]  # fmt: skip
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
    assert "come to more than can be computed" in client.get(reverse("engagement_value", args=[slug])).content.decode()
    assert client.get(url("value_story", case)).headers["Location"] == reverse("engagement_value", args=[slug])


def test_what_is_tried_is_told_when_it_is_too_large(client, case):
    page = client.get(url("value_story", case), {key("Cases"): "999999999999", key("Rate"): "999999999999"})

    assert (page.status_code, page.context["fault"]) == (422, "The amounts come to more than can be computed. Make them smaller.")
