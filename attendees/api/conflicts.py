"""Conflicts: badges that two doors let in without seeing each other."""

from ninja import Field, Query, Router, Schema

from attendees.models import Conflict, Scan
from attendees.services import conflicts, gates
from planner.pages import Request
from planner.wire import In, Listed, Paging, Ref, When, answers, found, listed

router = Router(tags=["door"])


class ConflictScanOut(Schema):
    """One of two entrances."""

    scan_id: str
    gate: str | None
    device: str | None
    at: When
    offline: bool


class ConflictOut(Schema):
    """A person let in twice by doors that could not see each other."""

    id: Ref
    delegate_id: Ref
    person: str
    delegation: str | None
    first: ConflictScanOut
    second: ConflictScanOut
    resolution: str
    resolved_by: str
    resolved_at: When | None


class ConflictResolutionIn(In):
    """What was true."""

    resolution: str = Field(min_length=1, max_length=300, examples=["Thẻ cho mượn; đã thu lại."])


@router.get("/sessions/{session_id}/conflicts", response=answers(404, 422, ok=Listed[ConflictOut]))
def list_conflicts(request: Request, session_id: str, paging: Query[Paging]) -> dict[str, object]:
    """Entrances of one badge at two doors that nobody has resolved."""
    session = found(gates.sessions_for(request.auth), session_id)
    return listed([_conflict_out(row) for row in conflicts.open_in(session)], paging)


@router.post("/conflicts/{conflict_id}/resolve", response=answers(403, 404, 422, ok=ConflictOut))
def resolve_conflict(request: Request, conflict_id: str, data: ConflictResolutionIn) -> ConflictOut:
    """Say what was true of a conflict; a repeat is harmless. Refuses with `not_allowed`."""
    rows = Conflict.objects.filter(session__in=gates.sessions_for(request.auth)).select_related("session")
    row = conflicts.resolve(conflict=found(rows, conflict_id), resolution=data.resolution, by=request.auth)
    return _conflict_out(row)


def _conflict_out(row: Conflict) -> ConflictOut:
    return ConflictOut(
        id=row.pk,
        delegate_id=row.delegate_id,
        person=row.delegate.printed_name,
        delegation=str(row.delegate.delegation) if row.delegate.delegation else None,
        first=_side(row.first),
        second=_side(row.second),
        resolution=row.resolution,
        resolved_by=row.resolved_by,
        resolved_at=row.resolved_at,
    )


def _side(row: Scan) -> ConflictScanOut:
    return ConflictScanOut(
        scan_id=str(row.scan_id),
        gate=row.gate.name if row.gate else None,
        device=str(row.device) if row.device else row.by_label,
        at=row.corrected_at,
        offline=row.decided_offline,
    )
