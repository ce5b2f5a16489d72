"""Rules of rooms and things: taken, closed, too small, not for secrets, too few of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from planner.slots.case import Case
from planner.slots.facts import Claim, Hold, Use
from planner.slots.levels import Clash
from planner.spans import Span, gaps, overlapping_pairs


def rooms_taken(case: Case) -> Iterator[Clash]:
    """Another meeting's hold overlaps ours, or leaves no time to set up and clear away."""
    for holds in case.holds_of_room.values():
        for i, j in overlapping_pairs(hold.occupied for hold in holds):
            for ours, theirs in case.seen_from(holds[i], holds[j]):
                yield _taken(case, ours, theirs)


def _taken(case: Case, ours: Hold, theirs: Hold) -> Clash:
    mine, other = case.meetings[ours.meeting], case.meetings[theirs.meeting]
    return Clash(
        code="room_taken" if mine.span.overlaps(other.span) else "room_setup",
        meeting=mine.key,
        subject=f"{ours.room} {other.key}",
        place=case.places[ours.room].name,
        other=other.name,
        span=other.span,
        is_pending=theirs.is_pending,
        nearest=_nearest(case, ours),
    )


def rooms_closed(case: Case) -> Iterator[Clash]:
    """A closure of the room reaches into our hold, set-up included."""
    for hold in case.holds():
        place = case.places[hold.room]
        for closure in place.closures:
            if closure.span.overlaps(hold.occupied):
                yield Clash(
                    code="room_closed",
                    meeting=hold.meeting,
                    subject=hold.room,
                    place=place.name,
                    span=closure.span,
                    text=closure.reason,
                    nearest=_nearest(case, hold),
                )


def _nearest(case: Case, hold: Hold) -> Span | None:
    place = case.places[hold.room]
    taken = [h.occupied for h in case.holds_of_room[hold.room] if h.meeting != hold.meeting]
    taken += [closure.span for closure in place.closures]
    return nearest_free(
        case.meetings[hold.meeting].span,
        hold.occupied,
        free=gaps(taken, within=case.facts.window),
        opens=place.open,
        not_before=case.facts.now,
    )


def nearest_free(
    wanted: Span,
    occupied: Span,
    *,
    free: Iterable[Span],
    opens: Sequence[Span] | None,
    not_before: datetime,
) -> Span | None:
    """The span as long as `wanted` and closest to it whose occupied time lies in a free stretch.

    It begins no earlier than `not_before` and stays inside an opening when there are any; of two
    as close the later wins. None when nothing fits.
    """
    before, after = wanted.starts_at - occupied.starts_at, occupied.ends_at - wanted.ends_at
    starts = [
        min(max(wanted.starts_at, first), last)
        for stretch in free
        for opening in ([stretch] if opens is None else opens)
        if (first := max(stretch.starts_at + before, opening.starts_at, not_before))
        <= (last := min(stretch.ends_at - after, opening.ends_at) - wanted.duration)
    ]
    if not starts:
        return None
    return wanted.starting(min(starts, key=lambda at: (abs(at - wanted.starts_at), wanted.starts_at - at)))


def outside_hours(case: Case) -> Iterator[Clash]:
    """The session does not lie wholly inside an opening of its room."""
    for hold in case.holds():
        place, span = case.places[hold.room], case.meetings[hold.meeting].span
        if place.open is not None and not any(opening.contains(span) for opening in place.open):
            yield Clash("outside_hours", hold.meeting, hold.room, place=place.name, span=span)


def seats_short(case: Case) -> Iterator[Clash]:
    """Main and overflow rooms together seat fewer than are expected."""
    holds: dict[str, list[tuple[Hold, int]]] = defaultdict(list)
    for hold in case.holds():
        if hold.use is not Use.TEA and hold.seats is not None:
            holds[hold.meeting].append((hold, hold.seats))
    for key, seated in holds.items():
        have, need = sum(seats for _hold, seats in seated), case.meetings[key].expected
        if have < need:
            names = ", ".join(case.places[hold.room].name for hold, _seats in seated)
            yield Clash("seats_short", key, seated[0][0].room, place=names, have=have, need=need)


def not_for_secrets(case: Case) -> Iterator[Clash]:
    """A secret session in a room, or on a line, that is not approved for it."""
    secret = {meeting.key for meeting in case.sessions() if meeting.is_secret}
    for hold in case.facts.holds:
        place = case.places[hold.room]
        if hold.meeting in secret and not place.is_fit_for_secret:
            yield Clash("room_not_for_secret", hold.meeting, hold.room, place=place.name)
    lines = {line.key: line for line in case.facts.lines}
    for claim in case.facts.line_claims:
        line = lines[claim.resource]
        if claim.meeting in secret and not line.is_protected:
            yield Clash("line_not_for_secret", claim.meeting, line.key, place=line.name)


def lines_full(case: Case) -> Iterator[Clash]:
    """A video connection would carry more sessions at once than it can."""
    limits = {line.key: (line.name, line.parallel_limit) for line in case.facts.lines}
    return _short(case, "line_full", case.facts.line_claims, limits)


def equipment_short(case: Case) -> Iterator[Clash]:
    """More pieces are asked for at once than there are."""
    limits = {stock.key: (stock.name, stock.pieces) for stock in case.facts.stocks}
    return _short(case, "equipment_short", case.facts.stock_claims, limits)


def _short(
    case: Case, code: str, claims: Iterable[Claim], limits: dict[str, tuple[str, int]]
) -> Iterator[Clash]:
    by_resource: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_resource[claim.resource].append(claim)
    for resource, rivals in by_resource.items():
        name, limit = limits[resource]
        for meeting, need in _beyond(rivals, limit).items():
            if meeting in case.at_hand:
                yield Clash(code, meeting, resource, place=name, have=limit, need=need)


def _beyond(claims: Iterable[Claim], limit: int) -> dict[str, int]:
    """Meetings that share a moment when more than the limit is asked for, with the highest sum."""
    running: list[Claim] = []
    highest: dict[str, int] = {}
    for claim in sorted(claims, key=lambda c: c.span):
        running = [other for other in running if other.span.ends_at > claim.span.starts_at] + [claim]
        total = sum(other.amount for other in running)
        if total > limit:
            highest.update({c.meeting: max(total, highest.get(c.meeting, 0)) for c in running})
    return highest
