"""The call sheet after a change: exactly whom it concerns, their telephones, and who has been told."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from attendees.models import Delegate, PhoneCall
from planner.access import Actor, Can, must
from planner.models import Message, Session
from planner.services import audit


@dataclass(frozen=True)
class Row:
    """Somebody to ring up, and the tick once they were told."""

    delegate: Delegate
    call: PhoneCall | None


@dataclass(frozen=True)
class Sheet:
    """Whom the last change concerns. `version`: of the session as it was told then; 0 before any change."""

    version: int
    rows: list[Row]

    @property
    def told(self) -> int:
        """How many were rung up."""
        return sum(row.call is not None for row in self.rows)


def sheet(session: Session) -> Sheet:
    """The people whom the last change concerns: who knew something else before, and those whom no mail reaches."""
    version, affected = _by_mail(session)
    rows = list(
        session.delegates.filter(pk__in=affected | _without_mail(session, affected))
        .select_related("person__assistant")
        .in_order()
    )
    calls = {
        call.delegate_id: call
        for call in PhoneCall.objects.filter(delegate__session=session, session_version=version)
    }
    return Sheet(version, [Row(row, calls.get(row.pk)) for row in rows])


@transaction.atomic
def tick(*, delegate: Delegate, version: int, by: Actor) -> PhoneCall:
    """The mark that somebody told the delegate this version by telephone; a repeat keeps the first. Raises NotAllowed."""
    must(by, Can.RECORD_REPLY, on=delegate)
    call, is_new = PhoneCall.objects.get_or_create(
        delegate=delegate, session_version=version, defaults={"by_label": by.label, "at": timezone.now()}
    )
    if is_new:
        audit.record("delegate.rung", on=delegate, by=by, after={"version": version})
    return call


@transaction.atomic
def untick(*, delegate: Delegate, version: int, by: Actor) -> None:
    """The mark is taken back; a repeat is harmless. Raises NotAllowed."""
    must(by, Can.RECORD_REPLY, on=delegate)
    gone, _by_model = PhoneCall.objects.filter(delegate=delegate, session_version=version).delete()
    if gone:
        audit.record("delegate.unrung", on=delegate, by=by, before={"version": version})


def _by_mail(session: Session) -> tuple[int, set[int]]:
    """The version of the last change that mails told, and the ids of those who were told something else before."""
    rows = Message.objects.filter(session_id=session.pk, stream__startswith="delegate:").exclude(event_uid="")
    told: dict[int, list[int]] = defaultdict(list)
    kept = rows.exclude(state=Message.State.MERGED).order_by("id")
    for stream, version in kept.values_list("stream", "session_version"):
        told[int(stream.partition(":")[2])].append(version)
    changed = {pk: versions for pk, versions in told.items() if len(versions) > 1}
    if not changed:
        return 0, set()
    last = max(versions[-1] for versions in changed.values())
    return last, {pk for pk, versions in changed.items() if versions[-1] == last}


def _without_mail(session: Session, affected: set[int]) -> set[int]:
    """Those no mail reaches and whom the change concerns as it does others with the same items."""
    items: dict[int, frozenset[int]] = {
        row.pk: frozenset(item.pk for item in row.items.all())
        for row in session.delegates.listed().select_related("person").prefetch_related("items")
    }
    concerned = {items[pk] for pk in affected if pk in items}
    silent = session.delegates.listed().filter(person__email="", invitation__told_starts_at__isnull=False)
    return {pk for pk in silent.values_list("pk", flat=True) if items[pk] in concerned}
