"""A demo office from nothing: the same for the same seed, anchored in the present ISO week."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from attendees.models import Delegate
from planner.access import SYSTEM
from planner.flow import week_steps
from planner.management.demo import (
    crowds,
    logins,
    officials,
    outings,
    places,
    province,
    records,
    seats,
    ward,
)
from planner.management.demo.doors import Doors
from planner.management.demo.lists import Lists
from planner.management.demo.meetings import Calendar
from planner.management.demo.sessions import Programme
from planner.management.demo.world import SIZES, Size, World
from planner.models import Body, KindProfile, Office, Person, Session, SessionKind, Term, Unit, User
from planner.services import accounts, audit, offices


class NotEmpty(Exception):
    """There is an office here already."""


@dataclass(frozen=True)
class Filled:
    """What was made."""

    office: str
    units: int
    people: int
    sessions: int
    delegates: int
    logins: tuple[tuple[str, str, str], ...]


def fill(*, size: str, seed: int) -> Filled:
    """The office of that size, all in one transaction, and its log-ins. Raises NotEmpty."""
    if (
        User.objects.exists()
        or Office.objects.exists()
        or Person.objects.exists()
        or Session.objects.exists()
    ):
        raise NotEmpty
    with transaction.atomic():
        world = _found(SIZES[size], seed)
        _people(world)
        delegates = _programme(world)
        rows = logins.open_accounts(world)
        _approve_weeks(world)
        audit.record("office.demonstrated", on=world.office, by=SYSTEM, after={"size": size, "seed": seed})
    logins.keep(rows)
    return Filled(
        office=world.office.name,
        units=Unit.objects.count(),
        people=len(world.people),
        sessions=Session.objects.count(),
        delegates=len(delegates),
        logins=tuple(rows),
    )


def _found(size: Size, seed: int) -> World:
    """The office with its terms, units and rooms."""
    cast = ward.CAST if size.is_ward else province.CAST
    today = timezone.localdate()
    office = Office.objects.create(
        pk=1,
        name=cast.office,
        parent_name=cast.parent,
        issuer_name=cast.office,
        code=cast.code,
        kind=cast.kind,
        place=cast.place,
        address=f"Số 01 đường Trần Hưng Đạo, {cast.place}",
        phone="0990 000 000",
        email=f"vanphong@{cast.domain}",
        is_demo=True,
    )
    # Midnight, not this minute: the same seed gives the same office all day.
    now = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    world = World(size=size, seed=seed, cast=cast, today=today, now=now, office=office)
    world.terms = Term.objects.bulk_create(_terms(world))
    places.found_office(world)
    places.furnish(world)
    return world


def _terms(world: World) -> list[Term]:
    """The present term and the one before, five years each from a congress in the autumn of a year ending in 0 or 5."""
    begun = (world.today.year - 2020) // 5 * 5 + 2020
    present = offices.term_of(f"{begun}–{begun + 5}", begun)
    if world.today < present.starts_on:
        begun -= 5
    return [offices.term_of(f"{year}–{year + 5}", year) for year in (begun - 5, begun)]


def _people(world: World) -> None:
    staff = officials.appoint_everybody(world)
    crowds.fill_up(staff)
    staff.write()
    officials.name_helpers(world)
    seats.found_bodies(world)
    seats.form_groups(world)
    seats.print_titles(world)
    crowds.gather(world)
    records.write(world)
    if world.size.event == "network":
        crowds.spread_network(world)


def _approve_weeks(world: World) -> None:
    """Last week, this one and the next as the Thường trực approved them; the one after is still being drafted."""
    head = accounts.actor_for(User.objects.get(username="chanhvanphong"))
    for ahead in (-1, 0, 1):
        iso = (world.monday + dt.timedelta(weeks=ahead)).isocalendar()
        week_steps.submit(iso.year, iso.week, by=head)
        week_steps.approve(iso.year, iso.week, approved_by=str(world.people["bt"]), by=head)


def _programme(world: World) -> list[Delegate]:
    """Past and coming sessions with lists, answers and counts, and the leaders' engagements."""
    inspection = world.bodies[Body.Kind.INSPECTION]
    KindProfile.objects.create(
        kind=SessionKind.REGULAR,
        body=inspection,
        uses_ordinal=True,
        title_template="Kỳ họp {body} {ordinal}",
        minutes=180,
    )
    meetings = crowds.more_meetings(world, [*Calendar(world).meetings(), *crowds.events(world)])
    programme = Programme(world)
    rows = programme.write(meetings)
    delegates = Lists(world).write(rows)
    Doors(world).write(rows, delegates)
    outings.write(world, programme.diaries, outings.Diary(world).outings(min(row.meeting.on for row in rows)))
    return delegates
