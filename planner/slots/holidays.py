"""The days off an office begins with: public holidays, days in lieu and swaps known so far.

From the `holidays` package, whose lunar days follow the Vietnamese calendar. Swap days are
announced each year, so this is a proposal: the office's own table has the last word.
"""

from datetime import date
from typing import Literal, NamedTuple

_OFFICIAL_NAMES = {"Ngày Chiến thắng": "Ngày Giải phóng miền Nam, thống nhất đất nước"}
_IN_EXCHANGE = "Làm việc bù"


class ProposedDay(NamedTuple):
    """A row for the table: `off` for a day off, `worked` for a weekend day worked in exchange."""

    on: date
    name: str
    kind: Literal["off", "worked"]


def proposed(year: int) -> list[ProposedDay]:
    """The year's days off and swapped working days, in order."""
    from holidays import country_holidays  # loads two hundred countries: 0.7 s no start should pay

    calendar = country_holidays("VN", years=year, language="vi")
    rows = [ProposedDay(day, _official(name), "off") for day, name in calendar.items()]
    rows += [
        ProposedDay(day, _IN_EXCHANGE, "worked") for day in calendar.weekend_workdays if day.year == year
    ]
    return sorted(rows)


def proposed_from(year: int, years: int = 5) -> list[ProposedDay]:
    """The same for several years from `year` on."""
    return [row for each in range(year, year + years) for row in proposed(each)]


def _official(name: str) -> str:
    for short, official in _OFFICIAL_NAMES.items():
        name = name.replace(short, official)
    return name
