"""Reports that a mail was not delivered (RFC 3464), as mail servers write them."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from attendees.itip import headers
from attendees.itip.findings import Bounce, NotOurs


def read(mail: Message, parts: list[Message]) -> Bounce | NotOurs:
    """The report, when it speaks of a failure for good; a delay changes nothing."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for report in reports for block in _blocks(report)]
    failed = [block for block in blocks if headers.words(block, "Action").strip().lower() == "failed"]
    if not failed:
        return NotOurs("no_failure")
    statuses = [headers.words(block, "Status").strip() for block in failed]
    return Bounce(
        message_id=_returned_id(parts),
        recipients=tuple(dict.fromkeys(address for block in failed for address in _recipients(block))),
        status=statuses[0][:40],
        addressed_to=_addressed_to(mail),
    )


def _blocks(report: Message) -> list[Message]:
    payload = report.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _recipients(block: Message) -> Iterator[str]:
    for name in ("Original-Recipient", "Final-Recipient"):
        address = headers.words(block, name).rpartition(";")[2].strip().strip("<>").lower()
        if "@" in address:
            yield address[:254]


def _returned_id(parts: list[Message]) -> str:
    """The Message-ID of our mail as the report returns it: whole, or its headers alone."""
    for part in parts[1:]:
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            returned = payload if isinstance(payload, bytes) else b""
            return headers.message_id(message_from_bytes(returned))
        inner = part.get_payload()
        if kind == "message/rfc822" and isinstance(inner, list) and inner and isinstance(inner[0], Message):
            return headers.message_id(inner[0])
    return ""


def _addressed_to(mail: Message) -> tuple[str, ...]:
    """Whom the report was delivered to: with EMAIL_BOUNCE the address itself names the message."""
    names = ("Delivered-To", "X-Original-To", "To")
    found = (parseaddr(str(value))[1].lower() for name in names for value in mail.get_all(name, []))
    return tuple(dict.fromkeys(address for address in found if "@" in address))
