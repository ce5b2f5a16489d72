"""Pages of bodies: who sits in them, when they meet, under which rules."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.access import Can, must
from planner.models import Body, Membership, QuorumRule, Session, SessionKind, StandingRule, held_on
from planner.pages import Request, show
from planner.services import bodies, plans, rhythms, titles
from planner.vietnamese import Unreadable, parse_date
from planner.views.body_forms import (
    BODY_FIELDS,
    BodyForm,
    RhythmForm,
    SeatForm,
    first_rhythm,
    initial_of_rhythm,
)
from planner.views.people_forms import EndForm
from planner.views.steps import dialog, done, sent, tried
from rooms.models import Room

_SESSIONS_SHOWN = 8


@require_GET
def index(request: Request) -> HttpResponse:
    """The bodies of the office with their size and next session."""
    must(request.actor, Can.READ)
    today, now = timezone.localdate(), timezone.now()
    seated = Count("memberships", filter=Q(memberships__in=Membership.objects.filter(held_on(today))))
    rows = list(Body.objects.annotate(size=seated).prefetch_related("standing_rules"))
    coming = Session.objects.visible_to(request.actor).live().filter(starts_at__gte=now, body__isnull=False)
    following: dict[int | None, Session] = {}
    for session in coming.order_by("-starts_at").only("body", "starts_at", "title", "secrecy", "code_name"):
        following[session.body_id] = session
    context = {
        "rows": [(body, following.get(body.pk), _rhythm_words(body)) for body in rows],
        "can_edit": request.actor.can(Can.EDIT_PEOPLE),
        "term": plans.term_on(today),
    }
    return show(request, "bodies/list.html", context)


def _rhythm_words(body: Body) -> list[tuple[StandingRule, str]]:
    return [(rule, rhythms.words(rule.rrule)) for rule in body.standing_rules.all() if rule.is_active]


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """A body on a day: members by precedence, sessions, rhythm, rules."""
    must(request.actor, Can.READ)
    body = get_object_or_404(Body.objects.prefetch_related("standing_rules"), pk=pk)
    context = {
        "body": body,
        "rhythm": _rhythm_words(body),
        "rooms": dict(Room.objects.values_list("pk", "name")),
        "rules": _rules(body),
        "can_edit": request.actor.can(Can.EDIT_PEOPLE, body),
        "can_plan": request.actor.can(Can.PLAN, body),
    }
    context |= _members(body, _day(request)) | _sessions(request, body)
    return show(request, "bodies/detail.html", context, fragment="bodies/_members.html")


def _members(body: Body, on: dt.date) -> dict[str, Any]:
    """Who sits there on the day, each with what letters print."""
    seats = bodies.members(body, on)
    return {
        "on": on,
        "is_today": on == timezone.localdate(),
        "term": plans.term_on(on),
        "members": [(seat, titles.printed(seat.person.appointments.all(), on)) for seat in seats],
    }


def _day(request: Request) -> dt.date:
    try:
        return parse_date(request.GET.get("on", ""), near=timezone.localdate())
    except Unreadable:
        return timezone.localdate()


def _sessions(request: Request, body: Body) -> dict[str, Any]:
    now = timezone.now()
    rows = Session.objects.visible_to(request.actor).live().filter(body=body)
    return {
        "coming": rows.filter(ends_at__gte=now).order_by("starts_at")[:_SESSIONS_SHOWN],
        "past": rows.filter(ends_at__lt=now).order_by("-starts_at")[:_SESSIONS_SHOWN],
    }


def _rules(body: Body) -> list[tuple[Any, QuorumRule]]:
    """What makes a regular session of the body valid and a resolution pass."""
    regular = SessionKind.REGULAR
    return [
        (label, rule)
        for purpose, label in QuorumRule.Purpose.choices
        for rule in bodies.quorum_rules(body, regular, purpose)
    ]


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int | None = None) -> HttpResponse:
    """A body, new or changed."""
    body = get_object_or_404(Body, pk=pk) if pk else Body()
    must(request.actor, Can.EDIT_PEOPLE, on=body if pk else None)
    initial = {name: getattr(body, name) for name in BODY_FIELDS} if pk else None
    form = BodyForm(request.POST or None, initial=initial)
    if sent(request, form) and (saved := tried(form, lambda: _saved(request, body, form))):
        return done(request, reverse("body-detail", args=[saved.pk]), _("Saved."))
    back = reverse("body-detail", args=[pk]) if pk else reverse("body-list")
    context = {
        "form": form,
        "title": _("Edit the body") if pk else _("Add a body"),
        "back": back,
        "back_label": body.name or _("Bodies"),
    }
    return dialog(request, "bodies/_form.html", context)


def _saved(request: Request, body: Body, form: BodyForm) -> Body:
    return bodies.save(body, values=form.cleaned_data, by=request.actor)


def _seated(request: Request, body: Body, form: SeatForm) -> Membership:
    return bodies.seat(body, **form.cleaned_data, by=request.actor)


def _unseated(request: Request, row: Membership, form: EndForm) -> Membership:
    return bodies.unseat(row, on=form.cleaned_data["on"], by=request.actor)


@require_http_methods(["GET", "POST"])
def seat(request: Request, pk: int) -> HttpResponse:
    """Somebody takes a seat."""
    body = get_object_or_404(Body, pk=pk)
    must(request.actor, Can.EDIT_PEOPLE, on=body)
    form = SeatForm(request.POST or None)
    if sent(request, form) and tried(form, lambda: _seated(request, body, form)):
        return done(request, reverse("body-detail", args=[pk]), _("The member is entered."))
    return _step(request, "bodies/_seat.html", form, body, title=_("Add a member"))


@require_http_methods(["GET", "POST"])
def unseat(request: Request, pk: int) -> HttpResponse:
    """Somebody leaves the body."""
    row = get_object_or_404(Membership.objects.select_related("body", "person"), pk=pk)
    must(request.actor, Can.EDIT_PEOPLE, on=row.body)
    form = EndForm(request.POST or None)
    if sent(request, form) and tried(form, lambda: _unseated(request, row, form)):
        words = _("From that day on %(name)s is no member any more.") % {"name": row.person.full_name}
        return done(request, reverse("body-detail", args=[row.body_id]), words)
    return _step(
        request, "people/_end.html", form, row.body, title=_("End the membership"), person=row.person
    )


@require_http_methods(["GET", "POST"])
def rhythm(request: Request, body_pk: int, pk: int | None = None) -> HttpResponse:
    """A rhythm, new or changed; drafts of the programme follow it, what is published stays."""
    body = get_object_or_404(Body, pk=body_pk)
    must(request.actor, Can.PLAN, on=body)
    rule = get_object_or_404(StandingRule, pk=pk, body=body) if pk else StandingRule(body=body)
    form = RhythmForm(request.POST or None, initial=initial_of_rhythm(rule) if pk else first_rhythm())
    if sent(request, form) and tried(form, lambda: _kept(request, rule, form)):
        return done(request, reverse("body-detail", args=[body.pk]), _("The rhythm is kept."))
    return _step(request, "bodies/_rhythm.html", form, body, title=_("Rhythm of sessions"))


def _kept(request: Request, rule: StandingRule, form: RhythmForm) -> StandingRule:
    return rhythms.save(rule, values=form.values() | {"body": rule.body}, by=request.actor)


@require_POST
def stop_rhythm(request: Request, pk: int) -> HttpResponse:
    """A rhythm out of use."""
    rule = get_object_or_404(StandingRule.objects.select_related("body"), pk=pk)
    rhythms.stop(rule, by=request.actor)
    return done(request, reverse("body-detail", args=[rule.body_id]), _("The rhythm has ended."))


def _step(request: Request, template: str, form: Any, body: Body, **more: Any) -> HttpResponse:
    back = reverse("body-detail", args=[body.pk])
    context = {"form": form, "body": body, "back": back, "back_label": body.name, **more}
    return dialog(request, template, context)
