"""Close a session after it was held: its ordinal becomes final, its rounds end, its room is given back."""

from django.db import transaction

from planner.access import Actor
from planner.flow.effects import Effects, Outcome
from planner.models import Session
from planner.services import sessions


@transaction.atomic
def close(session: Session, *, ordinal: int | None = None, by: Actor) -> Outcome:
    """The session as held; a repeat is harmless. Raises NotAllowed, WrongState, OrdinalTaken."""
    return Outcome(sessions.mark_held(session, ordinal=ordinal, by=by), Effects())
