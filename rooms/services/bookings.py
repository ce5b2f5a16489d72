"""Bookings: hold a room for a session, set-up and tear-down included, and let it go.

The service locks the room's row first, so that the loser of a race gets a polite refusal naming the
winner; the constraint in the database is the last guard.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.access import Actor, Can, must
from planner.errors import Conflict, ReasonNeeded, RuleBroken
from planner.models import Session
from planner.services import audit
from planner.slots import occupancy
from planner.slots.occupancy import Stay
from planner.spans import Span
from rooms.models import Booking, Closure, Layout, Room

PENDING_HOURS = 48


class RoomTaken(Conflict):
    """Somebody else holds the room then; `taken_by`, `taken_from`, `taken_until` name it."""

    code = "room_taken"


class RoomClosed(Conflict):
    """The room is closed or not in use then."""

    code = "room_closed"


class NotFitForSecret(Conflict):
    """A secret session needs a room approved for it."""

    code = "room_not_fit_for_secret"
    message = gettext_lazy("This room is not approved for secret sessions. Choose an approved one.")


class UnknownLayout(RuleBroken):
    """The room has no such layout."""

    code = "unknown_layout"
    message = gettext_lazy("This room cannot be set up that way. Choose one of its layouts.")


@transaction.atomic
def hold(
    *,
    session: Session,
    room: Room,
    layout: Layout | None = None,
    role: str = "main",
    reason: str = "",
    by: Actor,
) -> Booking:
    """Hold `room` for the session's own times, replacing its earlier hold in the same role.

    A repeat with the same room and times is harmless. Raises NotAllowed, RoomTaken, RoomClosed,
    NotFitForSecret, UnknownLayout, and ReasonNeeded when the layout seats fewer than are summoned.
    """
    must(by, Can.BOOK, on=session)
    session = Session.objects.select_for_update().get(pk=session.pk)
    room = Room.objects.select_for_update().get(pk=room.pk)  # one booker per room at a time
    layout = _layout(room, layout)
    span, handed_on = occupied(session, room, layout)
    _refuse_unfit(session, room, span)
    _refuse_small(session, layout, reason)
    standing = list(Booking.objects.live().filter(session=session, role=role))
    if clash := _clashing(room, span, besides={row.pk for row in standing} | handed_on.keys()):
        raise taken(room, clash, by)
    for booking in standing:
        _release(booking)
    for pk, other in handed_on.items():
        Booking.objects.filter(pk=pk).update(starts_at=other.starts_at, ends_at=other.ends_at)
    booking = _write(session, room, layout, span, {"role": role, "reason": reason, "held_by": by.label})
    audit.record(
        "room.held",
        on=booking,
        by=by,
        after={"room": room.name, "from": span.starts_at, "until": span.ends_at},
    )
    return booking


@transaction.atomic
def release(*, booking: Booking, by: Actor) -> None:
    """Let a room go; a repeat is harmless."""
    must(by, Can.BOOK, on=booking.session)
    if not booking.is_released:
        _release(booking)
        audit.record("room.released", on=booking, by=by, before={"room": booking.room.name})


@transaction.atomic
def release_all(*, session: Session, by: Actor) -> int:
    """How many rooms of the session were let go."""
    standing = list(Booking.objects.live().filter(session=session).select_related("room", "session"))
    for booking in standing:
        release(booking=booking, by=by)
    return len(standing)


@transaction.atomic
def rehold(*, session: Session, by: Actor) -> list[Booking]:
    """The session's rooms held again for its present times; raises like `hold`."""
    standing = list(Booking.objects.live().filter(session=session).select_related("room", "layout"))
    return [
        hold(session=session, room=row.room, layout=row.layout, role=row.role, reason=row.reason, by=by)
        for row in standing
    ]


@transaction.atomic
def release_lapsed(*, by: Actor) -> int:
    """How many holds were let go because nobody approved them in time; a repeat is harmless."""
    lapsed = Booking.objects.live().filter(state=Booking.State.PENDING, expires_at__lte=timezone.now())
    rows = list(lapsed.select_related("room", "session"))
    for booking in rows:
        release(booking=booking, by=by)
    return len(rows)


def occupied(session: Session, room: Room, layout: Layout | None) -> tuple[Span, dict[int, Span]]:
    """The time the session takes the room up, and the new spans of its chain's other bookings there, by id.

    Inside a chain in one room set-up counts once before the first and tear-down once after the last;
    between two of them only when the layout changes (`slots.occupancy`).
    """
    others: list[Booking] = []
    if session.chain_id:
        rows = Booking.objects.live().filter(session__chain=session.chain_id, room=room)
        others = list(rows.exclude(session=session).select_related("session", "layout"))
    stays = [_stay(session, layout), *(_stay(row.session, row.layout) for row in others)]
    own, *rest = occupancy.occupied(stays)
    return own, {row.pk: span for row, span in zip(others, rest, strict=True)}


def _stay(session: Session, layout: Layout | None) -> Stay:
    minutes = (layout.setup_minutes, layout.teardown_minutes) if layout else (0, 0)
    return Stay(session.span, str(layout.kind if layout else ""), *minutes)


def taken(room: Room, clash: Booking, by: Actor) -> RoomTaken:
    """The refusal that names who holds the room and when, as far as `by` may know."""
    visible = Session.objects.visible_to(by).filter(pk=clash.session_id).exists()
    name = (
        clash.session.staff_name
        if visible
        else clash.session.public_name
        if clash.session.is_secret
        else _("another session")
    )
    starts, ends = (timezone.localtime(moment) for moment in (clash.starts_at, clash.ends_at))
    return RoomTaken(
        _("%(room)s is taken from %(start)s to %(end)s on %(day)s by “%(name)s”.")
        % {
            "room": room.name,
            "start": f"{starts:%H:%M}",
            "end": f"{ends:%H:%M}",
            "day": date_format(starts, "SHORT_DATE_FORMAT"),
            "name": name,
        },
        taken_by=name,
        taken_from=starts.isoformat(),
        taken_until=ends.isoformat(),
        session_id=str(clash.session_id) if visible else None,
    )


def _layout(room: Room, layout: Layout | None) -> Layout | None:
    if layout is not None and layout.room_id != room.pk:
        raise UnknownLayout(fields={"layout": UnknownLayout.message})
    return layout or room.layouts.order_by("position", "id").first()


def _clashing(room: Room, span: Span, *, besides: set[int]) -> Booking | None:
    rows = Booking.objects.live().filter(room=room).within(span).exclude(pk__in=besides)
    return rows.select_related("session").order_by("starts_at").first()


def _refuse_unfit(session: Session, room: Room, span: Span) -> None:
    if not room.is_active:
        raise RoomClosed(_("%(room)s is not in use.") % {"room": room.name})
    if session.is_secret and not room.fit_for_secret:
        raise NotFitForSecret
    closure = Closure.objects.filter(
        room=room, starts_at__lt=span.ends_at, ends_at__gt=span.starts_at
    ).first()
    if closure:
        words = _("%(room)s is closed then: %(reason)s.")
        raise RoomClosed(words % {"room": room.name, "reason": closure.reason}, reason=closure.reason)
    _refuse_hours(room, span)


def _refuse_hours(room: Room, span: Span) -> None:
    starts, ends = timezone.localtime(span.starts_at), timezone.localtime(span.ends_at)
    early = room.opens is not None and starts.time() < room.opens
    late = room.closes is not None and (ends.time() > room.closes or ends.date() > starts.date())
    if early or late:
        words = _("%(room)s is open from %(opens)s to %(closes)s.")
        opens, closes = room.opens or dt.time(0), room.closes or dt.time(23, 59)
        raise RoomClosed(words % {"room": room.name, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"})


def _refuse_small(session: Session, layout: Layout | None, reason: str) -> None:
    """Fewer seats than summoned need a written reason; a secret session gives it as a code elsewhere."""
    expected = session.delegates.filter(removed_at__isnull=True).count()
    if layout is not None and layout.seats < expected and not (reason or session.is_secret):
        words = _(
            "The layout has %(seats)d seats for %(people)d people. Give the reason, or choose another room."
        )
        raise ReasonNeeded(
            words % {"seats": layout.seats, "people": expected}, seats=layout.seats, people=expected
        )


def _release(booking: Booking) -> None:
    booking.is_released = True
    booking.save(update_fields=["is_released"])


def _write(
    session: Session, room: Room, layout: Layout | None, span: Span, fields: dict[str, Any]
) -> Booking:
    now, pending = timezone.now(), room.needs_approval
    return Booking.objects.create(
        session=session,
        room=room,
        layout=layout,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        state=Booking.State.PENDING if pending else Booking.State.HELD,
        expires_at=now + dt.timedelta(hours=PENDING_HOURS) if pending else None,
        held_at=now,
        **fields,
    )
