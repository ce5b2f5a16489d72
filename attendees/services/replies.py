"""Answers by every channel, recorded by one service: the latest wins, none is ever lost, and who decides is kept.

A member is summoned and cannot decline: a member's "declined" is a request to be excused, on which somebody decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Delegate, Invitation, Reply, Substitution
from attendees.services import facts, threads
from planner.access import Actor, Can, must
from planner.errors import NotAllowed, RuleBroken, WrongState
from planner.models import Person, Session
from planner.services import audit, plans, secrecy

Status = Reply.Status
Channel = Reply.Channel

LINK_ACTOR = "delegate"  # the kind of actor a signed link is

REASONS: Mapping[str, str | Promise] = {
    "duty": pgettext_lazy("reason", "On another duty"),
    "other_session": pgettext_lazy("reason", "At another session at the same time"),
    "abroad": pgettext_lazy("reason", "Abroad"),
    "leave": pgettext_lazy("reason", "On leave"),
    "illness": pgettext_lazy("reason", "Ill"),
    "family": pgettext_lazy("reason", "A family matter"),
}
ANSWERS = (Status.ATTENDING, Status.ASKS_EXCUSE, Status.DECLINED, Status.ASKS_SUBSTITUTE)
DECISIONS = (Status.EXCUSED, Status.NOT_EXCUSED, Status.SUBSTITUTE_APPROVED, Status.SUBSTITUTE_REFUSED)
_FORGOTTEN = (
    Delegate.Reply.ATTENDING,
    Delegate.Reply.ASKS_EXCUSE,
    Delegate.Reply.NOT_EXCUSED,
    Delegate.Reply.DECLINED,
    Delegate.Reply.ASKS_SUBSTITUTE,
)
_AFTER_DECISION = {
    Status.EXCUSED: Delegate.Reply.EXCUSED,
    Status.NOT_EXCUSED: Delegate.Reply.NOT_EXCUSED,
    Status.SUBSTITUTE_APPROVED: Delegate.Reply.SUBSTITUTED,
    Status.SUBSTITUTE_REFUSED: Delegate.Reply.NONE,
}


class NotListed(WrongState):
    """The person does not stand on the list any more."""

    code = "not_listed"
    message = _("This person is no longer on the list.")


class TooLate(WrongState):
    """The session is over or cancelled."""

    code = "session_over"
    message = _("This session is over or cancelled; no more answers are taken.")


class SubstituteNotAllowed(RuleBroken):
    """This kind of session takes no substitutes for its members."""

    code = "substitute_not_allowed"
    message = _("A member is not replaced at this kind of session. Ask to be excused instead.")


class NothingToDecide(WrongState):
    """The delegate asks for no substitute."""

    code = "nothing_to_decide"
    message = _("There is no request for a substitute to decide on.")


class UnknownStatus(RuleBroken):
    """No answer or decision of that name."""

    code = "unknown_status"
    message = _("There is no such answer.")


@dataclass(frozen=True)
class Answer:
    """What somebody answered. `sequence`: the version answered to, None when they saw the present one."""

    status: str
    channel: str
    reason: str = ""
    reason_code: str = ""
    mode: str = ""
    substitute: Person | None = None
    substitute_text: str = ""
    sequence: int | None = None


@transaction.atomic
def record(*, delegate: Delegate, answer: Answer, by: Actor) -> Delegate:
    """The delegate after the answer. One to an older version is kept, marked, and changes nothing.

    Raises NotAllowed, NotListed, TooLate, SubstituteNotAllowed, SecretContentRefused, UnknownStatus.
    """
    must_answer_for(delegate, by)
    delegate = locked(delegate)
    _refuse(delegate, answer, by)
    invitation = threads.ensure_invitations([delegate])[delegate.pk]
    is_stale = answer.sequence is not None and answer.sequence < invitation.sequence
    status = _as_kept(delegate, answer.status)
    answered = invitation.sequence if answer.sequence is None else answer.sequence
    _append(delegate, answer, status, by, sequence=answered, is_stale=is_stale)
    if is_stale:
        return delegate
    _remember_times(delegate, invitation)
    if status == Status.ASKS_SUBSTITUTE:
        _ask_substitute(delegate, answer)
    return _settle(delegate, _reply_after(delegate, status), answer.mode, by=by, channel=answer.channel)


@transaction.atomic
def decide(
    *,
    delegate: Delegate,
    decision: str,
    by_whom: str,
    reason: str = "",
    channel: str = Channel.OFFICE,
    by: Actor,
) -> Delegate:
    """The delegate after the leader's decision, `by_whom` named. Approving a substitute adds nobody to the list.

    Raises NotAllowed, NotListed, NothingToDecide, SecretContentRefused, UnknownStatus.
    """
    must(by, Can.DECIDE_EXCUSE, on=delegate)
    delegate = locked(delegate)
    if decision not in DECISIONS:
        raise UnknownStatus(fields={"status": UnknownStatus.message})
    if delegate.removed_at is not None:
        raise NotListed
    if delegate.session.is_secret:
        secrecy.refuse_content({"reason": reason}, forbidden=("reason",))
    if decision in (Status.SUBSTITUTE_APPROVED, Status.SUBSTITUTE_REFUSED):
        _decide_substitute(delegate, decision, by_whom)
    _append(delegate, Answer(decision, channel, reason=reason), decision, by, by_whom=by_whom)
    return _settle(delegate, _AFTER_DECISION[Status(decision)], "", by=by, channel=channel, by_whom=by_whom)


def forget(
    *, session: Session, delegates: Iterable[Delegate], channel: str = Channel.SYSTEM, by: Actor
) -> int:
    """How many answers no longer count: the session moved, or the delegate wavers; who is excused stays so.

    Inside a transaction.
    """
    outdated = [row for row in delegates if row.reply in _FORGOTTEN]
    now = timezone.now()
    Reply.objects.bulk_create(
        Reply(delegate=row, status=Status.NO_ANSWER, channel=channel, by_label=by.label, at=now)
        for row in outdated
    )
    for row in outdated:
        row.reply, row.reply_mode, row.replied_at = Delegate.Reply.NONE, "", now
    Delegate.objects.bulk_update(outdated, ["reply", "reply_mode", "replied_at"], batch_size=200)
    if outdated:
        audit.record("replies.outdated", on=session, by=by, after={"delegates": [row.pk for row in outdated]})
    return len(outdated)


def must_answer_for(delegate: Delegate, by: Actor) -> None:
    """A signed link answers for its own delegate; everybody else needs the right to record answers."""
    if by.kind == LINK_ACTOR:
        if by.id != str(delegate.pk):
            raise NotAllowed
        return
    must(by, Can.RECORD_REPLY, on=delegate)


def locked(delegate: Delegate) -> Delegate:
    """The delegate's row with session, body and person, locked till the end of the transaction."""
    rows = Delegate.objects.select_for_update(of=("self",)).select_related("session__body", "person")
    return rows.get(pk=delegate.pk)


def _refuse(delegate: Delegate, answer: Answer, by: Actor) -> None:
    if answer.status not in ANSWERS:
        raise UnknownStatus(fields={"status": UnknownStatus.message})
    refuse_closed(delegate, by)
    if delegate.session.is_secret:
        values = {"reason": answer.reason, "substitute_text": answer.substitute_text}
        secrecy.refuse_content(values, forbidden=("reason", "substitute_text"))
    profile = plans.profile_for(delegate.session.kind, delegate.session.body)
    if answer.status == Status.ASKS_SUBSTITUTE and not delegate.is_guest and not profile.allows_substitutes:
        raise SubstituteNotAllowed(fields={"status": SubstituteNotAllowed.message})


def refuse_closed(delegate: Delegate, by: Actor) -> None:
    """The office may still write down what it heard while a session runs out; a link may not."""
    session = delegate.session
    if delegate.removed_at is not None:
        raise NotListed
    is_past = by.kind == LINK_ACTOR and session.ends_at <= timezone.now()
    if session.state in (Session.State.CANCELLED, Session.State.HELD) or is_past:
        raise TooLate


def _as_kept(delegate: Delegate, status: str) -> str:
    if status == Status.DECLINED and not delegate.is_guest:
        return Status.ASKS_EXCUSE
    return status


def _reply_after(delegate: Delegate, status: str) -> str:
    """Who is excused already and asks once more stays excused."""
    if status == Status.ASKS_EXCUSE and delegate.reply == Delegate.Reply.EXCUSED:
        return Delegate.Reply.EXCUSED
    return Delegate.Reply(status)


def _append(delegate: Delegate, answer: Answer, status: str, by: Actor, **more: Any) -> None:
    Reply.objects.create(
        delegate=delegate,
        status=status,
        mode=answer.mode,
        reason=answer.reason,
        reason_code=answer.reason_code,
        channel=answer.channel,
        by_label=by.label,
        at=timezone.now(),
        **more,
    )


def _remember_times(delegate: Delegate, invitation: Invitation) -> None:
    """An answer by telephone before any mail counts for the present times, and is asked again when they change."""
    if invitation.told_starts_at is None:
        times = facts.times_of(facts.gather(delegate.session), delegate)
        invitation.told_starts_at, invitation.told_ends_at = times.starts_at, times.ends_at
        invitation.save(update_fields=["told_starts_at", "told_ends_at"])


def _settle(
    delegate: Delegate, reply: str, mode: str, *, by: Actor, channel: str, by_whom: str = ""
) -> Delegate:
    before = {"reply": delegate.reply}
    delegate.reply, delegate.reply_mode, delegate.replied_at = (
        reply,
        mode or delegate.reply_mode,
        timezone.now(),
    )
    if reply != Delegate.Reply.ATTENDING:
        delegate.reply_mode = ""
    delegate.save(update_fields=["reply", "reply_mode", "replied_at"])
    after = {"reply": reply, "channel": channel, "by_whom": by_whom}
    audit.record("reply.recorded", on=delegate, by=by, before=before, after=after)
    return delegate


def _ask_substitute(delegate: Delegate, answer: Answer) -> None:
    Substitution.objects.create(
        delegate=delegate,
        substitute=answer.substitute,
        substitute_text=answer.substitute_text,
        reason=answer.reason,
        created_at=timezone.now(),
    )


def _decide_substitute(delegate: Delegate, decision: str, by_whom: str) -> None:
    asked = (
        delegate.substitutions.select_for_update()
        .filter(state=Substitution.State.ASKED)
        .order_by("-id")
        .first()
    )
    if asked is None:
        raise NothingToDecide
    approved = decision == Status.SUBSTITUTE_APPROVED
    asked.state = Substitution.State.APPROVED if approved else Substitution.State.REFUSED
    asked.decided_by, asked.decided_at = by_whom, timezone.now()
    asked.save(update_fields=["state", "decided_by", "decided_at"])
