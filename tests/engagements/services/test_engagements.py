from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from customers.services import default_customer
from engagements.forms.engagements import EngagementForm, NewCustomerForm, RolesForm
from engagements.models import Engagement, Phase, PhaseChange, Recompute, Status, TeamMember
from engagements.selectors import portfolio
from engagements.services.engagements import (
    archive_engagement,
    assign_member,
    assign_roles,
    create_engagement,
    remove_member,
    restore_engagement,
    save_engagement,
)
from engagements.services.phases import change_phase, change_status
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import passed_gates
from tests.factories.people import ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)


def created(**values) -> Engagement:
    values = {"customer": CustomerFactory(), "name": "Copilot", "lead": UserFactory(), "started_on": START} | values
    return create_engagement(engagement=Engagement(**values), by=values["lead"])


def events(engagement: Engagement) -> list[str]:
    return list(AuditEvent.objects.filter(engagement_id=engagement.pk).order_by("id").values_list("verb", flat=True))


def test_a_new_engagement_takes_zone_and_currency_from_the_customer_and_the_manager_from_the_lead() -> None:
    manager = ManagerFactory()
    customer = CustomerFactory(time_zone="Asia/Shanghai", currency="CNY")
    engagement = created(customer=customer, lead=UserFactory(manager=manager))
    assert (engagement.time_zone, engagement.currency, engagement.manager) == ("Asia/Shanghai", "CNY", manager)


def test_a_new_engagement_enters_its_first_phase_and_asks_for_figures() -> None:
    engagement = created()
    assert list(engagement.phase_changes.values_list("phase", "entered_on")) == [("discovery", START)]
    assert Recompute.objects.get(engagement=engagement).want == 1
    assert events(engagement) == ["create"]


def test_a_new_engagement_stands_in_the_portfolio_before_any_worker_ran() -> None:
    engagement = created()
    [line] = portfolio.lines(portfolio.visible_rows(engagement.lead), start=0, count=9)
    assert (line.slug, line.band, line.score) == (engagement.slug, "unknown", None)


def test_short_names_are_unique_also_without_latin_letters() -> None:
    slugs = [created(name=name).slug for name in ("Copilot", "Copilot", "华岭助手", "客服", "New")]
    assert slugs == ["copilot", "copilot-2", "engagement-1", "engagement-2", "new-2"]


def test_a_new_customer_is_created_with_its_engagement() -> None:
    lead = UserFactory(time_zone="Asia/Shanghai")
    form = NewCustomerForm({"name": "华岭银行"}, instance=default_customer(by=lead))
    assert form.is_valid()
    engagement = create_engagement(engagement=Engagement(name="助手", lead=lead, started_on=START), by=lead, new_customer=form)
    assert (engagement.customer.name, engagement.customer.account_owner) == ("华岭银行", lead)
    assert engagement.time_zone == "Asia/Shanghai"


def test_the_first_phase_follows_a_start_that_is_moved() -> None:
    engagement = created()
    passed_gates(engagement, "discovery", "prototype")
    change_phase(engagement=engagement, phase=Phase.PILOT, on=date(2026, 3, 2), by=engagement.lead)
    data = {"name": "Renamed", "started_on": "2026-02-02", "time_zone": "UTC", "currency": "EUR", "version": engagement.version}
    form = EngagementForm(data, instance=engagement)
    assert form.is_valid(), form.errors
    save_engagement(form, by=engagement.lead)
    moved = list(engagement.phase_changes.values_list("phase", "entered_on"))
    assert moved == [("discovery", date(2026, 2, 2)), ("pilot", date(2026, 3, 2))]


def test_a_phase_change_is_dated_kept_and_counted_from_its_day() -> None:
    engagement = created()
    passed_gates(engagement, "discovery")
    change_phase(engagement=engagement, phase=Phase.PROTOTYPE, on=date(2026, 2, 2), by=engagement.lead)
    change_phase(engagement=engagement, phase=Phase.DISCOVERY, on=date(2026, 2, 9), by=engagement.lead)
    engagement.refresh_from_db()
    assert engagement.phase == Phase.DISCOVERY
    assert list(engagement.phase_changes.values_list("phase", flat=True)) == ["discovery", "prototype", "discovery"]
    assert Recompute.objects.get(engagement=engagement).stale_from == date(2026, 2, 2)
    assert events(engagement) == ["create", "change_phase", "open_gate", "change_phase"]


def test_the_phase_it_is_in_already_writes_nothing() -> None:
    engagement = created()
    assert change_phase(engagement=engagement, phase=Phase.DISCOVERY, on=date(2026, 2, 2), by=engagement.lead) is None
    assert PhaseChange.objects.count() == 1
    assert events(engagement) == ["create"]


def test_history_of_phases_is_not_rewritten() -> None:
    engagement = created()
    with pytest.raises(ValueError, match="later"):
        change_phase(engagement=engagement, phase=Phase.PILOT, on=date(2026, 1, 4), by=engagement.lead)
    assert PhaseChange.objects.count() == 1


def test_a_change_of_status_counts_the_version_up_once() -> None:
    engagement = created()
    for __ in range(2):
        change_status(engagement=engagement, status=Status.PAUSED, by=engagement.lead)
    engagement.refresh_from_db()
    assert (engagement.status, engagement.version) == ("paused", 2)
    assert events(engagement) == ["create", "change_status"]


def test_archiving_and_restoring_an_engagement() -> None:
    engagement = created()
    archive_engagement(engagement, by=engagement.lead, now=timezone.now())
    assert not Engagement.objects.current().exists()
    restore_engagement(engagement, by=engagement.lead)
    assert Engagement.objects.current().get() == engagement
    assert events(engagement) == ["create", "archive", "restore"]


def test_a_member_has_one_seat_whose_share_can_change() -> None:
    engagement, person = EngagementFactory(), UserFactory()
    for share in ("0.20", "0.40"):
        assign_member(engagement=engagement, user=person, weekly_share=Decimal(share), by=engagement.lead)
    assert TeamMember.objects.get().weekly_share == Decimal("0.40")
    assert events(engagement) == ["add_member", "change_share"]


def test_access_ends_with_the_seat() -> None:
    engagement, person = EngagementFactory(), UserFactory()
    member = assign_member(engagement=engagement, user=person, weekly_share=Decimal("0.2"), by=engagement.lead)
    assert Engagement.objects.visible_to(person).get() == engagement
    remove_member(member, by=engagement.lead)
    assert not Engagement.objects.visible_to(person).exists()
    assert events(engagement) == ["add_member", "remove_member"]


def test_whoever_becomes_backup_leaves_the_seat_beside_it() -> None:
    engagement, person = EngagementFactory(), UserFactory()
    assign_member(engagement=engagement, user=person, weekly_share=Decimal("0.2"), by=engagement.lead)
    data = {"lead": engagement.lead_id, "backup": person.pk, "version": engagement.version}
    form = RolesForm(data, instance=engagement, user=engagement.lead)
    assert form.is_valid(), form.errors
    assign_roles(form, by=engagement.lead)
    assert Engagement.objects.get().backup == person
    assert not TeamMember.objects.exists()
