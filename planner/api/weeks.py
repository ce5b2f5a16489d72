"""The weekly schedule: as published, submitted and approved."""

import datetime as dt
import re
from itertools import groupby
from typing import Any

from django.http import Http404
from ninja import Field, Query, Router, Schema

from planner.access import Can
from planner.flow import week_steps, weeks
from planner.models import WeekSchedule, WeekVersion
from planner.pages import Request
from planner.wire import In, Ref, When, answers

router = Router(tags=["week"])

_WEEK = re.compile(r"(2[01][0-9]{2})-W([0-9]{2})")


class WeekQuery(In):
    """Which state of the week."""

    live: bool = Field(False, description="As it stands now, instead of the version approved last.")


class ApproveIn(In):
    """Whose approval is recorded."""

    approved_by: str = Field(min_length=1, max_length=150, examples=["Thường trực Tỉnh ủy"])


class WeekRowOut(Schema):
    """A line of the week."""

    session_id: Ref | None
    engagement_id: Ref | None = Field(examples=[None])
    half_day: str = Field(description="`morning`, `afternoon`, `evening`, `all_day`.", examples=["morning"])
    has_hour: bool = Field(description="False: the half-day stands for the hour.", examples=[True])
    starts_at: When
    ends_at: When = Field(examples=["2026-12-01T11:00:00+07:00"])
    content: str = Field(
        description="A secret session's in neutral words.", examples=["Hội nghị BTV lần thứ 9"]
    )
    leaders: str = Field(examples=["Nguyễn Văn An"])
    place: str = Field(examples=["Phòng họp số 1"])
    preparing_unit: str = Field(examples=["Văn phòng Tỉnh ủy"])
    escort: str = Field(examples=[""])
    car: str = Field(examples=[""])
    state: str = Field(description="The session's state, or the kind of engagement.", examples=["published"])


class WeekDayOut(Schema):
    """A day of the week."""

    on: dt.date
    holiday: str = Field(examples=[""])
    rows: list[WeekRowOut]


class WeekOut(Schema):
    """An ISO week."""

    week: str = Field(examples=["2026-W49"])
    state: str = Field(description="`draft`, `submitted` or `approved`.", examples=["approved"])
    version: int = Field(description="How often it was approved.", examples=[1])
    is_live: bool = Field(description="The lines as they stand now, not a version.", examples=[False])
    approved_by: str = Field(examples=["Thường trực Tỉnh ủy"])
    approved_at: When | None = Field(examples=["2026-11-27T16:00:00+07:00"])
    days: list[WeekDayOut]


@router.get("/week/{iso_week}", response=answers(404, 422, ok=WeekOut))
def read_week(request: Request, iso_week: str, query: Query[WeekQuery]) -> WeekOut:
    """The week as published (the version approved last), or as it stands while none is."""
    year, week = _numbers(iso_week)
    return _week_out(request, year, week, live=query.live)


@router.post("/week/{iso_week}/submit", response=answers(403, 404, ok=WeekOut))
def submit_week(request: Request, iso_week: str) -> WeekOut:
    """Submit a week for approval.

    A repeat is harmless. Refuses with `not_allowed`.
    """
    year, week = _numbers(iso_week)
    week_steps.submit(year, week, by=request.auth)
    return _week_out(request, year, week, live=True)


@router.post("/week/{iso_week}/approve", response=answers(403, 404, 409, 422, ok=WeekOut))
def approve_week(request: Request, iso_week: str, data: ApproveIn) -> WeekOut:
    """Record the approval of a submitted week: its lines are frozen as the next version.

    Refuses with `not_allowed`, `week_not_submitted`.
    """
    year, week = _numbers(iso_week)
    week_steps.approve(year, week, approved_by=data.approved_by, by=request.auth)
    return _week_out(request, year, week, live=False)


def _numbers(iso_week: str) -> tuple[int, int]:
    """Year and week of "2026-W49"; 404 for one that does not exist."""
    written = _WEEK.fullmatch(iso_week)
    if written is None:
        raise Http404
    year, week = int(written[1]), int(written[2])
    try:
        dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        raise Http404 from None
    return year, week


def _week_out(request: Request, year: int, number: int, *, live: bool) -> WeekOut:
    week, version = weeks.week(year, number, by=request.auth), week_steps.published(year, number)
    state = week_steps.state_of(year, number)
    is_live = live or version is None
    rows = week_steps.frozen(week) if is_live or version is None else version.rows
    may_read = request.auth.can_anywhere(Can.READ)
    lines = week_steps.seen_by(rows, request.auth) if may_read else []
    return WeekOut(
        week=week.name,
        days=_days_out(week, lines),
        is_live=is_live,
        **_state_out(state, version),
    )


def _state_out(state: WeekSchedule, version: WeekVersion | None) -> dict[str, Any]:
    return {
        "state": state.state,
        "version": state.version,
        "approved_by": version.approved_by if version else "",
        "approved_at": version.at if version else None,
    }


def _days_out(week: weeks.Week, lines: list[dict[str, Any]]) -> list[WeekDayOut]:
    by_day = {on: [*rows] for on, rows in groupby(lines, key=lambda line: line["on"])}
    return [
        WeekDayOut(
            on=day.on,
            holiday=day.holiday,
            rows=[_row_out(line) for line in by_day.get(day.on.isoformat(), [])],
        )
        for day in week.days
    ]


def _row_out(line: dict[str, Any]) -> WeekRowOut:
    noun, _colon, pk = line["key"].partition(":")
    return WeekRowOut(
        **{name: value for name, value in line.items() if name not in ("key", "on")},
        session_id=int(pk) if noun == "session" else None,
        engagement_id=int(pk) if noun == "engagement" else None,
    )
