"""The weekly schedule: what it shows, to whom, and the entries that are no sessions."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from planner.access import SYSTEM, Role
from planner.errors import ChangedMeanwhile, WrongState
from planner.flow import engagements as flow_engagements
from planner.flow import weeks
from planner.models import Engagement, Session
from planner.services import schedule
from planner.services.schedule import Entry
from planner.vietnamese import HalfDay
from tests.make import Make


def week_of(make: Make, role: Role = Role.PLANNER, **filters: int) -> weeks.Week:
    """The week of `make.day` as a role sees it."""
    year, week, _day = make.day.isocalendar()
    return weeks.week(year, week, filters=weeks.Filters(**filters), by=make.actor(role))


def lines(week: weeks.Week) -> list[tuple[str, str]]:
    """Weekday index and content of every line, in order."""
    return [
        (day.on.strftime("%a"), row.content) for day in week.days for half in day.halves for row in half.rows
    ]


def test_sessions_and_engagements_stand_by_day_and_half_day(make: Make) -> None:
    make.session("14:00-16:00", title="Chiều họp")
    make.session("08:00-10:00", title="Sáng họp")
    entry = Entry(on=make.day, content="Đi cơ sở", half_day=Engagement.HalfDay.ALL_DAY)
    schedule.add(entry, by=SYSTEM)

    week = week_of(make)
    day = next(day for day in week.days if day.on == make.day)

    assert [row.content for row in day.rows_of(HalfDay.MORNING)] == ["Sáng họp", "Đi cơ sở"]
    assert [row.content for row in day.rows_of(HalfDay.AFTERNOON)] == ["Chiều họp"]


def test_a_secret_session_is_an_internal_meeting_with_time_and_room_only(make: Make) -> None:
    secret = make.session("08:00-10:00", title="", secrecy="secret", code_name="CANARY-5")
    make.booking(secret, make.room("Phòng họp số 2", fit_for_secret=True))
    secret.chairs.create(person=make.person("Nguyễn Văn Canary"))

    row = week_of(make).days[make.day.weekday()].halves[0].rows[0]

    assert (row.content, row.place, row.leaders) == ("Họp nội bộ", "Phòng họp số 2", "")
    assert lines(week_of(make, Role.VIEWER)) == []


def test_an_entry_without_an_hour_takes_its_half_day(make: Make) -> None:
    row = schedule.add(Entry(on=make.day, content="Tiếp công dân", half_day="afternoon"), by=SYSTEM)

    assert (row.has_hour, row.half_day) == (False, "afternoon")
    assert timezone.localtime(row.starts_at).time() == dt.time(13, 30)


def test_the_second_writer_of_an_entry_is_told(make: Make) -> None:
    row = schedule.add(Entry(on=make.day, content="Dự lễ", starts=dt.time(9)), by=SYSTEM)
    schedule.change(
        row, entry=Entry(on=make.day, content="Dự lễ kỷ niệm", starts=dt.time(9)), version=1, by=SYSTEM
    )

    with pytest.raises(ChangedMeanwhile):
        schedule.change(
            row, entry=Entry(on=make.day, content="Khác", starts=dt.time(9)), version=1, by=SYSTEM
        )

    row.refresh_from_db()
    assert row.content == "Dự lễ kỷ niệm"


def test_a_line_becomes_a_draft_session_once(make: Make) -> None:
    leader = make.person()
    entry = Entry(
        on=make.day,
        content="Làm việc với Sở Tài chính",
        starts=dt.time(8),
        leaders=(leader,),
        place="Phòng họp 3",
    )
    row = schedule.add(entry, by=SYSTEM)

    session = flow_engagements.become_session(row, by=SYSTEM)
    with pytest.raises(WrongState):
        flow_engagements.become_session(row, by=SYSTEM)

    assert (session.state, session.title, session.place_text) == (
        "draft",
        "Làm việc với Sở Tài chính",
        "Phòng họp 3",
    )
    assert [chair.person for chair in session.chairs.all()] == [leader]
    assert [content for _day, content in lines(week_of(make))] == ["Làm việc với Sở Tài chính"]


def test_filters_narrow_the_week(make: Make) -> None:
    leader, body, room = make.person(), make.body(members=1), make.room()
    chaired = make.session("08:00-09:00", title="Do lãnh đạo chủ trì")
    chaired.chairs.create(person=leader)
    make.session("09:30-10:00", title="Của cơ quan", body=body)
    make.booking(make.session("10:30-11:00", title="Trong phòng"), room)

    shown = [
        lines(week_of(make, **chosen))
        for chosen in ({"leader": leader.pk}, {"body": body.pk}, {"room": room.pk})
    ]

    assert [[content for _day, content in rows] for rows in shown] == [
        ["Do lãnh đạo chủ trì"],
        ["Của cơ quan"],
        ["Trong phòng"],
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_week_asks_the_same_number_of_queries(
    make: Make, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        session = make.session("08:00-09:00", title=f"Họp {number}")
        session.chairs.create(person=make.person())
        make.booking(session, make.room())
        schedule.add(Entry(on=make.day, content=f"Việc {number}", leaders=(make.person(),)), by=SYSTEM)
    year, week, _day = make.day.isocalendar()
    actor = make.actor()

    with django_assert_num_queries(6):
        weeks.week(year, week, by=actor)


def test_a_week_opens_as_table_and_grid_with_its_lunar_dates(make: Make) -> None:
    make.session("08:00-09:00", title="Giao ban", on=dt.date(2026, 11, 23))
    client = make.client(Role.VIEWER)

    pages = [client.get(f"/week/2026-W48/?view={view}").content.decode() for view in ("table", "grid")]

    assert ["Giao ban" in page for page in pages] == [True, True]
    assert ["15/10" in page for page in pages] == [True, True]


@pytest.mark.parametrize("name", ["2026-W60", "2026-48", "x", "9999-W99"])
def test_a_week_that_does_not_exist_is_not_found(make: Make, name: str) -> None:
    assert make.client().get(f"/week/{name}/").status_code == 404


def test_a_line_is_typed_changed_and_taken_off_on_the_page(make: Make) -> None:
    client = make.client()
    form = {
        "on": make.day.isoformat(),
        "starts": "7h",
        "half_day": "morning",
        "kind": "attend",
        "content": "Dự lễ kỷ niệm",
    }

    client.post("/week/entries/new/", form)
    row = Engagement.objects.get()
    client.post(f"/week/entries/{row.pk}/", form | {"content": "Dự khai giảng", "version": row.version})
    row.refresh_from_db()
    content = row.content
    client.post(f"/week/entries/{row.pk}/remove/")

    assert content == "Dự khai giảng"
    assert not Engagement.objects.exists()


def test_a_wrong_hour_keeps_what_was_typed(make: Make) -> None:
    form = {
        "on": make.day.isoformat(),
        "starts": "25h",
        "half_day": "morning",
        "kind": "attend",
        "content": "Dự lễ kỷ niệm",
    }

    answer = make.client().post("/week/entries/new/", form)

    assert answer.status_code == 422
    assert "Dự lễ kỷ niệm" in answer.content.decode()
    assert not Session.objects.exists()
