"""Which SEQUENCE, DTSTAMP and METHOD the next calendar message to one delegate bears (RFC 5546 §2.1.4). Pure.

One UID serves a session for life; each delegate has a line of messages of their own. Along a line SEQUENCE never
falls and DTSTAMP grows by a second at least, whatever the clock does. A message that has not left yet may be
replaced, so a line knows two ends: the last message written and the last one that left.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from attendees.itip.compose import Method
from planner.vietnamese import half_day_of

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Times:
    """What raises SEQUENCE when it changes: the moments that stand in a delegate's calendar."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One message of a line."""

    method: Method
    sequence: int
    stamped_at: datetime
    times: Times


@dataclass(frozen=True, slots=True)
class Line:
    """The messages to one delegate: the last that left, and the last written, which may still be recalled."""

    left: Told | None = None
    written: Told | None = None

    @property
    def stands(self) -> bool:
        """True when the delegate's calendar holds the event."""
        return self.left is not None and self.left.method is Method.REQUEST


def stamp(line: Line, now: datetime) -> datetime:
    """The DTSTAMP of the next message: now in whole seconds of UTC, or a second after the last one if later."""
    whole = now.astimezone(UTC).replace(microsecond=0)
    return whole if line.written is None else max(whole, line.written.stamped_at + _SECOND)


def request(line: Line, times: Times, *, current: int, now: datetime, asks_again: bool = False) -> Told:
    """The next REQUEST: `current` for somebody new, one more when times changed or after a CANCEL, else the same.

    `current` is the SEQUENCE of the other delegates; `asks_again` counts another change as one of time. What was
    written and has not left is taken as recalled.
    """
    return Told(Method.REQUEST, _next_number(line, times, current, asks_again), stamp(line, now), times)


def cancel(line: Line, *, now: datetime) -> Told | None:
    """The CANCEL that takes back the REQUEST that left; None where no calendar holds the event."""
    if line.left is None or not line.stands:
        return None
    return Told(Method.CANCEL, line.left.sequence + 1, stamp(line, now), line.left.times)


def keeps_answers(before: Times, after: Times, *, zone: ZoneInfo, tolerance_minutes: int) -> bool:
    """Whether answers given for `before` still count: same times, or a small shift within one half-day.

    A tolerance of 0 lets no change of time keep an answer.
    """
    tolerance = timedelta(minutes=tolerance_minutes)
    shifts = (after.starts_at - before.starts_at, after.ends_at - before.ends_at)
    old, new = before.starts_at.astimezone(zone), after.starts_at.astimezone(zone)
    same_half_day = (old.date(), half_day_of(old.time())) == (new.date(), half_day_of(new.time()))
    return same_half_day and all(abs(shift) <= tolerance for shift in shifts)


def _next_number(line: Line, times: Times, current: int, asks_again: bool) -> int:
    if line.written is None:
        return current
    if line.left is None:
        return line.written.sequence
    if line.left.method is Method.CANCEL:
        return max(line.left.sequence + 1, line.written.sequence, current)
    rises = asks_again or line.left.times != times
    return max(line.left.sequence + int(rises), line.written.sequence)
