"""Turn a line of the week into a session that can hold a room and invite people."""

from django.db import transaction

from planner.access import Actor
from planner.errors import WrongState
from planner.flow import plan as flow_plan
from planner.models import Engagement, Session, SessionKind
from planner.services.plans import Plan


@transaction.atomic
def become_session(engagement: Engagement, *, by: Actor) -> Session:
    """A draft session with the line's words and times; the line points to it and leaves the week.

    A repeat is refused with WrongState.
    """
    row = Engagement.objects.select_for_update().get(pk=engagement.pk)
    if row.became_session_id:
        raise WrongState
    wanted = Plan(
        kind=SessionKind.WORKING,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        body=row.body,
        title=row.content[:300],
        place_text=row.place,
        escort=row.escort,
        car=row.car,
        chairs=tuple(row.leaders.all()),
    )
    session = flow_plan.plan(wanted, by=by)
    row.became_session = session
    row.save(update_fields=["became_session"])
    return session
