"""Delegates: who stands on a session's list, as what, and what is printed of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegate
from attendees.rules import Pick
from attendees.services import badges, invitations, lists
from planner.access import Actor, Can, must
from planner.errors import Conflict
from planner.models import Person, Session
from planner.services import audit, secrecy, sessions

CHANGEABLE = (
    "role",
    "basis",
    "is_voting",
    "is_required",
    "delegation",
    "number",
    "seat",
    "position",
    "diet",
    "needs",
    "note",
    "printed_name",
    "printed_post",
)
_SECRET_FORBIDS = ("diet", "needs", "note")  # free words of a secret session are kept nowhere


class NumberTaken(Conflict):
    """Another delegate of the session has this number."""

    code = "number_taken"
    message = _("Another delegate has this number.")


@transaction.atomic
def add(
    *, session: Session, people: Sequence[Person], role: str = "", items: Sequence[int] = (), by: Actor
) -> list[Delegate]:
    """The delegates these people are now; whoever stands on the list already stays as they are.

    `role` defaults to summoned for members of the session's body and invited for others; `items` are numbers of
    agenda items, for guests of those only. Raises NotAllowed, WrongState, UnknownItem.
    """
    must(by, Can.PLAN, on=session)
    session = sessions.locked(session)
    sessions.refuse_ended(session)
    return put(session, [(person, Pick([], frozenset(items), role)) for person in people], by=by)


@transaction.atomic
def change(
    *, delegate: Delegate, values: Mapping[str, Any], items: Sequence[int] | None = None, by: Actor
) -> Delegate:
    """The delegate with new values; what is not named stays, a repeat changes nothing.

    Raises NotAllowed, WrongState, NumberTaken, UnknownItem, SecretContentRefused.
    """
    must(by, Can.PLAN, on=delegate.session)
    session = sessions.locked(delegate.session)
    sessions.refuse_ended(session)
    delegate = Delegate.objects.select_for_update().get(pk=delegate.pk)
    if unknown := values.keys() - set(CHANGEABLE):
        raise ValueError(f"not changeable: {sorted(unknown)}")
    if session.is_secret:
        secrecy.refuse_content(values, forbidden=_SECRET_FORBIDS)
    changed = {name: value for name, value in values.items() if getattr(delegate, name) != value}
    _refuse_taken_number(delegate, changed.get("number"))
    before = {name: _told(getattr(delegate, name)) for name in changed}
    for name, value in changed.items():
        setattr(delegate, name, value)
    if changed:
        delegate.save(update_fields=list(changed))
        after = {name: _told(value) for name, value in changed.items()}
        audit.record("delegate.changed", on=delegate, by=by, before=before, after=after)
    if items is not None:
        delegate.items.set(lists.items_numbered(session, items))
    if _is_told(session):
        invitations.renew(session=session, by=by)
    return delegate


@transaction.atomic
def remove(*, delegate: Delegate, by: Actor) -> None:
    """Take a delegate off the list, and their badge and invitation back; a repeat is harmless. Raises NotAllowed, WrongState."""
    must(by, Can.PLAN, on=delegate.session)
    session = sessions.locked(delegate.session)
    sessions.refuse_ended(session)
    gone = lists.strike(session, [delegate.pk], by=by)
    badges.withdraw(session=session, people=[row.person for row in gone], by=by)
    if gone and _is_told(session):
        invitations.withdraw(session=session, delegates=gone, by=by)


@transaction.atomic
def freeze(*, session: Session, by: Actor) -> int:
    """How many stand on the list at publication; each gets a number, in the order of the list.

    From here on the directory may change and the list does not. A repeat numbers only newcomers.
    """
    must(by, Can.PUBLISH, on=session)
    lists.assign_numbers(session)
    count = Delegate.objects.filter(session=session).listed().count()
    audit.record("list.frozen", on=session, by=by, after={"people": count})
    return count


def put(session: Session, picks: Sequence[tuple[Person, Pick]], *, by: Actor) -> list[Delegate]:
    """The delegates of these people; newcomers are invited when the others were. The session is locked."""
    rows = lists.enlist(session, picks, by=by)
    if _is_told(session):
        invitations.send(session=session, delegates=rows, by=by)
    return rows


def _is_told(session: Session) -> bool:
    """Whether invitations have gone out and the session is to come, so that a change is told by itself."""
    return session.ends_at > timezone.now() and invitations.has_begun(session)


def _refuse_taken_number(delegate: Delegate, number: int | None) -> None:
    if number is None:
        return
    others = Delegate.objects.filter(session=delegate.session_id, number=number).listed()
    if others.exclude(pk=delegate.pk).exists():
        raise NumberTaken(fields={"number": NumberTaken.message})


def _told(value: Any) -> Any:
    return str(value) if hasattr(value, "pk") else value
