"""What a Vietnamese letter is made of: base, shape and tone, whatever way it was typed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0309\u0303\u0323"
"""Huyền, sắc, hỏi, ngã, nặng: the order of Vietnamese dictionaries (ngang comes before)."""

LOOKALIKES = str.maketrans(
    {
        "\u00d0": "\u0110",  # Ð (eth) for Đ: old fonts and converters write it, no search finds it
        "\u00f0": "\u0111",
        "\u0189": "\u0110",
        "\u0256": "\u0111",
        "\u02bc": "'",
        "\u2018": "'",
        "\u2019": "'",
        "\u00b4": "'",
        "\u0060": "'",
        "\u00a0": " ",
        "\u00ad": "",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\u2060": "",
        "\ufeff": "",
    }
)

_CLUSTER = re.compile(r"([A-Za-z])([\u0300-\u036f]{2,})")


def composed(text: str) -> str:
    """The text in NFC with look-alikes mended, also when a tone was typed before the shape."""
    plain = unicodedata.normalize("NFD", text.translate(LOOKALIKES))
    return unicodedata.normalize("NFC", _CLUSTER.sub(_shape_before_tone, plain))


def _shape_before_tone(match: re.Match[str]) -> str:
    marks = sorted(match[2], key=lambda mark: mark in TONES)
    return match[1] + "".join(marks)


@lru_cache(maxsize=4096)
def tone_of(letter: str) -> int:
    """Which tone the letter carries: 0 ngang, 1 huyền, 2 sắc, 3 hỏi, 4 ngã, 5 nặng."""
    for mark in unicodedata.normalize("NFD", letter):
        if mark in TONES:
            return TONES.index(mark) + 1
    return 0


@lru_cache(maxsize=4096)
def without_tone(letter: str) -> str:
    """The letter with its shape and without its tone: ế → ê, Ợ → Ơ."""
    parts = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", "".join(p for p in parts if p not in TONES))


def with_tone(letter: str, tone: int) -> str:
    """The letter carrying the tone of that number (0 takes it away)."""
    bare = without_tone(letter)
    return unicodedata.normalize("NFC", bare + TONES[tone - 1]) if tone else bare
