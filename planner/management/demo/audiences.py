"""Who is on the list of a meeting: members, guests of single items, groups; nobody in two places at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from planner.management.demo.meetings import Meeting
from planner.management.demo.world import World
from planner.models import Body, Membership, Person
from planner.services.bodies import PLACES
from planner.spans import Span

_GUEST_POSITION = 1000
_STAND_INS = ("pbt_tt", "pbt_ub", "pbt_hd", "vp.head")
SUMMONED, INVITED = "summoned", "invited"


@dataclass(frozen=True)
class Listed:
    """One person to stand on a list, with why; `items` are the numbers of the agenda items they come for."""

    person: Person
    role: str
    why: str
    position: int = _GUEST_POSITION
    is_member: bool = False
    items: tuple[int, ...] = ()


@dataclass
class Diaries:
    """When everybody is busy, so that the demo's lists hold no clash of their own."""

    spans: dict[int, list[Span]] = field(default_factory=dict)

    def is_free(self, person: Person, span: Span) -> bool:
        """True when nothing of theirs overlaps."""
        return not any(span.overlaps(other) for other in self.spans.get(person.pk, ()))

    def take(self, people: Iterable[Person], span: Span) -> None:
        """They are busy then."""
        for person in people:
            self.spans.setdefault(person.pk, []).append(span)


class Audiences:
    """Answers who comes, from the bodies and groups of the office."""

    def __init__(self, world: World, diaries: Diaries) -> None:
        self.world = world
        self.diaries = diaries
        self.keys = {person.pk: key for key, person in world.people.items()}
        self.places = {
            (row.body_id, row.person_id): row.position
            for row in Membership.objects.only("body", "person", "position")
        }

    def chairs(self, meeting: Meeting, span: Span) -> list[Person]:
        """Those of the chairs named who are free, else the first leader who is, else nobody."""
        named = [self.world.people[key] for key in meeting.chairs if key in self.world.people]
        if meeting.clashes_on_purpose:
            return named
        free = [person for person in named if self.diaries.is_free(person, span)]
        others = (self.world.people[key] for key in _STAND_INS if key in self.world.people)
        return free or [person for person in others if self.diaries.is_free(person, span)][:1]

    def listed(self, meeting: Meeting, span: Span, chairs: list[Person]) -> list[Listed]:
        """Everybody once, members first; whoever is busy elsewhere is left to their deputy or left out."""
        rows: dict[int, Listed] = {}
        for row in (*self._chairing(chairs, meeting), *self._wanted(meeting)):
            person = row.person if row.is_member else self._free(row.person, span)
            if person is not None and person.pk not in rows:
                rows[person.pk] = (
                    row if person is row.person else Listed(person, row.role, row.why, row.position)
                )
        stays = meeting.clashes_on_purpose
        return [
            row for row in rows.values() if stays or row.is_member or self.diaries.is_free(row.person, span)
        ]

    def _chairing(self, chairs: list[Person], meeting: Meeting) -> Iterator[Listed]:
        if not meeting.body:
            for person in chairs:
                yield Listed(person, SUMMONED, "Chủ trì", 1)

    def _free(self, person: Person, span: Span) -> Person | None:
        """The person, else a deputy of theirs who is free."""
        if self.diaries.is_free(person, span):
            return person
        key = self.keys.get(person.pk, "")
        deputies = [self.world.people.get(f"{key.removesuffix('.head')}.deputy{n}") for n in range(3)]
        return next((one for one in deputies if one is not None and self.diaries.is_free(one, span)), None)

    def _wanted(self, meeting: Meeting) -> Iterator[Listed]:
        if meeting.body:
            yield from self._members(meeting.body)
            yield from self._reporters(meeting)
            if meeting.body in (Body.Kind.STANDING, Body.Kind.STANDING_BOARD) and not meeting.is_secret:
                yield from self._group("office", INVITED, "Lãnh đạo Văn phòng")
        elif meeting.audience == "visit":
            yield from self._group("office", SUMMONED, "Lãnh đạo Văn phòng", most=1)
            yield from self._group("party_boards", SUMMONED, "Lãnh đạo ban Đảng", most=3)
            yield from self._group("departments", SUMMONED, "Lãnh đạo sở", most=4)
        elif meeting.audience == "study":
            yield from self._members(Body.Kind.STANDING_BOARD)
            yield from self._group("communes", SUMMONED, "Bí thư Đảng ủy xã, phường, đặc khu")
            yield from self._group("heads", SUMMONED, "Thủ trưởng cơ quan cấp tỉnh")
        elif meeting.audience == "key_officials":
            yield from self._group("key_officials", SUMMONED, "Cán bộ chủ chốt")
        else:
            yield from self._group(
                meeting.audience, SUMMONED, _WHY.get(meeting.audience, "Thành phần hội nghị")
            )
            yield from self._group("office", INVITED, "Lãnh đạo Văn phòng", most=1)

    def _members(self, kind: str) -> Iterator[Listed]:
        body = self.world.bodies[kind]
        why = _MEMBER.get(Body.Kind(kind), "Thành viên") + f" {body.short_name}"
        for person in self.world.seats.get(kind, ()):
            place = self.places.get((body.pk, person.pk), PLACES[Membership.Role.MEMBER])
            yield Listed(person, SUMMONED, why.strip(), place, is_member=True)

    def _reporters(self, meeting: Meeting) -> Iterator[Listed]:
        """The heads of the agencies that prepare an item come for that item."""
        items: dict[str, list[int]] = {}
        for number, (_topic, agency) in enumerate(meeting.topics, start=1):
            items.setdefault(agency, []).append(number)
        for agency, numbers in items.items():
            head = self.world.people.get(f"{agency}.head") or self.world.people.get(f"{agency}.deputy0")
            if head is not None and head not in self.world.seats.get(meeting.body, ()):
                words = ", ".join(str(number) for number in numbers)
                yield Listed(head, INVITED, f"Báo cáo mục {words}", items=tuple(numbers))

    def _group(self, key: str, role: str, why: str, most: int | None = None) -> Iterator[Listed]:
        for person in self.world.groups.get(key, [])[:most]:
            yield Listed(person, role, why)


_MEMBER = {
    Body.Kind.COMMITTEE: "Ủy viên",
    Body.Kind.STANDING_BOARD: "Ủy viên",
    Body.Kind.STANDING: "",
    Body.Kind.INSPECTION: "Thành viên",
}
_WHY = {
    "heads": "Thủ trưởng cơ quan cấp tỉnh",
    "party_boards": "Lãnh đạo ban Đảng",
    "departments": "Lãnh đạo sở",
    "communes": "Bí thư Đảng ủy xã, phường, đặc khu",
    "commune_offices": "Chánh Văn phòng Đảng ủy xã, phường, đặc khu",
    "retired": "Nguyên lãnh đạo tỉnh",
    "office": "Lãnh đạo Văn phòng",
    "cells": "Bí thư chi bộ",
    "event": "Đại biểu",
}
