import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fde_portal.accounts.forms.accounts import OrganizationForm
from fde_portal.accounts.models import ApiToken, AuditEvent, OrganizationSettings, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.accounts import create_api_token
from fde_portal.accounts.tokens import digest_of
from tests.factories.people import PASSWORD, ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

PROFILE, TOKENS, ORGANIZATION = (reverse(f"accounts:{name}") for name in ("profile", "tokens", "organization"))


@pytest.fixture
def person():
    return UserFactory(name="Maya Okafor")


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


@pytest.mark.parametrize("page", [PROFILE, TOKENS, ORGANIZATION])
def test_signed_out_goes_to_sign_in(client, page):
    assert client.get(page).headers["Location"].startswith(reverse("account_login"))


class TestProfile:
    def test_saves_and_speaks_the_new_language_at_once(self, signed_in, person):
        fields = {"name": "Maya O.", "language": "zh-hans", "time_zone": "Asia/Shanghai"}
        response = signed_in.post(PROFILE, fields)
        person.refresh_from_db()
        assert (person.name, person.language, person.time_zone) == ("Maya O.", "zh-hans", "Asia/Shanghai")
        assert response.cookies["django_language"].value == "zh-hans"
        assert signed_in.get(PROFILE).headers["Content-Language"] == "zh-hans"

    def test_cannot_change_role_or_address(self, signed_in, person):
        fields = {"name": "x", "language": "en", "time_zone": "UTC", "role": "manager", "email": "y@example.org"}
        signed_in.post(PROFILE, fields | {"is_administrator": "on"})
        changed = User.objects.get(pk=person.pk)
        assert (changed.role, changed.email, changed.is_administrator) == (Role.FDE, person.email, False)

    def test_packages_own_page_for_addresses_is_closed(self, signed_in, person):
        assert signed_in.get("/accounts/email/").status_code == 404
        assert signed_in.post("/accounts/email/", {"action_add": "", "email": "mine@example.org"}).status_code == 404
        assert not EmailAddress.objects.filter(email="mine@example.org").exists()

    def test_bad_input_is_named_and_nothing_saved(self, signed_in, person):
        response = signed_in.post(PROFILE, {"name": "", "language": "xx", "time_zone": "Mars/Base"})
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"name", "language", "time_zone"}
        assert User.objects.get(pk=person.pk).name == "Maya Okafor"


class TestLanguageAndTheme:
    def sign_in(self, client, person):
        return client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})

    def test_signing_in_brings_the_language_of_the_profile(self, client):
        client.cookies["django_language"] = "en"
        response = self.sign_in(client, UserFactory(language="zh-hans"))
        assert response.cookies["django_language"].value == "zh-hans"
        assert client.get(PROFILE).headers["Content-Language"] == "zh-hans"

    def test_the_switch_wins_until_the_next_sign_in(self, client):
        self.sign_in(client, UserFactory(language="zh-hans"))
        client.post(reverse("set_language"), {"language": "en"})
        assert client.get(PROFILE).headers["Content-Language"] == "en"

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_theme_is_remembered_and_drawn(self, client, theme):
        response = client.post(reverse("accounts:theme"), {"theme": theme, "next": "/settings/profile/"})
        assert response.headers["Location"] == PROFILE
        client.force_login(UserFactory())
        assert f'data-theme="{theme}"' in client.get(PROFILE).content.decode()

    def test_system_takes_the_choice_back(self, signed_in):
        signed_in.post(reverse("accounts:theme"), {"theme": "dark"})
        signed_in.post(reverse("accounts:theme"), {"theme": "system"})
        assert "data-theme=" not in signed_in.get(PROFILE).content.decode().split(">", 3)[1]

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "/\\example.org/"])
    def test_theme_never_sends_people_to_another_site(self, client, elsewhere):
        response = client.post(reverse("accounts:theme"), {"theme": "dark", "next": elsewhere})
        assert response.headers["Location"] == "/"

    def test_theme_is_no_page(self, client):
        assert client.get(reverse("accounts:theme")).status_code == 405


class TestOrganization:
    FIELDS = {
        "vendor_name": "Northwind",
        "mark": "NW",
        "first_weekday": "6",
        "currency": "CNY",
        "silence_days": "21",
        "most_hours": "44",
        **{f"most_{phase}": "2" for phase in ("discovery", "prototype", "pilot", "production", "handover")},
    }

    def test_fde_and_contact_may_not_open_it(self, client, person):
        for refused in (person, ContactFactory()):
            client.force_login(refused)
            assert client.get(ORGANIZATION).status_code == 403
            assert client.post(ORGANIZATION, self.FIELDS).status_code == 403
        assert OrganizationSettings.current().vendor_name == "FDE Portal"

    def test_manager_saves_with_a_trail(self, client):
        manager = ManagerFactory()
        client.force_login(manager)
        client.post(ORGANIZATION, self.FIELDS)
        saved = OrganizationSettings.current()
        assert (saved.vendor_name, saved.first_weekday, saved.currency, saved.silence_days) == ("Northwind", 6, "CNY", 21)
        assert (saved.most_hours, saved.most_in("pilot")) == (44, 2)
        event = AuditEvent.objects.get()
        assert (event.verb, event.actor, event.subject_type) == ("edit", manager, "organizationsettings")

    def test_the_page_shows_every_field_of_its_form(self, client):
        client.force_login(ManagerFactory())
        html = client.get(ORGANIZATION).content.decode()
        # The tick that takes the logo off stands beside a logo only.
        assert [name for name in OrganizationForm.base_fields if f'name="{name}"' not in html] == ["no_logo"]

    def test_what_health_is_computed_with_is_not_changed_here(self, client):
        client.force_login(ManagerFactory())
        client.post(ORGANIZATION, self.FIELDS | {"watch_from": "50", "on_track_from": "90", "update_cadence_days": "30"})
        saved = OrganizationSettings.current()
        assert (saved.watch_from, saved.on_track_from, saved.update_cadence_days) == (45, 70, 7)

    def test_the_actor_key_is_on_no_page(self, client):
        client.force_login(ManagerFactory())
        assert OrganizationSettings.current().actor_key not in client.get(ORGANIZATION).content.decode()


class TestTokens:
    def test_a_new_one_is_shown_once_and_stored_as_digest(self, signed_in, person):
        response = signed_in.post(TOKENS, {"name": "Nightly export"})
        secret = response.context["secret"]
        token = ApiToken.objects.get()
        assert (token.user, token.name, token.digest) == (person, "Nightly export", digest_of(secret))
        assert secret in response.content.decode()
        assert response.headers["Cache-Control"] == "no-store"
        again = signed_in.get(TOKENS).content.decode()
        assert secret not in again
        assert token.prefix in again
        assert AuditEvent.objects.get().details == {}

    def test_a_nameless_one_is_refused(self, signed_in):
        assert signed_in.post(TOKENS, {"name": ""}).status_code == 422
        assert not ApiToken.objects.exists()

    def test_revoked_it_is_gone_from_the_list(self, signed_in, person):
        token, __ = create_api_token(name="Old", by=person)
        signed_in.post(reverse("accounts:token_revoke", args=[token.pk]))
        token.refresh_from_db()
        assert not token.is_usable(timezone.now())
        assert list(signed_in.get(TOKENS).context["tokens"]) == []

    def test_tokens_of_others_are_not_seen_and_not_revoked(self, signed_in):
        token, __ = create_api_token(name="Theirs", by=UserFactory())
        assert list(signed_in.get(TOKENS).context["tokens"]) == []
        assert signed_in.post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404
        token.refresh_from_db()
        assert token.revoked_at is None


def test_monday_is_named_although_its_number_is_nought(client) -> None:
    client.force_login(ManagerFactory())
    assert '<option value="0" selected>Monday</option>' in client.get(ORGANIZATION).content.decode()


def test_the_language_switch_is_remembered_in_the_profile(client) -> None:
    person = ManagerFactory(language="en")
    client.force_login(person)
    client.post(reverse("set_language"), {"language": "zh-hans"})
    person.refresh_from_db()
    assert person.language == "zh-hans"
    client.post(reverse("set_language"), {"language": "klingon"})
    person.refresh_from_db()
    assert person.language == "zh-hans"


def test_a_fragment_asked_for_by_nobody_is_refused_instead_of_becoming_the_sign_in_page(client) -> None:
    assert client.get(PROFILE, headers={"HX-Request": "true"}).status_code == 401


def test_a_form_without_its_token_is_answered_by_our_own_page() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    answer = client.post(PROFILE, {"name": "x"})
    assert answer.status_code == 403
    assert "css/public.css" in answer.content.decode()
