"""What a person was called to, and how often they came."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from attendees.models import Delegate, Scan, Verdict
from planner.access import Actor
from planner.models import Person, Session
from planner.services import plans

_SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One session of a person's: the delegate's row, and whether they came (None before it was held)."""

    delegate: Delegate
    outcome: str


@dataclass(frozen=True)
class History:
    """The person's sessions, latest first, and figures of the present term."""

    coming: tuple[Line, ...]
    past: tuple[Line, ...]
    counts: dict[str, int]


def of(person: Person, *, by: Actor) -> History:
    """What `by` may know of the person's sessions; four queries whatever their number."""
    now = timezone.now()
    came = Scan.objects.filter(delegate=OuterRef("pk"), verdict=Verdict.ADMITTED, annulled_by__isnull=True)
    rows = (
        Delegate.objects.visible_to(by)
        .listed()
        .filter(person=person)
        .exclude(session__state__in=[Session.State.CANCELLED, Session.State.DRAFT])
        .annotate(came=Exists(came))
        .select_related("session", "session__body")
    )
    coming = rows.filter(session__ends_at__gte=now).order_by("session__starts_at")[:_SHOWN]
    past = rows.filter(session__ends_at__lt=now).order_by("-session__starts_at")
    term = plans.term_on(timezone.localdate())
    of_term = past.filter(session__term=term, session__state=Session.State.HELD)
    counts = {"present": 0, "excused": 0, "absent": 0}
    for row in of_term:
        if (outcome := _outcome(row)) in counts:
            counts[outcome] += 1
    return History(
        coming=tuple(Line(row, str(row.reply)) for row in coming),
        past=tuple(Line(row, _outcome(row)) for row in past[:_SHOWN]),
        counts=counts,
    )


def _outcome(row: Delegate) -> str:
    """Present, excused, declined or absent, by the names the state pills know."""
    if row.session.state != Session.State.HELD:
        return str(row.reply)
    if row.came:  # type: ignore[attr-defined]
        return "present"
    if row.reply_mode == Delegate.Mode.ONLINE:
        return "present_at_point"
    if row.reply in (Delegate.Reply.EXCUSED, Delegate.Reply.DECLINED, Delegate.Reply.SUBSTITUTED):
        return str(row.reply)
    return "absent"
