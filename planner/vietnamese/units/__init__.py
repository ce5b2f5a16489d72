"""The administrative units of Viet Nam: those since 1 July 2025, and those before with their successors.

Copied by `refresh.py`, never typed; `SOURCE.txt` says from where, `LICENSE` under which terms.
"""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

REFORM = date(2025, 7, 1)
"""The day the two-tier order began: units before it end, units of it start (half-open)."""

_HERE = Path(__file__).parent


class AdminUnit(NamedTuple):
    """A unit that stands. `kind`: province, commune, ward, special_zone; `parent` is a province's code.

    Codes are the official ones: two digits for a province, five for the rest.
    """

    code: str
    name: str
    kind: str
    parent: str


class FormerUnit(NamedTuple):
    """A unit before the reform. `kind`: province, district, commune, ward, township.

    `successors` are codes of units that stand: one, several for a divided commune, none for a
    district (but one for the five island districts that had no communes). Codes are used again:
    most units that stand carry the code of one of those merged into them.
    """

    code: str
    name: str
    kind: str
    parent: str
    successors: tuple[str, ...]


@cache
def standing() -> tuple[AdminUnit, ...]:
    """The 34 provinces, then the 3,321 communes, wards and special zones, by code."""
    return tuple(AdminUnit(*row) for row in _rows("units.csv"))


@cache
def former() -> tuple[FormerUnit, ...]:
    """The 63 provinces, 696 districts and 10,036 commune-level units before the reform, by code."""
    return tuple(
        FormerUnit(code, name, kind, parent, tuple(successors.split()))
        for code, name, kind, parent, successors in _rows("former_units.csv")
    )


def goes_on(unit: FormerUnit) -> bool:
    """Whether a unit before the reform still stands under its own code and name."""
    return unit.code in unit.successors and _names()[unit.code] == unit.name


@cache
def _names() -> dict[str, str]:
    return {unit.code: unit.name for unit in standing()}


def _rows(name: str) -> Iterator[list[str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows
