from decimal import Decimal

import pytest
from django.utils import timezone

from engagements.forms.values import ValueCaseForm
from engagements.models import Recompute, ValueAmount, ValueCase, ValueLine
from engagements.selectors.value_flow import case_flow
from engagements.services.counted import archive_counted, restore_counted
from engagements.services.values import save_value_case
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict
from tests.engagements.metrics.published import case_id, cases, differences
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory, case_data

pytestmark = pytest.mark.django_db


def save(lines: list[dict], case: ValueCase | None = None, **fields) -> ValueCase:
    case = case or ValueCase(engagement=EngagementFactory())
    form = ValueCaseForm(case_data(lines, **fields), instance=case)
    assert form.is_valid(), (form.errors, form.line_errors())
    return save_value_case(form, by=UserFactory())


@pytest.mark.parametrize("published", cases("roi.json", "tei_cash_flow"), ids=case_id)
def test_a_published_study_typed_into_the_form_gives_the_published_dollars(published) -> None:
    study = published["input"]
    benefits = {"name": "Benefits", "kind": "revenue", "confidence": "estimated", "amounts": [f"{a:,}" for a in study["benefits"]]}
    costs = {"name": "Costs", "kind": "licences", "confidence": "assumed", "amounts": study["costs"]}
    case = save([benefits, costs], weighs_confidence="")

    flow = case_flow(case)

    assert not case.weighs_confidence
    expected = {key for key in published["expected"] if not key.startswith("payback")}
    assert differences(published, {key: getattr(flow, key) for key in expected}) == {}
    months = flow.payback_years * 12
    assert months == published["expected"].get("payback_months", months)
    assert months < published["expected"].get("payback_months_below", months + 1)


def test_lines_keep_their_order_and_their_amounts() -> None:
    case = save([{"name": "B", "amounts": ["", "10"]}, {"name": "A", "kind": "support", "amounts": ["-1.5"]}])
    assert list(case.lines.values_list("name", "kind", "position")) == [("B", "cost_avoided", 0), ("A", "support", 1)]
    amounts = ValueAmount.objects.order_by("line__position", "year").values_list("line__name", "year", "amount")
    assert list(amounts) == [("B", 1, Decimal(10)), ("A", 0, Decimal("-1.5"))]


def test_saving_again_keeps_known_lines_and_drops_removed_ones() -> None:
    case = save([{"name": "Kept", "amounts": ["1"]}, {"name": "Gone", "amounts": ["2"]}])
    kept, gone = case.lines.all()
    case = ValueCase.objects.get(pk=case.pk)
    lines = [{"id": kept.pk, "name": "Renamed", "amounts": ["", "7"]}, {"id": gone.pk, "name": "Gone", "amounts": ["2"], "DELETE": "on"}]
    save(lines, case, version=case.version)
    assert list(ValueLine.objects.values_list("pk", "name")) == [(kept.pk, "Renamed")]
    assert list(ValueAmount.objects.values_list("year", "amount")) == [(1, Decimal(7))]


def test_nothing_is_written_when_somebody_saved_in_between() -> None:
    amount = ValueAmountFactory(line__name="Theirs")
    case = amount.line.case
    ValueCase.objects.filter(pk=case.pk).update(version=case.version + 1)
    with pytest.raises(Conflict):
        save([{"name": "Mine", "amounts": ["5"]}], case, version=case.version)
    assert list(ValueLine.objects.values_list("name", flat=True)) == ["Theirs"]
    assert not Recompute.objects.exists()


def test_saving_asks_for_new_figures_and_says_who_did_it() -> None:
    case = save([{"name": "Line", "amounts": ["1"]}])
    assert Recompute.objects.get(engagement=case.engagement).want == 1
    event = AuditEvent.objects.get(subject_type="valuecase")
    assert (event.verb, event.subject_id, event.engagement_id) == ("create", case.pk, case.engagement_id)
    assert "lines" in event.details["fields"]


def test_archiving_and_restoring_ask_for_new_figures() -> None:
    case, by = ValueCaseFactory(), UserFactory()
    archive_counted(case, by=by, now=timezone.now())
    restore_counted(case, by=by)
    assert Recompute.objects.get(engagement=case.engagement).want == 2
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == ["archive", "restore"]
