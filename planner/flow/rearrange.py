"""Change a session's details and its room in one step: both, or nothing."""

from django.db import transaction

from planner.access import Actor
from planner.flow import plan
from planner.models import Session
from planner.services import sessions
from planner.services.plans import Change
from planner.services.sessions import UseMove
from rooms.models import Booking, Layout, Room
from rooms.services import bookings


@transaction.atomic
def rearrange(
    session: Session,
    *,
    wanted: Change,
    room: Room | None,
    layout: Layout | None = None,
    reason: str = "",
    by: Actor,
) -> Session:
    """The draft with new details and this main room, or none.

    Raises UseMove for a published session and what `plan.change` and `bookings.hold` raise.
    """
    session = sessions.locked(session)
    if session.published_at:
        raise UseMove
    # The old room goes first: whether it is free at a new time must not matter any more.
    for booking in Booking.objects.main().filter(session=session).select_related("room", "session"):
        if room is None or booking.room_id != room.pk:
            bookings.release(booking=booking, by=by)
    session = plan.change(session, wanted=wanted, by=by)
    if room is not None:
        bookings.hold(session=session, room=room, layout=layout, reason=reason, by=by)
    return session
