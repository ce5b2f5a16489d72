"""People's names: written one way, sorted as Vietnamese lists are, found without diacritics."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from planner.vietnamese.letters import LOOKALIKES, composed, tone_of, without_tone

SORT_KEY_LENGTH = 300
"""No sort key is longer; the columns that store one have this length."""

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_END, _SPACE, _NUMBER, _FIRST_LETTER, _OTHER = "00", "01", "02", 10, "98"
_CODES = {letter: str(_FIRST_LETTER + i) for i, letter in enumerate(_ALPHABET)}

_TITLES = re.compile(
    r"^(?:(?:đ/c|đ\.c|đồng chí|ông(?!\s+(?:thị|ích)\b)|bà|ths|ts|pgs|gs|bs|ks|cn)(?:[.:]\s*|\s+))+(?=\S)",
    re.IGNORECASE,
)
"""“Ông” before Thị or Ích is a family name (Ông Ích Khiêm)."""
_UNIT_PREFIX = re.compile(r"(xã|x|phường|p|đặc khu|đk|thị trấn|tt)(?:\s*\.\s*|\s+)(?=\S)", re.IGNORECASE)
_UNIT_KINDS = {
    "xa": "Xã",
    "x": "Xã",
    "phuong": "Phường",
    "p": "Phường",
    "dackhu": "Đặc khu",
    "dk": "Đặc khu",
    "thitran": "Thị trấn",
    "tt": "Thị trấn",
}
_NOT_WORD = re.compile(r"[\W_]+")
_JOINERS = re.compile(r"'|(?<=\d)\.(?=\d)")
_PIECE = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\d+|[^\W\d_]|[\s\-]+")


class Name(NamedTuple):
    """A full name in its three parts; a single word is a given name."""

    family: str
    middle: str
    given: str


def normalise_name(text: str) -> str:
    """The text in NFC with single spaces, without invisible marks; Ð (eth) becomes Đ."""
    return " ".join(composed(text).split())


def without_title(text: str) -> str:
    """The name without “Đ/c”, “Ông”, “Bà”, “TS.” and their like before it."""
    name = normalise_name(text)
    return _TITLES.sub("", name) if " " in name else name


def proper_case(text: str) -> str:
    """The name with capital initials; words already in mixed case (McDonald) stay as they are."""
    return _PIECE.sub(lambda match: _capitalised(match[0]), normalise_name(text))


def _capitalised(word: str) -> str:
    if word.isupper() or word.islower():
        return word[0].upper() + word[1:].lower()
    return word


def unit_name(text: str) -> str:
    """The name of a commune-level unit written out: “X. Duy Xuyên”, “XÃ BA CHẼ”, “P.An Hải”.

    Other names (Văn phòng Tỉnh ủy) come back as they are.
    """
    name = normalise_name(text)
    match = _UNIT_PREFIX.match(name)
    if not match:
        return name
    return f"{_UNIT_KINDS[fold(match[1]).replace(' ', '')]} {proper_case(name[match.end() :])}"


def split_name(full_name: str) -> Name:
    """Family, middle and given name: first word, what is between, last word."""
    words = normalise_name(full_name).split()
    if not words:
        return Name("", "", "")
    family = words[0] if len(words) > 1 else ""
    return Name(family, " ".join(words[1:-1]), words[-1])


def sort_key(full_name: str) -> str:
    """A string whose plain byte order is the order of names in Vietnamese lists.

    Given name first, then middle, then family name; letters a ă â b … y z first, then tones
    ngang, huyền, sắc, hỏi, ngã, nặng. Only the digits 0–9, so that SQLite, PostgreSQL in any
    collation and Python agree. Case, apostrophes and the place of a tone (hòa, hoà) do not count.
    At most SORT_KEY_LENGTH characters.
    """
    name = split_name(full_name)
    return "".join(_part_key(part) for part in (name.given, name.middle, name.family))[:SORT_KEY_LENGTH]


def text_key(text: str) -> str:
    """The same order for texts that are no names (units, rooms): left to right, numbers by value.

    “Phường 2” comes before “Phường 10”. Only digits, at most SORT_KEY_LENGTH characters.
    """
    return _part_key(normalise_name(text))[:SORT_KEY_LENGTH]


def _part_key(part: str) -> str:
    """Letters of the whole part, an end mark, then one tone digit for each syllable."""
    letters: list[str] = []
    tones: list[int] = [0]
    for token in _TOKEN.findall(_JOINERS.sub("", part.lower())):
        if token.isspace() or "-" in token:
            letters.append(_SPACE)
            tones.append(0)
        elif token[0].isdecimal():
            letters.append(_number_code(token))
        else:
            letters.append(_letter_code(without_tone(token)))
            tones[-1] = tones[-1] or tone_of(token)
    return "".join(letters) + _END + "".join(map(str, tones))


def _letter_code(letter: str) -> str:
    if known := _CODES.get(letter):
        return known
    base = unicodedata.normalize("NFKD", letter)[0]  # é is an e here, as in ICU's first level
    return _CODES.get(base, f"{_OTHER}{ord(letter[0]):07d}")


def _number_code(digits: str) -> str:
    value = str(int(digits))[:99]
    return f"{_NUMBER}{len(value):02d}{value}"


def fold(text: str) -> str:
    """What search compares: no case, tones, shapes, đ, punctuation or double spaces.

    `Nguyễn Thị Hường`, `NGUYEN  THI HUONG` and its NFD form fold alike, so do uỷ and ủy.
    Apostrophes and dots between digits vanish (H'Hen → hhen, 0912.345.678 → 0912345678); other
    punctuation parts words.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", composed(text)).casefold()).translate(
        LOOKALIKES
    )
    bare = "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")
    return _NOT_WORD.sub(" ", _JOINERS.sub("", bare)).strip()
