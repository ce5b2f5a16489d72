"""The attendance report of a session: on screen, and as XLSX, PDF or CSV."""

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from attendees.services import reports
from attendees.views.frame import framed, session_for
from planner.access import Can
from planner.pages import Request, show


@require_GET
def page(request: Request, session_pk: int) -> HttpResponse:
    """Who came, who was excused, who was late or left early, by delegation."""
    session = session_for(request, session_pk, Can.REPORT)
    report = reports.read(session=session, by=request.actor)
    context = framed(
        request,
        session,
        "report",
        report=report,
        summary=reports.summary(report.figures.total),
        quorum=[reports.quorum_words(one) for one in report.figures.quorum],
    )
    return show(request, "attendance/report.html", context)


@require_GET
def download(request: Request, session_pk: int, format: str) -> HttpResponse:
    """The report as a file; who took it away is logged."""
    session = session_for(request, session_pk, Can.REPORT)
    if format not in reports.CONTENT_TYPES:
        raise Http404
    content = reports.export(session=session, format=format, by=request.actor)
    name = slugify(session.public_name)[:60] or "session"
    response = HttpResponse(content, content_type=reports.CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="attendance-{session.pk}-{name}.{format}"'
    response["Cache-Control"] = "no-store"
    return response
