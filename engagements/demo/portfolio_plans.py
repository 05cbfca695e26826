"""A portfolio with known troubles, for tests and trials: what each engagement is like, as plain data.

Everybody has small troubles, drawn independently (`BACKGROUND`): an update a few days late, a milestone a few days
late, one old blocker, a role with nobody, a customer who has not looked for a week or so, use below target, an old
slip that keeps the work on watch. Troubles are planted on top of that, ten kinds in turn (`TROUBLES`), each with the
reason a manager should read. Days are counted back from today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

ALWAYS = ("discovery", "prototype")
USED = ("pilot", "production")
PHASES = (*ALWAYS, *USED)
TARGET = 60
USE_WEEKS = 10
ROLES = ("sponsor", "operational_owner", "technical_owner", "risk_owner", "front_line_user")


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    """`baseline` is days from today; `said` lists (days back, expected in days from today)."""

    baseline: int
    said: tuple[tuple[int, int], ...] = ()
    go_live: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """One engagement. `stances` are (days back, stance) by role; `users` are weekly users, oldest first, the running week last."""

    number: int
    phase: str
    age: int
    milestones: tuple[PlannedMilestone, ...]
    updated: int
    seen: int
    stances: dict[str, tuple[tuple[int, str], ...]]
    users: tuple[int, ...] = ()
    left: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    blockers: tuple[tuple[int, int | None], ...] = ()  # opened, escalated
    rating: str = "on_track"
    computed: str = "on_track"  # frozen beside the ratings
    trouble: str = ""
    reason: str = ""


def plans(engagements: int, troubles: int, seed: int) -> list[Plan]:
    """The same plans for the same seed. Raises ValueError when there are more troubles than engagements."""
    if not 0 <= troubles <= engagements:
        raise ValueError("there cannot be more troubles than engagements")
    rng = Random(seed)
    quiet = [_quiet(number, rng) for number in range(engagements)]
    for turn, number in enumerate(rng.sample(range(engagements), troubles)):
        quiet[number] = planted(quiet[number], list(TROUBLES)[turn % len(TROUBLES)], rng)
    troubled = {plan.number for plan in quiet if plan.trouble}
    return [plan if plan.number in troubled else _background(plan, rng) for plan in quiet]


def _quiet(number: int, rng: Random) -> Plan:
    age = rng.randint(100, 300)
    phase = rng.choice(PHASES)
    milestones = (PlannedMilestone(rng.randint(12, 40), go_live=phase == "pilot"), PlannedMilestone(rng.randint(60, 120)))
    stances = {role: tuple((back, rng.choice(("supporter", "supporter", "champion"))) for back in range(age, -1, -30)) for role in ROLES}
    users = tuple(rng.randint(50, 57) for _ in range(USE_WEEKS)) if phase in USED else ()
    return Plan(number, phase, age, milestones, rng.randint(0, 6), rng.randint(0, 7), stances, users)


# The background: how many of a hundred engagements have each small trouble, and what it is.


def _late_update(plan: Plan, rng: Random) -> Plan:
    return replace(plan, updated=rng.randint(7, 12))


def _small_slip(plan: Plan, rng: Random) -> Plan:
    first, *rest = plan.milestones
    said = ((rng.randint(18, 30), first.baseline + rng.randint(3, 8)),)
    return replace(plan, milestones=(replace(first, said=said), *rest))


def _old_blocker(plan: Plan, rng: Random) -> Plan:
    return replace(plan, blockers=((rng.randint(4, 40), None),))


def _open_role(plan: Plan, rng: Random) -> Plan:
    return replace(plan, missing=(rng.choice(ROLES[1:]),))


def _seldom_seen(plan: Plan, rng: Random) -> Plan:
    return replace(plan, seen=rng.randint(8, 13))


def _below_target(plan: Plan, rng: Random) -> Plan:
    return replace(plan, users=tuple(rng.randint(38, 48) for _ in plan.users))


def _old_watch(plan: Plan, rng: Random) -> Plan:
    """Late since long, known and rated as such: nothing new, and so below what is."""
    late = rng.randint(25, 32)
    moved = tuple(replace(one, said=((45, one.baseline + late),), go_live=False) for one in plan.milestones)
    return replace(plan, phase="prototype", users=(), milestones=moved, rating="watch", computed="watch")


BACKGROUND: tuple[tuple[int, Callable[[Plan, Random], Plan]], ...] = (
    (15, _late_update), (15, _small_slip), (10, _old_blocker), (10, _open_role), (10, _seldom_seen), (10, _below_target), (6, _old_watch),
)  # fmt: skip


def _background(plan: Plan, rng: Random) -> Plan:
    for percent, small in BACKGROUND:
        if rng.randrange(100) < percent:
            plan = small(plan, rng)
    return plan


# The planted troubles: what happened, and the reason that should be read.


def _go_live_missed(plan: Plan, rng: Random) -> Plan:
    missed = PlannedMilestone(-rng.randint(16, 35), said=((20, rng.randint(3, 9)),), go_live=True)
    return replace(plan, phase="pilot", users=plan.users or (52,) * USE_WEEKS, milestones=(missed, plan.milestones[1]))


def _sponsor_gone(plan: Plan, rng: Random) -> Plan:
    return replace(plan, left={"sponsor": rng.randint(3, 20)})


def _use_collapses(plan: Plan, rng: Random) -> Plan:
    before = tuple(rng.randint(50, 57) for _ in range(USE_WEEKS - 2))
    return replace(plan, phase="production", users=(*before, rng.randint(3, 8), rng.randint(2, 6)))


def _put_off(plan: Plan, rng: Random) -> Plan:
    moved = tuple(replace(one, said=((rng.randint(2, 10), one.baseline + rng.randint(32, 60)),), go_live=False) for one in plan.milestones)
    return replace(plan, phase=rng.choice(ALWAYS), users=(), milestones=moved)


def _falling_out(plan: Plan, rng: Random) -> Plan:
    """The sponsor turns against it, others doubt, and what they block is escalated."""
    turned = {"sponsor": "blocker", "operational_owner": "sceptic", "technical_owner": "sceptic"}
    back = rng.randint(2, 10)
    before = {role: tuple(one for one in said if one[0] > back) for role, said in plan.stances.items()}
    stances = {role: (*said, (back, turned[role])) if role in turned else said for role, said in before.items()}
    return replace(plan, phase=rng.choice(ALWAYS), users=(), stances=stances, blockers=((14, 12), (13, 11)))


def _blocked(plan: Plan, rng: Random) -> Plan:
    """Two escalated blockers hold the next milestones up."""
    moved = tuple(replace(one, said=((9, one.baseline + rng.randint(24, 34)),), go_live=False) for one in plan.milestones)
    return replace(plan, phase=rng.choice(ALWAYS), users=(), milestones=moved, blockers=((15, 11), (14, 10)))


def _overdue(plan: Plan, rng: Random) -> Plan:
    late = tuple(PlannedMilestone(-rng.randint(46, 60), said=((60, 5),)) for _ in range(2))
    return replace(plan, phase=rng.choice(ALWAYS), users=(), milestones=late, rating="watch", computed="watch")


def _rosy(plan: Plan, rng: Random) -> Plan:
    """As late as what is known and rated so, but rated on track week after week."""
    late = tuple(replace(one, said=((45, one.baseline + 40),), go_live=False) for one in plan.milestones)
    return replace(_old_watch(plan, rng), milestones=late, rating="on_track")


def _silent(plan: Plan, rng: Random) -> Plan:
    return replace(plan, seen=rng.randint(18, 60))


def _stale(plan: Plan, rng: Random) -> Plan:
    return replace(plan, updated=rng.randint(16, 22))


TROUBLES: dict[str, tuple[Callable[[Plan, Random], Plan], str]] = {
    "go_live_missed": (_go_live_missed, "hard.go_live_missed"),
    "sponsor_gone": (_sponsor_gone, "hard.sponsor_gone"),
    "use_collapses": (_use_collapses, "attention.fell"),
    "put_off": (_put_off, "attention.fell"),
    "falling_out": (_falling_out, "attention.fell"),
    "blocked": (_blocked, "attention.fell"),
    "overdue": (_overdue, "attention.overdue"),
    "rosy": (_rosy, "attention.rosier"),
    "silent": (_silent, "attention.silent"),
    "stale": (_stale, "attention.stale"),
}


def planted(plan: Plan, kind: str, rng: Random) -> Plan:
    """The plan with a trouble of one kind on it. Raises KeyError for an unknown kind."""
    happen, reason = TROUBLES[kind]
    return replace(happen(plan, rng), trouble=kind, reason=reason)


def update_days(plan: Plan) -> Iterator[int]:
    """Days back of every published update, the newest first."""
    yield from range(plan.updated, plan.age, 7)
