"""Which sessions a feed shows, as plain columns; and those columns as calendar events."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from attendees.itip.compose import Alarm, Classification, Event, Place
from attendees.models import Delegate, FeedToken, Invitation
from attendees.services import letters, threads
from attendees.services.facts import office
from planner.models import Membership, Session, held_on
from planner.models.sessions import Secrecy, SessionQuerySet
from planner.services import links
from rooms.models import Booking

KEPT_CANCELLED = dt.timedelta(days=90)
KEPT_PAST = dt.timedelta(days=366)
_STATES = (Session.State.PUBLISHED, Session.State.HELD)
_COLUMNS = (
    "uid",
    "version",
    "state",
    "secrecy",
    "title",
    "starts_at",
    "ends_at",
    "created_at",
    "published_at",
    "cancelled_at",
    "place_text",
    "room_name",
    "site_name",
)
_OWN_COLUMNS = (
    "pk",
    "removed_at",
    "told_starts_at",
    "told_ends_at",
    "number",
    "stamped_at",
    "invitation_state",
    "generation",
)


@dataclass(frozen=True)
class Rows:
    """A feed's sessions as tuples of plain values, and how to tell them."""

    name: str
    zone: ZoneInfo
    language: str
    sessions: tuple[tuple[Any, ...], ...]
    is_own: bool

    @property
    def plain(self) -> tuple[Any, ...]:
        """All that decides the octets."""
        return (self.name, self.zone.key, self.language, settings.BASE_URL, self.sessions)

    def events(self) -> list[Event]:
        """The sessions as events, in the office's language."""
        with translation.override(self.language):
            return [self._event(row) for row in self.sessions]

    def _event(self, row: tuple[Any, ...]) -> Event:
        said = dict(zip((*_COLUMNS, *(_OWN_COLUMNS if self.is_own else ())), row, strict=True))
        is_secret = said["secrecy"] == Secrecy.SECRET
        title = _("Internal meeting") if is_secret else said["title"]
        changed_at = _changed_at(said)
        cancelled = said["state"] == Session.State.CANCELLED or _is_withdrawn(said)
        place = said["room_name"] or ("" if is_secret else said["place_text"])
        page = _page(said) if self.is_own and not cancelled else ""
        return Event(
            uid=str(UUID(str(said["uid"]))),
            sequence=_sequence(said),
            stamped_at=changed_at,
            created_at=said["created_at"],
            changed_at=changed_at,
            starts_at=said.get("told_starts_at") or said["starts_at"],
            ends_at=said.get("told_ends_at") or said["ends_at"],
            zone=self.zone,
            title=title,
            place=Place(place, said["site_name"] or "") if place else None,
            alarms=_alarms(title) if self.is_own and not cancelled else (),
            classification=Classification.CONFIDENTIAL if is_secret else Classification.PUBLIC,
            page=page,
            is_cancelled=cancelled,
        )


def read(feed: FeedToken) -> Rows:
    """The rows of a feed: two queries. Drafts and what is long past stay out."""
    its_office = office()
    is_own = feed.kind == FeedToken.Kind.DELEGATE
    rows = _own(feed) if is_own else _columns(_of(feed)).values_list(*_COLUMNS)
    with translation.override(its_office.language):
        name = _name(feed, its_office.name)
    return Rows(name, ZoneInfo(settings.TIME_ZONE), its_office.language, tuple(rows), is_own)


def _name(feed: FeedToken, office_name: str) -> str:
    if feed.kind == FeedToken.Kind.DELEGATE and feed.person:
        return _("Meetings of %(name)s") % {"name": feed.person.full_name}
    if feed.kind == FeedToken.Kind.BODY and feed.body:
        return str(feed.body.name)
    if feed.kind == FeedToken.Kind.ROOM and feed.room:
        return str(feed.room.name)
    return office_name


def _of(feed: FeedToken) -> SessionQuerySet:
    """The sessions of a body, a room or the office. Who left a body reads an empty feed of it."""
    if feed.kind == FeedToken.Kind.OFFICE:
        return Session.objects.all()
    if feed.kind == FeedToken.Kind.ROOM:
        # Cancelling releases the room, but the cancelled session is still to be told.
        booked = Booking.objects.filter(room=feed.room).filter(
            Q(is_released=False) | Q(session__state=Session.State.CANCELLED)
        )
        return Session.objects.filter(pk__in=booked.values("session_id"))
    sits = Membership.objects.filter(held_on(timezone.localdate()), body=feed.body, person=feed.person)
    if feed.person is not None and not sits.exists():
        return Session.objects.none()
    return Session.objects.filter(body=feed.body)


def _columns(rows: SessionQuerySet) -> SessionQuerySet:
    now = timezone.now()
    told = Q(state__in=_STATES) | Q(
        state=Session.State.CANCELLED,
        published_at__isnull=False,
        cancelled_at__gt=_midnight(now - KEPT_CANCELLED),
    )
    rooms = Booking.objects.main().filter(session=OuterRef("pk"))
    return (
        rows.filter(told, ends_at__gt=_midnight(now - KEPT_PAST))
        .annotate(
            room_name=Subquery(rooms.values("room__name")[:1]),
            site_name=Subquery(rooms.values("room__site__name")[:1]),
        )
        .order_by("starts_at", "pk")
    )


def _own(feed: FeedToken) -> Sequence[tuple[Any, ...]]:
    """The sessions of one person with what they were told; who has items of their own, once they were told when."""
    since = _midnight(timezone.now() - KEPT_CANCELLED)
    delegates = Delegate.objects.filter(person=feed.person)
    delegates = delegates.filter(Q(removed_at__isnull=True) | Q(removed_at__gt=since))
    delegates = delegates.exclude(
        Q(items__isnull=False) & (Q(invitation__isnull=True) | Q(invitation__told_starts_at__isnull=True))
    )
    sessions = {
        row[0]: row[1:]
        for row in _columns(Session.objects.filter(delegates__in=delegates)).values_list("pk", *_COLUMNS)
    }
    own = delegates.filter(session__in=sessions).values_list(
        "session_id",
        "pk",
        "removed_at",
        "invitation__told_starts_at",
        "invitation__told_ends_at",
        "invitation__sequence",
        "invitation__last_dtstamp",
        "invitation__state",
        "invitation__generation",
    )
    by_session = {row[0]: row[1:] for row in own.distinct()}
    return [(*columns, *by_session[pk]) for pk, columns in sessions.items() if pk in by_session]


def _midnight(moment: dt.datetime) -> dt.datetime:
    """The limit moves once a day, so that nothing else than a day or a change moves a feed's state."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def _changed_at(said: dict[str, Any]) -> dt.datetime:
    """The latest moment known of the row, a second later each version: the version's own moment is not kept."""
    names = ("created_at", "published_at", "cancelled_at", "removed_at", "stamped_at")
    moments: list[dt.datetime] = [said[name] for name in names if said.get(name) is not None]
    return max(moments) + dt.timedelta(seconds=int(said["version"]))


def _sequence(said: dict[str, Any]) -> int:
    """As mails number the delegate's copy; a body's and a room's feed by the session's version."""
    if said.get("number") is not None and not _is_withdrawn(said):
        return int(said["number"])
    return int(said["version"])


def _is_withdrawn(said: dict[str, Any]) -> bool:
    return said.get("removed_at") is not None or said.get("invitation_state") == Invitation.State.WITHDRAWN


def _page(said: dict[str, Any]) -> str:
    generation = said["generation"]
    if generation is None:  # never invited: there is no page yet
        return ""
    return letters.site_address(f"/i/{links.token(threads.LINK_KIND, said['pk'], generation)}/")


def _alarms(title: str) -> tuple[Alarm, ...]:
    return tuple(Alarm(minutes, title) for minutes in letters.ALARM_MINUTES)
