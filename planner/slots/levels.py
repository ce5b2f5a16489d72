"""Clashes as values: their stable codes, how hard each is, and what words need to tell of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from planner.spans import Span


class Level(IntEnum):
    """How hard a clash is; higher is harder."""

    WARNING = 1
    NEEDS_REASON = 2
    BLOCKED = 3

    @property
    def word(self) -> str:
        """The stable word of the API: `warning`, `needs_reason`, `blocked`."""
        return self.name.lower()


LEVELS = {
    "room_taken": Level.BLOCKED,
    "room_setup": Level.BLOCKED,
    "room_closed": Level.BLOCKED,
    "room_not_for_secret": Level.BLOCKED,
    "line_not_for_secret": Level.BLOCKED,
    "line_full": Level.BLOCKED,
    "chair_twice": Level.BLOCKED,
    "leader_busy": Level.NEEDS_REASON,
    "required_busy": Level.NEEDS_REASON,
    "seats_short": Level.NEEDS_REASON,
    "notice_short": Level.NEEDS_REASON,
    "optional_busy": Level.WARNING,
    "equipment_short": Level.WARNING,
    "outside_hours": Level.WARNING,
    "holiday": Level.WARNING,
    "holiday_eve": Level.WARNING,
    "day_of_rest": Level.WARNING,
    "rehearsal_missing": Level.WARNING,
}
"""Every code there is, and how hard it is. Codes are stable: overrides and programs keep them."""

ROOM_FACTS = frozenset({"room_taken", "room_setup", "room_closed"})
"""The codes that refuse a hold already, before any publication."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One reason against a meeting as it stands.

    `subject` is the stable key of what it clashes with; an override names code and subject.
    The rest is for words: the place or thing, the other meeting, the people, the span it concerns,
    how many there are and how many are needed, and the nearest time when the room is free.
    """

    code: str
    meeting: str
    subject: str = ""
    place: str = ""
    other: str = ""
    people: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    span: Span | None = None
    have: int = 0
    need: int = 0
    text: str = ""
    is_pending: bool = False
    nearest: Span | None = None

    @property
    def level(self) -> Level:
        """How hard it is."""
        return LEVELS[self.code]


def worst(clashes: Iterable[Clash]) -> Level | None:
    """The hardest level among clashes; None when there are none."""
    return max((clash.level for clash in clashes), default=None)
