"""The sending page of a session: what goes out, a look at the exact mail, progress, pause and resume."""

from email import policy
from email.parser import BytesParser
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from attendees.models import Delegate, Invitation
from attendees.services import invitations
from planner.access import Can, must
from planner.models import Message, Session
from planner.pages import Request, show
from planner.services import outbox

HEADERS = (
    ("From", gettext_lazy("From whom")),
    ("To", gettext_lazy("To")),
    ("Subject", gettext_lazy("Subject")),
    ("Date", gettext_lazy("Day and hour")),
)


@require_GET
def panel(request: Request, session_pk: int) -> HttpResponse:
    """Who gets what, and how far the sending is."""
    session = _session(request, session_pk)
    rights = {
        f"can_{can.value}": request.actor.can(can, session)
        for can in (Can.INVITE, Can.PLAN, Can.PUBLISH, Can.RECORD_REPLY)
    }
    context = {"session": session, "tab": "invitations", **_sums(session), **rights}
    return show(request, "invitations/panel.html", context, fragment="invitations/_progress.html")


def _sums(session: Session) -> dict[str, Any]:
    """How many are on the list, how many lack an invitation or an address, and the latest mails."""
    listed = session.delegates.listed()
    return {
        "total": listed.count(),
        "unsent": listed.exclude(invitation__state=Invitation.State.INVITED).count(),
        "without_address": listed.filter(person__email="").count(),
        "progress": progress(session),
        "mails": Message.objects.filter(session_id=session.pk).order_by("-id")[:50],
    }


def progress(session: Session) -> dict[str, int]:
    """How many mails of the session wait, left, failed or are paused, and all of those together."""
    counted = Message.objects.filter(session_id=session.pk).exclude(state=Message.State.MERGED)
    by_state = dict(counted.values_list("state").annotate(n=Count("id")))
    wanted = {state: by_state.get(state, 0) for state in ("queued", "sent", "failed", "paused")}
    return wanted | {"total": sum(wanted.values())}


def _session(request: Request, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.actor).with_list_columns(), pk=pk)


@require_POST
def send(request: Request, session_pk: int) -> HttpResponse:
    """Send to everybody on the list who has no invitation yet."""
    session = _session(request, session_pk)
    count = invitations.send(session=session, by=request.actor)
    words = ngettext("%d invitation is on its way.", "%d invitations are on their way.", count)
    messages.success(request, words % count)
    return redirect("invitation-panel", session.pk)


@require_GET
def preview(request: Request, session_pk: int) -> HttpResponse:
    """The exact mail one delegate would get, taken apart for reading."""
    session = _session(request, session_pk)
    must(request.actor, Can.INVITE, on=session)
    delegate = _delegate(request, session)
    context = {
        "session": session,
        "delegate": delegate,
        "people": session.delegates.listed().in_order()[:200],
    }
    octets = invitations.preview(delegate=delegate, by=request.actor)
    return show(request, "invitations/preview.html", context | _taken_apart(octets))


def _taken_apart(octets: bytes) -> dict[str, Any]:
    """A mail's headers, plain text and calendar part."""
    mail = BytesParser(policy=policy.default).parsebytes(octets)
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    return {
        "headers": [(words, mail[name]) for name, words in HEADERS],
        "plain": parts.get("text/plain", ""),
        "calendar": parts.get("text/calendar", ""),
    }


def _delegate(request: Request, session: Session) -> Delegate:
    listed = session.delegates.listed().in_order()
    wanted = request.GET.get("delegate", "")
    found = listed.filter(pk=wanted).first() if wanted.isdigit() else listed.first()
    return found or get_object_or_404(Delegate, pk=0)


@require_POST
def pause(request: Request, session_pk: int) -> HttpResponse:
    """Hold back what has not left."""
    session = _session(request, session_pk)
    outbox.pause(session=session, by=request.actor)
    messages.success(request, _("Sending is paused."))
    return redirect("invitation-panel", session.pk)


@require_POST
def resume(request: Request, session_pk: int) -> HttpResponse:
    """Let it go on."""
    session = _session(request, session_pk)
    outbox.resume(session=session, by=request.actor)
    messages.success(request, _("Sending goes on."))
    return redirect("invitation-panel", session.pk)
