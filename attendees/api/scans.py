"""Scans: what is shown at a door, one by one or in the batch of a door that was offline; undo."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.cache import cache
from django.http import Http404
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.errors import Throttled

from attendees.models import Device, Gate, Scan
from attendees.services import annulments, devices, gates, scans
from attendees.services.scans import Attempt, SessionNeeded, WrongGate
from attendees.verdicts import Direction, Verdict
from planner.access import Actor
from planner.errors import DomainError
from planner.models import Session
from planner.pages import Request
from planner.wire import Id, In, Listed, When, answers, found, listed

router = Router(tags=["door"])
_GUESSES_A_MINUTE = 20
_MOST_IN_A_BATCH = 500

VerdictName = Literal[
    "admitted", "already_in", "left", "wrong_session", "too_early", "too_late", "replaced", "cancelled",
    "unknown", "not_in_roster", "needs_approval",
]  # fmt: skip


class ScanIn(In):
    """One thing shown at a door."""

    scan_id: UUID = Field(description="Made by the device; the same id gets the same answer for good.")
    code: str = Field(
        max_length=200, description="34 digits of the QR, or the 8 typed ones.", examples=["0215 7700"]
    )
    session_id: Id | None = Field(None, description="Needed for a user's token; a device knows its session.")
    gate: str | None = Field(None, max_length=60, description="Default: the device's.", examples=["Cửa 1"])
    direction: Literal["in", "out"] = Field("in")
    scanned_at: When | None = Field(None, description="The device's clock; kept, never trusted when online.")


class OfflineIn(ScanIn):
    """A scan of a door that was offline, and what that door decided."""

    verdict: VerdictName | None = Field(
        None, description="What the door said offline; none when it could not decide."
    )


class BatchIn(In):
    """What a door kept while it had no network; each item is judged by itself."""

    items: list[Annotated[OfflineIn | dict[str, Any], Field(union_mode="left_to_right")]] = Field(
        max_length=_MOST_IN_A_BATCH
    )
    sent_at: When | None = Field(
        None, description="The device's clock now: sets the clock of `scanned_at` right."
    )
    pending: int | None = Field(
        None, ge=0, le=1_000_000, description="Scans the device still holds after this batch.", examples=[0]
    )


class FirstOut(Schema):
    """Where and when the holder came in."""

    gate: str = Field(examples=["Cửa 2"])
    at: str = Field(examples=["2026-12-01T07:41:00.120+07:00"])


class ScanOut(Schema):
    """The door's answer."""

    scan_id: str
    verdict: VerdictName
    round_id: str
    person: str | None = Field(examples=["Nguyễn Thị Hường"])
    delegation: str | None = Field(examples=["Đảng bộ phường Thuận Hóa"])
    category: str | None = Field(description="The delegate's role.", examples=["summoned"])
    seat: str | None = Field(examples=["A-12"])
    note: str | None
    first: FirstOut | None = Field(description="For `already_in`: the entrance that counts.")
    decided_at: str


class ReceiptOut(Schema):
    """What became of one item: kept (`receipt`), or refused with a code and to be kept by the device."""

    scan_id: str | None
    receipt: bool
    verdict: str | None = None
    code: str = ""
    answer: ScanOut | None = None


class AnnulIn(In):
    """Why."""

    reason: str = Field("", max_length=200, examples=["Quét nhầm"])


class AnnulledOut(Schema):
    """A scan undone."""

    scan_id: str
    annulled_at: When
    by: str


@router.post("/scans", response=answers(403, 404, 422, ok=ScanOut))
def scan(request: Request, data: ScanIn) -> ScanOut:
    """Decide what is shown at a door; the same `scan_id` gets the stored answer, whatever happened since.

    Refuses with `not_allowed`, `wrong_gate`, `scan_id_reused`.
    """
    device = _device(request.auth)
    session = _session(request.auth, data, device, timezone.now())
    _refuse_guessing(request.auth)
    decided = scans.decide(
        session=session, attempt=_attempt(data, session, device, request.auth), by=request.auth
    )
    _note_guess(request.auth, data.code, decided)
    return ScanOut(**decided.answer)


@router.post("/scans/batch", response=answers(403, 404, 422, ok=Listed[ReceiptOut]))
def bring_scans(request: Request, data: BatchIn) -> dict[str, object]:
    """Take in what a door kept while offline; each item gets its own receipt and none blocks the others.

    An item counts as delivered only when its receipt says so; repeats are harmless.
    """
    device = _device(request.auth)
    now = timezone.now()
    shift = now - data.sent_at if data.sent_at else dt.timedelta(0)
    receipts = [_received(item, device, request.auth, now=now, shift=shift) for item in data.items]
    if device and data.pending is not None:
        devices.report_pending(device=device, count=data.pending)
    return listed(receipts)


@router.post("/scans/{scan_id}/annul", response=answers(403, 404, 409, 422, ok=AnnulledOut))
def annul_scan(request: Request, scan_id: UUID, data: AnnulIn | None = None) -> AnnulledOut:
    """Undo an entrance or exit; a repeat is harmless.

    The one who scanned may for five minutes, then the reception desk. Refuses with `not_allowed`,
    `nothing_to_annul`, `undo_too_late`.
    """
    rows = Scan.objects.filter(session__in=gates.sessions_for(request.auth)).select_related("session")
    row = rows.filter(scan_id=scan_id).first()
    if row is None:
        raise Http404
    undone = annulments.annul(scan=row, reason=data.reason if data else "", by=request.auth)
    return AnnulledOut(scan_id=str(scan_id), annulled_at=undone.received_at, by=undone.by_label)


def _device(actor: Actor) -> Device | None:
    return devices.of(actor) if actor.kind == "device" else None


def _session(actor: Actor, data: ScanIn, device: Device | None, moment: dt.datetime) -> Session:
    """The session a scan is for: the one named, else the device's at that moment."""
    if data.session_id is not None:
        return found(gates.sessions_for(actor), data.session_id, field="session_id")
    if device is None:
        raise SessionNeeded(fields={"session_id": SessionNeeded.message})
    return devices.session_at(device, moment)


def _attempt(data: ScanIn, session: Session, device: Device | None, actor: Actor) -> Attempt:
    return Attempt(
        scan_id=data.scan_id,
        code=data.code,
        gate=_gate(data.gate, session, device, actor),
        device=device,
        direction=Direction(data.direction),
        scanned_at=data.scanned_at,
    )


def _gate(name: str | None, session: Session, device: Device | None, actor: Actor) -> Gate | None:
    """The gate named, which must be the device's own; the device's when none is named."""
    if device is None:
        return gates.named(session=session, name=name, by=actor) if name else None
    if name and name not in (device.gate.name, str(device.gate_id)):
        raise WrongGate(fields={"gate": WrongGate.message})
    return device.gate


def _received(
    item: OfflineIn | dict[str, Any],
    device: Device | None,
    actor: Actor,
    *,
    now: dt.datetime,
    shift: dt.timedelta,
) -> ReceiptOut:
    """The receipt for one item of a batch; what is wrong with it stays its own trouble."""
    if isinstance(item, dict):
        return ReceiptOut(scan_id=str(item.get("scan_id")), receipt=False, code="invalid")
    moment = item.scanned_at + shift if item.scanned_at else now
    try:
        session = _session(actor, item, device, moment)
        attempt = _attempt(item, session, device, actor)
        offline = Verdict(item.verdict) if item.verdict else None
        attempt = replace(attempt, corrected_at=moment, offline=offline)
        decided = scans.decide(session=session, attempt=attempt, by=actor)
    except DomainError as refusal:
        return ReceiptOut(scan_id=str(item.scan_id), receipt=False, code=refusal.code)
    except Http404:
        return ReceiptOut(scan_id=str(item.scan_id), receipt=False, code="not_found")
    return ReceiptOut(
        scan_id=str(item.scan_id), receipt=True, verdict=decided.verdict, answer=ScanOut(**decided.answer)
    )


def _refuse_guessing(actor: Actor) -> None:
    """Typed codes are short: whoever has guessed too many in a minute waits out the rest of it."""
    if int(cache.get(_guess_key(actor), 0)) >= _GUESSES_A_MINUTE:
        raise Throttled(wait=60)


def _note_guess(actor: Actor, code: str, decided: Scan) -> None:
    is_typed = sum(char.isdigit() for char in code) <= 10
    if is_typed and decided.verdict == Verdict.UNKNOWN:
        cache.add(_guess_key(actor), 0, timeout=60)
        with suppress(ValueError):  # culled between the two steps
            cache.incr(_guess_key(actor))


def _guess_key(actor: Actor) -> str:
    return f"typed-{actor.kind}-{actor.id}"
