"""Dates, hours and half-days in an office's words."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
"""Monday first, as `date.weekday()` counts."""

_NOON, _DUSK = time(12), time(18)


class HalfDay(StrEnum):
    """The unit of planning (buổi); a session that begins at 12:00 belongs to the afternoon."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ALL_DAY = "all_day"

    @property
    def words(self) -> str:
        """Sáng, Chiều, Tối, Cả ngày."""
        return _HALF_DAYS[self]


_HALF_DAYS = {
    HalfDay.MORNING: "Sáng",
    HalfDay.AFTERNOON: "Chiều",
    HalfDay.EVENING: "Tối",
    HalfDay.ALL_DAY: "Cả ngày",
}


def half_day_of(starts: time, ends: time | None = None) -> HalfDay:
    """The half-day something belongs to; from before 11:00 past 15:00 it takes the whole day."""
    if ends is not None and starts < time(11) and ends >= time(15):
        return HalfDay.ALL_DAY
    if starts < _NOON:
        return HalfDay.MORNING
    return HalfDay.AFTERNOON if starts < _DUSK else HalfDay.EVENING


def weekday_words(day: date) -> str:
    """“Thứ Hai” … “Chủ nhật”."""
    return WEEKDAYS[day.weekday()]


def date_words(day: date) -> str:
    """“ngày 05 tháng 02 năm 2026”: days below 10 and months 1 and 2 take a zero, no other.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I; Party papers follow it.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def full_date_words(day: date) -> str:
    """“Thứ Hai, ngày 23 tháng 11 năm 2026”."""
    return f"{weekday_words(day)}, {date_words(day)}"


def date_short(day: date) -> str:
    """“05/02/2026”."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def time_words(at: time) -> str:
    """“7 giờ 30”, “8 giờ”."""
    return f"{at.hour} giờ {at.minute:02d}" if at.minute else f"{at.hour} giờ"


def time_short(at: time) -> str:
    """“7h30”, “8h”."""
    return f"{at.hour}h{at.minute:02d}" if at.minute else f"{at.hour}h"
