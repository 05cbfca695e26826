"""A notice in the reader's language: what happened, why they are told, and where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Because, Incident, Notice, NoticeKind
from engagements.selectors.attention import reason_sentence
from engagements.selectors.my_week.customer import answer_words
from engagements.selectors.my_week.work import named
from fde_portal.core import formats


@dataclass(frozen=True, slots=True)
class Words:
    """`url` is a path of this portal."""

    title: str
    detail: str
    url: str
    band: str = ""


def words_of(notice: Notice) -> Words:
    return _KINDS[NoticeKind(notice.kind)](notice)


def reason_of(notice: Notice) -> str:
    """Why somebody is told, as a sentence."""
    engagement = notice.engagement
    names = {"customer": engagement.customer.name, "engagement": engagement.name}
    return {
        Because.LEAD: _("Because you lead %(customer)s, %(engagement)s."),
        Because.BACKUP: _("Because you back up %(customer)s, %(engagement)s."),
        Because.MANAGER: _("Because you manage %(customer)s, %(engagement)s."),
        Because.TEAM: _("Because you are on the team of %(customer)s, %(engagement)s."),
        Because.HELPER: _("Because you help with %(customer)s, %(engagement)s."),
        Because.ASKED: _("Because you asked about %(customer)s, %(engagement)s."),
    }[Because(notice.because)] % names


def _at_risk(notice: Notice) -> Words:
    return Words(
        named(notice.engagement, _("became at risk")),
        reason_sentence(notice.facts["reason"]),
        reverse("engagement_health", args=[notice.engagement.slug]),
        "at_risk",
    )


def _answer(notice: Notice) -> Words:
    facts = notice.facts
    return Words(
        named(notice.engagement, answer_words(facts["kind"], facts["name"], facts["item"])),
        "",
        f"{reverse('engagement_answers', args=[notice.engagement.slug])}#answer-{facts['answer']}",
        "watch" if notice.kind == NoticeKind.OBJECTION else "",
    )


def _incident(notice: Notice) -> Words:
    facts = notice.facts
    severity = Incident.Severity(facts["severity"])
    return Words(
        named(notice.engagement, _("incident “%(title)s”") % {"title": facts["title"]}),
        _("%(severity)s, on %(deliverable)s") % {"severity": severity.label, "deliverable": facts["of"]},
        reverse("deliverable", args=[notice.engagement.slug, facts["deliverable"]]),
        "watch" if severity == Incident.Severity.MINOR else "at_risk",
    )


def _feed(notice: Notice) -> Words:
    last = formats.day(date.fromisoformat(notice.facts["day"]))
    return Words(
        named(notice.engagement, _("usage data stopped")),
        _("The last data is of %(day)s.") % {"day": last},
        reverse("engagement_data", args=[notice.engagement.slug]),
        "watch",
    )


def _named(notice: Notice) -> Words:
    title = {
        Because.LEAD: _("you lead it now"),
        Because.BACKUP: _("you back it up now"),
        Because.MANAGER: _("you manage it now"),
        Because.TEAM: _("you are on its team now"),
    }[Because(notice.because)]
    return Words(
        named(notice.engagement, title),
        _("%(person)s named you.") % {"person": notice.facts["by"]},
        reverse("engagement", args=[notice.engagement.slug]),
    )


def _help(notice: Notice) -> Words:
    facts = notice.facts
    until = formats.day(date.fromisoformat(facts["until"]))
    return Words(
        named(notice.engagement, _("your help is wanted until %(day)s") % {"day": until}),
        formats.labelled(facts["by"], facts["text"]),
        reverse("engagement", args=[notice.engagement.slug]),
        "watch",
    )


def _question(notice: Notice) -> Words:
    return Words(
        named(notice.engagement, _("%(person)s asks you something") % {"person": notice.facts["by"]}),
        notice.facts["text"],
        reverse("review_question", args=[notice.engagement.slug, notice.facts["question"]]),
        "watch",
    )


def _reply(notice: Notice) -> Words:
    return Words(
        named(notice.engagement, _("%(person)s answered you") % {"person": notice.facts["by"]}),
        notice.facts["text"],
        reverse("review_question", args=[notice.engagement.slug, notice.facts["question"]]),
    )


_KINDS: dict[NoticeKind, Callable[[Notice], Words]] = {
    NoticeKind.AT_RISK: _at_risk,
    NoticeKind.OBJECTION: _answer,
    NoticeKind.ANSWER: _answer,
    NoticeKind.INCIDENT: _incident,
    NoticeKind.FEED_STOPPED: _feed,
    NoticeKind.NAMED: _named,
    NoticeKind.HELP: _help,
    NoticeKind.QUESTION: _question,
    NoticeKind.REPLY: _reply,
}
