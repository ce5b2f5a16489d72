"""Bodies: who sits in them on a day, in which role, and the rules their sessions stand under."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import RuleBroken
from planner.models import Appointment, Body, Membership, Person, QuorumRule, Term
from planner.models.people import MembershipQuerySet
from planner.services import edits, people, plans

PLACES = {
    Membership.Role.SECRETARY: 1,
    Membership.Role.STANDING_DEPUTY: 2,
    Membership.Role.DEPUTY: 3,
    Membership.Role.STANDING_MEMBER: 10,
    Membership.Role.MEMBER: 100,
    Membership.Role.ALTERNATE: 900,
}
"""Where a new member stands in the body's order; equals follow in the order of people."""


class NoTerm(RuleBroken):
    """No term of office is entered for the day."""

    code = "no_term"
    message = _("No term of office is entered for this day. Enter it under Administration, Office, first.")


class EndsBeforeItBegan(RuleBroken):
    """A seat cannot end before its first day."""

    code = "ends_before_it_began"
    message = _("The last day lies before the first. Check both dates.")


def members(body: Body, on: dt.date | None = None) -> MembershipQuerySet:
    """Who sits in the body on a day (today), in its order, with person, unit and posts: four queries in all."""
    day = on or timezone.localdate()
    posts = Appointment.objects.select_related("post", "unit").order_by("position", "id")
    rows = Membership.objects.current(day).filter(body=body, term=plans.term_on(day))
    return (
        rows.select_related("person", "person__unit", "person__assistant", "term")
        .prefetch_related(models.Prefetch("person__appointments", queryset=posts))
        .in_order()
    )


def quorum_rules(
    body: Body | None, kind: str, purpose: str = QuorumRule.Purpose.VALIDITY
) -> list[QuorumRule]:
    """The conditions that hold together for a session: those of body and kind, else of body, of kind, of all."""
    rows = QuorumRule.objects.filter(purpose=purpose).order_by("id")
    body_id = body.pk if body else None
    for owner, of_kind in ((body_id, kind), (body_id, ""), (None, kind), (None, "")):
        if found := [row for row in rows if (row.body_id, row.kind) == (owner, of_kind)]:
            return found
    return []


def needed(rule: QuorumRule, base: int) -> int:
    """How many a rule asks for out of `base`: at least the share, or more than it; never fewer than one."""
    share, rest = divmod(base * rule.numerator, rule.denominator)
    return max(share + 1 if rule.is_strict or rest else share, 1)


@transaction.atomic
def seat(
    body: Body,
    *,
    person: Person,
    role: str,
    term: Term | None = None,
    starts_on: dt.date | None = None,
    by: Actor,
) -> Membership:
    """The person's seat in the body for the term (that of the day, else today's).

    Somebody who sits there already keeps the seat and takes the role. Raises NotAllowed, NoTerm, Gone.
    """
    must(by, Can.EDIT_PEOPLE, on=body)
    person = people.locked(person)
    term = term or plans.term_on(starts_on or timezone.localdate())
    if term is None:
        raise NoTerm
    held = Membership.objects.filter(body=body, person=person, term=term, ends_on__isnull=True).first()
    row = held or Membership(body=body, person=person, term=term)
    values: dict[str, Any] = {"role": role, "position": PLACES[Membership.Role(role)]}
    if held is None:
        values |= {"person": person, "body": body, "starts_on": starts_on}
    return edits.written(row, values, action="seat.changed" if held else "seat.taken", by=by)


@transaction.atomic
def unseat(membership: Membership, *, on: dt.date, by: Actor) -> Membership:
    """The seat given up: `on` is the first day it is empty. A repeat is harmless. Raises EndsBeforeItBegan."""
    must(by, Can.EDIT_PEOPLE, on=membership.body)
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.starts_on and on < row.starts_on:
        raise EndsBeforeItBegan(fields={"on": EndsBeforeItBegan.message})
    return edits.written(row, {"ends_on": on}, action="seat.given_up", by=by)


@transaction.atomic
def save(body: Body, *, values: Mapping[str, Any], by: Actor) -> Body:
    """A body of the office, new or changed: name, short name, kind, order, whether it numbers its sessions."""
    if body.pk:
        must(by, Can.EDIT_PEOPLE, on=body)
    else:
        must(by, Can.EDIT_PEOPLE)
    return edits.written(body, values, action="body.changed" if body.pk else "body.added", by=by)
