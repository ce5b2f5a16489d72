"""Rules of people's time: nobody chairs twice at once, no required member is double-booked."""

from collections import defaultdict
from collections.abc import Iterator

from planner.slots.case import Case
from planner.slots.facts import Attendance, Part
from planner.slots.levels import Clash
from planner.spans import overlapping_pairs


def people_busy(case: Case) -> Iterator[Clash]:
    """People of ours who are elsewhere: one clash for each other meeting and code, with all names."""
    groups: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for ours, theirs in _double_bookings(case):
        groups[ours.meeting, theirs.meeting, _code(case, ours, theirs)][ours.person] = ours.name
    for (meeting, other, code), people in groups.items():
        yield Clash(
            code=code,
            meeting=meeting,
            subject=other,
            other=case.meetings[other].name,
            people=tuple(people),
            names=tuple(people.values()),
            span=case.meetings[other].span,
        )


def _double_bookings(case: Case) -> Iterator[tuple[Attendance, Attendance]]:
    """A row of ours and one elsewhere of the same person at the same time, where that one binds."""
    for rows in _rows_by_person(case).values():
        for i, j in overlapping_pairs(row.span for row in rows):
            seen = case.seen_from(rows[i], rows[j])
            yield from (pair for pair in seen if case.meetings[pair[1].meeting].binds)


def _rows_by_person(case: Case) -> dict[str, list[Attendance]]:
    """The rows of people who are at a judged meeting; nobody else can clash with one."""
    rows: dict[str, list[Attendance]] = {
        row.person: [] for row in case.facts.attendances if row.meeting in case.at_hand
    }
    for row in case.facts.attendances:
        if row.person in rows:
            rows[row.person].append(row)
    return rows


def _code(case: Case, ours: Attendance, theirs: Attendance) -> str:
    if ours.part is Part.CHAIR and theirs.part is Part.CHAIR:
        are_sessions = all(case.meetings[row.meeting].is_session for row in (ours, theirs))
        return "chair_twice" if are_sessions else "leader_busy"
    if Part.OPTIONAL in (ours.part, theirs.part):
        return "optional_busy"
    return "leader_busy" if ours.is_leader or ours.part is Part.CHAIR else "required_busy"
