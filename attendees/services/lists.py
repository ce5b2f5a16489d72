"""The list itself: people put on it and taken off, with what is printed of them; the callers ask and tell.

For services that asked `must` themselves and hold the session's lock; the office's own changes are in `delegates`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegate
from attendees.rules import Pick
from planner.access import Actor
from planner.errors import RuleBroken
from planner.models import AgendaItem, Appointment, Membership, Person, Session
from planner.services import audit, plans, titles

_GUEST_POSITION = 1000


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


def enlist(session: Session, picks: Sequence[tuple[Person, Pick]], *, by: Actor) -> list[Delegate]:
    """The delegates of these people on the session's list, new and returning ones; those listed stay as they are.

    Constant queries, whatever the number. Raises UnknownItem.
    """
    numbers = {number for _person, pick in picks for number in pick.items}
    items = {item.position: item for item in items_numbered(session, sorted(numbers))}
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
    """The delegates taken off the list; a repeat takes nobody."""
    listed = Delegate.objects.filter(session=session, pk__in=list(ids)).listed()
    rows = list(listed.select_related("person").select_for_update(of=("self",)))
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


def items_numbered(session: Session, numbers: Sequence[int]) -> list[AgendaItem]:
    """The session's agenda items of these numbers. Raises UnknownItem, naming the missing ones."""
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
