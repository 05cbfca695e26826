"""A company with one record of everything that an address of the portal can name."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views import View

from customers.models import CustomerMembership
from customers.services import remove_contact
from engagements import models as work
from fde_portal.accounts.models import ApiToken, ExchangeRate, SavedView, User
from fde_portal.core.models import OutgoingMail
from tests.architecture.test_routes import FOREIGN, OPEN_ROUTES
from tests.factories.concerns import BlockerFactory, CheckInFactory, IncidentFactory, ReleaseFactory, RiskFactory
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import (
    AskFactory,
    DeliverableFactory,
    EngagementFactory,
    MilestoneFactory,
    NoteFactory,
    WeeklyUpdateFactory,
)
from tests.factories.front_line import FrontLinePulseFactory
from tests.factories.gates import GateCriterionFactory, GateDecisionFactory
from tests.factories.log import FACTORIES
from tests.factories.notices import NoticeFactory
from tests.factories.outcomes import GuardrailFactory, ObservationFactory, OutcomeFactory
from tests.factories.people import ContactFactory, InvitationFactory, UserFactory
from tests.factories.playbooks import PlaybookFactory
from tests.factories.responses import AnnulmentFactory, ResponseFactory
from tests.factories.reviews import HelpFactory, ReviewQuestionFactory
from tests.factories.shares import EditionFactory, ShareFactory
from tests.factories.usage import (
    ActorFactory,
    TargetPopulationFactory,
    UsageBatchFactory,
    UsageSourceFactory,
    UsageTokenFactory,
)
from tests.factories.value import ValueCaseFactory, ValueDriverFactory
from tests.factories.work import WorkRuleFactory

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
WORDS = {
    "week": "2026-W10", "kind": "decision", "number": 1, "file_format": "csv", "topic": "ask", "key": "unknown", "token": "unknown",
    "state": "done", "start": "hours", "item": "ask-1", "secret": "unknown", "format": "json",
}  # fmt: skip
# What `pk` is in an address that makes a part of another record: the other record.
PARENTS = {
    "release_new": "deliverable", "incident_new": "deliverable", "evidence_new": "deliverable", "observation_new": "outcome",
    "observation_file": "outcome", "guardrail_new": "outcome", "usage_token_new": "usage_source", "note_record_new": "note",
    "note_attachment_new": "note", "work_rule_new": "work_source", "deliverable_attachment_new": "deliverable",
    "realised_new": "value_drivers",
}  # fmt: skip
IDS = ("pk", "part", "link", "change", "rule", "scenario", "line", "realised", "person")
PARENT_FIELDS = ("gate", "line", "case", "agreement", "deliverable", "source")


@dataclass(frozen=True, slots=True)
class Address:
    """One guarded route. `parts` are the names of what it takes."""

    name: str
    view: type[View]
    parts: tuple[str, ...]

    @property
    def ids(self) -> list[str]:
        return [part for part in self.parts if part in IDS]


def addresses() -> list[Address]:
    """Every route of ours that a permission guards."""
    found = [Address(name, view_of(route), parts) for name, route, parts in routes(get_resolver()) if not name.startswith(FOREIGN)]
    return [address for address in found if hasattr(address.view, "permission") and address.name not in OPEN_ROUTES]


def view_of(route: URLPattern) -> Any:
    return getattr(route.callback, "view_class", None) or getattr(route.callback, "cls", None)


def routes(
    resolver: URLResolver, namespace: str = "", before: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern, tuple[str, ...]]]:
    """Every named route with the names of what its address takes."""
    for entry in resolver.url_patterns:
        parts = (*before, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, parts)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", entry, parts


@dataclass(frozen=True, slots=True)
class Place:
    """`records` has, by the word with which names of routes begin, the record that `pk` is then."""

    engagement: work.Engagement
    contact: User
    records: dict[str, models.Model]

    def url(self, address: Address, *, slug: str = "") -> str:
        """Where this place's own record stands; `slug` puts another engagement or customer in front of it."""
        return reverse(address.name, kwargs={part: self._value(address, part, slug) for part in address.parts if part != "format"})

    def _value(self, address: Address, part: str, slug: str) -> Any:
        if part == "slug":
            of_customer = address.name.startswith(("customers:", "customer_", "api_customers"))
            return slug or (self.engagement.customer.slug if of_customer else self.engagement.slug)
        if part in WORDS:
            return WORDS[part]
        record = self.record(PARENTS.get(address.name, address.name))
        # The last id is the record's own; those before it lead there.
        for _ in address.ids[address.ids.index(part) + 1 :]:
            record = self._parent_of(record)
        return record.pk

    def record(self, name: str) -> models.Model:
        """The record whose word is the longest beginning of `name`. Raises KeyError: give `planted` one."""
        word = max((word for word in self.records if name.startswith(word)), key=len, default=name)
        return self.records[word]

    def _parent_of(self, record: models.Model) -> models.Model:
        return next(getattr(record, name) for name in PARENT_FIELDS if hasattr(record, name))


def planted() -> Place:
    engagement = EngagementFactory()
    customer, deliverable = engagement.customer, DeliverableFactory(engagement=engagement)
    membership = MembershipFactory(customer=customer)
    note = NoteFactory(customer=customer, engagement=engagement)
    week = WeeklyUpdateFactory(engagement=engagement, state="published", published_at=NOW, published_by=engagement.lead)
    source, outcome = UsageSourceFactory(deliverable=deliverable), OutcomeFactory(engagement=engagement)
    case = ValueCaseFactory(engagement=engagement)
    line = ValueDriverFactory(line__case=case).line
    person, rule = engagement.lead, WorkRuleFactory(engagement=engagement)
    records = {
        "milestone": MilestoneFactory(engagement=engagement),
        "deliverable": deliverable,
        "deliverable_take_back": work.DeliverableChange.objects.create(
            deliverable=deliverable, was="planned", state="planned", changed_at=NOW
        ),
        "evidence": work.EvidenceLink.objects.create(deliverable=deliverable, label="Report", url="https://example.org"),
        "release": ReleaseFactory(deliverable=deliverable),
        "incident": IncidentFactory(deliverable=deliverable),
        "ask": AskFactory(engagement=engagement),
        "blocker": BlockerFactory(engagement=engagement),
        "risk": RiskFactory(engagement=engagement),
        "health_override": work.HealthOverride.objects.create(
            engagement=engagement, band="watch", reason="Their budget", set_on=NOW.date(), until=NOW.date(), computed_band="on_track"
        ),
        "notice": NoticeFactory(engagement=engagement),
        "log_entry": FACTORIES["decision"](engagement=engagement),
        "note": note,
        "attachment": work.Attachment.objects.create(note=note, name="minutes.pdf", size=1, file=ContentFile(b"x", "minutes.pdf")),
        "update": week,
        "weekly_log_put_back": work.DraftRevision.objects.create(
            update=week, author=engagement.lead, written_at=NOW, content={"headline": "Before", "gap_reason": "", "lines": [], "asks": []}
        ),
        "engagement_update": week,
        "check_in": CheckInFactory(person=person),
        "absence": work.WeekCover.objects.create(
            engagement=engagement, person=person, cover=UserFactory(), first_on=NOW.date(), last_on=NOW.date()
        ),
        "work_source": rule.source,
        "work_secret": rule.source,
        "work_rule": rule,
        "gate": (gate := GateCriterionFactory(gate__engagement=engagement).gate),
        "criterion_answer": gate.criteria.get(),
        "condition": work.GateCondition.objects.create(
            engagement=engagement, decision=GateDecisionFactory(gate__engagement=engagement, gate__phase="prototype"), text="Condition", due_on=NOW.date()
        ),
        "asset": work.Asset.objects.create(engagement=engagement, name="Prompts"),
        "review_question": ReviewQuestionFactory(engagement=engagement),
        "help": HelpFactory(engagement=engagement, person=person),
        "portfolio_view": SavedView.objects.create(person=person, page="portfolio", name="Mine"),
        "team_member": work.TeamMember.objects.create(engagement=engagement, user=ContactFactory(role="fde")),
        "usage_source": source,
        "usage_token": UsageTokenFactory(source=source),
        "usage_batch": (batch := UsageBatchFactory(source=source)),
        "usage_refused_rows": batch,
        "usage_columns": arriving(source, person),
        "usage_period": source,
        "usage_person": ActorFactory(customer=customer),
        "target": TargetPopulationFactory(deliverable=deliverable),
        "value_case": case,
        "value_story": case,
        "value_export": case,
        "value_scenario_new": case,
        "value_scenario": work.ValueScenario.objects.create(case=case, name="Tried", inputs={}),
        "value_drivers": line,
        "realised": work.RealisedValue.objects.create(
            line=line, period_from=NOW.date(), period_to=NOW.date(), amount=1, recorded_on=NOW.date()
        ),
        "outcome": outcome,
        "observation": ObservationFactory(agreement=outcome),
        "guardrail": GuardrailFactory(agreement=outcome),
        "share": ShareFactory(engagement=engagement),
        "answer": ResponseFactory(edition=EditionFactory(engagement=engagement, number=1), item=AskFactory(engagement=engagement).pk),
        "answer_count_again": AnnulmentFactory(response__edition=EditionFactory(engagement=engagement, number=2)).response,
        "contact_answer": engagement,
        "front_line": FrontLinePulseFactory(engagement=engagement),
        "playbook": PlaybookFactory(),
        "customers:stakeholder": StakeholderFactory(customer=customer),
        "customers:contact": membership,
        "customers:contact_put_back": removed_contact(engagement),
        "customers:invitation": InvitationFactory(role="contact", customer_id=customer.pk),
        "accounts:invitation": InvitationFactory(),
        "accounts:person": person,
        "accounts:switch": person,
        "accounts:exchange_rate": ExchangeRate.objects.get_or_create(currency="USD", base="EUR", worth="0.9", rate_on=NOW.date())[0],
        "accounts:token": ApiToken.objects.create(name="Script", user=person, digest=f"token of {person.pk}", prefix="fdep"),
        "accounts:session": person,
        "background_retry_load": work.UsageLoad.objects.create(batch=UsageBatchFactory(source=source, sequence=1_000_000, state="loading"), wanted_at=NOW, parked_at=NOW),
        "background_retry_computation": work.Recompute.objects.get_or_create(engagement=engagement)[0],
        "background_retry_mail": parked_mail(person),
        "background_discard_mail": parked_mail(person),
    }
    of_api = {"customers": customer, "deliverables": deliverable, "milestones": records["milestone"], "updates": week,
              "outcomes": outcome, "observations": records["observation"], "value_cases": case, "value_lines": line,
              "realised_values": records["realised"]}  # fmt: skip
    return Place(engagement, membership.user, records | {f"api_{word}": record for word, record in of_api.items()})


def arriving(source: work.UsageSource, person: User) -> work.UsageBatch:
    """A file that waits for its columns: seen by who uploads it."""
    batch = UsageBatchFactory(source=source, state="receiving", received_by=person)
    work.UsageChunk.objects.create(batch=batch, number=0, content=zlib.compress(b"who,day\n"))
    return batch


def removed_contact(engagement: work.Engagement) -> CustomerMembership:
    """A membership that the lead ended a moment ago: only its number is left."""
    membership = MembershipFactory(customer=engagement.customer)
    gone = CustomerMembership(pk=membership.pk)
    remove_contact(membership, by=engagement.lead)
    return gone


def parked_mail(person: User) -> OutgoingMail:
    count = OutgoingMail.objects.count()
    return OutgoingMail.objects.create(
        message_id=f"<{count}@portal>", sender="portal@example.org", recipient=person.email, subject="Hello", source=b"", parked_at=NOW
    )
