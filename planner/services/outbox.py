"""The outbox: mails are rows in the transaction of their cause; a sender carries them out in order.

Messages of one stream leave in the order of their ids and never two at once. A sender claims the head of a stream
by one UPDATE that counts the attempt and takes a lease on it: no lock is held while a mail server thinks, and a
sender that dies leaves a row whose lease runs out. What is sent again is the same Message-ID and the same octets.
"""

import datetime as dt
import hashlib
import json
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from planner.access import Actor, Can, must
from planner.models import Message, Session
from planner.models.outbox import MessageQuerySet
from planner.services import audit, links
from planner.services.carriers import Carrier, NotTaken, Parcel, ServerDown, carrier, may_carry

State = Message.State

LEASE = dt.timedelta(seconds=60)  # longer than a whole SMTP dialogue at EMAIL_TIMEOUT a step
GIVES_UP_AFTER = dt.timedelta(hours=48)
PAUSE_MINUTES = (1, 5, 15, 30, 60, 120, 240, 480)
_AT_ONCE = 100
_PLACEHOLDER = re.compile(r"\{\w*\}|%s|\*")


@dataclass(frozen=True, slots=True)
class Mail:
    """A finished mail on its way into the outbox. `facts` is what it told, kept sealed to compare with later."""

    stream: str
    method: str
    recipient: str
    message_id: str
    subject: str
    octets: bytes
    dtstamp: dt.datetime
    event_uid: str = ""
    sequence: int = 0
    session_id: int | None = None
    session_version: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


def sender() -> tuple[str, str]:
    """The office's own (name, address): From of every mail and ORGANIZER of every event."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)


def new_message_id() -> str:
    """A Message-ID of ours, with its angle brackets."""
    return f"<{uuid.uuid4().hex}@{sender()[1].rpartition('@')[2]}>"


def enqueue(mails: Sequence[Mail], *, replacing: Iterable[Message] = ()) -> list[Message]:
    """The rows of these mails, to leave after the outbox delay in place of those that have not left yet.

    Call inside the transaction of their cause. Mails of a session whose sending was paused are born paused.
    """
    now, delay = timezone.now(), settings.OUTBOX_DELAY_SECONDS
    paused = _paused_sessions({mail.session_id for mail in mails if mail.session_id})
    recall(replacing)
    return Message.objects.bulk_create(
        [
            Message(
                **{name: getattr(mail, name) for name in _SAME_NAMES},
                envelope_sender=envelope_sender(mail.message_id),
                octets=links.sealed(mail.octets),
                facts=links.sealed(json.dumps(mail.facts, ensure_ascii=False).encode()),
                sha256=hashlib.sha256(mail.octets).hexdigest(),
                state=State.PAUSED if mail.session_id in paused else State.QUEUED,
                send_after=now + dt.timedelta(seconds=delay),
                created_at=now,
            )
            for mail in mails
        ],
        batch_size=200,
    )


def envelope_sender(message_id: str) -> str:
    """Where bounces of this message go: EMAIL_BOUNCE with the message for its `{id}`, or the sender's address."""
    local = message_id.strip("<>").partition("@")[0]
    return _PLACEHOLDER.sub(local, settings.EMAIL_BOUNCE) or sender()[1]


def recallable() -> MessageQuerySet:
    """Messages that nobody has tried to send yet, so that a later one may replace them."""
    return Message.objects.filter(state__in=[State.QUEUED, State.PAUSED], attempts=0)


def recall(messages: Iterable[Message]) -> int:
    """How many of these were replaced by later ones before they left."""
    return recallable().filter(pk__in=[message.pk for message in messages]).update(state=State.MERGED)


def hush(session: Session, name: str) -> int:
    """How many mails lost their subject because the session is secret now; what has not left never will.

    `name` is the neutral one: subjects that have it told nothing.
    """
    telling = Message.objects.filter(session_id=session.pk).exclude(subject__contains=name)
    telling.filter(state__in=[State.QUEUED, State.PAUSED]).update(state=State.MERGED)
    return telling.update(subject=name)


def octets(message: Message) -> bytes:
    """The exact mail. Raises NotTaken when it cannot be read back as it was stored."""
    try:
        found = links.opened(message.octets)
    except InvalidToken as wrong_key:
        raise NotTaken("The stored mail was sealed under another DATA_KEY.", is_final=False) from wrong_key
    if hashlib.sha256(found).hexdigest() != message.sha256:
        raise NotTaken("The stored mail is not what was written.", is_final=True)
    return found


def facts(message: Message) -> dict[str, Any]:
    """What the mail told."""
    return dict(json.loads(links.opened(message.facts))) if message.facts else {}


def due_streams(limit: int = _AT_ONCE) -> list[str]:
    """Streams whose next message may leave now, the longest waiting first."""
    heads = _heads().filter(send_after__lte=timezone.now()).order_by("send_after", "id")
    return list(heads.values_list("stream", flat=True)[:limit])


def deliver(stream: str, by_carrier: Carrier) -> Counter[str]:
    """How many messages of the stream went which way (`sent`, `failed`, `put_off`), in their order.

    Stops at the first that did not leave. Raises ServerDown with nothing lost.
    """
    tally: Counter[str] = Counter()
    while message := _claim(stream):
        outcome = _carry(message, by_carrier)
        tally[outcome] += 1
        if outcome == "put_off":
            break
    return tally


def deliver_due(*, seconds: float = 5.0) -> str:
    """One sentence on what was sent; "" when nothing was due. Repeat-safe, and safe beside another sender.

    Stops after some seconds of work, so that a worker told to end can.
    """
    if not due_streams(limit=1):
        return ""
    tally = Counter[str]()
    try:
        with carrier() as open_carrier:
            _deliver_until(time.monotonic() + seconds, open_carrier, tally)
    except ServerDown as down:
        _note_server_down(str(down.extra["cause"]))
        return f"Mail server down: {down.extra['cause']}; {tally['sent']} sent before."
    return f"{tally['sent']} sent, {tally['put_off']} put off, {tally['failed']} failed."


@transaction.atomic
def pause(*, session: Session, by: Actor) -> int:
    """How many waiting mails of the session were held back; a repeat is harmless."""
    must(by, Can.INVITE, on=session)
    held = Message.objects.waiting().filter(session_id=session.pk).update(state=State.PAUSED)
    audit.record("mail.paused", on=session, by=by, after={"messages": held})
    return held


@transaction.atomic
def resume(*, session: Session, by: Actor) -> int:
    """How many held mails of the session go on their way; a repeat is harmless."""
    must(by, Can.INVITE, on=session)
    freed = Message.objects.filter(session_id=session.pk, state=State.PAUSED).update(state=State.QUEUED)
    audit.record("mail.resumed", on=session, by=by, after={"messages": freed})
    return freed


def progress(session: Session) -> dict[str, int]:
    """How many messages of the session are in each state, states without one left out."""
    return dict(Counter(Message.objects.filter(session_id=session.pk).values_list("state", flat=True)))


def _deliver_until(end: float, by_carrier: Carrier, tally: Counter[str]) -> None:
    """Carry out what is due, counting in `tally`, until nothing is or the clock has run out."""
    while streams := due_streams():
        for stream in streams:
            if time.monotonic() >= end or not may_carry():
                return
            tally.update(deliver(stream, by_carrier))


_SAME_NAMES = (
    "stream",
    "method",
    "recipient",
    "message_id",
    "subject",
    "dtstamp",
    "event_uid",
    "sequence",
    "session_id",
    "session_version",
)


def _paused_sessions(session_ids: set[int]) -> set[int | None]:
    paused = Message.objects.filter(session_id__in=session_ids, state=State.PAUSED)
    return set(paused.values_list("session_id", flat=True).distinct())


def _heads() -> MessageQuerySet:
    """The first message of each stream that is still to leave; a paused one holds back those behind it."""
    earlier = Message.objects.filter(
        stream=OuterRef("stream"), state__in=[State.QUEUED, State.PAUSED], id__lt=OuterRef("id")
    )
    return Message.objects.waiting().filter(~Exists(earlier))


def _claim(stream: str) -> Message | None:
    """The head of the stream, now ours until the lease ends; None when none is due or another sender was first."""
    now = timezone.now()
    head = _heads().filter(stream=stream, send_after__lte=now).order_by("id").first()
    if head is None:
        return None
    mine = Message.objects.waiting().filter(pk=head.pk, attempts=head.attempts, send_after=head.send_after)
    if not mine.update(attempts=F("attempts") + 1, send_after=now + LEASE):
        return None
    head.attempts += 1
    return head


def _carry(message: Message, by_carrier: Carrier) -> str:
    try:
        parcel = Parcel(message.message_id, message.envelope_sender, message.recipient, octets(message))
        by_carrier.carry(parcel)
    except NotTaken as refusal:
        return _put_off(message, refusal)
    except ServerDown as down:
        _free(message, str(down.extra["cause"]))
        raise
    message.state, message.sent_at, message.last_error = State.SENT, timezone.now(), ""
    message.save(update_fields=["state", "sent_at", "last_error"])
    return "sent"


def _put_off(message: Message, refusal: NotTaken) -> str:
    """Wait longer with each refusal; give up at a final one, or when the next try would be too late."""
    pause_minutes = PAUSE_MINUTES[min(message.attempts, len(PAUSE_MINUTES)) - 1]
    message.send_after = timezone.now() + dt.timedelta(minutes=pause_minutes)
    is_over = refusal.is_final or message.send_after > message.created_at + GIVES_UP_AFTER
    message.state = State.FAILED if is_over else State.QUEUED
    message.last_error = refusal.words
    message.save(update_fields=["state", "send_after", "last_error"])
    return "failed" if is_over else "put_off"


def _free(message: Message, words: str) -> None:
    """Give a claim back whose message was never offered to a server."""
    message.attempts -= 1
    message.send_after, message.last_error = timezone.now(), words
    message.save(update_fields=["attempts", "send_after", "last_error"])


def _note_server_down(words: str) -> None:
    """Show on what waits why it waits; written once, not at each tick."""
    due = Message.objects.waiting().filter(send_after__lte=timezone.now())
    due.exclude(last_error=words).update(last_error=words)
