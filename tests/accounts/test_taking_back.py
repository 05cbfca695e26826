"""A save is taken back for ten minutes: what stood there before comes back, on every page that edits a record."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.forms import BooleanField, CharField, Form, HiddenInput, IntegerField, Select
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.services import record_stance
from engagements.models import (
    Decision,
    Deliverable,
    Engagement,
    Integration,
    Playbook,
    TeamMember,
    ValueCase,
    ValueDriver,
)
from engagements.views.log_kinds import LOG_KINDS
from fde_portal.accounts import pages, tasks
from fde_portal.accounts.forms.earlier import held_by, sent_again
from fde_portal.accounts.models import AuditEvent, EarlierValues
from fde_portal.accounts.services.kept_texts import forget_text
from fde_portal.celery import app
from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory, NoteFactory
from tests.factories.log import FACTORIES, DecisionFactory, IntegrationFactory
from tests.factories.outcomes import ObservationFactory, OutcomeFactory
from tests.factories.people import AdministratorFactory, ContactFactory, ManagerFactory, UserFactory
from tests.factories.playbooks import PlaybookCriterionFactory, PlaybookFactory
from tests.factories.value import ValueCaseFactory, ValueDriverFactory, ValueLineFactory
from tests.permissions.place import Address, addresses, planted

pytestmark = pytest.mark.django_db
PAGE = reverse("just_done")
EDITS = [address for address in addresses() if address.name.endswith("_edit") or address.name.endswith(":edit") or address.name == "value_drivers"]
# Edited without a form of their own record, or by one person alone: their own tests take them back.
OTHERWISE = {"team_member_edit", "portfolio_view_edit"}
BOOKKEEPING = {"version", "created_at", "updated_at"}
# What remembers, and what a change of the record sets going.
AROUND = {
    "AuditEvent", "EarlierValues", "Session", "UserSession", "SearchEntry", "Recompute", "NoteRevision", "BlockerRevision", "PortfolioRow",
}  # fmt: skip


def contents() -> dict[str, list]:
    """Every row of the records, without what each save changes by itself. Lines may come back under another number."""
    models = [model for model in apps.get_models(include_auto_created=True) if model.__name__ not in AROUND and model is not Session]
    return {model._meta.label: sorted((row_of(row) for row in model._base_manager.all()), key=repr) for model in models}


def row_of(row: Any) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in BOOKKEEPING | {"id"}]
    return {name: getattr(row, name) for name in names}


def opened(client: Client, url: str) -> tuple[Form, QueryDict]:
    """The form of a page and what it sends untouched."""
    form = client.get(url).context["form"]
    return form, sent_again(held_by(form), form, version=form.initial.get("version", 1))


def reworded(form: Form, data: QueryDict) -> QueryDict:
    """The first thing a person would type over, typed over; lines count too."""
    for formset in form.formsets().values():
        for line in formset.initial_forms:
            if type_over(line, data):
                return data
    assert type_over(form, data)
    return data


def type_over(form: Form, data: QueryDict) -> bool:
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if field.disabled or isinstance(field.widget, HiddenInput | Select):
            continue
        if type(field) is CharField:
            data[key] = f"{data.get(key) or ''} reworded".strip()
            return True
        if type(field) is IntegerField and data.get(key, "").isdigit():
            data[key] = str(int(data[key]) + 1)
            return True
        if type(field) is BooleanField:
            data.setlist(key, [] if data.get(key) else ["on"])
            return True
    return False


def change(client: Client, url: str, **typed: str) -> None:
    form, data = opened(client, url)
    data = reworded(form, data) if not typed else data
    for name, value in typed.items():
        data[name] = value
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.context["form"].errors


def way_back(client: Client) -> str:
    return client.get(PAGE).context["ways_back"][0].path


@pytest.mark.parametrize("address", [address for address in EDITS if address.name not in OTHERWISE], ids=lambda address: address.name)
def test_what_a_page_changed_comes_back(client, address: Address):
    planted()
    place = planted()
    client.force_login(AdministratorFactory())
    url, before = place.url(address), contents()
    change(client, url)
    assert contents() != before
    assert client.post(way_back(client)).status_code == 302
    after = contents()
    assert {label for label in before if before[label] != after[label]} == set()


@pytest.mark.parametrize("kind", [kind.key for kind in LOG_KINDS])
def test_each_kind_of_the_log_comes_back(client, kind):
    engagement = EngagementFactory()
    entry = FACTORIES[kind](engagement=engagement)
    client.force_login(engagement.lead)
    before = contents()
    change(client, reverse("log_entry_edit", args=[engagement.slug, kind, entry.pk]))
    client.post(way_back(client))
    assert contents() == before


def test_the_list_of_edit_pages_is_not_empty():
    assert {"customers:edit", "engagement_edit", "milestone_edit", "value_drivers", "playbook_edit"} <= {address.name for address in EDITS}


@pytest.fixture
def decision(client) -> Decision:
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    return DecisionFactory(engagement=engagement, text="Wait", reason="No data yet")


def edit_url(decision: Decision) -> str:
    return reverse("log_entry_edit", args=[decision.engagement.slug, "decision", decision.pk])


def refused(client: Client, path: str, words: str) -> HttpResponse:
    """The click changes no row, and the page says why."""
    before, trail = contents(), AuditEvent.objects.count()
    answer = client.post(path)
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert (contents(), AuditEvent.objects.count()) == (before, trail)
    return answer


def test_the_message_offers_it_and_the_trail_keeps_both(client, decision):
    change(client, edit_url(decision), text="Go")
    page = client.get(reverse("my_week"))
    path = way_back(client)
    assert f'action="{path}"' in page.content.decode()
    assert client.post(path).url.endswith("?kind=decision")
    decision.refresh_from_db()
    assert (decision.text, decision.reason, decision.version) == ("Wait", "No data yet", 3)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "details")) == [("edit", {"fields": ["text"]})] * 2
    assert client.get(PAGE).context["ways_back"] == []


@pytest.mark.parametrize(("factory", "page"), [(MilestoneFactory, "milestone_edit"), (DeliverableFactory, "deliverable_edit")])
def test_a_forecast_that_had_passed_comes_back_and_cannot_be_typed(client, factory, page):
    passed, ahead = timezone.localdate() - timedelta(days=3), timezone.localdate() + timedelta(days=9)
    client.force_login(ManagerFactory())
    stranger, record = factory(forecast_on=passed), factory(forecast_on=passed)
    url = reverse(page, args=[record.engagement.slug, record.pk])
    change(client, url, forecast_on=ahead.isoformat())
    __, data = opened(client, url)
    data["forecast_on"] = passed.isoformat()
    assert client.post(url, data).status_code == 422
    assert client.post(way_back(client)).status_code == 302
    assert list(factory._meta.model.objects.order_by("pk").values_list("forecast_on", flat=True)) == [passed, passed]
    assert stranger.version == factory._meta.model.objects.get(pk=stranger.pk).version


def test_what_was_not_changed_offers_nothing(client, decision):
    change(client, edit_url(decision), text="Wait")
    assert client.get(PAGE).context["ways_back"] == []
    assert not EarlierValues.objects.exists()


def test_after_ten_minutes_it_is_refused(client, decision, time_machine):
    time_machine.move_to("2026-03-02 12:00Z", tick=False)
    change(client, edit_url(decision), text="Go")
    path = way_back(client)
    time_machine.move_to("2026-03-02 12:10:01Z", tick=False)
    assert f'href="{edit_url(decision)}"' in refused(client, path, "ten minutes are over").content.decode()
    time_machine.move_to("2026-03-02 12:10Z", tick=False)
    assert client.post(path).status_code == 302


def test_after_a_later_edit_it_is_refused(client, decision):
    change(client, edit_url(decision), text="Go")
    path = way_back(client)
    colleague = Client()
    colleague.force_login(ManagerFactory())
    change(colleague, edit_url(decision), text="Go in June")
    refused(client, path, "it was changed since")
    assert Decision.objects.get().text == "Go in June"


def test_it_is_taken_back_once(client, decision):
    change(client, edit_url(decision), text="Go")
    path = way_back(client)
    assert client.post(path).status_code == 302
    assert Decision.objects.get().text == "Wait"
    refused(client, path, "it was changed since")


def test_several_saves_are_taken_back_one_after_another_from_the_newest(client, decision):
    for text in ("Go", "Go in June", "Go in July"):
        change(client, edit_url(decision), text=text)
    paths = [way.path for way in client.get(PAGE).context["ways_back"]]
    refused(client, paths[1], "it was changed since")
    for path, text in zip(paths, ("Go in June", "Go", "Wait"), strict=True):
        assert client.post(path).status_code == 302
        assert Decision.objects.get().text == text


def test_with_a_colleagues_save_between_the_older_one_stays_out_of_reach(client, decision):
    change(client, edit_url(decision), text="Go")
    older = way_back(client)
    colleague = Client()
    colleague.force_login(ManagerFactory())
    change(colleague, edit_url(decision), text="Go in June")
    change(client, edit_url(decision), text="Go in July")
    client.post(way_back(client))
    refused(client, older, "it was changed since")
    assert Decision.objects.get().text == "Go in June"


def test_strangers_and_colleagues_do_not_take_back_for_others(client, decision):
    change(client, edit_url(decision), text="Go")
    path = way_back(client)
    for person, status in ((UserFactory(), 404), (ManagerFactory(), 404), (ContactFactory(), 403)):
        other = Client()
        other.force_login(person)
        before = contents()
        assert other.post(path).status_code == status
        assert contents() == before
    assert Client().post(path).url.startswith(reverse("account_login"))
    assert Decision.objects.get().text == "Go"


@pytest.mark.parametrize("number", ["0", "x", "-1", "", "1" * 30, "٣"])
def test_a_save_that_never_was_is_not_found(client, decision, number):
    before = contents()
    assert client.post(f"{edit_url(decision)}?undo={number}", {"text": "Sneaked in"}).status_code == 404
    assert contents() == before


def test_a_save_of_another_record_is_not_found(client, decision):
    other = DecisionFactory(engagement=decision.engagement, text="Other")
    change(client, edit_url(decision), text="Go")
    number = way_back(client).partition("=")[2]
    assert client.post(f"{edit_url(other)}?undo={number}").status_code == 404
    assert list(Decision.objects.order_by("pk").values_list("text", flat=True)) == ["Go", "Other"]


def test_values_that_are_no_longer_possible_are_refused(client):
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    deliverable = DeliverableFactory(engagement=engagement, name="Reader")
    change(client, reverse("deliverable_edit", args=[engagement.slug, deliverable.pk]), name="Desk")
    path = way_back(client)
    DeliverableFactory(engagement=engagement, name="Reader")
    refused(client, path, "no longer possible")
    assert Deliverable.objects.get(pk=deliverable.pk).name == "Desk"


def test_what_was_replaced_goes_within_the_hour(client, decision, time_machine):
    time_machine.move_to("2026-03-02 12:00Z", tick=False)
    change(client, edit_url(decision), text="Go")
    time_machine.move_to("2026-03-02 13:01Z", tick=False)
    change(client, edit_url(decision), text="Go in June")
    assert [row.held["fields"]["text"] for row in EarlierValues.objects.all()] == [["Go"]]


def test_what_was_replaced_goes_within_two_hours_although_nobody_saves_again(client, decision, time_machine):
    time_machine.move_to("2026-03-02 12:00Z", tick=False)
    change(client, edit_url(decision), text="Go")
    time_machine.move_to("2026-03-02 13:00Z", tick=False)
    change(client, edit_url(decision), text="Go in June")
    time_machine.move_to("2026-03-02 13:00:01Z", tick=False)
    tasks.forget_earlier()
    assert [row.held["fields"]["text"] for row in EarlierValues.objects.all()] == [["Go"]]
    assert app.conf.beat_schedule["replaced values"] == {
        "task": tasks.forget_earlier.name, "schedule": 3600, "options": {"expires": 3600},
    }  # fmt: skip


def test_a_colleagues_save_before_the_way_back_is_kept_is_not_taken_back(client, decision, monkeypatch):
    colleague = Client()
    colleague.force_login(ManagerFactory())

    def meanwhile(**kept):
        monkeypatch.setattr(pages, "forget_text", forget_text)
        change(colleague, edit_url(decision), text="Go in June")
        forget_text(**kept)

    __, data = opened(client, edit_url(decision))
    monkeypatch.setattr(pages, "forget_text", meanwhile)
    data["text"] = "Go"
    assert client.post(edit_url(decision), data).status_code == 302
    refused(client, way_back(client), "it was changed since")
    assert Decision.objects.get().text == "Go in June"


def test_the_trail_holds_none_of_the_words(client, decision):
    change(client, edit_url(decision), text="Go")
    client.post(way_back(client))
    assert not any("No data yet" in str(details) for details in AuditEvent.objects.values_list("details", flat=True))


def test_the_day_of_a_check_comes_back_with_the_words(client, time_machine):
    time_machine.move_to("2026-03-09 12:00Z", tick=False)
    source = IntegrationFactory()
    client.force_login(source.engagement.lead)
    change(client, reverse("log_entry_edit", args=[source.engagement.slug, "integration", source.pk]), text="Other system")
    assert str(Integration.objects.get().noted_on) == "2026-03-09"
    client.post(way_back(client))
    assert (Integration.objects.get().text, str(Integration.objects.get().noted_on)) == (source.text, "2026-03-02")


def test_a_verdict_comes_back_with_its_figure(client):
    agreement = OutcomeFactory(state="measuring")
    seen = ObservationFactory(agreement=agreement, state="confirmed", decided_on="2026-03-01", decided_by="Anneke Visser", source="Export")
    client.force_login(agreement.engagement.lead)
    change(client, reverse("observation_edit", args=[agreement.engagement.slug, agreement.pk, seen.pk]), source="By hand")
    seen.refresh_from_db()
    assert seen.state == "provisional"
    client.post(way_back(client))
    seen.refresh_from_db()
    assert (seen.source, seen.state, seen.decided_by) == ("Export", "confirmed", "Anneke Visser")


class TestLines:
    """Lines saved with their record: changed, added and taken out."""

    def test_of_a_playbook(self, client):
        playbook = PlaybookFactory()
        kept = PlaybookCriterionFactory(playbook=playbook, text="Kept")
        PlaybookCriterionFactory(playbook=playbook, text="Gone")
        client.force_login(ManagerFactory())
        url = reverse("playbook_edit", args=[playbook.pk])
        lines = {"criteria-TOTAL_FORMS": "3", "criteria-0-text": "Kept, reworded", "criteria-1-DELETE": "on"}
        new = {"criteria-2-phase": kept.phase, "criteria-2-text": "New"}
        before = contents()
        change(client, url, **lines, **new)
        assert sorted(Playbook.objects.get(pk=playbook.pk).criteria.values_list("text", flat=True)) == ["Kept, reworded", "New"]
        client.post(way_back(client))
        assert contents() == before
        assert Playbook.objects.get(pk=playbook.pk).criteria.get(text="Kept").pk == kept.pk

    def test_of_a_value_case_with_its_amounts(self, client):
        case = ValueCaseFactory()
        line = ValueLineFactory(case=case, name="Hours")
        line.amounts.create(year=1, amount="1200.50")
        client.force_login(case.engagement.lead)
        before = contents()
        change(client, reverse("value_case_edit", args=[case.engagement.slug, case.pk]), **{"lines-0-year_1": "99", "lines-0-name": "Days", "years": "5"})
        assert contents() != before
        client.post(way_back(client))
        assert contents() == before

    def test_a_removed_line_comes_back_with_its_drivers(self, client):
        case = ValueCaseFactory()
        ValueLineFactory(case=case, name="Stays").amounts.create(year=1, amount=1)
        ValueDriverFactory(line__case=case, line__basis="drivers")
        client.force_login(case.engagement.lead)
        before = contents()
        number = [line.pk for line in ValueCase.objects.get().lines.all()].index(ValueDriver.objects.get().line_id)
        change(client, reverse("value_case_edit", args=[case.engagement.slug, case.pk]), **{f"lines-{number}-DELETE": "on"})
        assert [line.name for line in case.lines.all()] == ["Stays"]
        client.post(way_back(client))
        after = contents()
        # A case is written by the order of its lines.
        assert {label for label in before if before[label] != after[label]} <= {"engagements.ValueLine"}
        assert ValueDriver.objects.get().line in case.lines.all()


class TestStances:
    def test_a_changed_stance_is_held_again(self, client):
        customer = CustomerFactory(account_owner=UserFactory())
        person = StakeholderFactory(customer=customer)
        person.stances.create(stance="supporter", recorded_on="2026-01-05")
        client.force_login(customer.account_owner)
        url = reverse("customers:stakeholder_edit", args=[customer.slug, person.pk])
        change(client, url, stance="blocker", title="Head of yard")
        client.post(way_back(client))
        person.refresh_from_db()
        assert (person.title, list(person.stances.order_by("id").values_list("stance", flat=True))) == ("", ["supporter", "blocker", "supporter"])

    @pytest.fixture
    def person(self, client):
        """Somebody of whom nobody knows what they think; the customer's owner is signed in."""
        person = StakeholderFactory(customer=CustomerFactory(account_owner=UserFactory()))
        client.force_login(person.customer.account_owner)
        return person

    def edit(self, client, person, **typed):
        change(client, reverse("customers:stakeholder_edit", args=[person.customer.slug, person.pk]), **typed)

    def test_after_a_first_stance_nobody_knows_again(self, client, person):
        self.edit(client, person, stance="blocker", title="Head of yard")
        client.post(way_back(client))
        person.refresh_from_db()
        assert (person.title, person.stances.count()) == ("", 0)
        assert AuditEvent.objects.filter(verb="withdraw_stance", subject_id=person.pk).exists()

    def test_a_stance_from_elsewhere_stays(self, client, person):
        self.edit(client, person, title="Head of yard")
        record_stance(stakeholder=person, stance="sceptic", on=date(2026, 3, 2), by=person.customer.account_owner)
        client.post(way_back(client))
        person.refresh_from_db()
        assert (person.title, person.stances.get().stance) == ("", "sceptic")

    def test_a_stance_that_was_followed_by_another_stays(self, client, person):
        self.edit(client, person, stance="blocker")
        record_stance(stakeholder=person, stance="sceptic", on=timezone.localdate(), by=person.customer.account_owner)
        client.post(way_back(client))
        assert person.stances.count() == 2

    def test_the_words_of_a_note_come_back_and_the_history_says_so(self, client):
        engagement = EngagementFactory()
        note = NoteFactory(customer=engagement.customer, engagement=engagement, text="Calm")
        client.force_login(engagement.lead)
        change(client, reverse("note_edit", args=[note.pk]), text="Angry")
        client.post(way_back(client))
        note.refresh_from_db()
        assert (note.text, sorted(note.revisions.values_list("text", flat=True))) == ("Calm", ["Angry", "Calm"])


class TestRoles:
    @pytest.fixture
    def engagement(self, client) -> Engagement:
        engagement = EngagementFactory(backup=UserFactory(), manager=ManagerFactory())
        client.force_login(engagement.manager)
        return engagement

    def url(self, engagement: Engagement) -> str:
        return reverse("engagement_team", args=[engagement.slug])

    def name(self, client: Client, engagement: Engagement, **changes: Any) -> HttpResponse:
        roles = {"lead": engagement.lead_id, "backup": engagement.backup_id, "manager": engagement.manager_id, "version": engagement.version}
        return client.post(self.url(engagement), {name: value or "" for name, value in (roles | changes).items()})

    def test_lead_backup_and_manager_come_back_with_the_seat_they_took(self, client, engagement):
        member = TeamMember.objects.create(engagement=engagement, user=UserFactory(), weekly_share="0.35")
        before = contents()
        self.name(client, engagement, lead=member.user_id, backup="", manager="")
        assert not engagement.team_members.exists()
        assert client.post(way_back(client)).url == self.url(engagement)
        assert contents() == before

    def test_refused_after_a_later_edit_and_for_a_stranger(self, client, engagement):
        self.name(client, engagement, backup="")
        path = way_back(client)
        stranger = Client()
        stranger.force_login(UserFactory())
        assert stranger.post(path).status_code == 404
        engagement.refresh_from_db()
        self.name(client, engagement, backup=UserFactory().pk)
        refused(client, path, "it was changed since")

    def test_refused_after_ten_minutes(self, client, engagement, time_machine):
        time_machine.move_to("2026-03-02 12:00Z", tick=False)
        self.name(client, engagement, backup="")
        path = way_back(client)
        time_machine.move_to("2026-03-02 12:11Z", tick=False)
        refused(client, path, "ten minutes are over")

    def test_who_gave_up_their_access_gets_no_way_back_that_leads_nowhere(self, client, engagement):
        client.force_login(engagement.lead)
        self.name(client, engagement, lead=UserFactory().pk, confirm="on")
        assert client.get(PAGE).context["ways_back"] == []

    def test_somebody_who_made_themselves_lead_gives_it_back(self, client, engagement):
        """Without the role and the seat it took they would not see it: both come back in one act."""
        me = TeamMember.objects.create(engagement=engagement, user=UserFactory(), weekly_share="0.50").user
        client.force_login(me)
        before = contents()
        self.name(client, engagement, lead=me.pk)
        assert client.post(way_back(client)).url == self.url(engagement)
        assert contents() == before

    def test_a_share_of_the_week_comes_back(self, client, engagement):
        member = TeamMember.objects.create(engagement=engagement, user=UserFactory(), weekly_share="0.35")
        client.post(reverse("team_member_edit", args=[engagement.slug, member.pk]), {"weekly_share": "50"})
        client.post(way_back(client))
        member.refresh_from_db()
        assert str(member.weekly_share) == "0.35"


def test_addresses_of_ways_back_hold_no_words(client, decision):
    change(client, edit_url(decision), text="Go")
    assert re.fullmatch(re.escape(edit_url(decision)) + r"\?undo=\d+", way_back(client))
