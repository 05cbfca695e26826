from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.models import Engagement, RealisedValue, ValueCase, ValueLine
from engagements.selectors.shareable import shareable_content
from engagements.services.recomputes import run_recompute
from tests.factories.engagements import EngagementFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory, ValueDriverFactory, ValueLineFactory, case_data

pytestmark = pytest.mark.django_db
COST = {"name": "Build", "kind": "engineering", "amounts": ["1000"]}
BENEFIT = {"name": "Holds avoided", "kind": "cost_avoided", "amounts": ["", "2,000", "2,000", "2,000"]}


@pytest.fixture
def engagement(client: Client) -> Engagement:
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    return engagement


def tab(engagement: Engagement) -> str:
    return reverse("engagement_value", args=[engagement.slug])


def create(client: Client, engagement: Engagement, lines: list[dict], **fields):
    return client.post(reverse("value_case_new", args=[engagement.slug]), case_data(lines, **fields))


def test_an_empty_tab_leads_to_the_first_case(client: Client, engagement: Engagement) -> None:
    ValueCaseFactory()
    page = client.get(tab(engagement)).content.decode()
    assert "No value case yet" in page
    assert reverse("value_case_new", args=[engagement.slug]) in page


def test_after_saving_the_tab_waits_for_the_worker_and_then_says_the_result(client: Client, engagement: Engagement) -> None:
    assert create(client, engagement, [COST, BENEFIT]).url == tab(engagement)
    waiting = client.get(tab(engagement))
    assert waiting.context["figures"] is None
    assert "being computed" in waiting.content.decode()
    run_recompute(engagement.pk, now=timezone.now())
    fragment = client.get(tab(engagement), {"seen": waiting.context["version"]}, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert fragment.context["sentence"] == "Pays for itself after 6 months, then returns about $2k a year."
    same = client.get(tab(engagement), {"seen": fragment.context["version"]}, headers={"HX-Request": "true"})
    assert same.status_code == 204


def test_the_tab_shows_the_stored_figures_and_names_both_returns(client: Client, engagement: Engagement) -> None:
    create(client, engagement, [COST, BENEFIT])
    run_recompute(engagement.pk, now=timezone.now())
    response = client.get(tab(engagement))
    figures = response.context["figures"]
    assert figures.pv_costs == 1000
    assert round(figures.npv, 2) == Decimal("3973.70")  # 2000/1.1 + 2000/1.21 + 2000/1.331 - 1000
    assert figures.simple_roi_pct == 500
    assert figures.payback_years == Decimal("0.5")
    page = response.content.decode()
    assert "ROI on present values" in page and "Simple ROI, undiscounted" in page
    assert ">397%<" in page and ">500%<" in page


def test_the_table_sums_by_line_and_by_year(client: Client, engagement: Engagement) -> None:
    create(client, engagement, [COST, BENEFIT | {"risk_adjustment": "10", "confidence": "calculated", "attribution": "50"}], weighs_confidence="on")
    table = client.get(tab(engagement)).context["table"]
    assert [row.amounts for row in table.benefits] == [(0, 720, 720, 720)]
    assert [row.amounts for row in table.costs] == [(-1000, 0, 0, 0)]
    assert (table.net.amounts, table.net.total) == ((-1000, 720, 720, 720), 1160)


def test_a_case_that_never_pays_back_says_so(client: Client, engagement: Engagement) -> None:
    create(client, engagement, [COST, BENEFIT | {"amounts": ["", "10"]}])
    run_recompute(engagement.pk, now=timezone.now())
    response = client.get(tab(engagement))
    assert response.context["sentence"] == "Does not pay for itself within 3 years."
    assert "not within the horizon" in response.content.decode()


def test_a_second_dip_below_zero_is_flagged(client: Client, engagement: Engagement) -> None:
    create(client, engagement, [COST | {"amounts": ["1000", "", "5000", ""]}, BENEFIT])
    run_recompute(engagement.pk, now=timezone.now())
    assert "falls below zero again in year 2" in client.get(tab(engagement)).content.decode()


def test_one_wrong_amount_keeps_everything_typed_and_writes_nothing(client: Client, engagement: Engagement) -> None:
    response = create(client, engagement, [COST, BENEFIT | {"amounts": ["", "1.000,5", "77"]}], source="Ledger")
    page = response.content.decode()
    assert response.status_code == 422
    assert all(f'value="{typed}"' in page for typed in ("Build", "1000", "Holds avoided", "1.000,5", "77", "Ledger"))
    assert "Line 2, “Holds avoided”" in page
    assert not ValueCase.objects.exists()


def test_asking_for_more_columns_saves_and_judges_nothing(client: Client, engagement: Engagement) -> None:
    response = create(client, engagement, [BENEFIT], years="5", title="", redraw="1")
    page = response.content.decode()
    assert response.status_code == 200
    assert "lines-0-year_5" in page and 'value="Holds avoided"' in page
    assert 'class="err"' not in page and "Not saved yet" not in page
    assert not ValueCase.objects.exists()


def test_a_line_of_another_case_cannot_be_taken(client: Client, engagement: Engagement) -> None:
    mine, foreign = ValueCaseFactory(engagement=engagement), ValueLineFactory(name="Theirs")
    data = case_data([{"id": foreign.pk, "name": "Mine", "amounts": ["1"]}], version=1)
    client.post(reverse("value_case_edit", args=[engagement.slug, mine.pk]), data)
    assert list(foreign.case.lines.values_list("pk", "name")) == [(foreign.pk, "Theirs")]
    # Somebody may have removed the line meanwhile: what was typed is kept as a new one.
    assert list(mine.lines.values_list("name", flat=True)) == ["Mine"]


def test_the_newest_case_is_the_headline_and_the_others_are_listed(client: Client, engagement: Engagement) -> None:
    older, newest = ValueCaseFactory.create_batch(2, engagement=engagement)
    ValueCaseFactory(title="Of a stranger")
    response = client.get(tab(engagement))
    assert (response.context["case"], response.context["others"]) == (newest, [older])
    client.post(reverse("value_case_archive", args=[engagement.slug, newest.pk]))
    response = client.get(tab(engagement))
    assert (response.context["case"], list(response.context["archived"])) == (older, [newest])
    client.post(reverse("value_case_restore", args=[engagement.slug, newest.pk]))
    assert client.get(tab(engagement)).context["case"] == newest
    assert "Of a stranger" not in response.content.decode()


def test_the_tab_asks_as_often_for_thirty_lines_as_for_one(client: Client, engagement: Engagement) -> None:
    case, counts = ValueCaseFactory(engagement=engagement), []
    for more in (1, 2, 27):
        ValueAmountFactory.create_batch(more, line__case=case)
        with CaptureQueriesContext(connection) as queries:
            client.get(tab(engagement))
        counts.append(len(queries))
    assert ValueLine.objects.count() == 30
    assert len(set(counts)) == 1


def edited(client: Client, case: ValueCase, lines: list[dict]) -> str:
    """Save the case with these lines; the way back."""
    case.refresh_from_db()
    page = client.post(reverse("value_case_edit", args=[case.engagement.slug, case.pk]), case_data(lines, version=case.version), follow=True)
    return next(part for part in page.content.decode().split('"') if "?undo=" in part)


def test_a_removed_line_leaves_every_figure_and_comes_back_with_its_drivers_and_what_it_brought(client: Client, engagement: Engagement) -> None:
    driven = ValueDriverFactory(line__case__engagement=engagement, line__name="Hours", line__is_shared=True).line
    kept = ValueAmountFactory(line__case=driven.case, line__name="Build", line__kind="engineering").line
    facts = {"line": driven, "recorded_on": date(2026, 2, 1), "period_from": date(2026, 1, 5), "amount": 50}
    brought = RealisedValue.objects.create(period_to=date(2026, 1, 20), **facts)
    withdrawn = RealisedValue.objects.create(period_to=date(2026, 1, 21), archived_at=timezone.now(), **facts)
    line = {"id": kept.pk, "name": "Build", "kind": "engineering", "amounts": ["", "1000"]}
    gone = {"id": driven.pk, "name": "Hours", "kind": "hours_released", "basis": "drivers", "amounts": [], "is_shared": "on", "DELETE": "on"}
    back = edited(client, driven.case, [line, gone])

    assert list(driven.case.lines.values_list("name", flat=True)) == ["Build"]
    assert RealisedValue.objects.current().count() == 0
    assert "Hours" not in str(client.get("/api/v1/value-lines/").json())
    assert shareable_content(engagement, now=timezone.now()).realised == ()
    assert client.get(reverse("value_drivers", args=[engagement.slug, driven.case_id, driven.pk])).status_code == 404

    client.post(back)
    assert set(driven.case.lines.values_list("pk", "name")) == {(kept.pk, "Build"), (driven.pk, "Hours")}
    assert driven.drivers.count() == 1
    assert list(RealisedValue.objects.current()) == [brought]
    withdrawn.refresh_from_db()
    assert withdrawn.is_archived


def test_nobody_brings_back_a_line_of_another_case_or_one_that_still_stands(client: Client, engagement: Engagement) -> None:
    case, foreign = ValueCaseFactory(engagement=engagement), ValueLineFactory(name="Theirs", removed_at=timezone.now())
    standing = ValueLineFactory(name="Standing", case=ValueCaseFactory(engagement=engagement))
    data = case_data([{"name": f"Mine {pk}", "amounts": ["1"], "former": pk} for pk in (foreign.pk, standing.pk)], version=1)
    client.post(reverse("value_case_edit", args=[engagement.slug, case.pk]), data)

    assert list(case.lines.values_list("name", flat=True)) == [f"Mine {foreign.pk}", f"Mine {standing.pk}"]
    assert {foreign.pk, standing.pk}.isdisjoint(case.lines.values_list("pk", flat=True))
    assert ValueLine.with_removed.get(pk=foreign.pk).removed_at is not None
