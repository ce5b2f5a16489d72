"""Private calendar feeds: made, read, rotated and revoked; what each shows.

A feed's state is a digest of the plain columns it shows; the moment it last changed is the feed's Last-Modified.
Every change writes to the audit log, so while the log and the day stay the same, so does the state: then even the
columns are not read.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.itip import feed
from attendees.models import Delegate, FeedToken
from attendees.services import feed_rows
from planner.access import Actor, Can, must
from planner.errors import NotAllowed, RuleBroken, WrongState
from planner.models import AuditEntry, Body, Person
from planner.services import audit, links
from rooms.models import Room

Kind = FeedToken.Kind
LINK_KIND = "feed"
_RECENT = 1000
_USED_AGAIN_AFTER = dt.timedelta(minutes=5)


class FeedRevoked(WrongState):
    """The feed was revoked and does not come back."""

    code = "feed_revoked"
    message = _("This feed was revoked. Make a new one.")


class FeedOfNothing(RuleBroken):
    """The kind of feed wants a person, a body or a room, and no other."""

    code = "feed_of_nothing"
    message = _("Name what the feed is of: a person, a body, a room, or nothing for the office's.")


@dataclass(frozen=True)
class State:
    """What a feed says now, told by its digest and since when; composed only when asked."""

    feed: FeedToken
    etag: str
    changed_at: dt.datetime
    rows: feed_rows.Rows | None = None

    def octets(self) -> bytes:
        """The calendar."""
        rows = self.rows or feed_rows.read(self.feed)
        return feed.calendar(rows.name, rows.zone, rows.events())


@transaction.atomic
def create(
    *,
    kind: str,
    person: Person | None = None,
    body: Body | None = None,
    room: Room | None = None,
    by: Actor,
) -> FeedToken:
    """The feed of that thing, made when there is none that answers. A body's may be for one of its people.

    Raises NotAllowed, FeedOfNothing.
    """
    _refuse(by, person, on=body)
    given = {"person": person, "body": body, "room": room}
    wanted = {Kind.DELEGATE: {"person"}, Kind.BODY: {"body"}, Kind.ROOM: {"room"}, Kind.OFFICE: set()}
    named = {name for name, value in given.items() if value is not None}
    if kind not in wanted or named - ({"person"} if kind == Kind.BODY else set()) != wanted[Kind(kind)]:
        raise FeedOfNothing(fields={"kind": FeedOfNothing.message})
    if row := FeedToken.objects.live().filter(kind=kind, **given).first():
        return row
    row = FeedToken.objects.create(
        kind=kind, **given, digest=links.digest(links.fresh_token()), created_by=by.label
    )
    _renumber(row)
    audit.record("feed.made", on=row, by=by, after={"kind": kind})
    return row


@transaction.atomic
def subscribe(*, delegate: Delegate, by: Actor) -> FeedToken:
    """The feed of a delegate's person, from now on in place of calendar parts in mails. Raises NotAllowed."""
    row = create(kind=Kind.DELEGATE, person=delegate.person, by=by)
    person = Person.objects.select_for_update().get(pk=delegate.person_id)
    if person.calendar_by != Person.CalendarBy.FEED:
        before, person.calendar_by = person.calendar_by, Person.CalendarBy.FEED
        person.save(update_fields=["calendar_by"])
        after = {"calendar_by": person.calendar_by}
        audit.record("person.subscribed", on=person, by=by, before={"calendar_by": before}, after=after)
    return row


@transaction.atomic
def rotate(*, feed: FeedToken, by: Actor) -> FeedToken:
    """The feed under a new address; the old one is unknown at once. Raises NotAllowed, FeedRevoked."""
    feed = _locked(feed, by)
    feed.generation += 1
    _renumber(feed)
    audit.record("feed.rotated", on=feed, by=by, after={"generation": feed.generation})
    return feed


@transaction.atomic
def revoke(*, feed: FeedToken, by: Actor) -> None:
    """The feed answers no more. Raises NotAllowed, FeedRevoked."""
    feed = _locked(feed, by)
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    audit.record("feed.revoked", on=feed, by=by)


def token(feed: FeedToken) -> str:
    """The secret part of the feed's address."""
    return links.token(LINK_KIND, feed.pk, feed.generation)


def address(feed: FeedToken) -> str:
    """The whole address to subscribe to."""
    return f"{settings.BASE_URL}/c/{token(feed)}.ics"


def find(token: str) -> FeedToken | None:
    """The feed behind a token; None for a wrong, rotated or revoked one."""
    rows = FeedToken.objects.live().select_related("person", "body", "room")
    return rows.filter(digest=links.digest(token)).first()


def look(feed: FeedToken) -> State:
    """What the feed says now; remembers when that began, and that somebody looked."""
    now, seen = timezone.now(), _seen()
    state, changed_at, rows = feed.state, feed.changed_at, None
    if seen != feed.seen or changed_at is None:
        rows = feed_rows.read(feed)
        state = hashlib.sha256(repr(rows.plain).encode()).hexdigest()
        changed_at = _since(feed, state, now)
        FeedToken.objects.filter(pk=feed.pk).update(state=state, changed_at=changed_at, seen=seen)
    if feed.last_used_at is None or now - feed.last_used_at > _USED_AGAIN_AFTER:
        FeedToken.objects.filter(pk=feed.pk).update(last_used_at=now)
    return State(feed, f'"{state[:32]}"', changed_at, rows)


def _since(feed: FeedToken, state: str, now: dt.datetime) -> dt.datetime:
    """Since when the feed says this. A header knows whole seconds only, and must differ when the state does."""
    whole = now.replace(microsecond=0)
    if feed.changed_at is None:
        return whole
    return feed.changed_at if state == feed.state else max(whole, feed.changed_at + dt.timedelta(seconds=1))


def _seen() -> str:
    """How far the audit log is, and the day. Counting the last entries too, for a smaller id may commit later."""
    last = AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0
    recent = AuditEntry.objects.filter(id__gt=last - _RECENT).count()
    return f"{last}:{recent}:{timezone.localdate()}:{links.digest(settings.BASE_URL)[:8]}"


def _refuse(by: Actor, person: Person | None, *, on: Body | None) -> None:
    """Planners hand out feeds; a delegate's own link hands out that delegate's."""
    if by.kind == "delegate" and on is None and person is not None:
        if not person.delegacies.filter(pk=int(by.id)).exists():
            raise NotAllowed
        return
    must(by, Can.PLAN, on=on)


def _locked(feed: FeedToken, by: Actor) -> FeedToken:
    row = FeedToken.objects.select_for_update(of=("self",)).select_related("body", "person").get(pk=feed.pk)
    _refuse(by, row.person if row.kind == Kind.DELEGATE else None, on=row.body)
    if row.revoked_at is not None:
        raise FeedRevoked
    return row


def _renumber(feed: FeedToken) -> None:
    feed.digest = links.digest(token(feed))
    feed.save(update_fields=["digest", "generation"])
