"""A session's steps as dialogs: publish, move, cancel, close. Each says what will happen before it does."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from planner.access import Can, must
from planner.errors import DomainError
from planner.flow import cancel as flow_cancel
from planner.flow import clashes
from planner.flow import close as flow_close
from planner.flow import move as flow_move
from planner.flow import publish as flow_publish
from planner.flow.effects import Effects
from planner.models import Session
from planner.pages import Request, blame, show
from planner.spans import Span
from planner.views.step_forms import CancelForm, MoveForm, PublishForm, without_words


def _session(request: Request, pk: int, capability: Can) -> Session:
    session = get_object_or_404(Session.objects.visible_to(request.actor), pk=pk)
    must(request.actor, capability, on=session)
    return session


def _known_or_draft(request: Request, pk: int) -> Session:
    """A session others know of takes the right to publish; a draft the right to plan."""
    session = get_object_or_404(Session.objects.visible_to(request.actor), pk=pk)
    must(request.actor, Can.PUBLISH if session.published_at else Can.PLAN, on=session)
    return session


def _done(request: Request, session: Session, words: str) -> HttpResponse:
    """Back to the hub; htmx is told to go there, so that every card is fresh."""
    messages.success(request, words)
    address = reverse("session-hub", args=[session.pk])
    if not request.htmx:
        return HttpResponseRedirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _dialog(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The dialog's form for htmx, a page of its own otherwise."""
    context = context | {"dialog_template": template}
    return show(request, "ui/dialog_page.html", context, fragment=template, status=status)


def _try(form: forms.Form, step: Callable[[], Any]) -> Any:
    """What the step gives; None when it was refused, the refusal put on the form."""
    try:
        return step()
    except DomainError as refusal:
        blame(form, refusal)
        return None


@require_http_methods(["GET", "POST"])
def publish(request: Request, pk: int) -> HttpResponse:
    """Publish: the clashes first, then the deed."""
    session = _session(request, pk, Can.PUBLISH)
    form = PublishForm(request.POST or None)
    without_words(form, session, "override_reason")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["override_reason"]
        if _try(form, lambda: flow_publish.publish(session, override_reason=reason, by=request.actor)):
            return _done(request, session, _("Published. The list is frozen; the invitations can go out."))
    context = {"form": form, "session": session} | _standing_against(session)
    return _dialog(request, "sessions/_publish.html", context, 422 if form.errors else 200)


def _standing_against(session: Session) -> dict[str, Any]:
    """The clashes, and whether one blocks or asks for a reason."""
    found = clashes.told(session)
    levels = {row["level"] for row in found}
    return {"clashes": found, "is_blocked": "blocked" in levels, "needs_reason": "needs_reason" in levels}


@require_http_methods(["GET", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Move: what will happen is shown first; pressed again, it happens."""
    session = _known_or_draft(request, pk)
    form = MoveForm(request.POST or None, initial=_times(session))
    without_words(form, session, "override_reason")
    effects: Effects | None = None
    if request.method == "POST" and form.is_valid():
        wanted = _wanted(form)
        if "confirmed" in request.POST:
            outcome = _try(form, lambda: flow_move.move(session, by=request.actor, **wanted))
            if outcome:
                return _done(request, session, moved_words(outcome.effects))
        else:
            effects = _try(form, lambda: flow_move.preview(session, by=request.actor, **wanted))
    context = {"form": form, "session": session, "effects": effects}
    return _dialog(request, "sessions/_move.html", context, 422 if form.errors else 200)


def _times(session: Session) -> dict[str, Any]:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {"on": starts.date(), "starts": starts.time(), "ends": ends.time()}


def _wanted(form: MoveForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "span": Span(*form.moments()),
        "room": data["room"],
        "override_reason": data["override_reason"],
    }


def moved_words(effects: Effects) -> str:
    """What moving did, in one sentence."""
    mails = ngettext(
        "%d new invitation is on its way.", "%d new invitations are on their way.", effects.invitations
    )
    return _("Moved.") + " " + mails % effects.invitations


@require_http_methods(["GET", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel: how many are told, which rooms are freed; pressed again, it happens."""
    session = _known_or_draft(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _try(form, lambda: flow_cancel.cancel(session, reason=reason, by=request.actor)):
            return _done(request, session, _("Cancelled. Rooms are free again; everybody invited is told."))
    effects = _try(form, lambda: flow_cancel.preview(session, by=request.actor)) if not form.errors else None
    context = {"form": form, "session": session, "effects": effects}
    return _dialog(request, "sessions/_cancel.html", context, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def close(request: Request, pk: int) -> HttpResponse:
    """Close after the session: the ordinal becomes final."""
    session = _session(request, pk, Can.PUBLISH)
    form = forms.Form(request.POST or None)
    if request.method == "POST" and _try(form, lambda: flow_close.close(session, by=request.actor)):
        return _done(request, session, _("Closed. The ordinal is final and the report can be printed."))
    status = 422 if form.errors else 200
    return _dialog(request, "sessions/_close.html", {"form": form, "session": session}, status)
