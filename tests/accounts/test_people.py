"""The list of people, their roles, and what happens to the work of those who leave."""

from datetime import date

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from engagements.models import (
    Blocker,
    Deliverable,
    Engagement,
    GateCondition,
    Help,
    OutcomeAgreement,
    Recompute,
    Risk,
    TeamMember,
    WeekCover,
)
from fde_portal.accounts.handovers import holdings_of
from fde_portal.accounts.models import ApiToken, AuditEvent, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.accounts import create_api_token
from fde_portal.accounts.services.people import Incomplete, switch_off
from tests.factories.concerns import BlockerFactory, RiskFactory
from tests.factories.customers import CustomerFactory, MembershipFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.people import PASSWORD, AdministratorFactory, ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("accounts:people")
AWAY = {"first_on": date(2026, 3, 2), "last_on": date(2026, 3, 9)}


@pytest.fixture
def manager():
    return ManagerFactory(name="Ruth Adler")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def page_of(person, name="person"):
    return reverse(f"accounts:{name}", args=[person.pk])


def names(response):
    return [row.name for row in response.context["page"].object_list]


class TestList:
    def test_members_and_those_switched_off_apart(self, as_manager):
        UserFactory(name="Maya Okafor")
        UserFactory(name="Gone Long Ago", is_active=False)
        assert names(as_manager.get(LIST)) == ["Maya Okafor", "Ruth Adler"]
        assert names(as_manager.get(LIST, {"show": "off"})) == ["Gone Long Ago"]

    def test_search_finds_names_and_addresses(self, as_manager):
        UserFactory(name="Maya Okafor", email="m@example.org")
        UserFactory(name="Tom", email="okafor@example.org")
        UserFactory(name="Nobody")
        assert names(as_manager.get(LIST, {"q": "OKAFOR"})) == ["Maya Okafor", "Tom"]
        assert "Nobody matches" in as_manager.get(LIST, {"q": "zzz"}).content.decode()

    def test_fifty_on_a_page(self, as_manager):
        UserFactory.create_batch(52)
        assert len(names(as_manager.get(LIST))) == 50
        assert len(names(as_manager.get(LIST, {"page": "2"}))) == 3

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_statements_do_not_grow_with_rows(self, as_manager, django_assert_num_queries, count):
        UserFactory.create_batch(count, manager=ManagerFactory())
        with django_assert_num_queries(5):
            assert len(names(as_manager.get(LIST))) == count + 2

    @pytest.mark.parametrize("make", [UserFactory, ContactFactory])
    @pytest.mark.parametrize("name", ["person", "switch_off", "switch_on"])
    def test_others_see_and_change_nobody(self, client, make, name):
        stranger = UserFactory()
        client.force_login(make())
        before = list(User.objects.order_by("pk").values())
        assert client.post(page_of(stranger, name), {"role": "manager", "work": stranger.pk}).status_code == 403
        if name != "switch_on":
            assert client.get(page_of(stranger, name)).status_code == 403
        assert client.get(LIST).status_code == 403
        assert list(User.objects.order_by("pk").values()) == before


class TestRole:
    def test_saved_with_a_trail(self, as_manager, manager):
        person = UserFactory()
        as_manager.post(page_of(person), {"role": "manager", "manager": manager.pk})
        person.refresh_from_db()
        assert (person.role, person.manager) == (Role.MANAGER, manager)
        event = AuditEvent.objects.get()
        assert (event.verb, event.actor, event.details) == (
            "assign_role",
            manager,
            {"fields": ["manager", "role"], "role": "manager"},
        )

    def test_taken_back_by_whoever_gave_it_unless_somebody_did_since(self, client, as_manager, manager):
        person = UserFactory()
        as_manager.post(page_of(person), {"role": "manager", "manager": manager.pk})
        path = as_manager.get(reverse("just_done")).context["ways_back"][0].path
        colleague = Client()
        colleague.force_login(ManagerFactory())
        assert colleague.post(path).status_code == 404
        assert as_manager.post(path).status_code == 302
        person.refresh_from_db()
        assert (person.role, person.manager) == (Role.FDE, None)

        as_manager.post(page_of(person), {"role": "manager", "manager": ""})
        path = as_manager.get(reverse("just_done")).context["ways_back"][0].path
        colleague.post(page_of(person), {"role": "none", "manager": ""})
        assert as_manager.post(path).status_code == 409
        person.refresh_from_db()
        assert person.role == Role.NONE

    def test_a_role_that_is_no_longer_possible_is_not_given_back(self, as_manager):
        person = UserFactory(role=Role.NONE)
        as_manager.post(page_of(person), {"role": "fde", "manager": ""})
        EngagementFactory(lead=person)
        path = as_manager.get(reverse("just_done")).context["ways_back"][0].path
        assert as_manager.post(path).status_code == 409
        person.refresh_from_db()
        assert person.role == Role.FDE

    def test_a_save_without_a_change_offers_no_way_back(self, as_manager):
        as_manager.post(page_of(UserFactory()), {"role": "fde", "manager": ""})
        assert as_manager.get(reverse("just_done")).context["ways_back"] == []

    def test_nobody_changes_themselves(self, as_manager, manager):
        for name in ("person", "switch_off", "switch_on"):
            assert as_manager.post(page_of(manager, name), {"role": "fde"}).status_code == 403
        manager.refresh_from_db()
        assert (manager.role, manager.is_active) == (Role.MANAGER, True)

    def test_managers_do_not_touch_administrators_but_administrators_do(self, client, as_manager):
        administrator = AdministratorFactory()
        assert as_manager.post(page_of(administrator), {"role": "fde"}).status_code == 403
        assert switch(as_manager, administrator).status_code == 403
        client.force_login(AdministratorFactory())
        assert switch(client, administrator).status_code == 302
        administrator.refresh_from_db()
        assert not administrator.is_active

    @pytest.mark.parametrize("role", ["contact", "administrator", "everything"])
    def test_only_roles_of_ours_can_be_given(self, as_manager, role):
        person = UserFactory()
        assert as_manager.post(page_of(person), {"role": role}).status_code == 422
        assert User.objects.get(pk=person.pk).role == Role.FDE

    def test_a_contact_stays_one(self, as_manager):
        contact = ContactFactory()
        as_manager.post(page_of(contact), {"role": "manager"})
        assert User.objects.get(pk=contact.pk).role == Role.CONTACT

    @pytest.mark.parametrize(("role", "to"), [("fde", "none"), ("manager", "fde")])
    def test_what_the_new_role_cannot_carry_is_handed_over_first(self, as_manager, role, to):
        person = UserFactory(role=role)
        EngagementFactory(name="Claims", lead=person)
        EngagementFactory(name="Permits", manager=person)
        response = as_manager.post(page_of(person), {"role": to})
        assert response.status_code == 422
        assert ("Claims" if to == "none" else "Permits") in str(response.context["form"].errors["role"])
        assert User.objects.get(pk=person.pk).role == role


@pytest.fixture
def leaver():
    """An FDE who owns one of each kind, some of it where the successors are already."""
    return UserFactory(name="Maya Okafor", role=Role.MANAGER)


@pytest.fixture
def successor():
    return UserFactory(name="Tom Berg")


@pytest.fixture
def work(leaver, successor):
    """What `leaver` answers for, by name, and as much of a stranger's."""
    stranger = UserFactory()
    mine = {
        "led": EngagementFactory(lead=leaver, name="Led"),
        "led_with_backup": EngagementFactory(lead=leaver, backup=successor, name="Backed by the successor"),
        "special": EngagementFactory(lead=leaver, name="Special", status="completed"),
        "backed": EngagementFactory(lead=stranger, backup=leaver),
        "backed_of_successor": EngagementFactory(lead=successor, backup=leaver),
        "managed": EngagementFactory(manager=leaver, lead=stranger),
        "customer": CustomerFactory(account_owner=leaver, archived_at=timezone.now()),
        "deliverable": DeliverableFactory(owner=leaver),
        "blocker": BlockerFactory(owner=leaver),
        "risk": RiskFactory(owner=leaver),
        "outcome": OutcomeFactory(our_person=leaver),
        "cover": WeekCover.objects.create(**AWAY, engagement=EngagementFactory(lead=stranger), person=stranger, cover=leaver),
        "report": UserFactory(manager=leaver),
    }
    mine["seat"] = TeamMember.objects.create(engagement=mine["managed"], user=leaver, weekly_share="0.40")
    mine["double_seat"] = TeamMember.objects.create(engagement=mine["backed_of_successor"], user=leaver, weekly_share="0.10")
    DeliverableFactory(owner=stranger, engagement__lead=stranger, engagement__backup=successor)
    CustomerFactory(account_owner=stranger)
    TeamMember.objects.create(engagement=EngagementFactory(lead=stranger), user=successor, weekly_share="0.20")
    return mine


def dump():
    """Every row of the apps of ours, but for the trail and what is recomputed."""
    left_out = {"auditevent", "recompute", "portfoliorow"}
    models = [
        model
        for app in ("accounts", "customers", "engagements")
        for model in apps.get_app_config(app).get_models()
        if model._meta.model_name not in left_out
    ]
    return {(model.__name__, row["id"]): row for model in models for row in model._default_manager.values()}


def switch(client, person, chosen=None):
    """Answer both questions: who takes over, and whether really."""
    asked = client.post(page_of(person, "switch_off"), chosen or {})
    if asked.status_code != 200:
        return asked
    return client.post(page_of(person, "switch_off"), (chosen or {}) | {"confirmed": asked.context["form"]["confirmed"].value()})


def differences(before, after):
    """Changed columns of rows that stayed, without counters and stamps; and rows that went."""
    noise = {"version", "updated_at"}
    changed = {
        (*key, column): after[key][column]
        for key in before.keys() & after.keys()
        for column in before[key].keys() - noise
        if before[key][column] != after[key][column]
    }
    return changed, before.keys() - after.keys(), after.keys() - before.keys()


class TestSwitchOff:
    def test_everything_moves_and_nothing_else(self, as_manager, manager, leaver, successor, work):
        special = UserFactory()
        token, __ = create_api_token(name="Export", by=leaver)
        create_api_token(name="Of somebody else", by=successor)
        before = dump()
        chosen = {"work": successor.pk, "people": manager.pk, f"lead:{work['special'].pk}": special.pk}
        response = switch(as_manager, leaver, chosen)
        assert response.status_code == 302
        changed, gone, new = differences(before, dump())
        revoked = changed.pop(("ApiToken", token.pk, "revoked_at"))
        assert revoked is not None
        assert changed == {
            ("User", leaver.pk, "is_active"): False,
            ("User", work["report"].pk, "manager_id"): manager.pk,
            ("Customer", work["customer"].pk, "account_owner_id"): successor.pk,
            ("Engagement", work["led"].pk, "lead_id"): successor.pk,
            ("Engagement", work["led_with_backup"].pk, "lead_id"): successor.pk,
            ("Engagement", work["led_with_backup"].pk, "backup_id"): None,
            ("Engagement", work["special"].pk, "lead_id"): special.pk,
            ("Engagement", work["backed"].pk, "backup_id"): successor.pk,
            ("Engagement", work["backed_of_successor"].pk, "backup_id"): None,
            ("Engagement", work["managed"].pk, "manager_id"): manager.pk,
            ("TeamMember", work["seat"].pk, "user_id"): successor.pk,
            ("Deliverable", work["deliverable"].pk, "owner_id"): successor.pk,
            ("Blocker", work["blocker"].pk, "owner_id"): successor.pk,
            ("Risk", work["risk"].pk, "owner_id"): successor.pk,
            ("OutcomeAgreement", work["outcome"].pk, "our_person_id"): successor.pk,
            ("WeekCover", work["cover"].pk, "cover_id"): successor.pk,
        }
        assert (gone, new) == ({("TeamMember", work["double_seat"].pk)}, set())
        assert holdings_of(leaver) == []
        assert Recompute.objects.filter(engagement=work["led"]).exists()

    def test_each_thing_leaves_a_trace_and_the_person_one(self, as_manager, manager, leaver, successor, work):
        switch(as_manager, leaver, {"work": successor.pk, "people": manager.pk})
        events = AuditEvent.objects.filter(actor=manager)
        assert events.filter(verb="hand_over").count() == len(work)
        assert events.get(verb="switch_off").subject_id == leaver.pk

    def test_a_second_question_names_what_they_lead_and_who_gets_it(self, as_manager, manager, leaver, successor, work):
        chosen = {"work": successor.pk, "people": manager.pk, f"lead:{work['special'].pk}": manager.pk}
        before = dump()
        asked = as_manager.post(page_of(leaver, "switch_off"), chosen)
        page = asked.content.decode()
        assert differences(before, dump()) == ({}, set(), set())
        assert "Switch off Maya Okafor? They are signed out at once." in page
        assert "They lead 3 engagements." in page
        assert f"Led ({work['led'].customer}) → Tom Berg" in page
        assert f"Special ({work['special'].customer}) → {manager.name}" in page

        other = chosen | {f"lead:{work['special'].pk}": successor.pk, "confirmed": asked.context["form"]["confirmed"].value()}
        again = as_manager.post(page_of(leaver, "switch_off"), other)
        assert "Special (" in again.content.decode() and again.status_code == 200
        leaver.refresh_from_db()
        assert leaver.is_active

    def test_the_second_question_names_nothing_to_whom_may_not_read_it(self, client, leaver, successor, work):
        client.force_login(AdministratorFactory(role=Role.NONE))
        page = client.post(page_of(leaver, "switch_off"), {"work": successor.pk, "people": ManagerFactory().pk}).content.decode()
        assert "They lead 3 engagements." in page
        assert not any(work[key].name in page for key in ("led", "special"))

    def test_who_leads_nothing_is_asked_about_too(self, as_manager):
        person = UserFactory()
        assert "They lead no engagement." in as_manager.post(page_of(person, "switch_off")).content.decode()
        person.refresh_from_db()
        assert person.is_active

    def test_shows_what_it_is_about(self, as_manager, leaver, work):
        page = as_manager.get(page_of(leaver, "switch_off")).content.decode()
        for name in ("led", "special", "customer", "report"):
            assert work[name].name in page

    @pytest.mark.parametrize("chosen", [{}, {"work": "self"}, {"work": "gone"}, {"work": "contact"}, {"people": "fde"}])
    def test_unfit_successors_are_refused_and_nothing_changes(self, as_manager, leaver, successor, work, chosen):
        people = {
            "self": leaver,
            "gone": UserFactory(is_active=False),
            "contact": ContactFactory(),
            "fde": successor,
        }
        typed = {"work": successor.pk, "people": ManagerFactory().pk} if chosen else {}
        before = dump()
        response = switch(as_manager, leaver, typed | {name: people[who].pk for name, who in chosen.items()})
        assert response.status_code == 422
        assert differences(before, dump()) == ({}, set(), set())
        assert not AuditEvent.objects.exists()

    def test_an_administrator_without_records_hands_over_without_reading_names(self, client, leaver, successor, work):
        administrator = AdministratorFactory(role=Role.NONE)
        client.force_login(administrator)
        for name in ("person", "switch_off"):
            page = client.get(page_of(leaver, name)).content.decode()
            assert not any(work[key].name in page for key in ("led", "special", "customer", "deliverable"))
        refused = client.post(page_of(leaver), {"role": "none", "manager": ""})
        assert work["led"].name not in refused.content.decode()
        switch(client, leaver, {"work": successor.pk, "people": ManagerFactory().pk})
        assert holdings_of(leaver) == []

    def test_what_became_theirs_meanwhile_stops_it(self, leaver, successor, manager):
        engagement = EngagementFactory(lead=leaver)
        before = dump()
        with pytest.raises(Incomplete):
            switch_off(leaver, successors={}, by=manager, now=timezone.now())
        assert differences(before, dump()) == ({}, set(), set())
        assert Engagement.objects.get(pk=engagement.pk).lead == leaver

    def test_it_ends_sessions_and_tokens_at_once(self, as_manager, client_of, leaver, successor):
        theirs = client_of(leaver)
        __, secret = create_api_token(name="Export", by=leaver)
        others = client_of(successor)
        bearer = {"Authorization": f"Bearer {secret}"}
        assert theirs.get(reverse("accounts:profile")).status_code == 200
        assert others.get("/api/v1/engagements/", headers=bearer).status_code == 200
        switch(as_manager, leaver)
        assert theirs.get(reverse("accounts:profile")).status_code == 302
        assert others.get("/api/v1/engagements/", headers=bearer).status_code == 401
        assert others.get(reverse("accounts:profile")).status_code == 200
        assert not UserSession.objects.filter(user=leaver).exists()

    def test_a_contact_keeps_the_links_and_needs_no_successor(self, as_manager):
        membership = MembershipFactory()
        switch(as_manager, membership.user)
        membership.user.refresh_from_db()
        assert not membership.user.is_active

    def test_switched_on_again_they_sign_in_and_own_nothing(self, as_manager, client_of, leaver, successor, work, manager):
        switch(as_manager, leaver, {"work": successor.pk, "people": manager.pk})
        as_manager.post(page_of(leaver, "switch_on"))
        assert client_of(leaver).get(reverse("accounts:profile")).status_code == 200
        assert holdings_of(User.objects.get(pk=leaver.pk)) == []
        assert ApiToken.objects.filter(user=leaver, revoked_at=None).count() == 0

    def test_every_person_column_of_the_work_is_handed_over_or_history(self):
        """A new record with an owner must join the hand-over, or be named here as history."""
        history = {
            "recorded_by",
            "changed_by",
            "author",
            "published_by",
            "replaced_by",
            "created_by",
            "revoked_by",
            "received_by",
            "assessed_by",
            "added_by",
            "done_by",
            "answered_by",
            "unsigned_by",
            "annulled_by",
            "retracted_by",
            "read_by",
            "closed_by",
            "skipped_by",
            "withdrawn_by",
            "made_by",
            "reviewed_by",
            "commented_by",
            "claimed_by",
            "asked_by",
            "replied_by",
        }
        handed = {
            (Engagement, "lead"),
            (Engagement, "backup"),
            (Engagement, "manager"),
            (TeamMember, "user"),
            (Deliverable, "owner"),
            (Blocker, "owner"),
            (Risk, "owner"),
            (GateCondition, "owner"),
            (Help, "person"),
            (OutcomeAgreement, "our_person"),
            (WeekCover, "cover"),
            (Customer, "account_owner"),
        }
        columns = {
            (model, field.name)
            for app in ("customers", "engagements")
            for model in apps.get_app_config(app).get_models()
            for field in model._meta.concrete_fields
            if field.related_model is User
        }
        rest = {(model.__name__, name) for model, name in columns - handed if name not in history}
        # A link to customers, a visit and an answer are of a contact; a check-in and an absence stay with whose week it was,
        # notices and what is muted with whoever was told.
        of_a_person = ("Response", "ContactVisit", "CheckIn", "WeekCover", "Notice", "NoticeMute", "Digest")
        assert rest <= {("CustomerMembership", "user"), *((model, "person") for model in of_a_person)}


@pytest.fixture
def client_of():
    """A function that gives a browser in which somebody signed in with their password."""

    def sign_in(person):
        client = Client()
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        return client

    return sign_in
