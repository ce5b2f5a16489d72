"""Video calls and our own stable join links (fixed links and MCUs first)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import Conflict, RuleBroken
from planner.models import Person, Session
from planner.services import audit, links
from planner.spans import Span
from rooms.models import Call, Connection, JoinPass

LINK_KIND = "join"


class NotProtected(RuleBroken):
    """A secret session takes only a protected connection."""

    code = "connection_not_protected"
    message = _("This connection is not protected; a secret session may not use it.")


class ConnectionBusy(Conflict):
    """The connection carries as many sessions as it can then."""

    code = "connection_busy"
    message = _("This connection carries as many sessions as it can at that time. Choose another.")


@dataclass(frozen=True)
class Doorway:
    """What a join link shows now: the state, and the address once it is open."""

    state: str  # early, open, over, cancelled, missing
    session: Session
    opens_at: dt.datetime
    link: str = ""


@transaction.atomic
def arrange(*, session: Session, connection: Connection, link: str = "", by: Actor) -> Call:
    """The session's call over a connection; for a fixed link it is ready at once. A repeat is harmless.

    Raises NotAllowed, NotProtected, ConnectionBusy.
    """
    must(by, Can.BOOK, on=session)
    session = Session.objects.select_for_update().get(pk=session.pk)
    connection = Connection.objects.select_for_update().get(pk=connection.pk)
    if session.is_secret and not connection.is_protected:
        raise NotProtected(fields={"connection": NotProtected.message})
    _refuse_busy(session, connection)
    call, _new = Call.objects.update_or_create(
        session=session,
        defaults={
            "connection": connection,
            "link": link or connection.address,
            "state": Call.State.READY,
            "session_version": session.version,
        },
    )
    audit.record("call.arranged", on=call, by=by, after={"connection": connection.name})
    return call


@transaction.atomic
def drop(*, session: Session, by: Actor) -> bool:
    """True when the session had a call and it was ended."""
    must(by, Can.BOOK, on=session)
    call = Call.objects.select_for_update().filter(session=session).exclude(state=Call.State.ENDED).first()
    if call is None:
        return False
    call.state = Call.State.ENDED
    call.save(update_fields=["state"])
    audit.record("call.ended", on=call, by=by)
    return True


@transaction.atomic
def follow(*, session: Session, by: Actor) -> bool:
    """True when the session has a call: it goes along to the session's present time. Raises ConnectionBusy."""
    must(by, Can.BOOK, on=session)
    call = Call.objects.select_for_update().filter(session=session).exclude(state=Call.State.ENDED).first()
    if call is None:
        return False
    _refuse_busy(session, call.connection)
    call.session_version = session.version
    call.save(update_fields=["session_version"])
    return True


@transaction.atomic
def passes_for(*, session: Session, people: list[Person], by: Actor) -> dict[int, str]:
    """The join token of each person, by person id; made when missing, two queries in all."""
    must(by, Can.INVITE, on=session)
    standing = {row.person_id: row for row in JoinPass.objects.filter(session=session, person__in=people)}
    missing = [person for person in people if person.pk not in standing]
    fresh = [
        JoinPass(session=session, person=person, digest=links.digest(_token(session, person.pk, 1)))
        for person in missing
    ]
    JoinPass.objects.bulk_create(fresh)
    rows = [*standing.values(), *fresh]
    return {row.person_id: _token(session, row.person_id, row.generation) for row in rows if row.person_id}


def doorway(token: str) -> Doorway | None:
    """What the join link of a token shows now; None when there is no such link."""
    found = (
        JoinPass.objects.select_related("session", "session__call", "session__call__connection")
        .filter(digest=links.digest(token), revoked_at__isnull=True)
        .first()
    )
    if found is None:
        return None
    session, call = found.session, getattr(found.session, "call", None)
    opens_at = session.starts_at - dt.timedelta(minutes=call.opens_minutes if call else 60)
    return Doorway(
        state=_state(session, call, opens_at),
        session=session,
        opens_at=opens_at,
        link=call.link if call else "",
    )


def _state(session: Session, call: Call | None, opens_at: dt.datetime) -> str:
    now = timezone.now()
    if session.state == Session.State.CANCELLED:
        return "cancelled"
    if call is None or call.state in {Call.State.ENDED, Call.State.FAILED} or not call.link:
        return "missing"
    if now < opens_at:
        return "early"
    return "over" if now >= session.ends_at + dt.timedelta(minutes=call.closes_minutes) else "open"


def _refuse_busy(session: Session, connection: Connection) -> None:
    """Refuse when, at any moment of the session, the connection would carry more than its limit."""
    rows = Call.objects.filter(connection=connection, session__starts_at__lt=session.ends_at)
    rows = rows.filter(session__ends_at__gt=session.starts_at).exclude(session=session)
    rows = rows.exclude(state=Call.State.ENDED).exclude(session__state=Session.State.CANCELLED)
    others = [row.session.span for row in rows.select_related("session")]
    starts = [max(span.starts_at, session.starts_at) for span in others]
    at_once = max((sum(_covers(span, moment) for span in others) for moment in starts), default=0)
    if at_once >= connection.parallel_limit:
        raise ConnectionBusy


def _covers(span: Span, moment: dt.datetime) -> bool:
    return span.holds(moment)


def _token(session: Session, person_id: int, generation: int) -> str:
    return links.token(LINK_KIND, f"{session.pk}-{person_id}", generation)
