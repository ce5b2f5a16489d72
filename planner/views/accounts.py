"""One's own language, theme and API tokens; for the administrator the accounts of the office."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planner.access import ROLE_LABELS, SCOPES, Can, Role, must
from planner.models import ApiToken, User
from planner.pages import Request, show
from planner.services import accounts, logins
from planner.views.office_forms import AccountForm, RoleForm
from planner.views.steps import dialog, done, sent, tried

_A_YEAR = 365 * 24 * 3600


class PreferencesForm(forms.Form):
    """How pages look to oneself."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("the office's")), *settings.LANGUAGES],
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False, choices=User.Theme.choices)


class TokenForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[(scope, scope) for scope in SCOPES],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Expires after days"), min_value=1, max_value=3650, initial=365
    )


@require_GET
def own(request: Request) -> HttpResponse:
    """One's account: role, preferences, API tokens."""
    user = request.user
    now = timezone.now()
    tokens = user.api_tokens.filter(revoked_at=None).order_by("-created_at")
    context = {
        "preferences": PreferencesForm(initial={"language": user.language, "theme": user.theme}),
        "tokens": [(token, token.expires_at is not None and token.expires_at < now) for token in tokens],
        "roles": [ROLE_LABELS[Role(grant.role)] for grant in user.grants.all()],
        "fresh_token": request.session.pop("fresh_token", ""),
    }
    return show(request, "accounts/own.html", context)


@require_POST
def preferences(request: Request) -> HttpResponse:
    """Keep one's own language and theme, on this device and on all others."""
    form = PreferencesForm(request.POST)
    back = redirect("account-settings")
    if form.is_valid():
        data = form.cleaned_data
        accounts.set_preferences(
            user=request.user, language=data["language"], theme=data["theme"], by=request.actor
        )
        back.set_cookie("theme", data["theme"] or "system", max_age=_A_YEAR, samesite="Lax")
        messages.success(request, _("Saved."))
    return back


@require_http_methods(["GET", "POST"])
def new_token(request: Request) -> HttpResponse:
    """A new key; its text is shown once, on the next page."""
    form = TokenForm(request.POST or None)
    if sent(request, form) and (made := tried(form, lambda: _token(request, form))):
        request.session["fresh_token"] = made
        return done(request, reverse("account-settings"), _("Copy the key now; it is not shown again."))
    back = reverse("account-settings")
    context = {"form": form, "title": _("New API key"), "back": back, "back_label": _("My account")}
    return dialog(request, "accounts/_token.html", context)


def _token(request: Request, form: TokenForm) -> str:
    data = form.cleaned_data
    _row, text = accounts.create_token(
        user=request.user, name=data["name"], scopes=data["scopes"], days=data["days"], by=request.actor
    )
    return text


@require_POST
def revoke_token(request: Request, pk: int) -> HttpResponse:
    """End one's own key at once."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    accounts.revoke_token(token=token, by=request.actor)
    return done(request, reverse("account-settings"), _("The key has ended."))


@require_GET
def index(request: Request) -> HttpResponse:
    """The accounts of the office."""
    must(request.actor, Can.ADMINISTER)
    rows = [
        (user, [ROLE_LABELS[Role(grant.role)] for grant in user.grants.all()])
        for user in User.objects.prefetch_related("grants").order_by("-is_active", "username")
    ]
    return show(request, "accounts/list.html", {"rows": rows, "tab": "accounts"})


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new account."""
    must(request.actor, Can.ADMINISTER)
    form = AccountForm(
        request.POST or None, initial={"password": logins.invented_password(), "role": "planner"}
    )
    if sent(request, form) and (user := tried(form, lambda: _opened(request, form))):
        words = _("The account %(name)s is open. Tell the person the password; it is not shown again.")
        return done(request, reverse("office-accounts"), words % {"name": user.username})
    return _step(request, "accounts/_new.html", form, _("New account"))


def _opened(request: Request, form: AccountForm) -> User:
    data = form.cleaned_data
    return logins.open_account(**data | {"role": Role(data["role"])}, by=request.actor)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """An account's role, whether it may sign in, a new password."""
    must(request.actor, Can.ADMINISTER)
    user = get_object_or_404(User.objects.prefetch_related("grants"), pk=pk)
    held = [grant.role for grant in user.grants.all() if not (grant.body_id or grant.session_id)]
    initial = {"full_name": user.full_name, "is_active": user.is_active, "role": (held or ["viewer"])[0]}
    form = RoleForm(request.POST or None, initial=initial)
    if sent(request, form) and tried(form, lambda: _changed(request, user, form)):
        return done(request, reverse("office-accounts"), _("Saved."))
    return _step(request, "accounts/_edit.html", form, user.username)


def _changed(request: Request, user: User, form: RoleForm) -> User:
    data = form.cleaned_data
    return logins.change(user, **data | {"role": Role(data["role"])}, by=request.actor)


def _step(request: Request, template: str, form: forms.Form, title: str) -> HttpResponse:
    back = reverse("office-accounts")
    context = {"form": form, "title": title, "back": back, "back_label": _("Accounts")}
    return dialog(request, template, context)
