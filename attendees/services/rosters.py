"""Rosters: a session's list filled from its rule, and what the directory has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from attendees.models import AttendeeRule, Delegate
from attendees.rules import Pick
from attendees.services import delegates, resolutions
from attendees.services.resolutions import Resolution
from planner.access import Actor, Can, must
from planner.models import Person, Session
from planner.services import audit, plans, sessions


@dataclass(frozen=True)
class Difference:
    """What the rule would say today, beside what the frozen list says."""

    joined: tuple[tuple[Person, Pick], ...]
    left: tuple[Delegate, ...]


@transaction.atomic
def fill(*, session: Session, by: Actor) -> list[Delegate]:
    """The list of a new draft: by the template of its kind, else the members of its body.

    Raises NotAllowed, BadRule.
    """
    rule = usual_rule(session)
    return apply(session=session, rule=rule, by=by) if rule else []


@transaction.atomic
def apply(*, session: Session, rule: Mapping[str, Any], by: Actor) -> list[Delegate]:
    """The delegates a rule puts on the list; those already there stay. The rule is kept beside the list.

    Raises NotAllowed, WrongState, BadRule, UnknownItem.
    """
    must(by, Can.PLAN, on=session)
    session = sessions.locked(session)
    sessions.refuse_ended(session)
    found = _resolved(session, rule)
    _keep(session, rule)
    listed = delegates.put(session, found.people, by=by)
    audit.record("rule.applied", on=session, by=by, after={"rule": dict(rule)})
    return listed


@transaction.atomic
def extend(
    *,
    session: Session,
    rule: Mapping[str, Any] | None = None,
    people: Sequence[Person] = (),
    role: str = "",
    items: Sequence[int] = (),
    by: Actor,
) -> list[Delegate]:
    """The delegates a rule and a list of named people put on the session's list, all or nobody.

    `role` and `items` are for the named people. Raises what `apply` and `delegates.add` raise.
    """
    rows = apply(session=session, rule=rule, by=by) if rule else []
    if people or not rule:
        rows += delegates.add(session=session, people=people, role=role, items=items, by=by)
    return list({row.pk: row for row in rows}.values())


def usual_rule(session: Session) -> dict[str, Any]:
    """The rule a session starts from: the template of its kind, else its body; empty without either."""
    profile = plans.profile_for(session.kind, session.body)
    if profile.rule:
        return dict(profile.rule)
    return {"body": str(session.body_id)} if session.body_id else {}


def differences(session: Session) -> Difference:
    """Who would be listed by the session's rule today and is not, and who is and would not be.

    People added by hand (no reason kept) are never called superfluous.
    """
    kept = AttendeeRule.objects.filter(session=session).first()
    if kept is None or not kept.rule:
        return Difference((), ())
    found = _resolved(session, kept.rule).people
    meant = {person.pk for person, _pick in found}
    known = {row.person_id: row for row in session.delegates.listed().with_list_columns().in_order()}
    removed = set(session.delegates.filter(removed_at__isnull=False).values_list("person_id", flat=True))
    return Difference(
        joined=tuple((person, pick) for person, pick in found if person.pk not in known.keys() | removed),
        left=tuple(row for pk, row in known.items() if row.why and pk not in meant),
    )


def _resolved(session: Session, rule: Mapping[str, Any]) -> Resolution:
    return resolutions.resolve(rule, on=timezone.localdate(session.starts_at))


def _keep(session: Session, rule: Mapping[str, Any]) -> None:
    """Keep the rule: a second one widens the first."""
    kept = AttendeeRule.objects.filter(session=session).first()
    clauses = [*_clauses(kept.rule if kept else {}), *_clauses(rule)]
    once = [clause for number, clause in enumerate(clauses) if clause not in clauses[:number]]
    whole = {"any": once} if len(once) > 1 else once[0]
    AttendeeRule.objects.update_or_create(
        session=session, defaults={"rule": whole, "resolved_at": timezone.now()}
    )


def _clauses(rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clauses of a plain "any of these"; any other rule is one clause."""
    if set(rule) == {"any"} and isinstance(rule["any"], list):
        return list(rule["any"])
    return [dict(rule)] if rule else []
