"""When the items of an agenda come up, and what part of a session concerns somebody invited for some of them. Pure."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import accumulate

from attendees.itip.sequence import Times


def items(whole: Times, minutes: Sequence[int]) -> list[Times]:
    """The time of each item, one after the other from the session's beginning, none past its end."""
    ends = [min(whole.starts_at + timedelta(minutes=sum_), whole.ends_at) for sum_ in accumulate(minutes)]
    return [Times(start, end) for start, end in zip([whole.starts_at, *ends], ends, strict=False)]


def part(whole: Times, minutes: Sequence[int], chosen: Collection[int]) -> Times:
    """From the first chosen item's beginning to the last one's end; the whole session when none is chosen.

    `chosen` counts items from 0. An item that the session has no time left for gets the whole session.
    """
    times = [time for index, time in enumerate(items(whole, minutes)) if index in chosen]
    if not times or times[-1].ends_at <= times[0].starts_at:
        return whole
    return Times(times[0].starts_at, times[-1].ends_at)
