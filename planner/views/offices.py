"""The office's settings: its own row, kinds of session, quorums, terms, days off. Tables the administrator edits."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.access import Can, must
from planner.models import Holiday, KindProfile, Office, QuorumRule, SessionKind, Term
from planner.pages import Request, show
from planner.services import holidays, offices, profiles
from planner.views.office_forms import (
    HolidayForm,
    OfficeForm,
    ProfileForm,
    QuorumForm,
    TermForm,
    values_of,
)
from planner.views.steps import dialog, done, sent, tried


@require_http_methods(["GET", "POST"])
def settings_page(request: Request) -> HttpResponse:
    """The office as papers and mails name it."""
    must(request.actor, Can.ADMINISTER)
    row = offices.current() or Office(pk=1)
    # A ModelForm writes into its instance while it checks; the service compares with the stored row.
    form = OfficeForm(request.POST or None, instance=row)
    if sent(request, form) and tried(form, lambda: offices.change(values=values_of(form), by=request.actor)):
        return done(request, reverse("office-settings"), _("Saved."))
    status = 422 if form.errors else 200
    return show(request, "offices/settings.html", {"form": form, "tab": "office"}, status=status)


@require_GET
def kinds(request: Request) -> HttpResponse:
    """What each kind of session brings along."""
    must(request.actor, Can.ADMINISTER)
    context = {"rows": profiles.profiles_of(None), "tab": "kinds"}
    return show(request, "offices/kinds.html", context)


@require_http_methods(["GET", "POST"])
def kind(request: Request, kind: str) -> HttpResponse:
    """One kind's profile."""
    must(request.actor, Can.ADMINISTER)
    label = dict(SessionKind.choices).get(kind, "")
    row = KindProfile.objects.filter(kind=kind, body=None).first() or KindProfile(kind=kind)
    form = ProfileForm(request.POST or None, instance=row)
    if sent(request, form) and tried(form, lambda: _profile(request, kind, form)):
        return done(request, reverse("office-kinds"), _("Saved."))
    return _step(request, "offices/_kind.html", form, "office-kinds", title=str(label or kind))


def _profile(request: Request, kind: str, form: ProfileForm) -> KindProfile:
    stored = KindProfile.objects.filter(kind=kind, body=None).first() or KindProfile()
    return profiles.save(stored, values=values_of(form) | {"kind": kind}, by=request.actor)


@require_GET
def quorums(request: Request) -> HttpResponse:
    """The conditions of validity and of votes."""
    must(request.actor, Can.ADMINISTER)
    rows = QuorumRule.objects.select_related("body").order_by("purpose", "body__position", "kind", "id")
    return show(request, "offices/quorum.html", {"rows": rows, "tab": "quorum"})


@require_http_methods(["GET", "POST"])
def quorum(request: Request, pk: int | None = None) -> HttpResponse:
    """One condition."""
    must(request.actor, Can.ADMINISTER)
    form = QuorumForm(request.POST or None, instance=_row(QuorumRule, pk))
    if sent(request, form) and tried(
        form, lambda: _saved(profiles.save_quorum, QuorumRule, pk, form, request)
    ):
        return done(request, reverse("office-quorum"), _("Saved."))
    return _step(request, "offices/_quorum.html", form, "office-quorum", title=_("Quorum"))


@require_POST
def remove_quorum(request: Request, pk: int) -> HttpResponse:
    """A condition taken away."""
    profiles.remove_quorum(get_object_or_404(QuorumRule, pk=pk), by=request.actor)
    return done(request, reverse("office-quorum"), _("Removed."))


@require_GET
def terms(request: Request) -> HttpResponse:
    """Terms of office."""
    must(request.actor, Can.ADMINISTER)
    context = {"rows": Term.objects.all(), "today": timezone.localdate(), "tab": "terms"}
    return show(request, "offices/terms.html", context)


@require_http_methods(["GET", "POST"])
def term(request: Request, pk: int | None = None) -> HttpResponse:
    """One term."""
    must(request.actor, Can.ADMINISTER)
    form = TermForm(request.POST or None, instance=_row(Term, pk))
    if sent(request, form) and tried(form, lambda: _saved(offices.save_term, Term, pk, form, request)):
        return done(request, reverse("office-terms"), _("Saved."))
    return _step(request, "offices/_term.html", form, "office-terms", title=_("Term of office"))


@require_GET
def days_off(request: Request) -> HttpResponse:
    """Days off of a year, and weekend days worked in exchange."""
    must(request.actor, Can.ADMINISTER)
    year = _year(request)
    known = sorted({day.year for day in Holiday.objects.dates("on", "year")} | {year})
    rows = holidays.within(dt.date(year, 1, 1), dt.date(year, 12, 31)).values()
    context = {"rows": sorted(rows, key=lambda row: row.on), "year": year, "years": known, "tab": "holidays"}
    return show(request, "offices/holidays.html", context)


def _year(request: Request) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdigit() and 1900 < int(text) < 2200 else timezone.localdate().year


@require_http_methods(["GET", "POST"])
def day_off(request: Request, pk: int | None = None) -> HttpResponse:
    """One day."""
    must(request.actor, Can.ADMINISTER)
    form = HolidayForm(request.POST or None, instance=_row(Holiday, pk))
    if sent(request, form) and tried(form, lambda: _saved(holidays.save, Holiday, pk, form, request)):
        year = form.cleaned_data["on"].year
        return done(request, f"{reverse('office-holidays')}?year={year}", _("Saved."))
    return _step(request, "offices/_holiday.html", form, "office-holidays", title=_("Day off"))


@require_POST
def remove_day_off(request: Request, pk: int) -> HttpResponse:
    """A day taken from the table."""
    row = get_object_or_404(Holiday, pk=pk)
    holidays.remove(row, by=request.actor)
    return done(request, f"{reverse('office-holidays')}?year={row.on.year}", _("Removed."))


def _row(model: Any, pk: int | None) -> Any:
    return get_object_or_404(model, pk=pk) if pk else None


def _saved(save: Any, model: Any, pk: int | None, form: Any, request: Request) -> Any:
    """What the service wrote: into the row as stored, since the form has written into its own copy."""
    stored = model.objects.get(pk=pk) if pk else model()
    return save(stored, values=values_of(form), by=request.actor)


def _step(request: Request, template: str, form: Any, url_name: str, *, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse(url_name), "back_label": _("The office")}
    return dialog(request, template, context)
