"""Invitations: sent, and what became of each."""

from ninja import Field, Query, Router, Schema, Status

from attendees.models import Delegate, Invitation
from attendees.services import sendings
from planner.models import Message, Session
from planner.pages import Request
from planner.wire import Id, In, Listed, Paging, Ref, When, answers, found, found_all

router = Router(tags=["invitations"])


class SendIn(In):
    """Whom to invite."""

    delegate_ids: list[Id] | None = Field(
        None, max_length=5000, description="Default: everybody on the list who has no standing invitation."
    )


class QueuedOut(Schema):
    """Mails on their way."""

    queued: int = Field(description="Invitation messages written.", examples=[16])
    job_id: Ref


class InvitationOut(Schema):
    """What one delegate was told."""

    delegate_id: Ref
    person_id: Ref
    printed_name: str = Field(examples=["Nguyễn Văn An"])
    state: str = Field(description="`new` (not sent), `invited` or `withdrawn`.", examples=["invited"])
    version: int = Field(description="The session's version told last.", examples=[2])
    sequence: int = Field(description="The calendar event's SEQUENCE for this delegate.", examples=[0])
    sent_to: str = Field(examples=["an@tinh.example"])
    sent_at: When | None = Field(
        description="When the last message left.", examples=["2026-11-24T09:00:12+07:00"]
    )
    message_state: str = Field(
        description="Of the last message: `queued`, `sent`, `failed`, `paused` or empty.",
        examples=["sent"],
    )
    bounced_at: When | None = Field(examples=[None])
    opened_at: When | None = Field(description="The page was opened.", examples=[None])
    reply: str = Field(examples=["attending"])
    replied_at: When | None = Field(examples=[None])


@router.get("/sessions/{session_id}/invitations", response=answers(404, 422, ok=Listed[InvitationOut]))
def list_invitations(request: Request, session_id: str, query: Query[Paging]) -> dict[str, object]:
    """Per delegate what was told, when it left, and the answer."""
    session = found(Session.objects.visible_to(request.auth), session_id)
    rows = Delegate.objects.filter(session=session).listed().in_order().select_related("invitation")
    page = list(rows[query.offset : query.offset + query.limit])
    latest = sendings.latest(page)
    return {"items": [_invitation_out(row, latest.get(row.pk)) for row in page], "count": rows.count()}


@router.post("/sessions/{session_id}/invitations", response=answers(403, 404, 409, 422, accepted=QueuedOut))
def send_invitations(request: Request, session_id: str, data: SendIn | None = None) -> Status[QueuedOut]:
    """Send the invitations; from then on moves, cancellations and changes of the list send by themselves.

    A repeat sends nothing to those invited already. Refuses with `not_allowed`, `not_published`, `session_over`.
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    ids = data.delegate_ids if data else None
    listed = Delegate.objects.filter(session=session).listed()
    chosen = None if ids is None else found_all(listed, ids, field="delegate_ids")
    job = sendings.begin(session=session, delegates=chosen, by=request.auth)
    return Status(202, QueuedOut(queued=job.total, job_id=job.pk))


def _invitation_out(row: Delegate, last: Message | None) -> InvitationOut:
    invitation = getattr(row, "invitation", None) or Invitation(delegate=row)
    return InvitationOut(
        delegate_id=row.pk,
        person_id=row.person_id,
        printed_name=row.printed_name,
        state=invitation.state,
        version=invitation.session_version,
        sequence=invitation.sequence,
        sent_to=invitation.sent_to,
        sent_at=last.sent_at if last else None,
        message_state=last.state if last else "",
        bounced_at=last.bounced_at if last else None,
        opened_at=invitation.opened_at,
        reply=row.reply,
        replied_at=row.replied_at,
    )
