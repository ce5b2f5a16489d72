"""Telephone numbers and e-mail addresses out of cells that people typed."""

import re
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from planner.vietnamese import fold

_SEPARATORS = re.compile(r"[;,/\n]|\s[-–—]\s|\bhoặc\b|\bvà\b", re.IGNORECASE)
_USUAL = re.compile(r"0[35789]\d{8}")  # mobile numbers of today, known without asking the big tables
_NUMBER = re.compile(r"\+?\(?\+?\d[\d\s.\-–()]*\d")
_NONE = {
    "",
    "chua co",
    "khong co",
    "khong",
    "ko",
    "ko co",
    "k",
    "chua",
    "none",
    "na",
    "n a",
    "x",
    "chua cap nhat",
    "dang cap nhat",
    "bo sung sau",
}

# 11-digit mobile numbers ended in 2018; the operators published which prefix became which.
_MOVED = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contacts:
    """What a cell yields: values that hold, and texts that look like one and are none."""

    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


def is_none(text: str) -> bool:
    """True for what people write instead of leaving a cell empty: "chưa có", "-", "không"."""
    return len(text) < 20 and "@" not in text and fold(text) in _NONE


def phones(text: str) -> Contacts:
    """Telephone numbers: dots, spaces and lost zeros mended, two in a cell parted.

    Vietnamese numbers come as ten or eleven digits with the leading 0, others as +country number.
    """
    if is_none(text):
        return Contacts()
    good: dict[str, None] = {}
    bad: list[str] = []
    for piece in _pieces(text):
        number = phone(piece)
        if number:
            good[number] = None
        else:
            bad.append(piece.strip())
    return Contacts(tuple(good), tuple(bad))


def phone(text: str) -> str:
    """One number in the form the directory keeps; empty when it cannot be one."""
    digits = re.sub(r"[^\d+]", "", text.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("84") and len(digits) in (11, 12):
        digits = "+" + digits
    elif digits and digits[0] not in "0+" and len(digits) in (9, 10):
        digits = "0" + digits  # Excel takes the leading zero from a number
    if len(digits) == 11 and digits[:4] in _MOVED:
        digits = _MOVED[digits[:4]] + digits[4:]
    if _USUAL.fullmatch(digits):
        return digits
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number) or len(str(number.national_number)) < 7:
        return ""
    if number.country_code == 84:
        return f"0{number.national_number}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def emails(text: str) -> Contacts:
    """E-mail addresses in lower case."""
    if is_none(text):
        return Contacts()
    good: dict[str, None] = {}
    bad: list[str] = []
    for piece in re.split(r"[;,\s]+|(?<=\w)/(?=\w)", text.replace("mailto:", "")):
        address = piece.strip("<>()[]\"'.").lower()
        if not address or is_none(address):
            continue
        if _is_address(address):
            good[address] = None
        else:
            bad.append(piece)
    return Contacts(tuple(good), tuple(bad))


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254


def _pieces(text: str) -> list[str]:
    """Parts of the cell that hold a number; words around it ("ĐT:", "(thư ký)") fall away."""
    found: list[str] = []
    for part in filter(str.strip, _SEPARATORS.split(text)):
        number = _NUMBER.search(part)
        if number is None:
            found.append(part)
        elif sum(sign.isdigit() for sign in number[0]) > 13:
            found.extend(_run_together(part))
        else:
            found.append(number[0])
    return found


def _run_together(part: str) -> list[str]:
    """Two numbers with nothing but a space or a dash between them."""
    parted = [piece for piece in re.split(r"[-–—]", part) if piece.strip()]
    if all(9 <= sum(sign.isdigit() for sign in piece) <= 12 for piece in parted):
        return parted
    two = re.fullmatch(r"(0\d{9,10})(0\d{9,10})", re.sub(r"\D", "", part))
    return [two[1], two[2]] if two else [part]
