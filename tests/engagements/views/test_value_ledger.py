"""What lines really brought stands beside the estimate, is confirmed by the customer, and phases keep what was estimated."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.metrics.value_ledger import accrued, months_after
from engagements.models import FrozenEstimate, Phase, RealisedValue, Response, ValueLine
from engagements.selectors.value_ledger import ledger_of
from engagements.services.editions import publish_edition
from engagements.services.phases import change_phase
from engagements.services.responses import take_back_response
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import MembershipFactory
from tests.factories.gates import passed_gates
from tests.factories.people import UserFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory, ValueLineFactory

pytestmark = pytest.mark.django_db
START = date(2025, 1, 1)
YEARS = tuple(Decimal(amount) for amount in (100, 365, 730))


@pytest.mark.parametrize(
    ("periods", "begin", "end", "amount"),
    [
        (1, date(2025, 1, 1), date(2025, 12, 31), 465),
        (1, date(2025, 1, 2), date(2025, 1, 11), 10),
        (1, date(2025, 12, 31), date(2026, 1, 1), 3),
        (1, date(2024, 1, 1), date(2024, 12, 31), 0),
        (1, date(2030, 1, 1), date(2030, 12, 31), 0),
        (12, date(2025, 1, 16), date(2025, 1, 31), Decimal(365) * 16 / 31),
    ],
    ids=["the first year and the start", "ten days", "over the new year", "before", "after", "half a month"],
)
def test_an_estimate_falls_evenly_on_its_days(periods, begin, end, amount):
    assert accrued(YEARS, START, periods, begin, end) == amount


def test_a_month_after_the_31st_is_the_last_of_a_shorter_one():
    assert [months_after(date(2024, 1, 31), months) for months in (1, 2, 12, 13)] == [
        date(2024, 2, 29), date(2024, 3, 31), date(2025, 1, 31), date(2025, 2, 28),
    ]  # fmt: skip


@pytest.fixture
def line(client: Client) -> ValueLine:
    """A shared benefit of 3,650 a year since January 2025, weighed in full."""
    case = ValueCaseFactory(starts_on=START, currency="EUR", weighs_confidence=False)
    line = ValueLineFactory(case=case, name="Holds avoided", is_shared=True)
    for year in (1, 2, 3):
        ValueAmountFactory(line=line, year=year, amount=3650)
    client.force_login(case.engagement.lead)
    return line


def url(name: str, line: ValueLine, *more: int) -> str:
    return reverse(name, args=[line.case.engagement.slug, line.case_id, line.pk, *more])


def record(client: Client, line: ValueLine, **data: str):
    typed = {"period_from": "2025-02-01", "period_to": "2025-02-10", "amount": "80", "confidence": "observed", "reason": "Two desks started late"}
    return client.post(url("realised_new", line), typed | data)


def test_what_is_disputed_is_in_no_sum_of_its_line(client, line):
    record(client, line)
    record(client, line, period_from="2025-03-01", period_to="2025-03-10", amount="5200")
    RealisedValue.objects.filter(amount=5200).update(state="disputed", decided_on=date(2025, 4, 1), comment="Counted twice")

    row = ledger_of(line.case).rows[0]
    assert (row.realised, row.estimated, row.gap, row.disputed) == (80, 100, -20, 5200)
    page = client.get(reverse("engagement_value", args=[line.case.engagement.slug])).content.decode()
    assert "€80 realised, €100 estimated for the same days: −€20 apart. €5,200 disputed and not counted." in page


def test_a_line_that_is_disputed_as_a_whole_has_no_sum(client, line):
    record(client, line)
    RealisedValue.objects.update(state="disputed", decided_on=date(2025, 4, 1), comment="Counted twice")

    row = ledger_of(line.case).rows[0]
    assert (row.realised, row.estimated, row.gap, row.disputed) == (None, None, None, 80)
    page = client.get(reverse("engagement_value", args=[line.case.engagement.slug])).content.decode()
    assert "€80 disputed and not counted." in page
    assert "estimated for the same days" not in page


def test_realised_stands_beside_the_estimate_of_the_same_days_with_the_reason(client, line):
    assert record(client, line).status_code == 302

    row = ledger_of(line.case).rows[0]
    assert (row.realised, row.estimated, row.gap) == (80, 100, -20)
    page = client.get(reverse("engagement_value", args=[line.case.engagement.slug])).content.decode()
    assert "Two desks started late" in page
    assert "0 confirmed, 1 open, 0 disputed. Benefits: €0 confirmed, €80 open, €0 disputed." in page
    assert AuditEvent.objects.get().verb == "create"


@pytest.mark.parametrize(
    ("data", "field"),
    [({"period_to": "2025-01-31"}, "period_to"), ({"period_to": "2099-01-01"}, "period_to"), ({"amount": "1,5"}, "amount"), ({"amount": ""}, "amount")],
)
def test_what_cannot_be_is_named_and_nothing_typed_is_lost(client, line, data, field):
    page = record(client, line, reason="Kept words", **data)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert "Kept words" in page.content.decode()
    assert RealisedValue.objects.count() == 0


def test_a_period_is_realised_once(client, line):
    record(client, line)

    assert list(record(client, line).context["form"].errors) == ["period_from"]


def test_leaving_a_phase_keeps_the_estimate_as_it_was(line):
    engagement = line.case.engagement
    passed_gates(engagement, "discovery")
    change_phase(engagement=engagement, phase=Phase.PROTOTYPE, on=engagement.started_on, by=engagement.lead)
    line.amounts.update(amount=1)

    kept = FrozenEstimate.objects.get()
    assert (kept.phase, kept.frozen_on, kept.lines) == (Phase.DISCOVERY, engagement.started_on, [["Holds avoided", "10950.00"]])
    assert kept.npv > 9000


def publish(line: ValueLine) -> None:
    publish_edition(engagement=line.case.engagement, by=line.case.engagement.lead, now=timezone.now())


@pytest.fixture
def realised(client, line) -> RealisedValue:
    record(client, line)
    hidden = ValueLineFactory(case=line.case, name="Nobody outside may read this")
    record(client, hidden)
    publish(line)
    return RealisedValue.objects.get(line=line)


def answer_url(realised: RealisedValue) -> str:
    return reverse("contact_answer", args=[realised.line.case.engagement.slug, "realised", realised.pk])


def test_the_customer_confirms_or_disputes_line_by_line_and_both_sides_count_alike(client, realised):
    contact = MembershipFactory(customer=realised.line.case.engagement.customer).user
    client.force_login(contact)
    edition = reverse("contact_edition", args=[realised.line.case.engagement.slug])
    told = client.get(edition).content.decode()
    assert "€80 brought from 1 February" in told
    assert "Nobody outside may read this" not in told

    assert "€80 brought from 1 February" in client.get(answer_url(realised)).content.decode()  # what one is to judge
    assert client.post(answer_url(realised), {"kind": "dispute_value", "text": ""}).status_code == 422
    client.post(answer_url(realised), {"kind": "confirm_value"})
    client.post(answer_url(realised), {"kind": "dispute_value", "text": "One desk only"})
    realised.refresh_from_db()
    assert (realised.state, realised.comment, realised.decided_by) == ("disputed", "One desk only", contact.name)
    assert list(Response.objects.order_by("id").values_list("kind", flat=True)) == ["confirm_value", "dispute_value"]
    assert set(AuditEvent.objects.filter(actor=contact).values_list("verb", flat=True)) == {"confirm", "confirm_value", "dispute", "dispute_value"}
    assert "0 confirmed, 0 open, 1 disputed. Benefits: €0 confirmed, €0 open, €80 disputed." in client.get(edition).content.decode()


def test_a_corrected_amount_waits_for_a_new_verdict(client, realised):
    RealisedValue.objects.filter(pk=realised.pk).update(state="disputed", comment="No", decided_on=START)
    data = {"period_from": "2025-02-01", "period_to": "2025-02-10", "amount": "90", "confidence": "observed", "version": realised.version}
    client.post(url("realised_edit", realised.line, realised.pk), data)

    realised.refresh_from_db()
    assert (realised.amount, realised.state, realised.comment, realised.decided_on) == (90, "provisional", "", None)


def test_a_verdict_is_taken_back(client, realised):
    client.force_login(MembershipFactory(customer=realised.line.case.engagement.customer).user)
    client.post(answer_url(realised), {"kind": "confirm_value"})
    take_back_response(Response.objects.get(), now=timezone.now() + timedelta(minutes=1))

    realised.refresh_from_db()
    assert realised.state == "provisional"


def test_the_verdict_before_holds_again_once_the_later_one_is_taken_back(client, realised):
    first, second = (MembershipFactory(customer=realised.line.case.engagement.customer).user for _ in range(2))
    for person, typed in ((first, {"kind": "confirm_value"}), (second, {"kind": "dispute_value", "text": "One desk only"})):
        client.force_login(person)
        client.post(answer_url(realised), typed)
    take_back_response(Response.objects.get(kind="dispute_value"), now=timezone.now() + timedelta(minutes=1))

    realised.refresh_from_db()
    assert (realised.state, realised.decided_by, realised.comment) == ("confirmed", first.name, "")


def test_another_company_cannot_answer(client, realised):
    client.force_login(MembershipFactory().user)

    assert (client.get(answer_url(realised)).status_code, client.post(answer_url(realised), {"kind": "confirm_value"}).status_code) == (404, 404)
    realised.refresh_from_db()
    assert (realised.state, Response.objects.count()) == ("provisional", 0)


def test_what_is_hidden_or_of_others_cannot_be_answered(client, realised):
    client.force_login(MembershipFactory(customer=realised.line.case.engagement.customer).user)
    hidden = RealisedValue.objects.exclude(pk=realised.pk).get()
    slug = realised.line.case.engagement.slug

    assert client.post(reverse("contact_answer", args=[slug, "realised", hidden.pk]), {"kind": "confirm_value"}).status_code == 404
    realised.line.is_shared = False
    realised.line.save()
    assert client.post(answer_url(realised), {"kind": "confirm_value"}).status_code == 409
    assert Response.objects.count() == 0


@pytest.mark.parametrize("name", ["realised_new", "realised_edit", "realised_archive", "realised_restore"])
def test_strangers_contacts_and_the_signed_out_stay_outside(client, realised, name):
    more = [] if name == "realised_new" else [realised.pk]
    before = AuditEvent.objects.count()
    answers = []
    for person in (UserFactory(), MembershipFactory(customer=realised.line.case.engagement.customer).user, None):
        client.logout()
        if person:
            client.force_login(person)
        answers.append(client.post(url(name, realised.line, *more)).status_code)

    assert (answers, AuditEvent.objects.count()) == ([404, 403, 302], before)


def test_a_figure_is_reached_only_through_its_own_line(client, realised):
    other = ValueLineFactory(case=realised.line.case)

    assert client.post(url("realised_archive", other, realised.pk)).status_code == 404
    assert client.get(reverse("realised_new", args=[realised.line.case.engagement.slug, ValueCaseFactory().pk, realised.line.pk])).status_code == 404
