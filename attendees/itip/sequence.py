"""Which SEQUENCE, DTSTAMP and METHOD the next calendar message to one delegate bears (RFC 5546 §2.1.4). Pure.

One UID serves a session for life; each delegate has a line of messages of their own. Along a line SEQUENCE never
falls and DTSTAMP grows by a second at least, whatever the clock does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from attendees.itip.compose import Method

_SECOND = timedelta(seconds=1)
_NOON, _EVENING = 12, 18


@dataclass(frozen=True, slots=True)
class Times:
    """What raises SEQUENCE when it changes: the moments that stand in a delegate's calendar."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """The last message of a line: what the delegate's calendar knows."""

    method: Method
    sequence: int
    stamped_at: datetime
    times: Times


def stamp(last: datetime | None, now: datetime) -> datetime:
    """The DTSTAMP of the next message: now in whole seconds of UTC, or a second after the last one if later."""
    whole = now.astimezone(UTC).replace(microsecond=0)
    return whole if last is None else max(whole, last + _SECOND)


def request(told: Told | None, times: Times, *, current: int, now: datetime) -> Told:
    """The next REQUEST: `current` for somebody new, one more when times changed or after a CANCEL, else the same."""
    if told is None:
        return Told(Method.REQUEST, current, stamp(None, now), times)
    sequence = told.sequence
    if told.method is Method.CANCEL:
        sequence = max(told.sequence + 1, current)
    elif told.times != times:
        sequence += 1
    return Told(Method.REQUEST, sequence, stamp(told.stamped_at, now), times)


def cancel(told: Told, *, now: datetime) -> Told:
    """The CANCEL that takes back the last REQUEST. Raises ValueError where nothing stands in the calendar."""
    if told.method is Method.CANCEL:
        raise ValueError("Nothing stands in this calendar to be cancelled.")
    return Told(Method.CANCEL, told.sequence + 1, stamp(told.stamped_at, now), told.times)


def current(lines: Iterable[Told]) -> int:
    """The SEQUENCE for a late addition: that of the delegates who were never withdrawn in between."""
    return min((told.sequence for told in lines if told.method is Method.REQUEST), default=0)


def keeps_answers(before: Times, after: Times, *, zone: ZoneInfo, tolerance_minutes: int) -> bool:
    """Whether answers given for `before` still count: same times, or a small shift within one half-day.

    A tolerance of 0 lets no change of time keep an answer.
    """
    tolerance = timedelta(minutes=tolerance_minutes)
    is_small = all(
        abs(new - old) <= tolerance
        for old, new in ((before.starts_at, after.starts_at), (before.ends_at, after.ends_at))
    )
    return is_small and _half_day(before.starts_at, zone) == _half_day(after.starts_at, zone)


def _half_day(moment: datetime, zone: ZoneInfo) -> tuple[int, int, int]:
    local = moment.astimezone(zone)
    return local.toordinal(), local.hour >= _NOON, local.hour >= _EVENING
