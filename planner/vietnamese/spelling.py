"""Where the tone mark sits in oa, oe and uy: hòa and ủy, or hoà and uỷ, as the office chooses."""

from __future__ import annotations

import re
from enum import StrEnum

from planner.vietnamese.letters import composed, tone_of, with_tone, without_tone


class Spelling(StrEnum):
    """The two ways of writing a tone over an open oa, oe, uy."""

    OLD = "old"
    """hòa, khỏe, ủy, thủy"""
    NEW = "new"
    """hoà, khoẻ, uỷ, thuỷ"""


_O = "oòóỏõọOÒÓỎÕỌ"
_U = "uùúủũụUÙÚỦŨỤ"
_AE = "aàáảãạeèéẻẽẹAÀÁẢÃẠEÈÉẺẼẸ"
_Y = "yỳýỷỹỵYỲÝỶỸỴ"
_PAIR = re.compile(rf"(?<![^\W\d_])([^\W\d_aeiouy]*?)(?:([{_O}])([{_AE}])|([{_U}])([{_Y}]))(?![^\W\d_])")


def respell(text: str, style: Spelling) -> str:
    """The text in NFC with every open oa, oe, uy in the chosen style; all else is untouched.

    After q the u belongs to the consonant: “quý” in both styles, a typed “qúy” is mended.
    """
    return _PAIR.sub(lambda match: _placed(match, style), composed(text))


def _placed(match: re.Match[str], style: Spelling) -> str:
    onset = match[1]
    first, second = (match[2], match[3]) if match[2] else (match[4], match[5])
    tone = tone_of(first) or tone_of(second)
    if style is Spelling.NEW or onset.lower() == "q":
        return onset + without_tone(first) + with_tone(second, tone)
    return onset + with_tone(first, tone) + without_tone(second)
