"""When the demo office meets: one term of rhythm behind it, busy weeks around today, drafts ahead.

Everything here is a plain value; `sessions` writes it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from planner.management.demo import wording
from planner.management.demo.cast import Conference, Topic
from planner.management.demo.world import World
from planner.models import Body, SessionKind
from planner.services import holidays
from planner.slots.recurrence import OnDayOff, Rhythm, occurrences

BUSY_BEFORE, BUSY_AFTER = 1, 2  # weeks around the present one
DRAFTS_AFTER = 6  # weeks ahead in which the regular sessions stand as drafts
_ITEMS = {
    Body.Kind.STANDING: 3,
    Body.Kind.STANDING_BOARD: 5,
    Body.Kind.COMMITTEE: 99,
    Body.Kind.INSPECTION: 3,
}
_ROOMS = {
    Body.Kind.STANDING: "tt",
    Body.Kind.STANDING_BOARD: "p1",
    Body.Kind.COMMITTEE: "ht",
    Body.Kind.INSPECTION: "p2",
}
_MORE_OFTEN = 0.35  # of the weeks between, in which the board meets besides its rhythm
# weekday and hour of a busy week's conferences
_SEASON = ((0, "14:00"), (1, "8:00"), (1, "14:00"), (2, "8:00"), (3, "8:00"), (4, "8:00"), (4, "14:00"))


@dataclass(frozen=True)
class Meeting:
    """A session to be: `audience` and `chairs` are keys of people and groups, `room` a key of a room ("" for elsewhere)."""

    on: dt.date
    at: str
    minutes: int
    kind: str
    audience: str
    title: str = ""
    body: str = ""
    room: str = ""
    place: str = ""
    chairs: tuple[str, ...] = ("bt",)
    topics: tuple[tuple[str, str], ...] = ()
    prepared_by: str = "vp"
    mode: str = "in_person"
    chain: str = ""
    chain_position: int = 0
    is_secret: bool = False
    due: dt.date | None = None  # the turn of the body's rhythm it is held for
    is_extra: bool = False  # fills the calendar up to a wanted number
    clashes_on_purpose: bool = False  # a draft may hold clashes until the office decides


class Calendar:
    """Draws the meetings of a span of weeks out of one random stream."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng: Random = world.rng("calendar")
        self._deck: list[Conference] = []
        self._recent: list[Conference] = []

    def meetings(self) -> list[Meeting]:
        """All sessions, in order of time; those on days off are left out."""
        world = self.world
        first = world.first_week
        last = world.monday + dt.timedelta(weeks=DRAFTS_AFTER)
        rows: list[Meeting] = list(self._rhythm(first, last))
        for number in range((last - first).days // 7 + 1):
            monday = first + dt.timedelta(weeks=number)
            rows += self._week(monday)
        rows += self._congress_afternoons(first, last)
        if not world.works(world.today):
            rows += self._rehearsals(world.today)
        return sorted(
            (row for row in rows if self._may_meet(row)), key=lambda row: (row.on, minutes_of(row.at))
        )

    def _may_meet(self, row: Meeting) -> bool:
        return row.on not in self.world.days_off or row.on == self.world.today

    def _week(self, monday: dt.date) -> Iterator[Meeting]:
        yield from self._extra_board(monday)
        distance = (monday - self.world.monday).days // 7
        if -BUSY_BEFORE <= distance <= BUSY_AFTER:
            yield from self._busy(monday)
        elif distance < 0:
            yield from self._ordinary(monday)

    def _rhythm(self, first: dt.date, last: dt.date) -> Iterator[Meeting]:
        """The bodies' own sessions as their standing rules say, days off passed over; the board meets more often."""
        office_days = holidays.calendar()
        for body, rule in self.world.rules.items():
            rhythm = Rhythm(rule.rrule, rule.starts_on, OnDayOff(rule.on_day_off))
            for turn in occurrences(rhythm, office_days, first, last + dt.timedelta(days=6)):
                if turn.on is not None:
                    yield replace(self._of_body(body, turn.on), due=turn.due_on)

    def _extra_board(self, monday: dt.date) -> Iterator[Meeting]:
        thursday = monday + dt.timedelta(days=3)
        if not (8 <= thursday.day <= 14 or 22 <= thursday.day <= 28) and self.rng.random() < _MORE_OFTEN:
            yield self._of_body(Body.Kind.STANDING_BOARD, thursday)

    def _of_body(self, body: str, on: dt.date) -> Meeting:
        rule = self.world.rules[body]
        topics = self._topics(self.world.cast.topics[body], _ITEMS[Body.Kind(body)])
        chairs = {Body.Kind.INSPECTION: ("ubkt.head",), Body.Kind.COMMITTEE: ("bt", "pbt_tt", "pbt_ub")}
        return Meeting(
            on,
            f"{rule.starts_time:%H:%M}",
            rule.minutes,
            SessionKind.REGULAR,
            body,
            body=body,
            room=_ROOMS[Body.Kind(body)],
            chairs=chairs.get(Body.Kind(body), ("bt",)),
            topics=topics,
        )

    def _topics(self, pool: tuple[Topic, ...], most: int) -> tuple[Topic, ...]:
        """Some topics, in the pool's own order: the first ones open a session, the last ones close it."""
        count = most if most >= len(pool) else self.rng.randint(most - 1, most + 1)
        chosen = sorted(self.rng.sample(range(len(pool)), min(count, len(pool))))
        return tuple(pool[at] for at in chosen)

    def _ordinary(self, monday: dt.date) -> Iterator[Meeting]:
        """A week of the past: a conference or two and a visit."""
        for _number in range(self.rng.choice((0, 1, 1, 2))):
            yield self._conference(
                monday + dt.timedelta(days=self.rng.choice((1, 2, 4))), self.rng.choice(("8:00", "14:00"))
            )
        if self.rng.random() < 0.5:
            yield self._visit(monday + dt.timedelta(days=self.rng.choice((1, 2, 4))))
        if self.world.communes and monday.day <= 7 and monday.month in (1, 4, 8, 11):
            yield self._study(monday + dt.timedelta(days=1))

    def _busy(self, monday: dt.date) -> Iterator[Meeting]:
        """A week as offices publish them in full season."""
        day = [monday + dt.timedelta(days=n) for n in range(7)]
        title = "Giao ban đầu tuần lãnh đạo Văn phòng"
        yield Meeting(day[0], "7:30", 45, "briefing", "office", title, room="p1", chairs=("vp.head",))
        for weekday, hour in _SEASON:
            yield self._conference(day[weekday], hour)
        yield self._visit(day[1])
        yield self._visit(day[4])
        yield self._with_unit(day[2])
        yield self._training(day[5])
        if (monday - self.world.monday).days == 7:
            yield from self._next_week(day)

    def _next_week(self, day: list[dt.date]) -> Iterator[Meeting]:
        """What next week has besides: a study conference, a secret session, and a draft that clashes with the board."""
        if self.world.communes:
            yield self._study(day[2])
        standing = Body.Kind.STANDING
        yield Meeting(
            day[4], "10:00", 60, SessionKind.EXTRAORDINARY, standing, "", standing, "tt", is_secret=True
        )
        title = "Làm việc với Hiệp hội Doanh nghiệp về môi trường đầu tư"
        yield Meeting(
            day[3], "14:00", 120, "working", "departments", title, room="p2", clashes_on_purpose=True
        )

    def _rehearsals(self, on: dt.date) -> Iterator[Meeting]:
        """Whoever opens the demo on a day off still finds the office at work, getting ready for the coming week."""
        audience = "commune_offices" if self.world.communes else "office"
        title = "Thử đường truyền và tổng duyệt công tác chuẩn bị hội nghị trực tuyến"
        yield Meeting(on, "8:00", 180, "working", "office", title, room="p1", chairs=("vp.head",))
        title = "Rà soát danh sách, giấy mời và tài liệu các hội nghị trong tuần"
        yield Meeting(on, "14:00", 150, "working", audience, title, room="hb", chairs=("vp.head",))

    def _training(self, on: dt.date) -> Meeting:
        title = wording.TRAININGS[on.isocalendar().week % len(wording.TRAININGS)]
        audience, room = ("commune_offices", "hb") if self.world.communes else ("cells", "ht")
        return Meeting(on, "8:00", 210, "training", audience, title, room=room, chairs=("vp.head",))

    def _conference(self, on: dt.date, at: str) -> Meeting:
        title, kind, audience, minutes, prepared_by, chair = self._drawn()
        if not self.world.groups.get(audience):
            audience = "heads"
        chairs = ("vp.head",) if chair == "cvp" else (chair if chair in self.world.people else "bt",)
        rooms = {"communes": "hb", "commune_offices": "hb", "retired": "kt"}
        room = rooms.get(audience, self.rng.choice(("p2", "p5", "p3", "p1")))
        mode = "hybrid" if "trực tuyến" in title and self.world.communes else "in_person"
        unit = prepared_by if prepared_by in self.world.units else "vp"
        last = 17 * 60 - minutes_of(at) if minutes_of(at) > 12 * 60 else 11 * 60 + 45 - minutes_of(at)
        return Meeting(
            on,
            at,
            min(minutes, last),
            kind,
            audience,
            title,
            room=room,
            chairs=chairs,
            prepared_by=unit,
            mode=mode,
        )

    def _drawn(self) -> Conference:
        """The next conference of a shuffled deck, so that none comes twice in a week."""
        if not self._deck:
            fresh = self.rng.sample(self.world.cast.conferences, len(self.world.cast.conferences))
            self._deck = [one for one in fresh if one in self._recent]  # drawn last
            self._deck += [one for one in fresh if one not in self._recent]
        self._recent = [*self._recent[1 - len(_SEASON) :], self._deck.pop()]
        return self._recent[-1]

    def _visit(self, on: dt.date) -> Meeting:
        title, chair = self.rng.choice(self.world.cast.field_visits)
        chair = chair if chair in self.world.people else "bt"
        place = (
            self.rng.choice(self.world.communes).name
            if self.world.communes
            else f"Tổ dân phố {self.rng.randint(1, 19)}"
        )
        at = self.rng.choice(("7:30", "8:00", "13:30"))
        return Meeting(on, at, 210, "field_visit", "visit", title, place=place, chairs=(chair,))

    def _with_unit(self, on: dt.date) -> Meeting:
        heads = [key for key in ("stc", "sxd", "snv", "snn", "syt", "pkt", "pvh") if key in self.world.units]
        key = self.rng.choice(heads)
        title = f"Làm việc với {self.world.units[key].name} về nhiệm vụ trọng tâm các tháng cuối năm"
        return Meeting(
            on, "14:00", 150, "working", "departments", title, room="p5", chairs=("pbt_tt",), prepared_by=key
        )

    def _study(self, on: dt.date) -> Meeting:
        title = self.rng.choice(wording.STUDY_TITLES)
        return Meeting(
            on,
            "7:30",
            240,
            "study",
            "study",
            title,
            room="ht",
            chairs=("bt",),
            prepared_by="tgdv",
            mode="hybrid",
        )

    def _congress_afternoons(self, first: dt.date, last: dt.date) -> Iterator[Meeting]:
        """Personnel afternoons: board, committee, key officials and the board again in one hall, back to back."""
        ahead = self.world.monday + dt.timedelta(days=11)  # Friday of next week
        for at, day in enumerate((first + dt.timedelta(weeks=20, days=4), ahead)):
            if not first <= day <= last:
                continue
            yield from self._personnel(day, f"Công tác cán bộ, đợt {at + 1}")

    def _personnel(self, day: dt.date, chain: str) -> Iterator[Meeting]:
        ht = Meeting(day, "13:30", 40, SessionKind.THEMATIC, Body.Kind.STANDING_BOARD, room="ht", chain=chain)
        board = "Hội nghị Ban Thường vụ về công tác cán bộ"
        committee = replace(ht, at="14:15", audience=Body.Kind.COMMITTEE, body=Body.Kind.COMMITTEE)
        officials = replace(
            ht, at="15:00", minutes=75, kind=SessionKind.KEY_OFFICIALS, audience="key_officials"
        )
        yield replace(ht, title=f"{board} (lần 1)", body=Body.Kind.STANDING_BOARD, chain_position=1)
        yield replace(committee, title="Hội nghị Ban Chấp hành về công tác cán bộ", chain_position=2)
        yield replace(officials, title="Hội nghị cán bộ chủ chốt về công tác cán bộ", chain_position=3)
        yield replace(
            ht,
            at="16:30",
            minutes=30,
            title=f"{board} (lần 2)",
            body=Body.Kind.STANDING_BOARD,
            chain_position=4,
        )


def minutes_of(at: str) -> int:
    """Minutes since midnight of an hour such as "7:30"."""
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)
