"""Annulments: undoing a scan is another row; nothing toggles and nothing is deleted."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegate, Scan
from attendees.verdicts import Verdict
from planner.access import Actor, Can, must
from planner.errors import Conflict, WrongState
from planner.services import audit

_UNDO_WITHIN = dt.timedelta(minutes=5)  # by the one who scanned; later by those who may resolve


class NothingToAnnul(WrongState):
    """Only an entrance or an exit can be undone, and only once."""

    code = "nothing_to_annul"
    message = _("Only an entrance or an exit can be undone.")


class UndoTooLate(Conflict):
    """The one who scanned may undo for five minutes; then somebody who may resolve."""

    code = "undo_too_late"
    message = _("After five minutes only the reception desk may undo a scan.")


@transaction.atomic
def annul(*, scan: Scan, reason: str = "", by: Actor) -> Scan:
    """The row that undoes a scan; a repeat returns the same row.

    The one who scanned may for five minutes, later whoever may resolve at the door.
    Raises NotAllowed, NothingToAnnul, UndoTooLate.
    """
    must(by, Can.SCAN, on=scan.session)
    if scan.delegate_id:
        Delegate.objects.select_for_update(no_key=True).get(pk=scan.delegate_id)
    if undone := Scan.objects.filter(annuls=scan).first():
        return undone
    if scan.verdict not in (Verdict.ADMITTED, Verdict.LEFT):
        raise NothingToAnnul
    now = timezone.now()
    is_own = scan.by_label == by.label and now - scan.received_at <= _UNDO_WITHIN
    if not is_own and not by.can(Can.RESOLVE_DOOR, on=scan.session):
        raise UndoTooLate
    row = Scan.objects.create(
        scan_id=uuid.uuid5(scan.scan_id, "annul"),
        kind=Scan.Kind.ANNUL,
        annuls=scan,
        session_id=scan.session_id,
        round_id=scan.round_id,
        delegate_id=scan.delegate_id,
        badge_id=scan.badge_id,
        gate_id=scan.gate_id,
        device_at=now,
        corrected_at=now,
        received_at=now,
        verdict="",
        reason=reason,
        by_label=by.label,
    )
    audit.record("scan.annulled", on=scan, by=by, after={"reason": reason})
    return row
