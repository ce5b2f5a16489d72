"""What every page of a session's door stands in: the session, its tabs, and what the person may do."""

from typing import Any

from django.shortcuts import get_object_or_404

from planner.access import Can, must
from planner.models import Session
from planner.pages import Request

# What buttons of these pages and of the head above them ask; the services ask again.
_SHOWN = (
    Can.PLAN,
    Can.PUBLISH,
    Can.INVITE,
    Can.BADGE,
    Can.SCAN,
    Can.RESOLVE_DOOR,
    Can.DECIDE_EXCUSE,
    Can.REPORT,
    Can.EXPORT,
)


def session_for(request: Request, pk: int, capability: Can = Can.READ) -> Session:
    """The session, when the person may see it (404) and has the capability on it (403)."""
    rows = Session.objects.visible_to(request.actor).with_list_columns().select_related("chain")
    session = get_object_or_404(rows, pk=pk)
    must(request.actor, capability, on=session)
    return session


def framed(request: Request, session: Session, tab: str, **context: Any) -> dict[str, Any]:
    """The context of a page under the session's tabs."""
    may = {f"can_{capability.value}": request.actor.can(capability, session) for capability in _SHOWN}
    return {"session": session, "tab": tab} | may | context
