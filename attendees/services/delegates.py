"""Delegates: who stands on a session's list, as what, and what is printed of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegate
from attendees.rules import Pick
from planner.access import Actor, Can, must
from planner.errors import Conflict, RuleBroken
from planner.models import AgendaItem, Appointment, Membership, Person, Session
from planner.services import audit, plans, secrecy, sessions, titles

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
_SECRET_FORBIDS = ("needs", "note")  # free words of a secret session are kept nowhere
_GUEST_POSITION = 1000


class NumberTaken(Conflict):
    """Another delegate of the session has this number."""

    code = "number_taken"
    message = _("Another delegate has this number.")


class UnknownItem(RuleBroken):
    """The session's agenda has no such item."""

    code = "unknown_item"
    message = _("The agenda has no such item.")


@dataclass(frozen=True)
class _Directory:
    """What is printed of people and how they sit in the session's body, loaded once for many."""

    members: dict[int, Membership]
    held: dict[int, list[Appointment]]
    on: dt.date
    is_all_summoned: bool


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
    pick = Pick(why=[], items=frozenset(items), role=role)
    return enlist(session, [(person, pick) for person in people], by=by)


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
        delegate.items.set(_items(session, items))
    return delegate


@transaction.atomic
def remove(*, delegate: Delegate, by: Actor) -> None:
    """Take a delegate off the list; a repeat is harmless. Raises NotAllowed, WrongState."""
    must(by, Can.PLAN, on=delegate.session)
    session = sessions.locked(delegate.session)
    sessions.refuse_ended(session)
    strike(session, [delegate.pk], by=by)


@transaction.atomic
def freeze(*, session: Session, by: Actor) -> int:
    """How many stand on the list at publication; each gets a number, in the order of the list.

    From here on the directory may change and the list does not. A repeat numbers only newcomers.
    """
    must(by, Can.PUBLISH, on=session)
    assign_numbers(session)
    count = Delegate.objects.filter(session=session).listed().count()
    audit.record("list.frozen", on=session, by=by, after={"people": count})
    return count


def enlist(session: Session, picks: Sequence[tuple[Person, Pick]], *, by: Actor) -> list[Delegate]:
    """The delegates of these people on the session's list, new and returning ones; those listed stay as they are.

    For services that asked `must` themselves and hold the session's lock. Eight queries, whatever the number.
    """
    numbers = {number for _person, pick in picks for number in pick.items}
    items = {item.position: item for item in _items(session, sorted(numbers))}
    standing = {row.person_id: row for row in Delegate.objects.filter(session=session).select_for_update()}
    wanted = {person.pk: (person, pick) for person, pick in picks if not _is_listed(standing.get(person.pk))}
    directory = _directory(session, list(wanted))
    rows = [
        _filled(standing.get(pk) or Delegate(session=session, person=person), person, pick, directory)
        for pk, (person, pick) in wanted.items()
    ]
    returning = [row for row in rows if row.pk]
    Delegate.objects.bulk_update(returning, [*_FILLED, "removed_at", "added_at", "number"], batch_size=200)
    Delegate.objects.bulk_create([row for row in rows if not row.pk], batch_size=500)
    _link_items(rows, {pk: pick for pk, (_person, pick) in wanted.items()}, items)
    if rows:
        if session.published_at:
            assign_numbers(session)
        audit.record("list.extended", on=session, by=by, after={"people": [row.person_id for row in rows]})
    ids = [person.pk for person, _pick in picks]
    return list(Delegate.objects.filter(session=session, person__in=ids).with_list_columns().in_order())


def strike(session: Session, ids: Iterable[int], *, by: Actor) -> list[Delegate]:
    """The delegates taken off the list. For services that asked `must` and hold the session's lock."""
    rows = list(Delegate.objects.filter(session=session, pk__in=list(ids)).listed().select_for_update())
    now = timezone.now()
    for row in rows:
        row.removed_at = now
    Delegate.objects.bulk_update(rows, ["removed_at"], batch_size=500)
    if rows:
        audit.record("list.reduced", on=session, by=by, after={"people": [row.person_id for row in rows]})
    return rows


def assign_numbers(session: Session) -> None:
    """Give everybody listed without a number the next one, in the order of the list."""
    listed = Delegate.objects.filter(session=session).listed()
    last = listed.aggregate(last=Max("number"))["last"] or 0
    fresh = list(listed.filter(number__isnull=True).in_order())
    for number, row in enumerate(fresh, start=last + 1):
        row.number = number
    Delegate.objects.bulk_update(fresh, ["number"], batch_size=500)


_FILLED = (
    "printed_name",
    "printed_post",
    "sort_key",
    "search_key",
    "role",
    "basis",
    "is_voting",
    "is_required",
    "delegation",
    "position",
    "why",
    "reply",
    "reply_mode",
    "replied_at",
)


def _is_listed(row: Delegate | None) -> bool:
    return row is not None and row.removed_at is None


def _directory(session: Session, ids: list[int]) -> _Directory:
    on = timezone.localdate(session.starts_at)
    seats = Membership.objects.current(on).filter(body=session.body_id, term=session.term_id)
    held: dict[int, list[Appointment]] = defaultdict(list)
    rows = Appointment.objects.filter(person__in=ids).select_related("post", "unit")
    for row in rows.order_by("position", "id"):
        held[row.person_id].append(row)
    profile = plans.profile_for(session.kind, session.body)
    return _Directory(
        members={seat.person_id: seat for seat in seats} if session.body_id else {},
        held=held,
        on=on,
        is_all_summoned=session.body_id is None and profile.members_are_summoned,
    )


def _filled(row: Delegate, person: Person, pick: Pick, directory: _Directory) -> Delegate:
    """The row as somebody newly listed: what an earlier stay on the list left behind is gone."""
    seat = directory.members.get(person.pk)
    is_summoned = seat is not None or directory.is_all_summoned
    role = pick.role or (Delegate.Role.SUMMONED if is_summoned else Delegate.Role.INVITED)
    held = directory.held[person.pk]
    present = [one for one in held if one.holds_on(directory.on)]
    row.printed_name, row.sort_key = person.full_name, person.sort_key
    row.printed_post = titles.printed(held, directory.on)[:400]
    row.search_key = person.search_key
    row.role, row.basis = role, _basis(seat)
    row.is_required = role == Delegate.Role.SUMMONED
    row.is_voting = row.is_required and row.basis != Delegate.Basis.ALTERNATE
    row.delegation_id = person.unit_id or next((one.unit_id for one in present if one.unit_id), None)
    row.position = min(seat.position, _GUEST_POSITION) if seat else _GUEST_POSITION
    row.why = list(pick.why)
    row.reply, row.reply_mode, row.replied_at = Delegate.Reply.NONE, "", None
    row.removed_at, row.added_at, row.number = None, timezone.now(), None
    return row


def _basis(seat: Membership | None) -> str:
    if seat is None:
        return Delegate.Basis.NONE
    if seat.role == Membership.Role.ALTERNATE:
        return Delegate.Basis.ALTERNATE
    return Delegate.Basis.ELECTED if seat.is_elected else Delegate.Basis.APPOINTED


def _items(session: Session, numbers: Sequence[int]) -> list[AgendaItem]:
    found = list(session.agenda.filter(position__in=numbers)) if numbers else []
    missing = sorted(set(numbers) - {item.position for item in found})
    if missing:
        raise UnknownItem(fields={"items": UnknownItem.message}, missing=missing)
    return found


def _link_items(rows: list[Delegate], picks: dict[int, Pick], items: dict[int, AgendaItem]) -> None:
    through = Delegate.items.through
    through.objects.filter(delegate__in=[row.pk for row in rows]).delete()
    through.objects.bulk_create(
        through(delegate_id=row.pk, agendaitem_id=items[number].pk)
        for row in rows
        for number in sorted(picks[row.person_id].items)
    )


def _refuse_taken_number(delegate: Delegate, number: int | None) -> None:
    if number is None:
        return
    others = Delegate.objects.filter(session=delegate.session_id, number=number).listed()
    if others.exclude(pk=delegate.pk).exists():
        raise NumberTaken(fields={"number": NumberTaken.message})


def _told(value: Any) -> Any:
    return str(value) if hasattr(value, "pk") else value
