"""Bookings: a session's claim on a room."""

from typing import Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from planner.access import Actor, Can
from planner.flow import hold
from planner.models import Session
from planner.pages import Request
from planner.services import secrecy
from planner.wire import Id, In, Listed, Paging, Ref, When, answers, found, paged
from rooms.api.rooms import LayoutKind
from rooms.models import Booking, Layout, Room
from rooms.models.bookings import BookingQuerySet
from rooms.services import bookings
from rooms.services.bookings import UnknownLayout

router = Router(tags=["rooms"])


class BookingSearch(Paging):
    """Which bookings."""

    room_id: Id = Field("", description="Only this room.")
    session_id: Id = Field("", description="Only this session.")
    from_: When | None = Field(None, alias="from", description="Only what is occupied after this moment.")
    until: When | None = Field(None, description="Only what is occupied before this moment.")


class HoldIn(In):
    """A room to hold for a session's own times."""

    session_id: Id
    room_id: Id
    layout: LayoutKind | None = Field(None, description="Default: the room's first.", examples=["u_shape"])
    role: Literal["main", "overflow", "tea"] = "main"
    override_reason: str = Field(
        "", max_length=300, description="Why a layout too small will do.", examples=["Kê thêm ghế phụ"]
    )


class BookingOut(Schema):
    """A session's claim on a room."""

    id: Ref
    session_id: Ref | None = Field(description="Null when you may not see the session.")
    session: str = Field(
        description="The session's name, as far as you may know it.", examples=["Hội nghị BTV lần thứ 9"]
    )
    room_id: Ref
    room: str = Field(examples=["Phòng họp số 1"])
    layout: str | None = Field(examples=["u_shape"])
    role: str = Field(description="`main`, `overflow` or `tea`.", examples=["main"])
    state: str = Field(description="`pending` approval or `held`.", examples=["held"])
    starts_at: When = Field(
        description="Occupied from, set-up included.", examples=["2026-12-01T07:45:00+07:00"]
    )
    ends_at: When = Field(
        description="Occupied until, tear-down included.", examples=["2026-12-01T11:15:00+07:00"]
    )
    expires_at: When | None = Field(description="When a pending hold lapses.", examples=[None])
    held_by: str = Field(examples=["Nguyễn Văn An"])


@router.get("/bookings", response=answers(404, 422, ok=Listed[BookingOut]))
def list_bookings(request: Request, query: Query[BookingSearch]) -> dict[str, object]:
    """Rooms as they are occupied, in time; sessions one may not see stand there without their names."""
    rows = _readable(request.auth).select_related("session", "room", "layout")
    if query.room_id:
        rows = rows.filter(room=found(Room.objects.visible_to(request.auth), query.room_id, field="room_id"))
    seen = Session.objects.visible_to(request.auth)
    if query.session_id:
        rows = rows.filter(session=found(seen, query.session_id, field="session_id"))
    if query.from_:
        rows = rows.filter(ends_at__gt=query.from_)
    if query.until:
        rows = rows.filter(starts_at__lt=query.until)
    known = set(seen.filter(bookings__in=rows.values("pk")).values_list("pk", flat=True))
    return paged(
        rows.order_by("starts_at", "id"), query, lambda row: _booking_out(row, row.session_id in known)
    )


@router.post("/bookings", response=answers(403, 404, 409, 422, created=BookingOut))
def hold_room(request: Request, data: HoldIn) -> Status[BookingOut]:
    """Hold a room for a session's times, replacing its earlier hold in the same role.

    Only facts of the room refuse a hold: `room_taken` (naming who and when), `room_closed`,
    `room_not_fit_for_secret`, `reason_needed` (layout too small, no `override_reason`), `unknown_layout`. Also
    refuses with `not_allowed`, `wrong_state` (held or cancelled), `secret_content_refused`.
    """
    session = found(Session.objects.visible_to(request.auth), data.session_id, field="session_id")
    room = found(Room.objects.visible_to(request.auth), data.room_id, field="room_id")
    if session.is_secret:
        secrecy.refuse_content({"override_reason": data.override_reason}, forbidden=("override_reason",))
    booking = hold.hold(
        session,
        room=room,
        layout=_layout(room, data.layout),
        role=data.role,
        reason=data.override_reason,
        by=request.auth,
    )
    return Status(201, _booking_out(booking, is_known=True))


@router.delete("/bookings/{booking_id}", response=answers(403, 404, empty=None))
def release_room(request: Request, booking_id: str) -> Status[None]:
    """Let a room go.

    Refuses with `not_allowed`.
    """
    rows = Booking.objects.live().filter(session__in=Session.objects.visible_to(request.auth).values("pk"))
    bookings.release(booking=found(rows, booking_id), by=request.auth)
    return Status(204, None)


def _readable(actor: Actor) -> BookingQuerySet:
    """All that is occupied for whoever may read anything: who looks for a room must see what is taken."""
    return Booking.objects.live() if actor.can_anywhere(Can.READ) else Booking.objects.none()


def _layout(room: Room, kind: str | None) -> Layout | None:
    layout = room.layouts.filter(kind=kind).first() if kind else None
    if kind and layout is None:
        raise UnknownLayout(fields={"layout": UnknownLayout.message})
    return layout


def _booking_out(row: Booking, is_known: bool) -> BookingOut:
    unknown = row.session.public_name if row.session.is_secret else _("another session")
    return BookingOut(
        id=row.pk,
        session_id=row.session_id if is_known else None,
        session=row.session.staff_name if is_known else unknown,
        room_id=row.room_id,
        room=row.room.name,
        layout=row.layout.kind if row.layout else None,
        role=row.role,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        expires_at=row.expires_at,
        held_by=row.held_by if is_known else "",
    )
