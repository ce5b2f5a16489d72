"""Attendance: the figures of a session at any moment, and the roll-call from a list."""

from typing import Any, Literal

from ninja import Field, Query, Router, Schema

from attendees.models import Delegate
from attendees.services import attendance, gates, marks, snapshots
from attendees.services.marks import Mark
from planner.pages import Request
from planner.wire import Id, In, Ref, When, answers, found, found_all

router = Router(tags=["door"])


class AttendanceAt(In):
    """Which moment and round."""

    at: When | None = Field(None, description="Default: now.")
    round_id: Id | None = Field(None, description="Default: the round open at that moment.")


class TallyOut(Schema):
    """summoned = ever_present + excused + substituted + absent."""

    summoned: int = Field(examples=[550])
    present_now: int = Field(description="In the hall, in this round.", examples=[534])
    ever_present: int = Field(description="Came at any time, in any round.", examples=[546])
    excused: int = Field(examples=[3])
    substituted: int = Field(examples=[0])
    absent: int = Field(description="Never came and nobody excused them.", examples=[1])
    late: int = Field(examples=[7])
    left_early: int = Field(description="Came, and are gone before the end.", examples=[12])


class DelegationFiguresOut(TallyOut):
    """The figures of a delegation, the worst first."""

    unit_id: str | None
    unit: str = Field(examples=["Đảng bộ phường Thuận Hóa"])


class CategoryFiguresOut(Schema):
    """The figures of a category."""

    category: str = Field(examples=["guest"])
    total: int
    present_now: int
    ever_present: int


class GateOut(Schema):
    """How many came by a gate first, in this round."""

    gate: str = Field(examples=["Cửa 1"])
    arrived: int = Field(examples=[214])


class ArrivalsOut(Schema):
    """First entrances in a minute."""

    at: str = Field(examples=["2026-12-01T07:41:00+07:00"])
    count: int = Field(examples=[38])


class ConditionOut(Schema):
    """One condition of validity."""

    of: str = Field(
        description="`all_members`, `summoned`, `delegates`, `organisations`.", examples=["summoned"]
    )
    numerator: int = Field(examples=[2])
    denominator: int = Field(examples=[3])
    is_strict: bool = Field(description="More than the share, not at least.")
    needed: int = Field(examples=[367])
    base: int = Field(examples=[550])
    present: int = Field(examples=[534])
    missing: int = Field(examples=[0])
    met: bool = Field(examples=[True])


class QuorumOut(Schema):
    """The first condition in front, all of them in `conditions`; met when every one is."""

    needed: int = Field(examples=[367])
    base: int = Field(examples=[550])
    present: int = Field(examples=[534])
    missing: int = Field(examples=[0])
    met: bool = Field(examples=[True])
    conditions: list[ConditionOut]


class FiguresOut(TallyOut):
    """The figures of those summoned; guests, substitutes and walk-ins stand apart in `guests`."""

    at: str
    round_id: str
    round: int = Field(examples=[1])
    guests: TallyOut
    by_unit: list[DelegationFiguresOut]
    by_category: list[CategoryFiguresOut]
    by_gate: list[GateOut]
    arrivals: list[ArrivalsOut]
    quorum: QuorumOut


class MarkIn(In):
    """What the office says of one delegate."""

    delegate_id: Id
    state: Literal["present", "absent", "excused"]
    by_whom: str = Field("", max_length=150, description="Who excused them.", examples=["Đ/c Bí thư"])


class RollCallIn(In):
    """A list called over."""

    items: list[MarkIn] = Field(min_length=1, max_length=5000)


class RollCallOut(Schema):
    """What the roll-call changed."""

    changed: int = Field(examples=[4])
    session_id: Ref


@router.get("/sessions/{session_id}/attendance", response=answers(404, 422, ok=FiguresOut))
def read_attendance(request: Request, session_id: str, query: Query[AttendanceAt]) -> dict[str, Any]:
    """The figures at a moment, right at any past one; derived from the scans."""
    session = found(gates.sessions_for(request.auth).select_related("body"), session_id)
    round = found(session.rounds.all(), query.round_id, field="round_id") if query.round_id else None
    return snapshots.told(attendance.figures(session, at=query.at, round=round))


@router.post("/sessions/{session_id}/roll-call", response=answers(403, 404, 409, 422, ok=RollCallOut))
def call_the_roll(request: Request, session_id: str, data: RollCallIn) -> RollCallOut:
    """Mark delegates present, absent or excused from a list, in the round open now; a repeat changes nothing.

    Refuses with `not_allowed`, `not_listed`, `nothing_to_decide`.
    """
    session = found(gates.sessions_for(request.auth), session_id)
    listed: Any = Delegate.objects.listed().filter(session=session)
    rows = found_all(listed, [item.delegate_id for item in data.items], field="items")
    by_id = {str(row.pk): row for row in rows}
    wanted = [Mark(by_id[item.delegate_id], item.state, item.by_whom) for item in data.items]
    return RollCallOut(
        changed=marks.call(session=session, marks=wanted, by=request.auth), session_id=session.pk
    )
