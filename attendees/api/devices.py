"""Devices: invite a phone or tablet to a gate, pair it once, shut it out."""

from typing import Annotated, Literal

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from ninja.throttling import AnonRateThrottle

from attendees.models import Device
from attendees.services import badges, devices, gates, rounds
from planner.models import Session
from planner.pages import Request, origin_of
from planner.wire import Id, In, Listed, Paging, Ref, When, answers, found, paged

router = Router(tags=["door"])


class DeviceIn(In):
    """Which door, and what the device may do there."""

    session_id: Id
    gate: str = Field(
        min_length=1, max_length=60, description="Name of the gate; made when new.", examples=["Cửa 1"]
    )
    role: Literal["scan", "search", "resolve"] = Field("scan", examples=["scan"])
    name: str = Field("", max_length=80, description="Whose device it is.", examples=["Máy tính bảng 2"])


class CodeOut(Schema):
    """A one-time code, good for ten minutes."""

    id: Ref
    code: str = Field(examples=["K7MP2QXR"])
    expires_at: When


class PairIn(In):
    """The code shown on the office's screen."""

    code: str = Field(min_length=4, max_length=40, examples=["K7MP-2QXR"])
    name: str = Field("", max_length=80, examples=["Điện thoại của Lan"])


class PairedOut(Schema):
    """What the device keeps: the token is told this once."""

    token: str = Field(examples=["…"])
    device_id: Ref
    session_id: Ref
    gate: str = Field(examples=["Cửa 1"])
    role: str = Field(examples=["scan"])


class DeviceOut(Schema):
    """A device at a gate."""

    id: Ref
    session_id: Ref
    gate: str = Field(examples=["Cửa 1"])
    role: str = Field(examples=["scan"])
    name: str = Field(examples=["Máy tính bảng 2"])
    state: str = Field(description="`invited`, `paired`, `revoked`.", examples=["paired"])
    paired_at: When | None
    last_seen_at: When | None
    pending: int = Field(description="Scans it has not brought yet, as it last said.", examples=[0])


class DoorOut(Schema):
    """What a paired device must know of its door now."""

    session_id: Ref
    title: str = Field(description="The public name.", examples=["Hội nghị Ban Chấp hành"])
    starts_at: When
    ends_at: When
    gate: str = Field(examples=["Cửa 1"])
    role: str = Field(examples=["scan"])
    prefix: str = Field(description="The first four digits of this door's badges.", examples=["0417"])
    round_id: Ref
    round: int = Field(examples=[1])
    opens_at: When
    closes_at: When
    now: Annotated[str, Field(description="The server's clock, to the millisecond.")]


class DevicesOf(Paging):
    """Whose devices."""

    session_id: Id


@router.post("/devices", response=answers(403, 404, 422, created=CodeOut))
def invite_device(request: Request, data: DeviceIn) -> Status[CodeOut]:
    """Invite a device to a gate: a code that pairs it once within ten minutes. Refuses with `not_allowed`."""
    session = found(Session.objects.visible_to(request.auth), data.session_id, field="session_id")
    invited = devices.invite(session=session, gate=data.gate, role=data.role, name=data.name, by=request.auth)
    return Status(201, CodeOut(id=invited.device.pk, code=invited.code, expires_at=invited.expires_at))


@router.post(
    "/devices/pair", auth=None, throttle=[AnonRateThrottle("60/m")], response=answers(422, ok=PairedOut)
)
def pair_device(request: Request, data: PairIn) -> PairedOut:
    """Pair a device by its code; the token is its key from now on. Refuses with `code_not_valid`."""
    paired = devices.pair(code=data.code, name=data.name, origin=origin_of(request))
    device = paired.device
    return PairedOut(
        token=paired.token,
        device_id=device.pk,
        session_id=device.session_id,
        gate=device.gate.name,
        role=device.role,
    )


@router.get("/devices", response=answers(404, 422, ok=Listed[DeviceOut]))
def list_devices(request: Request, query: Query[DevicesOf]) -> dict[str, object]:
    """The devices of a session, newest first."""
    session = found(Session.objects.visible_to(request.auth), query.session_id, field="session_id")
    rows = Device.objects.filter(session=session).select_related("gate").order_by("-id")
    return paged(rows, query, device_out)


@router.get("/devices/me", response=answers(403, ok=DoorOut))
def my_door(request: Request) -> DoorOut:
    """What the asking device must know of its door: session, gate, hours, the server's clock."""
    device = devices.of(request.auth)
    now = timezone.now()
    session = devices.session_at(device, now)
    current = rounds.at(session, now)
    series = badges.series_of(session)
    return DoorOut(
        session_id=session.pk,
        title=session.public_name,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        gate=device.gate.name,
        role=device.role,
        prefix=series[0].prefix if series else "",
        round_id=current.round.pk,
        round=current.round.number,
        opens_at=current.opens_at,
        closes_at=current.closes_at,
        now=timezone.localtime(now).isoformat(timespec="milliseconds"),
    )


@router.post("/devices/{device_id}/revoke", response=answers(403, 404, 422, ok=DeviceOut))
def revoke_device(request: Request, device_id: str) -> DeviceOut:
    """Shut a device out from now on; a repeat is harmless. Refuses with `not_allowed`."""
    rows = Device.objects.filter(session__in=gates.sessions_for(request.auth)).select_related(
        "gate", "session"
    )
    return device_out(devices.revoke(device=found(rows, device_id), by=request.auth))


def device_out(device: Device) -> DeviceOut:
    """A device as the API tells it."""
    state = "revoked" if device.revoked_at else "paired" if device.paired_at else "invited"
    return DeviceOut(
        id=device.pk,
        session_id=device.session_id,
        gate=device.gate.name,
        role=device.role,
        name=device.name,
        state=state,
        paired_at=device.paired_at,
        last_seen_at=device.last_seen_at,
        pending=device.pending_count,
    )
