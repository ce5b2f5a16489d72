"""Devices: phones and tablets at a door, paired by a one-time code, known by the digest of their token."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Device
from attendees.services import gates, rounds
from planner.access import Actor, Can, must
from planner.errors import NotAllowed, RuleBroken
from planner.models import Session
from planner.services import audit, links

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
CODE_LENGTH = 8
CODE_LIVES = dt.timedelta(minutes=10)
_WORKS_AFTER_THE_END = dt.timedelta(hours=24)  # a door that was offline still brings its scans
_STAMP_EVERY = dt.timedelta(seconds=20)

_CANS: dict[str, frozenset[Can]] = {
    Device.Role.SCAN: frozenset({Can.SCAN}),
    Device.Role.SEARCH: frozenset({Can.SCAN, Can.SEARCH_DOOR}),
    Device.Role.RESOLVE: frozenset({Can.SCAN, Can.SEARCH_DOOR, Can.RESOLVE_DOOR, Can.REPORT}),
}


class CodeNotValid(RuleBroken):
    """The pairing code is wrong, used or older than ten minutes."""

    code = "code_not_valid"
    message = _("This code is wrong, used or older than ten minutes. Ask for a new one.")


class NotADevice(NotAllowed):
    """Only a paired device may ask this."""

    code = "not_a_device"
    message = _("Only a paired device may do this.")


@dataclass(frozen=True, slots=True)
class Invited:
    """A device to be, and its one-time code, which is told this once."""

    device: Device
    code: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """A device just paired and the token it keeps; the token is shown this once."""

    device: Device
    token: str


@transaction.atomic
def invite(*, session: Session, gate: str, role: str, name: str = "", by: Actor) -> Invited:
    """A device to be, and the code that pairs it once within ten minutes."""
    must(by, Can.BADGE, on=session)
    expires_at = timezone.now() + CODE_LIVES
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    device = Device.objects.create(
        gate=gates.named(session=session, name=gate, by=by),
        session=session,
        role=Device.Role(role),
        name=name,
        code_digest=links.digest(code),
        code_expires_at=expires_at,
        created_by=by.label,
    )
    audit.record("device.invited", on=device, by=by, after={"gate": gate, "role": role})
    return Invited(device, code, expires_at)


@transaction.atomic
def pair(*, code: str, name: str = "", origin: str = "") -> Paired:
    """The device of a code, with its token; the code is dead afterwards. Raises CodeNotValid."""
    plain = "".join(code.upper().split()).replace("-", "")
    now = timezone.now()
    rows = Device.objects.select_for_update(of=("self",)).select_related("session", "gate")
    device = rows.filter(
        code_digest=links.digest(plain), code_expires_at__gt=now, revoked_at__isnull=True
    ).first()
    if device is None:
        raise CodeNotValid(fields={"code": CodeNotValid.message})
    token = links.fresh_token()
    device.token_digest, device.code_digest, device.code_expires_at = links.digest(token), None, None
    device.paired_at = device.last_seen_at = now
    device.name = name or device.name
    device.save(
        update_fields=["token_digest", "code_digest", "code_expires_at", "paired_at", "last_seen_at", "name"]
    )
    audit.record("device.paired", on=device, by=_actor(device, [device.session], origin))
    return Paired(device, token)


@transaction.atomic
def revoke(*, device: Device, by: Actor) -> Device:
    """The device, shut out from now on; it wipes itself at its next contact. A repeat is harmless."""
    must(by, Can.BADGE, on=device.session)
    if device.revoked_at is None:
        device.revoked_at = timezone.now()
        device.code_digest = None
        device.save(update_fields=["revoked_at", "code_digest"])
        audit.record("device.revoked", on=device, by=by)
    return device


def actor_for_token(text: str, origin: str = "") -> Actor | None:
    """The actor behind a device's token; None when unknown, revoked, or its session is over for a day."""
    device = find(text)
    return _actor(device, sessions_of(device), origin) if device else None


def find(text: str) -> Device | None:
    """The paired device of a token, while it works; it is stamped as seen now and then."""
    now = timezone.now()
    device = (
        Device.objects.select_related("session", "gate", "session__chain")
        .filter(token_digest=links.digest(text), revoked_at__isnull=True)
        .first()
    )
    if device is None or now > max(one.ends_at for one in sessions_of(device)) + _WORKS_AFTER_THE_END:
        return None
    if device.last_seen_at is None or now - device.last_seen_at > _STAMP_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)
    return device


def of(actor: Actor) -> Device:
    """The device an actor is; refuses with NotADevice whoever is none."""
    if actor.kind != "device":
        raise NotADevice
    return Device.objects.select_related("session", "gate").get(pk=int(actor.id))


def sessions_of(device: Device) -> list[Session]:
    """What the device works for: its session, and the others of the chain in the same hall."""
    if not device.session.chain_id:
        return [device.session]
    chained = list(Session.objects.live().filter(chain_id=device.session.chain_id).in_time())
    return chained or [device.session]


def session_at(device: Device, moment: dt.datetime) -> Session:
    """The session a scan at `moment` is for: of a chain, the latest whose doors are open; else the device's own."""
    chosen = device.session
    for session in sessions_of(device) if chosen.chain_id else ():
        hours = rounds.of(session)
        if hours[0].opens_at <= moment < hours[-1].closes_at:
            chosen = session
    return chosen


def with_unsent(session: Session) -> int:
    """How many doors of the session hold scans they have not brought yet."""
    scope = Q(session=session) | Q(session__chain_id=session.chain_id, session__chain__isnull=False)
    return Device.objects.filter(scope, revoked_at__isnull=True, pending_count__gt=0).count()


@transaction.atomic
def report_pending(*, device: Device, count: int) -> None:
    """Note how many scans a device says it still holds."""
    if device.pending_count != count:
        Device.objects.filter(pk=device.pk).update(pending_count=count, last_seen_at=timezone.now())


def _actor(device: Device, sessions: list[Session], origin: str) -> Actor:
    label = f"{device.gate.name} · {device.name}" if device.name else device.gate.name
    cans = _CANS[device.role]
    return Actor(
        kind="device",
        id=str(device.pk),
        label=label,
        for_sessions={session.pk: cans for session in sessions},
        origin=origin,
    )
