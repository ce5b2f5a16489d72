""" "Tìm giờ họp": the best times for a body, with reasons, in a constant number of queries."""

import datetime as dt
from dataclasses import dataclass

from attendees.models import Delegate
from planner.access import Actor
from planner.models import Body, Engagement, Membership, QuorumRule, Session, SessionChair, StandingRule
from planner.services import bodies, holidays
from planner.slots import vacancy
from planner.slots.finder import Busy, Guest, Slot, Wish, find
from planner.slots.vacancy import Offer
from planner.spans import Span
from rooms.models import Booking, Closure, Room

_UTC = dt.UTC


@dataclass(frozen=True)
class Question:
    """What somebody looks for: a body, so many minutes, a window, so many seats (0: the members)."""

    body: Body
    minutes: int
    window: Span
    seats: int = 0
    count: int = 5


def best(question: Question, *, by: Actor) -> list[Slot]:
    """At most `count` slots, best first, each with who is away and a room that is free."""
    seats = list(
        bodies.members(question.body, question.window.starts_at.date()).select_related("person").in_order()
    )
    guests = tuple(_guest(seat) for seat in seats)
    rule = StandingRule.objects.filter(body=question.body, is_active=True).order_by("id").first()
    wish = Wish(
        minutes=question.minutes,
        window=question.window,
        guests=guests,
        offers=tuple(_offers(by)),
        seats=question.seats or len(guests),
        least_present=_least_present(question.body, len(guests)),
        usual_start=rule.starts_time if rule else None,
        usual_room=f"room:{rule.room_id}" if rule and rule.room_id else None,
        calendar=holidays.calendar(),
    )
    people = [seat.person_id for seat in seats]
    taken = vacancy.timelines(_taken(question.window))
    return find(wish, busy=_busy(people, question.window), taken=taken, count=question.count)


def _guest(seat: Membership) -> Guest:
    chairs = seat.role == Membership.Role.SECRETARY
    return Guest(f"person:{seat.person_id}", seat.person.full_name, is_chair=chairs)


def _least_present(body: Body, members: int) -> int:
    """The members a valid session needs, by the body's strictest rule of validity."""
    rules = QuorumRule.objects.filter(body=body, purpose=QuorumRule.Purpose.VALIDITY)
    return max((bodies.needed(rule, members) for rule in rules), default=0)


def _offers(by: Actor) -> list[Offer]:
    rooms = Room.objects.visible_to(by).usable().prefetch_related("layouts")
    return [
        Offer(f"room:{room.pk}", room.name, layout.seats, layout.setup_minutes, layout.teardown_minutes)
        for room in rooms
        for layout in room.layouts.all()
    ]


def _taken(window: Span) -> list[tuple[str, dt.datetime, dt.datetime]]:
    """What takes rooms up in the window: bookings and closures, in UTC."""
    booked = Booking.objects.live().within(window).values_list("room_id", "starts_at", "ends_at")
    closed = Closure.objects.filter(starts_at__lt=window.ends_at, ends_at__gt=window.starts_at)
    rows = [*booked, *closed.values_list("room_id", "starts_at", "ends_at")]
    return [(f"room:{room}", starts.astimezone(_UTC), ends.astimezone(_UTC)) for room, starts, ends in rows]


def _busy(people: list[int], window: Span) -> list[Busy]:
    """What takes these people's time: published sessions they are listed for or chair, and engagements."""
    away = (Delegate.Reply.EXCUSED, Delegate.Reply.DECLINED, Delegate.Reply.SUBSTITUTED)
    binding = Session.objects.binding().within(window)
    columns = ("person_id", "session__starts_at", "session__ends_at")
    listed = Delegate.objects.listed().filter(person__in=people, session__in=binding).exclude(reply__in=away)
    chairing = SessionChair.objects.filter(person__in=people, session__in=binding)
    sessions = {*listed.values_list(*columns), *chairing.values_list(*columns)}
    engaged = Engagement.objects.within(window).filter(leaders__in=people)
    others = engaged.values_list("leaders", "starts_at", "ends_at")
    return [
        *(Busy(f"person:{pk}", Span(starts, ends)) for pk, starts, ends in sessions),
        *(Busy(f"person:{pk}", Span(starts, ends), in_session=False) for pk, starts, ends in others),
    ]
