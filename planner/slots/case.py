"""The facts of a judgement with the look-ups its rules share."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from planner.slots.facts import Facts, Hold, Meeting, Place


class OfMeeting(Protocol):
    """A row that belongs to a meeting."""

    @property
    def meeting(self) -> str:
        """The meeting's key."""


Row = TypeVar("Row", bound=OfMeeting)


@dataclass(slots=True)
class Case:
    """Facts, and the keys of the meetings that are judged."""

    facts: Facts
    at_hand: frozenset[str]
    meetings: dict[str, Meeting] = field(init=False)
    places: dict[str, Place] = field(init=False)
    holds_of_room: dict[str, list[Hold]] = field(init=False)

    def __post_init__(self) -> None:
        self.meetings = {meeting.key: meeting for meeting in self.facts.meetings}
        self.places = {place.key: place for place in self.facts.places}
        self.holds_of_room = {}
        for hold in self.facts.holds:
            self.holds_of_room.setdefault(hold.room, []).append(hold)

    def sessions(self) -> Iterator[Meeting]:
        """The sessions that are judged; engagements clash by people's time only."""
        return (m for m in self.facts.meetings if m.is_session and m.key in self.at_hand)

    def holds(self) -> Iterator[Hold]:
        """The holds of the meetings that are judged."""
        return (hold for hold in self.facts.holds if hold.meeting in self.at_hand)

    def seen_from(self, left: Row, right: Row) -> Iterator[tuple[Row, Row]]:
        """The pair as ours and theirs, once for each side that is judged."""
        if left.meeting == right.meeting:
            return
        for ours, theirs in ((left, right), (right, left)):
            if ours.meeting in self.at_hand:
                yield ours, theirs
