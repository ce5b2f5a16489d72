"""What programs are told of sessions."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from ninja import Field, Schema

from planner.models import AgendaItem, Session
from planner.wire import Ref, When
from rooms.models import Booking


class AgendaItemOut(Schema):
    """One item of an agenda."""

    number: int = Field(examples=[1])
    title: str = Field(description="Empty for a secret item.", examples=["Báo cáo tình hình thu ngân sách"])
    minutes: int = Field(examples=[30])
    presenter: str = Field(examples=["Sở Tài chính"])
    preparing_unit: str = Field(examples=["Sở Tài chính"])
    secrecy: str = Field(examples=["normal"])
    hands_out_papers: bool


class ClashOut(Schema):
    """One reason against a session as it stands."""

    level: str = Field(description="`blocked`, `needs_reason` or `warning`.", examples=["needs_reason"])
    code: str = Field(examples=["required_busy"])
    reason: str = Field(
        description="In words.", examples=["Đồng chí Nguyễn Văn An dự Họp giao ban, 08:00–09:00."]
    )
    subject: str = Field(description="The stable key of what it clashes with.", examples=["person:12"])
    people: list[str] = Field(examples=[["Nguyễn Văn An"]])


class HoldOut(Schema):
    """A room the session holds."""

    id: Ref
    room_id: Ref
    room: str = Field(examples=["Phòng họp số 1"])
    role: str = Field(description="`main`, `overflow` or `tea`.", examples=["main"])
    layout: str | None = Field(examples=["u_shape"])
    state: str = Field(description="`pending` approval or `held`.", examples=["held"])
    starts_at: When = Field(description="Occupied from, set-up included.")
    ends_at: When = Field(description="Occupied until, tear-down included.")


class SessionOut(Schema):
    """A session."""

    id: Ref
    uid: str = Field(
        description="The calendar event's UID, for life.", examples=["0d9d6c1e-5f3b-4a4f-9a77-2f3b1c0d9e10"]
    )
    body_id: Ref | None
    term_id: Ref | None
    kind: str = Field(examples=["regular"])
    title: str = Field(
        description="Empty for a secret session.", examples=["Hội nghị Ban Thường vụ lần thứ 9"]
    )
    name: str = Field(
        description="The title, or a secret session's code name.",
        examples=["Hội nghị Ban Thường vụ lần thứ 9"],
    )
    ordinal: int | None = Field(examples=[9])
    ordinal_is_final: bool = Field(description="True once the session was held.")
    state: str = Field(description="`draft`, `published`, `held` or `cancelled`.", examples=["draft"])
    mode: str = Field(examples=["in_person"])
    secrecy: str = Field(examples=["normal"])
    code_name: str = Field(examples=[""])
    starts_at: When
    ends_at: When = Field(examples=["2026-12-01T11:00:00+07:00"])
    minutes: int = Field(description="Length.", examples=[180])
    room_id: Ref | None = Field(description="The main room.")
    layout: str | None = Field(examples=["u_shape"])
    bookings: list[HoldOut]
    place_text: str = Field(examples=[""])
    chair_ids: list[Ref] = Field(examples=[["12"]])
    chain_id: Ref | None = Field(examples=[None])
    chain_position: int = Field(examples=[0])
    agenda: list[AgendaItemOut]
    description: str = Field(examples=[""])
    recorder_id: Ref | None = Field(examples=[None])
    preparing_unit_id: Ref | None = Field(examples=[None])
    escort: str = Field(examples=[""])
    car: str = Field(examples=[""])
    reply_by: When | None = Field(examples=["2026-11-30T08:00:00+07:00"])
    doors_open_minutes: int = Field(description="Doors open so many minutes before.", examples=[60])
    published_at: When | None = Field(examples=[None])
    held_at: When | None = Field(examples=[None])
    cancelled_at: When | None = Field(examples=[None])
    cancel_reason: str = Field(examples=[""])
    cancel_reason_code: str = Field(examples=[""])
    version: int = Field(examples=[1])
    clashes: list[ClashOut] | None = Field(description="Null in lists: ask sessions/{id}/clashes.")


_COPIED = (
    "body_id",
    "term_id",
    "kind",
    "title",
    "ordinal",
    "ordinal_is_final",
    "state",
    "mode",
    "secrecy",
    "code_name",
    "starts_at",
    "ends_at",
    "minutes",
    "place_text",
    "chain_id",
    "chain_position",
    "description",
    "recorder_id",
    "preparing_unit_id",
    "escort",
    "car",
    "reply_by",
    "doors_open_minutes",
    "published_at",
    "held_at",
    "cancelled_at",
    "cancel_reason",
    "cancel_reason_code",
    "version",
)


def whole(rows: QuerySet[Session]) -> QuerySet[Session]:
    """With all that is told of a session, in four queries whatever the length."""
    live = Booking.objects.live().select_related("room", "layout").order_by("role", "id")
    return rows.prefetch_related(
        "chairs",
        Prefetch("agenda", queryset=AgendaItem.objects.order_by("position")),
        Prefetch("bookings", queryset=live, to_attr="live_bookings"),
    )


def told(session: Session, clashes: list[dict[str, object]] | None = None) -> dict[str, Any]:
    """The members of SessionOut for a session fetched by `whole`."""
    holds: list[Booking] = session.live_bookings  # type: ignore[attr-defined]
    main = next((row for row in holds if row.role == Booking.Role.MAIN), None)
    return {name: getattr(session, name) for name in _COPIED} | {
        "id": session.pk,
        "uid": str(session.uid),
        "name": session.staff_name,
        "room_id": main.room_id if main else None,
        "layout": main.layout.kind if main and main.layout else None,
        "bookings": [hold_out(row) for row in holds],
        "chair_ids": [chair.person_id for chair in session.chairs.all()],
        "agenda": [_item_out(item) for item in session.agenda.all()],
        "clashes": clashes,
    }


def session_out(session: Session) -> SessionOut:
    """A session of a list."""
    return SessionOut(**told(session))


def hold_out(row: Booking) -> HoldOut:
    """A room held, with room and layout loaded."""
    return HoldOut(
        id=row.pk,
        room_id=row.room_id,
        room=row.room.name,
        role=row.role,
        layout=row.layout.kind if row.layout else None,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _item_out(item: AgendaItem) -> AgendaItemOut:
    return AgendaItemOut(
        number=item.position,
        title=item.title,
        minutes=item.minutes,
        presenter=item.presenter,
        preparing_unit=item.preparing_unit,
        secrecy=item.secrecy,
        hands_out_papers=item.hands_out_papers,
    )
