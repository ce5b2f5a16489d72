"""Video connections and a session's call."""

import datetime as dt
from typing import Literal

from django.db.models import QuerySet
from django.http import Http404
from ninja import Field, Query, Router, Schema, Status

from planner.access import Actor, Can
from planner.models import Session
from planner.pages import Request
from planner.wire import Id, In, Listed, Paging, Ref, When, answers, found, paged
from rooms.models import Call, Connection
from rooms.services import calls, connections

router = Router(tags=["calls"])


class ConnectionIn(In):
    """A way to meet by video."""

    name: str = Field(min_length=1, max_length=120, examples=["Truyền hình hội nghị Tỉnh ủy"])
    kind: Literal["fixed", "bbb", "jitsi", "zoom"] = "fixed"
    address: str = Field(min_length=1, max_length=300, examples=["https://hop.tinh.example/phong-1"])
    parallel_limit: int = Field(1, ge=1, le=1000, description="Sessions at once.", examples=[2])
    is_protected: bool = Field(False, description="May carry secret sessions.")
    secrets: dict[str, str] = Field(
        default_factory=dict,
        description="What the provider's module needs; kept encrypted and never told again.",
        examples=[{"secret": "…"}],
    )


class ConnectionOut(Schema):
    """A way to meet by video; without its secrets."""

    id: Ref
    name: str = Field(examples=["Truyền hình hội nghị Tỉnh ủy"])
    kind: str = Field(description="`fixed`, `bbb`, `jitsi` or `zoom`.", examples=["fixed"])
    address: str = Field(examples=["https://hop.tinh.example/phong-1"])
    parallel_limit: int = Field(examples=[2])
    is_protected: bool
    has_secrets: bool


class CallIn(In):
    """By which connection a session meets."""

    connection_id: Id
    link: str = Field(
        "",
        max_length=500,
        pattern=r"^$|^https?://\S+$",
        description="This session's own link; default: the connection's address.",
        examples=["https://hop.tinh.example/btv-9"],
    )


class CallOut(Schema):
    """A session's call. Delegates get our own join link, never this address."""

    id: Ref
    session_id: Ref
    connection_id: Ref
    connection: str = Field(examples=["Truyền hình hội nghị Tỉnh ủy"])
    state: str = Field(
        description="`wanted`, `ready`, `live`, `ended`, `failed` or `orphan`.", examples=["ready"]
    )
    link: str = Field(
        description="The provider's address, for those who book.", examples=["https://hop.tinh.example/btv-9"]
    )
    opens_at: When = Field(description="Join links open.", examples=["2026-12-01T07:00:00+07:00"])
    closes_at: When = Field(description="Join links close.", examples=["2026-12-01T11:30:00+07:00"])
    last_error: str = Field(examples=[""])


@router.get("/connections", response=answers(422, ok=Listed[ConnectionOut]))
def list_connections(request: Request, query: Query[Paging]) -> dict[str, object]:
    """The video connections in use."""
    return paged(_usable(request.auth).order_by("name", "id"), query, _connection_out)


@router.post("/connections", response=answers(403, 422, created=ConnectionOut))
def add_connection(request: Request, data: ConnectionIn) -> Status[ConnectionOut]:
    """Add a video connection.

    Refuses with `not_allowed`.
    """
    values = data.model_dump(exclude={"secrets"})
    connection = connections.save(Connection(), values=values, secrets=data.secrets or None, by=request.auth)
    return Status(201, _connection_out(connection))


@router.get("/sessions/{session_id}/call", response=answers(404, ok=CallOut))
def read_call(request: Request, session_id: str) -> CallOut:
    """The session's call; 404 when it has none."""
    session = found(Session.objects.visible_to(request.auth), session_id)
    call = Call.objects.filter(session=session).select_related("connection", "session").first()
    if call is None:
        raise Http404
    return _call_out(call, request.auth)


@router.post("/sessions/{session_id}/call", response=answers(403, 404, 409, 422, created=CallOut))
def arrange_call(request: Request, session_id: str, data: CallIn) -> Status[CallOut]:
    """Let a session meet by a connection, instead of the one it had.

    Refuses with `not_allowed`, `connection_busy` (its parallel limit), `connection_not_protected` (secret session).
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    connection = found(_usable(request.auth), data.connection_id, field="connection_id")
    call = calls.arrange(session=session, connection=connection, link=data.link, by=request.auth)
    return Status(201, _call_out(call, request.auth))


def _usable(actor: Actor) -> QuerySet[Connection]:
    rows = Connection.objects.filter(is_active=True)
    return rows if actor.can_anywhere(Can.READ) else rows.none()


def _connection_out(row: Connection) -> ConnectionOut:
    return ConnectionOut(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        address=row.address,
        parallel_limit=row.parallel_limit,
        is_protected=row.is_protected,
        has_secrets=bool(row.secrets),
    )


def _call_out(call: Call, actor: Actor) -> CallOut:
    session = call.session
    return CallOut(
        id=call.pk,
        session_id=session.pk,
        connection_id=call.connection_id,
        connection=call.connection.name,
        state=call.state,
        link=call.link if actor.can(Can.BOOK, on=session) else "",
        opens_at=session.starts_at - dt.timedelta(minutes=call.opens_minutes),
        closes_at=session.ends_at + dt.timedelta(minutes=call.closes_minutes),
        last_error=call.last_error,
    )
