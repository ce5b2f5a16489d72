"""Uploaded lists: taken in, kept row by row, decided, and handed back with what became of each row.

Nothing here touches the directory; `intake` and the flow do, once, when somebody says so.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.access import Actor, Can, must
from planner.errors import WrongState
from planner.models import ImportBatch, ImportRow, Job, Session, StoredFile
from planner.paper.reading import lists, notes, people
from planner.paper.reading.lists import PeopleList
from planner.paper.reading.people import PersonRow
from planner.paper.reading.problems import SecrecyMark
from planner.paper.reading.reasons import sentences
from planner.paper.reading.tables import ListSheet
from planner.paper.xlsx import Column, Table, marked, workbook
from planner.services import audit, links
from planner.services.judgements import Judged

KIND = "import"
_AT_ONCE = 500


class StillReading(WrongState):
    """The list is not compared yet."""

    code = "import_not_ready"
    message = gettext_lazy("The list is still being read. Wait a moment, then try again.")


def visible_to(actor: Actor) -> QuerySet[ImportBatch]:
    """The uploads an actor may see: lists of people for whoever keeps the directory, of sessions they plan."""
    rows = ImportBatch.objects.order_by("-id")
    if not actor.can_anywhere(Can.EDIT_PEOPLE) and not actor.can_anywhere(Can.PLAN):
        return rows.none()
    sessions = Session.objects.visible_to(actor).values("pk")
    own = (
        Q(session__isnull=True)
        if actor.can(Can.EDIT_PEOPLE) or actor.can(Can.PLAN)
        else Q(user_id=actor.user_id or 0)
    )
    return rows.filter(own | Q(session__in=sessions))


def receive(*, content: bytes, file_name: str, session: Session | None = None, by: Actor) -> ImportBatch:
    """The uploaded list of people, read and kept, every row waiting to be compared.

    Raises NotAllowed, FileTooLarge, NotATable, NoHeadRow, SecrecyMark (told to the log without the content).
    """
    must(by, Can.EDIT_PEOPLE)
    if session is not None:
        must(by, Can.PLAN, on=session)
    try:
        found = lists.read_people(content, today=timezone.localdate())
    except SecrecyMark as refusal:
        audit.record("import.refused", on=session, by=by, after={"code": refusal.code})
        raise
    return _keep(content, file_name, session=session, found=found, by=by)


@transaction.atomic
def _keep(
    content: bytes, file_name: str, *, session: Session | None, found: PeopleList, by: Actor
) -> ImportBatch:
    is_secret = session is not None and session.is_secret
    batch = opened(content, file_name, kind=ImportBatch.Kind.PEOPLE, session=session, by=by)
    batch.sheets = [] if is_secret else [_summary(sheet) for sheet in found.sheets]
    batch.save(update_fields=["sheets"])
    rows = (_row(batch, row, is_secret=is_secret) for row in found.rows)
    ImportRow.objects.bulk_create(rows, batch_size=_AT_ONCE)
    if batch.job is not None:
        Job.objects.filter(pk=batch.job.pk).update(total=len(found.rows))
    return batch


def opened(
    content: bytes, file_name: str, *, kind: str, session: Session | None = None, by: Actor
) -> ImportBatch:
    """A batch for an uploaded file, with its job. Of a secret session's list no octet is kept: its titles would tell.

    Inside the caller's transaction, after the caller's `must`.
    """
    now = timezone.now()
    is_secret = session is not None and session.is_secret
    file = None if is_secret else _stored(content, file_name)
    job = Job.objects.create(
        kind=KIND, session_id=session.pk if session else None, user_id=by.user_id, created_at=now
    )
    batch = ImportBatch.objects.create(
        kind=kind,
        session=session,
        file=file,
        file_name="" if is_secret else file_name[-200:],
        job=job,
        user_id=by.user_id,
        created_at=now,
    )
    Job.objects.filter(pk=job.pk).update(result={"import_id": str(batch.pk)})
    audit.record("import.received", on=batch, by=by, after={"kind": kind})
    return batch


def must_handle(batch: ImportBatch, by: Actor) -> None:
    """Refuse unless the actor may apply the batch: the directory for people, the session or the week for planners."""
    if batch.kind == ImportBatch.Kind.PEOPLE:
        must(by, Can.EDIT_PEOPLE)
    if batch.session_id or batch.kind == ImportBatch.Kind.WEEK:
        must(by, Can.PLAN, on=batch.session)


def refuse_unread(batch: ImportBatch) -> None:
    """Refuse with StillReading while the rows are not compared."""
    if batch.state == ImportBatch.State.READING:
        raise StillReading


def keep_judged(batch: ImportBatch, rows: Sequence[ImportRow], judged: Sequence[Judged]) -> None:
    """The batch's rows with what was found out about them; inside the caller's transaction.

    Written anew: an update of so many different rows takes ten times as long.
    """
    for row, one in zip(rows, judged, strict=True):
        row.pk, row.status, row.person_id = None, one.status, one.person
        row.problems = [problem.as_json() for problem in one.problems]
        row.changes, row.candidates = one.changes, one.candidates
    batch.rows.all().delete()
    ImportRow.objects.bulk_create(rows, batch_size=_AT_ONCE)


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows have each status."""
    found = Counter(batch.rows.values_list("status", flat=True))
    return {status: found.get(status, 0) for status in ImportRow.Status.values}


def reason(row: ImportRow) -> str:
    """Why a row has its status, in words."""
    return " ".join(sentences(row.problems))


def told(row: ImportRow) -> dict[str, Any]:
    """A row as programs see it: where it stands, what it is, why, and what could settle it."""
    return {
        "sheet": row.sheet,
        "line": row.line,
        "status": str(row.status),
        "reason": reason(row),
        "codes": [problem["code"] for problem in row.problems],
        "name": row.name,
        "person_id": str(row.person_id) if row.person_id else None,
        "candidate_ids": [str(pk) for pk in row.candidates],
        "changes": row.changes,
        "decision": row.decision.get("do", ""),
    }


def marked_file(batch: ImportBatch) -> bytes:
    """The uploaded file with two columns more, what became of each row and why; XLSX also for an uploaded CSV."""
    labels = (_("Import status"), _("Import reason"))
    rows = list(batch.rows.all())
    content = links.opened(batch.file.content) if batch.file else b""
    if content[:4] == b"PK\x03\x04":
        notes = {(row.sheet, row.line): (row.status, row.get_status_display(), reason(row)) for row in rows}
        return marked(content, notes, labels, {sheet["name"]: sheet["head_line"] for sheet in batch.sheets})
    columns = [Column(_("Row"), 6), Column(_("Name"), 30), Column(labels[0], 14), Column(labels[1], 70)]
    table = [(row.line, row.name, str(row.get_status_display()), reason(row)) for row in rows]
    return workbook(Table(columns, table, row_status=[row.status for row in rows]))


def _stored(content: bytes, file_name: str) -> StoredFile:
    is_workbook = content[:4] == b"PK\x03\x04"
    return StoredFile.objects.create(
        kind=KIND,
        name=file_name[-200:],
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        if is_workbook
        else "text/csv",
        content=links.sealed(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=timezone.now(),
    )


def _row(batch: ImportBatch, row: PersonRow, *, is_secret: bool) -> ImportRow:
    kept = _shelled(row) if is_secret else row
    return ImportRow(
        batch=batch,
        sheet=kept.sheet[:100],
        line=kept.line,
        status=ImportRow.Status.NEW,
        name=kept.full_name[:150],
        read=people.as_json(kept) | {"doubts": [problem.as_json() for problem in kept.problems]},
    )


def _shelled(row: PersonRow) -> PersonRow:
    """A row of a secret session's list: who it is and set phrases only, no free words."""
    doubts = tuple(replace(problem, value="") for problem in row.problems)
    return replace(row, sheet="", group="", note_text=notes.in_set_phrases(row.note), problems=doubts)


def _summary(sheet: ListSheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "head_line": sheet.head_line,
        "columns": sheet.columns,
        "unused": list(sheet.unused),
        "groups": list(sheet.groups),
        "skipped": [list(pair) for pair in sheet.skipped],
        "said_total": sheet.said_total,
    }
