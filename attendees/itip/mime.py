"""A whole mail as octets: plain text, HTML and, last, the calendar part (RFC 5322, 2045–2047, 6047). Pure.

The standard `email` package builds the parts; only what it gets wrong or leaves to chance (boundary, folding of
long Vietnamese headers) is settled here, so that the same letter always gives the same octets.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.charset import BASE64, Charset
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

from attendees.itip.text import address, lines, one_line

HEADER_OCTETS = 76
_WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=None)
_UTF8 = Charset("utf-8")
_UTF8.header_encoding = BASE64


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as a header shows them."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar part: its octets and the METHOD they carry."""

    octets: bytes
    method: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one recipient. `message_id` with its angle brackets; `written_at` aware."""

    sender: Mailbox
    recipient: Mailbox
    subject: str
    text: str
    html: str
    message_id: str
    written_at: datetime
    calendar: Calendar | None = None
    language: str = "vi"
    headers: tuple[tuple[str, str], ...] = ()


def octets(letter: Letter) -> bytes:
    """The message as it goes over the wire, CRLF throughout. Raises UnfitAddress."""
    whole = MIMEMultipart("alternative", boundary=_boundary(letter))
    del whole["MIME-Version"]
    for name, value in _headers(letter):
        whole[name] = value
    whole.attach(_part("plain", lines(letter.text) + "\n"))
    whole.attach(_part("html", letter.html))
    if letter.calendar:
        whole.attach(_calendar_part(letter.calendar))
    return whole.as_bytes(policy=_WIRE)


def _headers(letter: Letter) -> list[tuple[str, str]]:
    return [
        ("From", _mailbox("From", letter.sender)),
        ("To", _mailbox("To", letter.recipient)),
        ("Subject", _words("Subject", letter.subject)),
        ("Date", format_datetime(letter.written_at)),
        ("Message-ID", one_line(letter.message_id)),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", letter.language),
        *((name, _words(name, value)) for name, value in letter.headers),
        ("MIME-Version", "1.0"),
    ]


def _mailbox(header: str, mailbox: Mailbox) -> str:
    plain = address(mailbox.address)
    name = one_line(mailbox.name)
    if not name:
        return plain
    if _stands_as_it_is(name, len(header) + 2 + len('"" <>') + len(plain)):
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + f'" <{plain}>'
    return f"{_encoded_words(header, name)}\r\n <{plain}>"


def _words(header: str, text: str) -> str:
    cleaned = one_line(text)
    if _stands_as_it_is(cleaned, len(header) + 2):
        return cleaned
    return _encoded_words(header, cleaned)


def _stands_as_it_is(text: str, beside: int) -> bool:
    """Whether ASCII text fits its line, even with each quote escaped, and cannot be taken for an encoded word."""
    escapes = text.count('"') + text.count("\\")
    return text.isascii() and "=?" not in text and beside + len(text) + escapes <= HEADER_OCTETS


@lru_cache(maxsize=4096)  # sender and subject are the same in all letters of a session
def _encoded_words(header: str, text: str) -> str:
    """Encoded words that part no character (RFC 2047 §5), folded."""
    return Header(text, _UTF8, HEADER_OCTETS - 1, header).encode(linesep="\r\n")


def _part(subtype: str, text: str) -> Message:
    return _encoded(MIMENonMultipart("text", subtype, charset="utf-8"), _wire_text(text))


def _calendar_part(calendar: Calendar) -> Message:
    part = MIMENonMultipart("text", "calendar", charset="utf-8", method=calendar.method)
    return _encoded(part, calendar.octets)


def _encoded(part: Message, content: bytes) -> Message:
    del part["MIME-Version"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(content).decode("ascii"))
    return part


def _wire_text(text: str) -> bytes:
    return "\r\n".join(text.splitlines()).encode() + b"\r\n"


def _boundary(letter: Letter) -> str:
    return "=_" + sha256(letter.message_id.encode()).hexdigest()[:28]
