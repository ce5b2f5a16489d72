"""Which rooms are free, and why the others are not: three queries, whatever the number of rooms."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from planner.access import Actor
from planner.models import Session
from planner.spans import Span
from rooms.models import Booking, Closure, Layout, Room


@dataclass(frozen=True)
class Availability:
    """A room for a span: the layout that would serve, or the reasons against it."""

    room: Room
    layout: Layout | None
    reasons: tuple[str, ...]

    @property
    def is_free(self) -> bool:
        """True when nothing stands against it."""
        return not self.reasons


def rooms_for(
    span: Span,
    *,
    seats: int = 0,
    layout: str = "",
    needs_secret: bool = False,
    besides: Session | None = None,
    by: Actor,
) -> list[Availability]:
    """Every usable room for [starts_at, ends_at), the free ones first, smallest sufficient first.

    What the session `besides` holds itself does not count against it. `layout` is a Layout.Kind; set-up and tear-down of the layout count as occupied.
    """
    rooms = list(Room.objects.visible_to(by).usable().prefetch_related("layouts"))
    wide = span.widened(120, 120)
    bookings, closures = defaultdict(list), defaultdict(list)
    for booking in Booking.objects.live().within(wide).exclude(session=besides):
        bookings[booking.room_id].append(booking)
    for closure in Closure.objects.filter(starts_at__lt=wide.ends_at, ends_at__gt=wide.starts_at):
        closures[closure.room_id].append(closure)
    judged = [
        _judge(room, span, (seats, layout, needs_secret), bookings[room.pk], closures[room.pk])
        for room in rooms
    ]
    return sorted(
        judged, key=lambda row: (not row.is_free, row.layout.seats if row.layout else 0, row.room.position)
    )


def _judge(
    room: Room, span: Span, wish: tuple[int, str, bool], bookings: list[Booking], closures: list[Closure]
) -> Availability:
    seats, kind, needs_secret = wish
    layouts = [row for row in room.layouts.all() if not kind or row.kind == kind]
    fitting = [row for row in layouts if row.seats >= seats]
    layout = min(
        fitting, key=lambda row: row.seats, default=max(layouts, key=lambda row: row.seats, default=None)
    )
    busy = span.widened(layout.setup_minutes, layout.teardown_minutes) if layout else span
    reasons = [
        _("taken %(start)s–%(end)s") % {"start": _clock(row.starts_at), "end": _clock(row.ends_at)}
        for row in bookings
        if row.span.overlaps(busy)
    ]
    reasons += [_("closed: %(reason)s") % {"reason": row.reason} for row in closures if _closes(row, busy)]
    if not layouts:
        reasons.append(_("no such layout"))
    elif not fitting:
        reasons.append(_("only %(seats)d seats") % {"seats": layout.seats if layout else 0})
    if needs_secret and not room.fit_for_secret:
        reasons.append(_("not approved for secret sessions"))
    return Availability(room=room, layout=layout, reasons=tuple(reasons))


def _closes(closure: Closure, busy: Span) -> bool:
    return Span(closure.starts_at, closure.ends_at).overlaps(busy)


def _clock(moment: object) -> str:
    return f"{timezone.localtime(moment):%H:%M}"  # type: ignore[arg-type]
