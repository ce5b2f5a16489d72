"""Marks: roll-call from a list, without any device; the same rows as scans, the same rules."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from attendees.models import Delegate, Reply, Round, Scan
from attendees.services import attendance, replies, rounds
from planner.access import Actor, Can, must
from planner.models import Session

PRESENT, ABSENT, EXCUSED = "present", "absent", "excused"
STATES = (PRESENT, ABSENT, EXCUSED)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the office says of one delegate: present, absent or excused; excused by whom."""

    delegate: Delegate
    state: str
    by_whom: str = ""


@transaction.atomic
def call(*, session: Session, marks: Sequence[Mark], by: Actor) -> int:
    """How many delegates changed: the round open now says of them what the office says. A repeat changes nothing.

    Whoever is marked present comes in now; whoever is marked absent or excused never came in this round.
    Raises NotAllowed, and what `replies.decide` raises.
    """
    must(by, Can.RESOLVE_DOOR, on=session)
    current = rounds.at(session, timezone.now()).round
    changed = 0
    for mark in sorted(marks, key=lambda one: one.delegate.pk):  # locks in one order
        row = Delegate.objects.select_for_update(no_key=True).get(pk=mark.delegate.pk, session=session)
        changed += _marked(row, mark, current, by)
    return changed


def seated_from_before(session: Session) -> list[Delegate]:
    """Delegates who sat in the link of the chain before this one when it ended, and have not come in here yet.

    They are offered for confirmation with one tap; nobody is ever counted by themselves.
    """
    if not session.chain_id:
        return []
    earlier = Session.objects.live().filter(chain_id=session.chain_id, starts_at__lt=session.starts_at)
    before = earlier.order_by("-starts_at").first()
    if before is None:
        return []
    ended = attendance.figures(before, at=min(timezone.now(), session.starts_at))
    seated = {one.delegate.person_id for one in ended.presences if one.is_inside}
    here = attendance.figures(session).presences
    return [one.delegate for one in here if one.delegate.person_id in seated and not one.is_inside]


def _marked(row: Delegate, mark: Mark, current: Round, by: Actor) -> bool:
    inside = _entrances(row, current)
    if mark.state == PRESENT:
        if not inside:
            _come_in(row, current, by)
        return not inside
    for scan in inside:
        _undo(scan, by)
    if mark.state == EXCUSED and row.reply != Delegate.Reply.EXCUSED:
        replies.decide(delegate=row, decision=Reply.Status.EXCUSED, by_whom=mark.by_whom or by.label, by=by)
        return True
    return bool(inside)


def _entrances(row: Delegate, current: Round) -> list[Scan]:
    """The entrances of the present stay; none when outside."""
    inside: list[Scan] = []
    rows = Scan.objects.filter(delegate=row, round=current, annulled_by__isnull=True)
    for scan in rows.filter(verdict__in=["admitted", "left"]).order_by("corrected_at", "id"):
        inside = [*inside, scan] if scan.verdict == "admitted" else []
    return inside


def _come_in(row: Delegate, current: Round, by: Actor) -> None:
    before = Scan.objects.filter(delegate=row, round=current)
    stay = before.filter(verdict="left").count() + before.filter(kind=Scan.Kind.ANNUL).count()
    mark = _blank(row.session_id, row.pk, current.pk, by)
    mark.kind, mark.verdict, mark.stay = Scan.Kind.MARK, "admitted", stay
    mark.save(force_insert=True)


def _undo(scan: Scan, by: Actor) -> None:
    row = _blank(scan.session_id, scan.delegate_id, scan.round_id, by)
    row.scan_id, row.annuls = uuid.uuid5(scan.scan_id, "annul"), scan
    row.kind, row.reason = Scan.Kind.ANNUL, "roll-call"
    row.save(force_insert=True)


def _blank(session_id: int, delegate_id: int | None, round_id: int | None, by: Actor) -> Scan:
    now = timezone.now()
    return Scan(
        scan_id=uuid.uuid4(),
        session_id=session_id,
        delegate_id=delegate_id,
        round_id=round_id,
        device_at=now,
        corrected_at=now,
        received_at=now,
        by_label=by.label,
    )
