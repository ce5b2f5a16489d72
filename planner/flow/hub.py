"""Everything the page of a session shows, read across the apps in a constant number of queries."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q

from attendees.models import Badge, Delegate, Round, Scan
from planner.access import Actor, Can
from planner.flow import clashes
from planner.models import AgendaItem, AuditEntry, Message, Override, Session
from rooms.models import Booking, Call

# In the order the page names them: F8a's sum.
REPLY_ORDER = (
    "attending",
    "asks_excuse",
    "excused",
    "asks_substitute",
    "substituted",
    "declined",
    "not_excused",
    "none",
)
_HISTORY_ROWS = 30


@dataclass(frozen=True)
class Hub:
    """A session and what hangs on it."""

    session: Session
    agenda: list[AgendaItem]
    bookings: list[Booking]
    call: Call | None
    clashes: list[dict[str, object]]
    overrides: list[Override]
    summoned: dict[str, int]
    invited: dict[str, int]
    mails: dict[str, int]
    badges: int
    rounds: list[Round]
    present: int
    history: list[AuditEntry] = field(default_factory=list)

    @property
    def total(self) -> int:
        """People on the list."""
        return sum(self.summoned.values()) + sum(self.invited.values())


def of(session: Session, *, by: Actor) -> Hub:
    """The hub of a session that `by` may see; history only for those who plan or read the log."""
    replies = _replies(session)
    reads_history = by.can(Can.PLAN, session) or by.can(Can.READ_AUDIT, session)
    history = (
        AuditEntry.objects.filter(session_id=session.pk).order_by("-id")[:_HISTORY_ROWS]
        if reads_history
        else []
    )
    return Hub(
        session=session,
        agenda=list(session.agenda.order_by("position")),
        bookings=list(Booking.objects.live().filter(session=session).select_related("room", "layout")),
        call=Call.objects.filter(session=session)
        .exclude(state=Call.State.ENDED)
        .select_related("connection")
        .first(),
        clashes=clashes.told(session),
        overrides=list(session.overrides.all()),
        summoned=_ordered(replies["summoned"]),
        invited=_ordered(replies["invited"]),
        mails=dict(Counter(Message.objects.filter(session_id=session.pk).values_list("state", flat=True))),
        badges=Badge.objects.active().filter(_series(session)).count(),
        rounds=list(session.rounds.order_by("number")),
        present=_ever_present(session),
        history=list(history),
    )


def _replies(session: Session) -> dict[str, Counter[str]]:
    """Answers counted apart for those summoned and those invited."""
    counted: dict[str, Counter[str]] = {"summoned": Counter(), "invited": Counter()}
    for role, reply in Delegate.objects.listed().filter(session=session).values_list("role", "reply"):
        counted["summoned" if role == Delegate.Role.SUMMONED else "invited"][reply] += 1
    return counted


def _ordered(counted: Counter[str]) -> dict[str, int]:
    return {reply: counted[reply] for reply in REPLY_ORDER if counted[reply]}


def _series(session: Session) -> Q:
    scope = Q(series__session=session)
    return scope | Q(series__chain=session.chain_id) if session.chain_id else scope


def _ever_present(session: Session) -> int:
    admitted = Scan.objects.filter(session=session, verdict="admitted", annulled_by__isnull=True)
    return admitted.values("delegate").distinct().count()
