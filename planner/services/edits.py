"""One way to write new values into a row: only what changed is saved and told to the audit log."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from planner.access import Actor
from planner.services import audit

M = TypeVar("M", bound=models.Model)


def written(row: M, values: Mapping[str, Any], *, action: str, by: Actor) -> M:
    """The row with `values` saved, new rows included; a repeat with the same values changes nothing.

    Callers ask `must` first and hold the row's lock where two people may meet.
    """
    if row._state.adding:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        audit.record(action, on=row, by=by, after=_all_told(values))
        return row
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        before = _all_told({name: getattr(row, name) for name in changed})
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        audit.record(action, on=row, by=by, before=before, after=_all_told(changed))
    return row


def _all_told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit log keeps: the words and id of other rows, plain values else; no stored keys."""
    return {name: _told(value) for name, value in values.items() if not name.endswith("_key")}


def _told(value: Any) -> Any:
    return f"{value} (#{value.pk})" if isinstance(value, models.Model) else value
