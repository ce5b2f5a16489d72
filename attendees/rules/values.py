"""The plain values rules are made of, speak about and result in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

ROLES = ("summoned", "invited", "guest", "service", "press", "technical")  # the strongest first


@dataclass(frozen=True)
class Units:
    """Which units: by id, or all of a kind, below another, or with a tag (those given hold together)."""

    ids: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    under: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ids or self.kinds or self.under or self.tags)


@dataclass(frozen=True)
class Rule:
    """One node of a rule, read and sound."""

    bodies: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    units: Units = Units()
    roles: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    any: tuple[Rule, ...] = ()
    all: tuple[Rule, ...] = ()
    less: tuple[Rule, ...] = ()
    former: bool = False
    items: frozenset[int] = frozenset()
    seats: int = 0
    role: str = ""
    until: str = ""
    words: str = ""

    @property
    def selects(self) -> bool:
        """Whether the node itself names anybody."""
        return bool(self.bodies or self.posts or self.units or self.roles or self.tags or self.people)

    def nodes(self) -> Iterator[Rule]:
        """This node and all below it."""
        yield self
        for child in (*self.any, *self.all, *self.less):
            yield from child.nodes()


class Held(NamedTuple):
    """A post held, now or formerly, as it is printed."""

    person: int
    post: int
    unit: int | None
    words: str
    is_former: bool


class Seat(NamedTuple):
    """A seat in a body, now or formerly, as it is printed."""

    person: int
    body: int
    role: str
    words: str
    is_former: bool


class UnitFact(NamedTuple):
    """What a rule may ask of a unit."""

    name: str
    kind: str
    parent: int | None
    tags: frozenset[str]


@dataclass
class Directory:
    """The part of the directory a rule speaks of, as plain values."""

    held: list[Held] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    homes: dict[int, int] = field(default_factory=dict)  # person → own unit
    tags: dict[int, frozenset[str]] = field(default_factory=dict)  # person → tags
    people: frozenset[int] = frozenset()  # those named that exist
    units: dict[int, UnitFact] = field(default_factory=dict)
    bodies: dict[str, frozenset[int]] = field(default_factory=dict)  # id or kind as written → ids
    posts: dict[str, frozenset[int]] = field(default_factory=dict)  # id or name as written → ids
    named: str = ""  # the word for "named in person"


@dataclass
class Pick:
    """Why somebody is on the list; `items` empty means the whole session; `role` may be empty."""

    why: list[str]
    items: frozenset[int] = frozenset()
    role: str = ""

    def joined(self, other: Pick) -> Pick:
        """Both reasons: the stronger role; the whole session wins over single items."""
        items = self.items | other.items if self.items and other.items else frozenset()
        roles = [role for role in ROLES if role in (self.role, other.role)]
        return Pick(list(dict.fromkeys([*self.why, *other.why])), items, roles[0] if roles else "")


class OpenSeat(NamedTuple):
    """A unit is asked for so many people, by a day, in these words ("đại diện lãnh đạo")."""

    unit: int
    seats: int
    until: str
    words: str


Picks = dict[int, Pick]
