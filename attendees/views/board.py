"""The live board of a session, the chair's big screen, frozen figures, and the roll-call from a list."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendees.models import Delegate, Device, Round, Scan, Snapshot
from attendees.services import attendance, conflicts, devices, marks, rounds, snapshots
from attendees.services.attendance import Figures
from attendees.services.marks import Mark
from attendees.views.frame import framed, session_for
from planner.access import Can
from planner.models import Session
from planner.pages import Request, show

_MOST_UNITS = 12


@require_GET
def page(request: Request, session_pk: int) -> HttpResponse:
    """The live board: polled every second, answered with nothing while nothing changed."""
    return _board(request, session_pk, "attendance/board.html", "attendance/_board.html")


@require_GET
def screen(request: Request, session_pk: int) -> HttpResponse:
    """The chair's screen: full page, big figures."""
    return _board(request, session_pk, "attendance/screen.html", "attendance/_screen.html")


@require_POST
def freeze(request: Request, session_pk: int) -> HttpResponse:
    """Keep the figures as they stand, under a name."""
    session = session_for(request, session_pk, Can.SCAN)
    current = attendance.figures(session).round
    row = snapshots.take(round=current, name=request.POST.get("name", "").strip()[:120], by=request.actor)
    return redirect("attendance-snapshot", session.pk, row.pk)


@require_GET
def snapshot(request: Request, session_pk: int, pk: int) -> HttpResponse:
    """Frozen figures as a minute to print."""
    session = session_for(request, session_pk)
    row = get_object_or_404(Snapshot.objects.select_related("round"), pk=pk, round__session=session)
    context = framed(request, session, "board", snapshot=row, figures=row.figures)
    return show(request, "attendance/snapshot.html", context)


@require_http_methods(["GET", "POST"])
def roll_call(request: Request, session_pk: int) -> HttpResponse:
    """Mark delegates present, absent or excused from a list, one by one or a whole delegation."""
    session = session_for(request, session_pk, Can.RESOLVE_DOOR)
    if request.method == "POST":
        changed = marks.call(session=session, marks=_marks(request, session), by=request.actor)
        messages.success(
            request, ngettext("%(n)d delegate changed.", "%(n)d delegates changed.", changed) % {"n": changed}
        )
        return redirect("attendance-roll-call", session.pk)
    figures, seated = attendance.figures(session), marks.seated_from_before(session)
    context = framed(request, session, "board", figures=figures, groups=_groups(figures), seated=seated)
    return show(request, "attendance/roll_call.html", context)


def _board(request: Request, session_pk: int, whole: str, part: str) -> HttpResponse:
    session = session_for(request, session_pk)
    seen = _etag(session, request)
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    if request.headers.get("If-None-Match") == quote_etag(seen):
        return HttpResponse(status=304)
    response = show(request, whole, _context(request, session, seen), fragment=part)
    response["ETag"], response["Cache-Control"] = quote_etag(seen), "private, no-cache"
    return response


def _etag(session: Session, request: Request) -> str:
    """What the board's content follows from, in four cheap queries and without reading any of it."""
    scans = Scan.objects.filter(session=session).aggregate(last=Max("id"))
    replies = session.delegates.aggregate(
        n=Count("id"), last=Max("replies__id"), removed=Max("removed_at"), moved=Sum("position")
    )
    now = timezone.now()
    hours = [(one.round.pk, one.closes_at, one.opens_at <= now) for one in rounds.of(session)]
    held = Device.objects.filter(session=session).aggregate(n=Sum("pending_count"))
    settled = session.conflicts.filter(resolved_at__isnull=False).count()
    frozen = Snapshot.objects.filter(round__session=session).count()
    parts = (
        scans,
        replies,
        hours,
        held,
        settled,
        frozen,
        session.version,
        request.LANGUAGE_CODE,
        request.GET.get("round"),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _context(request: Request, session: Session, seen: str) -> dict[str, Any]:
    wanted = request.GET.get("round", "")
    chosen: Round | None = (
        session.rounds.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdecimal() else None
    )
    figures = attendance.figures(session, round=chosen)
    came = figures.total.ever_present
    return framed(
        request,
        session,
        "board",
        figures=figures,
        rounds=rounds.of(session),
        seen=seen,
        units=figures.by_unit[:_MOST_UNITS],
        unsent=devices.with_unsent(session),
        open_conflicts=len(conflicts.open_in(session)),
        gone=came - figures.total.present_now,
        arrivals=[(at.strftime("%H:%M"), count) for at, count in figures.arrivals],
        gates=sorted(figures.by_gate.items()),
        snapshots=Snapshot.objects.filter(round__session=session).select_related("round")[:6],
    )


def _groups(figures: Figures) -> list[dict[str, Any]]:
    """Everybody by delegation, as the list is called over."""
    groups: dict[int | None, dict[str, Any]] = {}
    for one in figures.presences:
        unit = one.delegate.delegation
        group = groups.setdefault(one.delegate.delegation_id, {"unit": unit, "rows": [], "inside": 0})
        group["rows"].append(one)
        group["inside"] += one.is_inside
    return list(groups.values())


def _marks(request: Request, session: Session) -> list[Mark]:
    """Those ticked in the state of the button pressed; a delegation's own button ticks all of it."""
    state = request.POST.get("state", "")
    rows = Delegate.objects.listed().filter(session=session)
    if unit := request.POST.get("unit"):
        rows = rows.filter(delegation=int(unit) if unit.isdecimal() else None)
    elif state == "seated":
        ids = [row.pk for row in marks.seated_from_before(session)]
        rows, state = rows.filter(pk__in=ids), marks.PRESENT
    else:
        rows = rows.filter(pk__in=[pk for pk in request.POST.getlist("delegate") if pk.isdecimal()])
    by_whom = request.POST.get("by_whom", "").strip()[:150]
    return [Mark(row, state, by_whom) for row in rows] if state in marks.STATES else []
