"""/j/<token>/: our own join link. It never breaks; what lies behind it may change."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from planner.pages import Request
from rooms.services import calls


@login_not_required
@never_cache
@require_safe
def join(request: Request, token: str) -> HttpResponse:
    """Off to the meeting while it is open; before, the time; after, that it is over."""
    doorway = calls.doorway(token)
    if doorway is None:
        raise Http404
    if doorway.state == "open" and "go" in request.GET:
        response: HttpResponse = HttpResponseRedirect(doorway.link)
    else:
        response = render(request, "calls/join.html", {"doorway": doorway, "session": doorway.session})
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
