"""The clashes of a session or a week, and what it takes to go on in spite of them."""

from collections.abc import Iterable

from planner.access import Actor
from planner.errors import Blocked, ReasonNeeded
from planner.flow import facts
from planner.models import Session
from planner.services import sessions
from planner.slots.clashes import judge
from planner.slots.levels import Clash, Level
from planner.slots.reasons import words
from planner.spans import Span


def of_session(session: Session) -> list[Clash]:
    """Every clash of the session as it stands, in a constant number of queries."""
    return judge(facts.gather(session.span, people_of=session), at_hand=[facts.session_key(session.pk)])


def of_span(span: Span) -> list[Clash]:
    """Every clash of the sessions and engagements that touch a span: a week, a day."""
    known = facts.gather(span)
    at_hand = [meeting.key for meeting in known.meetings if meeting.span.overlaps(span)]
    return judge(known, at_hand=at_hand)


def told(session: Session) -> list[dict[str, object]]:
    """The clashes of a session as pages and the API tell them; none for one that is over or cancelled."""
    ended = session.state in {Session.State.CANCELLED, Session.State.HELD}
    return [] if ended else [as_plain(clash) for clash in of_session(session)]


def accept(session: Session, *, reason: str, by: Actor) -> list[Clash]:
    """The clashes that remain, those that need a reason kept as overrides with it.

    Raises Blocked when one cannot be accepted, ReasonNeeded when one needs a reason and none is
    given; both carry `clashes`. One accepted before needs no second reason.
    """
    found = of_session(session)
    if blocking := _at(found, Level.BLOCKED):
        raise Blocked(_sentences(blocking), clashes=[as_plain(clash) for clash in blocking])
    accepted = set(session.overrides.values_list("code", "subject"))
    open_ones = [
        clash for clash in _at(found, Level.NEEDS_REASON) if (clash.code, clash.subject) not in accepted
    ]
    if open_ones and not reason:
        raise ReasonNeeded(_sentences(open_ones), clashes=[as_plain(clash) for clash in open_ones])
    for clash in open_ones:
        sessions.keep_override(session, code=clash.code, subject=clash.subject, reason=reason, by=by)
    return found


def as_plain(clash: Clash) -> dict[str, object]:
    """A clash as the API and a refusal tell it."""
    return {
        "level": clash.level.word,
        "code": clash.code,
        "reason": words(clash),
        "subject": clash.subject,
        "people": list(clash.names),
    }


def _at(found: Iterable[Clash], level: Level) -> list[Clash]:
    return [clash for clash in found if clash.level == level]


def _sentences(found: Iterable[Clash]) -> str:
    return " ".join(words(clash) for clash in found)
