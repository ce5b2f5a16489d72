"""Conflicts: one badge let in twice by doors that could not see each other; somebody says what was true.

Which scans conflict follows from the set of scans alone, so the order in which doors bring theirs changes nothing.
"""

from django.db import transaction
from django.utils import timezone

from attendees.models import Conflict, Delegate, Round, Scan
from planner.access import Actor, Can, must
from planner.models import Session
from planner.services import audit, secrecy


def open_in(session: Session) -> list[Conflict]:
    """Conflicts nobody has resolved, oldest first, with all a card shows."""
    rows = Conflict.objects.filter(session=session, resolved_at__isnull=True)
    return list(
        rows.select_related(
            "delegate__delegation", "first__gate", "first__device", "second__gate", "second__device"
        ).order_by("second__corrected_at", "id")
    )


def note(*, delegate: Delegate, round: Round) -> None:
    """Write down each entrance of a delegate who was inside already; called under the delegate's lock."""
    entrance: Scan | None = None
    for scan in _that_count(delegate, round):
        if scan.verdict == "left":
            entrance = None
        elif entrance is None:
            entrance = scan
        else:
            Conflict.objects.update_or_create(
                second=scan,
                defaults={"session_id": scan.session_id, "delegate": delegate, "first": entrance},
            )


@transaction.atomic
def resolve(*, conflict: Conflict, resolution: str, by: Actor) -> Conflict:
    """The conflict with its resolution in words and who gave it; a repeat is harmless."""
    must(by, Can.RESOLVE_DOOR, on=conflict.session)
    if conflict.session.is_secret:
        secrecy.refuse_content({"resolution": resolution}, forbidden=("resolution",))
    if conflict.resolved_at is None:
        conflict.resolution, conflict.resolved_by = resolution, by.label
        conflict.resolved_at = timezone.now()
        conflict.save(update_fields=["resolution", "resolved_by", "resolved_at"])
        audit.record("conflict.resolved", on=conflict, by=by, after={"resolution": resolution})
    return conflict


def _that_count(delegate: Delegate, round: Round) -> list[Scan]:
    rows = Scan.objects.filter(delegate=delegate, round=round, annulled_by__isnull=True)
    return list(rows.filter(verdict__in=["admitted", "left"]).order_by("corrected_at", "id"))
