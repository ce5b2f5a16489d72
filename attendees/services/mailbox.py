"""The mailbox of answers: each mail read once, kept as it came, judged; what needs a person waits for one."""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attendees.itip import read
from attendees.itip.findings import Answer, Envelope, Finding, Unreadable
from attendees.models import Delegate, InboundMail
from attendees.services import imap, mail_answers
from attendees.services.mail_answers import Judgement
from planner.access import Actor, Can, must
from planner.errors import RuleBroken, WrongState
from planner.services import audit, links

log = logging.getLogger(__name__)
Verdict = InboundMail.Verdict
Decision = InboundMail.Decision

REASONS: Mapping[str, str | Promise] = {
    "unknown_session": _("It answers an invitation that is not ours."),
    "unknown_attendee": _("Nobody on the list was invited under this address."),
    "shared_address": _("Several people on the list share this address."),
    "sender_differs": _("It was sent from another address than the one invited."),
    "future_version": _("It answers a version that was never sent."),
    "recurrence": _("It answers one day of a series; our sessions are no series."),
    "no_time_proposed": _("It proposes another time without saying which."),
    "not_listed": _("This person is no longer on the list."),
    "session_over": _("The session is over or cancelled."),
    "substitute_not_allowed": _("A member is not replaced at this kind of session."),
    "old_time": _("For an old time; it does not count."),
    "earlier": _("A later answer counts."),
    "repeat": _("The same answer once more."),
    "too_large": _("The mail is larger than 1 MB and was not read."),
    "out_of_office": _("An automatic answer."),
    "no_answer": _("No answer in it."),
}
_OTHER_REASON = _("The mail could not be read.")


class NoAnswerInside(RuleBroken):
    """The mail holds no answer that could be recorded."""

    code = "no_answer_inside"
    message = _("There is no answer in this mail. Read it in the mailbox, then record the answer by hand.")


class WrongDelegate(RuleBroken):
    """The delegate does not stand on the list of the mail's session."""

    code = "wrong_delegate"
    message = _("Choose somebody on the list of the session that the mail answers.")


class DecidedAlready(WrongState):
    """Somebody has decided on the mail."""

    code = "decided_already"
    message = _("Somebody has decided on this mail already.")


def read_once(*, seconds: float = 40.0, by: Actor) -> str:
    """One sentence on what came in; "" when nothing did. Repeat-safe, also after a crash and beside another reader.

    Nothing in the mailbox is changed: what was read is known by the rows here, each committed with what it caused.
    Stops after some seconds; the next run goes on. Raises NotAllowed, MailboxDown.
    """
    must(by, Can.RECORD_REPLY)
    if not settings.IMAP_URL:
        return ""
    tally, end = Counter[str](), time.monotonic() + seconds
    with imap.mailbox() as box:
        for uid in box.uids_after(_read_so_far(box.uid_validity)):
            if time.monotonic() >= end:
                break
            fetched = box.fetch(uid)
            if fetched is not None:
                tally[take(mail=fetched, uid_validity=box.uid_validity, by=by)] += 1
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.items()))


@transaction.atomic
def take(*, mail: imap.Fetched, uid_validity: int, by: Actor) -> str:
    """The verdict on a mail, kept with it and applied; `again` for one that was read before."""
    must(by, Can.RECORD_REPLY)
    outside, received_at = read.envelope(mail.octets), timezone.now()
    finding = read.find(mail.octets) if mail.is_whole else Unreadable("too_large")
    row = InboundMail(
        key=_key(mail.octets, outside),
        uid_validity=uid_validity,
        uid=mail.uid,
        message_id=outside.message_id,
        octets=links.sealed(mail.octets),
        sha256=hashlib.sha256(mail.octets).hexdigest(),
        sender=outside.sender,
        verdict=Verdict.IGNORED,
        received_at=received_at,
        **_said(finding),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # read before: under another number, or by another reader at this moment
        InboundMail.objects.filter(key=row.key).update(uid_validity=uid_validity, uid=mail.uid)
        return "again"
    _keep(row, _judged(finding, outside, row, by))
    return str(row.verdict)


@transaction.atomic
def accept(*, mail: InboundMail, delegate: Delegate, by: Actor) -> Delegate:
    """The delegate with the mail's answer, for the present version; from then on the sender may speak for them.

    Of a proposal the mark alone: the session is moved by whoever accepts it. Raises NotAllowed, DecidedAlready, WrongDelegate, NoAnswerInside, and what `replies.record` raises.
    """
    must(by, Can.RECORD_REPLY, on=delegate)
    mail = _undecided(mail)
    if mail.session_id != delegate.session_id:
        raise WrongDelegate(fields={"delegate": WrongDelegate.message})
    if mail.verdict != Verdict.PROPOSAL:  # whose acceptance is a move of the session
        finding = answer_in(mail)
        if finding is None:
            raise NoAnswerInside
        delegate = mail_answers.record(delegate=delegate, answer=finding, sequence=None, by=by)
    mail.delegate = delegate
    _decide(mail, Decision.ACCEPTED, by)
    return delegate


@transaction.atomic
def dismiss(*, mail: InboundMail, by: Actor) -> None:
    """The mail is settled and changed nothing. Raises NotAllowed, DecidedAlready."""
    must(by, Can.RECORD_REPLY, on=mail if mail.session_id else None)
    _decide(_undecided(mail), Decision.DISMISSED, by)


def answer_in(mail: InboundMail) -> Answer | None:
    """The answer a kept mail holds, if one can be recorded."""
    finding = read.find(links.opened(mail.octets))
    can_be_recorded = isinstance(finding, Answer) and finding.partstat in mail_answers.RECORDABLE
    return finding if can_be_recorded and isinstance(finding, Answer) else None


def reason_words(code: str) -> str:
    """Why a mail was not simply counted."""
    return str(REASONS.get(code, _OTHER_REASON)) if code else ""


def _read_so_far(uid_validity: int) -> int:
    rows = InboundMail.objects.filter(uid_validity=uid_validity)
    return rows.aggregate(last=Max("uid"))["last"] or 0


def _key(octets: bytes, outside: Envelope) -> str:
    """The same for the same mail delivered twice: servers on the way change headers only."""
    if not outside.message_id:
        return hashlib.sha256(octets).hexdigest()
    _head, _blank, body = octets.replace(b"\r\n", b"\n").partition(b"\n\n")
    return hashlib.sha256(outside.message_id.encode() + b"\n" + body).hexdigest()


def _said(finding: Finding) -> dict[str, object]:
    """What of an answer stands in columns."""
    if not isinstance(finding, Answer):
        return {}
    names = ("attendee", "partstat", "sequence", "dtstamp")
    return {name: getattr(finding, name) for name in names}


def _judged(finding: Finding, outside: Envelope, row: InboundMail, by: Actor) -> Judgement:
    """The verdict; when judging itself breaks, a person looks, and the next mail gets its turn."""
    try:
        with transaction.atomic():
            return mail_answers.judge(finding=finding, outside=outside, received_at=row.received_at, by=by)
    except Exception:  # one mail, whatever it holds, must not stop the mailbox
        log.exception("A received mail could not be judged: #%s", row.pk)
        return Judgement(Verdict.QUARANTINED, "failed")


def _keep(row: InboundMail, judgement: Judgement) -> None:
    row.verdict, row.reason = judgement.verdict, judgement.reason
    row.session, row.delegate, row.bounced = judgement.session, judgement.delegate, judgement.bounced
    for name, value in judgement.more.items():
        setattr(row, name, value)
    row.save(
        update_fields=[
            "verdict",
            "reason",
            "session",
            "delegate",
            "bounced",
            "proposed_starts_at",
            "proposed_ends_at",
        ]
    )


def _undecided(mail: InboundMail) -> InboundMail:
    row = InboundMail.objects.select_for_update().undecided().filter(pk=mail.pk).first()
    if row is None:
        raise DecidedAlready
    return row


def _decide(mail: InboundMail, decision: str, by: Actor) -> None:
    mail.decision, mail.decided_by, mail.decided_at = decision, by.label, timezone.now()
    mail.save(update_fields=["decision", "decided_by", "decided_at", "delegate"])
    audit.record(f"mail.{decision}", on=mail, by=by, after={"sender": mail.sender, "reason": mail.reason})
