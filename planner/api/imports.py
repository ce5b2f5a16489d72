"""Uploaded lists: read row by row, decided, applied once."""

from typing import Any, Literal

from django.http import HttpResponse
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from planner.access import Can, must
from planner.flow import imports as flow
from planner.models import ImportBatch, ImportRow, Session
from planner.pages import Request
from planner.paper.reading.packages import MAX_BYTES
from planner.paper.reading.problems import FileTooLarge
from planner.services import imports, week_imports
from planner.wire import Id, In, Listed, Paging, Ref, When, answers, found, paged

router = Router(tags=["imports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadIn(In):
    """What the file is for."""

    session_id: Id = Field("", description="Rows become delegates of this session, notes its facts.")
    kind: Literal["people", "week"] = Field(
        "people", description="A list of people, or a week of engagements."
    )


class UploadOut(Schema):
    """A list taken in: its job under `jobs/{job_id}`, its rows under `imports/{import_id}`."""

    job_id: Ref
    import_id: Ref


class ImportQuery(In):
    """Which rows of an import."""

    status: Literal["", "new", "same", "changed", "unclear", "wrong"] = Field(
        "", description="Only these rows."
    )


class ImportRowOut(Schema):
    """One row of the file: what it would do, and why."""

    sheet: str = Field(description="Name of the sheet; empty in a CSV.", examples=["DS đại biểu"])
    line: int = Field(description="Number of the row as in Excel.", examples=[15])
    status: str = Field(description="`new`, `same`, `changed`, `unclear` or `wrong`.", examples=["wrong"])
    reason: str = Field(
        description="Why, in the language asked for.",
        examples=["H15: “abc@” không phải địa chỉ thư điện tử."],
    )
    codes: list[str] = Field(description="Why, as stable words.", examples=[["email_wrong"]])
    name: str = Field(examples=["Ngô Thanh Tiến"])
    person_id: Ref | None = Field(description="Who the row is in the directory.", examples=[None])
    candidate_ids: list[str] = Field(description="People it may be.", examples=[["17"]])
    changes: dict[str, list[str]] = Field(
        description="What it changes: before and after.", examples=[{"phone": ["", "0912345678"]}]
    )
    decision: str = Field(description="`take`, `skip`, `person`, `create`, or none yet.", examples=[""])


class ImportOut(Schema):
    """An uploaded list and what becomes of it."""

    id: Ref
    kind: str = Field(description="`people` or `week`.", examples=["people"])
    state: str = Field(description="`reading`, `ready`, `applying` or `applied`.", examples=["ready"])
    file_name: str = Field(examples=["danh-sach.xlsx"])
    session_id: Ref | None = Field(examples=[None])
    job_id: Ref | None
    created_at: When
    applied_at: When | None = Field(examples=[None])
    counts: dict[str, int] = Field(description="Rows by status.", examples=[{"new": 110, "wrong": 11}])
    result: dict[str, int] = Field(
        description="What was done: `new`, `changed`, `same`, `skipped`, `left`, and with a session `delegates`, "
        "`excuses`, `items`, `diets`, `substitutes`.",
        examples=[{"new": 110, "left": 30}],
    )


class ImportRowsOut(ImportOut):
    """An uploaded list with its rows."""

    rows: list[ImportRowOut]


class DecisionIn(In):
    """What becomes of an unclear or wrong row."""

    line: int = Field(ge=1, le=10_000_000, description="Number of the row as in Excel.", examples=[15])
    sheet: str | None = Field(None, max_length=100, description="Its sheet, when several have such a row.")
    do: Literal["take", "skip", "person", "create"] = Field(
        description="Take what is clear of it, leave it out, say who it is (`person_id`, or `line_of` an earlier row), "
        "or add a new person."
    )
    person_id: Id = Field("", description="Who the row is.")
    line_of: int | None = Field(
        None, ge=1, description="The earlier row that is the same person.", examples=[None]
    )
    unit_id: Id = Field("", description="Which of several units of that name is meant.")
    values: dict[str, str] = Field(
        default_factory=dict,
        description="Cells put right: `full_name`, `sex`, `born`, `phone`, `email`, `unit`, `note`.",
        examples=[{"email": "tien@tinh.example"}],
    )


class DecisionsIn(In):
    """Decisions on rows; those not named stay as they are."""

    decisions: list[DecisionIn] = Field(default_factory=list, max_length=20_000)


@router.post("/imports", response=answers(403, 404, 413, 422, accepted=UploadOut))
def upload_list(request: Request, file: File[UploadedFile], data: Form[UploadIn]) -> Status[UploadOut]:
    """Upload an XLSX or CSV list of people, or a week, as offices have them; nothing is changed yet.

    Refuses with `not_allowed`, `import_too_large`, `import_not_a_table`, `import_old_or_locked`, `import_no_head`,
    `secrecy_mark_refused`.
    """
    session = found(_sessions(request), data.session_id, field="session_id") if data.session_id else None
    name, content = file.name or "", _content(file)
    if data.kind == "week":
        batch = week_imports.receive(content=content, file_name=name, by=request.auth)
    else:
        batch = flow.receive(content=content, file_name=name, session=session, by=request.auth)
    return Status(202, UploadOut(job_id=batch.job_id or 0, import_id=batch.pk))


@router.get("/imports", response=answers(403, 422, ok=Listed[ImportOut]))
def list_imports(request: Request, query: Query[Paging]) -> dict[str, object]:
    """Uploaded lists, the newest first."""
    return paged(imports.visible_to(request.auth), query, _import_out)


@router.get("/imports/{import_id}", response=answers(404, 422, ok=ImportRowsOut))
def read_import(request: Request, import_id: str, query: Query[ImportQuery]) -> ImportRowsOut:
    """An uploaded list row by row: new, same, changed, unclear or wrong, with the reason."""
    return _rows_out(found(imports.visible_to(request.auth), import_id), query.status)


@router.post("/imports/{import_id}/apply", response=answers(403, 404, 409, 422, ok=ImportRowsOut))
def apply_import(request: Request, import_id: str, data: DecisionsIn) -> ImportRowsOut:
    """Write what is clear or decided, in one transaction; other rows wait for a decision. A repeat adds nothing.

    Refuses with `not_allowed`, `import_not_ready`, `unknown_decision`, `bad_value`, `wrong_state`.
    """
    batch = found(imports.visible_to(request.auth), import_id)
    flow.apply(batch=batch, answers=[one.model_dump() for one in data.decisions], by=request.auth)
    batch.refresh_from_db()
    return _rows_out(batch, "")


@router.get("/imports/{import_id}/file", response=answers(404, ok=None))
def read_marked_file(request: Request, import_id: str) -> HttpResponse:
    """The uploaded file as XLSX with two columns more: what became of each row, and why."""
    batch = found(imports.visible_to(request.auth), import_id)
    imports.must_handle(batch, request.auth)
    answer = HttpResponse(imports.marked_file(batch), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="import-{batch.pk}.xlsx"'
    return answer


def _sessions(request: Request) -> Any:
    must(request.auth, Can.EDIT_PEOPLE)
    return Session.objects.visible_to(request.auth)


def _content(file: UploadedFile) -> bytes:
    if (file.size or 0) > MAX_BYTES:
        raise FileTooLarge(limit_bytes=MAX_BYTES)
    return bytes(file.read())


def _import_out(batch: ImportBatch) -> dict[str, Any]:
    return {
        "id": batch.pk,
        "kind": batch.kind,
        "state": batch.state,
        "file_name": batch.file_name,
        "session_id": batch.session_id,
        "job_id": batch.job_id,
        "created_at": batch.created_at,
        "applied_at": batch.applied_at,
        "counts": imports.counts(batch),
        "result": batch.result,
    }


def _rows_out(batch: ImportBatch, status: str) -> ImportRowsOut:
    rows = batch.rows.filter(status=status) if status in ImportRow.Status.values else batch.rows.all()
    return ImportRowsOut(**_import_out(batch), rows=[ImportRowOut(**imports.told(row)) for row in rows])
