"""Posts of a person as steps: take up, put right, transfer, give up."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.access import Can, must
from planner.models import Appointment, Person
from planner.pages import Request
from planner.services import appointments, titles
from planner.views.people_forms import EndForm, PostForm, TransferForm, initial_of_post
from planner.views.steps import dialog, done, sent, tried


@require_http_methods(["GET", "POST"])
def new(request: Request, person_pk: int) -> HttpResponse:
    """A post taken up."""
    must(request.actor, Can.EDIT_PEOPLE)
    person = get_object_or_404(Person.objects.visible_to(request.actor).active(), pk=person_pk)
    form = PostForm(request.POST or None, initial={"unit": person.unit})
    if sent(request, form):
        post = appointments.post_named(form.cleaned_data["post"], by=request.actor)
        if tried(form, lambda: appointments.appoint(person, to=form.wanted(post), by=request.actor)):
            return done(request, _page_of(person), _("The post is entered."))
    return _step(request, "people/_post.html", form, person, title=_("Add a post"))


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """A slip of the pen put right."""
    row = _appointment(request, pk)
    form = PostForm(request.POST or None, initial=initial_of_post(row))
    if sent(request, form):
        post = appointments.post_named(form.cleaned_data["post"], by=request.actor)
        if tried(form, lambda: appointments.change(row, to=form.wanted(post), by=request.actor)):
            return done(request, _page_of(row.person), _("Saved."))
    return _step(request, "people/_post.html", form, row.person, title=_("Correct the post"))


@require_http_methods(["GET", "POST"])
def transfer(request: Request, pk: int) -> HttpResponse:
    """One post ends and another begins on a day."""
    row = _appointment(request, pk)
    form = TransferForm(request.POST or None)
    if sent(request, form):
        post, on = appointments.post_named(form.cleaned_data["post"], by=request.actor), form.day()
        if tried(form, lambda: appointments.transfer(row, to=form.wanted(post), on=on, by=request.actor)):
            return done(
                request,
                _page_of(row.person),
                _("The transfer is entered; the old post stays in the history."),
            )
    return _step(
        request, "people/_transfer.html", form, row.person, title=_("Transfer"), old=titles.title_of(row)
    )


@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    """A post given up."""
    row = _appointment(request, pk)
    form = EndForm(request.POST or None)
    if sent(request, form):
        on = form.cleaned_data["on"]
        if tried(form, lambda: appointments.end(row, on=on, by=request.actor)):
            return done(
                request, _page_of(row.person), _("The post has ended; from that day it prints with “nguyên”.")
            )
    return _step(
        request, "people/_end.html", form, row.person, title=_("End the post"), old=titles.title_of(row)
    )


def _appointment(request: Request, pk: int) -> Appointment:
    must(request.actor, Can.EDIT_PEOPLE)
    return get_object_or_404(Appointment.objects.select_related("person", "post", "unit"), pk=pk)


def _page_of(person: Person) -> str:
    return reverse("person-detail", args=[person.pk])


def _step(request: Request, template: str, form: Any, person: Person, **more: str) -> HttpResponse:
    context = {
        "form": form,
        "person": person,
        "back": _page_of(person),
        "back_label": person.full_name,
        **more,
    }
    return dialog(request, template, context)
