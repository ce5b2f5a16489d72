"""Choosing a room and a video connection for a session."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from planner.access import Can, must
from planner.errors import DomainError
from planner.flow import hold as flow_hold
from planner.models import Session
from planner.pages import Request, blame, forget_words, show
from rooms.models import Booking, Connection, Layout, Room
from rooms.services import availability, bookings, calls

CHOOSE = gettext_lazy("– choose –")


class LayoutChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A layout with its room, for every room has a “U shape”."""

    def label_from_instance(self, obj: Any) -> str:
        """The room and how it is set up there."""
        return f"{obj.room.name}: {obj}"


class HoldForm(forms.Form):
    """The room, how it is set up, what for, and a reason where one is needed."""

    room = forms.ModelChoiceField(
        queryset=Room.objects.filter(is_active=True), empty_label=CHOOSE, label=gettext_lazy("Room")
    )
    layout = LayoutChoice(
        queryset=Layout.objects.filter(room__is_active=True).select_related("room"),
        required=False,
        empty_label=gettext_lazy("the room's usual"),
        label=gettext_lazy("Layout"),
    )
    role = forms.ChoiceField(
        choices=Booking.Role.choices, label=gettext_lazy("Use"), initial=Booking.Role.MAIN
    )
    reason = forms.CharField(
        max_length=300, required=False, label=gettext_lazy("Reason, if something needs one")
    )


def _session(request: Request, pk: int) -> Session:
    session = get_object_or_404(Session.objects.visible_to(request.actor), pk=pk)
    must(request.actor, Can.BOOK, on=session)
    return session


@require_http_methods(["GET", "POST"])
def hold(request: Request, session_pk: int) -> HttpResponse:
    """Free rooms first, with why the others are not; one press holds."""
    session, form = _session(request, session_pk), HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            flow_hold.hold(session, by=request.actor, **form.cleaned_data)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("%(room)s is held.") % {"room": form.cleaned_data["room"].name})
            return redirect("session-hub", session.pk)
    context = {"form": forget_words(form, session.is_secret)} | _choices(request, session)
    return show(request, "bookings/hold.html", context, status=422 if form.errors else 200)


def _choices(request: Request, session: Session) -> dict[str, Any]:
    """What is held now, and every room with what stands against it."""
    held = list(_held(session))
    rooms = {row.room_id for row in held}
    choices = [choice for choice in _rooms(request, session) if choice.room.pk not in rooms]
    return {"session": session, "choices": choices, "held": held}


def _rooms(request: Request, session: Session) -> list[availability.Availability]:
    seats = session.delegates.listed().count()
    return availability.rooms_for(
        session.span, seats=seats, needs_secret=session.is_secret, besides=session, by=request.actor
    )


def _held(session: Session) -> Any:
    return Booking.objects.live().filter(session=session).select_related("room", "layout")


@require_POST
def release(request: Request, pk: int) -> HttpResponse:
    """Let a room go."""
    booking = get_object_or_404(
        Booking.objects.live().filter(session__in=Session.objects.visible_to(request.actor)), pk=pk
    )
    bookings.release(booking=booking, by=request.actor)
    messages.success(request, _("%(room)s is free again.") % {"room": booking.room.name})
    return redirect("booking-hold", booking.session_id)


class CallForm(forms.Form):
    """The connection, and the session's own link when it has one."""

    connection = forms.ModelChoiceField(
        queryset=Connection.objects.filter(is_active=True),
        empty_label=CHOOSE,
        label=gettext_lazy("Connection"),
    )
    link = forms.URLField(
        max_length=500,
        required=False,
        assume_scheme="https",
        label=gettext_lazy("Link of this session, when it is not the usual one"),
    )


@require_http_methods(["GET", "POST"])
def arrange_call(request: Request, session_pk: int) -> HttpResponse:
    """Choose the connection; delegates only ever see our own link."""
    session = _session(request, session_pk)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calls.arrange(session=session, by=request.actor, **form.cleaned_data)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The video link is ready."))
            return redirect("session-hub", session.pk)
    context = {"session": session, "form": form}
    return show(request, "calls/arrange.html", context, status=422 if form.errors else 200)
