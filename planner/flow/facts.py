"""What the clash rules need to know, gathered in a constant number of queries for a session or a week."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from attendees.itip import hours
from attendees.itip.sequence import Times
from attendees.models import Delegate
from planner.models import (
    AgendaItem,
    Body,
    Engagement,
    Holiday,
    KindProfile,
    Membership,
    Session,
    SessionChair,
)
from planner.slots.facts import Attendance, Claim, Closure, Facts, Hold, Line, Meeting, Part, Place, Use
from planner.spans import Span
from rooms.models import Booking, Call, Room
from rooms.models import Closure as RoomClosure

ABSENT = (Delegate.Reply.EXCUSED, Delegate.Reply.DECLINED, Delegate.Reply.SUBSTITUTED)
_MARGIN = dt.timedelta(days=1)


@dataclass(frozen=True)
class _Rows:
    """The rows of a window, each table read once."""

    window: Span
    sessions: list[Session]
    engagements: list[Engagement]
    bookings: list[Booking]
    rooms: list[Room]
    calls: list[Call]


def session_key(session_id: int) -> str:
    """How the clash rules name a session."""
    return f"session:{session_id}"


def engagement_key(engagement_id: int) -> str:
    """How the clash rules name an engagement."""
    return f"engagement:{engagement_id}"


def gather(span: Span, *, people_of: Session | None = None) -> Facts:
    """Everything the rules look at around a span; the people of one session only, when it is named."""
    rows = _read(Span(span.starts_at - _MARGIN, span.ends_at + _MARGIN))
    holidays = Holiday.objects.filter(on__range=(rows.window.starts_at.date(), rows.window.ends_at.date()))
    off = {row.on: row.name for row in holidays if row.kind == Holiday.Kind.OFF}
    worked = frozenset(row.on for row in holidays if row.kind == Holiday.Kind.WORKED)
    lines = {call.connection_id: call.connection for call in rows.calls}
    return Facts(
        now=timezone.now(),
        window=rows.window,
        meetings=tuple(_meetings(rows)),
        places=tuple(_places(rows)),
        holds=tuple(_hold(booking) for booking in rows.bookings),
        attendances=tuple(_attendances(rows, people_of)),
        lines=tuple(
            Line(f"line:{row.pk}", row.name, row.parallel_limit, row.is_protected) for row in lines.values()
        ),
        line_claims=tuple(
            Claim(session_key(call.session_id), f"line:{call.connection_id}", call.session.span)
            for call in rows.calls
        ),
        holidays=off,
        worked=worked,
        rest_weekdays=frozenset({5, 6}),  # party offices rest on both days of the weekend
        zone=timezone.get_default_timezone(),
    )


def _read(window: Span) -> _Rows:
    sessions = Session.objects.live().within(window).annotate(expected=_expected())
    bookings = list(
        Booking.objects.live()
        .within(window)
        .filter(session__in=sessions.values("pk"))
        .select_related("layout")
    )
    closures = RoomClosure.objects.filter(starts_at__lt=window.ends_at, ends_at__gt=window.starts_at)
    rooms = Room.objects.filter(pk__in={booking.room_id for booking in bookings})
    calls = Call.objects.filter(session__in=sessions.values("pk")).exclude(state=Call.State.ENDED)
    return _Rows(
        window=window,
        sessions=list(sessions.prefetch_related("agenda")),
        engagements=list(Engagement.objects.within(window).prefetch_related("leaders")),
        bookings=bookings,
        rooms=list(rooms.prefetch_related(Prefetch("closures", queryset=closures))),
        calls=list(calls.select_related("connection", "session")),
    )


def _expected() -> Count:
    """People who will need a seat: on the list and not known to stay away."""
    staying = Q(delegates__removed_at__isnull=True) & ~Q(delegates__reply__in=ABSENT)
    return Count("delegates", filter=staying)


def _meetings(rows: _Rows) -> Iterable[Meeting]:
    notice = _notice_days()
    for session in rows.sessions:
        yield Meeting(
            key=session_key(session.pk),
            name=session.public_name,
            span=session.span,
            binds=session.state in {Session.State.PUBLISHED, Session.State.HELD},
            is_secret=session.is_secret,
            expected=session.expected,  # type: ignore[attr-defined]
            notice_days=notice.get((session.kind, session.body_id), notice.get((session.kind, None), 0)),
            announced_at=session.published_at,
        )
    for entry in rows.engagements:
        span = Span(entry.starts_at, entry.ends_at)
        yield Meeting(key=engagement_key(entry.pk), name=entry.content, span=span, is_session=False)


def _notice_days() -> dict[tuple[str, int | None], int]:
    profiles = KindProfile.objects.values_list("kind", "body_id", "notice_days")
    return {(kind, body_id): days for kind, body_id, days in profiles}


def _places(rows: _Rows) -> Iterable[Place]:
    for room in rows.rooms:
        yield Place(
            key=f"room:{room.pk}",
            name=room.name,
            is_fit_for_secret=room.fit_for_secret,
            closures=tuple(Closure(Span(c.starts_at, c.ends_at), c.reason) for c in room.closures.all()),
            open=_open_spans(room, rows.window) if room.opens and room.closes else None,
        )


def _open_spans(room: Room, window: Span) -> tuple[Span, ...]:
    first = timezone.localdate(window.starts_at)
    days = (first + dt.timedelta(days=n) for n in range((window.ends_at - window.starts_at).days + 2))
    hours = (room.opens or dt.time(0), room.closes or dt.time(23, 59))
    return tuple(
        Span(*(timezone.make_aware(dt.datetime.combine(day, hour)) for hour in hours)) for day in days
    )


def _hold(booking: Booking) -> Hold:
    return Hold(
        meeting=session_key(booking.session_id),
        room=f"room:{booking.room_id}",
        occupied=booking.span,
        seats=booking.layout.seats if booking.layout else None,
        use=Use(booking.role),
        is_pending=booking.state == Booking.State.PENDING,
    )


def _attendances(rows: _Rows, people_of: Session | None) -> Iterable[Attendance]:
    """Chairs, delegates and leaders with an engagement; those who stay away are left out."""
    leaders = _leaders()
    sessions = {session.pk: session for session in rows.sessions}
    chairs = SessionChair.objects.filter(session__in=sessions).select_related("person")
    chairing = {(chair.session_id, chair.person_id) for chair in chairs}
    for chair in chairs:
        span = sessions[chair.session_id].span
        key = session_key(chair.session_id)
        yield Attendance(
            f"person:{chair.person_id}", chair.person.full_name, key, span, Part.CHAIR, is_leader=True
        )
    for delegate in _delegates(sessions, people_of):
        if (delegate.session_id, delegate.person_id) not in chairing:
            yield _attendance(delegate, sessions[delegate.session_id], leaders)
    for entry in rows.engagements:
        for person in entry.leaders.all():
            span = Span(entry.starts_at, entry.ends_at)
            key = engagement_key(entry.pk)
            yield Attendance(
                f"person:{person.pk}", person.full_name, key, span, is_leader=person.pk in leaders
            )


def _delegates(sessions: dict[int, Session], people_of: Session | None) -> list[Delegate]:
    found = Delegate.objects.listed().filter(session__in=sessions).exclude(reply__in=ABSENT)
    if people_of is not None:
        found = found.filter(person__in=Delegate.objects.listed().filter(session=people_of).values("person"))
    items = Prefetch("items", queryset=AgendaItem.objects.only("id"))
    columns = ("id", "session_id", "person_id", "printed_name", "is_required")
    return list(found.only(*columns).prefetch_related(items))


def _attendance(delegate: Delegate, session: Session, leaders: set[int]) -> Attendance:
    return Attendance(
        person=f"person:{delegate.person_id}",
        name=delegate.printed_name,
        meeting=session_key(session.pk),
        span=_own_span(delegate, session),
        part=Part.REQUIRED if delegate.is_required else Part.OPTIONAL,
        is_leader=delegate.person_id in leaders,
    )


def _own_span(delegate: Delegate, session: Session) -> Span:
    """The time that concerns a delegate: all of it, or that of the items they come for."""
    chosen = {item.pk for item in delegate.items.all()}
    if not chosen:
        return session.span
    agenda = list(session.agenda.all())
    wanted = {index for index, item in enumerate(agenda) if item.pk in chosen}
    times = hours.part(Times(session.starts_at, session.ends_at), [item.minutes for item in agenda], wanted)
    return Span(times.starts_at, times.ends_at)


def _leaders() -> set[int]:
    """The standing members: the leaders whose double-booking always needs a reason."""
    seats = Membership.objects.current(timezone.localdate()).filter(body__kind=Body.Kind.STANDING)
    return set(seats.values_list("person_id", flat=True))
