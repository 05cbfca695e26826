"""Forms show the few fields everybody needs; the rest waits below "More details", and never out of sight when it matters."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement, Risk
from fde_portal.accounts.models import OrganizationSettings
from tests.factories.concerns import RiskFactory
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory, NoteFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.people import ManagerFactory

pytestmark = pytest.mark.django_db

MORE = re.compile(r'<details class="more"( open)?>(.*?)</details>', re.S)
TYPED = {"text": "Scans get worse", "likelihood": 3, "impact": 3}


@pytest.fixture
def engagement() -> Engagement:
    return EngagementFactory(customer=CustomerFactory(time_zone="Asia/Shanghai", currency="CNY"), time_zone="Asia/Shanghai", currency="CNY")


@pytest.fixture
def fde(client: Client, engagement: Engagement) -> Client:
    client.force_login(engagement.lead)
    return client


def disclosed(body: str) -> tuple[bool, list[str]]:
    """Whether "More details" is open, and the names of the fields below it."""
    [(is_open, content)] = MORE.findall(body)
    return bool(is_open), list(dict.fromkeys(re.findall(r'name="(\w+)"', content)))


def visible(body: str) -> list[str]:
    """Names of the fields one sees without opening anything."""
    form = re.search(r'<form[^>]*class="form.*?</form>', MORE.sub("", body), re.S).group()
    hidden = {"csrfmiddlewaretoken", "version", "redraw"}  # the last one is a button
    # Lines and features are rows that one adds; their names carry a number.
    return [name for name in dict.fromkeys(re.findall(r'name="(\w+)"', form)) if name not in hidden]


def test_a_new_risk_asks_for_six_things(fde: Client, engagement: Engagement) -> None:
    body = fde.get(reverse("risk_new", args=[engagement.slug])).content.decode()
    assert visible(body) == ["text", "likelihood", "impact", "mitigation", "owner", "review_on"]
    assert disclosed(body) == (False, ["trigger", "threshold"])


def test_what_is_wrong_below_is_shown(fde: Client, engagement: Engagement) -> None:
    answer = fde.post(reverse("risk_new", args=[engagement.slug]), TYPED | {"trigger": "weekly_users"})
    assert answer.status_code == 422
    assert disclosed(answer.content.decode())[0]
    assert "from which number on" in answer.content.decode()


def test_what_was_typed_below_stays_in_sight_when_something_else_is_wrong(fde: Client, engagement: Engagement) -> None:
    answer = fde.post(reverse("risk_new", args=[engagement.slug]), TYPED | {"text": "", "trigger": "weekly_users", "threshold": 9})
    assert answer.status_code == 422
    assert disclosed(answer.content.decode())[0]


def test_a_record_that_says_something_below_opens_there(fde: Client, engagement: Engagement) -> None:
    quiet, alert = RiskFactory(engagement=engagement), RiskFactory(engagement=engagement, trigger="weekly_users", threshold=9)
    for risk, is_open in ((quiet, False), (alert, True)):
        body = fde.get(reverse("risk_edit", args=[engagement.slug, risk.pk])).content.decode()
        assert disclosed(body)[0] is is_open


def test_saving_without_opening_it_loses_nothing(fde: Client, engagement: Engagement) -> None:
    """A closed disclosure sends its fields all the same; so does a browser without scripts."""
    engagement.exit_plan, engagement.problem = "Their team runs it", "Typing"
    engagement.save()
    url = reverse("engagement_edit", args=[engagement.slug])
    page = fde.get(url)
    body = page.content.decode()
    assert disclosed(body)[0]
    assert len(visible(body)) == 6
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert fde.post(url, sent | {"name": "Renamed"}).status_code == 302
    engagement.refresh_from_db()
    assert (engagement.name, engagement.exit_plan, engagement.time_zone) == ("Renamed", "Their team runs it", "Asia/Shanghai")


def test_what_is_as_with_the_customer_is_nothing_to_open_for(fde: Client, engagement: Engagement) -> None:
    url = reverse("engagement_edit", args=[engagement.slug])
    assert disclosed(fde.get(url).content.decode()) == (False, ["current_process", "out_of_scope", "exit_plan", "time_zone", "currency"])
    engagement.currency = "EUR"
    engagement.save()
    assert disclosed(fde.get(url).content.decode())[0]


def test_a_milestone_that_is_no_ordinary_one_shows_it(fde: Client, engagement: Engagement) -> None:
    for kind, is_open in (("ordinary", False), ("go_live", True)):
        milestone = MilestoneFactory(engagement=engagement, kind=kind)
        body = fde.get(reverse("milestone_edit", args=[engagement.slug, milestone.pk])).content.decode()
        assert disclosed(body) == (is_open, ["kind", "our_part", "their_part"])
        assert "is_shared" in visible(body)


def test_forms_drawn_field_by_field_know_it_too(fde: Client, engagement: Engagement) -> None:
    note = NoteFactory(customer=engagement.customer, engagement=engagement)
    url = reverse("note_record_new", args=[note.pk, "risk"])
    assert disclosed(fde.get(url).content.decode()) == (False, ["trigger", "threshold"])
    fde.post(url, TYPED | {"trigger": "weekly_users", "threshold": 9})
    assert Risk.objects.get().threshold == 9


@pytest.mark.parametrize("name", ["deliverable_new", "engagement_edit", "risk_new", "blocker_new", "milestone_new", "ask_new", "note_new", "outcome_new", "value_case_new"])
def test_no_form_of_a_record_shows_more_than_six(fde: Client, engagement: Engagement, name: str) -> None:
    body = fde.get(reverse(name, args=[engagement.slug])).content.decode()
    assert 2 < len([field for field in visible(body) if not field.startswith("features")]) <= 6


def test_a_customer_and_a_person_there(client: Client) -> None:
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    for url in (reverse("customers:new"), reverse("customers:stakeholder_new", args=[engagement.customer.slug])):
        body = client.get(url).content.decode()
        assert len(visible(body)) == 6
        assert disclosed(body)[0] is False


def test_a_link_asks_for_whom_and_how_and_keeps_the_rest_below(fde: Client, engagement: Engagement) -> None:
    body = fde.get(reverse("share_new", args=[engagement.slug])).content.decode()
    assert visible(body) == ["name", "audience", "recipient", "mails_editions", "domain", "sections", "works_until"]  # the domain instead of a person
    assert disclosed(body) == (False, ["passcode", "language"])
    answer = fde.post(reverse("share_new", args=[engagement.slug]), {"name": "Board", "passcode": "short"})
    assert (answer.status_code, disclosed(answer.content.decode())[0]) == (422, True)


def test_the_organization_shows_who_it_is_and_opens_where_limits_differ(client: Client) -> None:
    client.force_login(ManagerFactory())
    url = reverse("accounts:organization")
    body = client.get(url).content.decode()
    assert visible(body) == ["vendor_name", "mark", "new_logo", "currency", "first_weekday", "silence_days"]
    assert disclosed(body) == (False, ["most_hours", "most_discovery", "most_prototype", "most_pilot", "most_production", "most_handover", "second_step_for"])
    OrganizationSettings.objects.update_or_create(pk=1, defaults={"most_pilot": 2})
    assert disclosed(client.get(url).content.decode())[0]


def test_a_draft_of_an_outcome_opens_where_it_says_more(fde: Client, engagement: Engagement) -> None:
    new = fde.get(reverse("outcome_new", args=[engagement.slug])).content.decode()
    assert (visible(new), disclosed(new)[0]) == (["outcome", "metric", "unit", "direction", "target", "due_on"], False)
    agreement = OutcomeFactory(engagement=engagement, state="draft")
    assert disclosed(fde.get(reverse("outcome_edit", args=[engagement.slug, agreement.pk])).content.decode())[0]
