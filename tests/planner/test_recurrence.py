"""Standing rules: the days they fall on, what a day off does to them, what is next and what is late."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from planner.slots import rhythms
from planner.slots.recurrence import (
    Amendment,
    Fate,
    Occurrence,
    OnDayOff,
    Rhythm,
    WorkCalendar,
    amended,
    occurrences,
    standing,
)
from planner.slots.rhythms import BadRhythm

TET = {date(2026, 2, d): "Tết Nguyên Đán" for d in range(16, 21)}
CALENDAR = WorkCalendar(holidays={**TET, date(2026, 4, 27): "Giỗ Tổ (nghỉ bù)"})
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def due(rule: str, *, first: date = YEAR[0], last: date = YEAR[1]) -> list[str]:
    return [day.isoformat()[5:] for day in rhythms.days(rule, starts_on=first, last=last)]


def test_the_25th_of_each_month():
    assert due(rhythms.monthly(25)) == [f"{month:02d}-25" for month in range(1, 13)]


def test_the_31st_is_the_last_day_where_the_month_is_shorter():
    assert due(rhythms.monthly(31))[:4] == ["01-31", "02-28", "03-31", "04-30"]
    assert due(rhythms.monthly(29))[:3] == ["01-29", "02-28", "03-29"]


def test_monday_of_each_week():
    mondays = due(rhythms.weekly(0))

    assert (mondays[0], len(mondays)) == ("01-05", 52)
    assert due(rhythms.weekly(0, every=2))[:3] == ["01-12", "01-26", "02-09"]


def test_the_last_month_of_each_quarter():
    assert due(rhythms.quarterly(25)) == ["03-25", "06-25", "09-25", "12-25"]


def test_the_first_and_the_last_monday_of_a_month():
    assert due(rhythms.monthly_on_weekday(1, 0))[:2] == ["01-05", "02-02"]
    assert due(rhythms.monthly_on_weekday(-1, 0))[:2] == ["01-26", "02-23"]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "mỗi tuần",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;COUNT=3",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=",
        "FREQ=WEEKLY;UNTIL=soon",
        "DTSTART:20260101\nRRULE:FREQ=DAILY",
    ],
)
def test_what_is_no_rhythm_of_days_is_refused_at_once(rule: str):
    with pytest.raises(BadRhythm):
        rhythms.check(rule, starts_on=YEAR[0])


def test_a_leap_day_once_in_eight_years_is_a_rhythm():
    rhythms.check("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", starts_on=date(2097, 1, 1))


def test_an_end_in_the_rule_holds():
    assert due(rhythms.weekly(0) + ";UNTIL=20260119T235959Z") == ["01-05", "01-12", "01-19"]


@pytest.mark.parametrize(
    ("on_day_off", "turn"),
    [
        (OnDayOff.BEFORE, Occurrence(date(2026, 2, 16), date(2026, 2, 13), Fate.MOVED)),
        (OnDayOff.AFTER, Occurrence(date(2026, 2, 16), date(2026, 2, 23), Fate.MOVED)),
        (OnDayOff.SKIP, Occurrence(date(2026, 2, 16), None, Fate.SKIPPED)),
        (OnDayOff.ASK, Occurrence(date(2026, 2, 16), date(2026, 2, 16), Fate.ASK)),
    ],
)
def test_a_monday_in_tet_goes_where_the_rule_says(on_day_off: OnDayOff, turn: Occurrence):
    rhythm = Rhythm(rhythms.weekly(0), YEAR[0], on_day_off)
    turns = occurrences(rhythm, CALENDAR, date(2026, 2, 9), date(2026, 2, 23))

    assert turns == [
        Occurrence(date(2026, 2, 9), date(2026, 2, 9)),
        turn,
        Occurrence(date(2026, 2, 23), date(2026, 2, 23)),
    ]


def test_a_sunday_moves_to_a_working_day_and_a_saturday_stays():
    sunday, saturday = date(2026, 1, 25), date(2026, 4, 25)
    turns = {t.due_on: t for t in occurrences(Rhythm(rhythms.monthly(25), YEAR[0]), CALENDAR, *YEAR)}

    assert turns[sunday].on == date(2026, 1, 26)
    assert turns[saturday] == Occurrence(saturday, saturday)


def test_a_sunday_worked_in_exchange_is_kept():
    sunday = date(2026, 1, 25)
    calendar = WorkCalendar(worked=frozenset({sunday}))
    [turn] = occurrences(Rhythm(rhythms.monthly(25), YEAR[0]), calendar, sunday, sunday)

    assert turn == Occurrence(sunday, sunday)


@given(st.integers(1, 31), st.sampled_from(OnDayOff), st.sets(st.dates(*YEAR), max_size=40))
def test_nothing_is_proposed_on_a_day_off_unless_somebody_is_asked(
    day: int, on_day_off: OnDayOff, off: set[date]
):
    calendar = WorkCalendar(holidays=dict.fromkeys(off, "nghỉ"))
    turns = occurrences(Rhythm(rhythms.monthly(day), YEAR[0], on_day_off), calendar, *YEAR)

    assert len(turns) == 12
    assert all(not calendar.is_off(t.on) for t in turns if t.on and t.fate is not Fate.ASK)
    assert all(t.on == t.due_on for t in turns if t.fate in (Fate.AS_DUE, Fate.ASK))


def test_next_due_and_overdue():
    rhythm = Rhythm(rhythms.monthly(25), date(2025, 1, 1))
    now = standing(rhythm, CALENDAR, planned={date(2026, 9, 25), date(2026, 11, 25)}, today=date(2026, 11, 1))

    assert [turn.on for turn in now.overdue] == [date(2026, 8, 25), date(2026, 10, 26)]
    assert now.next_due == Occurrence(date(2026, 12, 25), date(2026, 12, 25))


def test_a_rule_entered_today_is_not_overdue():
    rhythm = Rhythm(rhythms.weekly(0), date(2026, 11, 24))

    assert standing(rhythm, CALENDAR, planned=(), today=date(2026, 11, 24)).overdue == ()


def test_a_changed_rule_touches_future_drafts_only():
    today = date(2026, 6, 1)
    turns = occurrences(Rhythm(rhythms.monthly(20), YEAR[0]), CALENDAR, today, today + timedelta(days=91))
    change = amended(
        turns,
        drafts={date(2026, 5, 25), date(2026, 6, 25), date(2026, 7, 20)},
        fixed={date(2026, 7, 25)},
        today=today,
    )

    assert change == Amendment(
        add=(
            Occurrence(date(2026, 6, 20), date(2026, 6, 20)),
            Occurrence(date(2026, 8, 20), date(2026, 8, 20)),
        ),
        drop=(date(2026, 6, 25),),
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (rhythms.monthly(25), "day 25 of each month"),
        (rhythms.monthly(31), "the last day of each month"),
        (rhythms.monthly(25, every=2), "day 25, every 2 months"),
        (rhythms.quarterly(25), "day 25 of the last month of each quarter"),
        (rhythms.weekly(0), "every Monday"),
        (rhythms.weekly(0, every=2), "Monday, every 2 weeks"),
        (rhythms.monthly_on_weekday(1, 0), "Monday number 1 of each month"),
        (rhythms.monthly_on_weekday(-1, 0), "the last Monday of each month"),
        ("FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2", "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2"),
        ("nothing", "nothing"),
    ],
)
def test_a_rhythm_is_told_in_words(rule: str, told: str):
    with translation.override("en"):
        assert rhythms.words(rule) == told
