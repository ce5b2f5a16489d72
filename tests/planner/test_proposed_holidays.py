"""The days off an office begins with, against the days Viet Nam really kept or announced."""

from datetime import date, timedelta

from planner.slots.holidays import ProposedDay, proposed, proposed_from
from planner.vietnamese import lunar_date


def test_2026_has_its_swap_day_its_day_in_lieu_and_the_new_day_of_culture():
    rows = proposed(2026)

    assert ProposedDay(date(2026, 8, 31), "Ngày nghỉ (thay cho ngày 22/08/2026)", "off") in rows
    assert ProposedDay(date(2026, 8, 22), "Làm việc bù", "worked") in rows
    assert ProposedDay(date(2026, 4, 27), "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", "off") in rows
    assert ProposedDay(date(2026, 11, 24), "Ngày Văn hóa Việt Nam", "off") in rows
    assert len(rows) == 15


def test_lunar_days_fall_by_the_vietnamese_calendar():
    """2030: Tết is on 2 February in Hà Nội, on the 3rd in Beijing."""
    for year in range(2026, 2036):
        days = {row.on: row.name for row in proposed(year)}
        [new_year] = [day for day, name in days.items() if name == "Tết Nguyên Đán"]
        [gio_to] = [day for day, name in days.items() if name == "Ngày Giỗ Tổ Hùng Vương"]

        assert lunar_date(new_year)[1::-1] == (1, 1)
        assert lunar_date(gio_to)[1::-1] == (3, 10)
        assert {new_year + timedelta(days=n) for n in range(-1, 4)} <= days.keys()


def test_five_years_come_in_order_and_each_day_once():
    rows = proposed_from(2026)

    assert rows == sorted(rows)
    assert len({row.on for row in rows}) == len(rows)
    assert {row.on.year for row in rows} == {2026, 2027, 2028, 2029, 2030}
    assert all(len(row.name) <= 120 for row in rows)
