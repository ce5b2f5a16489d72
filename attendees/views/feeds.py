"""/c/<token>.ics: a calendar to subscribe to; the token alone opens it, and whatever else is sent is ignored."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from attendees.itip.feed import CONTENT_TYPE
from attendees.models import FeedToken
from attendees.services import feeds
from planner.access import Can, must
from planner.models import Body
from planner.pages import Request, origin_of, show
from planner.services import limits
from rooms.models import Room

_WRONG, _READS, _SPAN_SECONDS = 30, 120, 600


@login_not_required
@require_safe
def calendar(request: Request, token: str) -> HttpResponse:
    """The feed, or 304 when it says what it said; 404 for a wrong or revoked token, 429 for too many tries."""
    feed = feeds.find(token)
    if feed is None:
        if limits.take("feed", origin_of(request), most=_WRONG, seconds=_SPAN_SECONDS):
            raise Http404
        return _too_often()
    state = feeds.look(feed)
    if same := get_conditional_response(request, state.etag, int(state.changed_at.timestamp())):
        return _marked(same, state)
    if not limits.take("feed", token, most=_READS, seconds=_SPAN_SECONDS):  # only what costs is counted
        return _too_often()
    return _marked(HttpResponse(state.octets(), content_type=CONTENT_TYPE), state)


def _too_often() -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(_SPAN_SECONDS)})


def _marked(response: HttpResponse, state: feeds.State) -> HttpResponse:
    response["ETag"], response["Last-Modified"] = state.etag, http_date(state.changed_at.timestamp())
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Disposition"] = 'inline; filename="lich-hop.ics"'
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_GET
def index(request: Request) -> HttpResponse:
    """The feeds handed out so far: of what, read last when; and new ones for bodies, rooms and the office."""
    must(request.actor, Can.PLAN)
    rows = FeedToken.objects.visible_to(request.actor).live().select_related("person", "body", "room")
    context = {
        "rows": [(row, feeds.address(row)) for row in rows.order_by("kind", "id")[:500]],
        "bodies": Body.objects.order_by("name"),
        "rooms": Room.objects.order_by("name"),
    }
    return show(request, "feeds/list.html", context)


@require_POST
def make(request: Request) -> HttpResponse:
    """A feed of a body, a room or the office."""
    kind, _colon, pk = request.POST.get("of", "").partition(":")
    body = get_object_or_404(Body, pk=int(pk)) if kind == "body" and pk.isdecimal() else None
    room = get_object_or_404(Room, pk=int(pk)) if kind == "room" and pk.isdecimal() else None
    feeds.create(kind=kind, body=body, room=room, by=request.actor)
    messages.success(request, _("The feed is ready: copy its address."))
    return redirect("feed-list")


@require_POST
def rotate(request: Request, pk: int) -> HttpResponse:
    """A new address; the old one is dead."""
    row = get_object_or_404(FeedToken.objects.visible_to(request.actor), pk=pk)
    feeds.rotate(feed=row, by=request.actor)
    messages.success(request, _("The feed has a new address; the old one no longer works."))
    return redirect("feed-list")


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """The end of a feed."""
    row = get_object_or_404(FeedToken.objects.visible_to(request.actor), pk=pk)
    feeds.revoke(feed=row, by=request.actor)
    messages.success(request, _("The feed is revoked."))
    return redirect("feed-list")
