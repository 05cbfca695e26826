"""Who is who among the actors: numbers handed out, kinds and aliases set."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet

from engagements.models import Actor, ActorSequence, Deliverable, TargetPopulation, UsageEvent, UsageRow
from engagements.services.activity import mark_days
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import OrganizationSettings, User

# SQLite takes about a thousand parameters in one statement.
_AT_ONCE = 500


class AliasOfItself(Exception):
    """An actor cannot stand for itself."""


def hashes_of(customer_id: int, names: Iterable[str]) -> dict[str, str]:
    """Return the keyed hash of each name: HMAC-SHA256, other for each customer, 64 hex digits."""
    key = OrganizationSettings.current().actor_key.encode()
    return {name: hmac.digest(key, f"{customer_id}:{name}".encode(), "sha256").hex() for name in set(names)}


def number_actors(customer_id: int, hashes: dict[str, str], *, keep_names: bool) -> dict[str, int]:
    """Return the id of each actor by name; unknown ones get the customer's next numbers. Call it in a transaction.

    Nobody of this customer is erased until that transaction ends.
    """
    keep_people(customer_id)
    known = _ids(customer_id, hashes.values())
    missing = [name for name, key_hash in hashes.items() if key_hash not in known]
    if missing:
        _create(customer_id, {name: hashes[name] for name in missing}, keep_names)
        known |= _ids(customer_id, [hashes[name] for name in missing])
    if keep_names:
        _fill_in_names(customer_id, hashes)
    return {name: known[key_hash] for name, key_hash in hashes.items()}


def keep_people(customer_id: int) -> int:
    """Let nobody of a customer be erased until the transaction ends; return how often people were erased before.

    Rows of usage name their actor by a key that the database does not check (models/usage.py): whoever writes
    rows holds this. Many may hold it at once. SQLite has one writer at a time anyway.
    """
    lock = " FOR KEY SHARE" if connection.features.has_select_for_update else ""
    statement = f"SELECT erasures FROM {ActorSequence._meta.db_table} WHERE customer_id = %s{lock}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [customer_id])
        found = cursor.fetchone()
        if not found:
            ActorSequence.objects.bulk_create([ActorSequence(customer_id=customer_id)], ignore_conflicts=True)
            cursor.execute(statement, [customer_id])
            found = cursor.fetchone()
    return found[0]


def _ids(customer_id: int, key_hashes: Iterable[str]) -> dict[str, int]:
    found = {}
    for part in in_parts(key_hashes):
        actors = Actor.objects.filter(customer=customer_id, key_hash__in=part)
        found |= dict(actors.values_list("key_hash", "pk"))
    return found


def in_parts(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield `values` in lists that one statement can hold."""
    values = list(values)
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _create(customer_id: int, hashes: dict[str, str], keep_names: bool) -> None:
    first = _take_numbers(customer_id, len(hashes))
    # Another batch may have created some of them while this one waited for its numbers.
    Actor.objects.bulk_create(
        [
            Actor(customer_id=customer_id, key_hash=key_hash, name=name if keep_names else "", ordinal=ordinal)
            for ordinal, (name, key_hash) in enumerate(sorted(hashes.items()), start=first)
        ],
        ignore_conflicts=True,
    )


def _take_numbers(customer_id: int, count: int) -> int:
    """Return the first of `count` fresh numbers. One UPDATE, so that nobody else gets the same."""
    sequence = ActorSequence.objects.filter(customer=customer_id)
    sequence.update(next_ordinal=F("next_ordinal") + count)
    return sequence.values_list("next_ordinal", flat=True).get() - count


def _fill_in_names(customer_id: int, hashes: dict[str, str]) -> None:
    """Name the actors that were known before the customer agreed to names."""
    names = {key_hash: name for name, key_hash in hashes.items()}
    for part in in_parts(names):
        nameless = list(Actor.objects.filter(customer=customer_id, key_hash__in=part, name=""))
        for actor in nameless:
            actor.name = names[actor.key_hash]
        Actor.objects.bulk_update(nameless, ["name"])


@transaction.atomic
def set_actor_kind(actor: Actor, kind: str, *, by: User) -> None:
    """Say whether an actor is a person, our own staff or a robot. Only persons count."""
    Actor.objects.filter(pk=actor.pk).update(kind=kind)
    actor.kind = kind
    _changed(actor, "set_kind", by, kind=kind)


@transaction.atomic
def set_alias(actor: Actor, alias_of: Actor | None, *, by: User) -> None:
    """Say that two actors are one person, or with None that they are not.

    Aliases stay one step deep: what stood for `actor` then stands for the same person as `actor`.
    Raises AliasOfItself, and ValueError for actors of different customers.
    """
    root = alias_of and _person_behind(alias_of)
    if root == actor:
        raise AliasOfItself
    if root and root.customer_id != actor.customer_id:
        raise ValueError("an alias belongs to the same customer")
    mark_actor_days(actor)  # also those of its own aliases, before they leave it
    if root:
        Actor.objects.filter(alias_of=actor).update(alias_of=root)
    Actor.objects.filter(pk=actor.pk).update(alias_of=root)
    actor.alias_of = root
    _changed(actor, "set_alias", by, alias_of=root and root.pk)


def _person_behind(actor: Actor) -> Actor:
    # From the database: another change may have moved the alias since the object was read.
    actor = Actor.objects.select_related("alias_of").get(pk=actor.pk)
    return actor.alias_of or actor


def _changed(actor: Actor, verb: str, by: User, **details: object) -> None:
    mark_actor_days(actor)
    audit.record(verb, actor, by=by, **details)


def mark_actor_days(actor: Actor) -> None:
    """Have every day rebuilt on which the actor, or an alias of it, did something. Call it in a transaction."""
    days: dict[int, set] = {}
    for truth in (UsageRow, UsageEvent):
        rows = truth.objects.filter(Q(actor=actor) | Q(actor__alias_of=actor))
        for deliverable_id, day in rows.values_list("deliverable_id", "day").distinct():
            days.setdefault(deliverable_id, set()).add(day)
    for deliverable_id in sorted(days):
        mark_days(deliverable_id, days[deliverable_id])
    touched = Deliverable.objects.filter(pk__in=days).order_by("engagement_id")
    for engagement_id in touched.values_list("engagement_id", flat=True).distinct():
        request_recompute(engagement_id)


@transaction.atomic
def erase_actor(actor: Actor, *, by: User) -> int:
    """Delete a person, and all aliases, from usage, target users and names; return how many rows went.

    Days and figures are computed again without them, past snapshots too. The trail keeps that it happened, not who it was.
    """
    _let_writers_finish(actor.customer_id)
    everyone = Actor.objects.filter(Q(pk=actor.pk) | Q(alias_of=actor))
    mark_actor_days(actor)
    for engagement_id, day in _target_starts(everyone):
        request_recompute(engagement_id, since=day)
    gone = sum(
        truth.objects.filter(actor__in=everyone).delete()[0] for truth in (UsageRow, UsageEvent, TargetPopulation)
    )
    audit.record("erase_person", actor.customer, by=by, rows=gone)
    everyone.delete()
    return gone


def _let_writers_finish(customer_id: int) -> None:
    """Wait for all that write usage of a customer, and have those that come look everybody up anew."""
    sequence = ActorSequence.objects.filter(customer=customer_id)
    list(sequence.select_for_update())
    sequence.update(erasures=F("erasures") + 1)


def _target_starts(actors: QuerySet[Actor]) -> QuerySet:
    targets = TargetPopulation.objects.filter(actor__in=actors).order_by("deliverable__engagement_id")
    return targets.values_list("deliverable__engagement_id").annotate(first=Min("starts_on"))
