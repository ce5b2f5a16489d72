"""Headers of strangers' mails: decoded where they can be, never raising."""

import contextlib
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime


def words(mail: Message, name: str) -> str:
    """A header's words decoded; the raw text when its encoding lies; "" without it. Nothing unprintable."""
    value = str(mail.get(name, ""))
    with contextlib.suppress(LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return "".join(sign if sign.isprintable() else " " for sign in value)


def message_id(mail: Message) -> str:
    """The Message-ID with its angle brackets; "" for none."""
    found = re.search(r"<[^<>\s]{1,240}>", words(mail, "Message-ID"))
    return found[0] if found else ""


def written_at(mail: Message) -> datetime | None:
    """The Date, aware; None where none can be read."""
    try:
        found = parsedate_to_datetime(words(mail, "Date"))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
