"""Finds the claims in the prose of the flagships: figures of use, dates of milestones, slips."""

import re
from collections.abc import Iterator
from datetime import date

from engagements.models import StakeholderNote, WeeklyUpdate
from tests.engagements.demo.evidence import Evidence

HEALTHY, GREEN_LOOKING, RECOVERING = "claims-correspondence", "credit-memo-drafting", "customs-declaration-copilot"
FLAGSHIPS = (HEALTHY, GREEN_LOOKING, RECOVERING)

# Ways to speak of use; the words in braces are figures of `Evidence.figures`.
USE = (
    "{users} of {licences} (?:handlers|clerks) used it last week",
    r"\*\*{users} of {licences}\*\* analysts used it last week",
    "(?:figure back: |She asked for |steady at ){users} of {licences}",
    "(?<!of ){users} (?:handlers|clerks) (?:used it|wrote with it|filed with it) last week",
    "{users} clerks last week, after {before}",
    "after {before} the week before",
    "{total} (?:letters|memos) drafted",
    "memos, not people: {total} since the start",
    "{hours} hours saved in the last four weeks",
    "pays for itself after {months} months",
    "the best week, that of {peak_date}, had {peak}",
    "from {low} clerks in the week of {low_date} back to {users}",
    "low of {low} clerks in the week of {low_date}, {gained} have come back",
    "up from {low};",
)
# What the prose calls a milestone, where it does not use its title.
CALLED = {
    HEALTHY: {"The pilot milestone": "Pilot in motor", "the home line starts": "Home line live"},
    GREEN_LOOKING: {"wave 2 is": "Branch rollout, wave 2"},
    RECOVERING: {
        "The prototype": "Prototype on past declarations",
        "The security review": "Security review",
        "The review": "Security review",
        "Go-live": "Production go-live",
        "go-live": "Production go-live",
        "go-live, which": "Production go-live",
    },
}
DAY, NUMBER = r"\d{1,2} [A-Z][a-z]+", r"(?<![\d,])\d+(?:,\d+)*"
DATE = f"(?P<date>{DAY})"
SLIP = r"(?P<slip>\d+) days"
PLAN = r"(?P<plan>as planned|ahead of plan|on plan)"
DATED = (
    rf"{{name}},? (?:is now |is )?(?:reached|expected|moves to|moves|stays|live since|since|on)? ?(?:on )?{DATE}"
    rf"(?:, (?:{SLIP} after the plan|{PLAN}))?"
)
LATE = rf"{{name}} (?:is |moves by ){SLIP}"


def said(slug: str) -> Iterator[tuple[date, str]]:
    """Everything written about an engagement, with the local day of writing."""
    evidence = Evidence(slug)
    zone = evidence.engagement.zone
    for update in WeeklyUpdate.objects.filter(engagement=evidence.engagement, published_at__isnull=False):
        day = update.published_at.astimezone(zone).date()
        asks = [text for ask in update.asks.all() for text in (ask.text, ask.consequence)]
        lines = [line.text for lines in (update.shared_lines, update.internal_lines) for line in lines.all()]
        yield from ((day, text) for text in (update.headline, *lines, *asks))
    for note in StakeholderNote.objects.filter(engagement=evidence.engagement):
        yield note.happened_on, note.text


def claims_about_use(text: str) -> Iterator[re.Match]:
    for pattern in USE:
        yield from re.finditer(re.sub(r"\{(\w+)\}", _group_of, pattern), text)


def _group_of(name: re.Match) -> str:
    return f"(?P<{name[1]}>{DAY if 'date' in name[1] else NUMBER})"


def claims_about_dates(slug: str, text: str) -> Iterator[tuple[str, re.Match]]:
    """(title of the milestone, what was said of it)."""
    titles = {m.title: m.title for m in Evidence(slug).engagement.milestones.all()}
    for name, title in (titles | CALLED[slug]).items():
        for pattern in (DATED, LATE):
            yield from ((title, match) for match in re.finditer(pattern.replace("{name}", re.escape(name)), text))
