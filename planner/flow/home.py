"""What home answers in five seconds: what is on, what is next, what needs somebody."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from attendees.models import Delegate, Invitation
from planner.access import Actor, Can
from planner.models import Message, Session
from planner.models.sessions import SessionQuerySet
from rooms.models import Booking

LOOK_AHEAD = dt.timedelta(days=14)
WEEK = dt.timedelta(days=7)
SOON = dt.timedelta(days=3)

Matter = Callable[[Actor, dt.datetime], list[tuple[Session, int]]]


@dataclass(frozen=True)
class Todo:
    """Something that waits for a person: a code the page has words for, and how many."""

    code: str
    count: int


@dataclass(frozen=True)
class Home:
    """The day at a glance; `coming` is the first day after it that holds sessions, mostly tomorrow."""

    now: dt.datetime
    in_session: list[Session]
    today: list[Session]
    coming: list[Session]
    todos: list[Todo]

    @property
    def is_tomorrow(self) -> bool:
        """Whether `coming` is the very next day."""
        tomorrow = timezone.localdate(self.now) + dt.timedelta(days=1)
        return bool(self.coming) and timezone.localdate(self.coming[0].starts_at) == tomorrow


def of(*, by: Actor) -> Home:
    """Home as the actor may see it, in a constant number of queries."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + dt.timedelta(days=1)
    shown = Q(starts_at__gte=midnight, starts_at__lt=tomorrow)
    if next_day := _next_day(by, tomorrow):
        shown |= Q(starts_at__gte=next_day, starts_at__lt=next_day + dt.timedelta(days=1))
    rows = list(_listed(by).filter(shown))
    today = [row for row in rows if row.starts_at < tomorrow]
    return Home(
        now=now,
        in_session=[row for row in today if row.starts_at <= now < row.ends_at and row.published_at],
        today=today,
        coming=[row for row in rows if row.starts_at >= tomorrow],
        todos=_todos(by, now),
    )


def _next_day(by: Actor, tomorrow: dt.datetime) -> dt.datetime | None:
    """Midnight of the first day from tomorrow on that holds a session."""
    coming = Session.objects.visible_to(by).live().filter(starts_at__gte=tomorrow)
    first = coming.order_by("starts_at").values_list("starts_at", flat=True).first()
    return first and timezone.localtime(first).replace(hour=0, minute=0, second=0, microsecond=0)


def _listed(by: Actor) -> SessionQuerySet:
    """Sessions with what home says of each: room, chair, answered of total, present."""
    listed = Q(delegates__removed_at__isnull=True)
    admitted = Q(delegates__scans__verdict="admitted", delegates__scans__annulled_by__isnull=True)
    main = Booking.objects.main().select_related("room")
    return (
        Session.objects.visible_to(by)
        .live()
        .with_list_columns()
        .annotate(
            listed=Count("delegates", filter=listed, distinct=True),
            answered=Count("delegates", filter=listed & ~Q(delegates__reply="none"), distinct=True),
            present=Count("delegates", filter=listed & admitted, distinct=True),
        )
        .prefetch_related(Prefetch("bookings", queryset=main, to_attr="main_bookings"))
        .in_time()
    )


def _todos(by: Actor, now: dt.datetime) -> list[Todo]:
    """Each kind of open matter in the coming two weeks, those with a count above zero."""
    counts = {code: sum(count for _session, count in rows(by, now)) for code, rows in MATTERS.items()}
    return [Todo(code, count) for code, count in counts.items() if count]


def sessions_with(code: str, *, by: Actor) -> list[tuple[Session, int]]:
    """The sessions behind one open matter and how many each has, soonest first; KeyError for an unknown code."""
    return MATTERS[code](by, timezone.now())


def _coming(by: Actor, now: dt.datetime) -> SessionQuerySet:
    """Published sessions of the next two weeks."""
    until = now + LOOK_AHEAD
    rows = Session.objects.visible_to(by).filter(state=Session.State.PUBLISHED, starts_at__gte=now)
    return rows.filter(starts_at__lt=until).in_time()


def _with_replies(reply: str) -> Matter:
    def rows(by: Actor, now: dt.datetime) -> list[tuple[Session, int]]:
        waiting = Q(delegates__removed_at__isnull=True, delegates__reply=reply)
        if reply == Delegate.Reply.NONE:  # whoever was never invited cannot be silent
            waiting &= Q(delegates__invitation__state="invited")
        found = _coming(by, now).annotate(waiting=Count("delegates", filter=waiting)).filter(waiting__gt=0)
        return [(session, session.waiting) for session in found]  # type: ignore[attr-defined]

    return rows


def _unsent(by: Actor, now: dt.datetime) -> list[tuple[Session, int]]:
    """Published by somebody of this office, and nobody invited yet."""
    invited = Invitation.objects.filter(delegate__session=OuterRef("pk"), state=Invitation.State.INVITED)
    return [(session, 1) for session in _coming(by, now).filter(~Exists(invited), is_demo=False)]


def _failed_mails(by: Actor, now: dt.datetime) -> list[tuple[Session, int]]:
    """Sessions with mails that could not be delivered, for those who can send again."""
    if not by.can_anywhere(Can.INVITE):
        return []
    failed = Message.objects.filter(state=Message.State.FAILED, session_id__isnull=False)
    counts = dict(failed.values_list("session_id").annotate(n=Count("id")))
    found = Session.objects.visible_to(by).filter(pk__in=counts, ends_at__gte=now)
    return [(session, counts[session.pk]) for session in found.in_time()]


def _unsynced_doors(by: Actor, now: dt.datetime) -> list[tuple[Session, int]]:
    behind = Count("devices", filter=Q(devices__pending_count__gt=0, devices__revoked_at__isnull=True))
    found = Session.objects.visible_to(by).annotate(behind=behind).filter(behind__gt=0).in_time()
    return [(session, session.behind) for session in found]  # type: ignore[attr-defined]


def _without_agenda(by: Actor, now: dt.datetime) -> list[tuple[Session, int]]:
    soon = _coming(by, now).filter(starts_at__lt=now + SOON, secrecy="normal", agenda__isnull=True)
    return [(session, 1) for session in soon]


def _drafts(by: Actor, now: dt.datetime) -> list[tuple[Session, int]]:
    """Drafts that begin within a week: high time to publish."""
    drafts = Session.objects.visible_to(by).filter(state=Session.State.DRAFT, starts_at__gte=now)
    return [(session, 1) for session in drafts.filter(starts_at__lt=now + WEEK).in_time()]


MATTERS: dict[str, Matter] = {
    "asks_excuse": _with_replies(Delegate.Reply.ASKS_EXCUSE),
    "asks_substitute": _with_replies(Delegate.Reply.ASKS_SUBSTITUTE),
    "silent": _with_replies(Delegate.Reply.NONE),
    "unsent": _unsent,
    "failed_mails": _failed_mails,
    "unsynced_doors": _unsynced_doors,
    "no_agenda": _without_agenda,
    "drafts": _drafts,
}
