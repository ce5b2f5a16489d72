"""Units: the dated tree of places, Party units and agencies; what was merged or abolished stays readable."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, must
from planner.errors import RuleBroken
from planner.models import Unit
from planner.services import audit, edits, people
from planner.services.search import key_of
from planner.vietnamese import normalise_name, text_key


class UnitInItself(RuleBroken):
    """A unit placed below itself or below one of its own."""

    code = "unit_in_itself"
    message = _("A unit cannot belong to itself or to a unit of its own.")


@transaction.atomic
def save(unit: Unit, *, values: Mapping[str, Any], by: Actor) -> Unit:
    """A unit, new or changed, found by its new name at once, its people too. Raises NotAllowed, UnitInItself."""
    must(by, Can.EDIT_PEOPLE)
    wanted = dict(values)
    if "name" in wanted or "short_name" in wanted:
        wanted["name"] = normalise_name(wanted.get("name", unit.name))
        wanted |= keys_of(wanted["name"], wanted.get("short_name", unit.short_name))
    if unit.pk and wanted.get("parent") and _is_below(wanted["parent"], unit):
        raise UnitInItself(fields={"parent": UnitInItself.message})
    is_renamed = bool(unit.pk) and wanted.get("name", unit.name) != unit.name
    unit = edits.written(unit, wanted, action="unit.changed" if unit.pk else "unit.added", by=by)
    if is_renamed:
        people.refresh([*unit.people.values_list("pk", flat=True), *_holders(unit)])
    return unit


@transaction.atomic
def abolish(unit: Unit, *, on: dt.date, successors: Iterable[Unit] = (), by: Actor) -> Unit:
    """The unit as it ends on a day, with those that took over; its history stays."""
    must(by, Can.EDIT_PEOPLE)
    unit = edits.written(unit, {"ends_on": on}, action="unit.abolished", by=by)
    heirs = list(successors)
    unit.successors.set(heirs)
    if heirs:
        audit.record("unit.succeeded", on=unit, by=by, after={"by": [str(heir) for heir in heirs]})
    return unit


def keys_of(name: str, short_name: str = "") -> dict[str, str]:
    """The stored keys of a unit's name."""
    return {"search_key": key_of(name, short_name)[:300], "sort_key": text_key(name)}


def _holders(unit: Unit) -> Iterable[int]:
    return unit.appointments.values_list("person_id", flat=True)


def _is_below(candidate: Unit, unit: Unit) -> bool:
    """Whether `candidate` is the unit itself or hangs below it; a tree of offices is five deep."""
    above: Unit | None = candidate
    while above is not None:
        if above.pk == unit.pk:
            return True
        above = above.parent
    return False
