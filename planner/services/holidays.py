"""Days off and swapped working days: a table filled for years ahead, which the office puts right."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from planner.access import Actor, Can, must
from planner.models import Holiday
from planner.services import audit, edits
from planner.slots.holidays import proposed
from planner.slots.recurrence import WorkCalendar

YEARS_AHEAD = 5


@transaction.atomic
def install(*, by: Actor, years: Iterable[int] = ()) -> int:
    """How many proposed days were added; days the office has entered or changed stay as they are.

    Without `years`: last year and the five that follow, so that past weeks show their days off too.
    """
    must(by, Can.ADMINISTER)
    this_year = timezone.localdate().year
    wanted = list(years) or range(this_year - 1, this_year + YEARS_AHEAD)
    known = set(Holiday.objects.values_list("on", flat=True))
    fresh = [
        Holiday(on=day.on, name=day.name, kind=day.kind)
        for year in wanted
        for day in proposed(year)
        if day.on not in known
    ]
    Holiday.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def save(holiday: Holiday, *, values: Mapping[str, Any], by: Actor) -> Holiday:
    """A day off, or a day worked in exchange, new or changed."""
    must(by, Can.ADMINISTER)
    return edits.written(holiday, values, action="holiday.changed" if holiday.pk else "holiday.added", by=by)


@transaction.atomic
def remove(holiday: Holiday, *, by: Actor) -> None:
    """The day taken from the table: an ordinary day again."""
    must(by, Can.ADMINISTER)
    audit.record("holiday.removed", on=holiday, by=by, before={"on": holiday.on, "name": holiday.name})
    holiday.delete()


def within(first: dt.date, last: dt.date) -> dict[dt.date, Holiday]:
    """The table's days from first to last, both included."""
    return {row.on: row for row in Holiday.objects.filter(on__range=(first, last))}


def calendar() -> WorkCalendar:
    """The days off and worked in exchange as the rhythms read them; one query."""
    rows = list(Holiday.objects.all())
    return WorkCalendar(
        holidays={row.on: row.name for row in rows if row.kind == Holiday.Kind.OFF},
        worked=frozenset(row.on for row in rows if row.kind == Holiday.Kind.WORKED),
    )
