"""The Vietnamese lunar calendar (UTC+7): what stands beside each day of a week."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from vnlunar.core import get_lunar_date, get_solar_date

_STEMS = ("Canh", "Tân", "Nhâm", "Quý", "Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ")
_BRANCHES = (
    "Thân", "Dậu", "Tuất", "Hợi", "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi",
)  # fmt: skip
_MONTHS = (
    "Giêng", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Chạp",
)  # fmt: skip


class LunarDate(NamedTuple):
    """A day of the lunar calendar; `leap` marks the second month of the same number."""

    day: int
    month: int
    year: int
    leap: bool = False


@lru_cache(maxsize=4096)
def lunar_date(day: date) -> LunarDate:
    """The lunar date of a day, 1800 to 2199 from Hồ Ngọc Đức's tables, beyond by astronomy."""
    found = get_lunar_date(day.day, day.month, day.year)
    return LunarDate(found["day"], found["month"], found["year"], bool(found["leap"]))


def solar_date(lunar: LunarDate) -> date | None:
    """The day of a lunar date; None when that month or day does not exist."""
    found = get_solar_date(lunar.day, lunar.month, lunar.year, int(lunar.leap))
    return date(found["year"], found["month"], found["day"]) if found else None


def lunar_short(day: date) -> str:
    """“5/10”, with the leap month marked: “5/6 nhuận”."""
    lunar = lunar_date(day)
    return f"{lunar.day}/{lunar.month}" + (" nhuận" if lunar.leap else "")


def lunar_words(day: date) -> str:
    """“mùng 1 tháng Giêng năm Bính Ngọ”, “ngày 15 tháng Sáu nhuận năm Ất Tỵ”."""
    lunar = lunar_date(day)
    lead = "mùng" if lunar.day <= 10 else "ngày"
    leap = " nhuận" if lunar.leap else ""
    month = f"tháng {_MONTHS[lunar.month - 1]}{leap}"
    return f"{lead} {lunar.day} {month} năm {lunar_year_name(lunar.year)}"


def lunar_year_name(year: int) -> str:
    """The name of a lunar year by stem and branch: 2026 → “Bính Ngọ”."""
    return f"{_STEMS[year % 10]} {_BRANCHES[year % 12]}"
