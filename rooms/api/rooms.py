"""Rooms, and which of them are free."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import model_validator

from planner.pages import Request
from planner.services import search
from planner.spans import Span
from planner.wire import Listed, Paging, Ref, Searching, When, answers, paged
from rooms.models import Layout, Room
from rooms.services import availability
from rooms.services.availability import Availability

router = Router(tags=["rooms"])

LayoutKind = Literal["u_shape", "classroom", "theatre", "round", "boardroom"]


class LayoutOut(Schema):
    """A way to set a room up."""

    kind: str = Field(examples=["u_shape"])
    label: str = Field(examples=["Chữ U"])
    seats: int = Field(examples=[30])
    setup_minutes: int = Field(description="Occupied before each session.", examples=[15])
    teardown_minutes: int = Field(description="Occupied after each session.", examples=[15])


class RoomOut(Schema):
    """A hall or meeting room."""

    id: Ref
    name: str = Field(examples=["Phòng họp số 1"])
    short_name: str = Field(examples=["P1"])
    site_id: Ref
    site: str = Field(examples=["Trụ sở Tỉnh ủy"])
    is_hall: bool
    needs_approval: bool = Field(description="A hold waits for approval.")
    fit_for_secret: bool = Field(description="Approved for secret sessions.")
    opens: dt.time | None = Field(examples=["07:00:00"])
    closes: dt.time | None = Field(examples=["22:00:00"])
    equipment: list[str] = Field(examples=[["Máy chiếu"]])
    layouts: list[LayoutOut] = Field(description="The first is the usual one.")


class FreeRoomOut(RoomOut):
    """A room for a span of time."""

    is_free: bool
    layout: str | None = Field(description="The layout that would serve.", examples=["u_shape"])
    reasons: list[str] = Field(description="Why it cannot be had; empty when free.", examples=[[]])


class FreeRoomsOut(Listed[FreeRoomOut]):
    """The free rooms, the smallest sufficient first; and why the others are not free."""

    others: list[FreeRoomOut] = Field(description="The rooms that cannot be had, with reasons.")


class FreeQuery(Paging):
    """When, for how many, in which layout."""

    starts_at: When
    ends_at: Annotated[When, Field(examples=["2026-12-01T11:00:00+07:00"])]
    seats: int = Field(0, ge=0, le=100_000, description="Seats needed.")
    layout: LayoutKind | Literal[""] = Field("", description="Only in this layout.")
    secret: bool = Field(False, description="Only rooms approved for secret sessions.")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "FreeQuery":
        if not self.starts_at < self.ends_at:
            raise ValueError(_("The end must lie after the beginning."))
        return self


@router.get("/rooms", response=answers(422, ok=Listed[RoomOut]))
def list_rooms(request: Request, query: Query[Searching]) -> dict[str, object]:
    """The rooms in use with their layouts, in the office's order."""
    rows = Room.objects.visible_to(request.auth).usable().order_by("position", "name", "id")
    if query.q:
        rows = rows.filter(pk__in=[row.pk for row in rows if _matches(row, query.q)])
    return paged(rows.select_related("site").prefetch_related("layouts", "equipment"), query, room_out)


@router.get("/rooms/free", response=answers(422, ok=FreeRoomsOut))
def list_free_rooms(request: Request, query: Query[FreeQuery]) -> dict[str, Any]:
    """The rooms free for a span, set-up and tear-down included; `others` says why the rest are not."""
    judged = availability.rooms_for(
        Span(query.starts_at, query.ends_at),
        seats=query.seats,
        layout=query.layout,
        needs_secret=query.secret,
        by=request.auth,
    )
    free = [row for row in judged if row.is_free]
    page = free[query.offset : query.offset + query.limit]
    return {
        "items": [_free_out(row) for row in page],
        "count": len(free),
        "others": [_free_out(row) for row in judged if not row.is_free],
    }


def room_out(room: Room) -> RoomOut:
    """A room with site, layouts and equipment loaded."""
    return RoomOut(**_told(room))


def _told(room: Room) -> dict[str, Any]:
    columns = (
        "name",
        "short_name",
        "site_id",
        "is_hall",
        "needs_approval",
        "fit_for_secret",
        "opens",
        "closes",
    )
    return {name: getattr(room, name) for name in columns} | {
        "id": room.pk,
        "site": room.site.name,
        "equipment": [piece.name for piece in room.equipment.all()],
        "layouts": [_layout_out(row) for row in room.layouts.all()],
    }


def _layout_out(row: Layout) -> LayoutOut:
    return LayoutOut(
        kind=row.kind,
        label=row.get_kind_display(),
        seats=row.seats,
        setup_minutes=row.setup_minutes,
        teardown_minutes=row.teardown_minutes,
    )


def _free_out(row: Availability) -> FreeRoomOut:
    return FreeRoomOut(
        **_told(row.room),
        is_free=row.is_free,
        layout=row.layout.kind if row.layout else None,
        reasons=list(row.reasons),
    )


def _matches(room: Room, text: str) -> bool:
    """Whether every word typed stands in a name of the room; an office has dozens of rooms, not a column."""
    key = search.key_of(room.name, room.short_name)
    return all(word in key for word in search.words_of(text))
