"""How long a room is taken: a session's own time with set-up and tear-down, once for a whole chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from planner.spans import Span

HANDED_ON_WITHIN = timedelta(hours=4)
"""A chain keeps its hall over a pause up to this; after a longer one it sets up again."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A session's own time in a room, the layout it wants, and the minutes that layout takes."""

    span: Span
    layout: str
    setup_minutes: int
    teardown_minutes: int

    @property
    def alone(self) -> Span:
        """The time taken by this session with nothing before or after."""
        return self.span.widened(self.setup_minutes, self.teardown_minutes)


def occupied(stays: Sequence[Stay]) -> list[Span]:
    """The time each session of one chain takes one room, in the order given.

    Set-up counts once before the first and tear-down once after the last; in between the hall is
    handed on without a gap, and only a change of layout adds the next one's set-up. Spans overlap
    when the change finds no time: the room then refuses the second.
    """
    order = sorted(range(len(stays)), key=lambda i: stays[i].span)
    taken = {i: stays[i].alone for i in order}
    for first, second in zip(order, order[1:], strict=False):
        if stays[second].span.starts_at - stays[first].span.ends_at > HANDED_ON_WITHIN:
            continue
        change = 0 if stays[first].layout == stays[second].layout else stays[second].setup_minutes
        handed_on_at = stays[second].span.starts_at - timedelta(minutes=change)
        taken[second] = Span(handed_on_at, taken[second].ends_at)
        taken[first] = Span(taken[first].starts_at, max(handed_on_at, stays[first].span.ends_at))
    return [taken[i] for i in range(len(stays))]
