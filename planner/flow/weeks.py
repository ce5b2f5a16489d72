"""The weekly schedule: sessions and engagements of an ISO week as rows, in a constant number of queries."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch
from django.utils import timezone

from planner.access import Actor
from planner.models import Engagement, Holiday, Session, SessionChair
from planner.spans import Span
from planner.vietnamese import HalfDay, half_day_of
from rooms.models import Booking

DAYS = 7


@dataclass(frozen=True)
class Filters:
    """Which rows of the week to show; None shows all."""

    leader: int | None = None
    body: int | None = None
    room: int | None = None


@dataclass(frozen=True)
class Row:
    """One line of the schedule, a session's or an engagement's."""

    key: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    half_day: HalfDay
    has_hour: bool
    content: str
    leaders: str
    place: str
    preparing_unit: str
    escort: str
    car: str
    state: str
    session: Session | None = None
    engagement: Engagement | None = None


@dataclass(frozen=True)
class Half:
    """A half-day and its lines."""

    half_day: HalfDay
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Day:
    """A day, its holiday if any, and its half-days that hold something."""

    on: dt.date
    holiday: str
    halves: tuple[Half, ...]

    @property
    def count(self) -> int:
        """Lines of the day; at least one, for the empty line that is printed."""
        return max(1, sum(len(half.rows) for half in self.halves))

    def rows_of(self, half_day: HalfDay) -> tuple[Row, ...]:
        """The lines of one half-day; what lasts all day stands in the morning."""
        wanted = {half_day, HalfDay.ALL_DAY} if half_day is HalfDay.MORNING else {half_day}
        return tuple(row for half in self.halves if half.half_day in wanted for row in half.rows)


@dataclass(frozen=True)
class Week:
    """An ISO week."""

    iso_year: int
    iso_week: int
    days: tuple[Day, ...]

    @property
    def monday(self) -> dt.date:
        """Its first day."""
        return self.days[0].on

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.days[-1].on

    @property
    def name(self) -> str:
        """As addresses and the API write it: 2026-W48."""
        return f"{self.iso_year}-W{self.iso_week:02d}"

    @property
    def count(self) -> int:
        """Lines in all."""
        return sum(len(half.rows) for day in self.days for half in day.halves)


def week(iso_year: int, iso_week: int, *, filters: Filters | None = None, by: Actor) -> Week:
    """The schedule of a week as `by` may see it. Raises ValueError for a week that does not exist."""
    monday = dt.date.fromisocalendar(iso_year, iso_week, 1)
    span = span_of(monday)
    wanted = filters or Filters()
    rows = [*_session_rows(span, wanted, by), *_engagement_rows(span, wanted, by)]
    by_day: dict[dt.date, list[Row]] = defaultdict(list)
    for row in rows:
        for day in _days_of(row, monday):
            by_day[day].append(row)
    holidays = dict(
        Holiday.objects.filter(
            on__range=(monday, monday + dt.timedelta(days=6)), kind=Holiday.Kind.OFF
        ).values_list("on", "name")
    )
    days = (monday + dt.timedelta(days=n) for n in range(DAYS))
    return Week(iso_year, iso_week, tuple(_day(on, holidays.get(on, ""), by_day[on]) for on in days))


def span_of(monday: dt.date) -> Span:
    """The seven days from a Monday."""
    first = timezone.make_aware(dt.datetime.combine(monday, dt.time()))
    return Span(first, first + dt.timedelta(days=DAYS))


def _days_of(row: Row, monday: dt.date) -> list[dt.date]:
    """The days of the week a line touches: a three-day congress stands on each."""
    first = max(timezone.localdate(row.starts_at), monday)
    last = min(timezone.localdate(row.ends_at - dt.timedelta(microseconds=1)), monday + dt.timedelta(days=6))
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


_ORDER = (HalfDay.MORNING, HalfDay.ALL_DAY, HalfDay.AFTERNOON, HalfDay.EVENING)


def _day(on: dt.date, holiday: str, rows: list[Row]) -> Day:
    ordered = sorted(rows, key=lambda row: (_ORDER.index(row.half_day), row.starts_at, row.key))
    halves = groupby(ordered, key=lambda row: row.half_day)
    return Day(on, holiday, tuple(Half(half_day, tuple(group)) for half_day, group in halves))


def _session_rows(span: Span, filters: Filters, by: Actor) -> list[Row]:
    found = Session.objects.visible_to(by).live().within(span).select_related("body", "preparing_unit")
    if filters.body:
        found = found.filter(body=filters.body)
    if filters.room:
        found = found.filter(bookings__room=filters.room, bookings__is_released=False)
    if filters.leader:
        found = found.filter(chairs__person=filters.leader)
    chairs = SessionChair.objects.select_related("person")
    main = Booking.objects.main().select_related("room")
    prefetched = found.distinct().prefetch_related(
        Prefetch("chairs", queryset=chairs), Prefetch("bookings", queryset=main, to_attr="main_bookings")
    )
    return [_of_session(session) for session in prefetched]


def _of_session(session: Session) -> Row:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    rooms = ", ".join(booking.room.name for booking in session.main_bookings)  # type: ignore[attr-defined]
    return Row(
        key=f"session:{session.pk}",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        half_day=half_day_of(starts.time(), ends.time()),
        has_hour=True,
        content=session.public_name,
        leaders=""
        if session.is_secret
        else ", ".join(chair.person.full_name for chair in session.chairs.all()),
        place=rooms or session.place_text,
        preparing_unit=session.preparing_unit.name if session.preparing_unit else "",
        escort=session.escort,
        car=session.car,
        state=session.state,
        session=session,
    )


def _engagement_rows(span: Span, filters: Filters, by: Actor) -> list[Row]:
    if filters.room:
        return []
    found = Engagement.objects.visible_to(by).within(span).filter(became_session__isnull=True)
    if filters.body:
        found = found.filter(body=filters.body)
    if filters.leader:
        found = found.filter(leaders=filters.leader)
    return [_of_engagement(entry) for entry in found.prefetch_related("leaders")]


def _of_engagement(entry: Engagement) -> Row:
    named = ", ".join(person.full_name for person in entry.leaders.all())
    return Row(
        key=f"engagement:{entry.pk}",
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        half_day=HalfDay(entry.half_day),
        has_hour=entry.has_hour,
        content=entry.content,
        leaders=entry.leaders_text or named,
        place=entry.place,
        preparing_unit=entry.preparing_unit,
        escort=entry.escort,
        car=entry.car,
        state=entry.kind,
        engagement=entry,
    )
