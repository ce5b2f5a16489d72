"""The doorstep: the API object, who a request acts as, and one table from refusals to statuses."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer

from attendees.api import (
    attendance,
    badges,
    conflicts,
    delegates,
    feeds,
    finding,
    invitations,
    replies,
    rounds,
    rules,
    scans,
)
from attendees.api import devices as device_endpoints
from attendees.services import devices
from planner import idempotency
from planner.access import Actor
from planner.api import (
    bodies,
    directory,
    engagements,
    imports,
    jobs,
    me,
    people,
    session_steps,
    sessions,
    slots,
    weeks,
)
from planner.api.document import DESCRIPTION, Api
from planner.api.limits import PerToken
from planner.api.words import words_of
from planner.errors import Conflict, DomainError, NotAllowed, RuleBroken, Unreachable
from planner.pages import Request, origin_of
from planner.services import accounts
from planner.services.limits import TooOften
from planner.wire import NotFoundIn, problem
from rooms.api import bookings, calls, rooms

Answer = Callable[[HttpRequest], HttpResponse]
_WRAPPERS = ("data", "paging", "query")  # names of our own parameters, not of what was sent

STATUSES: dict[type[DomainError], int] = {
    NotAllowed: 403,
    Conflict: 409,
    RuleBroken: 422,
    TooOften: 429,
    Unreachable: 503,
}


def status_of(refusal: DomainError) -> int:
    """The HTTP status of a refusal, by its kind."""
    return next((status for kind, status in STATUSES.items() if isinstance(refusal, kind)), 422)


class Bearer(HttpBearer):
    """An API token or a paired door device."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token, looked up once a request; None when unknown, expired or revoked."""
        if hasattr(request, "bearer"):
            return cast(Actor | None, request.bearer)
        origin = origin_of(request)
        actor = accounts.actor_for_token(token, origin) or devices.actor_for_token(token, origin)
        request.bearer = actor  # type: ignore[attr-defined]
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


def _plain_problem(status: int) -> HttpResponse:
    """A problem that no refusal of ours explains: what went wrong before or beside the endpoint."""
    code, words = {
        400: ("bad_request", _("The request cannot be read. Send JSON in UTF-8.")),
        404: ("not_found", _("There is no such thing, or you may not see it.")),
        405: ("method_not_allowed", _("This address does not take this method.")),
        413: ("too_large", _("The request is too large.")),
    }.get(status, ("error", _("Something went wrong here. It has been written down.")))
    return problem(status, code, words)


class Problems:
    """Middleware: whatever ends badly below /api/ ends as a problem document, also before any endpoint is found."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_ours = response.get("Content-Type", "").startswith(
            ("application/problem+json", "application/json")
        )
        if response.status_code < 400 or is_ours or not request.path.startswith("/api/"):
            return response
        answer = _plain_problem(response.status_code)
        if response.has_header("Allow"):
            answer["Allow"] = response["Allow"]
        return answer


def _refused(request: HttpRequest, exc: DomainError) -> HttpResponse:
    fields = {name: [str(words)] for name, words in exc.fields.items()}
    return problem(status_of(exc), exc.code, str(exc), errors=fields, **exc.extra)


def _misshapen(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    for error in exc.errors:
        place = ".".join(str(part) for part in error["loc"][1:] if part not in _WRAPPERS) or "body"
        fields.setdefault(place, []).append(words_of(error))
    return problem(422, "invalid", _("Some fields are not right; see errors."), errors=fields)


def _unknown(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    return problem(401, "not_authenticated", _("Send a valid token: Authorization: Bearer …"))


def _missing(request: HttpRequest, exc: Http404) -> HttpResponse:
    words = _("There is no such thing, or you may not see it.")
    fields = {exc.field: [words]} if isinstance(exc, NotFoundIn) else {}
    return problem(404, "not_found", words, errors=fields)


def _forbidden(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
    return problem(403, NotAllowed.code, str(NotAllowed.message))


def _hurried(request: HttpRequest, exc: Throttled) -> HttpResponse:
    response = problem(429, "too_many_requests", _("Too many requests; wait a little."))
    response["Retry-After"] = str(exc.wait or 1)
    return response


def _failed(request: HttpRequest, exc: HttpError) -> HttpResponse:
    return _plain_problem(exc.status_code)


def _nested(request: HttpRequest, exc: RecursionError) -> HttpResponse:
    return _plain_problem(400)


def _too_large(request: HttpRequest, exc: RequestDataTooBig) -> HttpResponse:
    return _plain_problem(413)


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    DomainError: _refused,
    ValidationError: _misshapen,
    AuthenticationError: _unknown,
    Http404: _missing,
    PermissionDenied: _forbidden,
    Throttled: _hurried,
    HttpError: _failed,
    RecursionError: _nested,
    RequestDataTooBig: _too_large,
}
"""Every way an endpoint can end badly, and the function that makes problem+json of it."""


def install_handlers(api: NinjaAPI) -> None:
    """Let every way an endpoint can end badly speak problem+json."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)


bearer = Bearer()
api = Api(
    status_of,
    schemas={"Rule": rules.SCHEMA},
    title="Nghị Trình",
    version="1",
    description=DESCRIPTION,
    docs_url="docs",
    openapi_url="openapi.json",
    urls_namespace="api",
    auth=bearer,
    throttle=PerToken(),
)
install_handlers(api)
api.add_decorator(idempotency.once(bearer, api.on_exception), mode="view")
ROUTERS: tuple[Router, ...] = (
    bodies.router,
    directory.router,
    engagements.router,
    imports.router,
    jobs.router,
    me.router,
    people.router,
    session_steps.router,
    sessions.router,
    slots.router,
    weeks.router,
    bookings.router,
    calls.router,
    rooms.router,
    attendance.router,
    badges.router,
    conflicts.router,
    delegates.router,
    device_endpoints.router,
    invitations.router,
    replies.router,
    rounds.router,
    rules.router,
    scans.router,
    feeds.router,
    finding.router,
)
for router in ROUTERS:
    api.add_router("", router)
