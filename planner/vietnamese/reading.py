"""Times, dates and weekdays as people type them: 7h30, 7 giờ 30 phút, 05/2/1971, T2, 14/7."""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from django.utils.translation import gettext as _

from planner.vietnamese.names import fold, normalise_name

_PARTS_OF_DAY = {"sang": 0, "am": 0, "trua": 12, "chieu": 12, "toi": 12, "pm": 12}
_HOUR = re.compile(
    r"(?:luc |tu )?(?P<h>\d{1,2})"
    r"(?: ?(?::|h|g|gio|\.) ?(?:(?P<m>\d{1,2})(?::(?P<s>\d{2})(?:\.\d+)?)? ?(?:p|ph|phut|')?|(?P<half>ruoi))?)?"
    r" ?(?P<part>sang|trua|chieu|toi|am|pm)?"
)
_RANGE = re.compile(r"(?<=\S) ?(?:->|-|–|—|den|toi) ?(?=\d)")
_WEEKDAY = re.compile(r"^(?:(?:thu|t)?\.? ?(?:[2-7]|hai|ba|tu|nam|sau|bay)|chu nhat|cn) ?[,:] ?")
_WORDED = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2})(?: nam ([12]\d{3}))?")
_DAY = re.compile(r"(?:ngay )?(\d{1,2})[/.\-](\d{1,2})(?:[/.\-]([12]\d{3}))?")
_ISO = re.compile(r"([12]\d{3})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})[/.\-]([12]\d{3})")
_YEAR = re.compile(r"(?:nam )?([12]\d{3})")
_WEEKDAYS = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3,
    "sau": 4, "6": 4, "bay": 5, "7": 5, "chu nhat": 6, "cn": 6,
}  # fmt: skip


class Unreadable(ValueError):
    """What was typed is no time or date; the message says how to write one."""

    code = "unreadable"


class PartialDate(NamedTuple):
    """As much of a date as was written: a year, a month of a year, a day, or a day without year."""

    year: int | None
    month: int | None = None
    day: int | None = None

    @property
    def full(self) -> date | None:
        """The date when all of it is known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def parse_time(text: str) -> time:
    """The time meant by `7h30`, `7 giờ 30 phút`, `07:30`, `13.30`, `8h`, `2 giờ chiều`, `1:30 PM`.

    Raises Unreadable for anything else, 24 hours and more included.
    """
    match = _HOUR.fullmatch(_plain(text))
    if not match:
        raise _no_time(text)
    hour = _hour_in(int(match["h"]), match["part"])
    minute = 30 if match["half"] else int(match["m"] or 0)
    if hour > 23 or minute > 59:
        raise _no_time(text)
    return time(hour, minute)


def parse_times(text: str) -> tuple[time, time | None]:
    """A beginning and, when written (`8h-11h30`, `từ 8h đến 11h`), an end later than it."""
    parts = _RANGE.split(_plain(text), maxsplit=1)
    try:
        begin, *rest = map(parse_time, parts)
    except Unreadable:
        raise _no_time(text) from None
    end = rest[0] if rest else None
    if end is not None and end <= begin:
        raise Unreadable(_("“%(text)s” ends before it begins.") % {"text": text.strip()})
    return begin, end


def _plain(text: str) -> str:
    """Lower case without marks; signs stay, since they part hours from minutes."""
    return " ".join("".join(fold(c) or c for c in normalise_name(text).lower()).split())


def _hour_in(hour: int, part: str | None) -> int:
    """The hour on a 24-hour clock: 2 chiều → 14, 12 am → 0; an hour past 12 says it by itself."""
    if part is None or hour > 12:
        return hour
    if part in ("am", "pm"):
        return hour % 12 + _PARTS_OF_DAY[part]
    if part == "trua":
        return hour if hour >= 10 else hour + 12
    return hour + _PARTS_OF_DAY[part] if hour < 12 else hour


def parse_partial_date(text: str) -> PartialDate:
    """What a cell says of a date: `05/2/1971`, `1971`, `2/1971`, `14/7`, ISO, or in words.

    A weekday before it (“Thứ Hai, ngày 12/5/2025”) is passed over. The day comes before the month.
    Raises Unreadable for days that do not exist and years of two digits.
    """
    found = _matched(_WEEKDAY.sub("", _plain(text)))
    if found is None:
        raise _no_date(text)
    try:
        date(
            *(known if known is not None else least for known, least in zip(found, (2000, 1, 1), strict=True))
        )
    except ValueError:
        raise Unreadable(_("“%(text)s” is a day that does not exist.") % {"text": text.strip()}) from None
    return found


def _matched(plain: str) -> PartialDate | None:
    if iso := _ISO.fullmatch(plain):
        return PartialDate(int(iso[1]), int(iso[2]), int(iso[3]))
    if month := _MONTH.fullmatch(plain):
        return PartialDate(int(month[2]), int(month[1]))
    if year := _YEAR.fullmatch(plain):
        return PartialDate(int(year[1]))
    if day := _DAY.fullmatch(plain) or _WORDED.fullmatch(plain):
        return PartialDate(int(day[3]) if day[3] else None, int(day[2]), int(day[1]))
    return None


def parse_date(text: str, *, near: date | None = None) -> date:
    """A whole date; `14/7` takes the year that brings it nearest to `near`.

    Raises Unreadable, also for a year alone or a day without year when `near` is not given.
    """
    found = parse_partial_date(text)
    if found.full:
        return found.full
    if near is None or found.month is None or found.day is None:
        raise _no_date(text)
    return nearest_date(found.day, found.month, near=near)


def nearest_date(day: int, month: int, *, near: date, weekday: int | None = None) -> date:
    """The date of a day and month closest to `near`, on the weekday (0 = Monday) when one is given.

    “Hai, 14/7” seen in 2026 is 14/7/2025: the year comes from the weekday. Raises Unreadable when
    no year within six of `near` fits.
    """
    fitting: list[date] = []
    for year in range(near.year - 6, near.year + 7):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if weekday is None or candidate.weekday() == weekday:
            fitting.append(candidate)
    if not fitting:
        raise Unreadable(_("%(day)s/%(month)s does not fall on that weekday.") % {"day": day, "month": month})
    return min(fitting, key=lambda candidate: abs(candidate - near))


def parse_weekday(text: str) -> int:
    """The weekday (0 = Monday) meant by `Thứ Hai`, `Hai`, `Thứ 2`, `T2`, `CN`, `Chủ nhật`."""
    plain = re.sub(r"^(?:thu|t(?=\d))\s*", "", fold(text))
    if plain not in _WEEKDAYS:
        raise Unreadable(_("“%(text)s” is no weekday. Write Thứ Hai, T2 or CN.") % {"text": text.strip()})
    return _WEEKDAYS[plain]


def _no_time(text: str) -> Unreadable:
    return Unreadable(
        _("“%(text)s” is no time of day. Write it like 7h30, 7 giờ 30 or 07:30.") % {"text": text.strip()}
    )


def _no_date(text: str) -> Unreadable:
    return Unreadable(
        _("“%(text)s” is no date. Write day, month and year, like 05/02/1971.") % {"text": text.strip()}
    )
