"""Words of users as iCalendar content lines that they cannot break out of (RFC 5545 §3.1–3.3, RFC 6868)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy as _

from planner.errors import RuleBroken

LINE_OCTETS = 75
CRLF = "\r\n"

# Every character that some reader takes for an end of line: \r\n first, so that it counts once.
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, lone surrogates, byte-order marks and the marks that turn the direction of what follows.
_UNFIT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What a fold may not part: an escape, or a letter and the marks that sit on it (no more than four: a
# hostile pile of marks must still fit a line).
_PIECES = re.compile(r"(?:\\.|\^.|.)[\u0300-\u036f]{0,4}", re.DOTALL)
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
)


class UnfitAddress(RuleBroken):
    """An address that cannot stand in a mail header or a calendar line."""

    code = "unfit_address"
    message = _("This is not a mail address: name@place.example, no blanks, no accents.")


def lines(text: str) -> str:
    """The text in NFC with "\\n" as its only line end and nothing invisible that could act."""
    return unicodedata.normalize("NFC", _UNFIT.sub(" ", _LINE_ENDS.sub("\n", text))).strip()


def one_line(text: str) -> str:
    """The text in NFC on one line, runs of space made one."""
    return " ".join(lines(text).split())


def escape(text: str) -> str:
    """A TEXT value (RFC 5545 §3.3.11)."""
    cleaned = lines(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return cleaned.replace("\n", "\\n")


def quoted(text: str) -> str:
    """A quoted parameter value; quotes and carets by RFC 6868."""
    return '"' + one_line(text).replace("^", "^^").replace('"', "^'") + '"'


def address(text: str) -> str:
    """A mail address as typed, trimmed. Raises UnfitAddress for all but plain ASCII `local@domain`."""
    trimmed = text.strip()
    if not _ADDRESS.fullmatch(trimmed):
        raise UnfitAddress
    return trimmed


def mailto(text: str) -> str:
    """A mail address as a CAL-ADDRESS (RFC 6068). Raises UnfitAddress."""
    return "mailto:" + quote(address(text), safe="@!$&'*+-=_`{|}~./")


def web_address(text: str) -> str:
    """An http(s) address with anything unfit for a URI percent-encoded; "" when it is no such address."""
    cleaned = one_line(text)
    fits = urlsplit(cleaned).scheme in ("http", "https")
    return quote(cleaned, safe="%/:?#[]@!$&'()*+,;=-._~") if fits else ""


def line(name: str, value: str, parameters: Mapping[str, str] | None = None) -> str:
    """One folded content line with its CRLF. Value and parameters must already be escaped or quoted."""
    start = name + "".join(f";{key}={word}" for key, word in (parameters or {}).items())
    return fold(f"{start}:{value}")


def fold(content: str) -> str:
    """The line in pieces of at most 75 octets, parting no character and no escape (RFC 5545 §3.1)."""
    if content.isascii() and len(content) <= LINE_OCTETS:
        return content + CRLF
    rows: list[str] = []
    row, octets = "", 0
    for piece in _PIECES.findall(content):
        size = len(piece.encode())
        if octets + size > LINE_OCTETS:
            rows.append(row)
            row, octets = " ", 1
        row, octets = row + piece, octets + size
    return CRLF.join([*rows, row]) + CRLF


def block(name: str, content: Sequence[str]) -> str:
    """Folded lines between BEGIN and END."""
    return f"BEGIN:{name}{CRLF}{''.join(content)}END:{name}{CRLF}"
