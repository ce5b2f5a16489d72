"""What the makers of the demo share: the size wanted, the random streams, and what stands already."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone

from planner.management.demo.cast import Cast
from planner.models import Body, Office, Person, StandingRule, Term, Unit
from planner.spans import Span
from rooms.models import Layout, Room


@dataclass(frozen=True)
class Size:
    """How much of everything a demo office holds; `event` is a great session it is made for."""

    name: str
    is_ward: bool = False
    years: int = 1  # terms of the past: 1 is the present term so far, 5 is five years back
    sessions: int = 0  # so many in all, whatever the rhythm gives; 0 leaves it to the rhythm
    people: int = 0  # at least so many in all
    event: str = ""
    delegates: int = 0  # of the event


SIZES = {
    size.name: size
    for size in (
        Size("ward", is_ward=True, people=280, event="congress", delegates=250),
        Size("province"),
        Size("hall", years=0, people=900, event="hall", delegates=650),
        Size("network", years=0, people=2900, event="network", delegates=300),
        Size("congress", years=0, people=2400, event="congress", delegates=2000),
        Size("year", years=5, sessions=1500, people=20_000),
    )
}


@dataclass
class World:
    """The office while it is being made; everything in it is saved already."""

    size: Size
    seed: int
    cast: Cast
    today: dt.date
    now: dt.datetime
    office: Office
    terms: list[Term] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    communes: list[Unit] = field(default_factory=list)
    committees: list[Unit] = field(default_factory=list)  # the Party units of the communes, in the same order
    people: dict[str, Person] = field(default_factory=dict)
    sits: list[tuple[Person, str]] = field(default_factory=list)  # who has a seat, by precedence
    titles: dict[int, str] = field(default_factory=dict)  # what letters print behind a person's name
    bodies: dict[str, Body] = field(default_factory=dict)
    rules: dict[str, StandingRule] = field(default_factory=dict)  # body kind → its rhythm
    seats: dict[str, list[Person]] = field(default_factory=dict)  # body kind → members by precedence
    groups: dict[str, list[Person]] = field(default_factory=dict)  # heads, departments, secretaries …
    rooms: dict[str, Room] = field(default_factory=dict)
    layouts: dict[str, list[Layout]] = field(default_factory=dict)  # room key → its layouts
    days_off: set[dt.date] = field(default_factory=set)
    taken: dict[int, list[Span]] = field(default_factory=dict)  # room id → occupied

    def rng(self, name: str) -> Random:
        """A stream of its own for each maker, so that a change in one leaves the others' figures alone."""
        return Random(f"{self.seed}:{self.size.name}:{name}")  # noqa: S311 - invented data, no secrets

    @property
    def monday(self) -> dt.date:
        """The first day of the present ISO week: the anchor of all dates."""
        return self.today - dt.timedelta(days=self.today.weekday())

    @property
    def first_week(self) -> dt.date:
        """The Monday its history begins: three weeks back, or the first full week of a term."""
        if not self.size.years:
            return self.monday - dt.timedelta(weeks=3)
        start = self.terms[0].starts_on if self.size.years > 1 else self.term.starts_on
        return start + dt.timedelta(days=7 - start.weekday())

    @property
    def term(self) -> Term:
        """The present term."""
        return next(term for term in self.terms if term.starts_on <= self.today < term.ends_on)

    def term_on(self, day: dt.date) -> Term | None:
        """The term a day lies in."""
        return next((term for term in self.terms if term.starts_on <= day < term.ends_on), None)

    def at(self, day: dt.date, hour: str) -> dt.datetime:
        """The moment of a wall-clock hour ("7:30") on a day, in the office's zone."""
        hours, minutes = hour.split(":")
        return timezone.make_aware(dt.datetime.combine(day, dt.time(int(hours), int(minutes))))

    def works(self, day: dt.date) -> bool:
        """True on days the office works."""
        return day.weekday() < 5 and day not in self.days_off
