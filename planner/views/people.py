"""Pages of the directory: the list with its search, a person, and the form that keeps them."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from planner.access import Can, must
from planner.errors import ChangedMeanwhile, DomainError
from planner.flow import histories
from planner.models import Body, Membership, Person, Post, held_on
from planner.models.people import PersonQuerySet
from planner.pages import Request, blame, show
from planner.services import appointments, people, search, titles
from planner.services.appointments import NewPost
from planner.views import choosing
from planner.views.people_forms import NewPersonForm, PersonForm, initial_of
from planner.views.steps import done, sent

_A_PAGE = 50
ORDERS = {"precedence": PersonQuerySet.by_precedence, "name": PersonQuerySet.by_name}


@require_GET
def index(request: Request) -> HttpResponse:
    """Everybody the office knows, searched by name, post, unit or telephone; by precedence or by name."""
    must(request.actor, Can.READ)
    rows = _filtered(request).with_posts().select_related("unit")
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(person, _printed(person)) for person in page.object_list],
        "bodies": Body.objects.filter(is_active=True),
        "can_edit": request.actor.can(Can.EDIT_PEOPLE),
    }
    return show(request, "people/list.html", context, fragment="people/_list.html")


def _filtered(request: Request) -> PersonQuerySet:
    params = request.GET
    rows = Person.objects.visible_to(request.actor).active()
    if params.get("body", "").isdigit():
        seats = Membership.objects.filter(held_on(timezone.localdate()), body=int(params["body"]))
        rows = rows.filter(pk__in=seats.values("person"))
    if params.get("unit", "").isdigit():
        rows = rows.filter(Q(unit=params["unit"]) | Q(appointments__unit=params["unit"])).distinct()
    if params.get("tag"):
        rows = rows.filter(tags__icontains=f'"{params["tag"]}"')
    rows = search.matching(rows, params.get("q", ""))
    return ORDERS.get(params.get("order", ""), PersonQuerySet.by_precedence)(rows)


def _printed(person: Person) -> str:
    return titles.printed(person.appointments.all(), timezone.localdate())


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """A person: posts, seats, how to reach them, who helps them, and the sessions they were called to."""
    rows = Person.objects.visible_to(request.actor).with_posts().select_related("unit", "assistant", "driver")
    person = get_object_or_404(rows, pk=pk)
    today = timezone.localdate()
    held = [(row, titles.title_of(row), row.holds_on(today)) for row in person.appointments.all()]
    context = {
        "person": person,
        "printed": _printed(person),
        "held": sorted(held, key=lambda one: not one[2]),
        "seats": sorted(person.memberships.all(), key=lambda seat: (seat.body.position, seat.pk)),
        "assists": person.assists.active().by_precedence(),
        "history": histories.of(person, by=request.actor),
        "can_edit": request.actor.can(Can.EDIT_PEOPLE),
    }
    return show(request, "people/detail.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new person, with a first post if there is one."""
    must(request.actor, Can.EDIT_PEOPLE)
    form = NewPersonForm(request.POST or None, initial={"seniority": 9999, "calendar_by": "mail"})
    if sent(request, form):
        try:
            person = people.create(form.details(), by=request.actor)
            _appoint_first(request, form, person)
        except DomainError as refusal:
            blame(form, refusal)
        else:
            words = _("%(name)s is in the directory now.") % {"name": person.full_name}
            return done(request, reverse("person-detail", args=[person.pk]), words)
    return _form_page(request, form, None)


def _appoint_first(request: Request, form: NewPersonForm, person: Person) -> None:
    if name := form.cleaned_data["post"]:
        post = appointments.post_named(name, by=request.actor)
        appointments.appoint(person, to=NewPost(post, form.cleaned_data["unit"]), by=request.actor)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a person; whoever saves second sees what the first one saved, and loses nothing typed."""
    must(request.actor, Can.EDIT_PEOPLE)
    rows = Person.objects.visible_to(request.actor).select_related("unit", "assistant", "driver")
    person = get_object_or_404(rows, pk=pk)
    form = PersonForm(request.POST or None, initial=initial_of(person))
    if sent(request, form):
        refused = _changed(request, form, person)
        if refused is None:
            return done(request, reverse("person-detail", args=[person.pk]), _("Saved."))
        form = refused
    return _form_page(request, form, person)


def _changed(request: Request, form: PersonForm, person: Person) -> PersonForm | None:
    """None when the change is saved; else the form to show again, with what stands against it."""
    version = form.cleaned_data["version"]
    try:
        people.change(person, details=form.details(), version=version, by=request.actor)
    except ChangedMeanwhile as refusal:
        return _compared(request, form, person, refusal)
    except DomainError as refusal:
        blame(form, refusal)
        return form
    return None


def _compared(request: Request, form: PersonForm, person: Person, refusal: ChangedMeanwhile) -> PersonForm:
    """The form as typed, beside each differing field what is stored now; saving again takes it over."""
    stored = initial_of(person)
    typed = request.POST.copy()
    typed["version"] = str(person.version)
    form = PersonForm(typed, initial=stored)
    blame(form, refusal)
    for name in form.changed_data:
        if name != "version":
            shown = form.fields[name].prepare_value(stored[name])
            form.add_error(name, _("Stored now: %(value)s") % {"value": shown or "–"})
    return form


def _form_page(request: Request, form: PersonForm, person: Person | None) -> HttpResponse:
    context = {"form": form, "person": person}
    return show(request, "people/form.html", context, status=422 if form.errors else 200)


@require_GET
def suggest(request: Request) -> HttpResponse:
    """People for the name being typed, as options."""
    must(request.actor, Can.READ)
    rows = choosing.people_like(_typed(request)) if _typed(request) else []
    options = [(choosing.words_of_person(person), str(person.unit or "")) for person in rows]
    return _options(request, options)


@require_GET
def suggest_units(request: Request) -> HttpResponse:
    """Units for the name being typed, as options."""
    must(request.actor, Can.READ)
    rows = choosing.units_like(_typed(request)) if _typed(request) else []
    return _options(request, [(choosing.words_of_unit(unit), unit.get_kind_display()) for unit in rows])


@require_GET
def suggest_posts(request: Request) -> HttpResponse:
    """Posts for the name being typed, as options."""
    must(request.actor, Can.READ)
    rows = search.matching(Post.objects.all(), _typed(request))[: choosing.MOST_SUGGESTED]
    return _options(request, [(post.name, "") for post in rows])


def _typed(request: Request) -> str:
    """What was typed: htmx sends the field under its own name."""
    return next((text for text in map(str, request.GET.values()) if text.strip()), "")


def _options(request: Request, options: list[tuple[str, Any]]) -> HttpResponse:
    return render(request, "people/_options.html", {"options": options})
