from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from engagements.models import Engagement, PhaseChange, TeamMember
from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import passed_gates
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = "/engagements/new/"


def signed_in(client: Client, user):
    client.force_login(user)
    return user


def new(client: Client, **data):
    return client.post(NEW, {"name": "Copilot", "started_on": "2026-03-02"} | data)


def test_beginning_an_engagement_is_for_staff(client: Client) -> None:
    assert client.get(NEW).url.startswith(reverse("account_login"))
    client.force_login(ContactFactory())
    assert client.get(NEW).status_code == 403
    assert new(client, new_customer="Acme").status_code == 403
    assert not Engagement.objects.exists()


def test_an_fde_leads_what_they_begin_and_cannot_name_another(client: Client) -> None:
    fde = signed_in(client, UserFactory())
    customer = CustomerFactory(account_owner=fde)
    response = new(client, customer=customer.pk, lead=UserFactory().pk)
    engagement = Engagement.objects.get()
    assert response.url == reverse("engagement", args=["copilot"])
    assert (engagement.customer, engagement.lead, engagement.started_on) == (customer, fde, date(2026, 3, 2))


def test_a_manager_chooses_the_lead_among_active_staff(client: Client) -> None:
    signed_in(client, ManagerFactory())
    customer, lead = CustomerFactory(), UserFactory()
    for wrong in (ContactFactory(), UserFactory(is_active=False)):
        assert new(client, customer=customer.pk, lead=wrong.pk).context["form"].errors.keys() == {"lead"}
    new(client, customer=customer.pk, lead=lead.pk)
    assert Engagement.objects.get().lead == lead


def test_a_typed_customer_is_created_with_the_engagement(client: Client) -> None:
    fde = signed_in(client, UserFactory())
    new(client, new_customer="Harbourline")
    assert Engagement.objects.get().customer.name == "Harbourline"
    assert Customer.objects.visible_to(fde).get().slug == "harbourline"


def test_a_customer_the_viewer_does_not_see_cannot_be_chosen(client: Client) -> None:
    fde = signed_in(client, UserFactory())
    CustomerFactory(account_owner=fde)
    response = new(client, customer=EngagementFactory().customer.pk, name="Typed")
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"customer"}
    assert 'value="Typed"' in response.content.decode()
    assert Engagement.objects.filter(lead=fde).count() == 0


@pytest.mark.parametrize("both", [True, False])
def test_exactly_one_customer_is_named(client: Client, both: bool) -> None:
    fde = signed_in(client, UserFactory())
    customer = CustomerFactory(account_owner=fde)
    data = {"customer": customer.pk, "new_customer": "Another"} if both else {}
    assert new(client, **data).status_code == 422
    assert Customer.objects.count() == 1
    assert not Engagement.objects.exists()


def test_the_customer_of_the_address_is_chosen_beforehand_when_visible(client: Client) -> None:
    fde = signed_in(client, UserFactory())
    mine, foreign = CustomerFactory(account_owner=fde), EngagementFactory().customer
    assert client.get(NEW, {"customer": mine.slug}).context["form"]["customer"].value() == mine.pk
    response = client.get(NEW, {"customer": foreign.slug})
    assert response.context["form"]["customer"].value() is None
    assert foreign.name not in response.content.decode()


def test_editing_keeps_the_address_and_what_was_typed(client: Client) -> None:
    engagement = EngagementFactory()
    signed_in(client, engagement.lead)
    url = reverse("engagement_edit", args=[engagement.slug])
    data = {"name": "Renamed", "started_on": "2026-01-05", "time_zone": "Asia/Shanghai", "currency": "CNY", "version": 1}
    wrong = client.post(url, data | {"target_end": "2026-01-01", "exit_plan": "They run it"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["target_end"])
    assert "They run it" in wrong.content.decode()
    client.post(url, data | {"exit_plan": "They run it"})
    engagement.refresh_from_db()
    assert (engagement.name, engagement.exit_plan, engagement.currency) == ("Renamed", "They run it", "CNY")


def test_a_second_save_from_an_old_page_is_refused_once(client: Client) -> None:
    engagement = EngagementFactory(version=3)
    signed_in(client, engagement.lead)
    data = {"name": "Mine", "started_on": "2026-01-05", "time_zone": "UTC", "currency": "EUR", "version": 2}
    response = client.post(reverse("engagement_edit", args=[engagement.slug]), data)
    assert response.status_code == 409
    assert Engagement.objects.get().name == engagement.name


def test_archiving_can_be_undone(client: Client) -> None:
    engagement = EngagementFactory()
    signed_in(client, engagement.lead)
    response = client.post(reverse("engagement_archive", args=[engagement.slug]), follow=True)
    assert reverse("engagement_restore", args=[engagement.slug]) in response.content.decode()
    client.post(reverse("engagement_restore", args=[engagement.slug]))
    assert not Engagement.objects.get().is_archived


def test_giving_up_the_lead_must_be_confirmed(client: Client) -> None:
    engagement, other = EngagementFactory(), UserFactory()
    lead = signed_in(client, engagement.lead)
    url, data = reverse("engagement_team", args=[engagement.slug]), {"lead": other.pk, "version": 1}
    response = client.post(url, data)
    assert (response.status_code, list(response.context["roles"].errors)) == (422, ["confirm"])
    assert Engagement.objects.get().lead == lead
    assert client.post(url, data | {"confirm": "on"}).url == reverse("portfolio")
    assert Engagement.objects.get().lead == other


def test_a_lead_who_becomes_backup_confirms_nothing(client: Client) -> None:
    engagement, other = EngagementFactory(), UserFactory()
    lead = signed_in(client, engagement.lead)
    url = reverse("engagement_team", args=[engagement.slug])
    assert client.post(url, {"lead": other.pk, "backup": lead.pk, "version": 1}).url == url
    assert (Engagement.objects.get().lead, Engagement.objects.get().backup) == (other, lead)


@pytest.mark.parametrize("role", ["lead", "backup", "manager"])
def test_roles_are_limited_to_active_staff(client: Client, role: str) -> None:
    engagement = EngagementFactory()
    signed_in(client, engagement.lead)
    data = {"lead": engagement.lead_id, "version": 1, role: ContactFactory().pk}
    response = client.post(reverse("engagement_team", args=[engagement.slug]), data)
    assert (response.status_code, list(response.context["roles"].errors)) == (422, [role])


def test_a_member_is_added_changed_and_removed(client: Client) -> None:
    engagement, person = EngagementFactory(), UserFactory()
    signed_in(client, engagement.lead)
    client.post(reverse("team_member_new", args=[engagement.slug]), {"user": person.pk, "weekly_share": "40"})
    member = TeamMember.objects.get()
    assert (member.user, member.percent) == (person, 40)
    client.post(reverse("team_member_edit", args=[engagement.slug, member.pk]), {"weekly_share": "60"})
    assert TeamMember.objects.get().percent == 60
    client.post(reverse("team_member_remove", args=[engagement.slug, member.pk]))
    assert not TeamMember.objects.exists()


@pytest.mark.parametrize("share", ["0", "101", "x", ""])
def test_a_share_is_a_percentage(client: Client, share: str) -> None:
    engagement = EngagementFactory()
    signed_in(client, engagement.lead)
    data = {"user": UserFactory().pk, "weekly_share": share}
    response = client.post(reverse("team_member_new", args=[engagement.slug]), data)
    assert (response.status_code, list(response.context["member_form"].errors)) == (422, ["weekly_share"])
    assert not TeamMember.objects.exists()


def test_nobody_gets_a_second_seat(client: Client) -> None:
    engagement = EngagementFactory(backup=UserFactory())
    signed_in(client, engagement.lead)
    for person in (engagement.lead, engagement.backup, ContactFactory()):
        response = client.post(reverse("team_member_new", args=[engagement.slug]), {"user": person.pk, "weekly_share": "20"})
        assert list(response.context["member_form"].errors) == ["user"]


def test_leaving_the_team_oneself_must_be_confirmed(client: Client) -> None:
    engagement = EngagementFactory()
    person = signed_in(client, UserFactory())
    member = TeamMember.objects.create(engagement=engagement, user=person)
    url = reverse("team_member_remove", args=[engagement.slug, member.pk])
    response = client.post(url)
    assert response.status_code == 422
    assert "You will no longer see this engagement" in response.content.decode()
    assert TeamMember.objects.exists()
    assert client.post(url, {"confirm": "yes"}).url == reverse("portfolio")
    assert not TeamMember.objects.exists()


def test_a_phase_change_is_dated_and_shown_in_the_header(client: Client) -> None:
    engagement = EngagementFactory()
    passed_gates(engagement, "discovery", "prototype")
    signed_in(client, engagement.lead)
    client.post(reverse("engagement_phase", args=[engagement.slug]), {"phase": "pilot", "on": "2026-03-02"})
    assert PhaseChange.objects.get(phase="pilot").entered_on == date(2026, 3, 2)
    page = client.get(reverse("engagement_milestones", args=[engagement.slug]))
    steps = [(step.label, step.place, step.since) for step in page.context["phase_steps"]]
    assert steps[2:4] == [("Pilot", "now", date(2026, 3, 2)), ("Production", "ahead", None)]


def test_going_back_must_be_confirmed(client: Client) -> None:
    engagement = EngagementFactory(phase="pilot")
    signed_in(client, engagement.lead)
    url, data = reverse("engagement_phase", args=[engagement.slug]), {"phase": "discovery", "on": "2026-03-02"}
    response = client.post(url, data)
    assert (response.status_code, list(response.context["phase_form"].errors)) == (422, ["confirm"])
    assert not PhaseChange.objects.exists()
    client.post(url, data | {"confirm": "on"})
    assert Engagement.objects.get().phase == "discovery"


def test_a_phase_cannot_begin_in_the_future_nor_before_the_last_change(client: Client) -> None:
    engagement = EngagementFactory()
    PhaseChange.objects.create(engagement=engagement, phase="discovery", entered_on=date(2026, 1, 5))
    signed_in(client, engagement.lead)
    for on in (timezone.localdate() + timedelta(days=2), date(2026, 1, 4)):
        response = client.post(reverse("engagement_phase", args=[engagement.slug]), {"phase": "pilot", "on": on})
        assert list(response.context["phase_form"].errors) == ["on"]
    assert Engagement.objects.get().phase == "discovery"


def test_a_status_other_than_active_shows_in_the_header(client: Client) -> None:
    engagement = EngagementFactory()
    signed_in(client, engagement.lead)
    url = reverse("engagement_status", args=[engagement.slug])
    assert client.post(url, {"status": "nonsense"}).status_code == 422
    client.post(url, {"status": "paused"})
    assert Engagement.objects.get().status == "paused"
    assert '<span class="tag">Paused</span>' in client.get(reverse("engagement_team", args=[engagement.slug])).content.decode()


def test_the_header_names_the_sponsor_who_is_there(client: Client) -> None:
    engagement = EngagementFactory()
    people = {"customer": engagement.customer, "role": "sponsor"}
    StakeholderFactory(**people, name="Gone", influence=5, left_on=date(2026, 1, 1))
    StakeholderFactory(**people, name="Anneke Visser", title="COO", influence=4)
    StakeholderFactory(role="sponsor", name="Elsewhere", influence=5)
    signed_in(client, engagement.lead)
    page = client.get(reverse("engagement_team", args=[engagement.slug])).content.decode()
    assert "Sponsor Anneke Visser, COO" in page
    assert "Gone" not in page and "Elsewhere" not in page


def test_write_update_opens_this_week_of_this_engagement(client: Client) -> None:
    engagement = EngagementFactory()
    EngagementFactory(lead=engagement.lead)
    signed_in(client, engagement.lead)
    link = f"{reverse('weekly_log')}?engagement={engagement.slug}"
    assert link in client.get(reverse("engagement_team", args=[engagement.slug])).content.decode()
    assert client.get(link).url.startswith(f"/weekly-log/{engagement.slug}/")
    signed_in(client, EngagementFactory().lead)
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("values", [{"started_on": date(2099, 1, 5)}, {"archived_at": timezone.now()}])
def test_work_that_has_not_begun_or_is_archived_has_no_week_to_write(client: Client, values: dict) -> None:
    engagement = EngagementFactory(**values)
    signed_in(client, engagement.lead)
    page = client.get(reverse("engagement_team", args=[engagement.slug])).content.decode()
    assert "Write update" not in page
    assert ("This engagement is archived" in page) == engagement.is_archived


def test_the_first_customer_is_typed(client: Client) -> None:
    signed_in(client, UserFactory())
    EngagementFactory()
    form = client.get(NEW).context["form"]
    assert list(form.fields) == ["new_customer", "name", "started_on", "playbook"]
    assert new(client).context["form"].errors.keys() == {"new_customer"}
