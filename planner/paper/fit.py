"""Text fitted into boxes before anything is drawn: sizes, line breaks, and what will not fit.

Widths come from the bundled fonts' own tables (`fonts/advances.json`), so that thousands of names are fitted in
a fraction of a second and a warning needs no rendering. Lengths are points, sizes are points.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

# In ems: height of capitals, distance from a baseline to the capitals of the next line, room kept above and below
# a text for stacked marks (Ễ) and descenders.
CAP, LINE_GAP, RIM = 0.66, 0.52, 0.2
_KERNING = 1.01  # kerning may widen a line a little
_STEP = 0.96


class Face(StrEnum):
    SERIF = "Serif-Regular"
    SERIF_BOLD = "Serif-Bold"
    SANS = "Sans-Regular"
    SANS_BOLD = "Sans-Bold"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a text must fit, the size wished for, and the least that can still be read."""

    width: float
    height: float
    size: float
    least: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as it will stand. `is_legible` is False when it fits only below the least size."""

    size: float
    lines: tuple[str, ...]
    is_legible: bool


def fit(text: str, face: Face, box: Box, *, tracking: float = 0.0) -> Fitted:
    """`text` in the largest letters that fit `box`, in lines of even length; no word is broken, none leaves the box.

    `tracking` is the letter-spacing in ems.
    """
    words = text.split()
    if not words:
        return Fitted(box.size, (), True)
    widths = [width_of(word, face, tracking) for word in words]
    blank = width_of(" ", face, tracking)
    size = min(box.size, box.width / max(widths))
    while size * _height(_count(widths, blank, box.width / size)) > box.height:
        size *= _STEP
    limit = _even_limit(widths, blank, box.width / size)
    return Fitted(round(size, 2), _broken(words, widths, blank, limit), size >= box.least)


def undrawable(text: str) -> list[str]:
    """The characters of `text` that the bundled fonts cannot draw, once each, in order."""
    return [char for char in dict.fromkeys(text) if not char.isspace() and not _is_drawn(ord(char))]


def _height(lines: int) -> float:
    return lines * CAP + (lines - 1) * LINE_GAP + 2 * RIM


def _count(widths: list[float], blank: float, limit: float) -> int:
    """How many lines of at most `limit` ems the words make, filled greedily."""
    lines, used = 1, widths[0]
    for width in widths[1:]:
        if used + blank + width <= limit:
            used += blank + width
        else:
            lines, used = lines + 1, width
    return lines


def _even_limit(widths: list[float], blank: float, limit: float) -> float:
    """The narrowest limit that makes no more lines than `limit` does."""
    lines = _count(widths, blank, limit)
    if lines == 1:
        return limit
    narrow, wide = max(widths), limit
    for _ in range(8):
        middle = (narrow + wide) / 2
        if _count(widths, blank, middle) > lines:
            narrow = middle
        else:
            wide = middle
    return wide


def _broken(words: list[str], widths: list[float], blank: float, limit: float) -> tuple[str, ...]:
    lines, line, used = [], [words[0]], widths[0]
    for word, width in zip(words[1:], widths[1:], strict=True):
        if used + blank + width <= limit:
            line.append(word)
            used += blank + width
        else:
            lines.append(" ".join(line))
            line, used = [word], width
    return (*lines, " ".join(line))


@lru_cache(maxsize=20_000)
def width_of(text: str, face: Face, tracking: float) -> float:
    """The width of a text in ems; a character no font draws counts a whole em."""
    widths = _advances()[face]
    return (sum(widths.get(char, 1000) for char in text) / 1000 + tracking * len(text)) * _KERNING


@cache
def _advances() -> dict[str, dict[str, int]]:
    advances: dict[str, dict[str, int]] = json.loads((FONTS / "advances.json").read_text("utf-8"))
    return advances


def _is_drawn(code_point: int) -> bool:
    firsts, lasts = _coverage()
    place = bisect_right(firsts, code_point) - 1
    return place >= 0 and code_point <= lasts[place]


@cache
def _coverage() -> tuple[list[int], list[int]]:
    runs = json.loads((FONTS / "vendor.json").read_text("utf-8"))["coverage"]
    return [first for first, _ in runs], [last for _, last in runs]
