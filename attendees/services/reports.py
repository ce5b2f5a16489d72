"""Attendance reports: the same rows as XLSX, PDF and CSV; every export is logged."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from attendees.models import Delegate, Reply
from attendees.services import attendance
from attendees.services.attendance import Condition, Figures, Presence, Tally
from attendees.services.sheets import category_of
from planner.access import Actor, Can, must
from planner.models import Session
from planner.paper import pdf, xlsx
from planner.paper.xlsx import Column, Table
from planner.services import audit, offices
from planner.vietnamese import date_short, full_date_words, time_short

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One delegate in the report."""

    number: int
    name: str
    post: str
    unit: str
    category: str
    state: str
    came: str
    gate: str
    left: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Report:
    """What every format shows: figures, conditions of quorum, delegates by delegation."""

    session: Session
    figures: Figures
    lines: list[Line]


def read(*, session: Session, by: Actor) -> Report:
    """The report as it stands now. Raises NotAllowed."""
    must(by, Can.REPORT, on=session)
    figures = attendance.figures(session)
    reasons = _reasons(session)
    lines = [_line(number, one, reasons) for number, one in enumerate(figures.presences, start=1)]
    return Report(session, figures, lines)


@transaction.atomic
def export(*, session: Session, format: str, by: Actor) -> bytes:
    """The report as a file in the office's language; logged. Raises NotAllowed; KeyError for another format."""
    makers = {"xlsx": _xlsx, "pdf": _pdf, "csv": _csv}
    office = offices.current()
    with translation.override(office.language if office else translation.get_language()):
        report = read(session=session, by=by)
        content = makers[format](report)
    audit.record(
        "attendance.exported", on=session, by=by, after={"format": format, "rows": len(report.lines)}
    )
    return content


def summary(tally: Tally) -> list[tuple[str, int]]:
    """The figures with their words, in the order in which they are read out."""
    return [
        (_("Summoned"), tally.summoned),
        (_("Came"), tally.ever_present),
        (_("Present now"), tally.present_now),
        (_("Excused"), tally.excused),
        (_("Substituted"), tally.substituted),
        (_("Absent without word"), tally.absent),
        (_("Late"), tally.late),
        (_("Left early"), tally.left_early),
    ]


def quorum_words(one: Condition) -> str:
    """A condition of validity as a sentence."""
    said = {"needed": one.needed, "base": one.base, "have": one.have}
    if one.met:
        return _("Needed %(needed)d of %(base)d; %(have)d are there: enough.") % said
    return _("Needed %(needed)d of %(base)d; %(have)d are there: %(missing)d short.") % (
        said | {"missing": one.missing}
    )


def _line(number: int, one: Presence, reasons: dict[int, str]) -> Line:
    row = one.delegate
    return Line(
        number=number,
        name=row.printed_name,
        post=row.printed_post,
        unit=str(row.delegation or ""),
        category=category_of(row),
        state=_state(one),
        came=_hour(one.came_at),
        gate=one.came_by,
        left=_hour(one.left_at),
        remarks="; ".join(_remarks(one, reasons)),
    )


def _state(one: Presence) -> str:
    if one.state == "present":
        return str(_("present"))
    if one.state == "excused":
        return str(_("excused"))
    return str(_("substituted")) if one.state == "substituted" else str(_("absent"))


def _remarks(one: Presence, reasons: dict[int, str]) -> list[str]:
    remarks = []
    if one.is_late:
        remarks.append(_("late"))
    if one.left_early:
        remarks.append(_("left early"))
    if one.is_provisional:
        remarks.append(_("walked in"))
    if one.state == "excused" and (reason := reasons.get(one.delegate.pk)):
        remarks.append(reason)
    return remarks


def _reasons(session: Session) -> dict[int, str]:
    """Why delegates asked to be excused, or who excused them; the latest word of each. Nothing of a secret session."""
    if session.is_secret:
        return {}
    rows = Reply.objects.filter(
        delegate__session=session, delegate__reply=Delegate.Reply.EXCUSED, is_stale=False
    ).order_by("at", "id")
    reasons: dict[int, str] = {}
    for row in rows:
        if words := row.reason or row.by_whom:
            reasons[row.delegate_id] = words
    return reasons


def _hour(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M}" if at else ""


def _heads() -> list[Column]:
    return [
        Column(str(_("No.")), 6, align="center"),
        Column(str(_("Full name")), 26),
        Column(str(_("Post")), 40),
        Column(str(_("Category")), 16),
        Column(str(_("Attendance")), 14, align="center"),
        Column(str(_("Came at")), 10, align="center"),
        Column(str(_("Gate")), 12, align="center"),
        Column(str(_("Left at")), 10, align="center"),
        Column(str(_("Remarks")), 30),
    ]


def _cells(line: Line) -> tuple[Any, ...]:
    return (
        line.number,
        line.name,
        line.post,
        line.category,
        line.state,
        line.came,
        line.gate,
        line.left,
        line.remarks,
    )


def _xlsx(report: Report) -> bytes:
    rows: list[tuple[Any, ...]] = []
    unit = None
    for line in report.lines:
        if line.unit != unit:
            unit = line.unit
            rows.append((unit or str(_("Without a delegation")),))
        rows.append(_cells(line))
    names = Table(
        columns=_heads(),
        rows=rows,
        name=str(_("Attendance")),
        titles=_titles(report),
        footers=_quorum(report),
    )
    units = Table(
        columns=[
            Column(str(_("Delegation")), 40),
            *(Column(word, 12, align="center") for word, _n in _sums()),
        ],
        rows=[
            (row.unit or str(_("Without a delegation")), *(count for _word, count in summary(row.tally)))
            for row in report.figures.by_unit
        ],
        name=str(_("By delegation")),
        titles=_titles(report),
    )
    return xlsx.workbook(names, units)


def _csv(report: Report) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.label for column in _heads()] + [str(_("Delegation"))])
    writer.writerows([_harmless(cell) for cell in (*_cells(line), line.unit)] for line in report.lines)
    return ("\ufeff" + text.getvalue()).encode()


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, kept a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _pdf(report: Report) -> bytes:
    session, office = report.session, offices.current()
    data = {
        "issuer": (office.parent_name or office.name) if office else "",
        "office": office.name if office and office.parent_name else "",
        "heading": _("ATTENDANCE REPORT"),
        "title": session.public_name,
        "when": _when(session),
        "summary": [[word, count] for word, count in summary(report.figures.total)],
        "guests": [_("Guests present"), report.figures.guests.ever_present],
        "quorum": _quorum(report),
        "units": {
            "heads": [_("Delegation"), _("Summoned"), _("Came"), _("Excused"), _("Absent")],
            "rows": [
                [row.unit, row.tally.summoned, row.tally.ever_present, row.tally.excused, row.tally.absent]
                for row in report.figures.by_unit
            ],
        },
        "heads": [_("No."), _("Full name, post"), _("Attendance"), _("Came at"), _("Left at"), _("Remarks")],
        "lines": [
            {
                name: getattr(line, name)
                for name in ("number", "name", "post", "unit", "state", "came", "left", "remarks")
            }
            for line in report.lines
        ],
        "nobody": _("Without a delegation"),
        "made": _("Made at %(time)s on %(day)s from the scans at the doors.")
        % {"time": _hour(report.figures.at), "day": date_short(timezone.localdate(report.figures.at))},
    }
    return pdf.render("attendance", data)


def _titles(report: Report) -> list[str]:
    return [str(_("ATTENDANCE REPORT")), report.session.public_name, _when(report.session)]


def _quorum(report: Report) -> list[str]:
    return [quorum_words(one) for one in report.figures.quorum]


def _when(session: Session) -> str:
    starts = timezone.localtime(session.starts_at)
    return f"{time_short(starts.time())}, {full_date_words(starts.date())}"


def _sums() -> list[tuple[str, int]]:
    return summary(Tally())
