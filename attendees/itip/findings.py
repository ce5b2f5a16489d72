"""What a mail to the answers' mailbox can say, as plain values."""

from dataclasses import dataclass
from datetime import datetime

MOST_OCTETS = 1024 * 1024
MOST_COMPONENTS = 200
MOST_LINES = 20_000
MOST_SEQUENCE = 2**31 - 1


class Unfit(ValueError):
    """The mail breaks a limit or a rule; the word says which."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on the outside: who wrote, the mail's own id, its date. Empty where nothing usable stands."""

    sender: str = ""
    message_id: str = ""
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A METHOD:REPLY of one attendee. `tokens`: pages of ours that the calendar part names."""

    uid: str
    attendee: str
    partstat: str
    sequence: int
    dtstamp: datetime | None = None
    comment: str = ""
    recurrence_id: str = ""
    delegated_to: str = ""
    sent_by: str = ""
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counter(Answer):
    """A METHOD:COUNTER: another time proposed."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delegated(Answer):
    """An answer that sends somebody else."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail of ours was not delivered (RFC 3464)."""

    message_id: str
    recipients: tuple[str, ...]
    status: str
    addressed_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutOfOffice:
    """An automatic answer; it changes nothing."""


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A mail without an answer in it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that breaks a limit or a rule; `reason` is a code."""

    reason: str


Finding = Answer | Bounce | OutOfOffice | NotOurs | Unreadable
