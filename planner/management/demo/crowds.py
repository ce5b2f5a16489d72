"""Great numbers for drills: more people, more sessions, a full hall, a congress, a network of bridge points."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from planner.management.demo import wording
from planner.management.demo.meetings import Meeting
from planner.management.demo.officials import Staffing
from planner.management.demo.world import World
from planner.models import Body, SessionKind, Unit

_CROWD = 104  # people of an added conference
POINTS = 2212
_COMMITTEE_POSTS = (
    "Ủy viên Ban Thường vụ",
    "Chủ nhiệm Ủy ban Kiểm tra",
    "Trưởng Ban Xây dựng Đảng",
    "Chuyên viên",
    "Chuyên viên",
)


def fill_up(staff: Staffing) -> None:
    """As many people as the size asks for, in the communes' committees, or a ward's cells."""
    world = staff.world
    cells = [unit for key, unit in world.units.items() if key.startswith("cb")]
    homes, posts = (world.committees, _COMMITTEE_POSTS) if world.committees else (cells, ("Đảng viên",))
    for number in range(max(world.size.people - len(staff.people), 0)):
        home = homes[number % len(homes)]
        staff.add(f"crowd{number}", home, [(staff.rng.choice(posts), home)])


def gather(world: World) -> None:
    """Who is a delegate of the great event, by precedence."""
    everyone = sorted(world.people.values(), key=lambda person: (person.rank, person.seniority))
    world.groups["event"] = [person for person in everyone if person.unit_id][: world.size.delegates]


def events(world: World) -> Iterator[Meeting]:
    """The great session the size is made for; a congress is a chain of three."""
    day = _next_working_day(world, world.today + dt.timedelta(days=1))
    if world.size.event == "hall":
        title = "Hội nghị tổng kết công tác năm và triển khai nhiệm vụ trọng tâm"
        yield Meeting(day, "8:00", 210, SessionKind.REVIEW, "event", title, room="ht")
    elif world.size.event == "network":
        yield Meeting(
            day, "7:30", 240, SessionKind.STUDY, "event", wording.STUDY_TITLES[1], room="ht", mode="hybrid"
        )
    elif world.size.event == "congress":
        yield from _congress(world, day)


def _next_working_day(world: World, day: dt.date) -> dt.date:
    """The event lies ahead, so that its doors can still be tried."""
    while not world.works(day):
        day += dt.timedelta(days=1)
    return day


def _congress(world: World, day: dt.date) -> Iterator[Meeting]:
    name = world.bodies[Body.Kind.CONGRESS].name
    room = "ht" if world.size.is_ward else "tthn"
    if world.size.is_ward:  # the ward's congress lies three weeks ahead, as a plan
        day = _next_working_day(world, day + dt.timedelta(weeks=3))
    preparatory = Meeting(
        day, "13:30", 210, SessionKind.CONGRESS_PREPARATORY, "event", room=room, chain=name, prepared_by="btc"
    )
    opening = _next_working_day(world, day + dt.timedelta(days=1))
    official = replace(preparatory, on=opening, at="7:30", minutes=240, kind=SessionKind.CONGRESS)
    yield replace(preparatory, title=f"{name}: phiên trù bị", chain_position=1)
    yield replace(official, title=f"{name}: phiên chính thức thứ nhất", chain_position=2)
    yield replace(
        official, at="13:30", minutes=210, title=f"{name}: phiên chính thức thứ hai", chain_position=3
    )


def more_meetings(world: World, meetings: list[Meeting]) -> list[Meeting]:
    """The calendar thickened to more sessions than the size asks for; what finds no chair falls out later."""
    missing = round((world.size.sessions - len(meetings)) * 1.5)
    if missing <= 0:
        return meetings
    rng = world.rng("crowds")
    first = min(one.on for one in meetings)
    days = (world.today - first).days
    world.groups["crowd"] = [person for key, person in world.people.items() if key.startswith("crowd")]
    extra = [_extra(world, rng, first + dt.timedelta(days=n * days // missing), n) for n in range(missing)]
    return [*meetings, *extra]


def _extra(world: World, rng: Random, on: dt.date, number: int) -> Meeting:
    """One conference of many people, on the next working day."""
    while not world.works(on):
        on += dt.timedelta(days=1)
    title, kind, _audience, minutes, agency, _chair = rng.choice(world.cast.conferences)
    audience = f"crowd:{number}"
    world.groups[audience] = rng.sample(world.groups["crowd"], _CROWD)
    chairs = tuple(f"{key}.head" for key in rng.sample([a.key for a in world.cast.agencies if a.head], 3))
    at, room = rng.choice(("8:00", "14:00")), rng.choice(("hb", "p5", "p2"))
    return Meeting(
        on,
        at,
        min(minutes, 180),
        kind,
        audience,
        title,
        room=room,
        chairs=chairs[:1],
        prepared_by=agency,
        is_extra=True,
    )


def spread_network(world: World) -> list[Unit]:
    """The tree of bridge points: communes of the country, until with their provinces there are as many as wanted."""
    rows = list(Unit.objects.filter(kind=Unit.Kind.PROVINCE, ends_on=None).order_by("code"))
    communes = Unit.objects.filter(parent__in=rows, ends_on=None).order_by("code")
    chosen = [*rows, *communes[: POINTS - len(rows)]]
    for unit in chosen:
        unit.tags = [*unit.tags, "điểm cầu"]
    Unit.objects.bulk_update(chosen, ["tags"], batch_size=500)
    return chosen
