"""Half-open stretches of time [starts_at, ends_at): the one arithmetic all calendars here share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time that holds its start and not its end.

    Both ends aware, or both naive (wall-clock arithmetic), never mixed. Raises ValueError when
    it would be empty or run backwards: an empty span overlaps nothing and hides mistakes.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if not self.starts_at < self.ends_at:
            raise ValueError(f"A span must end after it starts: {self.starts_at} – {self.ends_at}")

    @classmethod
    def lasting(cls, starts_at: datetime, minutes: float) -> Span:
        """The span of so many minutes from a start."""
        return cls(starts_at, starts_at + timedelta(minutes=minutes))

    @property
    def duration(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    @property
    def minutes(self) -> float:
        """How long it lasts, in minutes."""
        return self.duration.total_seconds() / 60

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a moment; touching ends do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def touches(self, other: Span) -> bool:
        """Whether the two overlap or follow each other without a gap."""
        return self.starts_at <= other.ends_at and other.starts_at <= self.ends_at

    def contains(self, other: Span) -> bool:
        """Whether the other lies wholly inside this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies inside: the start does, the end does not."""
        return self.starts_at <= moment < self.ends_at

    def intersection(self, other: Span) -> Span | None:
        """The stretch both share, or None."""
        if not self.overlaps(other):
            return None
        return Span(max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at))

    def widened(self, before: float = 0, after: float = 0) -> Span:
        """This span with so many minutes added at each end: set-up before, tear-down after."""
        return Span(self.starts_at - timedelta(minutes=before), self.ends_at + timedelta(minutes=after))

    def moved(self, by: timedelta) -> Span:
        """The same length, so much later (or earlier)."""
        return Span(self.starts_at + by, self.ends_at + by)

    def starting(self, starts_at: datetime) -> Span:
        """The same length from another start."""
        return Span(starts_at, starts_at + self.duration)

    def without(self, others: Iterable[Span]) -> list[Span]:
        """What is left of this span when the others are taken out, in order."""
        return gaps(others, within=self)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same moments as fewest spans, in order; touching ones join. O(n log n)."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.starts_at <= result[-1].ends_at:
            if span.ends_at > result[-1].ends_at:
                result[-1] = Span(result[-1].starts_at, span.ends_at)
        else:
            result.append(span)
    return result


def gaps(spans: Iterable[Span], *, within: Span) -> list[Span]:
    """The free stretches of `within` that no span covers, in order."""
    free: list[Span] = []
    at = within.starts_at
    for span in merged(span for span in spans if span.overlaps(within)):
        if span.starts_at > at:
            free.append(Span(at, span.starts_at))
        at = max(at, span.ends_at)
    if at < within.ends_at:
        free.append(Span(at, within.ends_at))
    return free


def intersections(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The moments covered by both collections, as fewest spans in order."""
    ours, theirs = merged(left), merged(right)
    result: list[Span] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if shared := ours[i].intersection(theirs[j]):
            result.append(shared)
        if ours[i].ends_at <= theirs[j].ends_at:
            i += 1
        else:
            j += 1
    return result


def envelope(spans: Iterable[Span]) -> Span | None:
    """The smallest single span that contains them all; None for none."""
    known = list(spans)
    if not known:
        return None
    return Span(min(s.starts_at for s in known), max(s.ends_at for s in known))


def overlapping_pairs(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Index pairs (i, j) of spans that overlap, earlier start first; O(n log n + pairs)."""
    indexed = sorted(enumerate(spans), key=lambda item: (item[1], item[0]))
    running: list[tuple[int, Span]] = []
    for index, span in indexed:
        running = [(i, other) for i, other in running if other.ends_at > span.starts_at]
        for i, _other in running:
            yield i, index
        running.append((index, span))
