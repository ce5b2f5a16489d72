"""Home and search."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from planner.flow import home as flow_home
from planner.flow import search as flow_search
from planner.pages import Request, show


@require_GET
def home(request: Request) -> HttpResponse:
    """What is on, what is next, what needs somebody."""
    return show(
        request, "home/home.html", {"home": flow_home.of(by=request.actor)}, fragment="home/_day.html"
    )


# Which page of a session settles a matter.
SETTLED_AT = {
    "asks_excuse": "delegate-list",
    "asks_substitute": "delegate-list",
    "silent": "delegate-list",
    "unsent": "invitation-panel",
    "failed_mails": "invitation-panel",
    "no_agenda": "session-agenda",
}
SHOWING = {
    "asks_excuse": "?reply=asks_excuse",
    "asks_substitute": "?reply=asks_substitute",
    "silent": "?reply=none",
}


@require_GET
def todo(request: Request, code: str) -> HttpResponse:
    """The sessions behind one line of "needs you"."""
    if code not in flow_home.MATTERS:
        raise Http404
    rows = [
        {"session": session, "count": count, "href": _settled_at(code, session.pk)}
        for session, count in flow_home.sessions_with(code, by=request.actor)
    ]
    return show(request, "home/todo.html", {"rows": rows, "todo": {"code": code}})


def _settled_at(code: str, pk: int) -> str:
    return reverse(SETTLED_AT.get(code, "session-hub"), args=[pk]) + SHOWING.get(code, "")


@require_GET
def search(request: Request) -> HttpResponse:
    """People, sessions and rooms by words without accents."""
    words = request.GET.get("q", "")[:100]
    found = flow_search.everywhere(words, by=request.actor)
    return show(request, "search/page.html", {"found": found, "words": words}, fragment="search/_found.html")
