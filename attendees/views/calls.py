"""The call sheet of a session: whom to ring up after a change, ticked one by one, printable."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from attendees.models import Delegate
from attendees.services import call_sheets
from attendees.views.frame import framed, session_for
from planner.access import Can
from planner.pages import Request, show


@require_GET
def page(request: Request, session_pk: int) -> HttpResponse:
    """Exactly the people whom the last change concerns."""
    session = session_for(request, session_pk, Can.RECORD_REPLY)
    context = framed(request, session, "invitations", sheet=call_sheets.sheet(session))
    return show(request, "calls/sheet.html", context, fragment="calls/_sheet.html")


@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """This one was told; or, sent again with `undo`, was not."""
    delegate = get_object_or_404(Delegate.objects.visible_to(request.actor).select_related("session"), pk=pk)
    version = call_sheets.sheet(delegate.session).version
    mark = call_sheets.untick if request.POST.get("undo") else call_sheets.tick
    mark(delegate=delegate, version=version, by=request.actor)
    return redirect("call-sheet", delegate.session_id)
