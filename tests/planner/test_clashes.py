"""The clash rules: every level, both sides, nothing told twice, and a way out where there is one."""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.slots.clashes import LEVELS, Clash, Level, judge, worst
from planner.slots.facts import (
    Attendance,
    Claim,
    Closure,
    Facts,
    Hold,
    Line,
    Meeting,
    Part,
    Place,
    Stock,
    Use,
)
from planner.slots.reasons import _WORDS, level_words, listed, words
from planner.spans import Span

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WEDNESDAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 2, 8, tzinfo=HANOI)


def at(hours: str, day: date = WEDNESDAY) -> Span:
    start, end = (
        datetime.combine(day, datetime.strptime(h, "%H:%M").time(), HANOI) for h in hours.split("-")
    )
    return Span(start, end)


def meeting(key: str, hours: str = "08:00-11:00", **more) -> Meeting:
    return Meeting(
        key=key, name=more.pop("name", f"Phiên {key}"), span=at(hours, more.pop("day", WEDNESDAY)), **more
    )


def facts(*meetings: Meeting, **more) -> Facts:
    window = more.pop(
        "window", Span(at("00:00-23:00").starts_at, at("00:00-23:00").starts_at + timedelta(days=1))
    )
    return Facts(now=more.pop("now", NOW), window=window, meetings=meetings, zone=HANOI, **more)


def hold(of: Meeting, room: str = "room:a", before: int = 15, after: int = 15, **more) -> Hold:
    return Hold(of.key, room, of.span.widened(before, after), **more)


def seat(of: Meeting, person: str = "p1", part: Part = Part.REQUIRED, **more) -> Attendance:
    return Attendance(person, f"Đại biểu {person}", of.key, more.pop("span", of.span), part, **more)


def codes(clashes: Iterable[Clash]) -> list[tuple[str, str]]:
    return [(clash.meeting, clash.code) for clash in clashes]


ROOM_A = Place("room:a", "Phòng A")


# Rooms


def test_two_meetings_in_one_room_block_each_other():
    first, second = meeting("s1", "08:00-11:00"), meeting("s2", "10:00-12:00")
    clashes = judge(facts(first, second, places=(ROOM_A,), holds=(hold(first), hold(second))))

    assert codes(clashes) == [("s1", "room_taken"), ("s2", "room_taken")]
    assert [clash.level for clash in clashes] == [Level.BLOCKED, Level.BLOCKED]


def test_no_time_to_set_up_blocks_as_well_and_names_itself():
    first, second = meeting("s1", "08:00-10:00"), meeting("s2", "10:00-12:00")
    clashes = judge(facts(first, second, places=(ROOM_A,), holds=(hold(first), hold(second))), at_hand={"s2"})

    assert codes(clashes) == [("s2", "room_setup")]
    assert clashes[0].nearest == at("10:30-12:30")


def test_holds_that_only_touch_do_not_clash():
    first, second = meeting("s1", "08:00-10:00"), meeting("s2", "10:30-12:00")

    assert judge(facts(first, second, places=(ROOM_A,), holds=(hold(first), hold(second)))) == []


def test_other_rooms_do_not_matter():
    first, second = meeting("s1"), meeting("s2")
    holds = (hold(first, "room:a"), hold(second, "room:b"))

    assert judge(facts(first, second, places=(ROOM_A, Place("room:b", "Phòng B")), holds=holds)) == []


def test_the_nearest_free_time_is_open_not_closed_and_not_past():
    first, second = meeting("s1", "08:00-11:00"), meeting("s2", "08:30-10:30")
    room = replace(
        ROOM_A,
        open=(at("07:00-17:00"),),
        closures=(Closure(at("13:00-14:00"), "sửa điện"),),
    )
    found = judge(facts(first, second, places=(room,), holds=(hold(first), hold(second))), at_hand={"s2"})

    assert found[0].nearest == at("14:15-16:15")  # before noon there is no two hours with set-up left


def test_where_nothing_is_free_nothing_is_offered():
    first, second = meeting("s1", "08:00-11:00"), meeting("s2", "08:30-10:30")
    room = replace(ROOM_A, open=(at("07:30-11:30"),))
    found = judge(facts(first, second, places=(room,), holds=(hold(first), hold(second))), at_hand={"s2"})

    assert (found[0].code, found[0].nearest) == ("room_taken", None)


def test_a_closed_room_blocks_even_when_only_the_set_up_is_touched():
    session = meeting("s1", "08:00-10:00")
    room = replace(ROOM_A, closures=(Closure(at("06:00-07:50"), "bảo trì"),))
    found = judge(facts(session, places=(room,), holds=(hold(session),)))

    assert codes(found) == [("s1", "room_closed")]
    assert found[0].nearest == at("08:05-10:05")


def test_outside_opening_hours_warns():
    session = meeting("s1", "18:00-20:00")
    room = replace(ROOM_A, open=(at("07:00-17:00"),))
    found = judge(facts(session, places=(room,), holds=(hold(session),)))

    assert (codes(found), found[0].level) == ([("s1", "outside_hours")], Level.WARNING)


def test_seats_of_main_and_overflow_rooms_add_up_and_tea_rooms_do_not():
    session = meeting("s1", expected=120)
    places = (ROOM_A, Place("room:b", "Phòng B"), Place("room:c", "Phòng trà"))
    tea = hold(session, "room:c", seats=50, use=Use.TEA)
    small = (hold(session, seats=80), tea)
    enough = (*small, hold(session, "room:b", seats=40, use=Use.OVERFLOW))

    found = judge(facts(session, places=places, holds=small))
    assert [(c.code, c.level, c.have, c.need) for c in found] == [
        ("seats_short", Level.NEEDS_REASON, 80, 120)
    ]
    assert judge(facts(session, places=places, holds=enough)) == []


def test_a_secret_session_needs_an_approved_room_and_line():
    secret = meeting("s1", is_secret=True)
    line = Line("line:1", "Đường truyền", 5)
    given_facts = facts(
        secret,
        meeting("s2", "14:00-16:00"),
        places=(ROOM_A,),
        holds=(hold(secret),),
        lines=(line,),
        line_claims=(Claim("s1", "line:1", secret.span), Claim("s2", "line:1", at("14:00-16:00"))),
    )
    approved = replace(
        given_facts,
        places=(replace(ROOM_A, is_fit_for_secret=True),),
        lines=(replace(line, is_protected=True),),
    )

    assert codes(judge(given_facts)) == [("s1", "line_not_for_secret"), ("s1", "room_not_for_secret")]
    assert judge(approved) == []


def test_a_line_carries_so_many_sessions_at_once():
    one, two, late = meeting("s1"), meeting("s2", "10:00-12:00"), meeting("s3", "11:00-12:00")
    claims = tuple(Claim(m.key, "line:1", m.span) for m in (one, two, late))

    def found(limit: int) -> list[tuple[str, str]]:
        return codes(judge(facts(one, two, late, lines=(Line("line:1", "Zoom", limit),), line_claims=claims)))

    assert found(1) == [("s1", "line_full"), ("s2", "line_full"), ("s3", "line_full")]
    assert found(2) == []


def test_the_third_of_two_projectors_is_missing():
    sessions = [meeting(f"s{i}") for i in range(3)]
    claims = tuple(Claim(m.key, "eq:1", m.span) for m in sessions)
    found = judge(
        facts(*sessions, stocks=(Stock("eq:1", "Máy chiếu", 2),), stock_claims=claims), at_hand={"s2"}
    )

    assert [(c.code, c.level, c.have, c.need) for c in found] == [("equipment_short", Level.WARNING, 2, 3)]


# People


def test_chairing_two_published_sessions_at_once_is_blocked():
    first, second = meeting("s1"), meeting("s2", "10:00-12:00")
    rows = (seat(first, part=Part.CHAIR), seat(second, part=Part.CHAIR))
    found = judge(facts(first, second, attendances=rows))

    assert codes(found) == [("s1", "chair_twice"), ("s2", "chair_twice")]
    assert worst(found) is Level.BLOCKED


def test_a_draft_claims_nobodys_time():
    first, draft = meeting("s1"), meeting("s2", "10:00-12:00", binds=False)
    rows = (seat(first, part=Part.CHAIR), seat(draft, part=Part.CHAIR))

    assert codes(judge(facts(first, draft, attendances=rows))) == [("s2", "chair_twice")]


@pytest.mark.parametrize(
    ("ours", "theirs", "is_leader", "code"),
    [
        (Part.REQUIRED, Part.REQUIRED, False, "required_busy"),
        (Part.REQUIRED, Part.CHAIR, False, "required_busy"),
        (Part.REQUIRED, Part.REQUIRED, True, "leader_busy"),
        (Part.CHAIR, Part.REQUIRED, False, "leader_busy"),
        (Part.OPTIONAL, Part.REQUIRED, True, "optional_busy"),
        (Part.REQUIRED, Part.OPTIONAL, False, "optional_busy"),
        (Part.CHAIR, Part.OPTIONAL, False, "optional_busy"),
    ],
)
def test_how_much_somebody_is_needed_decides_the_level(ours: Part, theirs: Part, is_leader: bool, code: str):
    first, second = meeting("s1"), meeting("s2")
    rows = (seat(first, part=ours, is_leader=is_leader), seat(second, part=theirs, is_leader=is_leader))

    assert codes(judge(facts(first, second, attendances=rows), at_hand={"s1"})) == [("s1", code)]


def test_chairing_while_engaged_elsewhere_needs_a_reason():
    session, engagement = meeting("s1"), meeting("e1", is_session=False)
    rows = (seat(session, part=Part.CHAIR), seat(engagement, part=Part.CHAIR))

    assert codes(judge(facts(session, engagement, attendances=rows), at_hand={"s1"})) == [
        ("s1", "leader_busy")
    ]


def test_people_who_share_two_meetings_stand_in_one_clash():
    first, second = meeting("s1"), meeting("s2")
    rows = [seat(m, f"p{i}") for m in (first, second) for i in range(15)]
    found = judge(facts(first, second, attendances=tuple(rows)))

    assert [(c.meeting, c.subject, len(c.people)) for c in found] == [("s1", "s2", 15), ("s2", "s1", 15)]


def test_somebody_who_comes_for_one_item_is_busy_for_that_item_only():
    first, second = meeting("s1", "08:00-11:00"), meeting("s2", "08:00-09:00")
    rows = (seat(first, span=at("10:00-11:00")), seat(second))

    assert judge(facts(first, second, attendances=rows)) == []


# Days


@pytest.mark.parametrize(
    ("published", "short"), [("2026-11-22", False), ("2026-11-23", True), ("2026-11-24", True)]
)
def test_notice_is_counted_in_days_of_the_office(published: str, short: bool):
    announced = datetime.fromisoformat(published).replace(hour=23, tzinfo=HANOI)
    session = meeting("s1", notice_days=3, announced_at=announced)

    assert (codes(judge(facts(session))) == [("s1", "notice_short")]) is short


def test_a_draft_is_measured_from_now_and_the_past_is_not_measured():
    draft = meeting("s1", notice_days=3)
    tomorrow = datetime(2026, 11, 24, 8, tzinfo=HANOI)

    assert [(c.have, c.need) for c in judge(facts(draft, now=tomorrow))] == [(1, 3)]
    assert judge(facts(draft, now=tomorrow + timedelta(days=5))) == []


def test_days_off_their_eves_and_days_of_rest_warn():
    holidays = {date(2026, 11, 24): "Ngày Văn hóa Việt Nam"}
    monday, tuesday, sunday = (
        meeting(key, day=date(2026, 11, day)) for key, day in (("mon", 23), ("tue", 24), ("sun", 22))
    )
    found = judge(facts(monday, tuesday, sunday, holidays=holidays))

    assert codes(found) == [("sun", "day_of_rest"), ("mon", "holiday_eve"), ("tue", "holiday")]
    assert {clash.level for clash in found} == {Level.WARNING}


def test_a_day_of_rest_worked_in_exchange_is_an_ordinary_day():
    sunday = meeting("s1", day=date(2026, 11, 22))

    assert judge(facts(sunday, worked=frozenset({date(2026, 11, 22)}))) == []


def test_a_missing_rehearsal_warns():
    found = judge(
        facts(meeting("s1", needs_rehearsal=True), meeting("s2", needs_rehearsal=True, has_rehearsal=True))
    )

    assert codes(found) == [("s1", "rehearsal_missing")]


def test_an_engagement_is_judged_by_peoples_time_only():
    engagement = meeting("e1", is_session=False, day=date(2026, 11, 22), notice_days=3, needs_rehearsal=True)

    assert judge(facts(engagement, now=engagement.span.starts_at)) == []


# As a whole


def test_clashes_stand_by_time_and_the_hardest_first():
    early, late = meeting("s1", "08:00-10:00", needs_rehearsal=True), meeting("s2", "08:30-12:00", expected=9)
    found = judge(
        facts(
            early,
            late,
            places=(ROOM_A,),
            holds=(hold(early, seats=5), hold(late, seats=5)),
            attendances=(seat(early), seat(late)),
        )
    )

    assert [(c.meeting, c.level) for c in found] == [
        ("s1", Level.BLOCKED),
        ("s1", Level.NEEDS_REASON),
        ("s1", Level.WARNING),
        ("s2", Level.BLOCKED),
        ("s2", Level.NEEDS_REASON),
        ("s2", Level.NEEDS_REASON),
    ]


def test_every_code_has_words_and_a_level():
    assert set(_WORDS) == set(LEVELS)


@pytest.mark.django_db(databases=[])
def test_reasons_name_who_where_when_and_the_way_out():
    first, second = meeting("s1", "08:00-10:00", name="Họp BTV"), meeting("s2", "10:00-12:00")
    told = words(
        judge(facts(first, second, places=(ROOM_A,), holds=(hold(first), hold(second))), at_hand={"s2"})[0]
    )

    assert all(part in told for part in ("Phòng A", "Họp BTV", "08:00–10:00, 25/11/2026", "10:30–12:30"))


def test_every_code_can_be_told():
    span = Span(datetime(2026, 11, 25, 1, tzinfo=UTC), datetime(2026, 11, 26, 1, tzinfo=UTC))
    told = {
        code: words(
            Clash(code, "s1", place="Phòng A", other="Họp BTV", names=("Lê Văn An",), span=span, text="Tết")
        )
        for code in LEVELS
    }

    assert all(text and "%(" not in text for text in told.values())
    assert len(set(told.values())) == len(LEVELS)
    assert len({level_words(level) for level in Level}) == 3


def test_many_names_are_cut_to_three():
    assert listed(["A", "B", "C"]) == "A, B, C"
    assert listed(["A", "B", "C", "D", "E"]).startswith("A, B, C ")
    assert "2" in listed(["A", "B", "C", "D", "E"])


hours = st.tuples(st.integers(7, 16), st.integers(1, 3)).map(
    lambda pair: f"{pair[0]:02d}:00-{sum(pair):02d}:00"
)


@given(st.lists(st.tuples(hours, st.integers(0, 2), st.sets(st.integers(0, 4), max_size=3)), max_size=8))
def test_the_rules_find_what_a_double_loop_finds(rows: list[tuple[str, int, set[int]]]):
    sessions = [meeting(f"s{i}", span) for i, (span, _room, _people) in enumerate(rows)]
    places = tuple(Place(f"room:{i}", f"Phòng {i}") for i in range(3))
    holds = tuple(hold(s, f"room:{room}") for s, (_span, room, _people) in zip(sessions, rows, strict=True))
    seats = tuple(
        seat(s, f"p{p}") for s, (_span, _room, people) in zip(sessions, rows, strict=True) for p in people
    )
    found = judge(facts(*sessions, places=places, holds=holds, attendances=seats))

    pairs = [(i, j) for i in range(len(rows)) for j in range(len(rows)) if i != j]
    by_room = {
        (f"s{i}", f"room:{rows[i][1]} s{j}")
        for i, j in pairs
        if rows[i][1] == rows[j][1] and holds[i].occupied.overlaps(holds[j].occupied)
    }
    by_people = {
        (f"s{i}", f"s{j}")
        for i, j in pairs
        if rows[i][2] & rows[j][2] and sessions[i].span.overlaps(sessions[j].span)
    }
    assert {(c.meeting, c.subject) for c in found if c.code.startswith("room")} == by_room
    assert {(c.meeting, c.subject) for c in found if c.code == "required_busy"} == by_people


def test_a_week_of_a_large_office_is_judged_within_its_budget():
    sessions = [meeting(f"s{i}", f"{7 + i % 9:02d}:00-{8 + i % 9:02d}:00") for i in range(200)]
    places = tuple(Place(f"room:{i}", f"Phòng {i}") for i in range(30))
    holds = tuple(hold(s, f"room:{i % 30}") for i, s in enumerate(sessions))
    seats = tuple(seat(s, f"p{(7 * i + j) % 400}") for i, s in enumerate(sessions) for j in range(40))
    week = facts(*sessions, places=places, holds=holds, attendances=seats)

    started = time.perf_counter()
    judge(week, at_hand={"s3"})
    assert time.perf_counter() - started < 0.1
