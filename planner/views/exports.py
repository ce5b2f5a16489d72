"""Spreadsheets of the directory to take away."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from planner.access import Can, must
from planner.models import Person
from planner.pages import Request
from planner.services import exports

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def people(request: Request) -> HttpResponse:
    """The whole directory, by precedence, as a file that can be imported again; the log keeps who took it."""
    must(request.actor, Can.EXPORT)
    rows = Person.objects.visible_to(request.actor).by_precedence()
    answer = HttpResponse(exports.people(rows, by=request.actor), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="danh-ba-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return answer
