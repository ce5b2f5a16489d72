"""Badge sheets: plain rows in, a PDF and its warnings out."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from planner.paper import pdf, qr
from planner.paper.fit import Box, Face, Fitted, fit, undrawable
from planner.paper.shapes import POINTS_PER_MM, SHAPES, Format, Shape


class Hue(StrEnum):
    """Colour of a category's strip; in grey it is told by its word."""

    RED = "red"
    BLUE = "blue"
    GREEN = "green"
    GREY = "grey"
    VIOLET = "violet"
    AMBER = "amber"


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge as printed. `token` is 34 digits, `typed` the 8 digits below it."""

    token: str
    typed: str
    name: str
    category: str
    hue: Hue = Hue.RED
    post: str = ""
    unit: str = ""
    number: str = ""
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all badges of a sheet share. `title` is the public name: never that of a secret session.

    `backs` are the lines of the back; with any, each page of fronts is followed by its backs, mirrored so that
    they meet when the sheet is turned over its long edge.
    """

    issuer: str
    title: str
    dates: str
    place: str = ""
    format: Format = Format.A6
    one_per_page: bool = False
    backs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Warning:
    """Something to put right before printing: whose badge ("" is the sheet's head), which field, what."""

    badge: str
    field: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    pdf: bytes
    warnings: list[Warning]


# Face and letter-spacing of each field, as the form draws them.
_STYLES: dict[str, tuple[Face, float]] = {
    "issuer": (Face.SANS_BOLD, 0.06),
    "title": (Face.SERIF_BOLD, 0),
    "dates": (Face.SANS, 0),
    "name": (Face.SERIF_BOLD, 0),
    "post": (Face.SERIF, 0),
    "unit": (Face.SERIF_BOLD, 0),
    "category": (Face.SANS_BOLD, 0.05),
    "number": (Face.SERIF_BOLD, 0),
    "seat": (Face.SERIF_BOLD, 0),
}
_PART = 200  # badges laid out at a time: full sheets in every format, and 2,000 badges stay under 200 MB
_OF_THE_HEAD = ("issuer", "title", "dates")
_OF_A_BADGE = ("name", "post", "unit", "category", "number", "seat")


def render(
    sheet: Sheet, badges: Sequence[Badge], *, on_progress: Callable[[int], None] | None = None
) -> Printed:
    """A PDF of all badges in the given order. Words are those of the active language.

    `on_progress` hears how many are done, every 200 badges.
    """
    setter = _Setter(SHAPES[sheet.format])
    head = setter.set("", _OF_THE_HEAD, _head(sheet))
    head |= {"one_per_page": sheet.one_per_page, "backs": setter.backs(sheet.backs)}
    parts = []
    for start in range(0, len(badges), _PART):
        part = badges[start : start + _PART]
        rows = [setter.set(badge.name, _OF_A_BADGE, _body(badge)) | _code(badge) for badge in part]
        parts.append(pdf.render("badge", _filled(setter.shape, head, rows)))
        if on_progress:
            on_progress(start + len(part))
    return Printed(parts[0] if len(parts) == 1 else pdf.joined(parts), setter.warnings)


def check(sheet: Sheet, badges: Sequence[Badge]) -> list[Warning]:
    """The warnings that `render` would give, without rendering."""
    setter = _Setter(SHAPES[sheet.format])
    setter.set("", _OF_THE_HEAD, _head(sheet))
    for badge in badges:
        setter.set(badge.name, _OF_A_BADGE, _body(badge))
    return setter.warnings


class _Setter:
    """Sets texts into the boxes of a shape and collects what will not look right."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.boxes = shape.boxes()
        self.warnings: list[Warning] = []

    def set(self, badge: str, names: Sequence[str], texts: dict[str, str]) -> dict[str, Any]:
        return {name: self._set(badge, name, texts[name]) for name in names}

    def backs(self, lines: Sequence[str]) -> list[dict[str, Any]]:
        shape = self.shape
        width, height = shape.width - 2 * shape.pad, shape.height * 0.62 / max(1, len(lines))
        size = shape.text * 0.95
        box = Box(width * POINTS_PER_MM, height * POINTS_PER_MM, size, size * 0.6)
        return [_told(fit(_clean(line), Face.SERIF, box)) for line in lines]

    def _set(self, badge: str, name: str, text: str) -> dict[str, Any]:
        face, tracking = _STYLES[name]
        fitted = fit(text, face, self.boxes[name], tracking=tracking)
        if not fitted.is_legible:
            matter = _("Too long even in the smallest letters; shorten it.")
            self.warnings.append(Warning(badge, name, "overflow", matter))
        if chars := undrawable(text):
            matter = _("No bundled font can draw: %(chars)s") % {"chars": " ".join(chars)}
            self.warnings.append(Warning(badge, name, "missing_glyph", matter))
        return _told(fitted)


def _filled(shape: Shape, head: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "shape": asdict(shape) | {"code_height": shape.code_height(), "person": shape.person_room()},
        "sheet": head,
        "words": {"number": _("No."), "seat": _("Seat"), "badge": _("DELEGATE BADGE")},
        "badges": rows,
    }


def _told(fitted: Fitted) -> dict[str, Any]:
    return {"size": fitted.size, "lines": fitted.lines}


def _head(sheet: Sheet) -> dict[str, str]:
    dates = "  ·  ".join(part for part in (sheet.dates, sheet.place) if part)
    return {"issuer": _clean(sheet.issuer).upper(), "title": _clean(sheet.title), "dates": _clean(dates)}


def _body(badge: Badge) -> dict[str, str]:
    texts = {name: _clean(getattr(badge, name)) for name in _OF_A_BADGE}
    return texts | {"category": texts["category"].upper()}


def _code(badge: Badge) -> dict[str, str]:
    typed = f"{badge.typed[:4]} {badge.typed[4:]}"
    return {"qr": qr.svg(qr.digits_matrix(badge.token)), "typed": typed, "hue": badge.hue}


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
