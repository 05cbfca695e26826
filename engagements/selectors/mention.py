"""Whom and what a note names: @person and #engagement, completed while typing and resolved when it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q, QuerySet

from customers.models import Stakeholder
from engagements.models import Engagement
from fde_portal.accounts.models import User

MOST_SUGGESTIONS = 8
SHORTEST_NAME, LONGEST_NAME = 2, 60
# An address such as anna@example.org names nobody.
PERSON = re.compile(r"(?<![\w.])@")
ENGAGEMENT = re.compile(r"(?<!\w)#([\w-]+)")


class Suggestion(NamedTuple):
    """What is put into the text, and what explains it."""

    insert: str
    label: str
    hint: str


def suggested_people(words: str, user: User) -> list[Suggestion]:
    """People the user knows whose name contains `words`, those who left excepted."""
    people = Stakeholder.objects.visible_to(user).current().filter(left_on=None, name__icontains=words)
    found = people.select_related("customer").order_by("name")[:MOST_SUGGESTIONS]
    return [Suggestion(f"@{person.name}", person.name, person.customer.name) for person in found]


def suggested_engagements(words: str, user: User) -> list[Suggestion]:
    """Engagements the user sees whose name, address or customer contains `words`."""
    wanted = Q(name__icontains=words) | Q(slug__icontains=words) | Q(customer__name__icontains=words)
    found = Engagement.objects.visible_to(user).current().filter(wanted).select_related("customer").order_by("name")
    return [Suggestion(f"#{row.slug}", row.name, row.customer.name) for row in found[:MOST_SUGGESTIONS]]


def mentioned_engagements(text: str, user: User) -> QuerySet:
    """The engagements that stand in the text as #their-address and that the user sees."""
    named = Engagement.objects.visible_to(user).current().filter(slug__in=ENGAGEMENT.findall(text))
    return named.select_related("customer").order_by("pk")


def mentioned_people(text: str, user: User) -> list[Stakeholder]:
    """The people who stand in the text as @Name: at each @ the longest name that fits, of all who bear it."""
    places = [text[match.end() : match.end() + LONGEST_NAME] for match in PERSON.finditer(text)]
    known = Stakeholder.objects.visible_to(user).current().filter(name__in=beginnings(places))
    people = list(known.select_related("customer").order_by("pk"))
    named = {longest for place in places if (longest := longest_name(place, people))}
    return [person for person in people if person.name in named]


def beginnings(places: Iterable[str]) -> set[str]:
    """Every text that could be a name at one of the places. Chinese names end without a space."""
    return {place[:length] for place in places for length in range(SHORTEST_NAME, len(place) + 1)}


def longest_name(place: str, people: Iterable[Stakeholder]) -> str:
    return max((person.name for person in people if place.startswith(person.name)), key=len, default="")
