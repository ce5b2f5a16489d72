"""The badge page of a session: print sheets, hand badges out, replace or cancel one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendees.models import Badge
from attendees.services import badges, sheets
from attendees.services.sheets import Wish
from attendees.views.frame import framed, session_for
from planner.access import Can
from planner.errors import DomainError
from planner.models import Session
from planner.pages import Request, blame, show
from planner.paper.shapes import Format

_END = "badges/_end.html"
_FORMATS = [
    (Format.A6, gettext_lazy("A6, four on a sheet")),
    (Format.A7, gettext_lazy("A7, eight on a sheet")),
    (Format.CARD_54X90, gettext_lazy("54 × 90 mm, ten on a sheet")),
    (Format.CR80, gettext_lazy("Plastic card 85.6 × 54 mm, ten on a sheet")),
]
_ORDERS = [
    ("delegation", gettext_lazy("By delegation, then name")),
    ("name", gettext_lazy("By name")),
    ("number", gettext_lazy("By number")),
]


class SheetForm(forms.Form):
    """How the sheet is wanted."""

    format = forms.ChoiceField(label=gettext_lazy("Size"), choices=_FORMATS, initial=Format.A6)
    order = forms.ChoiceField(label=gettext_lazy("Order"), choices=_ORDERS, initial="delegation")
    one_per_page = forms.BooleanField(
        label=gettext_lazy("One badge on a page of its own size"), required=False
    )
    with_backs = forms.BooleanField(label=gettext_lazy("Print the backs too"), required=False)

    def wish(self) -> Wish:
        """The wish the valid form expresses."""
        values = self.cleaned_data | {"format": Format(self.cleaned_data["format"])}
        return Wish(**values)


class ReasonForm(forms.Form):
    """Why a badge is replaced or cancelled."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


class HandOverForm(forms.Form):
    """Who takes a delegation's badges away."""

    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)
    to = forms.CharField(label=gettext_lazy("Handed to"), max_length=150)


@require_GET
def page(request: Request, session_pk: int) -> HttpResponse:
    """All badges of the session by delegation, and the form that prints them."""
    session = session_for(request, session_pk, Can.BADGE)
    context = framed(
        request, session, "badges", form=SheetForm(), groups=_groups(session), **_printing(session)
    )
    return show(request, "badges/sheet.html", context, fragment="badges/_printing.html")


@require_POST
def print_sheet(request: Request, session_pk: int) -> HttpResponse:
    """Ask for a sheet; the page shows how far it is."""
    session = session_for(request, session_pk, Can.BADGE)
    form = SheetForm(request.POST)
    if not form.is_valid():
        context = framed(request, session, "badges", form=form, groups=_groups(session), **_printing(session))
        return show(request, "badges/sheet.html", context, status=422)
    sheets.request(session=session, wish=form.wish(), by=request.actor)
    return redirect("badge-sheet", session.pk)


@require_GET
def download(request: Request, session_pk: int, format: str) -> HttpResponse:
    """A finished sheet as PDF."""
    session = session_for(request, session_pk, Can.BADGE)
    file = sheets.latest(session, Format(format)) if format in list(Format) else None
    if file is None:
        raise Http404
    response = HttpResponse(sheets.content_of(file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def replace(request: Request, session_pk: int, pk: int) -> HttpResponse:
    """Replace a lost badge: the old one is dead, the new one is printed next."""
    return _end(request, session_pk, pk, "replace")


@require_http_methods(["GET", "POST"])
def revoke(request: Request, session_pk: int, pk: int) -> HttpResponse:
    """Cancel a badge."""
    return _end(request, session_pk, pk, "revoke")


@require_POST
def hand_over(request: Request, session_pk: int) -> HttpResponse:
    """Note who took a delegation's badges away."""
    session = session_for(request, session_pk, Can.BADGE)
    form = HandOverForm(request.POST)
    if form.is_valid():
        rows = session.delegates.listed().filter(delegation=form.cleaned_data["unit"] or None)
        held = badges.held_in(session)
        theirs = [held[row.person_id] for row in rows if row.person_id in held]
        badges.hand_over(badges=theirs, session=session, to=form.cleaned_data["to"], by=request.actor)
        messages.success(request, _("The badges are noted as handed out."))
    return redirect("badge-sheet", session.pk)


def _end(request: Request, session_pk: int, pk: int, deed: str) -> HttpResponse:
    session = session_for(request, session_pk, Can.BADGE)
    badge = get_object_or_404(
        Badge.objects.select_related("person"), pk=pk, series__in=badges.series_of(session)
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            getattr(badges, deed)(
                badge=badge, session=session, reason=form.cleaned_data["reason"], by=request.actor
            )
            return redirect("badge-sheet", session.pk)
        except DomainError as refusal:
            blame(form, refusal)
    context = framed(request, session, "badges", form=form, badge=badge, deed=deed, dialog_template=_END)
    return show(request, "ui/dialog_page.html", context, fragment=_END, status=422 if form.errors else 200)


def _groups(session: Session) -> list[dict[str, Any]]:
    """Delegates with their badges, by delegation: issued, handed out, total."""
    held = badges.held_in(session)
    groups: dict[int | None, dict[str, Any]] = {}
    for row in session.delegates.listed().select_related("delegation").by_delegation():
        group = groups.setdefault(
            row.delegation_id, {"unit": row.delegation, "rows": [], "issued": 0, "handed": 0}
        )
        badge = held.get(row.person_id)
        is_valid = badge is not None and badge.state == Badge.State.ACTIVE
        group["issued"] += is_valid
        group["handed"] += bool(badge and badge.handed_at)
        code = badges.typed_of(badge) if badge and is_valid else ""
        group["rows"].append({"delegate": row, "badge": badge, "typed": f"{code[:4]} {code[4:]}".strip()})
    return list(groups.values())


def _printing(session: Session) -> dict[str, Any]:
    """The sheet being made, and those that are ready."""
    job = sheets.pending(session)
    ready = [(format, label, sheets.latest(session, format)) for format, label in _FORMATS]
    return {
        "job": job,
        "failed": sheets.last_failure(session),
        "ready": [(format, label, file) for format, label, file in ready if file],
        "warnings": sheets.check(session=session) if not job else [],
    }
