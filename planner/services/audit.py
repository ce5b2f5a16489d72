"""The audit log: every change says who, what, and before → after, in the change's own transaction."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from planner.access import SYSTEM, Actor
from planner.models import AuditEntry

GENESIS = "0" * 64
_SEAL_AT_ONCE = 500


def record(
    action: str,
    *,
    on: models.Model | None = None,
    by: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """The entry written: `by` did `action` to `on`, whose named fields went from `before` to `after`.

    Callers never pass the free text of a secret session: such fields do not exist there.
    """
    entry = _entry(action, on, by, before, after)
    entry.save(force_insert=True)
    return entry


def record_many(
    action: str,
    entries: Iterable[tuple[models.Model, Mapping[str, Any], Mapping[str, Any]]],
    *,
    by: Actor,
) -> list[AuditEntry]:
    """One entry for each (object, before, after), written together: what an import of thousands needs."""
    rows = [_entry(action, on, by, before, after) for on, before, after in entries]
    return AuditEntry.objects.bulk_create(rows, batch_size=500)


def withdraw_details(session_id: int) -> int:
    """How many entries about a session lost their before and after; who did what and when stays.

    For a session that becomes secret: what was told of it openly may not stand here any longer.
    """
    told = AuditEntry.objects.filter(session_id=session_id, changes__isnull=False)
    return told.update(changes=None)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The `before` and `after` of only those fields that changed, ready for `record(**…)`."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {
        "before": {name: before.get(name) for name in changed},
        "after": {name: after[name] for name in changed},
    }


@transaction.atomic
def seal(*, by: Actor = SYSTEM) -> int:
    """How many entries were sealed: numbered in order and chained to the one before.

    Repeat-safe; two sealers at once wait for each other on the last sealed row.
    """
    last = AuditEntry.objects.select_for_update().filter(sequence__isnull=False).order_by("-sequence").first()
    sequence, previous = (last.sequence or 0, last.seal) if last else (0, GENESIS)
    waiting = list(
        AuditEntry.objects.select_for_update().filter(sequence__isnull=True).order_by("id")[:_SEAL_AT_ONCE]
    )
    for entry in waiting:
        sequence += 1
        entry.sequence, entry.seal = sequence, _seal_of(entry, sequence, previous)
        previous = entry.seal
    AuditEntry.objects.bulk_update(waiting, ["sequence", "seal"])
    return len(waiting)


def broken_seals() -> list[int]:
    """Ids of entries whose seal, order or details do not verify; empty when the chain is whole."""
    broken, previous = [], GENESIS
    sealed = AuditEntry.objects.filter(sequence__isnull=False).order_by("sequence")
    for expected, entry in enumerate(sealed.iterator(), start=1):
        forged = entry.changes is not None and _digest(entry.changes) != entry.changes_digest
        if forged or entry.sequence != expected or entry.seal != _seal_of(entry, expected, previous):
            broken.append(entry.pk)
        previous = entry.seal
    return broken


def _entry(
    action: str,
    on: models.Model | None,
    by: Actor,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> AuditEntry:
    changes = _plain({"before": dict(before or {}), "after": dict(after or {})})
    return AuditEntry(
        at=timezone.now(),
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        origin=by.origin,
        action=action,
        object_type=(on._meta.model_name or "") if on is not None else "",
        object_id=str(on.pk) if on is not None else "",
        session_id=_session_id(on),
        changes=changes,
        changes_digest=_digest(changes),
    )


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False))


def _digest(changes: Any) -> str:
    return hashlib.sha256(json.dumps(changes, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _seal_of(entry: AuditEntry, sequence: int, previous: str) -> str:
    parts = (
        previous,
        str(sequence),
        entry.at.isoformat(),
        entry.actor_kind,
        entry.actor_id,
        entry.actor_label,
        entry.origin,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.changes_digest,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _session_id(on: models.Model | None) -> int | None:
    if on is None:
        return None
    return on.pk if on._meta.model_name == "session" else getattr(on, "session_id", None)
