"""Bodies and who sits in them, and the groups that conferences call together."""

import datetime as dt

from planner.management.demo.cast import BOARD, COMMITTEE, DEPUTY, LEADERS, SECRETARY, STANDING_DEPUTY
from planner.management.demo.world import World
from planner.models import Appointment, Body, Membership, Person, SessionKind, StandingRule
from planner.services import titles
from planner.services.bodies import PLACES

_ROLES = {
    SECRETARY: Membership.Role.SECRETARY,
    STANDING_DEPUTY: Membership.Role.STANDING_DEPUTY,
    DEPUTY: Membership.Role.DEPUTY,
    BOARD: Membership.Role.STANDING_MEMBER,
    COMMITTEE: Membership.Role.MEMBER,
}
_WHO = {
    Body.Kind.COMMITTEE: (*LEADERS, BOARD, COMMITTEE),
    Body.Kind.STANDING_BOARD: (*LEADERS, BOARD),
    Body.Kind.STANDING: LEADERS,
}
# rhythm as RRULE, hour, minutes
_RHYTHMS = {
    Body.Kind.STANDING: ("FREQ=WEEKLY;BYDAY=MO", dt.time(8, 30), 120),
    Body.Kind.STANDING_BOARD: ("FREQ=MONTHLY;BYDAY=2TH,4TH", dt.time(13, 30), 210),
    Body.Kind.COMMITTEE: ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1WE", dt.time(7, 30), 420),
    Body.Kind.INSPECTION: ("FREQ=MONTHLY;BYDAY=3WE", dt.time(14, 0), 180),
}
_NUMBERED = (Body.Kind.COMMITTEE, Body.Kind.INSPECTION, Body.Kind.CONGRESS)


def found_bodies(world: World) -> None:
    """The bodies with their rhythm and the members of the present term."""
    for position, (kind, (name, short)) in enumerate(world.cast.body_names.items(), start=1):
        world.bodies[kind] = Body.objects.create(
            kind=kind,
            name=name,
            short_name=short,
            position=position,
            uses_ordinals=kind in _NUMBERED,
            unit=world.units["party"],
        )
    _seat_members(world)
    world.rules = {kind: _rhythm(world, kind) for kind in _RHYTHMS}
    StandingRule.objects.bulk_create(world.rules.values())


def _rhythm(world: World, kind: Body.Kind) -> StandingRule:
    """The body's rhythm since the demo's history begins; the committee's quarters are counted from a December."""
    rrule, hour, minutes = _RHYTHMS[kind]
    first = world.first_week
    return StandingRule(
        body=world.bodies[kind],
        kind=SessionKind.REGULAR,
        rrule=rrule,
        starts_time=hour,
        minutes=minutes,
        room_id=_usual_room(world, kind),
        starts_on=dt.date(first.year - 1, 12, 1) if kind == Body.Kind.COMMITTEE else first,
    )


def _usual_room(world: World, kind: str) -> int:
    wanted = {Body.Kind.STANDING: "tt", Body.Kind.COMMITTEE: "ht"}.get(Body.Kind(kind), "p1")
    return (world.rooms.get(wanted) or world.rooms["p1"]).pk


def _seat_members(world: World) -> None:
    rows: list[Membership] = []
    for kind, ranks in _WHO.items():
        members = [person for person, rank in world.sits if rank in ranks]
        world.seats[kind] = members
        roles = {person.pk: _ROLES[rank] for person, rank in world.sits}
        rows += [_membership(world, kind, person, roles[person.pk]) for person in members]
    world.seats[Body.Kind.INSPECTION] = _inspectors(world)
    for n, person in enumerate(world.seats[Body.Kind.INSPECTION]):
        role = (
            Membership.Role.SECRETARY
            if n == 0
            else Membership.Role.DEPUTY
            if n <= 2
            else Membership.Role.MEMBER
        )
        rows.append(_membership(world, Body.Kind.INSPECTION, person, role))
    Membership.objects.bulk_create(rows)


def _membership(world: World, kind: str, person: Person, role: str) -> Membership:
    return Membership(
        person=person,
        body=world.bodies[kind],
        term=world.term,
        role=role,
        position=PLACES[Membership.Role(role)],
        starts_on=world.term.starts_on,
    )


def _inspectors(world: World) -> list[Person]:
    keys = [
        "ubkt.head",
        *(f"ubkt.deputy{n}" for n in range(3)),
        "btc.deputy0",
        "nc.deputy0",
        "ttra.deputy0",
        "ca.deputy0",
    ]
    known = [world.people[key] for key in keys if key in world.people]
    staff = [person for key, person in world.people.items() if key.startswith("staff")]
    return [*known, *staff][: world.cast.inspectors]


def form_groups(world: World) -> None:
    """The circles conferences call together, by precedence; key officials carry the tag."""
    people = world.people
    agencies = world.cast.agencies
    by_rank = sorted(people.values(), key=lambda person: (person.rank, person.seniority))
    world.groups = {
        "heads": [people[f"{a.key}.head"] for a in agencies if a.head],
        "party_boards": [people[f"{a.key}.head"] for a in agencies if a.head and "ban Đảng" in a.tags],
        "departments": [people[f"{a.key}.head"] for a in agencies if a.head and "sở" in a.tags],
        "communes": [people[f"{commune.code}.bt"] for commune in world.communes],
        "chairmen": [people[f"{commune.code}.ct"] for commune in world.communes],
        "commune_offices": [people[f"{commune.code}.vp"] for commune in world.communes],
        "retired": [person for key, person in people.items() if key.startswith("retired")],
        "office": [
            people["vp.head"],
            *(people[f"vp.deputy{n}"] for n in range(3) if f"vp.deputy{n}" in people),
        ],
        "cells": [people[f"{a.key}.head"] for a in agencies if a.head and "chi bộ" in a.tags],
    }
    committee = world.seats[Body.Kind.COMMITTEE]
    seated = {person.pk for person in committee}
    of_communes = {commune.pk for commune in world.committees}
    others = [p for p in by_rank if p.pk not in seated and p.unit_id and p.unit_id not in of_communes]
    key_officials = [*committee, *others][: world.cast.key_officials]
    world.groups["key_officials"] = key_officials
    for person in key_officials:
        person.tags = [*person.tags, "cán bộ chủ chốt"]
    Person.objects.bulk_update(key_officials, ["tags"])


def print_titles(world: World) -> None:
    """What letters print behind each name, looked up once."""
    rows = Appointment.objects.select_related("post", "unit").order_by("position", "id")
    held: dict[int, list[Appointment]] = {}
    for row in rows:
        held.setdefault(row.person_id, []).append(row)
    world.titles = {pk: titles.printed(posts, world.today) for pk, posts in held.items()}
