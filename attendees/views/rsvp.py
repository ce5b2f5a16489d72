"""/i/<token>/: a delegate's own page. Reading it changes nothing; one tap answers; no account is needed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees.models import Delegate, Invitation, Reply
from attendees.services import feeds, replies, visits
from attendees.services.replies import Answer
from planner.errors import DomainError
from planner.pages import Request, blame, origin_of
from planner.services import limits

_WRONG, _POSTS, _SPAN_SECONDS = 30, 20, 600


class AnswerForm(forms.Form):
    """An answer; `sequence` is the version of the invitation that the page showed."""

    status = forms.ChoiceField(choices=[(answer.value, answer.label) for answer in replies.ANSWERS])
    mode = forms.ChoiceField(choices=[("", ""), *Delegate.Mode.choices], required=False)
    reason_code = forms.ChoiceField(
        label=pgettext_lazy("rsvp", "Reason"),
        choices=list(replies.REASONS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("In your own words"), max_length=300, required=False)
    substitute_text = forms.CharField(
        label=gettext_lazy("Who is to come: name, post, telephone"), max_length=200, required=False
    )
    sequence = forms.IntegerField(min_value=0)

    def answer(self) -> Answer:
        """What was answered, by the page."""
        return Answer(**self.cleaned_data, channel=Reply.Channel.WEB)


class DetailsForm(forms.Form):
    """What the office prepares for the delegate."""

    diet = forms.CharField(
        label=gettext_lazy("Meals, for instance vegetarian"), max_length=100, required=False
    )
    needs = forms.CharField(label=gettext_lazy("Car, lodging, other help"), max_length=200, required=False)


def _by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view with the invitation behind its token: 404 for a wrong one, 429 for whoever tries too many."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request: Request, token: str, **kwargs: Any) -> HttpResponse:
        invitation = visits.find(token)
        who = token if invitation else origin_of(request)
        most = _POSTS if invitation else _WRONG
        counts = request.method == "POST" or not invitation
        if counts and not limits.take("invitation-link", who, most=most, seconds=_SPAN_SECONDS):
            return render(request, "rsvp/too_often.html", {"refusal": limits.TooOften()}, status=429)
        if invitation is None:
            raise Http404
        response = view(request, invitation, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def page(request: Request, invitation: Invitation, *, for_assistant: bool = False) -> HttpResponse:
    """The invitation; a POST answers it. An answer to times that changed meanwhile is not taken: 409."""
    if request.method == "POST":
        return _answer(request, invitation, for_assistant)
    return _show(request, invitation, for_assistant, AnswerForm())


@require_POST
@_by_link
def details(request: Request, invitation: Invitation, *, for_assistant: bool = False) -> HttpResponse:
    """Keep what the delegate needs."""
    form = DetailsForm(request.POST)
    actor = visits.actor_of(invitation, origin=origin_of(request), for_assistant=for_assistant)
    if form.is_valid():
        try:
            visits.give_details(delegate=invitation.delegate, **form.cleaned_data, by=actor)
            return _back(request, for_assistant, _("Noted. The office prepares it."))
        except DomainError as refusal:
            blame(form, refusal)
    return _show(request, invitation, for_assistant, AnswerForm(), status=422, details=form)


@require_POST
@_by_link
def opened(request: Request, invitation: Invitation) -> HttpResponse:
    """Remember that a person looked: asked by the page's script, which scanners of mail do not run."""
    visits.mark_opened(invitation=invitation, by=visits.actor_of(invitation))
    return HttpResponse(status=204)


@require_safe
@_by_link
def calendar_file(request: Request, invitation: Invitation) -> HttpResponse:
    """The session as a calendar file."""
    octets = visits.calendar_file(invitation)
    headers = {"Content-Disposition": 'attachment; filename="hop.ics"'}
    return HttpResponse(octets, content_type="text/calendar; charset=utf-8", headers=headers)


@require_POST
@_by_link
def subscribe(request: Request, invitation: Invitation) -> HttpResponse:
    """The address of the delegate's own calendar feed, with honest words on what it does."""
    actor = visits.actor_of(invitation, origin=origin_of(request))
    row = feeds.subscribe(delegate=invitation.delegate, by=actor)
    address = feeds.address(row)
    context = {
        "address": address,
        "open_address": "webcal://" + address.partition("://")[2],
        "token": _token(request),
        "delegate": invitation.delegate,
    }
    return render(request, "rsvp/feed.html", context)


def _answer(request: Request, invitation: Invitation, for_assistant: bool) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, invitation, for_assistant, form, status=422)
    actor = visits.actor_of(invitation, origin=origin_of(request), for_assistant=for_assistant)
    try:
        replies.record(delegate=invitation.delegate, answer=form.answer(), by=actor)
    except DomainError as refusal:
        blame(form, refusal)
        return _show(request, invitation, for_assistant, form, status=422)
    if form.cleaned_data["sequence"] < invitation.sequence:
        return _show(request, invitation, for_assistant, AnswerForm(), status=409, moved_meanwhile=True)
    return _back(request, for_assistant, _("Your answer is recorded. Thank you."))


def _show(
    request: Request, invitation: Invitation, for_assistant: bool, form: AnswerForm, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    if status != 200:
        invitation = visits.find(_token(request)) or invitation
    delegate = invitation.delegate
    context = {
        "visit": visits.look(invitation),
        "delegate": delegate,
        "session": delegate.session,
        "form": form,
        "details": DetailsForm(initial={"diet": delegate.diet, "needs": delegate.needs}),
        "token": _token(request),
        "here": _here(request, for_assistant),
        "assistant": delegate.person.assistant if for_assistant else None,
        "attends_by": _modes(delegate),
        **more,
    }
    return render(request, "rsvp/page.html", context, status=status)


def _modes(delegate: Delegate) -> list[str]:
    """The ways to take part that the session offers, the usual one first."""
    both = [Delegate.Mode.IN_PERSON.value, Delegate.Mode.ONLINE.value]
    return both if delegate.session.mode == "hybrid" else [delegate.session.mode]


def _token(request: Request) -> str:
    assert request.resolver_match is not None  # noqa: S101
    return str(request.resolver_match.kwargs["token"])


def _here(request: Request, for_assistant: bool) -> str:
    return reverse("rsvp-assistant" if for_assistant else "rsvp-page", args=[_token(request)])


def _back(request: Request, for_assistant: bool, words: str) -> HttpResponseRedirect:
    messages.success(request, words)
    return redirect(_here(request, for_assistant))
