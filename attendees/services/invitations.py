"""Invitations: every delegate's calendar is told what it must hold, and nothing twice.

All acts come down to one: compare what a delegate's mails told so far with what they are to know now, and write the
mail that closes the gap. What has not left yet is replaced, so several changes within the outbox delay are one mail.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegate, Invitation
from attendees.models.delegates import DelegateQuerySet
from attendees.services import facts, mailings, replies, threads
from planner.access import SYSTEM, Actor, Can, must
from planner.errors import WrongState
from planner.models import Session
from planner.services import audit, sessions

_AT_ONCE = 200
_REMINDS_AGAIN_AFTER = dt.timedelta(minutes=10)
_KEPT = ["state", "sequence", "last_dtstamp", "sent_to", "session_version", "told_starts_at", "told_ends_at"]


class NotPublished(WrongState):
    """A draft invites nobody."""

    code = "not_published"
    message = _("Publish the session first; a draft invites nobody.")


class IsOver(WrongState):
    """A session that has ended or was cancelled invites nobody."""

    code = "session_over"
    message = _("This session is over or cancelled; it invites nobody any more.")


@transaction.atomic
def send(*, session: Session, delegates: Iterable[Delegate] | None = None, by: Actor) -> int:
    """How many mails were written to invite these delegates, or all on the list; a repeat writes none.

    Raises NotAllowed, NotPublished, IsOver.
    """
    must(by, Can.INVITE, on=session)
    session = sessions.locked(session)
    _refuse_over(session)
    if session.published_at is None:
        raise NotPublished
    rows = Delegate.objects.listed().filter(session=session)
    if delegates is not None:
        rows = rows.filter(pk__in=[delegate.pk for delegate in delegates])
    return _act("sent", session, rows, by=by)


def send_by_steps(
    *, session: Session, delegates: Iterable[Delegate] | None = None, by: Actor
) -> Iterator[int]:
    """How many mails each step of `send` wrote; every step commits alone: nobody waits long, and progress shows."""
    rows = Delegate.objects.listed().filter(session=session) if delegates is None else delegates
    wanted = [delegate.pk for delegate in rows]
    for start in range(0, len(wanted), _AT_ONCE):
        step = Delegate.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        yield send(session=session, delegates=step, by=by)


@transaction.atomic
def renew(*, session: Session, by: Actor) -> int:
    """How many mails were written to those invited before whose facts changed; a repeat writes none.

    A new time asks for new answers, unless the office lets a small shift keep them; who is excused stays so.
    """
    must(by, Can.INVITE, on=session)
    session = sessions.locked(session)
    if _is_over(session):
        return 0
    known = Delegate.objects.listed().filter(session=session, invitation__told_starts_at__isnull=False)
    return _act("renewed", session, known, by=by)


@transaction.atomic
def withdraw(*, session: Session, delegates: Iterable[Delegate] | None = None, by: Actor) -> int:
    """How many mails were written to take invitations back: of these delegates, or of all for a cancelled session.

    Whose invitation has not left yet gets no mail at all. A session that is past writes to nobody.
    """
    must(by, Can.INVITE, on=session)
    session = sessions.locked(session)
    if session.ends_at <= timezone.now():
        return 0
    rows, kind = (
        Delegate.objects.filter(session=session, invitation__state=Invitation.State.INVITED),
        "cancellation",
    )
    if delegates is not None:
        rows, kind = rows.filter(pk__in=[delegate.pk for delegate in delegates]), "withdrawal"
    return _act("withdrawn", session, rows, by=by, taking_back=kind)


@transaction.atomic
def remind(*, session: Session, delegates: Iterable[Delegate] | None = None, by: Actor) -> int:
    """How many of the silent were reminded; who was reminded a moment ago is left in peace.

    Raises NotAllowed, IsOver.
    """
    must(by, Can.INVITE, on=session)
    session, now = sessions.locked(session), timezone.now()
    _refuse_over(session)
    silent = Delegate.objects.listed().filter(session=session, reply=Delegate.Reply.NONE)
    silent = silent.filter(invitation__state=Invitation.State.INVITED)
    silent = silent.exclude(invitation__reminded_at__gt=now - _REMINDS_AGAIN_AFTER)
    if delegates is not None:
        silent = silent.filter(pk__in=[delegate.pk for delegate in delegates])
    mailing, rows = mailings.begin(session, by=by, now=now), list(_in_full(silent))
    for to in mailing.addressees(rows, with_links=True):
        if to.address:
            mailing.remind(to)
    Invitation.objects.filter(delegate__in=rows).update(reminded_at=now)
    written = mailing.post()
    audit.record("invitations.reminded", on=session, by=by, after={"messages": written})
    return written


@transaction.atomic
def preview(*, delegate: Delegate, by: Actor) -> bytes:
    """The exact mail the delegate would get now; nothing is kept of it. Raises UnfitAddress."""
    must(by, Can.INVITE, on=delegate)
    row = _in_full(Delegate.objects.filter(pk=delegate.pk)).get()
    mailing = mailings.begin(row.session, by=by, now=timezone.now())
    point = transaction.savepoint()  # a join link made for the look goes with it
    [to] = mailing.addressees([row], with_links=True)
    mail = mailing.request_for(to, threads.read([row])[row.pk], facts.told_to(mailing.occasion, row))
    transaction.savepoint_rollback(point)
    return mail.octets


def has_begun(session: Session) -> bool:
    """True once invitations of the session were sent: later additions and removals send by themselves."""
    told = Invitation.objects.filter(delegate__session=session)
    return told.exclude(state=Invitation.State.NEW).exists()


def _act(act: str, session: Session, rows: DelegateQuerySet, *, by: Actor, taking_back: str = "") -> int:
    """How many mails were written; in chunks, so that a congress takes no more memory than a board."""
    if session.is_demo and by.kind == SYSTEM.kind:
        return 0
    delegates, written = list(_in_full(rows)), 0
    mailing = mailings.begin(session, by=by, now=timezone.now())
    for start in range(0, len(delegates), _AT_ONCE):
        chunk = delegates[start : start + _AT_ONCE]
        invitations = threads.ensure_invitations(chunk)
        for delegate in chunk:
            delegate.invitation = invitations[delegate.pk]
        if taking_back:
            _take_back(mailing, chunk, kind=taking_back)
        else:
            _bring_up_to_date(mailing, chunk, invites=act == "sent")
        written += mailing.post()
        # An upsert, for bulk_update builds one CASE a field and row: twenty times the work.
        rows_kept = list(invitations.values())
        Invitation.objects.bulk_create(
            rows_kept, update_conflicts=True, unique_fields=["id"], update_fields=_KEPT
        )
    audit.record(
        f"invitations.{act}", on=session, by=by, after={"messages": written, "delegates": len(delegates)}
    )
    return written


def _bring_up_to_date(mailing: mailings.Mailing, chunk: Sequence[Delegate], *, invites: bool) -> None:
    """Answers given for another time, and by setting for another room, count no more; then everybody is told."""
    before = threads.read(chunk)
    outdated = [
        row for row in chunk if not facts.keeps_answer(mailing.occasion, row, before[row.pk].last_words)
    ]
    replies.forget(session=mailing.occasion.session, delegates=outdated, by=mailing.by)
    for to in mailing.addressees(chunk, with_links=True):
        mailing.bring_up_to_date(to, before[to.delegate.pk], to.delegate.invitation, invites=invites)


def _take_back(mailing: mailings.Mailing, chunk: Sequence[Delegate], *, kind: str) -> None:
    before = threads.read(chunk)
    for to in mailing.addressees(chunk, with_links=False):
        mailing.take_back(to, before[to.delegate.pk], to.delegate.invitation, kind=kind)


def _in_full(rows: DelegateQuerySet) -> DelegateQuerySet:
    """With all that a letter needs of each delegate, in four queries."""
    return (
        rows.select_related("session", "person__assistant", "invitation")
        .prefetch_related("items")
        .order_by("id")
    )


def _refuse_over(session: Session) -> None:
    if _is_over(session):
        raise IsOver


def _is_over(session: Session) -> bool:
    return session.state == Session.State.CANCELLED or session.ends_at <= timezone.now()
