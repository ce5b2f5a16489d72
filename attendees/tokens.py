"""What stands on a badge for machines: the 34-digit token in its QR and the 8-digit code under it.

Digits only, so that a USB scanner typing through a Vietnamese keyboard (Telex, VNI) changes nothing, and so
that a QR of 25 modules at error level H holds them. Pure: the key comes from the caller, nothing is stored here.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

PREFIX_DIGITS = 4
SECRET_DIGITS = 30
TOKEN_DIGITS = PREFIX_DIGITS + SECRET_DIGITS
TYPED_DIGITS = 8

# Damm's quasigroup of order 10 (H. M. Damm, 2004): catches each single slip and each swap of neighbours.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SEPARATORS = re.compile("[ \t\r\n\u00a0.-]+")


@dataclass(frozen=True, slots=True)
class Code:
    """What was shown at a door: its own prefix (none when typed) and the key under which a roster keeps it."""

    prefix: str | None
    key: str


def badge_token(key: bytes, *, prefix: str, serial: str) -> str:
    """The 34 digits of a badge: its session's (or chain's) prefix, then 30 digits bound to its serial.

    The same key, prefix and serial always give the same token, so it need not be stored to be printed again.
    """
    _must_be_digits(prefix, PREFIX_DIGITS)
    return prefix + _digits(key, f"badge|{prefix}|{serial}", SECRET_DIGITS)


def typed_code(key: bytes, *, serial: str, attempt: int = 0) -> str:
    """The 8 digits printed under the QR; raise `attempt` when the code is taken within its session or chain."""
    body = _digits(key, f"typed|{serial}|{attempt}", TYPED_DIGITS - 1)
    return body + check_digit(body)


def check_digit(digits: str) -> str:
    """Damm's check digit of a string of digits."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def is_sound(typed: str) -> bool:
    """Whether the last digit of a typed code checks the others."""
    return check_digit(typed) == "0"


def read(text: str, *, prefix: str) -> Code | None:
    """The code in what a camera, a USB scanner or a finger gave, at the door of `prefix`; None when it is none.

    Blanks, dots and hyphens are ignored. A typed code carries no prefix of its own: it belongs to this door's.
    """
    digits = _SEPARATORS.sub("", text)
    if not re.fullmatch("[0-9]+", digits):
        return None
    if len(digits) == TOKEN_DIGITS:
        return Code(prefix=digits[:PREFIX_DIGITS], key=token_key(digits))
    if len(digits) == TYPED_DIGITS and is_sound(digits):
        return Code(prefix=None, key=typed_key(digits, prefix=prefix))
    return None


def token_key(token: str) -> str:
    """What database and door keep instead of the token: SHA-256, as hexadecimal."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def typed_key(typed: str, *, prefix: str) -> str:
    """The key of a typed code within its session or chain: SHA-256, as hexadecimal."""
    return hashlib.sha256(f"{prefix}{typed}".encode("ascii")).hexdigest()


def spaced(typed: str) -> str:
    """A typed code as people read it aloud: two groups of four."""
    return f"{typed[:4]} {typed[4:]}"


def _digits(key: bytes, message: str, count: int) -> str:
    mac = hmac.new(key, message.encode(), hashlib.sha256).digest()
    return str(int.from_bytes(mac, "big") % 10**count).zfill(count)


def _must_be_digits(text: str, count: int) -> None:
    if not re.fullmatch(f"[0-9]{{{count}}}", text):
        raise ValueError(f"expected {count} digits")
