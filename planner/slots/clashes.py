"""The clash rules applied: facts in, clashes out, for one session or a whole week.

Three levels, each with a reason in words (`planner.slots.reasons`): blocked, needs a reason,
warning. Pure, and O(n log n) in the rows of `Facts` plus the clashes found.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import chain

from planner.slots import day_rules, people_rules, room_rules
from planner.slots.case import Case
from planner.slots.facts import Facts
from planner.slots.levels import LEVELS, ROOM_FACTS, Clash, Level, worst
from planner.slots.reasons import words

__all__ = ["LEVELS", "ROOM_FACTS", "Clash", "Level", "judge", "words", "worst"]

_RULES: tuple[Callable[[Case], Iterator[Clash]], ...] = (
    room_rules.rooms_taken,
    room_rules.rooms_closed,
    room_rules.outside_hours,
    room_rules.seats_short,
    room_rules.not_for_secrets,
    room_rules.lines_full,
    room_rules.equipment_short,
    people_rules.people_busy,
    day_rules.notice_short,
    day_rules.days_off,
    day_rules.rehearsal_missing,
)


def judge(facts: Facts, *, at_hand: Collection[str] | None = None) -> list[Clash]:
    """Every clash of the meetings at hand (all of them when not said), by time, hardest first."""
    keys = at_hand if at_hand is not None else [meeting.key for meeting in facts.meetings]
    case = Case(facts, frozenset(keys))
    starts = {meeting.key: meeting.span.starts_at for meeting in facts.meetings}
    found = chain.from_iterable(rule(case) for rule in _RULES)
    return sorted(found, key=lambda c: (starts[c.meeting], c.meeting, -c.level, c.code, c.subject))
