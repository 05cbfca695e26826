"""What customers answered, as their team reads it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.utils import timezone

from customers.models import CustomerMembership, Stakeholder
from engagements.models import Ask, Engagement, Response, Share

Kind = Response.Kind
ABOUT_ASKS = (Kind.ACKNOWLEDGE, Kind.ANSWER)
FEWEST_FOR_A_SCORE = 10


def answer_rows(engagement: Engagement) -> QuerySet[Response]:
    """Every answer that holds or was annulled, newest first, with `ask_state`: how the ask it answers stands, None without one."""
    ask = Ask.objects.current().filter(pk=OuterRef("item"), engagement=OuterRef("engagement"))
    state = Case(When(kind__in=ABOUT_ASKS, then=Subquery(ask.values("state")[:1])), default=None)
    rows = Response.objects.told().filter(engagement=engagement)
    rows = rows.select_related("edition", "read_by", "replied_by", "annulment__annulled_by")
    return rows.defer("edition__content").annotate(ask_state=state).order_by("-confirmed_at", "-id")


def waiting_rows(engagement: Engagement) -> QuerySet[Response]:
    """Answers whose address nobody confirmed yet, newest first: they change nothing, and their words are not shown.

    A stranger with an open link may have typed them.
    """
    return Response.objects.waiting().filter(engagement=engagement).order_by("-given_at", "-id")


@dataclass(frozen=True, slots=True)
class Pulse:
    """What readers said after one milestone: the answers themselves, and a mean only from ten on."""

    milestone: str
    answers: tuple[Response, ...]
    asked: int

    @property
    def score(self) -> Decimal | None:
        if len(self.answers) < FEWEST_FOR_A_SCORE:
            return None
        return Decimal(sum(answer.score for answer in self.answers)) / len(self.answers)

    @property
    def rate(self) -> Decimal | None:
        """Answers of those who were asked; None while nobody is known to be."""
        return Decimal(len(self.answers)) / self.asked if self.asked else None


def pulses_of(engagement: Engagement) -> list[Pulse]:
    """The pulses of an engagement by milestone, the newest first."""
    found: dict[int, list[Response]] = defaultdict(list)
    for response in Response.objects.counted().filter(engagement=engagement, kind=Kind.PULSE).order_by("-confirmed_at", "-id"):
        found[response.item].append(response)
    known = addresses_of_readers(engagement)
    return [
        Pulse(answers[0].item_text, tuple(answers), len(known | {answer.email for answer in answers}))
        for answers in found.values()
    ]


def addresses_of_readers(engagement: Engagement) -> set[str]:
    """Who is asked for a pulse as far as we know them: contacts who sign in, and recipients of links that open."""
    contacts = CustomerMembership.objects.filter(customer=engagement.customer_id, user__is_active=True)
    recipients = Share.objects.open_at(timezone.now()).filter(engagement=engagement).exclude(recipient="")
    found = [*contacts.values_list("user__email", flat=True), *recipients.values_list("recipient", flat=True)]
    return {address.lower() for address in found}


def names_we_know(engagement: Engagement) -> dict[str, set[str]]:
    """Readers and stakeholders of the customer by address, with the names we know them by; recipients have none.

    An answer from another address, or under another name, is by somebody nobody vouches for.
    """
    people = Stakeholder.objects.current().filter(customer=engagement.customer_id).exclude(email="")
    contacts = CustomerMembership.objects.filter(customer=engagement.customer_id, user__is_active=True)
    names: dict[str, set[str]] = {address: set() for address in addresses_of_readers(engagement)}
    for address, name in [*people.values_list("email", "name"), *contacts.values_list("user__email", "user__name")]:
        names.setdefault(address.lower(), set()).add(plain(name))
    return names


def plain(name: str) -> str:
    """A name without what people write one way or another: case and spaces."""
    return " ".join(name.split()).casefold()
