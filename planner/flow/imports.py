"""Uploaded lists all the way: compared with the directory and a session's list, decided, applied in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_q.tasks import async_task

from attendees.services import imported
from attendees.services.imported import ListFacts, Listing
from planner.access import Actor
from planner.errors import DomainError
from planner.models import ImportBatch, ImportRow, Job, Session
from planner.paper.reading import notes
from planner.paper.reading.people import PersonRow
from planner.paper.reading.problems import Doubt, Problem
from planner.services import audit, decisions, imports, intake, judgements, week_imports
from planner.services.judgements import Judged
from planner.vietnamese import fold

Status = ImportRow.Status
AT_ONCE = 500  # a list no longer than this is compared while the browser waits


def receive(*, content: bytes, file_name: str, session: Session | None = None, by: Actor) -> ImportBatch:
    """The uploaded list: a usual one compared at once, a very long one queued to be compared.

    Raises what `services.imports.receive` raises.
    """
    batch = imports.receive(content=content, file_name=file_name, session=session, by=by)
    if batch.rows.count() > AT_ONCE:
        async_task("planner.jobs.judge_import", batch.pk)
    else:
        judge(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def judge(*, batch: ImportBatch, by: Actor) -> dict[str, int]:
    """How many rows have each status, every row compared; a repeat compares again and harms nothing."""
    imports.must_handle(batch, by)
    _tell(batch, state=Job.State.RUNNING)
    try:
        _keep_judged(batch, by=by)
    except Exception as failure:
        _tell(batch, state=Job.State.FAILED, error=type(failure).__name__, ended_at=timezone.now())
        raise
    return imports.counts(batch)


@transaction.atomic
def _keep_judged(batch: ImportBatch, *, by: Actor) -> None:
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    rows = list(batch.rows.all())
    if batch.state == ImportBatch.State.READING:
        imports.keep_judged(batch, rows, _judged(batch, rows))
        batch.state = ImportBatch.State.READY
        batch.save(update_fields=["state"])
    _tell(batch, state=Job.State.DONE, done=len(rows), total=len(rows), ended_at=timezone.now())


@transaction.atomic
def apply(*, batch: ImportBatch, answers: Iterable[Mapping[str, Any]] = (), by: Actor) -> dict[str, int]:
    """What was done: people new and changed, and with a session what its list gained; `left` rows wait still.

    All in one transaction: rows that are clear or decided are written, others are not touched at all. A repeat
    does only what a new decision adds. Raises NotAllowed, StillReading, UnknownDecision, BadValue, WrongState.
    """
    imports.must_handle(batch, by)
    batch = _locked(batch)
    decisions.decide(batch=batch, decisions=answers, by=by)
    if batch.kind == ImportBatch.Kind.WEEK:
        result = week_imports.apply(batch=batch, by=by)
    else:
        result = _apply_people(batch, by=by)
    _finish(batch, result, by=by)
    return result


@transaction.atomic
def start(*, batch: ImportBatch, by: Actor) -> dict[str, int] | None:
    """What was done; nothing yet for a very long list, which the queue applies under the same account.

    Raises what `apply` raises.
    """
    if batch.rows.count() <= AT_ONCE or by.user_id is None:
        return apply(batch=batch, by=by)
    imports.must_handle(batch, by)
    imports.refuse_unread(batch)
    batch = _locked(batch)
    if batch.state != ImportBatch.State.APPLYING:
        batch.state = ImportBatch.State.APPLYING
        batch.save(update_fields=["state"])
        _tell(batch, state=Job.State.QUEUED, done=0, error="", ended_at=None)
        async_task("planner.jobs.apply_import", batch.pk, by.user_id)
    return None


def apply_queued(*, batch: ImportBatch, by: Actor) -> dict[str, int]:
    """What was done for a list whose turn came; refused, it waits for a decision again. A repeat adds nothing."""
    _tell(batch, state=Job.State.RUNNING)
    try:
        result = apply(batch=batch, by=by)
    except Exception as failure:
        words = str(failure) if isinstance(failure, DomainError) else type(failure).__name__
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.READY)
        _tell(batch, state=Job.State.FAILED, error=words[:500], ended_at=timezone.now())
        raise
    _tell(batch, state=Job.State.DONE, done=batch.rows.count(), ended_at=timezone.now())
    return result


def _apply_people(batch: ImportBatch, *, by: Actor) -> dict[str, int]:
    rows = list(batch.rows.all())
    judged = _judged(batch, rows)
    _refuse_surprises(rows, judged)
    wanted = [one for one in judged if one.is_settled]
    ids = intake.take(wanted, by=by)
    result = _figures(judged, wanted)
    if batch.session is not None:
        result |= imported.enlist(
            session=batch.session, listings=_listings(batch.session, wanted, ids), by=by
        )
    for one in judged:
        one.person = ids.get(one.place, one.person)
    imports.keep_judged(batch, rows, judged)
    return result


def _figures(judged: Sequence[Judged], wanted: Sequence[Judged]) -> dict[str, int]:
    done = Counter(one.status for one in wanted)
    skipped = sum(one.decision.get("do") == decisions.SKIP for one in judged)
    figures = {status.value: done[status] for status in (Status.NEW, Status.CHANGED, Status.SAME)}
    return figures | {"skipped": skipped, "left": len(judged) - len(wanted) - skipped}


def _judged(batch: ImportBatch, rows: Sequence[ImportRow]) -> list[Judged]:
    judged = judgements.judge(rows)
    if batch.session is None:
        return [_without_session(one) for one in judged]
    facts = ListFacts.of(batch.session)
    names = _names(judged)
    for one in judged:
        one.problems += facts.doubts(one.row, one.person, names)
        _compare_with_list(one, facts)
    return judged


def _without_session(one: Judged) -> Judged:
    """Notes about one session say nothing to the directory; that they stay unused is told."""
    note = one.row.note
    if note.excuse is not None or note.items or note.replaces is not None or note.replaced_by or note.diet:
        one.problems.append(Problem(Doubt.REMARK, "note_unused", value=one.row.note_text))
    return one


def _names(judged: Sequence[Judged]) -> dict[str, list[int]]:
    """The people of the file by folded name; those the directory does not know yet are counted as -line."""
    names: dict[str, list[int]] = defaultdict(list)
    for one in judged:
        if one.row.note.replaces is None and one.twin is None:
            names[fold(one.row.full_name)].append(one.person or -one.row.line)
    return names


def _compare_with_list(one: Judged, facts: ListFacts) -> None:
    if one.person in facts.listed and one.person is not None:
        one.changes |= facts.changes(one.row, one.person)
    one.status = judgements.status_of(one)
    is_settled_on = one.status in (Status.SAME, Status.CHANGED)
    if (
        is_settled_on
        and one.twin is None
        and one.person not in facts.listed
        and one.row.note.replaces is None
    ):
        one.status = Status.NEW


def _refuse_surprises(rows: Sequence[ImportRow], judged: Sequence[Judged]) -> None:
    """Whoever the directory got to know meanwhile is asked about again; what became the same is left alone."""
    for row, one in zip(rows, judged, strict=True):
        is_fresh = row.status == Status.NEW and row.person_id is None and not row.decision
        if is_fresh and one.person is not None and one.status == Status.CHANGED:
            one.problems.append(Problem(Doubt.UNCLEAR, "changed_meanwhile"))
            one.status = Status.UNCLEAR


def _listings(
    session: Session, wanted: Sequence[Judged], ids: Mapping[tuple[str, int], int]
) -> list[Listing]:
    facts = ListFacts.of(session)
    names: dict[str, list[int]] = defaultdict(list)
    for one in wanted:
        if one.row.note.replaces is None:
            names[fold(one.row.full_name)].append(ids[one.place])
    listings: dict[tuple[int, bool], Listing] = {}
    for one in wanted:
        person = ids[one.place]
        found = facts.principals(one.row.note.replaces, names) if one.row.note.replaces else []
        principal = found[0] if len(set(found)) == 1 and not one.decision else None
        first = listings.get((person, principal is not None))
        row = one.row if first is None else _joined(first.row, one.row)
        listings[person, principal is not None] = Listing(row, person, principal)
    return list(listings.values())


def _joined(first: PersonRow, again: PersonRow) -> PersonRow:
    """Two rows of one person: the second one's note speaks too."""
    words = "; ".join(filter(None, dict.fromkeys((first.note_text, again.note_text))))
    return replace(first, note_text=words, note=notes.read(words))


def _locked(batch: ImportBatch) -> ImportBatch:
    """The batch, locked with all others that wait: two lists with the same new person are applied in turn."""
    waiting = Q(state__in=[ImportBatch.State.READY, ImportBatch.State.APPLYING]) | Q(pk=batch.pk)
    rows = list(ImportBatch.objects.select_for_update().filter(waiting).order_by("pk"))
    return next(row for row in rows if row.pk == batch.pk)


def _finish(batch: ImportBatch, result: Mapping[str, int], *, by: Actor) -> None:
    batch.state, batch.applied_at, batch.result = ImportBatch.State.APPLIED, timezone.now(), dict(result)
    batch.save(update_fields=["state", "applied_at", "result"])
    audit.record("import.applied", on=batch, by=by, after=dict(result))


def _tell(batch: ImportBatch, **values: Any) -> None:
    """How far the batch is, for whoever waits for it."""
    if batch.job is not None:
        Job.objects.filter(pk=batch.job.pk).update(**values)
