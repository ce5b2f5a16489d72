"""Units of the directory: the office's own first, the country's to look up."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from planner.access import Can, must
from planner.models import Unit
from planner.pages import Request, show
from planner.services import search, units
from planner.views.choosing import DayField, UnitNamed
from planner.views.steps import done, sent, tried

_A_PAGE = 60
_FIELDS = ("name", "short_name", "kind", "parent", "territory", "position", "starts_on", "ends_on")


class UnitForm(forms.Form):
    """A unit: shape only; the service checks the rules."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=200)
    short_name = forms.CharField(label=gettext_lazy("Short name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Unit.Kind.choices)
    parent = UnitNamed(label=gettext_lazy("Belongs to"), required=False)
    territory = UnitNamed(label=gettext_lazy("Territory it works in"), required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Order in official lists"), min_value=1, max_value=99999, initial=1000
    )
    starts_on = DayField(label=gettext_lazy("Stands from"), required=False)
    ends_on = DayField(label=gettext_lazy("Stood until"), required=False)


@require_GET
def index(request: Request) -> HttpResponse:
    """Units by kind and name, with how many people belong to each; abolished ones when asked."""
    must(request.actor, Can.READ)
    params, rows = request.GET, Unit.objects.select_related("parent", "territory")
    if not params.get("former"):
        rows = rows.existing(timezone.localdate())
    if params.get("kind") in Unit.Kind.values:
        rows = rows.filter(kind=params["kind"])
    rows = search.matching(rows, params.get("q", "")).annotate(head_count=Count("people"))
    page = Paginator(rows.order_by("position", "sort_key", "id"), _A_PAGE).get_page(params.get("page"))
    context = {"page": page, "kinds": Unit.Kind, "can_edit": request.actor.can(Can.EDIT_PEOPLE)}
    return show(request, "units/list.html", context, fragment="units/_list.html")


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int | None = None) -> HttpResponse:
    """A unit, new or changed."""
    must(request.actor, Can.EDIT_PEOPLE)
    unit = get_object_or_404(Unit.objects.select_related("parent", "territory"), pk=pk) if pk else Unit()
    initial = {name: getattr(unit, name) for name in _FIELDS} if pk else None
    form = UnitForm(request.POST or None, initial=initial)
    if sent(request, form) and (saved := tried(form, lambda: _saved(request, unit, form))):
        return done(request, reverse("unit-list"), _("%(name)s is saved.") % {"name": saved.name})
    heirs = unit.successors.all() if pk else []
    context = {"form": form, "unit": unit if pk else None, "successors": heirs}
    return show(request, "units/form.html", context, status=422 if form.errors else 200)


def _saved(request: Request, unit: Unit, form: UnitForm) -> Unit:
    return units.save(unit, values=form.cleaned_data, by=request.actor)
