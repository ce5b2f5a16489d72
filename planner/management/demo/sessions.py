"""Meetings written as sessions: states, ordinals, agendas, chairs, rooms; then their lists."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

from planner.access import SYSTEM
from planner.management.demo.audiences import Audiences, Diaries, Listed
from planner.management.demo.meetings import BUSY_AFTER, Meeting
from planner.management.demo.wording import CARS
from planner.management.demo.world import World
from planner.models import AgendaItem, Body, KindProfile, Person, Session, SessionChain, SessionChair
from planner.services import plans
from planner.spans import Span
from rooms.models import Booking, Call, Connection, Layout, Room
from rooms.services import bookings

_SENT_DAYS_BEFORE = 9
_CANCELLED_SHARE = 0.015
_FEWEST = 3
_LARGER = ("p3", "p1", "p2", "p5", "hb", "ht", "tthn")


@dataclass
class Planned:
    """A meeting on its way to the database, with the session it became and who is on its list."""

    meeting: Meeting
    span: Span
    chairs: list[Person]
    listed: list[Listed]
    session: Session
    room: str = ""


def _order_of_choice(one: Meeting) -> tuple[bool, ...]:
    """Who chooses people and rooms first: the great event, chains, bodies, study conferences."""
    return (one.audience != "event", not one.chain, not one.body, one.kind != "study")


class Programme:
    """Turns meetings into rows; bodies' own sessions choose their people and rooms first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng("sessions")
        self.diaries = Diaries()
        self.audiences = Audiences(world, self.diaries)
        self.ordinals: Counter[tuple[int, int]] = Counter()
        self.profiles: dict[tuple[str, int | None], KindProfile] = {}
        self.chains: dict[str, SessionChain] = {}

    def write(self, meetings: list[Meeting]) -> list[Planned]:
        """The sessions with everything that hangs on a plan; in order of time."""
        first = sorted(meetings, key=_order_of_choice)
        rows = self._wanted([row for one in first if (row := self._planned(one))])
        rows.sort(key=lambda row: row.span)
        for row in rows:
            self._number(row)
        Session.objects.bulk_create([row.session for row in rows], batch_size=200)
        self._write_chairs(rows)
        self._write_agendas(rows)
        self._write_bookings(rows)
        self._write_calls(rows)
        return rows

    def _wanted(self, rows: list[Planned]) -> list[Planned]:
        """No more than the size asks for: of those that only fill up, some fall out, evenly over time."""
        regular = [row for row in rows if not row.meeting.is_extra]
        extra = [row for row in rows if row.meeting.is_extra]
        missing = max(self.world.size.sessions - len(regular), 0)
        if len(extra) > missing:
            extra = [extra[n * len(extra) // missing] for n in range(missing)]
        return [*regular, *extra]

    def _planned(self, meeting: Meeting) -> Planned | None:
        """The meeting with its people; None when its chairs or nearly all others are elsewhere then."""
        starts_at = self.world.at(meeting.on, meeting.at)
        span = Span(starts_at, starts_at + dt.timedelta(minutes=meeting.minutes))
        chairs = self.audiences.chairs(meeting, span)
        listed = self.audiences.listed(meeting, span, chairs)
        if not chairs or len(listed) < _FEWEST:
            return None
        self.diaries.take([*chairs, *(row.person for row in listed)], span)
        return Planned(meeting, span, chairs, listed, self._session(meeting, span))

    def _session(self, meeting: Meeting, span: Span) -> Session:
        world = self.world
        body = world.bodies.get(meeting.body)
        profile = self._profile(meeting.kind, body)
        session = Session(
            body=body,
            term=world.term_on(meeting.on),
            kind=meeting.kind,
            title=self._worded(meeting.title, meeting.on),
            mode=meeting.mode,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            place_text=meeting.place,
            preparing_unit=None if meeting.is_secret else world.units.get(meeting.prepared_by),
            escort="Phó Chánh Văn phòng" if meeting.place else "",
            car=self.rng.choice(CARS) if meeting.place else "",
            chain=self._chain(meeting.chain),
            chain_position=meeting.chain_position,
            doors_open_minutes=profile.doors_open_minutes,
            reply_by=span.starts_at - dt.timedelta(hours=profile.reply_hours),
            uid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            standing_rule=world.rules.get(meeting.body) if meeting.due else None,
            occurrence_on=meeting.due,
            is_demo=True,
        )
        if meeting.is_secret:
            session.secrecy, session.code_name, session.title = "secret", f"TT-{self.rng.randint(10, 99)}", ""
        self._set_state(session, meeting, profile)
        return session

    def _set_state(self, session: Session, meeting: Meeting, profile: KindProfile) -> None:
        """Past days are held (a few were called off), this week and the next are published, the rest are drafts."""
        world = self.world
        told_at = session.starts_at - dt.timedelta(days=max(profile.notice_days, _SENT_DAYS_BEFORE))
        is_near = (
            meeting.on < world.monday + dt.timedelta(weeks=BUSY_AFTER) and not meeting.clashes_on_purpose
        )
        if meeting.on < world.today or is_near:
            session.state, session.published_at = Session.State.PUBLISHED, min(told_at, world.now)
        if meeting.on < world.today:
            session.state, session.held_at = Session.State.HELD, session.ends_at + dt.timedelta(minutes=30)
            if not (meeting.body or meeting.chain) and self.rng.random() < _CANCELLED_SHARE:
                session.state, session.held_at = Session.State.CANCELLED, None
                session.cancelled_at = session.starts_at - dt.timedelta(days=1)
                session.cancel_reason = "Đồng chí chủ trì đi công tác đột xuất"

    def _number(self, row: Planned) -> None:
        """Ordinals and titles, given in order of time."""
        session, meeting = row.session, row.meeting
        profile = self._profile(meeting.kind, session.body)
        if session.body is None or meeting.is_secret:
            session.search_key = plans.search_key(session.title)
            return
        if profile.uses_ordinal and session.body.uses_ordinals and session.term:
            key = (session.body.pk, session.term.pk)
            self.ordinals[key] += 1
            session.ordinal = self.ordinals[key]
            session.ordinal_is_final = session.state == Session.State.HELD
        session.title = session.title or plans.title_for(profile, session.body, session.ordinal)
        session.search_key = plans.search_key(session.title)

    def _profile(self, kind: str, body: Body | None) -> KindProfile:
        key = (kind, body.pk if body else None)
        if key not in self.profiles:
            self.profiles[key] = plans.profile_for(kind, body)
        return self.profiles[key]

    def _chain(self, title: str) -> SessionChain | None:
        if title and title not in self.chains:
            self.chains[title] = SessionChain.objects.create(title=title)
        return self.chains.get(title)

    def _write_chairs(self, rows: list[Planned]) -> None:
        SessionChair.objects.bulk_create(
            SessionChair(session=row.session, person=person, position=position)
            for row in rows
            for position, person in enumerate(row.chairs, start=1)
        )

    def _write_agendas(self, rows: list[Planned]) -> None:
        items = [item for row in rows if not row.meeting.is_secret for item in self._agenda(row)]
        AgendaItem.objects.bulk_create(items, batch_size=500)

    def _agenda(self, row: Planned) -> list[AgendaItem]:
        topics = row.meeting.topics
        if not topics:
            return []
        minutes = max(row.meeting.minutes // len(topics) // 5 * 5, 5)
        return [
            AgendaItem(
                session=row.session,
                position=number,
                title=self._worded(topic, row.meeting.on),
                minutes=minutes,
                presenter=self._presenter(agency),
                preparing_unit=self.world.units[agency].name,
            )
            for number, (topic, agency) in enumerate(topics, start=1)
        ]

    def _worded(self, topic: str, day: dt.date) -> str:
        ahead = day.month % 12 + 1
        return topic.format(month=day.month, next=ahead, quarter=(day.month - 1) // 3 + 1, year=day.year)

    def _presenter(self, agency: str) -> str:
        head = self.world.people.get(f"{agency}.head") or self.world.people.get(f"{agency}.deputy0")
        return f"Đồng chí {head.full_name}" if head else ""

    def _write_bookings(self, rows: list[Planned]) -> None:
        chained = [row for row in rows if row.session.chain_id and row.meeting.room]
        for row in chained:
            self._hold_chained(row)
        made = [self._booking(row) for row in rows if row.meeting.room and not row.session.chain_id]
        Booking.objects.bulk_create([row for row in made if row is not None], batch_size=500)

    def _hold_chained(self, row: Planned) -> None:
        """By the service: a chain shares set-up and tear-down between its sessions."""
        key = row.meeting.room
        booking = bookings.hold(session=row.session, room=self.world.rooms[key], by=SYSTEM)
        Booking.objects.filter(pk=booking.pk).update(state=Booking.State.HELD, expires_at=None)
        row.room = key
        alone = (
            row.span.widened(booking.layout.setup_minutes, booking.layout.teardown_minutes)
            if booking.layout
            else row.span
        )
        self.world.taken.setdefault(booking.room_id, []).append(alone)

    def _booking(self, row: Planned) -> Booking | None:
        """A hold on the wanted room, else on the next larger one that is free; None when all are taken."""
        for key in (row.meeting.room, *_LARGER):
            for layout in self.world.layouts.get(key, ()):
                room, span = (
                    self.world.rooms[key],
                    row.span.widened(layout.setup_minutes, layout.teardown_minutes),
                )
                is_unfit = row.meeting.is_secret and not room.fit_for_secret
                if layout.seats < len(row.listed) or is_unfit or not self._is_free(room, span):
                    continue
                self.world.taken.setdefault(room.pk, []).append(span)
                row.room = key
                return self._held(row.session, room, layout, span)
        return None

    def _is_free(self, room: Room, span: Span) -> bool:
        return not any(span.overlaps(other) for other in self.world.taken.get(room.pk, ()))

    def _held(self, session: Session, room: Room, layout: Layout, span: Span) -> Booking:
        return Booking(
            session=session,
            room=room,
            layout=layout,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            is_released=session.state == Session.State.CANCELLED,
            held_by=str(self.world.people["staff0"]) if "staff0" in self.world.people else "Văn phòng",
            held_at=min(session.published_at or self.world.now, self.world.now),
        )

    def _write_calls(self, rows: list[Planned]) -> None:
        line = Connection.objects.order_by("id").first()
        online = [row.session for row in rows if row.meeting.mode != "in_person"]
        if line is not None:
            Call.objects.bulk_create(
                Call(
                    session=session,
                    connection=line,
                    state=Call.State.READY,
                    link=line.address,
                    session_version=1,
                )
                for session in online
            )
