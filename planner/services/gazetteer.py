"""The country's administrative units as rows of the directory: loaded in bulk, once."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from planner.access import Actor, Can, must
from planner.models import Unit
from planner.services import audit
from planner.services.units import keys_of
from planner.vietnamese import units as known
from planner.vietnamese.units import REFORM, AdminUnit, FormerUnit

_KINDS = {"township": Unit.Kind.COMMUNE}  # abolished with the reform; all others are called the same here
_POSITION = 5000  # behind the office's own units in official lists
_AT_ONCE = 500


@transaction.atomic
def install(*, former_of: str | None = None, by: Actor) -> int:
    """How many units were added: 34 provinces, 3,321 communes, and those of before the reform with successors.

    `former_of` is the code of the province whose former units are wanted; without it, none. A repeat adds
    only what is missing.
    """
    must(by, Can.ADMINISTER)
    had = Unit.objects.count()
    standing = _with_codes(ends_on=None)
    goes_on = {unit.code for unit in known.former() if known.goes_on(unit)}
    provinces = [unit for unit in known.standing() if not unit.parent]
    communes = [unit for unit in known.standing() if unit.parent]
    for level in (provinces, communes):
        missing = [unit for unit in level if unit.code not in standing]
        standing |= _created([_standing(unit, standing, unit.code in goes_on) for unit in missing])
    if former_of:
        _install_former(former_of, standing)
    added = Unit.objects.count() - had
    if added:
        audit.record("units.installed", by=by, after={"added": added, "former_of": former_of})
    return added


def _install_former(province: str, standing: dict[str, Unit]) -> None:
    """Districts and communes of before the reform whose land lies in the province now."""
    communes = {unit.code for unit in known.standing() if unit.parent == province}
    wanted = [
        unit
        for unit in known.former()
        if unit.parent and not known.goes_on(unit) and (communes & set(unit.successors))
    ]
    above = {unit.parent for unit in wanted}
    districts = [unit for unit in known.former() if unit.kind == "district" and unit.code in above]
    gone = _with_codes(ends_on=REFORM)
    for level in (districts, wanted):
        missing = [unit for unit in level if unit.code not in gone]
        gone |= _created([_former(unit, gone, standing.get(province)) for unit in missing])
    heirs = Unit.successors.through
    known_pairs = set(heirs.objects.values_list("from_unit_id", "to_unit_id"))
    pairs = {(gone[unit.code].pk, standing[code].pk) for unit in wanted for code in unit.successors}
    heirs.objects.bulk_create(
        (heirs(from_unit_id=old, to_unit_id=new) for old, new in sorted(pairs - known_pairs)),
        batch_size=_AT_ONCE,
    )


def _with_codes(*, ends_on: dt.date | None) -> dict[str, Unit]:
    rows = Unit.objects.exclude(code="").filter(ends_on=ends_on)
    return {unit.code: unit for unit in rows.only("pk", "code")}


def _standing(unit: AdminUnit, above: dict[str, Unit], goes_on: bool) -> Unit:
    return Unit(
        name=unit.name,
        kind=unit.kind,
        code=unit.code,
        parent=above.get(unit.parent),
        starts_on=None if goes_on else REFORM,
        position=_POSITION,
        **keys_of(unit.name),
    )


def _former(unit: FormerUnit, above: dict[str, Unit], province: Unit | None) -> Unit:
    return Unit(
        name=unit.name,
        kind=_KINDS.get(unit.kind, unit.kind),
        code=unit.code,
        parent=province if unit.kind == "district" else above.get(unit.parent),
        ends_on=REFORM,
        position=_POSITION,
        **keys_of(unit.name),
    )


def _created(rows: Iterable[Unit]) -> dict[str, Unit]:
    made = Unit.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return {unit.code: unit for unit in made}
