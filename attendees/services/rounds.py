"""Rounds: the counts (lượt điểm danh) of a session, and which of them a scan belongs to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Round
from planner.access import Actor, Can, must
from planner.errors import RuleBroken
from planner.models import Session
from planner.services import audit

# A session may run over: its last round closes an hour after the planned end unless it says otherwise.
_AFTER_THE_END = dt.timedelta(hours=1)


class RoundNotAfterOthers(RuleBroken):
    """Rounds follow one another: a new one opens after the last."""

    code = "round_not_after_others"
    message = _("A new round must open after the one before.")


@dataclass(frozen=True, slots=True)
class Open:
    """A round with the hours that hold for it: [opens_at, closes_at)."""

    round: Round
    opens_at: dt.datetime
    closes_at: dt.datetime


@transaction.atomic
def first(session: Session) -> Round:
    """The session's first round; it opens with the doors and is made when first asked for."""
    row, _is_new = Round.objects.get_or_create(
        session=session, number=1, defaults={"opens_at": _doors_open_at(session)}
    )
    return row


def of(session: Session) -> list[Open]:
    """The session's rounds in order, with their hours. The first follows the session when that moves."""
    rows = list(session.rounds.order_by("number")) or [first(session)]
    return _with_hours(session, rows)


def at(session: Session, moment: dt.datetime) -> Open:
    """The round a scan at `moment` belongs to: the one open then, else the next to open, else the last."""
    hours = of(session)
    for one in hours:
        if moment < one.closes_at:
            return one
    return hours[-1]


@transaction.atomic
def open_next(
    *,
    session: Session,
    name: str = "",
    opens_at: dt.datetime | None = None,
    closes_at: dt.datetime | None = None,
    by: Actor,
) -> Round:
    """A new round, from now unless said otherwise; the one before ends where it begins.

    Duplicates start afresh in it; earlier rounds and their snapshots stay as they are.
    Raises RoundNotAfterOthers.
    """
    must(by, Can.SCAN, on=session)
    session = Session.objects.select_for_update().get(pk=session.pk)
    before = of(session)[-1]
    begins = opens_at or timezone.now()
    if begins <= before.opens_at or (closes_at and closes_at <= begins):
        raise RoundNotAfterOthers(fields={"opens_at": RoundNotAfterOthers.message})
    if before.closes_at > begins:
        before.round.closes_at = begins
        before.round.save(update_fields=["closes_at"])
    row = Round.objects.create(
        session=session, number=before.round.number + 1, name=name, opens_at=begins, closes_at=closes_at
    )
    audit.record("round.opened", on=row, by=by, after={"number": row.number, "opens_at": begins})
    return row


@transaction.atomic
def close(*, round: Round, by: Actor) -> Round:
    """The round, closed now; a repeat is harmless."""
    must(by, Can.SCAN, on=round.session)
    now = timezone.now()
    if round.closes_at is None or round.closes_at > now:
        round.closes_at = now
        round.save(update_fields=["closes_at"])
        audit.record("round.closed", on=round, by=by, after={"number": round.number})
    return round


def _with_hours(session: Session, rows: Sequence[Round]) -> list[Open]:
    opens = [_doors_open_at(session) if row.number == 1 else row.opens_at for row in rows]
    ends = [*opens[1:], None]
    return [
        Open(row, opened, row.closes_at or end or _last_close(session, opened))
        for row, opened, end in zip(rows, opens, ends, strict=True)
    ]


def _doors_open_at(session: Session) -> dt.datetime:
    return session.starts_at - dt.timedelta(minutes=session.doors_open_minutes)


def _last_close(session: Session, opened: dt.datetime) -> dt.datetime:
    """When a round without a stated end closes: after the session, and never at once when opened late."""
    return max(session.ends_at, opened) + _AFTER_THE_END
