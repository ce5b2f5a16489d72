"""Free rooms for one span or a whole series, counted by hand on the side."""

import time as clock
from datetime import UTC, datetime, timedelta

from planner.slots.vacancy import Offer, Vacancy, search, timelines
from planner.spans import Span

ZERO = datetime(2026, 1, 1, tzinfo=UTC)
SMALL, LARGE = Offer("a", "Phòng A", 20, 15, 15), Offer("b", "Phòng B", 60, 15, 15)


def span(start: float, end: float) -> Span:
    return Span(ZERO + timedelta(hours=start), ZERO + timedelta(hours=end))


def row(room: str, start: float, end: float) -> tuple[str, datetime, datetime]:
    taken = span(start, end)
    return room, taken.starts_at, taken.ends_at


def test_the_smallest_free_room_that_fits_comes_first():
    found = search([LARGE, SMALL], [span(8, 10)], taken={})

    assert found == [Vacancy(SMALL, ()), Vacancy(LARGE, ())]
    assert search([LARGE, SMALL], [span(8, 10)], taken={}, seats=30) == [Vacancy(LARGE, ())]


def test_set_up_and_tear_down_count():
    taken = timelines([row("a", 10.25, 11), row("b", 10.2, 11)])

    assert search([SMALL, LARGE], [span(8, 10)], taken=taken) == [Vacancy(SMALL, ()), Vacancy(LARGE, (0,))]


def test_a_series_names_the_turns_for_which_a_room_is_taken():
    weekly = [span(24 * 7 * n + 8, 24 * 7 * n + 10) for n in range(4)]
    taken = timelines([row("a", 24 * 7 + 9, 24 * 7 + 12), row("a", 24 * 21, 24 * 22), row("b", 0, 24)])

    assert search([SMALL, LARGE], weekly, taken=taken) == [Vacancy(LARGE, (0,)), Vacancy(SMALL, (1, 3))]


def test_every_day_of_a_year_in_thirty_rooms_within_its_budget():
    offers = [Offer(f"r{i}", f"Phòng {i}", 30, 15, 15) for i in range(30)]
    taken = timelines(
        row(f"r{i}", 24 * day + hour, 24 * day + hour + 1.5)
        for i in range(30)
        for day in range(365)
        for hour in (7, 9, 13, 15)
    )
    daily = [span(24 * day + 10.75, 24 * day + 12.5) for day in range(365)]

    started = clock.perf_counter()
    found = search(offers, daily, taken=taken)
    assert clock.perf_counter() - started < 0.5
    assert all(vacancy.is_free for vacancy in found)
