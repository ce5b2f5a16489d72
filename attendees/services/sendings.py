"""A sending of invitations that a program waits for: its messages, and how many have left."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from attendees.models import Delegate
from attendees.services import invitations, threads
from planner.access import Actor
from planner.models import Job, Message, Session

KIND = "invitations"


@transaction.atomic
def begin(*, session: Session, delegates: Iterable[Delegate] | None = None, by: Actor) -> Job:
    """The job that stands for the mails now written; its total is their number.

    Raises what `invitations.send` raises.
    """
    before = _last(session)
    queued = invitations.send(session=session, delegates=delegates, by=by)
    now = timezone.now()
    return Job.objects.create(
        kind=KIND,
        session_id=session.pk,
        user_id=by.user_id,
        state=Job.State.RUNNING if queued else Job.State.DONE,
        total=queued,
        result={"after": before, "until": _last(session)},
        created_at=now,
        ended_at=None if queued else now,
    )


def latest(delegates: Sequence[Delegate]) -> dict[int, Message]:
    """The last message written to each delegate, by delegate id; without its octets, in one query."""
    streams = {threads.stream_of(delegate): delegate.pk for delegate in delegates}
    rows = Message.objects.filter(stream__in=streams).exclude(state=Message.State.MERGED)
    return {streams[row.stream]: row for row in rows.defer("octets", "facts").order_by("id")}


def _last(session: Session) -> int:
    return Message.objects.filter(session_id=session.pk).aggregate(last=Max("id"))["last"] or 0
