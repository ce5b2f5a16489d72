"""Cancel a session: rooms are freed, the call ends, everybody invited is told."""

from django.db import transaction

from attendees.services import invitations
from planner.access import Actor
from planner.flow.effects import Effects, Outcome, rehearsed
from planner.models import Session
from planner.services import sessions
from rooms.models import Booking
from rooms.services import bookings, calls


@transaction.atomic
def cancel(session: Session, *, reason: str = "", reason_code: str = "", by: Actor) -> Outcome:
    """The session as cancelled; a repeat is harmless. Raises NotAllowed, WrongState, SecretContentRefused."""
    session = sessions.locked(session)
    freed = tuple(Booking.objects.live().filter(session=session).values_list("room__name", flat=True))
    session = sessions.mark_cancelled(session, reason=reason, reason_code=reason_code, by=by)
    bookings.release_all(session=session, by=by)
    link = calls.drop(session=session, by=by)
    mails = invitations.withdraw(session=session, by=by)
    return Outcome(session, Effects(rooms_freed=freed, link_follows=link, invitations=mails, to_call=mails))


def preview(session: Session, *, by: Actor) -> Effects:
    """What `cancel` would do."""
    return rehearsed(lambda: cancel(session, by=by)).effects
