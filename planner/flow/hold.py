"""Choose a session's room; when people were invited already, they are told the new place."""

from django.db import transaction

from attendees.services import invitations
from planner.access import Actor
from planner.models import Session
from planner.services import sessions
from rooms.models import Booking, Layout, Room
from rooms.services import bookings


@transaction.atomic
def hold(
    session: Session,
    *,
    room: Room,
    layout: Layout | None = None,
    role: str = Booking.Role.MAIN,
    reason: str = "",
    by: Actor,
) -> Booking:
    """The booking of the room; invitations follow. Raises what `bookings.hold` raises, WrongState."""
    session = sessions.locked(session)
    sessions.refuse_ended(session)
    booking = bookings.hold(session=session, room=room, layout=layout, role=role, reason=reason, by=by)
    if session.published_at:
        invitations.renew(session=session, by=by)
    return booking
