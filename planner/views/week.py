"""The weekly schedule, and its entries that are no sessions."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.access import Can, must
from planner.errors import DomainError
from planner.flow import clashes, weeks
from planner.flow import engagements as flow_engagements
from planner.models import Body, Engagement, Person
from planner.pages import Request, blame, show
from planner.services import schedule
from planner.services.schedule import Entry
from planner.vietnamese import HalfDay
from planner.views.session_forms import ClockField, DayInput
from rooms.models import Room

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@require_GET
def current(request: Request) -> HttpResponse:
    """This week."""
    year, week, _day = timezone.localdate().isocalendar()
    return page(request, f"{year}-W{week:02d}")


@require_GET
def page(request: Request, iso_week: str) -> HttpResponse:
    """The schedule of a week, as a table or as a grid."""
    week = _week(request, iso_week)
    context = _choices(request) | {
        "week": week,
        "before": _name(week.monday - dt.timedelta(days=7)),
        "after": _name(week.monday + dt.timedelta(days=7)),
        "today": timezone.localdate(),
        "view": "grid" if request.GET.get("view") == "grid" else "table",
        "half_days": (HalfDay.MORNING, HalfDay.AFTERNOON, HalfDay.EVENING),
    }
    return show(request, "week/page.html", context, fragment="week/_week.html")


def _choices(request: Request) -> dict[str, Any]:
    """What the filters offer, and whether lines may be added."""
    return {
        "bodies": Body.objects.filter(is_active=True),
        "rooms": Room.objects.visible_to(request.actor).usable(),
        "leaders": leaders(),
        "can_plan": request.actor.can_anywhere(Can.PLAN),
    }


def leaders() -> Any:
    """The standing members, in their order."""
    seats = Person.objects.active().filter(
        memberships__body__kind=Body.Kind.STANDING, memberships__ends_on__isnull=True
    )
    return seats.by_precedence().distinct()


def _name(day: dt.date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}"


def _week(request: Request, iso_week: str) -> weeks.Week:
    match = _WEEK.fullmatch(iso_week)
    numbers = {
        name: int(text)
        for name in ("leader", "body", "room")
        if (text := request.GET.get(name, "")).isdigit()
    }
    try:
        year, number = (int(part) for part in match.groups()) if match else (0, 0)
        return weeks.week(year, number, filters=weeks.Filters(**numbers), by=request.actor)
    except ValueError as wrong:
        raise Http404 from wrong


@require_GET
def clash_marks(request: Request, iso_week: str) -> HttpResponse:
    """What clashes in the week, for those who plan; loaded after the page so that the page stays fast."""
    must(request.actor, Can.PLAN)
    week = _week(request, iso_week)
    lines = {row.key: row for day in week.days for half in day.halves for row in half.rows}
    found = [
        clashes.as_plain(clash) | {"row": lines.get(clash.meeting)}
        for clash in clashes.of_span(weeks.span_of(week.monday))
    ]
    context = {"clashes": [row for row in found if row["level"] != "warning"]}
    return show(request, "week/_clashes.html", context)


class EntryForm(forms.Form):
    """A line of the week, typed in seconds."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    starts = ClockField(label=gettext_lazy("Hour"), required=False)
    ends = ClockField(label=gettext_lazy("Until"), required=False)
    half_day = forms.ChoiceField(
        label=gettext_lazy("Half-day, when no hour is given"), choices=Engagement.HalfDay.choices
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Engagement.Kind.choices)
    content = forms.CharField(
        label=gettext_lazy("Content"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    leaders = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Leaders"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    leaders_text = forms.CharField(label=gettext_lazy("Leaders in words"), max_length=300, required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    preparing_unit = forms.CharField(label=gettext_lazy("Preparing unit"), max_length=200, required=False)
    escort = forms.CharField(
        label=gettext_lazy("Escort of the office's leaders (LĐVP)"), max_length=150, required=False
    )
    car = forms.CharField(label=gettext_lazy("Car"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["leaders"]
        field.queryset = leaders()

    def entry(self) -> Entry:
        """What was typed."""
        data = dict(self.cleaned_data)
        return Entry(**data | {"leaders": tuple(data["leaders"])})


@require_http_methods(["GET", "POST"])
def entry_new(request: Request) -> HttpResponse:
    """A new line of the week."""
    must(request.actor, Can.PLAN)
    form = EntryForm(request.POST or None, initial={"on": request.GET.get("on") or timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            row = schedule.add(form.entry(), by=request.actor)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Entered into the week."))
            return redirect("week-page", _name(timezone.localdate(row.starts_at)))
    return show(request, "week/entry.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def entry_edit(request: Request, pk: int) -> HttpResponse:
    """Change a line of the week."""
    row = get_object_or_404(Engagement.objects.visible_to(request.actor), pk=pk)
    must(request.actor, Can.PLAN)
    form = EntryForm(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            schedule.change(row, entry=form.entry(), version=_version(request), by=request.actor)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("week-page", _name(form.cleaned_data["on"]))
    context = {"form": form, "row": row, "week_name": _name(timezone.localdate(row.starts_at))}
    return show(request, "week/entry.html", context, status=422 if form.errors else 200)


def _initial(row: Engagement) -> dict[str, Any]:
    starts, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    names = ("half_day", "kind", "content", "leaders_text", "place", "preparing_unit", "escort", "car")
    hours = {"starts": starts.time(), "ends": ends.time()} if row.has_hour else {}
    leading = list(row.leaders.values_list("pk", flat=True))
    return {name: getattr(row, name) for name in names} | {"on": starts.date(), "leaders": leading} | hours


def _version(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


@require_POST
def entry_remove(request: Request, pk: int) -> HttpResponse:
    """Take a line off the week."""
    row = get_object_or_404(Engagement.objects.visible_to(request.actor), pk=pk)
    name = _name(timezone.localdate(row.starts_at))
    schedule.remove(row, by=request.actor)
    messages.success(request, _("Taken off the week."))
    return redirect("week-page", name)


@require_POST
def entry_to_session(request: Request, pk: int) -> HttpResponse:
    """Turn a line into a draft session; it asks for the end when none was given."""
    row = get_object_or_404(Engagement.objects.visible_to(request.actor), pk=pk)
    session = flow_engagements.become_session(row, by=request.actor)
    messages.success(request, _("The line is a draft session now. Check its end, its list and its room."))
    return redirect("session-edit" if row.has_hour else "session-move", session.pk)
