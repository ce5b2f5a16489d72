"""What a delegate sees and does on the page of their invitation, beside answering."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.itip import compose
from attendees.itip.compose import Method
from attendees.itip.sequence import Told
from attendees.models import Delegate, Invitation
from attendees.services import facts, letters, replies, threads
from attendees.services.facts import Facts, Occasion
from attendees.services.letters import Addressee, Sheet
from attendees.services.replies import LINK_ACTOR
from planner.access import SYSTEM, Actor
from planner.errors import NotAllowed
from planner.models import Session
from planner.services import audit, links, secrecy
from rooms.models import JoinPass
from rooms.services import calls


@dataclass(frozen=True)
class Visit:
    """What the page shows now. `state`: open, over, cancelled or withdrawn."""

    invitation: Invitation
    occasion: Occasion
    facts: Facts
    state: str
    when: str
    moved_from: str
    join: str
    may_substitute: bool

    @property
    def delegate(self) -> Delegate:
        """Whose page it is."""
        return self.invitation.delegate

    @property
    def session(self) -> Session:
        """The session invited to."""
        return self.invitation.delegate.session


def find(token: str) -> Invitation | None:
    """The invitation behind the token of /i/<token>/; None for a wrong or revoked one."""
    rows = Invitation.objects.select_related("delegate__person__assistant", "delegate__session__body")
    return rows.filter(digest=links.digest(token)).first()


def look(invitation: Invitation) -> Visit:
    """What the page shows; looking changes nothing, for scanners of mail look too."""
    delegate = invitation.delegate
    occasion = facts.gather(delegate.session)
    told = facts.told_to(occasion, delegate)
    earlier = [fact for fact in threads.past(delegate) if fact.times != told.times]
    return Visit(
        invitation=invitation,
        occasion=occasion,
        facts=facts.shown_to(occasion, delegate),
        state=_state(invitation),
        when=letters.when(told, occasion),
        moved_from=letters.when(earlier[-1], occasion) if earlier else "",
        join=_join_address(occasion, delegate),
        may_substitute=delegate.is_guest or occasion.profile.allows_substitutes,
    )


def calendar_file(invitation: Invitation) -> bytes:
    """The session as a file to open in a calendar; the same event as the mail's."""
    occasion, delegate = facts.gather(invitation.delegate.session), invitation.delegate
    told = facts.told_to(occasion, delegate)
    page = letters.site_address(f"/i/{threads.page_token(delegate)}/")
    path = _join_address(occasion, delegate)
    to = Addressee(delegate, "", page=page, join=letters.site_address(path) if path else "")
    stamped_at = invitation.last_dtstamp or occasion.session.created_at
    number = Told(Method.REQUEST, invitation.sequence, stamped_at, told.times)
    return compose.file(letters.event(Sheet("invitation", occasion, to, told), number))


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
def give_details(*, delegate: Delegate, diet: str = "", needs: str = "", by: Actor) -> Delegate:
    """The delegate with what they need, food or a car. Raises NotAllowed, NotListed, TooLate, SecretContentRefused."""
    replies.must_answer_for(delegate, by)
    delegate = replies.locked(delegate)
    replies.refuse_closed(delegate, by)
    if delegate.session.is_secret:
        secrecy.refuse_content({"needs": needs, "diet": diet}, forbidden=("needs", "diet"))
    delegate.diet, delegate.needs = diet, needs
    delegate.save(update_fields=["diet", "needs"])
    audit.record("delegate.details", on=delegate, by=by)
    return delegate


def _state(invitation: Invitation) -> str:
    session = invitation.delegate.session
    if session.state == Session.State.CANCELLED:
        return "cancelled"
    if invitation.delegate.removed_at or invitation.state == Invitation.State.WITHDRAWN:
        return "withdrawn"
    is_over = session.state == Session.State.HELD or session.ends_at <= timezone.now()
    return "over" if is_over else "open"


def _join_address(occasion: Occasion, delegate: Delegate) -> str:
    """The path of the delegate's own join link, if one was given out: none is made by looking."""
    given = JoinPass.objects.filter(
        session=occasion.session, person=delegate.person_id, revoked_at__isnull=True
    )
    if not occasion.has_call or occasion.session.is_secret or not given.exists():
        return ""
    tokens = calls.passes_for(session=occasion.session, people=[delegate.person], by=SYSTEM)
    return f"/j/{tokens[delegate.person_id]}/"
