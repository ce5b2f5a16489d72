"""The doorstep: the API object, who a request acts as, and one table from refusals to statuses."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer

from attendees.services import devices
from planner.access import Actor
from planner.errors import Conflict, DomainError, NotAllowed, RuleBroken, Unreachable
from planner.pages import Request, origin_of
from planner.services import accounts

Answer = Callable[[HttpRequest], HttpResponse]

STATUSES: dict[type[DomainError], int] = {
    NotAllowed: 403,
    Conflict: 409,
    RuleBroken: 422,
    Unreachable: 503,
}


def status_of(refusal: DomainError) -> int:
    """The HTTP status of a refusal, by its kind."""
    return next((status for kind, status in STATUSES.items() if isinstance(refusal, kind)), 422)


class Bearer(HttpBearer):
    """An API token or a paired door device."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token; None when it is unknown, expired or revoked."""
        origin = origin_of(request)
        actor = accounts.actor_for_token(token, origin) or devices.actor_for_token(token, origin)
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
        return actor


class Actors:
    """Middleware: every request knows the actor it acts as; looked up when first asked."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: accounts.actor_for(request.user, origin_of(request))
        )
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        """A refusal no view put beside its field becomes a page, or a notice in place, in plain words."""
        if not isinstance(exception, DomainError):
            return None
        template = "ui/_refusal.html" if getattr(request, "htmx", None) else "refusal.html"
        return render(request, template, {"refusal": exception}, status=status_of(exception))


class SignedIn(LoginRequiredMiddleware):
    """Middleware: every page asks for a log-in unless its view says otherwise; the API has its own way."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """Let the API pass; send a stranger to the log-in page."""
        if request.path.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


def problem(status: int, code: str, detail: str, **members: Any) -> HttpResponse:
    """An application/problem+json answer (RFC 9457)."""
    document = {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "detail": detail,
        "code": code,
    }
    octets = json.dumps(document | members, ensure_ascii=False, default=str).encode()
    response = HttpResponse(octets, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _title(status: int) -> str:
    return {
        400: _("Bad request"),
        401: _("Who are you?"),
        403: _("Not allowed"),
        404: _("Not found"),
        409: _("Conflict"),
        413: _("Too large"),
        415: _("Wrong kind of content"),
        422: _("Not acceptable as it is"),
        429: _("Too many requests"),
        503: _("Not reachable"),
    }.get(status, _("Error"))


def install_handlers(api: NinjaAPI) -> None:
    """Let every way an endpoint can end badly speak problem+json."""

    @api.exception_handler(DomainError)
    def refused(request: HttpRequest, exc: DomainError) -> HttpResponse:
        fields = {name: [str(words)] for name, words in exc.fields.items()}
        return problem(status_of(exc), exc.code, str(exc), errors=fields, **exc.extra)

    @api.exception_handler(ValidationError)
    def misshapen(request: HttpRequest, exc: ValidationError) -> HttpResponse:
        fields: dict[str, list[str]] = {}
        for error in exc.errors:
            place = ".".join(str(part) for part in error["loc"][1:] if part != "data") or "body"
            fields.setdefault(place, []).append(str(error["msg"]))
        return problem(422, "invalid", _("Some fields are not right; see errors."), errors=fields)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
        return problem(401, "not_authenticated", _("Send a valid token: Authorization: Bearer …"))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, exc: Http404) -> HttpResponse:
        return problem(404, "not_found", _("There is no such thing, or you may not see it."))

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
        return problem(403, NotAllowed.code, str(NotAllowed.message))

    @api.exception_handler(Throttled)
    def hurried(request: HttpRequest, exc: Throttled) -> HttpResponse:
        response = problem(429, "too_many_requests", _("Too many requests; wait a little."))
        response["Retry-After"] = str(exc.wait or 1)
        return response

    @api.exception_handler(HttpError)
    def failed(request: HttpRequest, exc: HttpError) -> HttpResponse:
        return problem(exc.status_code, "bad_request", str(exc))


def body_digest(request: HttpRequest) -> str:
    """The digest of a request's body, to tell a repeat from another request under the same key."""
    return hashlib.sha256(request.body).hexdigest()
