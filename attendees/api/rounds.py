"""Rounds: the counts of a session, and their frozen figures."""

from typing import Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from attendees.models import Round
from attendees.services import gates, rounds, snapshots
from planner.pages import Request
from planner.wire import In, Listed, Paging, Ref, When, answers, found, listed

router = Router(tags=["door"])


class RoundIn(In):
    """A new count."""

    name: str = Field("", max_length=80, examples=["Buổi chiều"])
    opens_at: When | None = Field(None, description="Default: now.")
    closes_at: When | None = Field(None, description="Default: when the next opens, or after the session.")


class RoundOut(Schema):
    """A count (lượt điểm danh)."""

    id: Ref
    session_id: Ref
    number: int = Field(examples=[1])
    name: str = Field(examples=["Buổi sáng"])
    opens_at: When
    closes_at: When
    is_open: bool


class SnapshotIn(In):
    """What the frozen figures are called."""

    name: str = Field("", max_length=120, examples=["Số liệu lúc khai mạc"])


class SnapshotOut(Schema):
    """A round's figures at a moment, never changed again."""

    id: Ref
    round_id: Ref
    at: When
    name: str
    taken_by: str
    figures: dict[str, Any] = Field(description="As `attendance` tells them.")


@router.get("/sessions/{session_id}/rounds", response=answers(404, 422, ok=Listed[RoundOut]))
def list_rounds(request: Request, session_id: str, paging: Query[Paging]) -> dict[str, object]:
    """The session's rounds in order; the first opens with the doors."""
    session = found(gates.sessions_for(request.auth), session_id)
    return listed([_round_out(one) for one in rounds.of(session)], paging)


@router.post("/sessions/{session_id}/rounds", response=answers(403, 404, 422, created=RoundOut))
def open_round(request: Request, session_id: str, data: RoundIn | None = None) -> Status[RoundOut]:
    """Open a new round: everybody is counted afresh, earlier rounds stay as they are.

    Refuses with `not_allowed`, `round_not_after_others`.
    """
    session = found(gates.sessions_for(request.auth), session_id)
    said = data or RoundIn.model_validate({})
    row = rounds.open_next(
        session=session, name=said.name, opens_at=said.opens_at, closes_at=said.closes_at, by=request.auth
    )
    return Status(201, _round_out(next(one for one in rounds.of(session) if one.round.pk == row.pk)))


@router.post("/rounds/{round_id}/snapshot", response=answers(403, 404, 422, created=SnapshotOut))
def take_snapshot(request: Request, round_id: str, data: SnapshotIn | None = None) -> Status[SnapshotOut]:
    """Freeze a round's figures as they stand now. Refuses with `not_allowed`."""
    rows = Round.objects.filter(session__in=gates.sessions_for(request.auth)).select_related("session__body")
    row = snapshots.take(round=found(rows, round_id), name=data.name if data else "", by=request.auth)
    return Status(
        201,
        SnapshotOut(
            id=row.pk,
            round_id=row.round_id,
            at=row.at,
            name=row.name,
            taken_by=row.taken_by,
            figures=row.figures,
        ),
    )


def _round_out(one: rounds.Open) -> RoundOut:
    return RoundOut(
        id=one.round.pk,
        session_id=one.round.session_id,
        number=one.round.number,
        name=one.round.name,
        opens_at=one.opens_at,
        closes_at=one.closes_at,
        is_open=one.opens_at <= timezone.now() < one.closes_at,
    )
