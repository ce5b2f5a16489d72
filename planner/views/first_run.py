"""The first page of an empty office: its name and its administrator. Open only while no account exists."""

from allauth.account.views import login
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.models import User
from planner.pages import Request, show
from planner.services import offices
from planner.views.office_forms import WelcomeForm
from planner.views.steps import done, sent, tried

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_http_methods(["GET", "POST"])
def welcome(request: Request) -> HttpResponse:
    """Begin the office; once it has an account this page leads to the sign-in."""
    if offices.is_ready():
        return redirect("account_login")
    form = WelcomeForm(request.POST or None)
    user: User | None = None
    if sent(request, form) and (user := tried(form, lambda: offices.begin(**form.cleaned_data))):
        auth.login(request, user, backend=_BACKEND)
        return done(request, "/", _("Welcome. Begin with the bodies and the people; a list can be imported."))
    return show(request, "accounts/welcome.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
def sign_in(request: Request) -> HttpResponseBase:
    """The sign-in page; an empty office begins with its welcome instead."""
    if not offices.is_ready():
        return redirect("first-run")
    answer: HttpResponseBase = login(request)
    return answer
