"""What a delegate does on the page of their invitation beside answering: arrive, open it, say what they need."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegate, Invitation
from attendees.services import replies
from attendees.services.replies import LINK_ACTOR
from planner.access import Actor
from planner.errors import NotAllowed
from planner.services import audit, links, secrecy


def find(token: str) -> Invitation | None:
    """The invitation behind the token of /i/<token>/; None for a wrong or revoked one."""
    rows = Invitation.objects.select_related("delegate__person__assistant", "delegate__session__body")
    return rows.filter(digest=links.digest(token)).first()


def actor_of(invitation: Invitation, *, origin: str = "", for_assistant: bool = False) -> Actor:
    """Who acts by the link of an invitation: the delegate, or their assistant on behalf, both then named."""
    delegate = invitation.delegate
    assistant = delegate.person.assistant if for_assistant else None
    label = delegate.printed_name
    if assistant is not None:
        label = str(_("%(assistant)s for %(name)s") % {"assistant": assistant.full_name, "name": label})
    return Actor(kind=LINK_ACTOR, id=str(delegate.pk), label=label[:150], origin=origin)


@transaction.atomic
def mark_opened(*, invitation: Invitation, by: Actor) -> None:
    """Remember when a person, not a scanner of mail, first opened the page; a repeat is harmless."""
    if by.kind != LINK_ACTOR or by.id != str(invitation.delegate_id):
        raise NotAllowed
    Invitation.objects.filter(pk=invitation.pk, opened_at__isnull=True).update(opened_at=timezone.now())


@transaction.atomic
def give_details(
    *, delegate: Delegate, mode: str = "", diet: str = "", needs: str = "", by: Actor
) -> Delegate:
    """The delegate with what they need: how they take part, food, car. Raises NotAllowed, NotListed, TooLate."""
    replies.must_answer_for(delegate, by)
    delegate = replies.locked(delegate)
    replies.refuse_closed(delegate, by)
    if delegate.session.is_secret:
        secrecy.refuse_content({"needs": needs}, forbidden=("needs",))
    before = {"mode": delegate.reply_mode}
    delegate.diet, delegate.needs, delegate.reply_mode = diet, needs, mode
    delegate.save(update_fields=["diet", "needs", "reply_mode"])
    audit.record("delegate.details", on=delegate, by=by, before=before, after={"mode": mode})
    return delegate
