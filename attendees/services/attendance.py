"""Attendance: who is inside, who came, who is missing, at any moment; always derived from the scans.

An annulled scan never happened, whenever it was annulled. Figures read a constant number of queries.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from attendees.models import Badge, Delegate, Round, Scan
from attendees.services import badges, rounds
from planner.models import QuorumRule, Session
from planner.services import bodies


@dataclass(frozen=True, slots=True)
class Passage:
    """One way through a door that counts: in or out, neither refused nor annulled."""

    delegate_id: int
    round_id: int
    is_in: bool
    at: dt.datetime
    gate: str


@dataclass(slots=True)
class Presence:
    """What the passages say of one delegate up to a moment."""

    delegate: Delegate
    state: str = "absent"
    came_at: dt.datetime | None = None
    came_by: str = ""
    inside_since: dt.datetime | None = None
    left_at: dt.datetime | None = None
    is_late: bool = False
    left_early: bool = False
    is_provisional: bool = False

    @property
    def is_inside(self) -> bool:
        """True while in the hall, in the round looked at."""
        return self.inside_since is not None

    @property
    def counts(self) -> bool:
        """True for those whom figures and quorum are about: summoned, not standing in, not walked in."""
        row = self.delegate
        is_own = row.stands_in_for_id is None and not self.is_provisional
        return row.role == Delegate.Role.SUMMONED and is_own


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures of some delegates. summoned = ever_present + excused + substituted + absent."""

    summoned: int = 0
    present_now: int = 0
    ever_present: int = 0
    excused: int = 0
    substituted: int = 0
    absent: int = 0
    late: int = 0
    left_early: int = 0


@dataclass(frozen=True, slots=True)
class UnitTally:
    unit_id: int | None
    unit: str
    tally: Tally
    head: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of validity spelt out: `needed` of `base`, and how many there are."""

    rule: QuorumRule
    base: int
    needed: int
    have: int

    @property
    def met(self) -> bool:
        """True when enough are there."""
        return self.have >= self.needed

    @property
    def missing(self) -> int:
        """How many more it takes."""
        return max(0, self.needed - self.have)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a session in a round at a moment; guests and those who walked in stand apart."""

    at: dt.datetime
    round: Round
    total: Tally
    guests: Tally
    by_unit: list[UnitTally]
    by_category: dict[str, Tally]
    by_gate: dict[str, int]
    arrivals: list[tuple[dt.datetime, int]]
    quorum: list[Condition]
    presences: list[Presence] = field(repr=False)

    @property
    def has_quorum(self) -> bool:
        """True when every condition is met."""
        return all(condition.met for condition in self.quorum)


def figures(session: Session, *, at: dt.datetime | None = None, round: Round | None = None) -> Figures:
    """The figures at a moment (now), in the round open then or the one named."""
    at = at or timezone.now()
    current = round or _round_at(session, at)
    ways = passages(session, until=at)
    presences = _presences(session, ways, current)
    counted = [one for one in presences if one.counts]
    arrived = _first_ways(ways, current)
    return Figures(
        at=at,
        round=current,
        total=tally(counted),
        guests=tally(one for one in presences if not one.counts),
        by_unit=_by_unit(counted),
        by_category=_by_category(presences),
        by_gate=dict(Counter(way.gate for way in arrived)),
        arrivals=sorted(Counter(_minute(way.at) for way in arrived).items()),
        quorum=_quorum(session, counted),
        presences=presences,
    )


def passages(session: Session, *, until: dt.datetime) -> list[Passage]:
    """All entrances and exits that count up to a moment, in order."""
    rows = (
        Scan.objects.filter(session=session, corrected_at__lte=until, annulled_by__isnull=True)
        .filter(Q(verdict="admitted") | Q(verdict="left"), delegate__isnull=False)
        .exclude(kind=Scan.Kind.ANNUL)
        .order_by("corrected_at", "id")
        .values_list("delegate_id", "round_id", "verdict", "corrected_at", "gate__name")
    )
    return [
        Passage(delegate_id, round_id, verdict == "admitted", at, gate or "")
        for delegate_id, round_id, verdict, at, gate in rows
        if delegate_id and round_id
    ]


def presence_of(
    delegate: Delegate, ways: Sequence[Passage], *, session: Session, round: Round, is_walk_in: bool = False
) -> Presence:
    """What a delegate's passages, in order, say about them in a round."""
    one = Presence(delegate, is_provisional=is_walk_in)
    for way in ways:
        if way.is_in and one.came_at is None:
            one.came_at, one.came_by = way.at, way.gate
        if not way.is_in:
            one.left_at = way.at
        if way.round_id == round.pk:
            one.inside_since = (one.inside_since or way.at) if way.is_in else None
    if one.inside_since:
        one.left_at = None
    if one.came_at:
        has_gone = not one.is_inside and (one.left_at is None or one.left_at < session.ends_at)
        one.state, one.is_late, one.left_early = "present", one.came_at > session.starts_at, has_gone
    elif delegate.reply == Delegate.Reply.EXCUSED:
        one.state = "excused"
    elif delegate.reply == Delegate.Reply.SUBSTITUTED:
        one.state = "substituted"
    return one


def tally(presences: Iterable[Presence]) -> Tally:
    """The figures of some delegates."""
    counts: Counter[str] = Counter()
    for one in presences:
        counts["summoned"] += 1
        counts["ever_present" if one.state == "present" else one.state] += 1
        counts["present_now"] += one.is_inside
        counts["late"] += one.is_late
        counts["left_early"] += one.left_early
    return Tally(**counts)


def _round_at(session: Session, at: dt.datetime) -> Round:
    """The last round that had opened by then, else the first."""
    hours = rounds.of(session)
    opened = [one.round for one in hours if one.opens_at <= at]
    return opened[-1] if opened else hours[0].round


def _by_unit(counted: list[Presence]) -> list[UnitTally]:
    """A tally for each delegation, the worst first."""
    groups: dict[int | None, list[Presence]] = defaultdict(list)
    for one in counted:
        groups[one.delegate.delegation_id].append(one)
    rows = []
    for unit_id, members in groups.items():
        head = min(members, key=lambda one: (one.delegate.position, one.delegate.pk)).delegate
        name = str(head.delegation or "")
        rows.append(UnitTally(unit_id, name, tally(members), head.printed_name, head.person.phone))
    return sorted(rows, key=lambda row: (-row.tally.absent, -row.tally.left_early, row.unit))


def _by_category(presences: list[Presence]) -> dict[str, Tally]:
    groups: dict[str, list[Presence]] = defaultdict(list)
    for one in presences:
        groups["provisional" if one.is_provisional else one.delegate.role].append(one)
    return {role: tally(members) for role, members in groups.items()}


def _presences(session: Session, ways: list[Passage], current: Round) -> list[Presence]:
    """Each listed delegate's presence, by delegation and name."""
    series = badges.series_of(session)
    provisional = Badge.objects.active().filter(is_provisional=True, series__in=series)
    walked_in = set(provisional.values_list("person_id", flat=True))
    by_delegate: dict[int, list[Passage]] = defaultdict(list)
    for way in ways:
        by_delegate[way.delegate_id].append(way)
    return [
        presence_of(
            row, by_delegate[row.pk], session=session, round=current, is_walk_in=row.person_id in walked_in
        )
        for row in session.delegates.listed().select_related("person", "delegation").by_delegation()
    ]


def _first_ways(ways: list[Passage], current: Round) -> list[Passage]:
    """The first entrance of each delegate in the round."""
    first: dict[int, Passage] = {}
    for way in ways:
        if way.round_id == current.pk and way.is_in:
            first.setdefault(way.delegate_id, way)
    return list(first.values())


def _minute(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(second=0, microsecond=0)


def _quorum(session: Session, counted: list[Presence]) -> list[Condition]:
    """The conditions of validity; without any in the office's tables, the model's own: two thirds of those summoned."""
    rules = bodies.quorum_rules(session.body, session.kind) or [QuorumRule()]
    return [_condition(rule, session, counted) for rule in rules]


def _condition(rule: QuorumRule, session: Session, counted: list[Presence]) -> Condition:
    if rule.base == QuorumRule.Base.ORGANISATIONS:
        of = {one.delegate.delegation_id for one in counted if one.delegate.delegation_id}
        there = {one.delegate.delegation_id for one in counted if one.is_inside} & of
        base, have = len(of), len(there)
    elif rule.base == QuorumRule.Base.ALL_MEMBERS and session.body:
        members = set(
            bodies.members(session.body, timezone.localdate(session.starts_at)).values_list(
                "person_id", flat=True
            )
        )
        base = len(members)
        have = sum(one.is_inside for one in counted if one.delegate.person_id in members)
    else:
        base, have = len(counted), sum(one.is_inside for one in counted)
    return Condition(rule, base, bodies.needed(rule, base), have)
