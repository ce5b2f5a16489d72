"""The doors of a session: rounds, devices, and badges that two doors let in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from attendees.models import Conflict, Device
from attendees.services import conflicts, devices, gates, rounds
from attendees.services.devices import Invited
from attendees.views.frame import framed, session_for
from planner.access import Can
from planner.errors import DomainError
from planner.models import Session
from planner.pages import Request, blame, show
from planner.paper import qr

_SILENT_SECONDS = 90


class DeviceForm(forms.Form):
    """Which gate, and what the device may do there."""

    gate = forms.CharField(label=gettext_lazy("Gate"), max_length=60, initial=gettext_lazy("Gate 1"))
    role = forms.ChoiceField(label=gettext_lazy("May"), choices=Device.Role.choices, initial=Device.Role.SCAN)
    name = forms.CharField(label=gettext_lazy("Whose device"), max_length=80, required=False)


class RoundForm(forms.Form):
    """A new round."""

    name = forms.CharField(label=gettext_lazy("Name of the round"), max_length=80, required=False)


@require_GET
def page(request: Request, session_pk: int) -> HttpResponse:
    """Rounds, devices and conflicts of the session."""
    session = session_for(request, session_pk, Can.BADGE)
    return show(request, "gates/list.html", _context(request, session), fragment="gates/_devices.html")


@require_POST
@sensitive_variables("invited")
def invite(request: Request, session_pk: int) -> HttpResponse:
    """A one-time code and its QR for a new device; shown once, kept nowhere."""
    session = session_for(request, session_pk, Can.BADGE)
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return show(request, "gates/list.html", _context(request, session, form=form), status=422)
    invited = devices.invite(session=session, **form.cleaned_data, by=request.actor)
    response = show(request, "gates/list.html", _context(request, session, invited=_shown(invited)))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: Request, session_pk: int, pk: int) -> HttpResponse:
    """Shut a device out."""
    session = session_for(request, session_pk, Can.BADGE)
    devices.revoke(
        device=get_object_or_404(session.devices.select_related("session"), pk=pk), by=request.actor
    )
    messages.success(request, _("The device is shut out."))
    return redirect("gate-list", session.pk)


@require_POST
def open_round(request: Request, session_pk: int) -> HttpResponse:
    """Begin a new round now; everybody is counted afresh."""
    session = session_for(request, session_pk, Can.SCAN)
    form = RoundForm(request.POST)
    if form.is_valid():
        try:
            row = rounds.open_next(session=session, name=form.cleaned_data["name"], by=request.actor)
            messages.success(request, _("Round %(number)d is open.") % {"number": row.number})
            return redirect("gate-list", session.pk)
        except DomainError as refusal:
            blame(form, refusal)
    return show(request, "gates/list.html", _context(request, session, round_form=form), status=422)


@require_POST
def resolve(request: Request, session_pk: int, pk: int) -> HttpResponse:
    """Say what was true of a badge that two doors let in."""
    session = session_for(request, session_pk, Can.RESOLVE_DOOR)
    conflict = get_object_or_404(Conflict.objects.select_related("session"), pk=pk, session=session)
    resolution = request.POST.get("resolution", "").strip()[:300]
    if resolution:
        conflicts.resolve(conflict=conflict, resolution=resolution, by=request.actor)
    return redirect("gate-list", session.pk)


def _context(request: Request, session: Session, **more: Any) -> dict[str, Any]:
    usual = {
        "form": DeviceForm(),
        "round_form": RoundForm(),
        "rounds": rounds.of(session),
        "now": timezone.now(),
        "devices": _devices(session),
        "gates": gates.of(session),
        "conflicts": conflicts.open_in(session),
    }
    return framed(request, session, "gates", **usual | more)


def _devices(session: Session) -> list[dict[str, Any]]:
    now = timezone.now()
    rows = session.devices.filter(revoked_at__isnull=True).select_related("gate").order_by("gate__name", "id")
    return [
        {"device": row, "state": _state(row, now)} for row in rows if row.paired_at or row.code_expires_at
    ]


def _state(row: Device, now: Any) -> str:
    """`invited` or `lapsed` before pairing; then `online` or `silent`."""
    if row.paired_at is None:
        return "invited" if row.code_expires_at and row.code_expires_at > now else "lapsed"
    is_recent = row.last_seen_at and (now - row.last_seen_at).total_seconds() < _SILENT_SECONDS
    return "online" if is_recent else "silent"


def _shown(invited: Invited) -> dict[str, Any]:
    """The code in two groups, and the address a phone's camera opens, as a QR."""
    address = f"{settings.BASE_URL}{reverse('door')}#pair={invited.code}"
    picture = qr.svg(qr.text_matrix(address))
    return {
        "device": invited.device,
        "code": f"{invited.code[:4]} {invited.code[4:]}",
        "expires_at": invited.expires_at,
        "qr": mark_safe(picture),  # noqa: S308 - made of numbers by planner.paper.qr
    }
