"""Geometry of the small charts: plain numbers in, SVG attributes out (the CSP refuses style attributes)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from planner.templatetags.signs import Sign


class Arc(NamedTuple):
    """A piece of a ring whose whole length is 100, beginning `offset` after twelve o'clock."""

    tone: str
    length: str
    offset: str


class Bar(NamedTuple):
    """A row or column of a chart 100 units long."""

    label: str
    number: int
    length: str
    at: int


def share(part: int, whole: int) -> str:
    """`part` of `whole` in hundredths, with a point whatever the language."""
    return f"{100 * part / whole:.2f}" if whole else "0"


def arcs(parts: Sequence[tuple[Sign, int]], total: int) -> list[Arc]:
    """The pieces of a ring, in order."""
    pieces, before = [], 0
    for sign, number in parts:
        if number:
            pieces.append(Arc(sign.tone, share(number, total), f"-{share(before, total)}"))
        before += number
    return pieces


def bars(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    """Rows with lengths against the longest."""
    longest = max((number for _, number in rows), default=0)
    return [Bar(label, number, share(number, longest), at) for at, (label, number) in enumerate(rows)]


def columns(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    """Columns 10 units apart; `length` is the height in hundredths of the highest."""
    return [bar._replace(at=10 * bar.at) for bar in bars(rows)]


def span_classes(starts_at: datetime, ends_at: datetime, from_hour: int, minutes: int, columns: int) -> str:
    """Grid classes for local times on a lane of `columns` steps of `minutes` from `from_hour`; rounded outwards."""
    opens = starts_at.replace(hour=from_hour, minute=0, second=0, microsecond=0)
    step = minutes * 60
    first = int((starts_at - opens).total_seconds() // step)
    last = int(-((opens - ends_at).total_seconds() // step))
    first = min(max(first, 0), columns - 1)
    last = min(max(last, first + 1), columns)
    return f"at-{first + 1} for-{last - first}"
