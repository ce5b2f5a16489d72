"""A rule as JSON, read and checked: every mistake is named with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from attendees.rules.values import ROLES, Rule, Units
from planner.errors import RuleBroken

SELECTORS = ("body", "post", "unit", "role", "tag", "person")
COMBINATORS = ("any", "all", "except")
SWITCHES = ("former", "items", "seats", "as", "until", "words")
UNIT_WORDS = ("kind", "under", "tag")
DEEPEST = 12
LONGEST = 200  # characters of an id, name or tag


class BadRule(RuleBroken):
    """The rule cannot be read; the message says where."""

    code = "bad_rule"
    message = _("The rule cannot be read.")


def read(raw: Any, *, place: str = "rule", depth: int = 0) -> Rule:
    """The rule that JSON says. Raises BadRule, naming the place."""
    if depth > DEEPEST:
        raise _bad(place, _("The rule is nested too deeply."))
    if not isinstance(raw, Mapping):
        raise _bad(place, _("A rule is an object."))
    strange = [key for key in raw if key not in (*SELECTORS, *COMBINATORS, *SWITCHES)]
    if strange:
        raise _bad(place, _("A rule does not know this word: %(word)s.") % {"word": str(strange[0])[:40]})
    children = {name: _children(raw, name, place, depth) for name in COMBINATORS}
    rule = Rule(
        bodies=_words(raw, "body", place),
        posts=_words(raw, "post", place),
        units=_units(raw.get("unit"), f"{place}.unit"),
        roles=_words(raw, "role", place),
        tags=_words(raw, "tag", place),
        people=_words(raw, "person", place),
        any=children["any"],
        all=children["all"],
        less=children["except"],
        former=_switch(raw, "former", place),
        items=frozenset(_numbers(raw.get("items"), f"{place}.items")),
        seats=next(iter(_numbers(raw.get("seats"), f"{place}.seats")), 0),
        role=_text(raw.get("as", ""), f"{place}.as"),
        until=_text(raw.get("until", ""), f"{place}.until"),
        words=_text(raw.get("words", ""), f"{place}.words"),
    )
    _refuse_unsound(rule, place)
    return rule


def _bad(place: str, words: Any) -> BadRule:
    return BadRule(fields={place: words})


def _children(raw: Mapping[str, Any], name: str, place: str, depth: int) -> tuple[Rule, ...]:
    value = raw.get(name)
    if value is None:
        return ()
    listed = value if isinstance(value, list) else [value]
    return tuple(
        read(child, place=f"{place}.{name}.{number}", depth=depth + 1) for number, child in enumerate(listed)
    )


def _words(raw: Mapping[str, Any], name: str, place: str) -> frozenset[str]:
    return frozenset(_listed(raw.get(name), f"{place}.{name}"))


def _listed(value: Any, place: str) -> list[str]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in values):
        raise _bad(place, _("Give an id or a list of ids."))
    return [_text(str(one), place) for one in values]


def _text(value: Any, place: str) -> str:
    """The text, which any database can keep and any paper print."""
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise _bad(place, _("Give a short, printable text."))
    return value


def _switch(raw: Mapping[str, Any], name: str, place: str) -> bool:
    value = raw.get(name, False)
    if not isinstance(value, bool):
        raise _bad(f"{place}.{name}", _("Give true or false."))
    return value


def _units(value: Any, place: str) -> Units:
    if not isinstance(value, Mapping):
        return Units(ids=frozenset(_listed(value, place)))
    if strange := [key for key in value if key not in UNIT_WORDS]:
        raise _bad(place, _("A rule does not know this word: %(word)s.") % {"word": str(strange[0])[:40]})
    kinds, under, tags = (frozenset(_listed(value.get(word), f"{place}.{word}")) for word in UNIT_WORDS)
    return Units(kinds=kinds, under=under, tags=tags)


def _numbers(value: Any, place: str) -> list[int]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(one, int) and not isinstance(one, bool) and 0 < one < 10_000 for one in values):
        raise _bad(place, _("Give whole numbers from 1."))
    return values


def _refuse_unsound(rule: Rule, place: str) -> None:
    if rule.role and rule.role not in ROLES:
        raise _bad(f"{place}.as", _("There is no such role on a list."))
    if rule.seats and not rule.units:
        raise _bad(f"{place}.seats", _("Seats are asked of units: name the unit."))
    if rule.less and not (rule.selects or rule.any or rule.all):
        raise _bad(f"{place}.except", _("Say from whom to take these away."))
