"""Close a session after it was held: its ordinal becomes final, its rounds end, its room is given back."""

from django.db import transaction

from attendees.services import rounds
from planner.access import SYSTEM, Actor
from planner.flow.effects import Effects, Outcome
from planner.models import Session
from planner.services import sessions


@transaction.atomic
def close(session: Session, *, ordinal: int | None = None, by: Actor) -> Outcome:
    """The session as held; a repeat is harmless. Raises NotAllowed, WrongState, OrdinalTaken."""
    session = sessions.mark_held(session, ordinal=ordinal, by=by)
    for standing in rounds.of(session):
        rounds.close(round=standing.round, by=SYSTEM)
    return Outcome(session, Effects())
