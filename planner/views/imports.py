"""Uploaded lists: choose a file, see what every row would do, decide what is unclear, apply, fetch the marked file."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.access import Can, must
from planner.errors import DomainError
from planner.flow import imports as flow
from planner.models import ImportBatch, ImportRow, Job, Session
from planner.pages import Request, show
from planner.paper.reading.packages import MAX_BYTES
from planner.paper.reading.problems import FileTooLarge
from planner.services import decisions, imports, week_imports
from planner.views.import_rows import FIELDS, shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A_PAGE = 100
F = TypeVar("F", bound="UploadForm")
Receive = Callable[[bytes, str], ImportBatch]


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput({"accept": ".xlsx,.xlsm,.csv,.txt"}),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )

    def content(self) -> bytes:
        """The file's octets. Raises FileTooLarge."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise FileTooLarge
        return bytes(file.read())


class WeekForm(UploadForm):
    """A week, and the day its dates are near to when they have no year."""

    near = forms.DateField(
        label=gettext_lazy("A day of that week, if the file names no year"), required=False
    )


@require_http_methods(["GET", "POST"])
def people(request: Request) -> HttpResponse:
    """Upload a list of people for the directory."""
    must(request.actor, Can.EDIT_PEOPLE)
    form = _form(request, UploadForm)
    return _upload(
        request, form, lambda content, name: flow.receive(content=content, file_name=name, by=request.actor)
    )


@require_http_methods(["GET", "POST"])
def session(request: Request, session_pk: int) -> HttpResponse:
    """Upload a session's list: rows become delegates, notes become facts."""
    session = get_object_or_404(Session.objects.visible_to(request.actor), pk=session_pk)
    must(request.actor, Can.EDIT_PEOPLE)
    must(request.actor, Can.PLAN, on=session)
    form = _form(request, UploadForm)

    def receive(content: bytes, name: str) -> ImportBatch:
        return flow.receive(content=content, file_name=name, session=session, by=request.actor)

    return _upload(request, form, receive, session=session)


@require_http_methods(["GET", "POST"])
def week(request: Request) -> HttpResponse:
    """Upload a week's engagements."""
    must(request.actor, Can.PLAN)
    form = _form(request, WeekForm)

    def receive(content: bytes, name: str) -> ImportBatch:
        near: dt.date | None = form.cleaned_data["near"]
        return week_imports.receive(content=content, file_name=name, near=near, by=request.actor)

    return _upload(request, form, receive, kind=ImportBatch.Kind.WEEK)


def _form(request: Request, kind: type[F]) -> F:
    return kind(request.POST, request.FILES) if request.method == "POST" else kind()


def _upload(
    request: Request,
    form: UploadForm,
    receive: Receive,
    *,
    session: Session | None = None,
    kind: str = ImportBatch.Kind.PEOPLE,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            batch = receive(form.content(), form.cleaned_data["file"].name)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("import-detail", batch.pk)
    recent = imports.visible_to(request.actor).filter(kind=kind, session=session)[:8]
    context = {"form": form, "session": session, "kind": kind, "recent": recent}
    return show(request, "imports/upload.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """The dry run, row by row, filtered by what rows would do; how far a long one is."""
    batch = _batch(request, pk)
    context = _context(request, batch)
    return show(request, "imports/detail.html", context, fragment="imports/_import.html")


def _batch(request: Request, pk: int) -> ImportBatch:
    rows = imports.visible_to(request.actor).select_related("session", "job")
    return get_object_or_404(rows, pk=pk)


def _context(request: Request, batch: ImportBatch) -> dict[str, Any]:
    counts = imports.counts(batch)
    status = request.GET.get("status", "")
    rows = batch.rows.filter(status=status) if status in ImportRow.Status.values else batch.rows.all()
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    return _waiting(batch, counts) | {
        "batch": batch,
        "counts": counts,
        "total": sum(counts.values()),
        "tabs": [(value, label, counts[value]) for value, label in ImportRow.Status.choices],
        "status": status if status in ImportRow.Status.values else "",
        "page": page,
        "rows": shown(list(page.object_list)),
        "is_busy": batch.state in (ImportBatch.State.READING, ImportBatch.State.APPLYING)
        and not _failed(batch),
        "failure": batch.job.error if batch.job and _failed(batch) else "",
        "done": [(label, batch.result[name]) for name, label in DONE.items() if batch.result.get(name)],
    }


def _waiting(batch: ImportBatch, counts: dict[str, int]) -> dict[str, Any]:
    """How many rows wait for a word of the office, and how many have it."""
    decided = batch.rows.filter(status__in=("unclear", "wrong")).exclude(decision={}).count()
    return {"waiting": counts["unclear"] + counts["wrong"] - decided, "decided": decided}


def _failed(batch: ImportBatch) -> bool:
    return batch.job is not None and batch.job.state == Job.State.FAILED


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Keep a decision on one row; the row comes back with it."""
    batch = _batch(request, pk)
    answer = _answer(request)
    try:
        decisions.decide(batch=batch, decisions=[answer], by=request.actor)
    except decisions.BadValue as refusal:
        fields = ", ".join(str(FIELDS.get(name, name)) for name in refusal.fields)
        raise decisions.BadValue(f"{fields}: {refusal}") from refusal
    if not request.htmx:
        return redirect(request.POST.get("next") or reverse("import-detail", args=[batch.pk]))
    (row,) = shown(list(batch.rows.filter(line=answer["line"], sheet=answer["sheet"])))
    context = _waiting(batch, imports.counts(batch)) | {"batch": batch, "one": row, "is_saved": True}
    return render(request, "imports/_row.html", context)


def _answer(request: Request) -> dict[str, Any]:
    """The decision as `decisions.decide` takes it; mended cells alone mean: take the row."""
    data = request.POST
    deed, _colon, whom = data.get("choice", "").partition(":")
    answer: dict[str, Any] = {
        "line": data.get("line", ""),
        "sheet": data.get("sheet", ""),
        "do": deed or "take",
    }
    answer["values"] = {name: data[name] for name in FIELDS if data.get(name, "").strip()}
    answer["unit_id"] = data.get("unit_id", "")
    if deed == "person":
        answer["person_id"] = whom
    elif deed == "line":
        answer |= {"do": "person", "line_of": whom}
    return answer


@require_POST
def decide_all(request: Request, pk: int) -> HttpResponse:
    """The same decision for all rows of a status that wait for one."""
    batch, deed = _batch(request, pk), request.POST.get("do", "")
    rows = batch.rows.filter(status=request.POST.get("status", ""), decision={})
    answers = [{"line": row.line, "sheet": row.sheet, "do": deed} for row in rows]
    count = decisions.decide(batch=batch, decisions=answers, by=request.actor)
    words = ngettext("%(n)s row decided.", "%(n)s rows decided.", count) % {"n": count}
    messages.success(request, words)
    return redirect(f"{reverse('import-detail', args=[batch.pk])}?status={request.POST.get('status', '')}")


@require_POST
def apply(request: Request, pk: int) -> HttpResponse:
    """Write what is clear or decided; a very long list is written by the queue."""
    batch = _batch(request, pk)
    result = flow.start(batch=batch, by=request.actor)
    if result is not None:
        messages.success(request, _("Applied: %(new)s new, %(changed)s changed, %(left)s left.") % result)
    return redirect("import-detail", batch.pk)


@require_GET
def file(request: Request, pk: int) -> HttpResponse:
    """The uploaded file with two columns more: what became of each row, and why."""
    batch = _batch(request, pk)
    imports.must_handle(batch, request.actor)
    answer = HttpResponse(imports.marked_file(batch), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="import-{batch.pk}.xlsx"'
    return answer


DONE = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "same": gettext_lazy("unchanged"),
    "skipped": gettext_lazy("left out"),
    "delegates": gettext_lazy("on the list"),
    "excuses": gettext_lazy("ask to be excused"),
    "substitutes": gettext_lazy("substitutes asked for"),
    "items": gettext_lazy("for single items"),
    "diets": gettext_lazy("diets"),
    "left": gettext_lazy("still waiting"),
}
