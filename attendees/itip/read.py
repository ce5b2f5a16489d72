"""What a mail to the answers' mailbox says: an answer, a proposal, a bounce, or nothing for us. Pure.

The mail is a stranger's: its size and its number of calendar components are bounded, and whatever cannot be read
becomes Unreadable with a reason.
"""

from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr

from attendees.itip import answers, bounces, headers
from attendees.itip.findings import MOST_OCTETS, Envelope, Finding, NotOurs, OutOfOffice, Unfit, Unreadable


def envelope(octets: bytes) -> Envelope:
    """Sender, Message-ID and date of a mail; never raises."""
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(octets[:MOST_OCTETS], headersonly=True)
        return Envelope(
            sender=parseaddr(headers.words(mail, "From"))[1].strip().lower()[:254],
            message_id=headers.message_id(mail),
            written_at=headers.written_at(mail),
        )
    except Exception:  # a stranger's octets may break any reader, and one mail must not stop the others
        return Envelope()


def find(octets: bytes) -> Finding:
    """What the mail says; never raises."""
    if len(octets) > MOST_OCTETS:
        return Unreadable("too_large")
    try:
        return _find(BytesParser(policy=policy.compat32).parsebytes(octets))
    except Unfit as trouble:
        return Unreadable(str(trouble))
    except Exception:  # see above
        return Unreadable("unreadable")


def _find(mail: Message) -> Finding:
    parts = list(mail.walk())
    if mail.get_content_type() == "multipart/report" or any(
        part.get_content_type() == "message/delivery-status" for part in parts
    ):
        return bounces.read(mail, parts)
    for part in parts:
        if (finding := answers.read(part)) is not None:
            return finding
    return OutOfOffice() if _is_automatic(mail) else NotOurs("no_answer")


def _is_automatic(mail: Message) -> bool:
    submitted = headers.words(mail, "Auto-Submitted").strip().lower()
    precedence = headers.words(mail, "Precedence").strip().lower()
    return (
        submitted.startswith(("auto-replied", "auto-generated", "auto-notified"))
        or precedence in ("auto_reply", "bulk", "junk")
        or any(
            mail.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From")
        )
    )
