"""Pages of sessions: the list, the one form that plans, the hub, and its cards."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.access import Can, must
from planner.errors import DomainError, ReasonNeeded, SecretContentRefused
from planner.flow import clashes, hub
from planner.flow import plan as flow_plan
from planner.flow.effects import rehearsed
from planner.models import Body, Secrecy, Session, SessionKind, Unit
from planner.pages import Request, blame, forget_words, show
from planner.services.plans import Change
from planner.vietnamese import fold
from planner.views.session_forms import AgendaFormSet, DetailsForm, PlanForm, agenda_initial
from rooms.models import Booking

_A_PAGE = 40


@require_GET
def index(request: Request) -> HttpResponse:
    """Sessions to come first, or those of the past; by body, state and words."""
    rows = _filtered(request, Session.objects.visible_to(request.actor))
    page = Paginator(rows.with_list_columns(), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "bodies": Body.objects.filter(is_active=True),
        "states": Session.State,
        "when": _when(request),
    }
    return show(request, "sessions/list.html", context, fragment="sessions/_rows.html")


def _when(request: Request) -> str:
    return "past" if request.GET.get("when") == "past" else "coming"


def _filtered(request: Request, rows: Any) -> Any:
    now, params = timezone.now(), request.GET
    past = _when(request) == "past"
    rows = rows.filter(ends_at__lt=now) if past else rows.filter(ends_at__gte=now)
    if params.get("body", "").isdigit():
        rows = rows.filter(body=params["body"])
    if params.get("state") in Session.State.values:
        rows = rows.filter(state=params["state"])
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(search_key__contains=word)
    listed = Q(delegates__removed_at__isnull=True)
    main = Booking.objects.main().select_related("room")
    return (
        rows.annotate(
            listed=Count("delegates", filter=listed),
            answered=Count("delegates", filter=listed & ~Q(delegates__reply="none")),
        )
        .prefetch_related(Prefetch("bookings", queryset=main, to_attr="main_bookings"))
        .order_by("-starts_at" if past else "starts_at", "chain_position", "id")
    )


@require_GET
def new(request: Request) -> HttpResponse:
    """The planning form, filled with what the body proposes for its next session of the kind."""
    must(request.actor, Can.PLAN, on=_body(request))
    body, kind = _body(request), request.GET.get("kind", SessionKind.REGULAR)
    initial: dict[str, Any] = {"mode": Session.Mode.IN_PERSON} | _typed(request) | {"kind": kind}
    proposal = None
    if body is not None and kind in SessionKind.values:
        slot = _slot(request)
        proposal = flow_plan.propose(body, kind, after=_day(request))
        initial |= proposed(proposal) | slot
    context = {"form": PlanForm(initial=initial), "proposal": proposal, "units": _unit_names()}
    return show(request, "sessions/new.html", context, fragment="sessions/_plan.html")


def _typed(request: Request) -> dict[str, Any]:
    """What the address or the form before another body was chosen already says."""
    typed: dict[str, Any] = {
        name: request.GET[name] for name in PlanForm.base_fields if request.GET.get(name)
    }
    return typed | {"chairs": request.GET.getlist("chairs")}


def _slot(request: Request) -> dict[str, Any]:
    """Day, hours and room picked on the room board, which a body's proposal does not replace."""
    names = ("on", "starts", "ends", "room") if request.GET.get("picked") else ()
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _day(request: Request) -> dt.date | None:
    """The day of the address, from which a body proposes; a day proposed before does not count."""
    if request.htmx and not request.GET.get("picked"):
        return None
    try:
        return parse_date(request.GET.get("on", ""))
    except ValueError:  # the shape of a date, but no such day
        return None


def proposed(proposal: flow_plan.Proposal) -> dict[str, Any]:
    """A proposal as the form's first values."""
    starts, ends = timezone.localtime(proposal.starts_at), timezone.localtime(proposal.ends_at)
    return {
        "body": proposal.body.pk,
        "kind": proposal.kind,
        "title": proposal.title,
        "on": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "room": proposal.room and proposal.room.pk,
        "chairs": [person.pk for person in proposal.chairs],
    }


def _body(request: Request) -> Body | None:
    pk = request.GET.get("body") or request.POST.get("body") or ""
    return Body.objects.filter(pk=pk).first() if pk.isdigit() else None


def _unit_names() -> list[str]:
    """Party and state agencies to choose from; communes are too many for a list of suggestions."""
    agencies = (Unit.Kind.PARTY_BOARD, Unit.Kind.PARTY_COMMITTEE, Unit.Kind.DEPARTMENT, Unit.Kind.OTHER)
    return list(
        Unit.objects.filter(kind__in=agencies, ends_on__isnull=True)
        .order_by("sort_key")
        .values_list("name", flat=True)[:200]
    )


@require_POST
def create(request: Request) -> HttpResponse:
    """Plan, fill the list and hold the room in one go; the form again with what stands against it."""
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            session = _plan(request, form)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            messages.success(
                request, _("Planned. The list is filled and the room is held; publish when it is ready.")
            )
            return redirect("session-hub", session.pk)
    is_secret = form.data.get("secrecy") == Secrecy.SECRET
    context = {"form": forget_words(form, is_secret), "units": _unit_names()}
    return show(request, "sessions/new.html", context, fragment="sessions/_plan.html", status=422)


def _plan(request: Request, form: PlanForm) -> Session:
    room, reason = form.cleaned_data["room"], form.cleaned_data["reason"]
    return flow_plan.plan(
        form.plan(), room=room, layout=form.layout_in(room), reason=reason, by=request.actor
    )


@require_POST
def check(request: Request) -> HttpResponse:
    """What stands against the plan as typed so far: it is planned for real, judged, and undone."""
    form = PlanForm(request.POST)
    context = {"form": form, "is_checking": True, "is_checked": form.is_valid()}
    return show(request, "sessions/_check.html", context | _judged(request, form) | _times(form))


def _judged(request: Request, form: PlanForm) -> dict[str, Any]:
    """The clashes of a plan that is whole, or the refusal it would meet."""
    if not form.is_valid():
        return {"clashes": [], "refusal": None, "needs_reason": False}
    form.cleaned_data["title"] = form.cleaned_data["title"] or "…"  # clashes do not wait for the title
    try:
        found = rehearsed(lambda: clashes.told(_plan(request, form)))
    except DomainError as refusal:
        return {"clashes": [], "refusal": refusal, "needs_reason": isinstance(refusal, ReasonNeeded)}
    return {"clashes": found, "refusal": None, "needs_reason": False}


def _times(form: PlanForm) -> dict[str, dt.datetime]:
    """Begin and end as typed, once they can be read: shown in words beside a browser's own date."""
    if not {"on", "starts", "ends"} <= form.cleaned_data.keys():
        return {}
    return dict(zip(("starts_at", "ends_at"), form.moments(), strict=True))


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """The hub of a session."""
    session = get_object_or_404(Session.objects.visible_to(request.actor).with_list_columns(), pk=pk)
    context = {
        "hub": hub.of(session, by=request.actor),
        "session": session,
        "tab": "overview",
        **rights(request, session),
    }
    return show(request, "sessions/hub.html", context, fragment="sessions/_overview.html")


def rights(request: Request, session: Session) -> dict[str, bool]:
    """What the actor may do on this session, for showing buttons; the services ask again."""
    wanted = (
        Can.PLAN,
        Can.BOOK,
        Can.PUBLISH,
        Can.INVITE,
        Can.RECORD_REPLY,
        Can.DECIDE_EXCUSE,
        Can.BADGE,
        Can.REPORT,
    )
    return {f"can_{capability.value}": request.actor.can(capability, session) for capability in wanted}


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Title, kind, chairs and the other details."""
    session = get_object_or_404(Session.objects.visible_to(request.actor), pk=pk)
    must(request.actor, Can.PLAN, on=session)
    form = DetailsForm(request.POST or None, session=session, initial=_details(session))
    if request.method == "POST" and form.is_valid():
        try:
            flow_plan.change(session, wanted=form.change(), by=request.actor)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            return _saved(request, session)
    status = 422 if request.method == "POST" else 200
    return show(request, "sessions/edit.html", {"form": form, "session": session}, status=status)


def _details(session: Session) -> dict[str, Any]:
    names = (
        "title",
        "kind",
        "ordinal",
        "mode",
        "code_name",
        "secrecy",
        "place_text",
        "escort",
        "car",
        "version",
    )
    chairs = list(session.chairs.values_list("person_id", flat=True))
    return {name: getattr(session, name) for name in names} | {"chairs": chairs}


@require_http_methods(["GET", "POST"])
def agenda(request: Request, pk: int) -> HttpResponse:
    """The agenda as rows to edit."""
    session = get_object_or_404(Session.objects.visible_to(request.actor), pk=pk)
    must(request.actor, Can.PLAN, on=session)
    rows = AgendaFormSet(request.POST or None, initial=agenda_initial(session), prefix="items")
    context: dict[str, Any] = {"rows": rows, "session": session}
    if request.method == "POST" and rows.is_valid():
        try:
            flow_plan.change(session, wanted=_wanted_agenda(request, rows), by=request.actor)
        except DomainError as refusal:
            context["refusal"] = refusal
            if isinstance(refusal, SecretContentRefused):  # what was refused is not shown again
                context["rows"] = AgendaFormSet(initial=agenda_initial(session), prefix="items")
        else:
            return _saved(request, session)
    return show(request, "sessions/agenda.html", context, status=422 if request.method == "POST" else 200)


def _saved(request: Request, session: Session) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("session-hub", session.pk)


def _wanted_agenda(request: Request, rows: Any) -> Change:
    items = tuple(item for item in (row.item() for row in rows) if item is not None)
    return Change(agenda=items, version=_version(request))


def _version(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None
