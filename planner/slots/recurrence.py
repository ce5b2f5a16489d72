"""Standing rules: when a body is due to meet, and what becomes of it on a day off.

A rhythm is an RRULE over days (`planner.slots.rhythms`); the hour is the rule's own. Pure: the
caller gives the calendar of days off and the occurrences planned already, a human confirms what is proposed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from planner.slots import rhythms

_LOOK_AROUND_DAYS = 31


class OnDayOff(StrEnum):
    """What happens to an occurrence that falls on a holiday or a Sunday."""

    BEFORE = "before"
    AFTER = "after"
    SKIP = "skip"
    ASK = "ask"


class Fate(StrEnum):
    """What became of an occurrence."""

    AS_DUE = "as_due"
    MOVED = "moved"
    SKIPPED = "skipped"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """An RRULE, the day it counts from, and what a day off does to it."""

    rule: str
    starts_on: date
    on_day_off: OnDayOff = OnDayOff.AFTER


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are off. `holidays` by name; `worked` are weekend days worked in exchange.

    An occurrence leaves a holiday or a day of `rest_weekdays` (Sunday); it moves to a day that is
    no holiday and outside `weekend` as well.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    rest_weekdays: frozenset[int] = frozenset({6})
    weekend: frozenset[int] = frozenset({5, 6})

    def is_off(self, day: date) -> bool:
        """Whether nobody meets on the day."""
        return day in self.holidays or (day.weekday() in self.rest_weekdays and day not in self.worked)

    def is_working(self, day: date) -> bool:
        """Whether a meeting may move to the day."""
        if day in self.holidays:
            return False
        return day.weekday() not in self.weekend or day in self.worked


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One turn of a rhythm: the day it is due by the rule, and the day proposed.

    `on` is the due day itself for ASK, and None when skipped.
    """

    due_on: date
    on: date | None
    fate: Fate = Fate.AS_DUE


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rhythm stands today: what comes next, and what passed without a session."""

    next_due: Occurrence | None
    overdue: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a changed rhythm does to its sessions: due days to add and drafts to drop."""

    add: tuple[Occurrence, ...]
    drop: tuple[date, ...]


def occurrences(rhythm: Rhythm, calendar: WorkCalendar, first: date, last: date) -> list[Occurrence]:
    """What is due from `first` to `last` (both included, by the due day), with what becomes of each."""
    return [_settled(due, rhythm.on_day_off, calendar) for due in _due_days(rhythm, first, last)]


def _due_days(rhythm: Rhythm, first: date, last: date) -> Iterator[date]:
    days = rhythms.days(rhythm.rule, starts_on=rhythm.starts_on, last=last)
    return (day for day in days if day >= first)


def _settled(due: date, on_day_off: OnDayOff, calendar: WorkCalendar) -> Occurrence:
    if not calendar.is_off(due):
        return Occurrence(due, due)
    if on_day_off is OnDayOff.SKIP:
        return Occurrence(due, None, Fate.SKIPPED)
    step = timedelta(days=-1 if on_day_off is OnDayOff.BEFORE else 1)
    near = (due + n * step for n in range(1, _LOOK_AROUND_DAYS + 1))
    moved = next((day for day in near if calendar.is_working(day)), None)
    if on_day_off is OnDayOff.ASK or moved is None:
        return Occurrence(due, due, Fate.ASK)
    return Occurrence(due, moved, Fate.MOVED)


def standing(
    rhythm: Rhythm, calendar: WorkCalendar, *, planned: Collection[date], today: date, back_days: int = 92
) -> Standing:
    """What is next and what is overdue; `planned` are the due days that have a session already.

    Looks back so many days, so that a rule entered late does not accuse a whole term.
    """
    known = occurrences(rhythm, calendar, today - timedelta(days=back_days), today + timedelta(days=400))
    open_ones = [turn for turn in known if turn.on is not None and turn.due_on not in planned]
    return Standing(
        next_due=next((turn for turn in open_ones if turn.on and turn.on >= today), None),
        overdue=tuple(turn for turn in open_ones if turn.on and turn.on < today),
    )


def amended(
    turns: Collection[Occurrence], *, drafts: Collection[date], fixed: Collection[date], today: date
) -> Amendment:
    """What follows from a rhythm's new turns: only future drafts go, what is published stays.

    `drafts` and `fixed` are the due days of its sessions by state.
    """
    due = {turn.due_on for turn in turns if turn.on is not None}
    known = {*drafts, *fixed}
    return Amendment(
        add=tuple(turn for turn in turns if turn.on and turn.on >= today and turn.due_on not in known),
        drop=tuple(sorted(day for day in drafts if day >= today and day not in due)),
    )
