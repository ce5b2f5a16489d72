"""“Tìm giờ họp”: ranked slots for a body, a length and a window, each with what speaks for and against it.

Every candidate start is a bit. A person's busy times become one mask, so that asking who is absent
at a start is a shift; 70 people, 60 days and 30 rooms take some tens of milliseconds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from planner.slots.recurrence import WorkCalendar
from planner.slots.vacancy import Offer, Timeline
from planner.spans import Span

HALF_DAYS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
"""Where sessions lie unless the office says otherwise; longer ones run over noon."""

USUAL_STARTS = frozenset({time(7, 30), time(8), time(8, 30), time(13, 30), time(14)})

_NO_CHAIR, _NO_QUORUM, _NO_ROOM = 1000.0, 500.0, 300.0
_ABSENT_IN_SESSION, _ABSENT, _PREFERRED_ABSENT = 12.0, 10.0, 3.0
_HOLIDAY_EVE, _ODD_START, _OTHER_THAN_USUAL, _OTHER_ROOM = 4.0, 2.0, 1.0, 0.5
_PER_DAY_AWAY = 0.05


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who should come: a chair must be free, a required member counts, a preferred one is welcome."""

    person: str
    name: str
    is_required: bool = True
    is_chair: bool = False


@dataclass(frozen=True, slots=True)
class Busy:
    """A time somebody is taken; `in_session`: by a published session, which is not to be moved."""

    person: str
    span: Span
    in_session: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for, in a window of aware moments.

    `least_present`: required members needed for validity. `near`: the day wanted (the present one
    of a session that moves). `offers` empty: no room is needed.
    """

    minutes: int
    window: Span
    guests: tuple[Guest, ...] = ()
    offers: tuple[Offer, ...] = ()
    seats: int = 0
    least_present: int = 0
    usual_start: time | None = None
    usual_room: str | None = None
    near: date | None = None
    half_days: tuple[tuple[time, time], ...] = HALF_DAYS
    step_minutes: int = 30
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    zone: tzinfo = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Slot:
    """A proposed time and room, how many of the required are free, and who is not. Cheaper is better."""

    span: Span
    cost: float
    required: int
    absent: tuple[str, ...]
    absent_chairs: tuple[str, ...]
    absent_preferred: tuple[str, ...]
    offer: Offer | None
    lacks_quorum: bool
    lacks_room: bool
    is_holiday_eve: bool

    @property
    def present(self) -> int:
        """How many of the required are free."""
        return self.required - len(self.absent)

    @property
    def is_clear(self) -> bool:
        """Whether nothing stands against it: chairs free, quorum met, a room found."""
        return not (self.absent_chairs or self.lacks_quorum or self.lacks_room)


@dataclass(slots=True)
class _Search:
    """A wish with its candidate starts and, per person, the masks of starts at which they are busy."""

    wish: Wish
    starts: list[datetime]
    stamps: list[float]
    taken: Mapping[str, Timeline]
    busy: dict[str, int] = field(default_factory=dict)
    in_session: dict[str, int] = field(default_factory=dict)

    def mark(self, rows: Iterable[Busy]) -> None:
        """Sets the bits of the starts from which the session would run into each row."""
        guests = {guest.person for guest in self.wish.guests}
        length = 60 * self.wish.minutes
        for row in rows:
            if row.person in guests:
                low = bisect_right(self.stamps, row.span.starts_at.timestamp() - length)
                high = bisect_left(self.stamps, row.span.ends_at.timestamp())
                bits = ((1 << max(high - low, 0)) - 1) << low
                self.busy[row.person] = self.busy.get(row.person, 0) | bits
                if row.in_session:
                    self.in_session[row.person] = self.in_session.get(row.person, 0) | bits

    def is_busy(self, guest: Guest, index: int) -> bool:
        """Whether the guest is taken at some moment of the slot."""
        return bool(self.busy.get(guest.person, 0) >> index & 1)


def find(wish: Wish, *, busy: Iterable[Busy], taken: Mapping[str, Timeline], count: int = 5) -> list[Slot]:
    """At most `count` slots, best first, no two in one half-day unless there are too few.

    Slots with something against them come after the clear ones and say what it is, so that a full
    calendar still gets an answer.
    """
    starts = list(_starts(wish))
    search = _Search(wish, starts, [start.timestamp() for start in starts], taken)
    search.mark(busy)
    offers = _offers(wish)
    slots = sorted(
        (_slot(search, index, offers) for index in range(len(starts))),
        key=lambda slot: (slot.cost, slot.span),
    )
    return _spread(slots, count, wish.zone)


def _starts(wish: Wish) -> Iterator[datetime]:
    """The starts worth looking at, in order: on working days, on the grid, ending inside a half-day."""
    first = wish.window.starts_at.astimezone(wish.zone).date()
    last = wish.window.ends_at.astimezone(wish.zone).date()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    times = _times(wish)
    starts = (
        datetime.combine(day, at, wish.zone) for day in days if wish.calendar.is_working(day) for at in times
    )
    return (start for start in starts if wish.window.contains(Span.lasting(start, wish.minutes)))


def _times(wish: Wish) -> list[time]:
    parts = [(_minute(start), _minute(end)) for start, end in wish.half_days]
    if all(end - start < wish.minutes for start, end in parts):
        parts = [(parts[0][0], max(parts[-1][1], parts[0][0] + wish.minutes))]
    return [
        time(minute // 60, minute % 60)
        for start, end in parts
        for minute in range(start, end - wish.minutes + 1, wish.step_minutes)
    ]


def _minute(at: time) -> int:
    return 60 * at.hour + at.minute


def _offers(wish: Wish) -> list[Offer]:
    """The rooms that are large enough, the usual one first, then the smallest."""
    fitting = [offer for offer in wish.offers if offer.seats >= wish.seats]
    return sorted(fitting, key=lambda offer: (offer.room != wish.usual_room, offer.seats, offer.name))


def _slot(search: _Search, index: int, offers: Sequence[Offer]) -> Slot:
    wish, start = search.wish, search.starts[index]
    away = [guest for guest in wish.guests if search.is_busy(guest, index)]
    required = sum(guest.is_required for guest in wish.guests)
    absent = [guest for guest in away if guest.is_required]
    offer = _free_offer(search, index, offers)
    eve = start.date() + timedelta(days=1) in wish.calendar.holidays
    slot = Slot(
        span=Span.lasting(start, wish.minutes),
        cost=0,
        required=required,
        absent=tuple(guest.name for guest in absent),
        absent_chairs=tuple(guest.name for guest in away if guest.is_chair),
        absent_preferred=tuple(guest.name for guest in away if not guest.is_required),
        offer=offer,
        lacks_quorum=required - len(absent) < wish.least_present,
        lacks_room=bool(wish.offers) and offer is None,
        is_holiday_eve=eve,
    )
    in_session = sum(search.in_session.get(guest.person, 0) >> index & 1 for guest in absent)
    return _priced(slot, wish, in_session)


def _free_offer(search: _Search, index: int, offers: Sequence[Offer]) -> Offer | None:
    """The first room free for the slot with its set-up and tear-down."""
    span = Span.lasting(search.starts[index].astimezone(UTC), search.wish.minutes)
    for offer in offers:
        timeline = search.taken.get(offer.room)
        if timeline is None or timeline.is_free(offer.claim(span)):
            return offer
    return None


def _priced(slot: Slot, wish: Wish, in_session: int) -> Slot:
    """The slot with its cost: what stands against it first, then who is away, then convenience."""
    start = slot.span.starts_at
    cost = _NO_CHAIR * bool(slot.absent_chairs) + _NO_QUORUM * slot.lacks_quorum + _NO_ROOM * slot.lacks_room
    cost += _ABSENT_IN_SESSION * in_session + _ABSENT * (len(slot.absent) - in_session)
    cost += _PREFERRED_ABSENT * len(slot.absent_preferred) + _HOLIDAY_EVE * slot.is_holiday_eve
    cost += _ODD_START * (start.time() not in USUAL_STARTS)
    cost += _OTHER_THAN_USUAL * (wish.usual_start is not None and start.time() != wish.usual_start)
    cost += _OTHER_ROOM * bool(wish.usual_room and slot.offer and slot.offer.room != wish.usual_room)
    near = wish.near or wish.window.starts_at.astimezone(wish.zone).date()
    return replace(slot, cost=cost + _PER_DAY_AWAY * abs((start.date() - near).days))


def _spread(slots: Sequence[Slot], count: int, zone: tzinfo) -> list[Slot]:
    """The best of each half-day first; the rest only to fill up."""
    seen: set[tuple[date, bool]] = set()
    first: list[Slot] = []
    others: list[Slot] = []
    for slot in slots:
        local = slot.span.starts_at.astimezone(zone)
        half_day = (local.date(), local.hour < 12)
        (others if half_day in seen else first).append(slot)
        seen.add(half_day)
    chosen = first[:count] + others[: max(count - len(first), 0)]
    return sorted(chosen, key=lambda slot: (slot.cost, slot.span))
