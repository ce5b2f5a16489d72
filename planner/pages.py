"""What every view takes and gives: a Request with its actor, a page or the fragment htmx asked for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from planner.access import Actor
from planner.errors import DomainError, SecretContentRefused
from planner.models import Office, User
from planner.services import offices


class Request(HttpRequest):
    """A request as views see it: signed in unless the view says otherwise, with the actor it acts as."""

    user: User
    actor: Actor
    auth: Actor
    htmx: HtmxDetails
    LANGUAGE_CODE: str


def show(
    request: HttpRequest,
    page: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; or, when htmx asks and the view names one, only the fragment the page includes."""
    htmx = getattr(request, "htmx", None)
    template = fragment if fragment and htmx and not htmx.boosted else page
    return render(request, template, dict(context or {}), status=status)


def blame(form: forms.BaseForm, refusal: DomainError) -> None:
    """Put a refusal where the person can mend it: beside its fields, else above the form."""
    if isinstance(refusal, SecretContentRefused):
        forget_words(form)
    for name, words in refusal.fields.items():
        form.add_error(name if name in form.fields else None, str(words))
    if not refusal.fields:
        form.add_error(None, str(refusal))


def forget_words(form: forms.BaseForm, is_secret: bool = True) -> forms.BaseForm:
    """The form; of a secret session with every free text emptied: refused words are never shown again."""
    if not (is_secret and form.is_bound):
        return form
    bound: Any = form.data
    kept = bound.copy()
    for name, field in form.fields.items():
        if isinstance(field, forms.CharField) and name != "code_name" and not field.widget.is_hidden:
            kept[form.add_prefix(name)] = ""
    form.data = kept
    return form


def office(request: HttpRequest) -> dict[str, Any]:
    """For every template: the office, read when a template first asks; an empty one before the first page."""
    return {"office": SimpleLazyObject(lambda: offices.current() or Office())}


def origin_of(request: HttpRequest) -> str:
    """The address a request came from, for the audit log."""
    return str(request.META.get("REMOTE_ADDR", ""))
