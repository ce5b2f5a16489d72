"""Great numbers for drills: more people, more sessions, a full hall, a congress, a network of bridge points."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from planner.management.demo import wording
from planner.management.demo.meetings import Meeting
from planner.management.demo.officials import Staffing
from planner.management.demo.world import World
from planner.models import Body, Person, SessionKind, Unit

HALL_SEATS, CONGRESS_SEATS, POINTS = 650, 2000, 2212
_EVENT_WEEKDAY = 4  # Friday of the present week
_STAFF_POSTS = ("Chuyên viên", "Phó Trưởng phòng", "Trưởng phòng", "Bí thư Chi bộ")


def fill_up(staff: Staffing) -> None:
    """As many people as the size asks for, in the communes' committees; delegates of the great event among them."""
    world = staff.world
    wanted = max(world.size.people, {"hall": 900, "congress": 2400, "network": 2900}.get(world.size.event, 0))
    homes = world.committees or [world.units["party"]]
    for number in range(max(wanted - len(staff.people), 0)):
        home = homes[number % len(homes)]
        staff.add(f"crowd{number}", home, [(staff.rng.choice(_STAFF_POSTS), home)])


def gather(world: World) -> None:
    """Groups for the great events: who is a delegate, by precedence."""
    everyone = sorted(world.people.values(), key=lambda person: (person.rank, person.seniority))
    eligible = [person for person in everyone if person.unit_id]
    world.groups["hall"] = eligible[:HALL_SEATS]
    world.groups["congress"] = eligible[:CONGRESS_SEATS]
    world.groups["network"] = eligible[:300]


def events(world: World) -> Iterator[Meeting]:
    """The great session the size is made for; a congress is a chain of three."""
    day = world.monday + dt.timedelta(days=_EVENT_WEEKDAY)
    if world.size.event == "hall":
        title = "Hội nghị tổng kết công tác năm và triển khai nhiệm vụ trọng tâm"
        yield Meeting(day, "8:00", 210, SessionKind.REVIEW, "hall", title, room="ht")
    elif world.size.event == "network":
        yield Meeting(
            day, "7:30", 240, SessionKind.STUDY, "network", wording.STUDY_TITLES[1], room="ht", mode="hybrid"
        )
    elif world.size.event == "congress" or world.size.is_ward:
        yield from _congress(world, day)


def _congress(world: World, day: dt.date) -> Iterator[Meeting]:
    name = world.bodies[Body.Kind.CONGRESS].name
    room = "ht" if world.size.is_ward else "tthn"
    if world.size.is_ward:  # the ward's congress lies three weeks ahead, as a plan
        day += dt.timedelta(weeks=3)
    official = Meeting(
        day, "7:30", 240, SessionKind.CONGRESS, "congress", room=room, chain=name, prepared_by="btc"
    )
    preparatory = replace(
        official, on=day - dt.timedelta(days=1), at="13:30", kind=SessionKind.CONGRESS_PREPARATORY
    )
    yield replace(preparatory, title=f"{name}: phiên trù bị", chain_position=1)
    yield replace(official, title=f"{name}: phiên chính thức thứ nhất", chain_position=2)
    yield replace(
        official, at="13:30", minutes=210, title=f"{name}: phiên chính thức thứ hai", chain_position=3
    )


def more_meetings(world: World, meetings: list[Meeting]) -> list[Meeting]:
    """The calendar thickened to as many sessions as the size asks for, spread evenly over its past."""
    missing = world.size.sessions - len(meetings)
    if missing <= 0:
        return meetings
    rng = world.rng("crowds")
    past = [one for one in meetings if one.on < world.today]
    first, days = past[0].on, (world.today - past[0].on).days
    extra = []
    for number in range(missing):
        on = first + dt.timedelta(days=number * days // missing)
        while not world.works(on):
            on += dt.timedelta(days=1)
        title, kind, audience, minutes, agency, chair = rng.choice(wording.CONFERENCES)
        audience = rng.choice(("heads", "departments", "communes", "key_officials"))
        at = rng.choice(("8:00", "14:00"))
        extra.append(
            Meeting(
                on,
                at,
                min(minutes, 180),
                kind,
                audience,
                title,
                room="p2",
                chairs=(chair,),
                prepared_by=agency,
            )
        )
    return sorted([*meetings, *extra], key=lambda one: one.on)


def spread_network(world: World) -> list[Unit]:
    """The tree of bridge points: communes of the country, until with their provinces there are as many as wanted."""
    rows = list(Unit.objects.filter(kind=Unit.Kind.PROVINCE, ends_on=None).order_by("code"))
    communes = Unit.objects.filter(parent__in=rows, ends_on=None).order_by("code")
    chosen = [*rows, *communes[: POINTS - len(rows)]]
    for unit in chosen:
        unit.tags = [*unit.tags, "điểm cầu"]
    Unit.objects.bulk_update(chosen, ["tags"], batch_size=500)
    return chosen
