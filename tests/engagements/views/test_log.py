"""The log: every kind goes the same way from its form to the archive; signals cross customers, names do not."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.models import Decision, Engagement, FieldSignal
from engagements.views.log_kinds import BY_KEY, LOG_KINDS
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory, NoteFactory
from tests.factories.log import FACTORIES, DecisionFactory, FieldSignalFactory, IntegrationFactory, OpportunityFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
KINDS = [kind.key for kind in LOG_KINDS]
# What each kind needs beside its text and day.
NEEDED = {
    "blocker": {"owing_side": "us"},
    "risk": {"likelihood": 3, "impact": 3},
    "assumption": {"verdict": "open"},
    "experiment": {"verdict": "running"},
    "scope_request": {"category": "one_off", "decision": "open"},
    "opportunity": {"stage": "seen"},
    "field_signal": {"category": "missing", "theme": "Exports", "disposition": "new"},
    "integration": {"readiness": "waiting"},
}


@pytest.fixture
def engagement(client: Client) -> Engagement:
    """The engagement of the person signed in, beside a stranger's with an entry of each kind."""
    for factory in FACTORIES.values():
        factory(text="Of a stranger")
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    return engagement


def fields(kind: str, **more) -> dict:
    return {"text": "Typed words", "noted_on": "2026-03-02"} | NEEDED.get(kind, {}) | more


def new_url(engagement: Engagement, kind: str) -> str:
    return reverse("log_entry_new", args=[engagement.slug, kind])


def url_of(entry, act: str) -> str:
    kind = next(kind.key for kind in LOG_KINDS if kind.model is type(entry))
    return reverse(f"log_entry_{act}", args=[entry.engagement.slug, kind, entry.pk])


def listed(client: Client, address: str, **asked) -> list:
    return [entry for _, entry in client.get(address, asked).context["page"].object_list]


def log_of(engagement: Engagement) -> str:
    return reverse("engagement_log", args=[engagement.slug])


def test_every_kind_has_a_factory_and_a_form_of_three_to_six_fields() -> None:
    assert set(FACTORIES) == set(BY_KEY)
    assert [kind.key for kind in LOG_KINDS if not 3 <= len(set(kind.form._meta.fields) - set(kind.form.more)) <= 6] == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_is_written_from_the_form_at_hand(client, engagement, kind) -> None:
    page = client.get(log_of(engagement), {"kind": kind})
    assert f'action="{new_url(engagement, kind)}"' in page.content.decode()
    response = client.post(new_url(engagement, kind), fields(kind))
    assert response.url == f"{log_of(engagement)}?kind={kind}"
    entry = BY_KEY[kind].model.objects.get(engagement=engagement)
    assert entry.text == "Typed words"
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject_type, event.subject_id) == ("create", entry._meta.model_name, entry.pk)
    assert (event.actor, event.engagement_id) == (engagement.lead, engagement.pk)
    assert listed(client, log_of(engagement)) == [entry]


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_is_changed_archived_and_brought_back(client, engagement, kind) -> None:
    entry = FACTORIES[kind](engagement=engagement)
    client.post(url_of(entry, "edit"), fields(kind, text="Reworded", version=1))
    entry.refresh_from_db()
    assert (entry.text, entry.version) == ("Reworded", 2)
    page = client.post(url_of(entry, "archive"), follow=True).content.decode()
    assert f'action="{url_of(entry, "restore")}"' in page
    assert (listed(client, log_of(engagement)), listed(client, log_of(engagement), archived="1")) == ([], [entry])
    client.post(url_of(entry, "restore"))
    assert listed(client, log_of(engagement)) == [entry]
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["edit", "archive", "restore"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_without_words_is_refused_and_says_where(client, engagement, kind) -> None:
    before = BY_KEY[kind].model.objects.count()
    response = client.post(new_url(engagement, kind), fields(kind, text=" "))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["text"])
    assert (BY_KEY[kind].model.objects.count(), AuditEvent.objects.count()) == (before, 0)


@pytest.mark.parametrize(("who", "status"), [(UserFactory, 404), (ContactFactory, 403), (None, 302)])
def test_others_neither_read_nor_write(client, engagement, who, status) -> None:
    entry = DecisionFactory(engagement=engagement)
    client.logout() if who is None else client.force_login(who())
    reads = [log_of(engagement), new_url(engagement, "decision"), url_of(entry, "edit")]
    writes = [new_url(engagement, "decision"), *(url_of(entry, act) for act in ("edit", "archive", "restore"))]
    assert {client.get(address).status_code for address in reads} == {status}
    assert {client.post(address, fields("decision")).status_code for address in writes} == {status}
    entry.refresh_from_db()
    assert (entry.text.startswith("Entry"), entry.is_archived, entry.version) == (True, False, 1)
    assert Decision.objects.filter(engagement=engagement).count() == 1
    assert AuditEvent.objects.count() == 0


def test_an_entry_is_reached_only_through_its_own_engagement_and_kind(client, engagement) -> None:
    other = DecisionFactory(engagement=EngagementFactory(lead=engagement.lead))
    wrong = [(engagement.slug, "decision"), (other.engagement.slug, "opportunity"), (other.engagement.slug, "unknown")]
    for slug, kind in wrong:
        assert client.get(reverse("log_entry_edit", args=[slug, kind, other.pk])).status_code == 404
        assert client.post(reverse("log_entry_archive", args=[slug, kind, other.pk])).status_code == 404
    other.refresh_from_db()
    assert not other.is_archived


def test_a_second_save_over_a_newer_version_shows_the_conflict(client, engagement) -> None:
    entry = DecisionFactory(engagement=engagement, version=3)
    response = client.post(url_of(entry, "edit"), fields("decision", version=2))
    assert response.status_code == 409
    assert "Typed words" in response.content.decode()


def test_a_verdict_needs_the_result_it_rests_on(client, engagement) -> None:
    response = client.post(new_url(engagement, "experiment"), fields("experiment", verdict="confirmed"))
    assert response.status_code == 422
    assert "Write down the result" in response.content.decode()


def test_the_owner_of_a_data_source_works_at_the_customer(client, engagement) -> None:
    owner, elsewhere = StakeholderFactory(customer=engagement.customer), StakeholderFactory()
    refused = client.post(new_url(engagement, "integration"), fields("integration", owner=elsewhere.pk))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["owner"])
    client.post(new_url(engagement, "integration"), fields("integration", owner=owner.pk))
    assert engagement.integration_entries.get().owner == owner


def test_saving_a_data_source_notes_today_as_its_check(client, engagement, time_machine) -> None:
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    entry = IntegrationFactory(engagement=engagement)
    client.post(url_of(entry, "edit"), fields("integration", text=entry.text, version=1))
    entry.refresh_from_db()
    assert entry.noted_on == date(2026, 11, 20)


@pytest.mark.parametrize("page", ["", "data/"])
def test_data_sources_stand_on_overview_and_data_page(client, engagement, page) -> None:
    IntegrationFactory(engagement=engagement, text="Ledger", readiness="ready")
    IntegrationFactory(engagement=engagement, text="Archive", readiness="waiting")
    response = client.get(f"/engagements/{engagement.slug}/{page}")
    assert [source.text for source in response.context["data_sources"]] == ["Archive", "Ledger"]
    assert "1 of 2 ready" in response.content.decode()


def test_the_entry_links_to_its_note_only_for_those_who_may_read_it(client, engagement) -> None:
    note = NoteFactory(customer=engagement.customer, engagement=engagement)
    entry = DecisionFactory(engagement=engagement, origin_note=note)
    assert reverse("note", args=[note.pk]) in client.get(url_of(entry, "edit")).content.decode()
    note.engagement = EngagementFactory(customer=engagement.customer)
    note.save()
    assert reverse("note", args=[note.pk]) not in client.get(url_of(entry, "edit")).content.decode()


# Lists


def test_kinds_words_states_and_days_narrow_and_order_the_list(client, engagement) -> None:
    old = FACTORIES["assumption"](engagement=engagement, text="The gateway is fast", noted_on=date(2026, 1, 1), verdict="holds")
    new = FACTORIES["assumption"](engagement=engagement, text="The gateway is safe", noted_on=date(2026, 2, 1))
    decision = DecisionFactory(engagement=engagement, text="Wait", noted_on=date(2026, 1, 15))
    assert listed(client, log_of(engagement)) == [new, decision, old]
    assert listed(client, log_of(engagement), kind="assumption") == [new, old]
    assert listed(client, log_of(engagement), kind="assumption", state="holds") == [old]
    assert listed(client, log_of(engagement), q="safe gateway") == [new]
    tabs = client.get(log_of(engagement)).context["tabs_of_kinds"]
    assert [tab.count for tab in tabs] == [3, 1, 2, 0, 0, 0, 0, 0, 0]


def test_within_a_day_the_last_written_comes_first_whatever_its_kind(client, engagement) -> None:
    # The ids of a kind run on their own: those of opportunities are far ahead here.
    OpportunityFactory.create_batch(3)
    written = [FACTORIES[kind](engagement=engagement) for kind in ("opportunity", "decision", "training")]
    assert listed(client, log_of(engagement)) == written[::-1]


def test_across_engagements_one_sees_what_is_ones_own(client, engagement) -> None:
    mine = [factory(engagement=engagement) for factory in FACTORIES.values()]
    assert set(listed(client, reverse("log"))) == set(mine)
    assert listed(client, reverse("log"), kind="decision", q=engagement.name) == [mine[0]]
    client.force_login(ManagerFactory())
    assert len(listed(client, reverse("log"))) == 2 * len(mine)
    client.force_login(ContactFactory())
    assert client.get(reverse("log")).status_code == 403


def test_a_long_list_has_pages(client, engagement) -> None:
    DecisionFactory.create_batch(51, engagement=engagement)
    assert len(listed(client, reverse("log"), page=2)) == 1


@pytest.mark.parametrize("address", ["engagement_log", "log", "field_signals"])
def test_statements_do_not_grow_with_rows(client, engagement, address) -> None:
    url = log_of(engagement) if address == "engagement_log" else reverse(address)
    counts = []
    for more in (1, 2, 27):
        # Round about, so that every kind occurs on the first page.
        for factory in [*FACTORIES.values()] * more:
            factory(engagement=engagement)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    # One a kind that occurs, and what every page asks.
    assert counts[0] <= 18
    assert counts == counts[:1] * 3


# Field signals across customers


@pytest.fixture
def others() -> list[FieldSignal]:
    """The same theme at two customers whom the person signed in does not know."""
    names = ["Kestrel Air", "Banco Tejo"]
    return [
        FieldSignalFactory(
            theme=theme, text=f"Claim {number}", engagement=EngagementFactory(customer=CustomerFactory(name=name))
        )
        for number, (theme, name) in enumerate(zip(["Show the source", "show the source"], names, strict=True))
    ]


def themes(client: Client) -> dict:
    response = client.get(reverse("field_signals"))
    return {theme["title"].lower(): theme for theme in response.context["page"].object_list}


def test_signals_of_one_theme_are_counted_over_customers_and_keep_names_back(client, engagement, others) -> None:
    mine = FieldSignalFactory(engagement=engagement, theme="Show the source")
    theme = themes(client)["show the source"]
    assert (theme["customers"], theme["hidden"], theme["known"]) == (3, 2, [engagement.customer])
    assert {signal.pk: known for signal, known in theme["claims"]} == {mine.pk: True, others[0].pk: False, others[1].pk: False}
    page = client.get(reverse("field_signals")).content.decode()
    assert "Claim 0" in page
    assert not [word for word in ("Kestrel", "Tejo", others[0].engagement.slug, others[1].engagement.slug) if word in page]


def test_a_manager_reads_every_name(client, others) -> None:
    client.force_login(ManagerFactory())
    theme = themes(client)["show the source"]
    assert ([str(customer) for customer in theme["known"]], theme["hidden"]) == (["Banco Tejo", "Kestrel Air"], 0)


def test_a_claim_that_names_its_customer_is_kept_from_those_who_do_not_know_it(client, engagement, others) -> None:
    FieldSignal.objects.filter(pk=others[0].pk).update(text="At Kestrel nobody reads it")
    assert [signal for signal, _ in themes(client)["show the source"]["claims"]] == [others[1]]
    client.force_login(others[0].engagement.lead)
    assert len(themes(client)["show the source"]["claims"]) == 2


def test_who_names_the_customer_in_a_claim_is_warned(client, engagement) -> None:
    engagement.customer.name = "Harbourline Logistics"
    engagement.customer.save()
    data = fields("field_signal", text="Harbourline wants exports")
    page = client.post(new_url(engagement, "field_signal"), data, follow=True).content.decode()
    assert "This signal names Harbourline Logistics." in page
    assert "Names the customer" in page
    page = client.post(new_url(engagement, "field_signal"), fields("field_signal", text="They want exports"), follow=True)
    assert "This signal names" not in page.content.decode()


def test_archived_signals_and_those_of_archived_engagements_are_not_counted(client, engagement, others) -> None:
    others[0].engagement.archived_at = others[1].archived_at = "2026-03-02T00:00Z"
    others[0].engagement.save()
    others[1].save()
    assert "show the source" not in themes(client)


def productized(count: int, **fields) -> list[FieldSignal]:
    """That many old engagements, each with a signal."""
    today = timezone.localdate()
    old = [EngagementFactory(started_on=today - timedelta(days=200), customer__name=f"Firm {number}") for number in range(count)]
    return [FieldSignalFactory(engagement=engagement, **fields) for engagement in old]


def shipped_lately() -> dict:
    today = timezone.localdate()
    return {"disposition": "done", "accepted_on": today - timedelta(days=60), "shipped_on": today - timedelta(days=10)}


def test_below_five_engagements_the_rate_is_told_as_counts(client, engagement) -> None:
    Engagement.objects.update(archived_at=timezone.now())
    productized(2, **shipped_lately())
    productized(2)
    page = client.get(reverse("field_signals")).content.decode()
    assert "2 of 4" in page
    assert "50%" not in page
    assert "too few for a percentage" in page


def test_from_five_engagements_on_it_is_a_percentage_with_its_interval(client, engagement) -> None:
    Engagement.objects.update(started_on=timezone.localdate())
    productized(3, **shipped_lately())
    productized(3)
    page = client.get(reverse("field_signals")).content.decode()
    assert "50%" in page
    assert "3 of 6" in page
    assert "95% interval 19% to 81%" in page


def test_what_is_done_without_a_date_is_said_and_not_counted(client, engagement) -> None:
    productized(1, disposition="done")
    page = client.get(reverse("field_signals")).content.decode()
    assert "1 signal is done without a date and counts nowhere." in page


def test_a_theme_says_how_its_signals_stand(client, engagement, others) -> None:
    FieldSignal.objects.filter(pk=others[0].pk).update(disposition="planned", accepted_on="2026-03-02")
    assert themes(client)["show the source"]["states"] == "1 New, 1 Planned"


@pytest.mark.parametrize(
    ("given", "dates"),
    [
        ({"disposition": "new", "accepted_on": "2026-03-02"}, (None, None)),
        ({"disposition": "declined", "accepted_on": "2026-03-02"}, (None, None)),
        ({"disposition": "planned"}, ("today", None)),
        ({"disposition": "planned", "accepted_on": "2026-03-02", "shipped_on": "2026-03-05"}, ("2026-03-02", None)),
        ({"disposition": "done"}, ("today", "today")),
        ({"disposition": "done", "accepted_on": "2026-03-02", "shipped_on": "2026-03-05"}, ("2026-03-02", "2026-03-05")),
        ({"disposition": "done", "shipped_on": "2026-03-05"}, ("2026-03-05", "2026-03-05")),
    ],
)
def test_planned_was_accepted_and_done_was_shipped_today_unless_said(client, engagement, given, dates) -> None:
    client.post(new_url(engagement, "field_signal"), fields("field_signal", **given))
    signal, today = FieldSignal.objects.get(text="Typed words"), timezone.localdate(timezone=engagement.zone).isoformat()
    found = [day and day.isoformat() for day in (signal.accepted_on, signal.shipped_on)]
    assert found == [today if day == "today" else day for day in dates]


@pytest.mark.parametrize("kept", [{}, {"accepted_on": "2026-03-02"}], ids=["no day", "only accepted"])
def test_an_edit_makes_up_no_days_for_what_was_planned_or_done_before(client, engagement, kept) -> None:
    for disposition in ("planned", "done"):
        signal = FieldSignalFactory(engagement=engagement, disposition=disposition, **kept)
        given = fields("field_signal", version=signal.version, disposition=disposition, **kept)
        assert client.post(url_of(signal, "edit"), given).status_code == 302
        signal.refresh_from_db()
        assert signal.text == "Typed words"
        assert (signal.accepted_on and signal.accepted_on.isoformat(), signal.shipped_on) == (kept.get("accepted_on"), None)


def test_nothing_is_shipped_before_it_is_accepted(client, engagement) -> None:
    given = {"disposition": "done", "accepted_on": "2026-03-05", "shipped_on": "2026-03-02"}
    response = client.post(new_url(engagement, "field_signal"), fields("field_signal", **given))
    assert response.status_code == 422
    assert "It was shipped before it was accepted." in response.content.decode()
    assert not FieldSignal.objects.filter(text="Typed words").exists()
