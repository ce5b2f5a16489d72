"""Finding a time: clear slots first and spread over days, and an answer even when all are busy."""

import random
import time as clock
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from planner.slots.finder import Busy, Guest, Wish, find
from planner.slots.recurrence import WorkCalendar
from planner.slots.slot_reasons import words
from planner.slots.vacancy import Offer, Timeline, timelines
from planner.spans import Span

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 11, 30)
CHAIR = Guest("p0", "Bí thư", is_chair=True)
MEMBERS = tuple(Guest(f"p{i}", f"Ủy viên {i}") for i in range(1, 5))


def at(day: int, hours: str) -> Span:
    start, end = (datetime.strptime(hour, "%H:%M").time() for hour in hours.split("-"))
    on = MONDAY + timedelta(days=day)
    return Span(datetime.combine(on, start, HANOI), datetime.combine(on, end, HANOI))


def week(days: int = 5) -> Span:
    start = datetime.combine(MONDAY, time(0), HANOI)
    return Span(start, start + timedelta(days=days))


def wish(**more) -> Wish:
    return Wish(**({"minutes": 180, "window": week(), "guests": (CHAIR, *MEMBERS)} | more))


def test_an_empty_week_offers_the_first_usual_start_of_each_half_day():
    found = find(wish(), busy=(), taken={})

    assert [slot.span for slot in found] == [
        at(0, "07:30-10:30"),
        at(0, "13:30-16:30"),
        at(1, "07:30-10:30"),
        at(1, "13:30-16:30"),
        at(2, "07:30-10:30"),
    ]
    assert all(slot.is_clear and slot.present == 5 for slot in found)


def test_the_usual_time_and_room_win():
    offers = (Offer("r1", "Phòng 1", 30), Offer("r2", "Phòng 2", 40))
    best = find(wish(offers=offers, usual_start=time(8), usual_room="r2"), busy=(), taken={})[0]

    assert (best.span, best.offer) == (at(0, "08:00-11:00"), offers[1])


def test_a_slot_touching_a_busy_time_is_free_and_one_minute_more_is_not():
    def absent(until: str) -> list[str]:
        busy = [Busy("p1", at(0, f"06:00-{until}"))]
        found = find(wish(window=at(0, "07:00-11:00"), half_days=((time(8), time(11)),)), busy=busy, taken={})
        return list(found[0].absent)

    assert absent("08:00") == []
    assert absent("08:01") == ["Ủy viên 1"]


def test_the_chair_must_be_free_before_everybody_else():
    busy = [Busy("p0", at(day, "07:00-12:00")) for day in range(5)]
    busy += [Busy(f"p{i}", at(day, "13:00-17:00")) for i in range(1, 5) for day in range(4)]
    best, second = find(wish(), busy=busy, taken={})[:2]

    assert (best.span, best.present) == (at(4, "13:30-16:30"), 5)
    assert (second.absent_chairs, second.present) == ((), 1)


def test_a_full_calendar_still_gets_five_answers_that_say_what_is_wrong():
    busy = [Busy(guest.person, at(day, "06:00-18:00")) for guest in (CHAIR, *MEMBERS) for day in range(5)]
    found = find(wish(least_present=3), busy=busy, taken={})

    assert len(found) == 5
    assert not any(slot.is_clear for slot in found)
    assert {(slot.present, slot.absent_chairs, slot.lacks_quorum) for slot in found} == {
        (0, ("Bí thư",), True)
    }


def test_who_is_bound_by_a_session_weighs_more_than_who_has_an_engagement():
    busy = [Busy("p1", at(0, "07:00-12:00")), Busy("p1", at(0, "13:00-17:00"), in_session=False)]
    found = find(wish(window=week(1)), busy=busy, taken={})

    assert found[0].span == at(0, "13:30-16:30")


def test_the_room_must_be_free_with_its_set_up_and_large_enough():
    offers = (
        Offer("small", "Phòng nhỏ", 10),
        Offer("hall", "Hội trường", 300, 60, 30),
        Offer("mid", "Phòng 2", 40),
    )
    taken = timelines([("mid", *_ends(at(0, "07:00-12:00"))), ("hall", *_ends(at(0, "06:00-07:00")))])
    found = find(wish(offers=offers, seats=35, window=week(1)), busy=(), taken=taken, count=20)
    rooms = {slot.span: slot.offer and slot.offer.room for slot in found}

    assert rooms[at(0, "07:30-10:30")] is None  # the hall is not set up before 8:00
    assert rooms[at(0, "08:00-11:00")] == "hall"
    assert rooms[at(0, "13:30-16:30")] == "mid"


def test_without_a_room_the_slot_says_so():
    offers = (Offer("r1", "Phòng 1", 30),)
    slot = find(wish(offers=offers, seats=31), busy=(), taken={})[0]

    assert (slot.lacks_room, slot.offer, slot.is_clear) == (True, None, False)


def test_days_off_are_left_out_and_their_eves_come_late():
    calendar = WorkCalendar(holidays={MONDAY + timedelta(days=1): "nghỉ"})
    found = find(wish(calendar=calendar, window=week(7)), busy=(), taken={}, count=8)

    assert [slot.span.starts_at.date() - MONDAY for slot in found] == [
        timedelta(d) for d in (2, 2, 3, 3, 4, 4, 0, 0)
    ]
    assert [slot.is_holiday_eve for slot in found][-2:] == [True, True]


def test_a_session_longer_than_a_half_day_runs_over_noon():
    found = find(wish(minutes=480), busy=(), taken={})

    assert [slot.span for slot in found][:2] == [at(0, "07:30-15:30"), at(1, "07:30-15:30")]


def test_a_session_that_moves_stays_near_its_day():
    found = find(wish(near=MONDAY + timedelta(days=3)), busy=(), taken={})

    assert found[0].span.starts_at.date() == MONDAY + timedelta(days=3)


def test_a_window_too_short_has_no_slot():
    assert find(wish(window=at(0, "08:00-10:00")), busy=(), taken={}) == []


def test_each_slot_gives_its_reasons():
    offers = (Offer("r1", "Phòng A", 30),)
    guests = (CHAIR, *MEMBERS, Guest("p9", "Khách", is_required=False))
    busy = [Busy("p2", at(0, "07:00-12:00")), Busy("p9", at(0, "07:00-12:00"))]
    asked = wish(offers=offers, guests=guests, window=at(0, "07:00-12:00"))
    with translation.override("en"):
        told = words(find(asked, busy=busy, taken={})[0])

    assert told == [
        "4 of 5 required people are free",
        "busy: Ủy viên 2",
        "optional people busy: Khách",
        "Phòng A, 30 seats",
    ]


busy_rows = st.builds(
    lambda person, day, hour, minutes: Busy(
        f"p{person}", Span.lasting(at(day, "00:00-23:00").starts_at + timedelta(hours=hour), minutes)
    ),
    st.integers(0, 6),
    st.integers(0, 4),
    st.integers(5, 17),
    st.integers(1, 300),
)


@given(st.lists(busy_rows, max_size=20))
def test_absent_are_exactly_those_whose_time_overlaps(rows: list[Busy]):
    guests = (CHAIR, *MEMBERS)
    for slot in find(wish(), busy=rows, taken={}, count=100):
        expected = [
            g.name for g in guests if any(r.person == g.person and r.span.overlaps(slot.span) for r in rows)
        ]
        assert list(slot.absent) == expected


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), max_size=15),
    st.integers(0, 110),
    st.integers(1, 20),
)
def test_a_timeline_is_free_where_nothing_overlaps(taken: list[tuple[int, int]], start: int, length: int):
    zero = at(0, "00:00-01:00").starts_at
    spans = [Span(zero + timedelta(minutes=s), zero + timedelta(minutes=s + n)) for s, n in taken]
    asked = Span(zero + timedelta(minutes=start), zero + timedelta(minutes=start + length))
    timeline = Timeline(_ends(span) for span in spans)

    assert timeline.is_free(asked) is not any(span.overlaps(asked) for span in spans)


def test_seventy_people_sixty_days_thirty_rooms_within_a_second():
    chance = random.Random(7)
    guests = (CHAIR, *(Guest(f"p{i}", f"Ủy viên {i}") for i in range(1, 70)))
    busy = [
        Busy(f"p{chance.randrange(70)}", Span.lasting(_moment(chance), chance.choice([60, 120, 240])))
        for _ in range(4_270)
    ]
    offers = tuple(Offer(f"r{i}", f"Phòng {i}", 20 + 10 * i, 15, 15) for i in range(30))
    rows = [(f"r{i % 30}", *_ends(Span.lasting(_moment(chance), 180))) for i in range(3_000)]
    asked = wish(window=week(60), guests=guests, offers=offers, seats=70)

    started = clock.perf_counter()
    found = find(asked, busy=busy, taken=timelines(rows))
    assert clock.perf_counter() - started < 1
    assert len(found) == 5


def _moment(chance: random.Random) -> datetime:
    return at(chance.randrange(60), "07:00-08:00").starts_at + timedelta(minutes=30 * chance.randrange(20))


def _ends(span: Span) -> tuple[datetime, datetime]:
    return span.starts_at, span.ends_at
