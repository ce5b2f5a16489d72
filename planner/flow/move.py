"""Move a session: room, call and invitations follow in one transaction, or nothing changes at all."""

from functools import partial

from django.db import transaction

from attendees.models import Delegate
from attendees.services import invitations
from planner.access import Actor
from planner.flow import clashes
from planner.flow.effects import Effects, Outcome, rehearsed
from planner.models import Session
from planner.services import sessions
from planner.spans import Span
from rooms.models import Booking, Layout, Room
from rooms.services import bookings, calls


@transaction.atomic
def move(
    session: Session,
    *,
    span: Span,
    room: Room | None = None,
    layout: Layout | None = None,
    override_reason: str = "",
    by: Actor,
) -> Outcome:
    """The session at another time or in another room, with everything that hangs on it.

    Without a room the present ones are held for the new time. Raises what `bookings.hold` raises,
    Blocked and ReasonNeeded for clashes of the new time, ConnectionBusy.
    """
    session = sessions.locked(session)
    rooms_before = _rooms(session)
    session = sessions.reschedule(session, span=span, by=by)
    _hold_again(session, room, layout, override_reason, by)
    link = calls.follow(session=session, by=by)
    if session.published_at:
        clashes.accept(session, reason=override_reason, by=by)
    mails = invitations.renew(session=session, by=by) if session.published_at else 0
    rooms_after = _rooms(session)
    effects = Effects(
        rooms_freed=tuple(sorted(rooms_before - rooms_after)),
        rooms_held=tuple(sorted(rooms_after)),
        link_follows=link,
        invitations=mails,
        excused_kept=session.delegates.listed().filter(reply=Delegate.Reply.EXCUSED).count(),
        to_call=mails,
    )
    return Outcome(session, effects)


def preview(
    session: Session,
    *,
    span: Span,
    room: Room | None = None,
    layout: Layout | None = None,
    override_reason: str = "",
    by: Actor,
) -> Effects:
    """What `move` would do; raises what it would raise."""
    step = partial(move, session, span=span, room=room, layout=layout, override_reason=override_reason, by=by)
    return rehearsed(step).effects


def _hold_again(session: Session, room: Room | None, layout: Layout | None, reason: str, by: Actor) -> None:
    """Hold the named room as main, every other room of the session for the new time."""
    if room is not None:
        # The old main hold goes first: its old time must not stand in the way of the others.
        others = Booking.objects.live().filter(session=session).exclude(role=Booking.Role.MAIN)
        bookings.hold(session=session, room=room, layout=layout, reason=reason, by=by)
        for row in others.select_related("room", "layout"):
            bookings.hold(
                session=session, room=row.room, layout=row.layout, role=row.role, reason=reason, by=by
            )
    else:
        bookings.rehold(session=session, by=by)


def _rooms(session: Session) -> set[str]:
    return set(Booking.objects.live().filter(session=session).values_list("room__name", flat=True))
