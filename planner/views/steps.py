"""Small forms in a dialog, a page of their own without scripts; and the way back when they are done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from planner.errors import DomainError
from planner.pages import Request, blame, show


def dialog(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """The form of `template` for htmx's dialog, or alone on a page; 422 when the form in it was refused.

    `context` holds `form`, `title`, `back` (an address) and `back_label`.
    """
    status = 422 if context["form"].errors else 200
    context = context | {"step_template": template}
    return show(request, "people/step.html", context, fragment=template, status=status)


def done(request: Request, address: str, words: str) -> HttpResponse:
    """To the address with a word of what was done; htmx is told to go there, so that every card is fresh."""
    messages.success(request, words)
    if not request.htmx:
        return HttpResponseRedirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def sent(request: Request, form: forms.BaseForm) -> bool:
    """True when the form was sent and its shape is right."""
    return request.method == "POST" and form.is_valid()


def tried(form: forms.BaseForm, step: Callable[[], Any]) -> Any:
    """What the step gives; None when it was refused, the refusal put on the form."""
    try:
        return step()
    except DomainError as refusal:
        blame(form, refusal)
        return None
