"""Local times and the one VTIMEZONE that every calendar program reads the same way."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from attendees.itip.text import block, line

_YEAR = timedelta(days=366)
_STEP = timedelta(days=14)


def utc(moment: datetime) -> str:
    """A DATE-TIME in UTC, e.g. 20261105T010000Z."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def is_steady(zone: ZoneInfo, around: datetime) -> bool:
    """Whether the zone keeps one offset from a year before to a year after that moment, give or take a month."""
    return _is_steady(zone, around.year, around.month)


@lru_cache(maxsize=4096)  # by month: a feed of a thousand events asks for a dozen of them
def _is_steady(zone: ZoneInfo, year: int, month: int) -> bool:
    around = datetime(year, month, 15, tzinfo=UTC)
    steps = range(-_YEAR // _STEP - 2, _YEAR // _STEP + 3)
    return len({(around + _STEP * step).astimezone(zone).utcoffset() for step in steps}) == 1


def moment(name: str, at: datetime, zone: ZoneInfo) -> str:
    """A DTSTART or DTEND line: local with TZID where the zone is steady, else in UTC."""
    if not is_steady(zone, at):
        return line(name, utc(at))
    return line(name, at.astimezone(zone).strftime("%Y%m%dT%H%M%S"), {"TZID": zone.key})


@lru_cache(maxsize=1024)
def definition(zone: ZoneInfo, around: datetime) -> str:
    """The VTIMEZONE of a steady zone as a single STANDARD block; "" for a zone with summer time.

    A second block for some bygone offset makes Outlook guess between the two, so the history is left out;
    a zone with summer time needs none because its moments are written in UTC.
    """
    if not is_steady(zone, around):
        return ""
    offset = _offset(around.astimezone(zone).utcoffset() or timedelta())
    standard = [
        line("DTSTART", "19700101T000000"),
        line("TZOFFSETFROM", offset),
        line("TZOFFSETTO", offset),
        line("TZNAME", offset[:3] if offset.endswith("00") else offset),
    ]
    return block("VTIMEZONE", [line("TZID", zone.key), block("STANDARD", standard)])


def _offset(difference: timedelta) -> str:
    minutes = difference // timedelta(minutes=1)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
