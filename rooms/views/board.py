"""The room board of a day, and a room's own page."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from planner.access import Can
from planner.models import Session
from planner.pages import Request, show
from planner.spans import Span, gaps
from rooms.models import Booking, Closure, Room

FROM_HOUR, UNTIL_HOUR = 7, 19
# The unit of planning is the half-day; what is left of one and shorter than an hour is nothing to offer.
HALVES = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17)))
WORTH_OFFERING = dt.timedelta(hours=1)


@require_GET
def day(request: Request) -> HttpResponse:
    """All rooms over the hours of one day; three queries, whatever the number of rooms."""
    on = _day(request)
    context = {
        "on": on,
        "before": on - dt.timedelta(days=1),
        "after": on + dt.timedelta(days=1),
        "is_today": on == timezone.localdate(),
        "now": timezone.now(),
        "soon": timezone.now() + dt.timedelta(minutes=1),
        "hours": range(FROM_HOUR, UNTIL_HOUR),
        "rooms": _rooms(request, _span(on)),
        "can_plan": request.actor.can_anywhere(Can.PLAN),
    }
    return show(request, "rooms/board.html", context, fragment="rooms/_board.html")


def _day(request: Request) -> dt.date:
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:  # the shape of a date, but no such day
        return timezone.localdate()


def _span(on: dt.date) -> Span:
    first = timezone.make_aware(dt.datetime.combine(on, dt.time()))
    return Span(first, first + dt.timedelta(days=1))


def _rooms(request: Request, span: Span) -> Any:
    """Rooms with their bookings and closures of the span; what the actor may not see is only "taken"."""
    visible = set(
        Session.objects.visible_to(request.actor)
        .filter(bookings__in=Booking.objects.live().within(span))
        .values_list("pk", flat=True)
    )
    taken = Booking.objects.live().within(span).select_related("session").order_by("starts_at")
    closed = Closure.objects.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)
    rooms = list(
        Room.objects.visible_to(request.actor)
        .usable()
        .select_related("site")
        .prefetch_related(
            "layouts",
            Prefetch("bookings", queryset=taken, to_attr="taken"),
            Prefetch("closures", queryset=closed, to_attr="closed"),
        )
    )
    for room in rooms:
        room.seats = max((layout.seats for layout in room.layouts.all()), default=0)  # type: ignore[attr-defined]
        for booking in room.taken:  # type: ignore[attr-defined]
            booking.is_visible = booking.session_id in visible
        room.shut = _shut(room, span)  # type: ignore[attr-defined]
        room.free = _free(room, span)  # type: ignore[attr-defined]
    return rooms


def _at(span: Span, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(timezone.localdate(span.starts_at), time))


def _shut(room: Room, span: Span) -> list[Span]:
    """The shown hours before the room opens and after it closes."""
    edges = []
    if room.opens is not None and room.opens > dt.time(FROM_HOUR):
        edges.append(Span(_at(span, dt.time(FROM_HOUR)), _at(span, room.opens)))
    if room.closes is not None and room.closes < dt.time(UNTIL_HOUR):
        edges.append(Span(_at(span, room.closes), _at(span, dt.time(UNTIL_HOUR))))
    return edges


def _free(room: Any, span: Span) -> list[Span]:
    """What is free of each half-day from now on, where something could be planned."""
    used = [row.span for row in room.taken] + room.shut
    used += [Span(row.starts_at, row.ends_at) for row in room.closed]
    now = timezone.now()
    if now > span.starts_at:
        used.append(Span(span.starts_at, now))
    halves = [Span(_at(span, first), _at(span, last)) for first, last in HALVES]
    found = [gap for half in halves for gap in gaps(used, within=half)]
    return [gap for gap in found if gap.duration >= WORTH_OFFERING]


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """A room: layouts, equipment, and what is booked next."""
    room = get_object_or_404(Room.objects.visible_to(request.actor).select_related("site"), pk=pk)
    context = {
        "room": room,
        "layouts": room.layouts.all(),
        "equipment": room.equipment.all(),
        "closures": room.closures.filter(ends_at__gte=timezone.now()).order_by("starts_at"),
        "coming": _coming(request, room)[:30],
    }
    return show(request, "rooms/detail.html", context)


def _coming(request: Request, room: Room) -> Any:
    """The room's bookings from now on, of sessions the actor may see."""
    rows = Booking.objects.live().filter(room=room, ends_at__gte=timezone.now())
    seen = rows.filter(session__in=Session.objects.visible_to(request.actor))
    return seen.select_related("session", "layout").order_by("starts_at")
