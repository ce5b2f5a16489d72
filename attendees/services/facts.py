"""What each delegate is told of a session: time, place, name, agenda; of a secret one only neutral words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from attendees.itip import hours, sequence
from attendees.itip.compose import Method
from attendees.itip.sequence import Times
from attendees.models import Delegate
from planner.models import AgendaItem, KindProfile, Office, Person, Session
from planner.services import plans
from rooms.models import Booking, Call, Room


@dataclass(frozen=True, slots=True)
class Facts:
    """What one mail told one delegate. Two of these are compared to say what changed."""

    method: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    title: str
    place: str
    site: str
    joins: bool
    agenda: tuple[str, ...]
    description: str

    @property
    def times(self) -> Times:
        """The moments that stand in the delegate's calendar."""
        return Times(self.starts_at, self.ends_at)

    @property
    def where(self) -> tuple[str, str]:
        """Room and site."""
        return self.place, self.site

    def as_cancelled(self, times: Times) -> "Facts":
        """The same, taken back; the calendar is told the times it knows."""
        return replace(self, method=Method.CANCEL.value, starts_at=times.starts_at, ends_at=times.ends_at)

    def plain(self) -> dict[str, Any]:
        """Values that JSON can keep."""
        values = asdict(self)
        return values | {name: values[name].isoformat() for name in ("starts_at", "ends_at")}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Facts":
        """What `plain` kept."""
        values = {field.name: plain[field.name] for field in fields(cls)}
        moments = {name: dt.datetime.fromisoformat(plain[name]) for name in ("starts_at", "ends_at")}
        return cls(**values | moments | {"agenda": tuple(plain["agenda"])})


@dataclass(frozen=True)
class Occasion:
    """All that letters need of a session, read once."""

    session: Session
    office: Office
    zone: ZoneInfo
    room: Room | None
    agenda: tuple[AgendaItem, ...]
    chairs: tuple[Person, ...]
    has_call: bool
    profile: KindProfile


def gather(session: Session) -> Occasion:
    """The session with room, agenda, chairs and call: a constant number of queries."""
    booking = Booking.objects.main().filter(session=session).select_related("room__site").first()
    call = Call.objects.filter(session=session).exclude(state=Call.State.ENDED)
    return Occasion(
        session=session,
        office=office(),
        zone=ZoneInfo(settings.TIME_ZONE),
        room=booking.room if booking else None,
        agenda=tuple(session.agenda.order_by("position")),
        chairs=tuple(row.person for row in session.chairs.select_related("person").order_by("position")),
        has_call=session.mode != Session.Mode.IN_PERSON and call.exists(),
        profile=plans.profile_for(session.kind, session.body),
    )


def office() -> Office:
    """The office that invites; an unnamed one before the first set-up."""
    return Office.objects.first() or Office(name=_("The office"), language=settings.LANGUAGE_CODE)


def told_to(occasion: Occasion, delegate: Delegate) -> Facts:
    """What this delegate is to know now, in the office's language; with items of their own, only those and their time.

    The language is fixed, else the same facts would differ by who asked.
    """
    with translation.override(occasion.office.language):
        return _told(occasion, delegate)


def shown_to(occasion: Occasion, delegate: Delegate) -> Facts:
    """The same as `told_to` in the language of the page that shows it; never compared, never stored."""
    return _told(occasion, delegate)


def _told(occasion: Occasion, delegate: Delegate) -> Facts:
    session, room = occasion.session, occasion.room
    times = times_of(occasion, delegate)
    place, site = (room.name, _site(room)) if room else (session.place_text, "")
    return Facts(
        method=Method.REQUEST.value,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        title=session.public_name,
        place=place,
        site=site,
        joins=occasion.has_call and not session.is_secret,
        agenda=() if session.is_secret else tuple(str(item) for item in _agenda_of(occasion, delegate)),
        description="" if session.is_secret else session.description,
    )


def times_of(occasion: Occasion, delegate: Delegate) -> Times:
    """The part of the session that concerns the delegate."""
    chosen = {item.pk for item in delegate.items.all()}
    indexes = [index for index, item in enumerate(occasion.agenda) if item.pk in chosen]
    whole = Times(occasion.session.starts_at, occasion.session.ends_at)
    return hours.part(whole, [item.minutes for item in occasion.agenda], indexes)


def keeps_answer(occasion: Occasion, delegate: Delegate, before: Facts | None) -> bool:
    """Whether the delegate's answer counts for what they are to know now; an answer to nothing yet does."""
    invitation, wanted = delegate.invitation, told_to(occasion, delegate)
    if invitation.told_starts_at is None or invitation.told_ends_at is None:
        return True
    if occasion.office.asks_again_on_room_change and before and before.where != wanted.where:
        return False
    return sequence.keeps_answers(
        Times(invitation.told_starts_at, invitation.told_ends_at),
        wanted.times,
        zone=occasion.zone,
        tolerance_minutes=occasion.office.keeps_answers_within_minutes,
    )


def _agenda_of(occasion: Occasion, delegate: Delegate) -> list[AgendaItem]:
    chosen = {item.pk for item in delegate.items.all()}
    return [item for item in occasion.agenda if not chosen or item.pk in chosen]


def _site(room: Room) -> str:
    return ", ".join(part for part in (room.site.name, room.site.address) if part)
