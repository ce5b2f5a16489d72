"""Plan a session in one step: the session, its list from the kind's template, its room."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from attendees.services import invitations, rosters, shells
from planner.access import Actor
from planner.models import Body, Person, Session, StandingRule
from planner.services import holidays, plans, sessions
from planner.services.plans import Change, Plan
from planner.slots import recurrence
from planner.slots.recurrence import OnDayOff, Rhythm
from planner.spans import Span
from rooms.models import Booking, Layout, Room
from rooms.services import bookings


@dataclass(frozen=True)
class Proposal:
    """What a body proposes for its next session of a kind."""

    body: Body
    kind: str
    ordinal: int | None
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    chairs: tuple[Person, ...]
    room: Room | None
    members: int
    standing_rule: StandingRule | None = None
    occurrence_on: dt.date | None = None


@transaction.atomic
def plan(
    wanted: Plan, *, room: Room | None = None, layout: Layout | None = None, reason: str = "", by: Actor
) -> Session:
    """A draft session with its list filled and, when a room is named, that room held.

    Saves nothing at all when the room cannot be had. Raises what `sessions.create` and
    `bookings.hold` raise.
    """
    session = sessions.create(wanted, by=by)
    rosters.fill(session=session, by=by)
    if room is not None:
        bookings.hold(session=session, room=room, layout=layout, reason=reason, by=by)
    return session


@transaction.atomic
def change(session: Session, *, wanted: Change, by: Actor) -> Session:
    """The session with new details; a draft's rooms follow its times, and whoever was invited hears of it."""
    before, was_secret = session.span, session.is_secret
    session = sessions.change(session, change=wanted, by=by)
    if session.is_secret and not was_secret:
        shells.strip(session=session, by=by)
    if session.span != before:
        bookings.rehold(session=session, by=by)
    if session.published_at:
        invitations.renew(session=session, by=by)
    return session


def propose(body: Body, kind: str, *, after: dt.date | None = None) -> Proposal:
    """The next session of the body by its rhythm: ordinal, title, members, chair, usual hour and room.

    Without a standing rule: the profile's length, a week ahead at 8:00.
    """
    day = after or timezone.localdate()
    rule = StandingRule.objects.filter(body=body, kind=kind, is_active=True).order_by("id").first()
    span, occurrence = _next_time(body, kind, rule, day)
    profile, term = plans.profile_for(kind, body), plans.term_on(timezone.localdate(span.starts_at))
    numbered = profile.uses_ordinal and body.uses_ordinals
    ordinal = plans.next_ordinal(body, term) if numbered else None
    held_on = timezone.localdate(span.starts_at)
    return Proposal(
        body=body,
        kind=kind,
        ordinal=ordinal,
        title=plans.title_for(profile, body, ordinal),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        chairs=plans.usual_chairs(body, held_on),
        room=_usual_room(body, rule),
        members=body.memberships.current(held_on).count(),
        standing_rule=rule,
        occurrence_on=occurrence,
    )


def _next_time(body: Body, kind: str, rule: StandingRule | None, day: dt.date) -> tuple[Span, dt.date | None]:
    """The first occurrence of the rule after the day that is not planned yet, or a week ahead at 8:00."""
    if rule is not None:
        planned = _planned_days(body, kind, rule)
        rhythm = Rhythm(rule.rrule, rule.starts_on, OnDayOff(rule.on_day_off))
        due = recurrence.standing(rhythm, holidays.calendar(), planned=planned, today=day).next_due
        if due is not None and due.on is not None:
            return Span.lasting(_at(due.on, rule.starts_time), rule.minutes), due.due_on
    minutes = rule.minutes if rule else plans.profile_for(kind, body).minutes
    return Span.lasting(_at(day + dt.timedelta(days=7), dt.time(8)), minutes), None


def _planned_days(body: Body, kind: str, rule: StandingRule) -> set[dt.date]:
    """The days that have their session already: occurrences of the rule, and sessions planned by hand."""
    sessions = Session.objects.live().filter(body=body, kind=kind, starts_at__gte=timezone.now())
    by_hand = {timezone.localdate(starts_at) for starts_at in sessions.values_list("starts_at", flat=True)}
    return by_hand | {on for on in rule.sessions.values_list("occurrence_on", flat=True) if on is not None}


def _at(day: dt.date, clock: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, clock))


def _usual_room(body: Body, rule: StandingRule | None) -> Room | None:
    """The rule's room, else the room of the body's latest session."""
    if rule is not None and rule.room_id:
        return Room.objects.filter(pk=rule.room_id, is_active=True).first()
    latest = Booking.objects.filter(session__body=body, role=Booking.Role.MAIN, room__is_active=True)
    booking = latest.select_related("room").order_by("-session__starts_at").first()
    return booking.room if booking else None
