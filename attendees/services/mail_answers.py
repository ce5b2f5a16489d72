"""What an answer by mail comes to: counted, too late, or kept for a person to look at (RFC 5546 §2.1.5, §3.2.3)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from attendees.itip.findings import (
    Answer,
    Bounce,
    Counter,
    Envelope,
    Finding,
    OutOfOffice,
    Unreadable,
)
from attendees.models import Delegate, InboundMail, Reply
from attendees.services import replies, threads, visits
from planner.access import Actor
from planner.errors import DomainError
from planner.models import Message, Session
from planner.services import audit, links, outbox

Verdict = InboundMail.Verdict
_STATUS = {
    "ACCEPTED": Reply.Status.ATTENDING,
    "DECLINED": Reply.Status.DECLINED,
    "DELEGATED": Reply.Status.ASKS_SUBSTITUTE,
}
RECORDABLE = frozenset({*_STATUS, "TENTATIVE"})
_CLOCKS_DIFFER = dt.timedelta(days=1)  # a stamp further ahead says nothing of when somebody answered


@dataclass(frozen=True)
class Judgement:
    """The verdict, a code for why, and whom the mail concerns."""

    verdict: str
    reason: str = ""
    session: Session | None = None
    delegate: Delegate | None = None
    bounced: Message | None = None
    more: dict[str, Any] = field(default_factory=dict)


def judge(*, finding: Finding, outside: Envelope, received_at: dt.datetime, by: Actor) -> Judgement:
    """What the mail comes to; an answer that counts is recorded. Inside a transaction."""
    if isinstance(finding, Answer):
        return _answered(finding, outside, received_at, by)
    if isinstance(finding, Bounce):
        return _bounced(finding, received_at, by)
    if isinstance(finding, Unreadable):
        return Judgement(Verdict.QUARANTINED, finding.reason)
    reason = "out_of_office" if isinstance(finding, OutOfOffice) else finding.reason
    return Judgement(Verdict.IGNORED, reason)


def record(*, delegate: Delegate, answer: Answer, sequence: int | None, by: Actor) -> Delegate:
    """The delegate after the answer. TENTATIVE is no answer. Raises what `replies.record` raises."""
    if answer.partstat == "TENTATIVE":
        return _hesitate(delegate, by)
    given = replies.Answer(
        status=_STATUS[answer.partstat],
        channel=Reply.Channel.MAIL,
        reason="" if delegate.session.is_secret else answer.comment,
        substitute_text="" if delegate.session.is_secret else answer.delegated_to,
        sequence=sequence,
    )
    return replies.record(delegate=delegate, answer=given, by=by)


def session_of(uid: str) -> Session | None:
    """The session of a calendar UID of ours."""
    try:
        return Session.objects.select_related("body").filter(uid=UUID(uid)).first()
    except ValueError:
        return None


def _hesitate(delegate: Delegate, by: Actor) -> Delegate:
    replies.must_answer_for(delegate, by)
    delegate = replies.locked(delegate)
    replies.refuse_closed(delegate, by)
    replies.forget(session=delegate.session, delegates=[delegate], channel=Reply.Channel.MAIL, by=by)
    return delegate


def _answered(answer: Answer, outside: Envelope, received_at: dt.datetime, by: Actor) -> Judgement:
    """Whose answer it is, and whether it may count by itself."""
    session = session_of(answer.uid)
    if session is None:
        return Judgement(Verdict.QUARANTINED, "unknown_session")
    known = _known_as(session, answer)
    if len(known) != 1:
        return Judgement(Verdict.QUARANTINED, "shared_address" if known else "unknown_attendee", session)
    [delegate] = known
    if not _is_theirs(delegate, answer, outside):
        return Judgement(Verdict.QUARANTINED, "sender_differs", session, delegate)
    if answer.recurrence_id:
        return Judgement(Verdict.QUARANTINED, "recurrence", session, delegate)
    if isinstance(answer, Counter):
        return _proposed(answer, session, delegate)
    return _weighed(answer, delegate, received_at, by)


def _weighed(answer: Answer, delegate: Delegate, received_at: dt.datetime, by: Actor) -> Judgement:
    """Whether it is for the present version and the latest word; then it is recorded."""
    session = delegate.session
    invitation = threads.ensure_invitations([delegate])[delegate.pk]
    invitation.delegate = delegate
    if answer.sequence > invitation.sequence:
        return Judgement(Verdict.QUARANTINED, "future_version", session, delegate)
    is_stale = answer.sequence < invitation.sequence
    if not is_stale and (reason := _outdone(answer, delegate, invitation.last_dtstamp, received_at)):
        return Judgement(Verdict.STALE if reason == "earlier" else Verdict.IGNORED, reason, session, delegate)
    speaker = visits.actor_of(invitation, origin="mail")
    try:
        with transaction.atomic():  # a refusal in the midst leaves nothing half written
            if not is_stale or answer.partstat != "TENTATIVE":
                record(delegate=delegate, answer=answer, sequence=answer.sequence, by=speaker)
    except DomainError as refusal:
        verdict = Verdict.IGNORED if isinstance(refusal, replies.TooLate) else Verdict.QUARANTINED
        return Judgement(verdict, refusal.code[:40], session, delegate)
    return Judgement(Verdict.STALE if is_stale else Verdict.APPLIED, "old_time" * is_stale, session, delegate)


def _outdone(
    answer: Answer, delegate: Delegate, told_at: dt.datetime | None, received_at: dt.datetime
) -> str:
    """ "repeat" or "earlier" when another word of the delegate counts more; "" when this is the latest.

    Programs that copy the invitation's DTSTAMP tell nothing of when they answered: then the arrival counts.
    """
    stamped = answer.dtstamp
    if stamped is None or stamped > received_at + _CLOCKS_DIFFER:
        return ""
    applied = InboundMail.objects.filter(
        delegate=delegate, verdict=Verdict.APPLIED, sequence=answer.sequence
    ).order_by("-id")
    last = applied.first()
    if last and (last.dtstamp, last.partstat) == (stamped, answer.partstat):
        return "repeat"
    if applied.filter(dtstamp__gt=stamped, dtstamp__lte=received_at + _CLOCKS_DIFFER).exists():
        return "earlier"
    if told_at and stamped <= told_at:
        return ""
    at = min(stamped, received_at)
    others = delegate.replies.filter(is_stale=False, at__gt=at)
    later = others.exclude(channel__in=[Reply.Channel.MAIL, Reply.Channel.SYSTEM]).exists()
    return "earlier" if later else ""


def _proposed(answer: Counter, session: Session, delegate: Delegate) -> Judgement:
    if not answer.starts_at or not answer.ends_at or answer.ends_at <= answer.starts_at:
        return Judgement(Verdict.QUARANTINED, "no_time_proposed", session, delegate)
    times = {"proposed_starts_at": answer.starts_at, "proposed_ends_at": answer.ends_at}
    return Judgement(Verdict.PROPOSAL, "", session, delegate, more=times)


def _known_as(session: Session, answer: Answer) -> list[Delegate]:
    """Who was invited under the attendee's address, or has it now; of several, the one whose page the mail names."""
    if not answer.attendee:
        return []
    address = Q(invitation__sent_to__iexact=answer.attendee) | Q(person__email__iexact=answer.attendee)
    rows = Delegate.objects.filter(address, session=session)
    found = list(rows.select_related("session__body", "person__assistant", "invitation"))
    listed = [row for row in found if row.removed_at is None] or found
    digests = {links.digest(token) for token in answer.tokens}
    named = [row for row in listed if _digest_of(row) in digests]
    return named if len(named) == 1 else listed


def _digest_of(delegate: Delegate) -> str:
    invitation = getattr(delegate, "invitation", None)
    return invitation.digest if invitation else ""


def _is_theirs(delegate: Delegate, answer: Answer, outside: Envelope) -> bool:
    """True when the mail comes from the attendee's own address, one a person confirmed, or shows their page's token."""
    sender = outside.sender.lower()
    invited_at = getattr(getattr(delegate, "invitation", None), "sent_to", "")
    if sender and sender in (answer.attendee, invited_at.lower(), delegate.person.email.lower()):
        return True
    if _digest_of(delegate) in {links.digest(token) for token in answer.tokens}:
        return True
    confirmed = InboundMail.objects.filter(
        sender=sender,
        delegate__person=delegate.person_id,
        reason="sender_differs",
        decision=InboundMail.Decision.ACCEPTED,
    )
    return bool(sender) and confirmed.exists()


def _bounced(bounce: Bounce, received_at: dt.datetime, by: Actor) -> Judgement:
    """The mail that did not arrive, marked; a report that names none of ours to its own recipient is forged."""
    message = _message_of(bounce)
    if message is None:
        return Judgement(Verdict.IGNORED, "forged_bounce")
    session = Session.objects.filter(pk=message.session_id or 0).first()
    if message.bounced_at is None:
        message.bounced_at, message.last_error = received_at, f"{bounce.status} (bounced)".strip()
        message.save(update_fields=["bounced_at", "last_error"])
        audit.record(
            "mail.bounced", on=session, by=by, after={"message": message.pk, "status": bounce.status}
        )
    return Judgement(Verdict.BOUNCE, "", session, _delegate_of(message), message)


def _message_of(bounce: Bounce) -> Message | None:
    """By the Message-ID in the returned headers, or by the address the report was sent to."""
    sent = Message.objects.filter(state=Message.State.SENT)
    own = outbox.sender()[1].lower()
    addresses = [address for address in bounce.addressed_to if address != own]
    if addresses and (found := sent.filter(envelope_sender__in=addresses).first()):
        return found
    found = sent.filter(message_id=bounce.message_id).first() if bounce.message_id else None
    return found if found and found.recipient.lower() in bounce.recipients else None


def _delegate_of(message: Message) -> Delegate | None:
    kind, _colon, pk = message.stream.partition(":")
    return Delegate.objects.filter(pk=int(pk)).first() if kind == "delegate" and pk.isdecimal() else None
