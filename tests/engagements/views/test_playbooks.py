"""Pages of playbooks, and the form that begins an engagement from one."""

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement, GateCriterion, Playbook
from fde_portal.accounts.models import AuditEvent, User
from tests.factories.customers import CustomerFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory
from tests.factories.playbooks import PlaybookFactory, PlaybookMilestoneFactory

pytestmark = pytest.mark.django_db
PARTS = ("milestones", "criteria", "deliverables", "integrations")


@pytest.fixture
def manager(client: Client) -> User:
    manager = ManagerFactory()
    client.force_login(manager)
    return manager


def form(**fields: object) -> dict[str, object]:
    counts = {f"{part}-{name}": 0 for part in PARTS for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return counts | {"name": "Short pilot", "language": "en", "summary": ""} | fields


def test_a_playbook_is_written_changed_archived_and_restored(client: Client, manager: User) -> None:
    line = {"milestones-TOTAL_FORMS": 1, "milestones-0-days": 7, "milestones-0-title": "Kick-off", "milestones-0-kind": "ordinary"}
    assert client.post(reverse("playbook_new"), form(**line)).url == reverse("playbooks")
    playbook = Playbook.objects.get(name="Short pilot")
    step = playbook.milestones.get()
    assert (step.days, step.title, step.is_shared) == (7, "Kick-off", False)

    changed = line | {"milestones-INITIAL_FORMS": 1, "milestones-0-id": step.pk, "milestones-0-days": 14}
    client.post(reverse("playbook_edit", args=[playbook.pk]), form(**changed, version=playbook.version))
    step.refresh_from_db()
    assert step.days == 14

    client.post(reverse("playbook_archive", args=[playbook.pk]))
    assert playbook not in client.get(reverse("playbooks")).context["playbooks"]
    client.post(reverse("playbook_restore", args=[playbook.pk]))
    assert playbook in client.get(reverse("playbooks")).context["playbooks"]
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == ["create", "edit", "archive", "restore"]


def test_two_deliverables_of_one_name_are_refused(client: Client, manager: User) -> None:
    names = {f"deliverables-{n}-{key}": value for n in (0, 1) for key, value in (("name", "Report"), ("kind", "document"))}
    answer = client.post(reverse("playbook_new"), form(**names, **{"deliverables-TOTAL_FORMS": 2}))
    assert answer.status_code == 422
    assert "Report" in answer.content.decode()
    assert not Playbook.objects.filter(name="Short pilot").exists()


def test_a_safety_question_is_written_hard_and_once(client: Client, manager: User) -> None:
    line = {"criteria-TOTAL_FORMS": 1, "criteria-0-phase": "pilot", "criteria-0-text": "Rollback tried", "criteria-0-key": "rollback"}
    answer = client.post(reverse("playbook_new"), form(**line))
    assert answer.status_code == 422
    assert "always hard" in answer.content.decode()
    client.post(reverse("playbook_new"), form(**line, **{"criteria-0-is_hard": "on"}))
    assert list(Playbook.objects.get(name="Short pilot").criteria.values_list("text", "is_hard", "key")) == [("Rollback tried", True, "rollback")]


def test_lines_of_another_playbook_are_not_touched(client: Client, manager: User) -> None:
    own, other = PlaybookFactory(), PlaybookMilestoneFactory(title="Theirs")
    line = {
        "milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 1, "milestones-0-id": other.pk,
        "milestones-0-days": 1, "milestones-0-title": "Mine", "milestones-0-kind": "ordinary",
    }  # fmt: skip
    client.post(reverse("playbook_edit", args=[own.pk]), form(**line, version=own.version))
    other.refresh_from_db()
    assert (other.title, other.playbook.milestones.count()) == ("Theirs", 1)


def test_a_copy_opens_and_can_be_taken_back(client: Client, manager: User) -> None:
    line = PlaybookMilestoneFactory(playbook__name="Pilot")
    answer = client.post(reverse("playbook_copy", args=[line.playbook_id]), follow=True)
    copy = Playbook.objects.get(name="Copy of Pilot")
    assert answer.redirect_chain[-1][0] == reverse("playbook_edit", args=[copy.pk])
    assert reverse("playbook_archive", args=[copy.pk]) in answer.content.decode()


def test_the_list_costs_as_many_statements_with_many(client: Client, manager: User, django_assert_num_queries) -> None:
    client.get(reverse("playbooks"))
    for many in (1, 3, 30):
        for __ in range(many):
            PlaybookMilestoneFactory()
        with django_assert_num_queries(7):
            client.get(reverse("playbooks"))


@pytest.mark.parametrize("name", ["playbook_edit", "playbook_copy", "playbook_archive", "playbook_restore"])
def test_only_managers_manage_playbooks(client: Client, name: str) -> None:
    playbook = PlaybookFactory(name="Pilot")
    address = reverse(name, args=[playbook.pk])
    assert reverse("account_login") in client.post(address).url
    for person in (UserFactory(), ContactFactory()):
        client.force_login(person)
        assert client.post(address, form()).status_code == 403
        assert client.get(reverse("playbooks")).status_code == 403
    assert list(Playbook.objects.values_list("name", "archived_at")) == [("Pilot", None)]
    assert not AuditEvent.objects.exists()


def test_three_fields_begin_an_engagement_with_a_plan(client: Client) -> None:
    fde = UserFactory(language="en")
    customer = CustomerFactory(account_owner=fde, language="zh-hans")
    client.force_login(fde)
    page = client.get(reverse("engagement_new"), {"customer": customer.slug})
    chosen = page.context["form"].initial["playbook"]
    assert chosen.name == "标准方案"
    required = [name for name, field in page.context["form"].fields.items() if field.required]
    assert set(required) <= {"name", "started_on"}

    client.post(
        reverse("engagement_new"),
        {"customer": customer.pk, "name": "质检", "started_on": "2026-03-02", "playbook": chosen.pk},
    )
    work = Engagement.objects.get()
    assert work.milestones.first().title == "项目启动"
    assert GateCriterion.objects.filter(gate__engagement=work).count() == 25


def test_an_archived_playbook_cannot_be_chosen(client: Client, manager: User) -> None:
    playbook = PlaybookFactory()
    client.post(reverse("playbook_archive", args=[playbook.pk]))
    answer = client.post(
        reverse("engagement_new"),
        {"customer": CustomerFactory().pk, "name": "X", "started_on": "2026-03-02", "lead": manager.pk, "playbook": playbook.pk},
    )
    assert (answer.status_code, Engagement.objects.count()) == (422, 0)
    assert "playbook" in answer.context["form"].errors
