"""Search without diacritics over the stored, folded keys of people, units, posts and delegates."""

import re
from typing import Any, TypeVar

from django.db.models import Case, IntegerField, QuerySet, Value, When

from planner.vietnamese import fold

Rows = TypeVar("Rows", bound=QuerySet[Any])
_MOST_WORDS = 8  # more words only slow the query down; nobody types them
_PART_OF_A_NUMBER = 3  # the last digits of a telephone number are what people remember
_DIALLED = re.compile(r"(?<!\w)\+?\d[\d .\-]{5,}\d(?!\w)")


def words_of(text: str) -> list[str]:
    """The folded words of what somebody typed; a telephone number is one word, +84 is read as 0."""
    joined = _DIALLED.sub(lambda match: f" {_national(match[0])} ", text)
    return fold(joined).split()[:_MOST_WORDS]


def key_of(*texts: str) -> str:
    """What a row is found by: folded texts, each word after a space; H'Hen is found by `hhen` and by `hen`."""
    parts = [text for given in texts for text in (given, given.replace("'", " ") if "'" in given else "")]
    return f" {fold(' '.join(dict.fromkeys(filter(None, parts))))}"


def matching(rows: Rows, text: str, key: str = "search_key") -> Rows:
    """Those of `rows` in whose key every typed word begins a word.

    Three digits and more may stand anywhere in a number. An empty text finds all. `key` may reach through a relation: "person__search_key".
    """
    for word in words_of(text):
        if word.isdigit() and len(word) >= _PART_OF_A_NUMBER:
            rows = rows.filter(**{f"{key}__contains": word})
        else:
            rows = rows.filter(**{f"{key}__contains": f" {word}"})
    return rows


def best_first(rows: Rows, text: str, name: str) -> Rows:
    """`rows` with those first whose field `name` holds the very letters typed, tone marks and all."""
    spoken = " ".join(text.split())
    is_exact = Case(
        When(**{f"{name}__icontains": spoken}, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.order_by(is_exact, *(rows.query.order_by or ("pk",)))


def _national(typed: str) -> str:
    digits = re.sub(r"\D", "", typed)
    return f"0{digits[2:]}" if typed.startswith("+84") or re.fullmatch(r"84\d{9}", digits) else digits
