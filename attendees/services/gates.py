"""Gates: the doors of a session or of its whole chain."""

from django.db import transaction
from django.db.models import Q

from attendees.models import Gate
from planner.access import Actor, Can, must
from planner.models import Session
from planner.models.sessions import SessionQuerySet
from planner.services import audit


def sessions_for(actor: Actor) -> SessionQuerySet:
    """The sessions at whose doors an actor may be: those it may read, and a paired device's own."""
    readable = Session.objects.visible_to(actor).values("pk")
    return Session.objects.filter(Q(pk__in=readable) | Q(pk__in=actor.session_ids(Can.SCAN)))


def of(session: Session) -> list[Gate]:
    """The doors of a session and of its chain, in order."""
    return list(Gate.objects.filter(_scope(session)).order_by("name", "id"))


@transaction.atomic
def named(*, session: Session, name: str, by: Actor) -> Gate:
    """The session's gate of that name, made when there is none; in a chain all sessions share it."""
    must(by, Can.SCAN, on=session)
    name = " ".join(name.split())
    if found := Gate.objects.filter(_scope(session), name=name).first():
        return found
    owner = {"chain_id": session.chain_id} if session.chain_id else {"session_id": session.pk}
    gate = Gate.objects.create(name=name, **owner)
    audit.record("gate.added", on=gate, by=by, after={"name": name})
    return gate


def _scope(session: Session) -> Q:
    scope = Q(session=session)
    return scope | Q(chain_id=session.chain_id) if session.chain_id else scope
