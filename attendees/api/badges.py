"""Badges: issue and print them, replace and revoke one."""

from typing import Literal

from django.db.models import Q
from django.http import Http404, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from attendees.models import Badge
from attendees.services import badges, gates, sheets
from attendees.services.sheets import Wish
from planner.access import Actor, Can, must
from planner.models import Session
from planner.pages import Request
from planner.paper.shapes import Format
from planner.wire import Accepted, In, Ref, When, answers, found

router = Router(tags=["badges"])
_RETRY_SECONDS = 1

FormatName = Literal["a6", "a7", "54x90", "cr80"]


class SheetIn(In):
    """How the sheet is wanted."""

    format: FormatName = Field("a6", description="Size of a badge.", examples=["a6"])
    order: Literal["delegation", "name", "number"] = Field(
        "delegation", description="By delegation and name, by name, or by number."
    )
    one_per_page: bool = Field(
        False, description="Each badge on a page of its own size; else A4 with cut marks."
    )
    with_backs: bool = Field(False, description="Each page of fronts followed by its mirrored backs.")


class SheetWanted(In):
    """Which sheet."""

    format: FormatName = Field("a6", description="Size of a badge.")


class BadgeReasonIn(In):
    """Why."""

    reason: str = Field("", max_length=200, examples=["Mất thẻ"])


class IssuedBadgeOut(Schema):
    """A badge; its token is only on paper and on the holder's phone."""

    id: Ref
    person_id: Ref
    number: int | None = Field(examples=[17])
    state: str = Field(description="`active`, `replaced`, `cancelled`.", examples=["active"])
    typed_code: str = Field(description="The eight digits printed under the QR.", examples=["02157700"])
    is_provisional: bool
    issued_at: When


@router.post("/sessions/{session_id}/badges", response=answers(403, 404, 422, accepted=Accepted))
def print_badges(request: Request, session_id: str, data: SheetIn | None = None) -> Status[Accepted]:
    """Issue a badge to every delegate who has none, and print all of them; look the job up, then fetch the PDF.

    A repeat issues none twice and prints anew. Refuses with `not_allowed`.
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    said = data or SheetIn.model_validate({})
    wish = Wish(Format(said.format), said.order, said.one_per_page, said.with_backs)
    return Status(202, Accepted(job_id=sheets.request(session=session, wish=wish, by=request.auth).pk))


@router.get(
    "/sessions/{session_id}/badges.pdf",
    response=answers(403, 404, 422, accepted=Accepted),
    openapi_extra={"responses": {200: {"description": "OK", "content": {"application/pdf": {}}}}},
)
def badge_sheet(request: Request, session_id: str, query: Query[SheetWanted]) -> HttpResponse:
    """The printed badges as PDF; 202 with Retry-After while they are being made, 404 before they were asked for.

    A format not printed yet is printed now. Refuses with `not_allowed`.
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    must(request.auth, Can.BADGE, on=session)
    format = Format(query.format)
    if job := sheets.pending(session, format):
        return _not_yet(job.pk)
    if file := sheets.latest(session, format):
        return _pdf(file.name, sheets.content_of(file))
    if not sheets.was_asked(session):
        raise Http404
    return _not_yet(sheets.request(session=session, wish=Wish(format), by=request.auth).pk)


@router.post("/badges/{badge_id}/replace", response=answers(403, 404, 409, 422, ok=IssuedBadgeOut))
def replace_badge(request: Request, badge_id: str, data: BadgeReasonIn | None = None) -> IssuedBadgeOut:
    """A new badge for the same person; the old paper is refused at every door from now on.

    Refuses with `not_allowed`, `badge_ended`.
    """
    badge, session = _of(request.auth, badge_id)
    reason = data.reason if data else ""
    return _issued_out(badges.replace(badge=badge, session=session, reason=reason, by=request.auth))


@router.post("/badges/{badge_id}/revoke", response=answers(403, 404, 422, ok=IssuedBadgeOut))
def revoke_badge(request: Request, badge_id: str, data: BadgeReasonIn | None = None) -> IssuedBadgeOut:
    """Cancel a badge; a repeat is harmless. Refuses with `not_allowed`."""
    badge, session = _of(request.auth, badge_id)
    reason = data.reason if data else ""
    return _issued_out(badges.revoke(badge=badge, session=session, reason=reason, by=request.auth))


def _of(actor: Actor, badge_id: str) -> tuple[Badge, Session]:
    """The badge among those of sessions the actor may read, and the session it is touched from."""
    sessions = gates.sessions_for(actor)
    scope = Q(series__session__in=sessions) | Q(series__chain__sessions__in=sessions)
    badge = found(Badge.objects.filter(scope).select_related("series").distinct(), badge_id)
    owned = Q(pk=badge.series.session_id) | Q(chain_id=badge.series.chain_id, chain__isnull=False)
    candidates = list(sessions.filter(owned).in_time())
    return badge, next((one for one in candidates if actor.can(Can.BADGE, on=one)), candidates[0])


def _issued_out(badge: Badge) -> IssuedBadgeOut:
    return IssuedBadgeOut(
        id=badge.pk,
        person_id=badge.person_id,
        number=badge.number,
        state=badge.state,
        typed_code=badges.typed_of(badge),
        is_provisional=badge.is_provisional,
        issued_at=badge.issued_at,
    )


def _pdf(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _not_yet(job_id: int) -> HttpResponse:
    answer = HttpResponse(
        Accepted(job_id=job_id).model_dump_json(), status=202, content_type="application/json"
    )
    answer["Retry-After"] = str(_RETRY_SECONDS)
    return answer
