from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from customers.models import Customer, CustomerMembership, Stakeholder
from engagements.models import Recompute, Status
from fde_portal.accounts.models import AuditEvent, Invitation, OrganizationSettings
from tests.factories.customers import CustomerFactory, MembershipFactory, StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import EngagementFactory, NoteFactory
from tests.factories.people import ContactFactory, InvitationFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db

LIST = "/customers/"


def rows(response):
    return [row.name for row in response.context["page"].object_list]


def texts(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def customer_fields(**changes):
    fields = {
        "name": "Kestrel Energy",
        "currency": "GBP",
        "language": "en",
        "time_zone": "Europe/London",
        "data_classification": "internal",
    }
    return fields | changes


class TestList:
    def test_shows_own_customers_by_name_and_no_others(self, as_fde, fde, stranger):
        CustomerFactory(name="Alpine", account_owner=fde)
        assert rows(as_fde.get(LIST)) == ["Alpine", "Harbourline"]

    def test_counts_live_engagements_the_viewer_is_on_and_open_roles(self, as_fde, customer, fde):
        EngagementFactory(customer=customer)
        EngagementFactory(customer=customer, lead=fde, status=Status.COMPLETED)
        StakeholderFactory(customer=customer, role="sponsor", last_contact_on="2026-02-02")
        StakeholderFactory(customer=customer, role="sponsor", last_contact_on="2026-01-01")
        StakeholderFactory(customer=customer, role="risk_owner", left_on="2026-01-01")
        StakeholderFactory(customer=customer, role="technical_owner", archived_at="2026-01-01T00:00Z")
        StakeholderFactory(customer=customer, role="champion")
        (row,) = as_fde.get(LIST).context["page"].object_list
        assert (row.live_engagements, row.gaps, str(row.last_contact_on)) == (1, 4, "2026-02-02")

    def test_search_finds_name_industry_and_region(self, as_newcomer, client):
        owner = UserFactory()
        for name, industry, region in [("Acme", "", ""), ("Bolt", "Acme-making", ""), ("Core", "", "Acmeville"), ("Dune", "", "")]:
            CustomerFactory(name=name, industry=industry, region=region, account_owner=owner)
        client.force_login(owner)
        assert rows(client.get(LIST, {"q": "acme"})) == ["Acme", "Bolt", "Core"]

    def test_filters_narrow_and_their_choices_are_the_viewers_own(self, as_fde, fde):
        CustomerFactory(name="Alpine", industry="Mining", account_owner=fde)
        CustomerFactory(name="Hidden", industry="Secret industry")
        response = as_fde.get(LIST, {"industry": "Mining"})
        assert rows(response) == ["Alpine"]
        assert "Secret industry" not in response.content.decode()

    def test_a_filter_value_that_is_no_choice_shows_everything(self, as_fde):
        assert rows(as_fde.get(LIST, {"industry": "Secret industry"})) == ["Harbourline"]

    def test_archived_customers_have_their_own_view(self, as_fde, fde):
        CustomerFactory(name="Gone", account_owner=fde, archived_at="2026-01-01T00:00Z")
        assert rows(as_fde.get(LIST)) == ["Harbourline"]
        assert rows(as_fde.get(LIST, {"archived": "1"})) == ["Gone"]

    def test_fifty_on_a_page(self, client):
        owner = UserFactory()
        CustomerFactory.create_batch(51, account_owner=owner)
        client.force_login(owner)
        assert len(rows(client.get(LIST))) == 50
        assert len(rows(client.get(LIST, {"page": "2"}))) == 1

    def test_nothing_yet_offers_one_button(self, as_newcomer):
        content = as_newcomer.get(LIST).content.decode()
        assert "No customers yet" in content
        assert content.count(reverse("customers:new")) == 2

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_statements_do_not_grow_with_rows(self, client, django_assert_num_queries, count):
        owner = UserFactory()
        for customer in CustomerFactory.create_batch(count, account_owner=owner, industry="Rail", region="North"):
            StakeholderFactory(customer=customer)
            EngagementFactory(customer=customer, lead=owner)
        client.force_login(owner)
        with django_assert_num_queries(7):
            assert len(rows(client.get(LIST))) == count


class TestDetail:
    def test_shows_what_is_there(self, as_fde, customer, engagement):
        person = StakeholderFactory(customer=customer, name="Anneke Visser", role="sponsor")
        StanceRecordFactory(stakeholder=person, stance="neutral", recorded_on="2026-01-05")
        StanceRecordFactory(stakeholder=person, stance="supporter", recorded_on="2026-02-02")
        NoteFactory(customer=customer, text="She **approved** it")
        contact = MembershipFactory(customer=customer).user
        content = as_fde.get(reverse("customers:detail", args=[customer.slug])).content.decode()
        for text in ("Anneke Visser", "Supporter", "up from Neutral, 2 Feb", "<strong>approved</strong>", contact.email):
            assert text in content
        assert "No risk owner named yet" in content
        assert "No sponsor named yet" not in content
        assert reverse("engagement", args=[engagement.slug]) in content

    def test_hides_engagements_and_notes_of_others_with_the_same_customer(self, as_fde, customer):
        other = EngagementFactory(customer=customer, name="Their secret project")
        NoteFactory(customer=customer, engagement=other, text="their secret note")
        content = as_fde.get(reverse("customers:detail", args=[customer.slug])).content.decode()
        assert "Their secret project" not in content
        assert "their secret note" not in content

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_statements_do_not_grow_with_rows(self, as_fde, customer, fde, django_assert_num_queries, count):
        for _ in range(count):
            person = StakeholderFactory(customer=customer)
            StanceRecordFactory(stakeholder=person)
            NoteFactory(customer=customer, author=fde).stakeholders.add(person)
            MembershipFactory(customer=customer)
            PortfolioRowFactory(engagement__customer=customer, engagement__lead=fde)
        OrganizationSettings.current()  # written when it is first asked for
        with django_assert_num_queries(13):
            as_fde.get(reverse("customers:detail", args=[customer.slug]))


class TestCreateAndEdit:
    def test_whoever_adds_a_customer_owns_and_sees_it(self, as_newcomer):
        response = as_newcomer.post("/customers/new/", customer_fields(name="华岭银行"), follow=True)
        made = Customer.objects.get()
        assert (made.name, made.slug, made.currency, made.time_zone) == ("华岭银行", "customer-1", "GBP", "Europe/London")
        assert made.account_owner == response.wsgi_request.user
        assert response.redirect_chain == [("/customers/customer-1/", 302)]
        event = AuditEvent.objects.get()
        assert (event.verb, event.subject_id, event.actor) == ("create", made.pk, made.account_owner)

    def test_the_form_comes_with_everything_but_the_name(self, as_newcomer):
        form = as_newcomer.get("/customers/new/").context["form"]
        required = {name for name, field in form.fields.items() if field.required and not form[name].value()}
        assert required == {"name"}

    def test_bad_input_is_named_kept_and_not_saved(self, as_newcomer):
        response = as_newcomer.post("/customers/new/", customer_fields(name="", currency="euros", industry="Rail"))
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"name", "currency"}
        assert 'value="Rail"' in response.content.decode()
        assert not Customer.objects.exists()

    def test_contacts_cannot_own_a_customer(self, as_fde, customer):
        contact = MembershipFactory(customer=customer).user
        fields = customer_fields(account_owner=contact.pk, version=customer.version)
        response = as_fde.post(reverse("customers:edit", args=[customer.slug]), fields)
        assert set(response.context["form"].errors) == {"account_owner"}

    def test_editing_keeps_the_address(self, as_fde, customer):
        fields = customer_fields(version=customer.version)
        response = as_fde.post(reverse("customers:edit", args=[customer.slug]), fields)
        assert response.headers["Location"] == "/customers/harbourline/"
        customer.refresh_from_db()
        assert (customer.name, customer.slug, customer.version) == ("Kestrel Energy", "harbourline", 2)

    def test_an_edit_in_between_is_a_conflict_that_keeps_both(self, as_fde, customer):
        Customer.objects.update(name="Changed meanwhile", version=5)
        response = as_fde.post(reverse("customers:edit", args=[customer.slug]), customer_fields(version=1))
        assert response.status_code == 409
        assert "Kestrel Energy" in response.content.decode()
        assert Customer.objects.get(pk=customer.pk).name == "Changed meanwhile"

    def test_an_owner_who_gives_the_customer_away_lands_on_the_list(self, as_newcomer):
        other = UserFactory()
        response = as_newcomer.post("/customers/new/", customer_fields(account_owner=other.pk))
        assert response.headers["Location"] == LIST


class TestArchive:
    def test_refused_with_a_reason_while_work_goes_on(self, as_fde, customer):
        response = as_fde.post(reverse("customers:archive", args=[customer.slug]))
        assert texts(response) == ["This customer has live engagements. Complete or archive them first."]
        customer.refresh_from_db()
        assert customer.archived_at is None

    def test_archived_with_a_way_back(self, as_fde, customer, engagement):
        engagement.status = Status.COMPLETED
        engagement.save()
        response = as_fde.post(reverse("customers:archive", args=[customer.slug]), follow=True)
        assert f'action="{reverse("customers:restore", args=[customer.slug])}"' in response.content.decode()
        customer.refresh_from_db()
        assert customer.is_archived
        as_fde.post(reverse("customers:restore", args=[customer.slug]))
        customer.refresh_from_db()
        assert not customer.is_archived


def stakeholder_fields(**changes):
    return {"name": "Pieter Bakker", "role": "technical_owner", "influence": "4", "stance": ""} | changes


class TestStakeholders:
    def test_a_new_one_with_a_stance(self, as_fde, fde, customer):
        address = reverse("customers:stakeholder_new", args=[customer.slug])
        as_fde.post(address, stakeholder_fields(stance="sceptic"))
        made = Stakeholder.objects.get()
        assert (made.customer, made.name, made.influence) == (customer, "Pieter Bakker", 4)
        assert list(made.stances.values_list("stance", "recorded_by")) == [("sceptic", fde.pk)]

    def test_a_change_of_stance_is_added_and_the_same_is_not(self, as_fde, customer):
        person = StakeholderFactory(customer=customer)
        StanceRecordFactory(stakeholder=person, stance="neutral", recorded_on="2026-01-05")
        address = reverse("customers:stakeholder_edit", args=[customer.slug, person.pk])
        as_fde.post(address, stakeholder_fields(stance="neutral", version=1))
        as_fde.post(address, stakeholder_fields(stance="supporter", version=2))
        assert list(person.stances.values_list("stance", flat=True)) == ["neutral", "supporter"]

    def test_the_form_shows_the_stance_held_now(self, as_fde, customer):
        person = StakeholderFactory(customer=customer)
        StanceRecordFactory(stakeholder=person, stance="blocker")
        address = reverse("customers:stakeholder_edit", args=[customer.slug, person.pk])
        assert as_fde.get(address).context["form"]["stance"].value() == "blocker"

    def test_only_colleagues_can_stand_in(self, as_fde, fde, customer):
        person, colleague = StakeholderFactory.create_batch(2, customer=customer)
        elsewhere = StakeholderFactory(customer=EngagementFactory(lead=fde).customer)
        address = reverse("customers:stakeholder_edit", args=[customer.slug, person.pk])
        for wrong in (elsewhere, person):
            response = as_fde.post(address, stakeholder_fields(backup_person=wrong.pk, version=1))
            assert set(response.context["form"].errors) == {"backup_person"}
        as_fde.post(address, stakeholder_fields(backup_person=colleague.pk, version=1))
        person.refresh_from_db()
        assert person.backup_person == colleague

    def test_somebody_who_left_opens_a_gap(self, as_fde, customer):
        person = StakeholderFactory(customer=customer, role="sponsor")
        address = reverse("customers:stakeholder_edit", args=[customer.slug, person.pk])
        as_fde.post(address, stakeholder_fields(role="sponsor", left_on="2026-03-01", version=1))
        response = as_fde.get(reverse("customers:detail", args=[customer.slug]))
        assert "No sponsor named yet" in response.context["gaps"]

    def test_archived_and_restored(self, as_fde, customer):
        person = StakeholderFactory(customer=customer)
        as_fde.post(reverse("customers:stakeholder_archive", args=[customer.slug, person.pk]))
        response = as_fde.get(reverse("customers:detail", args=[customer.slug]))
        assert response.context["people"] == []
        assert list(response.context["archived_people"]) == [person]
        as_fde.post(reverse("customers:stakeholder_restore", args=[customer.slug, person.pk]))
        person.refresh_from_db()
        assert not person.is_archived

    def test_health_looks_back_to_the_day_somebody_left_but_only_once(self, as_fde, customer, engagement):
        person = StakeholderFactory(customer=customer)
        address = reverse("customers:stakeholder_edit", args=[customer.slug, person.pk])
        as_fde.post(address, stakeholder_fields(left_on="2026-03-01", version=1))
        queued = Recompute.objects.get(engagement=engagement)
        assert (queued.want, queued.stale_from) == (1, date(2026, 3, 1))
        Recompute.objects.update(stale_from=None)
        as_fde.post(address, stakeholder_fields(left_on="2026-03-01", title="Former CIO", version=2))
        queued.refresh_from_db()
        assert (queued.want, queued.stale_from) == (2, None)

    def test_health_is_asked_for_again(self, as_fde, customer, engagement):
        person = StakeholderFactory(customer=customer)
        paused = EngagementFactory(customer=customer, status=Status.PAUSED)
        as_fde.post(reverse("customers:stakeholder_archive", args=[customer.slug, person.pk]))
        assert Recompute.objects.get(engagement=engagement).want == 1
        assert not Recompute.objects.filter(engagement=paused).exists()


class TestContacts:
    def test_invited_shown_sent_again_and_revoked(self, as_fde, customer):
        page = reverse("customers:contact_new", args=[customer.slug])
        as_fde.post(page, {"name": "Ilse de Wit", "email": "ilse@example.org"})
        invitation = Invitation.objects.get()
        assert "ilse@example.org" in as_fde.get(reverse("customers:detail", args=[customer.slug])).content.decode()
        as_fde.post(reverse("customers:invitation_resend", args=[customer.slug, invitation.pk]))
        assert len(mail.outbox) == 2
        as_fde.post(reverse("customers:invitation_revoke", args=[customer.slug, invitation.pk]))
        assert as_fde.get(reverse("customers:detail", args=[customer.slug])).context["invited"] == []

    def test_one_who_signs_in_already_is_added_and_removed(self, as_fde, customer):
        person = ContactFactory()
        as_fde.post(reverse("customers:contact_new", args=[customer.slug]), {"name": "Ilse", "email": person.email})
        membership = CustomerMembership.objects.get()
        assert (membership.customer, membership.user) == (customer, person)
        as_fde.post(reverse("customers:contact_remove", args=[customer.slug, membership.pk]))
        assert not CustomerMembership.objects.exists()

    @pytest.mark.parametrize("act", ["resend", "revoke"])
    def test_invitations_of_other_customers_and_of_staff_are_not_found(self, as_fde, customer, stranger, act):
        foreign = CustomerFactory()
        for invitation in (InvitationFactory(role="contact", customer_id=foreign.pk), InvitationFactory()):
            address = reverse(f"customers:invitation_{act}", args=[customer.slug, invitation.pk])
            before = Invitation.objects.filter(pk=invitation.pk).values().get()
            assert as_fde.post(address).status_code == 404
            assert Invitation.objects.filter(pk=invitation.pk).values().get() == before
        assert mail.outbox == []

    def test_our_own_people_are_refused_by_name_of_the_field(self, as_fde, customer, stranger):
        fields = {"name": "Somebody", "email": stranger.email}
        response = as_fde.post(reverse("customers:contact_new", args=[customer.slug]), fields)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"email"}
        assert stranger.name not in response.content.decode()
        assert not CustomerMembership.objects.exists()
