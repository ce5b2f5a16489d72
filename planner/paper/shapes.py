"""The sizes of badges and where each text stands on them. Lengths in mm, letters in points."""

from dataclasses import dataclass
from enum import StrEnum

from planner.paper.fit import Box

POINTS_PER_MM = 72 / 25.4
QR_SIDE = 30.0  # with its quiet zone: 33 modules of 0.91 mm


class Format(StrEnum):
    A6 = "a6"
    A7 = "a7"
    CARD_54X90 = "54x90"
    CR80 = "cr80"


@dataclass(frozen=True, slots=True)
class Shape:
    """One size of badge. `band` is the head with the title, `strip` the category; the code stands between.

    `least` is the smallest name that reads at arm's length. `columns`, `rows` and `gap` lay it out on A4.
    """

    width: float
    height: float
    band: float
    strip: float
    pad: float
    name: float
    least: float
    text: float
    title: float
    small: float
    code: float
    figure: float
    columns: int
    rows: int
    gap: float
    is_turned: bool = False
    is_card: bool = False

    def code_height(self) -> float:
        """The QR and the typed code below it."""
        return QR_SIDE + self.code * 1.3 / POINTS_PER_MM

    def person_room(self) -> tuple[float, float]:
        """Width and height left for name, post and unit."""
        if self.is_card:
            return self.width - QR_SIDE - self.pad - 2.5, self.height - self.band - self.strip - 1.2
        below = self.code_height() + self.strip + self.height * 0.02
        return self.width - 2 * self.pad, self.height - self.band - below - 1.5

    def figure_width(self) -> float:
        """What the running number and the seat have beside the QR."""
        return (self.width - QR_SIDE) / 2 - 2.5

    def boxes(self) -> dict[str, Box]:
        """Where each text must fit, by name of field."""
        inner = self.width - 2 * self.pad
        width, height = self.person_room()
        small, figure = self.small * 1.45 / POINTS_PER_MM, self.figure * 1.2 / POINTS_PER_MM
        return {
            "issuer": _box(inner, small, self.small, self.small * 0.7),
            "title": _box(inner, self.band * 0.86 - 2.3 * small, self.title, self.title * 0.5),
            "dates": _box(inner, small, self.small, self.small * 0.65),
            "name": _box(width, height * 0.48, self.name, self.least),
            "post": _box(width, height * 0.26, self.text, self.text * 0.6),
            "unit": _box(width, height * 0.19, self.text, self.text * 0.6),
            "category": _box(
                inner - (33 if self.is_card else 0), self.strip, self.strip * 1.3, self.strip * 0.6
            ),
            "number": _box(self.figure_width(), figure, self.figure, self.small),
            "seat": _box(self.figure_width(), figure, self.figure, self.small),
        }


SHAPES: dict[Format, Shape] = {
    Format.A6: Shape(
        width=105, height=148, band=41, strip=12, pad=8, name=30, least=16, text=13.5, title=17, small=9.5,
        code=13, figure=24, columns=2, rows=2, gap=0,
    ),
    Format.A7: Shape(
        width=74, height=105, band=26, strip=8.5, pad=5, name=20, least=11, text=9.5, title=12, small=7,
        code=11, figure=16, columns=4, rows=2, gap=0, is_turned=True,
    ),
    Format.CARD_54X90: Shape(
        width=54, height=90, band=19, strip=7, pad=3, name=16, least=9, text=8, title=9, small=5.8,
        code=9.5, figure=10, columns=5, rows=2, gap=3, is_turned=True,
    ),
    Format.CR80: Shape(
        width=85.6, height=54, band=12.5, strip=6.5, pad=3.5, name=16, least=9, text=8.2, title=9, small=5.6,
        code=9.5, figure=9, columns=2, rows=5, gap=4, is_card=True,
    ),
}  # fmt: skip


def _box(width: float, height: float, size: float, least: float) -> Box:
    return Box(width * POINTS_PER_MM, height * POINTS_PER_MM, size, least)
