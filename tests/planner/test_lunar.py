"""The lunar calendar of Viet Nam (UTC+7), not that of Beijing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.vietnamese import LunarDate, lunar_date, lunar_short, lunar_words, solar_date

NEW_YEARS = [
    "1985-01-21",  # a month before Beijing's
    "1999-02-16",
    "2000-02-05",
    "2007-02-17",  # a day before Beijing's
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-02",  # a day before Beijing's
    "2033-01-31",
]
LEAP_MONTHS = {2017: 6, 2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2033: 11, 2036: 6}


@pytest.mark.parametrize("text", NEW_YEARS)
def test_tet_falls_on_the_day_people_kept(text: str):
    day = date.fromisoformat(text)

    assert lunar_date(day) == LunarDate(1, 1, day.year)
    assert lunar_date(day - timedelta(days=1)).month == 12


@pytest.mark.parametrize(("year", "month"), LEAP_MONTHS.items())
def test_leap_months_stand_after_their_number(year: int, month: int):
    leap_months = {
        lunar.month
        for lunar in (lunar_date(date(year, 1, 1) + timedelta(days=i)) for i in range(420))
        if lunar.leap and lunar.year == year
    }

    assert leap_months == {month}


def test_gio_to_is_the_tenth_of_the_third_month():
    assert solar_date(LunarDate(10, 3, 2026)) == date(2026, 4, 26)
    assert solar_date(LunarDate(30, 2, 2026)) is None
    assert solar_date(LunarDate(1, 5, 2026, leap=True)) is None


@given(st.dates(date(1900, 2, 1), date(2199, 12, 1)))
def test_a_day_comes_back_from_its_lunar_date(day: date):
    assert solar_date(lunar_date(day)) == day


@given(st.dates(date(1900, 2, 1), date(2150, 1, 1)))
def test_the_next_day_is_the_next_number_or_a_first(day: date):
    today, tomorrow = lunar_date(day), lunar_date(day + timedelta(days=1))

    if tomorrow.day == 1:
        assert today.day in (29, 30)
    else:
        assert tomorrow == today._replace(day=today.day + 1)


def test_lunar_dates_read_as_people_say_them():
    assert lunar_short(date(2026, 11, 23)) == "15/10"
    assert lunar_short(date(2025, 8, 1)) == "8/6 nhuận"
    assert lunar_words(date(2026, 2, 17)) == "mùng 1 tháng Giêng năm Bính Ngọ"
    assert lunar_words(date(2026, 11, 23)) == "ngày 15 tháng Mười năm Bính Ngọ"
    assert lunar_words(date(2025, 8, 1)) == "mùng 8 tháng Sáu nhuận năm Ất Tỵ"
