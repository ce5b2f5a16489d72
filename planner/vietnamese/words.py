"""Numbers as an office writes them: lần thứ nhất, lần thứ XIV, bảy mươi mốt."""

from __future__ import annotations

import re

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu", " tỷ")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_ROMAN_FORM = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")


def number_words(number: int) -> str:
    """The number in words: 21 → “hai mươi mốt”, 105 → “một trăm linh năm”; 0 to 999 tỷ."""
    if not 0 <= number < 10**12:
        raise ValueError(f"No words for {number}")
    if number == 0:
        return _DIGITS[0]
    groups: list[str] = []
    for power in range(3, -1, -1):
        group = number // 1000**power % 1000
        if group:
            groups.append(_below_thousand(group, leads=not groups) + _GROUPS[power])
    return " ".join(groups)


def _below_thousand(number: int, *, leads: bool) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds and leads:
        return _below_hundred(rest)
    words = f"{_DIGITS[hundreds]} trăm"
    if rest == 0:
        return words
    return f"{words} linh {_DIGITS[rest]}" if rest < 10 else f"{words} {_below_hundred(rest)}"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    lead = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return lead
    if ones == 1 and tens > 1:
        return f"{lead} mốt"
    if ones == 4 and tens > 1:
        return f"{lead} tư"
    return f"{lead} lăm" if ones == 5 else f"{lead} {_DIGITS[ones]}"


def ordinal_words(number: int) -> str:
    """The ordinal in words: 1 → “thứ nhất”, 4 → “thứ tư”, 24 → “thứ hai mươi tư”."""
    if number < 1:
        raise ValueError(f"No ordinal for {number}")
    return "thứ " + {1: "nhất", 4: "tư"}.get(number, number_words(number))


def roman(number: int) -> str:
    """The Roman numeral congresses use: 14 → “XIV”; 1 to 3999."""
    if not 1 <= number < 4000:
        raise ValueError(f"No Roman numeral for {number}")
    letters: list[str] = []
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters.append(sign * count)
    return "".join(letters)


def from_roman(text: str) -> int:
    """The number a Roman numeral means; ValueError unless it is written properly."""
    numeral = text.strip().upper()
    if not numeral or not _ROMAN_FORM.fullmatch(numeral):
        raise ValueError(f"“{text}” is no Roman numeral")
    values = {sign: value for value, sign in _ROMAN}
    total, before = 0, 0
    for sign in reversed(numeral):
        total += values[sign] if values[sign] >= before else -values[sign]
        before = max(before, values[sign])
    return total


def times_ordinal(number: int, *, style: str = "figure") -> str:
    """“lần thứ 9” (`figure`), “lần thứ XIV” (`roman`) or “lần thứ nhất” (`words`)."""
    if style == "roman":
        return f"lần thứ {roman(number)}"
    return f"lần {ordinal_words(number)}" if style == "words" else f"lần thứ {number}"
