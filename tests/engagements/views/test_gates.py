"""The Gates tab: answering, deciding, conditions, assets, and the customer's sign-off."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from customers.models import Stakeholder
from engagements.models import (
    Asset,
    CriterionKey,
    Edition,
    Engagement,
    Gate,
    GateCondition,
    GateCriterion,
    GateDecision,
)
from engagements.public_page.content import content_from
from engagements.selectors import my_week
from engagements.services.editions import publish_edition
from engagements.services.gates import open_again
from engagements.services.portfolio import refresh_portfolio_row
from engagements.services.responses import take_back_response
from fde_portal.accounts.models import AuditEvent, User
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import GateCriterionFactory, GateDecisionFactory, customers_person, gates_of
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
NO_CONDITIONS = {"conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}


@pytest.fixture
def work(client: Client) -> Engagement:
    """A pilot whose gate has one open question; its lead is signed in."""
    work = EngagementFactory(phase="pilot", started_on=date(2026, 1, 5))
    gates_of(work)
    GateCriterion.objects.filter(gate__engagement=work, key="rollback").update(answer="unknown")
    client.force_login(work.lead)
    return work


def gate_of(work: Engagement, phase: str = "pilot") -> Gate:
    return Gate.objects.current().get(engagement=work, phase=phase)


def page(client: Client, work: Engagement) -> str:
    return client.get(reverse("engagement_gates", args=[work.slug])).content.decode()


def answer(client: Client, row: GateCriterion, **typed: str):
    url = reverse("criterion_answer", args=[row.gate.engagement.slug, row.gate_id, row.pk])
    return client.post(url, {"answer": "pass", "evidence": "", "link": "", "reason": ""} | typed)


def decide(client: Client, gate: Gate, **typed: object):
    url = reverse("gate_decide", args=[gate.engagement.slug, gate.pk])
    return client.post(url, NO_CONDITIONS | {"outcome": "go", "on": "2026-03-02", "ours": gate.engagement.lead_id} | typed)


def test_the_tab_shows_the_gate_of_the_present_phase_and_what_blocks_it(client: Client, work: Engagement) -> None:
    text = page(client, work)
    assert "Leaving Pilot" in text
    assert "blocked by 1 hard criterion" in text


def test_a_hard_criterion_passes_with_evidence_only_and_keeps_what_was_typed(client: Client, work: Engagement) -> None:
    row = gate_of(work).criteria.get(key="rollback")
    refused = answer(client, row, reason="Typed before")
    assert refused.status_code == 422
    assert "Typed before" in refused.content.decode()
    assert answer(client, row, evidence="Tried on 1 March").status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.evidence, row.answered_by) == ("pass", "Tried on 1 March", work.lead)
    assert "ready to decide" in page(client, work)


def way_back(page: str) -> str:
    """Where the button beside the newest message leads."""
    return next(path for part in reversed(page.split('action="')) if "undo=" in (path := part.split('"')[0]))


def answer_and_go_back(client: Client, row: GateCriterion, **typed: str):
    url = reverse("criterion_answer", args=[row.gate.engagement.slug, row.gate_id, row.pk])
    return client.post(way_back(client.post(url, typed, follow=True).content.decode()))


def test_an_answer_is_taken_back_to_the_one_before(client: Client, work: Engagement) -> None:
    row = gate_of(work).criteria.get(key="rollback")
    answer_and_go_back(client, row, answer="fail", reason="Too slow")
    row.refresh_from_db()
    assert (row.answer, row.reason, row.answered_by) == ("unknown", "", None)


def test_what_was_said_before_stays_out_of_addresses_however_long_it_is(client: Client, work: Engagement) -> None:
    row, long = gate_of(work).criteria.get(key="rollback"), "Our own words. " * 600
    answer(client, row, evidence=long)
    url = reverse("criterion_answer", args=[work.slug, row.gate_id, row.pk])
    path = way_back(client.post(url, {"answer": "fail", "reason": "Too slow"}, follow=True).content.decode())
    assert "Our" not in path and len(path) < 200
    assert client.get(path).status_code == 302
    client.post(path)
    row.refresh_from_db()
    assert (row.answer, row.evidence, row.reason) == ("pass", long.strip(), "")


def test_what_keeps_a_gate_shut_is_said_before_who_decided_is_asked(client: Client, work: Engagement) -> None:
    refused = decide(client, gate_of(work))
    assert refused.status_code == 409
    assert "what is listed above keeps the gate shut" in refused.content.decode()
    assert "name who did at the customer" not in refused.content.decode()


@pytest.mark.parametrize("is_shut", [True, False])
def test_a_go_cannot_be_chosen_while_the_gate_is_shut(client: Client, work: Engagement, is_shut: bool) -> None:
    if not is_shut:
        GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    page = client.get(reverse("gate_decide", args=[work.slug, gate_of(work).pk])).content.decode()
    radios = {tag.split('value="')[1].split('"')[0]: "disabled" in tag for tag in re.findall(r'<input type="radio"[^>]*>', page)}
    assert radios == {"go": is_shut, "conditions": is_shut, "hold": False, "stop": False}
    assert ("A go cannot be chosen" in page) is is_shut


@pytest.mark.parametrize(("phase", "waits"), [("pilot", True), ("discovery", False)])
def test_a_go_says_that_it_waits_only_where_it_does(client: Client, work: Engagement, phase: str, waits: bool) -> None:
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    person = customers_person(work)
    answered = decide(client, gate_of(work, phase), theirs=person.pk, asks="It did what we agreed.")
    said = client.get(answered.url).content.decode()
    assert "Decided: Go" in said
    assert ("It waits for the customer’s sign-off, which" in said) is waits
    work.refresh_from_db()
    assert work.phase == "pilot"


def test_an_answer_is_not_taken_back_over_a_colleagues_nor_by_them(client: Client, work: Engagement) -> None:
    row = gate_of(work).criteria.get(key="rollback")
    url = reverse("criterion_answer", args=[work.slug, row.gate_id, row.pk])
    path = way_back(client.post(url, {"answer": "fail", "reason": "Too slow"}, follow=True).content.decode())
    colleague = Client()
    colleague.force_login(ManagerFactory())
    assert colleague.post(path).status_code == 404
    answer(colleague, row, evidence="Tried again")
    assert client.post(path).status_code == 409
    row.refresh_from_db()
    assert (row.answer, row.evidence) == ("pass", "Tried again")


def test_nothing_is_taken_back_once_the_round_is_decided(client: Client, work: Engagement) -> None:
    row = gate_of(work).criteria.get(key="rollback")
    url = reverse("criterion_answer", args=[work.slug, row.gate_id, row.pk])
    path = way_back(client.post(url, {"answer": "pass", "evidence": "Tried"}, follow=True).content.decode())
    GateDecisionFactory(gate=row.gate)
    refused = client.post(path)
    assert refused.status_code == 409
    assert "this round is decided" in refused.content.decode()
    row.refresh_from_db()
    assert row.answer == "pass"


def test_an_older_page_does_not_replace_what_a_colleague_said_unseen(client: Client, work: Engagement) -> None:
    row = gate_of(work).criteria.get(key="rollback")
    seen = client.get(reverse("gate", args=[work.slug, row.gate_id])).context["criteria"]
    version = next(form["version"].value() for criterion, __, form in seen if criterion.pk == row.pk)
    colleague = Client()
    colleague.force_login(ManagerFactory())
    answer(colleague, row, evidence="Theirs: tried on 1 March", version=version)
    refused = answer(client, row, evidence="Mine: tried on 2 March", version=version)
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody else saved this in the meantime" in text
    assert "Theirs: tried on 1 March" in text and "Mine: tried on 2 March" in text
    row.refresh_from_db()
    assert row.evidence == "Theirs: tried on 1 March"
    again = refused.context["criterion_form"]["version"].value()
    assert answer(client, row, evidence="Both: tried on 1 and 2 March", version=again).status_code == 302
    row.refresh_from_db()
    assert row.evidence == "Both: tried on 1 and 2 March"


def test_each_form_of_the_page_says_what_it_was_opened_with(client: Client, work: Engagement) -> None:
    row = gate_of(work).criteria.get(key="rollback")
    answer(client, row, evidence="Tried")
    text = client.get(reverse("gate", args=[work.slug, row.gate_id])).content.decode()
    assert f'<input type="hidden" name="version" value="2" id="c{row.pk}-version">' in text


def test_a_list_on_the_page_is_written_as_its_language_does(client: Client, work: Engagement) -> None:
    GateCriterion.objects.filter(gate__engagement=work, key__in=("rollback", "autonomy")).delete()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    with translation.override("zh-hans"):
        names = [str(CriterionKey(key).label) for key in ("autonomy", "rollback")]
    assert "、".join(names) in page(client, work)


def test_safety_cannot_be_waived_through_the_form(client: Client, work: Engagement) -> None:
    row = gate_of(work).criteria.get(key="rollback")
    client.force_login(ManagerFactory())
    assert answer(client, row, answer="waived", reason="Because").status_code == 422
    row.refresh_from_db()
    assert row.answer == "unknown"


def test_a_decision_with_conditions_moves_on_and_comes_back_as_work(client: Client, work: Engagement) -> None:
    person, gate = customers_person(work), gate_of(work)
    answer(client, gate.criteria.get(key="rollback"), evidence="Tried")
    typed = {"conditions-TOTAL_FORMS": 1, "conditions-0-text": "Second run", "conditions-0-due_on": "2026-03-01", "conditions-0-owner": work.lead_id}
    assert decide(client, gate, theirs=person.pk, outcome="conditions", **typed).status_code == 302
    work.refresh_from_db()
    assert work.phase == "production"
    condition = GateCondition.objects.get()
    needs = [need.title for need in my_week.needs(my_week.work_of(work.lead, date(2026, 3, 2)))]
    assert any("Second run" in title for title in needs)

    done = reverse("condition_done", args=[work.slug, gate.pk, condition.pk])
    client.post(done)
    needs = [need.title for need in my_week.needs(my_week.work_of(work.lead, date(2026, 3, 2)))]
    assert not any("Second run" in title for title in needs)
    client.post(reverse("condition_undone", args=[work.slug, gate.pk, condition.pk]))
    assert GateCondition.objects.open().count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": "go"}, "theirs"),
        ({"outcome": "hold"}, "reason"),
        ({"outcome": "stop"}, "reason"),
        ({"outcome": "conditions"}, "outcome"),
        ({"outcome": "maybe"}, "outcome"),
        ({"on": "2999-01-01"}, "on"),
        ({"ours": ""}, "ours"),
    ],
)
def test_what_a_decision_owes(client: Client, work: Engagement, typed: dict[str, str], field: str) -> None:
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    refused = decide(client, gate_of(work), dissent="Tom would wait", **typed)
    assert refused.status_code == 422
    assert field in refused.context["form"].errors
    assert "Tom would wait" in refused.content.decode()
    assert not GateDecision.objects.exists()


def test_deciders_and_owners_are_people_of_this_work(client: Client, work: Engagement) -> None:
    stranger = EngagementFactory()
    outsider = customers_person(stranger)
    refused = decide(client, gate_of(work), ours=stranger.lead_id, theirs=outsider.pk)
    assert {"ours", "theirs"} <= set(refused.context["form"].errors)


def test_an_overdue_condition_counts_in_the_portfolio(client: Client, work: Engagement) -> None:
    decision = GateDecisionFactory(gate__engagement=work, gate__phase="discovery", gate__round=2, gate__is_current=False, decided_on=date(2026, 1, 5))
    GateCondition.objects.create(engagement=work, decision=decision, text="Late", due_on=date(2026, 1, 9))
    other = EngagementFactory()
    for engagement in (work, other):
        refresh_portfolio_row(engagement, today=date(2026, 1, 10), now=timezone.now())
    assert [engagement.portfolio_row.overdue_milestones for engagement in (work, other)] == [1, 0]


def test_strangers_reach_nothing_also_through_work_of_their_own(client: Client, work: Engagement) -> None:
    stranger = UserFactory()
    own = EngagementFactory(lead=stranger, phase="pilot")
    gate, row = gate_of(work), gate_of(work).criteria.get(key="rollback")
    client.force_login(stranger)
    for slug in (work.slug, own.slug):
        assert client.get(reverse("gate", args=[slug, gate.pk])).status_code == 404
        assert client.post(reverse("criterion_answer", args=[slug, gate.pk, row.pk]), {"answer": "pass", "evidence": "x"}).status_code == 404
        assert client.post(reverse("gate_decide", args=[slug, gate.pk]), NO_CONDITIONS).status_code == 404
    client.force_login(ContactFactory())
    assert client.get(reverse("engagement_gates", args=[work.slug])).status_code == 403
    row.refresh_from_db()
    assert row.answer == "unknown"
    assert not AuditEvent.objects.filter(verb="answer_criterion").exists()


def test_the_tab_costs_as_many_statements_with_many(client: Client, work: Engagement, django_assert_max_num_queries) -> None:
    gate = gate_of(work)
    for many in (1, 3, 30):
        GateCriterionFactory.create_batch(many, gate=gate)
        Asset.objects.bulk_create(Asset(engagement=work, name=f"{many}-{n}") for n in range(many))
        with django_assert_max_num_queries(21):
            client.get(reverse("gate", args=[work.slug, gate.pk]))
        with django_assert_max_num_queries(12):
            client.get(reverse("engagement_assets", args=[work.slug]))


class TestSignOff:
    @pytest.fixture
    def gate(self, work: Engagement) -> Gate:
        gate = gate_of(work, "discovery")
        GateDecisionFactory(gate=gate, outcome="conditions", dissent="Internal dissent", reason="Internal reason")
        return gate

    def ask(self, client: Client, gate: Gate, **typed: str):
        return client.post(reverse("gate_sign_off", args=[gate.engagement.slug, gate.pk]), typed)

    def published(self, work: Engagement) -> Edition:
        return publish_edition(engagement=work, by=work.lead, now=timezone.now())

    def test_it_is_asked_in_words_of_its_own(self, client: Client, work: Engagement, gate: Gate) -> None:
        assert self.ask(client, gate, is_shared="on").status_code == 422
        assert content_from(self.published(work).content).gates == ()
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        edition = self.published(work)
        (shared,) = content_from(edition.content).gates
        assert (shared.id, shared.text, shared.outcome, shared.decided) == (gate.pk, "Discovery is complete.", "conditions", date(2026, 3, 2))
        for inside in ("Criterion", "Internal", "Maya Okafor"):
            assert inside not in edition.content

    def test_an_undecided_gate_cannot_be_shown(self, client: Client, work: Engagement) -> None:
        assert self.ask(client, gate_of(work), is_shared="on", shared_wording="Go").status_code == 409
        assert content_from(self.published(work).content).gates == ()

    def test_the_customer_signs_declines_and_takes_back(self, client: Client, work: Engagement, gate: Gate) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        contact = MembershipFactory(customer=work.customer).user
        client.force_login(contact)
        assert "Discovery is complete." in client.get(reverse("contact_edition", args=[work.slug])).content.decode()
        url = reverse("contact_answer", args=[work.slug, "gate", gate.pk])
        assert client.post(url, {"kind": "decline", "text": ""}).status_code == 422
        shown = client.post(url, {"kind": "sign", "text": "With pleasure"}, follow=True).content.decode()
        gate.refresh_from_db()
        assert (gate.sign_off, gate.sign_off_by, gate.sign_off_comment) == ("signed", contact.name, "With pleasure")
        assert "signed it off" in shown
        key = work.responses.get().key
        client.post(reverse("contact_answer_take_back", args=[work.slug, key]))
        gate.refresh_from_db()
        assert (gate.sign_off, gate.sign_off_by, gate.sign_off_on) == ("open", "", None)

    def answer(self, gate: Gate, kind: str, text: str = "") -> User:
        """Somebody else at the customer answers, in a browser of their own."""
        contact, browser = MembershipFactory(customer=gate.engagement.customer).user, Client()
        browser.force_login(contact)
        browser.post(reverse("contact_answer", args=[gate.engagement.slug, "gate", gate.pk]), {"kind": kind, "text": text})
        gate.refresh_from_db()
        return contact

    @pytest.mark.parametrize(("kind", "state"), [("sign", "signed"), ("decline", "declined")])
    def test_words_that_were_answered_stay_and_others_are_kept_to_be_copied(self, client, work, gate: Gate, kind: str, state: str) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        self.answer(gate, kind, "As we spoke")
        refused = self.ask(client, gate, is_shared="on", shared_wording="Discovery and everything else.")
        assert refused.status_code == 409
        assert "Discovery and everything else." in refused.content.decode()
        assert "shared_wording" in refused.context["sign_off_form"].errors
        gate.refresh_from_db()
        assert (gate.sign_off, gate.shared_wording) == (state, "Discovery is complete.")
        assert self.ask(client, gate, shared_wording="Discovery is complete.").status_code == 302
        gate.refresh_from_db()
        assert (gate.is_shared, gate.sign_off) == (False, state)

    def test_nobody_signs_new_words_on_a_page_with_the_old_ones(self, client: Client, work: Engagement, gate: Gate) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        self.ask(client, gate, is_shared="on", shared_wording="Discovery and everything else.")
        self.answer(gate, "sign")
        assert (gate.sign_off, gate.shared_wording) == ("open", "Discovery and everything else.")
        self.published(work)
        self.answer(gate, "sign")
        assert gate.sign_off == "signed"

    def test_what_somebody_else_answered_holds_again_once_the_later_answer_is_taken_back(self, client, work, gate: Gate) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        first = self.answer(gate, "sign", "With pleasure")
        self.answer(gate, "decline", "Too early")
        assert gate.sign_off == "declined"
        take_back_response(work.responses.get(kind="decline"), now=timezone.now())
        gate.refresh_from_db()
        assert (gate.sign_off, gate.sign_off_by, gate.sign_off_comment) == ("signed", first.name, "With pleasure")
        assert AuditEvent.objects.filter(verb="sign_off").count() == 1

    def test_a_declined_one_is_asked_again_with_the_next_edition(self, client: Client, work: Engagement, gate: Gate) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        self.answer(gate, "decline", "Too early")
        client.force_login(MembershipFactory(customer=work.customer).user)
        page, home = reverse("contact_edition", args=[work.slug]), reverse("shared_pages")
        assert "Sign off or decline" not in client.get(page).content.decode()
        assert client.get(home).context["waiting"] == []

        self.published(work)
        shown = client.get(page).content.decode()
        assert "Sign off or decline" in shown
        assert "Too early" in shown
        assert [one.item.text for one in client.get(home).context["waiting"]] == ["Discovery is complete."]
        self.answer(gate, "sign")
        assert gate.sign_off == "signed"
        self.published(work)
        assert "Sign off or decline" not in client.get(page).content.decode()

    def test_a_declined_one_is_asked_no_more_once_a_later_round_is_decided(self, client: Client, work: Engagement, gate: Gate) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        self.answer(gate, "decline", "Too early")
        following = open_again(gate, by=work.lead)
        assert [row.id for row in content_from(self.published(work).content).gates] == [gate.pk]
        GateDecisionFactory(gate=following, outcome="go")
        assert content_from(self.published(work).content).gates == ()

    def test_taking_an_earlier_answer_back_leaves_the_later_one(self, client: Client, work: Engagement, gate: Gate) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        self.answer(gate, "sign")
        second = self.answer(gate, "decline", "Too early")
        take_back_response(work.responses.get(kind="sign"), now=timezone.now())
        gate.refresh_from_db()
        assert (gate.sign_off, gate.sign_off_by) == ("declined", second.name)
        take_back_response(work.responses.get(kind="decline"), now=timezone.now())
        gate.refresh_from_db()
        assert (gate.sign_off, gate.sign_off_by) == ("open", "")

    def test_what_is_no_longer_asked_cannot_be_answered(self, client: Client, work: Engagement, gate: Gate) -> None:
        self.ask(client, gate, is_shared="on", shared_wording="Discovery is complete.")
        self.published(work)
        self.ask(client, gate, shared_wording="Discovery is complete.")
        client.force_login(MembershipFactory(customer=work.customer).user)
        answered = client.post(reverse("contact_answer", args=[work.slug, "gate", gate.pk]), {"kind": "sign", "text": ""})
        gate.refresh_from_db()
        assert (answered.status_code, gate.sign_off) == (409, "open")


class TestAssets:
    def test_an_asset_is_written_owned_archived_and_restored(self, client: Client, work: Engagement) -> None:
        person, stranger = customers_person(work), customers_person(EngagementFactory())
        typed = {"name": "Prompts", "kind": "model", "place": "Repository", "note": ""}
        refused = client.post(reverse("asset_new", args=[work.slug]), typed | {"owner": stranger.pk})
        assert (refused.status_code, Asset.objects.count()) == (422, 0)
        client.post(reverse("asset_new", args=[work.slug]), typed)
        asset = Asset.objects.get()
        assert "1 asset has no owner" in client.get(reverse("engagement_assets", args=[work.slug])).content.decode()
        client.post(reverse("asset_edit", args=[work.slug, asset.pk]), typed | {"owner": person.pk, "version": asset.version})
        assert "Every asset has an owner" in client.get(reverse("engagement_assets", args=[work.slug])).content.decode()
        client.post(reverse("asset_archive", args=[work.slug, asset.pk]))
        assert not Asset.objects.current().exists()
        client.post(reverse("asset_restore", args=[work.slug, asset.pk]))
        assert Asset.objects.current().get() == asset

    def test_an_owner_who_left_stays_until_somebody_else_is_named(self, client: Client, work: Engagement) -> None:
        gone, other_gone = (Stakeholder.objects.create(customer=work.customer, name=name, left_on=date(2026, 2, 1)) for name in ("Gone", "Other"))
        asset = Asset.objects.create(engagement=work, name="Prompts", kind="model", owner=gone)
        form = client.get(reverse("asset_edit", args=[work.slug, asset.pk])).context["form"]
        assert (form["owner"].value(), list(form.fields["owner"].queryset)) == (gone.pk, [gone])
        typed = {"name": "All prompts", "kind": "model", "place": "", "note": "", "version": asset.version}
        client.post(reverse("asset_edit", args=[work.slug, asset.pk]), typed | {"owner": gone.pk})
        asset.refresh_from_db()
        assert (asset.name, asset.owner) == ("All prompts", gone)
        refused = client.post(reverse("asset_edit", args=[work.slug, asset.pk]), typed | {"owner": other_gone.pk, "version": asset.version})
        assert refused.status_code == 422

    def test_completing_names_the_asset_without_an_owner(self, client: Client, work: Engagement) -> None:
        Asset.objects.create(engagement=work, name="Prompts")
        refused = client.post(reverse("engagement_status", args=[work.slug]), {"status": "completed"})
        assert refused.status_code == 409
        assert "Prompts" in refused.content.decode()
        work.refresh_from_db()
        assert work.status == "active"
