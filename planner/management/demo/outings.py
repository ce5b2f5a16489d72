"""The leaders' engagements of the week that are no sessions of ours."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from planner.management.demo.audiences import Diaries
from planner.management.demo.meetings import BUSY_AFTER, BUSY_BEFORE, minutes_of
from planner.management.demo.world import World
from planner.models import Engagement
from planner.spans import Span

_LEADER = {
    "bt": "Đồng chí Bí thư",
    "pbt_tt": "Đồng chí Phó Bí thư Thường trực",
    "pbt_ub": "Đồng chí Phó Bí thư, Chủ tịch UBND",
    "pbt_hd": "Đồng chí Phó Bí thư, Chủ tịch HĐND",
    "vp.head": "Đồng chí Chánh Văn phòng",
}


@dataclass(frozen=True)
class Outing:
    """A leaders' engagement to be."""

    on: dt.date
    at: str
    minutes: int
    kind: str
    content: str
    leader: str
    place: str
    has_hour: bool = True
    half_day: str = "morning"
    escort: str = ""


class Diary:
    """Draws the leaders' engagements: a quarter of everything lies outside the house."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng("diary")

    def outings(self, first: dt.date) -> list[Outing]:
        """Engagements from the first week to two weeks ahead, more of them around today."""
        rows: list[Outing] = []
        last = self.world.monday + dt.timedelta(weeks=BUSY_AFTER)
        for number in range((last - first).days // 7 + 1):
            monday = first + dt.timedelta(weeks=number)
            is_busy = (monday - self.world.monday).days >= -7 * BUSY_BEFORE
            rows += [self._one(monday) for _each in range(9 if is_busy else 2)]
            if is_busy:
                rows += self._duties(monday)
        return sorted(rows, key=lambda row: (row.on, minutes_of(row.at)))

    def _one(self, monday: dt.date) -> Outing:
        content, leader, place = self.rng.choice(self.world.cast.outings)
        leader = leader if leader in self.world.people else "bt"
        kind = "receive" if content.startswith("Tiếp") else "attend"
        on = monday + dt.timedelta(days=self.rng.choice((0, 1, 1, 2, 2, 3, 4, 4)))
        at = self.rng.choice(("7:30", "8:00", "14:00", "16:00"))
        half = "morning" if minutes_of(at) < 12 * 60 else "afternoon"
        escort = f"Phó Chánh Văn phòng {self.rng.randint(1, 3)}" if self.rng.random() < 0.4 else ""
        return Outing(on, at, 120, kind, content, leader, place, half_day=half, escort=escort)

    def _duties(self, monday: dt.date) -> Iterator[Outing]:
        for day in (5, 6):
            yield Outing(
                monday + dt.timedelta(days=day),
                "7:00",
                600,
                "duty",
                "Trực cơ quan",
                "vp.head",
                "",
                False,
                "all_day",
            )


def write(world: World, diaries: Diaries, outings: list[Outing]) -> int:
    """How many engagements were entered; whoever is busy then is not sent anywhere."""
    rows: list[Engagement] = []
    leaders: list[int] = []
    for outing in outings:
        person = world.people[outing.leader]
        starts_at = world.at(outing.on, outing.at)
        span = Span(starts_at, starts_at + dt.timedelta(minutes=outing.minutes))
        if outing.on in world.days_off or (outing.kind != "duty" and not diaries.is_free(person, span)):
            continue
        diaries.take([person], span)
        rows.append(_row(outing, span))
        leaders.append(person.pk)
    Engagement.objects.bulk_create(rows, batch_size=500)
    through = Engagement.leaders.through
    through.objects.bulk_create(
        (through(engagement_id=row.pk, person_id=pk) for row, pk in zip(rows, leaders, strict=True)),
        batch_size=500,
    )
    return len(rows)


def _row(outing: Outing, span: Span) -> Engagement:
    return Engagement(
        kind=outing.kind,
        content=outing.content,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        has_hour=outing.has_hour,
        half_day=outing.half_day,
        leaders_text=_LEADER.get(outing.leader, ""),
        place=outing.place,
        escort=outing.escort,
    )
