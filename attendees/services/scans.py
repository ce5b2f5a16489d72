"""Scans: the one function that decides at a door, whoever asks: page, API, batch or keypad.

Every attempt is one append-only row; who is inside is derived from the rows. `attendees.verdicts.verdict` judges
plain values; here they are gathered under a lock, the answer is stored, and a repeat gets the stored answer.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees import tokens
from attendees.models import Badge, BadgeSeries, Delegate, Device, Gate, Scan, Substitution
from attendees.services import badges, conflicts, rounds
from attendees.verdicts import Decision, Direction, Door, Entry, Past, Standing, Verdict, verdict
from planner.access import Actor, Can, must
from planner.errors import RuleBroken
from planner.models import Session
from planner.services import links

_STANDINGS = {
    Badge.State.ACTIVE: Standing.VALID,
    Badge.State.REPLACED: Standing.REPLACED,
    Badge.State.CANCELLED: Standing.CANCELLED,
}


class ScanIdReused(RuleBroken):
    """A scan_id names one attempt for good."""

    code = "scan_id_reused"
    message = _("This scan_id was used for another code.")


class WrongGate(RuleBroken):
    """A device scans for the gate it was paired with."""

    code = "wrong_gate"
    message = _("This device is paired with another gate.")


class SessionNeeded(RuleBroken):
    """Only a device knows by itself which session it works for."""

    code = "session_needed"
    message = _("Say which session the scan is for.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing shown at a door. `scanned_at` is the door's own clock; `corrected_at` that clock set right.

    `offline` is what a door without a network said; None when the server is asked.
    """

    scan_id: uuid.UUID
    code: str
    gate: Gate | None = None
    device: Device | None = None
    direction: Direction = Direction.IN
    scanned_at: dt.datetime | None = None
    corrected_at: dt.datetime | None = None
    offline: Verdict | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the rows say of a code: the badge, its holder on the list, and the door's view of both."""

    code: tokens.Code | None
    door: Door
    badge: Badge | None
    delegate: Delegate | None


def decide(*, session: Session, attempt: Attempt, by: Actor) -> Scan:
    """The scan as stored, with the answer for the door in `answer`; the same `scan_id` gets the same answer.

    An attempt decided offline keeps what the door did: whoever was let in is in, unless the badge itself is dead.
    Raises NotAllowed, ScanIdReused, WrongGate.
    """
    must(by, Can.SCAN, on=session)
    if attempt.device and attempt.gate and attempt.gate.pk != attempt.device.gate_id:
        raise WrongGate
    if stored := _stored(attempt, session):
        return stored
    try:
        with transaction.atomic():
            return _decide(session, attempt, by)
    except IntegrityError:
        # Lost a race: to the same scan_id, which then has its answer, or to the guard behind the lock.
        if stored := _stored(attempt, session):
            return stored
        with transaction.atomic():
            return _decide(session, attempt, by)


def _stored(attempt: Attempt, session: Session) -> Scan | None:
    row = Scan.objects.filter(scan_id=attempt.scan_id).select_related("round").first()
    if row is not None and (row.session_id != session.pk or row.code_digest != _digest(attempt.code)):
        raise ScanIdReused(fields={"scan_id": ScanIdReused.message})
    return row


def _decide(session: Session, attempt: Attempt, by: Actor) -> Scan:
    now = timezone.now()
    moment = min(attempt.corrected_at or now, now)
    current = rounds.at(session, moment)
    seen = _look_up(session, attempt.code, current)
    past, stay = _past(current, seen.delegate)
    decision = verdict(
        seen.code,
        door=seen.door,
        scans=[one for one in past if one.at <= _ms(moment)],
        now=_ms(moment),
        direction=attempt.direction,
    )
    final = decision.verdict if attempt.offline is None else _kept(attempt.offline, decision.verdict)
    row = Scan(
        scan_id=attempt.scan_id,
        session=session,
        round=current.round,
        badge=seen.badge,
        delegate=seen.delegate,
        code_digest=_digest(attempt.code),
        gate=attempt.gate or (attempt.device.gate if attempt.device else None),
        device=attempt.device,
        direction=attempt.direction,
        device_at=attempt.scanned_at or now,
        corrected_at=moment,
        received_at=now,
        verdict=final,
        decided_offline=attempt.offline is not None,
        offline_verdict=attempt.offline or "",
        stay=stay,
        by_label=by.label,
    )
    row.answer = _answer(row, decision, seen.delegate)
    row.save(force_insert=True)
    if seen.delegate and past and attempt.offline is Verdict.ADMITTED:
        conflicts.note(delegate=seen.delegate, round=current.round)
    return row


def _look_up(session: Session, text: str, current: rounds.Open) -> _Seen:
    """The badge a code names and, locked, its holder on the session's list."""
    series = badges.series_of(session)
    code, home = _read(text, series)
    badge = _badge(code, home)
    delegate = _holder(session, badge) if badge else None
    entries: dict[str, Entry] = {}
    if badge and code:
        holder = str(delegate.pk) if delegate else ""
        standing = _standing(badge, delegate)
        entries[code.key] = Entry(str(badge.pk), holder, standing, is_listed=delegate is not None)
    door = Door(home.prefix if home else "", _ms(current.opens_at), _ms(current.closes_at), entries)
    return _Seen(code, door, badge, delegate)


def _read(text: str, series: list[BadgeSeries]) -> tuple[tokens.Code | None, BadgeSeries | None]:
    """The code and the series it belongs to: by its own prefix, or, typed, the one that knows it."""
    if not series:
        return tokens.read(text, prefix=""), None
    for one in series:
        code = tokens.read(text, prefix=one.prefix)
        if code is None or code.prefix == one.prefix or (code.prefix is None and _badge(code, one)):
            return code, one
    return tokens.read(text, prefix=series[0].prefix), series[0]


def _badge(code: tokens.Code | None, series: BadgeSeries | None) -> Badge | None:
    if code is None or series is None:
        return None
    scope = Q(token_digest=code.key) if code.prefix is not None else Q(typed_digest=code.key)
    return Badge.objects.filter(scope, series=series).first()


def _holder(session: Session, badge: Badge) -> Delegate | None:
    """The badge's holder on the list, locked: all doors that see this person wait for one another."""
    rows = Delegate.objects.listed().select_for_update(of=("self",), no_key=True)
    return rows.select_related("delegation").filter(session=session, person_id=badge.person_id).first()


def _standing(badge: Badge, delegate: Delegate | None) -> Standing:
    standing = _STANDINGS[Badge.State(badge.state)]
    if standing is Standing.VALID and delegate is not None and delegate.stands_in_for_id:
        asked = Substitution.objects.filter(
            delegate_id=delegate.stands_in_for_id, substitute_id=delegate.person_id
        ).order_by("-id")
        if (latest := asked.first()) and latest.state != Substitution.State.APPROVED:
            return Standing.PENDING
    return standing


def _past(current: rounds.Open, delegate: Delegate | None) -> tuple[list[Past], int]:
    """The holder's scans in the round, and the number of the stay that begins next: earlier exits and annulments."""
    if delegate is None:
        return [], 0
    rows = (
        Scan.objects.filter(round=current.round, delegate=delegate)
        .order_by("corrected_at", "id")
        .values_list("kind", "verdict", "corrected_at", "gate__name", "annulled_by")
    )
    past, ended = [], 0
    for kind, said, at, gate, annulled in rows:
        is_annulment = kind == Scan.Kind.ANNUL
        ended += is_annulment or said == Verdict.LEFT
        if not is_annulment:
            past.append(Past(str(delegate.pk), Verdict(said), _ms(at), gate or "", annulled is not None))
    return past, ended


def _kept(said: Verdict, ours: Verdict) -> Verdict:
    """What counts of a decision made offline: who was let in is in, unless the badge itself was dead by then."""
    if said is not Verdict.ADMITTED:
        return said
    return Verdict.ADMITTED if ours is Verdict.ALREADY_IN else ours


def _answer(scan: Scan, decision: Decision, delegate: Delegate | None) -> dict[str, Any]:
    """What the door is told, word for word, now and whenever the same scan_id comes again."""
    first = decision.first
    return {
        "scan_id": str(scan.scan_id),
        "verdict": str(scan.verdict),
        "round_id": str(scan.round_id),
        "person": delegate.printed_name if delegate else None,
        "delegation": str(delegate.delegation) if delegate and delegate.delegation else None,
        "category": delegate.role if delegate else None,
        "seat": (delegate.seat or None) if delegate else None,
        "note": None,
        "first": {"gate": first.gate, "at": _moment(first.at).isoformat()} if first else None,
        "decided_at": scan.corrected_at.isoformat(),
    }


def _digest(text: str) -> str:
    """A code as the log keeps it: not to be read back, yet the same for the same reading."""
    return links.keyed(f"scanned:{text.strip()}").hex()


def _ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(ms: int) -> dt.datetime:
    return timezone.localtime(dt.datetime.fromtimestamp(ms / 1000, tz=dt.UTC))
