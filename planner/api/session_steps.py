"""A session's steps: publish, move, cancel, close; each says what it did to everything that hangs on the session."""

from typing import Annotated

from ninja import Field, Router, Schema

from planner.api.session_answers import SessionOut, told, whole
from planner.api.session_forms import LayoutKind, ReasonCode, Reasoned
from planner.flow import cancel, clashes, close, move, publish
from planner.flow.effects import Outcome
from planner.models import Session
from planner.pages import Request
from planner.services.plans import EndsBeforeItStarts
from planner.spans import Span
from planner.wire import Id, In, When, answers, found
from rooms.models import Layout, Room
from rooms.services.bookings import UnknownLayout

router = Router(tags=["sessions"])


class MoveIn(Reasoned):
    """Where and when to."""

    starts_at: When
    ends_at: Annotated[When | None, Field(examples=["2026-12-01T11:00:00+07:00"])] = Field(
        None, description="Default: the session keeps its length."
    )
    room_id: Id | None = Field(None, description="Default: the present rooms, at the new time.")
    layout: LayoutKind | None = Field(None, description="Default: the room's first.", examples=["u_shape"])


class CancelIn(In):
    """Why."""

    reason: str = Field(
        "",
        max_length=300,
        description="In words; never for a secret session.",
        examples=["Trùng kỳ họp HĐND"],
    )
    reason_code: ReasonCode | None = Field(None, description="As a code.", examples=["postponed"])


class CloseIn(In):
    """How the session is numbered for good."""

    ordinal: int | None = Field(
        None, ge=1, le=9999, description="Default: the ordinal it was planned with.", examples=[9]
    )


class BookingEffect(Schema):
    """What became of rooms."""

    freed: list[str] = Field(examples=[["Phòng họp số 1"]])
    held: list[str] = Field(examples=[["Phòng họp số 2"]])


class EffectsOut(Schema):
    """What a step did beside the session itself."""

    booking: BookingEffect
    link: bool = Field(description="The video call followed or ended.")
    invitations: int = Field(description="Mails written.", examples=[16])
    excused_kept: int = Field(description="Excused people who stay so.", examples=[2])
    to_call: int = Field(description="People to tell by telephone.", examples=[14])


class StepOut(SessionOut):
    """The session after a step, and what the step did."""

    effects: EffectsOut


@router.post("/sessions/{session_id}/publish", response=answers(403, 404, 409, 422, ok=StepOut))
def publish_session(request: Request, session_id: str, data: Reasoned | None = None) -> StepOut:
    """Publish a session: its list freezes and nothing is sent yet.

    A repeat is harmless. Refuses with `not_allowed`, `blocked` (with `clashes`), `reason_needed` (with `clashes`,
    without `override_reason`), `wrong_state`, `secret_content_refused`.
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    reason = (data or Reasoned.model_validate({})).reason_for(is_secret=session.is_secret)
    return _step_out(publish.publish(session, override_reason=reason, by=request.auth))


@router.post("/sessions/{session_id}/move", response=answers(403, 404, 409, 422, 503, ok=StepOut))
def move_session(request: Request, session_id: str, data: MoveIn) -> StepOut:
    """Move a session: room, call and invitations follow, or nothing changes at all.

    Refuses with `not_allowed`, `room_taken`, `room_closed`, `room_not_fit_for_secret`, `unknown_layout`,
    `connection_busy`, `blocked` (with `clashes`), `reason_needed`, `ends_before_it_starts`, `wrong_state`,
    `secret_content_refused`.
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    room = (
        found(Room.objects.visible_to(request.auth), data.room_id, field="room_id") if data.room_id else None
    )
    outcome = move.move(
        session,
        span=_span(session, data),
        room=room,
        layout=_layout(room, data.layout),
        override_reason=data.reason_for(is_secret=session.is_secret),
        by=request.auth,
    )
    return _step_out(outcome)


@router.post("/sessions/{session_id}/cancel", response=answers(403, 404, 409, 422, ok=StepOut))
def cancel_session(request: Request, session_id: str, data: CancelIn | None = None) -> StepOut:
    """Cancel a session: rooms are freed, the call ends, everybody invited is told.

    A repeat is harmless. Refuses with `not_allowed`, `wrong_state` (held), `secret_content_refused`.
    """
    session, said = (
        found(Session.objects.visible_to(request.auth), session_id),
        data or CancelIn.model_validate({}),
    )
    outcome = cancel.cancel(session, reason=said.reason, reason_code=said.reason_code or "", by=request.auth)
    return _step_out(outcome)


@router.post("/sessions/{session_id}/close", response=answers(403, 404, 409, 422, ok=StepOut))
def close_session(request: Request, session_id: str, data: CloseIn | None = None) -> StepOut:
    """Close a session after it was held: its ordinal becomes final.

    A repeat is harmless. Refuses with `not_allowed`, `wrong_state` (not published, or not begun), `ordinal_taken`.
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    return _step_out(close.close(session, ordinal=data.ordinal if data else None, by=request.auth))


def _span(session: Session, data: MoveIn) -> Span:
    if data.ends_at is None:
        return session.span.starting(data.starts_at)
    if data.ends_at <= data.starts_at:
        raise EndsBeforeItStarts(fields={"ends_at": EndsBeforeItStarts.message})
    return Span(data.starts_at, data.ends_at)


def _layout(room: Room | None, kind: str | None) -> Layout | None:
    if kind is None or room is None:
        return None
    layout = room.layouts.filter(kind=kind).first()
    if layout is None:
        raise UnknownLayout(fields={"layout": UnknownLayout.message})
    return layout


def _step_out(outcome: Outcome) -> StepOut:
    session = whole(Session.objects.filter(pk=outcome.session.pk)).get()
    done = outcome.effects
    effects = EffectsOut(
        booking=BookingEffect(freed=list(done.rooms_freed), held=list(done.rooms_held)),
        link=done.link_follows,
        invitations=done.invitations,
        excused_kept=done.excused_kept,
        to_call=done.to_call,
    )
    return StepOut(**told(session, clashes=clashes.told(session)), effects=effects)
