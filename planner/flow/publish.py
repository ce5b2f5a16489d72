"""Publish: the list freezes, the session binds people's time, and nothing is sent yet."""

from django.db import transaction

from attendees.services import delegates
from planner.access import Actor
from planner.flow import clashes
from planner.flow.effects import Effects, Outcome
from planner.models import Session
from planner.services import sessions
from rooms.models import Booking


@transaction.atomic
def publish(session: Session, *, override_reason: str = "", by: Actor) -> Outcome:
    """The session as published; a repeat is harmless.

    Raises NotAllowed, WrongState, Blocked (clashes that nobody may accept) and ReasonNeeded (those
    that need `override_reason`).
    """
    session = sessions.locked(session)
    sessions.refuse_ended(session)
    clashes.accept(session, reason=override_reason, by=by)
    session = sessions.mark_published(session, by=by)
    delegates.freeze(session=session, by=by)
    held = Booking.objects.live().filter(session=session).values_list("room__name", flat=True)
    return Outcome(session, Effects(rooms_held=tuple(held)))
