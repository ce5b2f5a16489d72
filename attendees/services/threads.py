"""The line of mails to each delegate, read back from the outbox: what left, what is written, what can be recalled."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attendees.itip.compose import Method
from attendees.itip.sequence import Line, Told
from attendees.models import Delegate, Invitation
from attendees.services.facts import Facts
from planner.models import Message
from planner.services import links, outbox

LINK_KIND = "invitation"


@dataclass(frozen=True)
class Thread:
    """One delegate's mails: the iTIP line, what the last one that left told and to whom, what has not left yet."""

    line: Line = Line()
    left: Facts | None = None
    left_to: str = ""
    pending: tuple[Message, ...] = ()
    pending_facts: Facts | None = None

    @property
    def last_words(self) -> Facts | None:
        """What the delegate knows, or will know once what is pending has left."""
        return self.pending_facts or self.left


def stream_of(delegate: Delegate) -> str:
    """The outbox stream of a delegate's own mails."""
    return f"delegate:{delegate.pk}"


def read(delegates: Sequence[Delegate]) -> dict[int, Thread]:
    """The thread of each delegate by id, what can be recalled locked. Call inside a transaction."""
    streams = {stream_of(delegate): delegate.pk for delegate in delegates}
    list(outbox.recallable().select_for_update().filter(stream__in=streams).values_list("pk", flat=True))
    by_stream: dict[str, list[Message]] = defaultdict(list)
    rows = Message.objects.filter(stream__in=streams).exclude(event_uid="").defer("octets").order_by("id")
    for row in rows:
        by_stream[row.stream].append(row)
    return {pk: _thread(by_stream[stream]) for stream, pk in streams.items()}


def past(delegate: Delegate) -> list[Facts]:
    """What every mail that left told the delegate, the oldest first."""
    rows = Message.objects.filter(stream=stream_of(delegate)).exclude(event_uid="").order_by("id")
    return [Facts.of(outbox.facts(row)) for row in rows if _has_left(row)]


def ensure_invitations(delegates: Iterable[Delegate]) -> dict[int, Invitation]:
    """The invitation row of each delegate by delegate id, locked; made when missing."""
    wanted = {delegate.pk for delegate in delegates}
    Invitation.objects.bulk_create(
        [
            Invitation(delegate_id=pk, digest=links.digest(links.token(LINK_KIND, pk, 1)))
            for pk in sorted(wanted - set(_rows(wanted)))
        ],
        ignore_conflicts=True,
    )
    return _rows(wanted)


def page_token(delegate: Delegate) -> str:
    """The token of /i/<token>/ for the delegate, also before there is an invitation."""
    invitation = getattr(delegate, "invitation", None)
    return links.token(LINK_KIND, delegate.pk, invitation.generation if invitation else 1)


def _rows(delegate_ids: set[int]) -> dict[int, Invitation]:
    rows = Invitation.objects.select_for_update().filter(delegate_id__in=delegate_ids).order_by("delegate_id")
    return {row.delegate_id: row for row in rows}


def _has_left(row: Message) -> bool:
    """True once the mail may have reached somebody: sent, or offered to a server that has not refused for good."""
    tried = row.state in (Message.State.QUEUED, Message.State.PAUSED) and row.attempts > 0
    return row.state == Message.State.SENT or tried


def _thread(rows: Sequence[Message]) -> Thread:
    left = [row for row in rows if _has_left(row)]
    pending = [
        row for row in rows if row.attempts == 0 and row.state in (Message.State.QUEUED, Message.State.PAUSED)
    ]
    left_facts = Facts.of(outbox.facts(left[-1])) if left else None
    return Thread(
        line=Line(
            left=_told(left[-1], left_facts) if left and left_facts else None,
            written=_written(rows, left_facts),
        ),
        left=left_facts,
        left_to=left[-1].recipient if left else "",
        pending=tuple(pending),
        pending_facts=Facts.of(outbox.facts(pending[-1])) if pending else None,
    )


def _written(rows: Sequence[Message], left_facts: Facts | None) -> Told | None:
    """The highest number and the latest stamp ever written, sent or not: neither may be used again."""
    if not rows:
        return None
    facts = left_facts or Facts.of(outbox.facts(rows[-1]))
    latest = max(row.dtstamp for row in rows)
    return Told(Method(facts.method), max(row.sequence for row in rows), _utc(latest), facts.times)


def _told(row: Message, facts: Facts) -> Told:
    return Told(Method(facts.method), row.sequence, _utc(row.dtstamp), facts.times)


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)
