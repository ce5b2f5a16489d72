"""Times and dates in the words of an office, and read back as people type them."""

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.vietnamese import (
    HalfDay,
    PartialDate,
    Unreadable,
    date_short,
    date_words,
    full_date_words,
    half_day_of,
    nearest_date,
    parse_date,
    parse_partial_date,
    parse_time,
    parse_times,
    parse_weekday,
    time_short,
    time_words,
    weekday_words,
)

minutes_of_a_day = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_only_early_days_and_the_first_two_months_take_a_zero(day: date, words: str):
    assert date_words(day) == words
    assert parse_date(words) == day


def test_a_day_is_told_with_its_weekday():
    assert full_date_words(date(2026, 11, 23)) == "Thứ Hai, ngày 23 tháng 11 năm 2026"
    assert weekday_words(date(2026, 11, 29)) == "Chủ nhật"
    assert date_short(date(2026, 2, 5)) == "05/02/2026"


def test_an_hour_is_told_with_minutes_only_when_it_has_some():
    assert [time_words(at) for at in (time(7, 30), time(8), time(7, 5))] == ["7 giờ 30", "8 giờ", "7 giờ 05"]
    assert [time_short(at) for at in (time(7, 30), time(8))] == ["7h30", "8h"]


@pytest.mark.parametrize(
    ("starts", "ends", "half_day"),
    [
        (time(7, 30), time(11), HalfDay.MORNING),
        (time(7, 30), None, HalfDay.MORNING),
        (time(12), None, HalfDay.AFTERNOON),
        (time(13, 30), time(17), HalfDay.AFTERNOON),
        (time(18), None, HalfDay.EVENING),
        (time(8), time(17), HalfDay.ALL_DAY),
        (time(11), time(17), HalfDay.MORNING),
    ],
)
def test_a_session_belongs_to_a_half_day(starts: time, ends: time | None, half_day: HalfDay):
    assert half_day_of(starts, ends) is half_day


def test_half_days_have_the_names_of_the_week_page():
    assert [half_day.words for half_day in HalfDay] == ["Sáng", "Chiều", "Tối", "Cả ngày"]


@pytest.mark.parametrize(
    "text",
    [
        "7h30", "7H30", "7 giờ 30", "7 giờ 30 phút", "07:30", "7:30", "07:30:00", "7.30", "7g30", "7h30'",
        "7 giờ rưỡi", "7h30 sáng", "lúc 7h30", " 7h 30 ", "7:30 AM", unicodedata.normalize("NFD", "7 giờ 30 phút"),
    ],
)  # fmt: skip
def test_half_past_seven_is_read_however_it_is_typed(text: str):
    assert parse_time(text) == time(7, 30)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("8h", time(8)),
        ("8", time(8)),
        ("13.30", time(13, 30)),
        ("14 giờ", time(14)),
        ("2 giờ chiều", time(14)),
        ("1:30 PM", time(13, 30)),
        ("12:15 am", time(0, 15)),
        ("12 giờ trưa", time(12)),
        ("11h30 trưa", time(11, 30)),
        ("7h tối", time(19)),
        ("19h tối", time(19)),
        ("0h", time(0)),
    ],
)
def test_other_hours_are_read(text: str, meant: time):
    assert parse_time(text) == meant


@given(minutes_of_a_day)
def test_what_we_write_we_can_read(at: time):
    assert parse_time(time_words(at)) == at
    assert parse_time(time_short(at)) == at
    assert parse_time(at.strftime("%H:%M")) == at


@pytest.mark.parametrize("text", ["", "24h", "7h60", "25:00", "sáng", "7h30h", "-7h", "123", "7 rưỡi giờ"])
def test_what_is_no_time_is_refused_with_a_way_out(text: str):
    with pytest.raises(Unreadable) as refusal:
        parse_time(text)

    assert "7 giờ 30" in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["8h-11h30", "từ 8h đến 11h30", "8h00 – 11h30", "8 giờ - 11 giờ 30 phút", "8:00->11.30"]
)
def test_a_beginning_and_an_end_are_read_together(text: str):
    assert parse_times(text) == (time(8), time(11, 30))


def test_a_beginning_alone_has_no_end():
    assert parse_times("13h30") == (time(13, 30), None)


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(Unreadable):
        parse_times("11h - 8h")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("05/2/1971", PartialDate(1971, 2, 5)),
        ("6.4.1959", PartialDate(1959, 4, 6)),
        ("19-04-1964", PartialDate(1964, 4, 19)),
        ("1971-02-05", PartialDate(1971, 2, 5)),
        ("1971-02-05 00:00:00", PartialDate(1971, 2, 5)),
        ("ngày 05 tháng 02 năm 2026", PartialDate(2026, 2, 5)),
        ("Thứ Hai, ngày 12/5/2025", PartialDate(2025, 5, 12)),
        ("CN, 20/7", PartialDate(None, 7, 20)),
        ("14/7", PartialDate(None, 7, 14)),
        ("2/1971", PartialDate(1971, 2)),
        ("1971", PartialDate(1971)),
    ],
)
def test_a_date_says_as_much_as_was_written(text: str, meant: PartialDate):
    assert parse_partial_date(text) == meant


@pytest.mark.parametrize("text", ["31/2/1971", "5/2/71", "13/13/2026", "0/1/2026", "không rõ", ""])
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(Unreadable):
        parse_partial_date(text)


def test_a_day_without_year_takes_the_nearest_one():
    assert parse_date("14/7", near=date(2026, 8, 1)) == date(2026, 7, 14)
    assert parse_date("2/1", near=date(2026, 12, 20)) == date(2027, 1, 2)
    with pytest.raises(Unreadable):
        parse_date("14/7")
    with pytest.raises(Unreadable):
        parse_date("1971", near=date(2026, 1, 1))


def test_the_weekday_gives_the_year():
    assert nearest_date(14, 7, near=date(2026, 6, 1), weekday=parse_weekday("Hai")) == date(2025, 7, 14)
    with pytest.raises(Unreadable):
        nearest_date(30, 2, near=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("Hai", 0),
        ("Thứ Ba", 1),
        ("T4", 2),
        ("thứ 5", 3),
        ("Sáu", 4),
        ("Bảy", 5),
        ("CN", 6),
        ("Chủ Nhật", 6),
        ("tư", 2),
    ],
)
def test_weekdays_are_read(text: str, weekday: int):
    assert parse_weekday(text) == weekday
