"""Sessions: listed, planned, read, changed."""

from typing import Any, Literal

from django.db.models import Q
from ninja import Field, Query, Router, Status

from planner.access import Actor
from planner.api.bodies import readable_bodies
from planner.api.session_answers import ClashOut, SessionOut, session_out, told, whole
from planner.api.session_forms import AgendaItemIn, Kind, SessionDetails, SessionIn, SessionPatch
from planner.flow import clashes, plan, rearrange
from planner.models import Person, Secrecy, Session, SessionChain, Unit
from planner.pages import Request
from planner.services import search
from planner.services.agendas import ItemPlan
from planner.services.plans import Change, Plan
from planner.wire import Id, Listed, Searching, When, answers, found, found_all, listed, paged
from rooms.models import Layout, Room
from rooms.services.bookings import UnknownLayout

router = Router(tags=["sessions"])

_PLAIN = (
    "kind",
    "title",
    "ordinal",
    "secrecy",
    "code_name",
    "mode",
    "description",
    "chain_position",
    "place_text",
    "escort",
    "car",
)


class SessionSearch(Searching):
    """Which sessions."""

    from_: When | None = Field(None, alias="from", description="Only sessions that end after this moment.")
    until: When | None = Field(None, description="Only sessions that begin before this moment.")
    body_id: Id = Field("", description="Only sessions of this body.")
    chain_id: Id = Field("", description="Only sessions of this chain.")
    kind: Kind | Literal[""] = Field("", description="Only sessions of this kind.")
    state: Literal["", "draft", "published", "held", "cancelled"] = Field(
        "", description="Only sessions in this state."
    )


@router.get("/sessions", response=answers(404, 422, ok=Listed[SessionOut]))
def list_sessions(request: Request, query: Query[SessionSearch]) -> dict[str, object]:
    """Sessions in time; `q` searches titles without tone marks."""
    rows = search.matching(Session.objects.visible_to(request.auth).in_time(), query.q)
    if query.from_:
        rows = rows.filter(ends_at__gt=query.from_)
    if query.until:
        rows = rows.filter(starts_at__lt=query.until)
    if query.body_id:
        rows = rows.filter(body=found(readable_bodies(request.auth), query.body_id, field="body_id"))
    if query.chain_id:
        rows = rows.filter(chain=found(_chains(request.auth), query.chain_id, field="chain_id"))
    plain = {name: getattr(query, name) for name in ("kind", "state") if getattr(query, name)}
    return paged(whole(rows.filter(**plain)), query, session_out)


@router.post("/sessions", response=answers(403, 404, 409, 422, created=SessionOut))
def plan_session(request: Request, data: SessionIn) -> Status[SessionOut]:
    """Plan a session: a draft with its list filled and, with `room_id`, that room held.

    The list comes from the kind's template, else the body's members. Clashes never refuse a draft; `clashes` tells
    them. When the room cannot be had nothing is saved. Refuses with `not_allowed`, `room_taken`, `room_closed`,
    `room_not_fit_for_secret`, `unknown_layout`, `reason_needed` (layout too small), `ends_before_it_starts`,
    `title_needed`, `code_name_needed`, `secret_content_refused`, `bad_rule`.
    """
    actor = request.auth
    reason = data.reason_for(is_secret=data.secrecy == "secret")
    values = {name: getattr(data, name) for name in _PLAIN} | _linked(data, actor)
    wanted = Plan(
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        chairs=_chairs(data, actor),
        agenda=_agenda(data.agenda),
        **values,
    )
    room, layout = _room(data, actor)
    session = plan.plan(wanted, room=room, layout=layout, reason=reason, by=actor)
    return Status(201, _answer(session))


@router.get("/sessions/{session_id}", response=answers(404, ok=SessionOut))
def read_session(request: Request, session_id: str) -> SessionOut:
    """One session with its clashes."""
    return _answer(found(Session.objects.visible_to(request.auth), session_id))


@router.patch("/sessions/{session_id}", response=answers(403, 404, 409, 422, ok=SessionOut))
def change_session(request: Request, session_id: str, data: SessionPatch) -> SessionOut:
    """Change a session's details; what is not named stays.

    Refuses with `not_allowed`, `changed_meanwhile` (an old `version`), `use_move` (times or room of a published
    session), `wrong_state` (held or cancelled), `room_taken`, `room_closed`, `room_not_fit_for_secret`,
    `unknown_layout`, `reason_needed`, `ends_before_it_starts`, `title_needed`, `code_name_needed`,
    `secret_content_refused`.
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    wanted = _change(data, request.auth)
    is_secret = wanted.values.get("secrecy", session.secrecy) == Secrecy.SECRET
    reason = data.reason_for(is_secret=is_secret)
    if "room_id" in data.model_fields_set:
        room, layout = _room(data, request.auth)
        session = rearrange.rearrange(
            session, wanted=wanted, room=room, layout=layout, reason=reason, by=request.auth
        )
    else:
        session = plan.change(session, wanted=wanted, by=request.auth)
    return _answer(session)


@router.get("/sessions/{session_id}/clashes", response=answers(404, ok=Listed[ClashOut]))
def list_clashes(request: Request, session_id: str) -> dict[str, object]:
    """Every clash of a session as it stands: blocked, needing a reason, or a warning."""
    session = found(Session.objects.visible_to(request.auth), session_id)
    return listed([ClashOut(**clash) for clash in _clashes(session)])


def _clashes(session: Session) -> list[dict[str, Any]]:
    return clashes.told(session)


def _answer(session: Session) -> SessionOut:
    fresh = whole(Session.objects.filter(pk=session.pk)).get()
    return SessionOut(**told(fresh, clashes=_clashes(fresh)))


def _chains(actor: Actor) -> Any:
    seen = Q(sessions__in=Session.objects.visible_to(actor)) | Q(sessions__isnull=True)
    return SessionChain.objects.filter(seen).distinct()


def _linked(data: SessionDetails, actor: Actor) -> dict[str, Any]:
    """The rows that ids of a request name; None where it names none."""
    rows = {
        "body": readable_bodies(actor),
        "chain": _chains(actor),
        "recorder": Person.objects.visible_to(actor).active(),
        "preparing_unit": Unit.objects.all(),
    }
    ids = {name: getattr(data, f"{name}_id") for name in rows}
    return {name: found(rows[name], ids[name], field=f"{name}_id") if ids[name] else None for name in rows}


def _chairs(data: SessionDetails, actor: Actor) -> tuple[Person, ...] | None:
    if data.chair_ids is None:
        return None
    return tuple(found_all(Person.objects.visible_to(actor).active(), data.chair_ids, field="chair_ids"))


def _agenda(items: list[AgendaItemIn]) -> tuple[ItemPlan, ...]:
    return tuple(ItemPlan(**item.model_dump()) for item in items)


def _room(data: SessionDetails, actor: Actor) -> tuple[Room | None, Layout | None]:
    """The room and layout a request names. Raises UnknownLayout."""
    if not data.room_id:
        return None, None
    room = found(Room.objects.visible_to(actor), data.room_id, field="room_id")
    if data.layout is None:
        return room, None
    layout = room.layouts.filter(kind=data.layout).first()
    if layout is None:
        raise UnknownLayout(fields={"layout": UnknownLayout.message})
    return room, layout


def _change(data: SessionPatch, actor: Actor) -> Change:
    """What was named in the request, with rows in place of ids."""
    named = data.model_fields_set
    values = {name: getattr(data, name) for name in (*_PLAIN, "reply_by") if name in named}
    values |= {
        name: getattr(data, name) for name in ("starts_at", "ends_at") if getattr(data, name) is not None
    }
    values |= {name: row for name, row in _linked(data, actor).items() if f"{name}_id" in named}
    return Change(
        values=values,
        chairs=_chairs(data, actor) if "chair_ids" in named else None,
        agenda=_agenda(data.agenda) if "agenda" in named else None,
        version=data.version,
    )
