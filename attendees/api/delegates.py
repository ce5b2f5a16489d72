"""Delegates: a session's list, and each on it."""

from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Status

from attendees.api.delegate_answers import DelegateOut, DelegateWhole, company_of, whole_out
from attendees.api.rules import RuleJson
from attendees.models import Delegate
from attendees.models.delegates import DelegateQuerySet
from attendees.services import delegates, rosters
from planner.access import Actor
from planner.models import Person, Session, Unit
from planner.pages import Request
from planner.services import search
from planner.wire import Id, In, Listed, Searching, answers, found, found_all, paged

router = Router(tags=["delegates"])

Category = Literal["summoned", "invited", "guest", "service", "press", "technical"]
_RENAMED = {"category": "role", "delegation_id": "delegation"}


class DelegateSearch(Searching):
    """Which delegates, in which order."""

    category: Category | Literal[""] = ""
    reply: str = Field("", max_length=15, description="Only with this answer: `none`, `attending`, …")
    order: Literal["precedence", "name", "delegation"] = "precedence"


class DelegatesIn(In):
    """Whom to put on the list: people by name, by a rule, or both."""

    person_ids: list[Id] = Field(default_factory=list, max_length=5000)
    rule: RuleJson | None = None
    category: Category | None = Field(
        None,
        description="For `person_ids`; default: summoned for members of the body, invited for others.",
        examples=["invited"],
    )
    items: list[Annotated[int, Field(ge=1, le=9999)]] = Field(
        default_factory=list,
        max_length=200,
        description="For `person_ids`: only for these items.",
        examples=[[]],
    )


class DelegateChange(In):
    """What to change of a delegate; what is not named stays."""

    category: Category = "summoned"
    basis: Literal["ex_officio", "elected", "appointed", "alternate", ""] = "elected"
    is_voting: bool = True
    is_required: bool = True
    delegation_id: Id | None = None
    number: int | None = Field(None, ge=1, le=1_000_000, examples=[17])
    seat: str = Field("", max_length=20, examples=["A12"])
    position: int = Field(1000, ge=1, le=1_000_000, description="Order within the list.", examples=[17])
    items: list[Annotated[int, Field(ge=1, le=9999)]] = Field(
        default_factory=list, max_length=200, description="Only for these items; empty: all.", examples=[[3]]
    )
    diet: str = Field("", max_length=100, examples=["ăn chay"])
    needs: str = Field("", max_length=200, description="Never for a secret session.", examples=["xe lăn"])
    note: str = Field("", max_length=300, description="Never for a secret session.", examples=[""])
    printed_name: str | None = Field(
        None, min_length=1, max_length=150, description="On badge and letter.", examples=["Nguyễn Văn An"]
    )
    printed_post: str = Field("", max_length=400, examples=["Bí thư Đảng ủy xã Tà Đùng"])


@router.get("/sessions/{session_id}/delegates", response=answers(404, 422, ok=Listed[DelegateOut]))
def list_delegates(request: Request, session_id: str, query: Query[DelegateSearch]) -> dict[str, object]:
    """A session's list with answers, badges and attendance; `q` searches names, posts and units."""
    session = found(Session.objects.visible_to(request.auth), session_id)
    rows = Delegate.objects.filter(session=session).listed().with_list_columns()
    if query.category:
        rows = rows.filter(role=query.category)
    if query.reply:
        rows = rows.filter(reply=query.reply)
    company = company_of(session, request.auth)
    return paged(search.matching(_ordered(rows, query.order), query.q), query, company.delegate_out)


@router.post(
    "/sessions/{session_id}/delegates", response=answers(403, 404, 409, 422, created=Listed[DelegateOut])
)
def add_delegates(request: Request, session_id: str, data: DelegatesIn) -> Status[dict[str, object]]:
    """Put people on the list; the answer is those named, newcomers and those who stood there already.

    Once invitations went out, newcomers are invited by themselves. Refuses with `not_allowed`, `bad_rule`,
    `unknown_item`, `wrong_state` (held or cancelled).
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    people = found_all(Person.objects.visible_to(request.auth).active(), data.person_ids, field="person_ids")
    rows = rosters.extend(
        session=session,
        rule=data.rule,
        people=people,
        role=data.category or "",
        items=data.items,
        by=request.auth,
    )
    company = company_of(session, request.auth)
    return Status(201, {"items": [company.delegate_out(row) for row in rows], "count": len(rows)})


@router.delete("/sessions/{session_id}/delegates/{delegate_id}", response=answers(403, 404, 409, empty=None))
def remove_delegate(request: Request, session_id: str, delegate_id: str) -> Status[None]:
    """Take a delegate off the list; an invitation that went out is taken back, the badge is dead.

    Refuses with `not_allowed`, `wrong_state` (held or cancelled).
    """
    session = found(Session.objects.visible_to(request.auth), session_id)
    delegates.remove(
        delegate=found(_listed(request.auth).filter(session=session), delegate_id), by=request.auth
    )
    return Status(204, None)


@router.get("/delegates/{delegate_id}", response=answers(404, ok=DelegateWhole))
def read_delegate(request: Request, delegate_id: str) -> DelegateWhole:
    """One delegate with every answer ever given."""
    return whole_out(found(_listed(request.auth), delegate_id), request.auth)


@router.patch("/delegates/{delegate_id}", response=answers(403, 404, 409, 422, ok=DelegateWhole))
def change_delegate(request: Request, delegate_id: str, data: DelegateChange) -> DelegateWhole:
    """Change how somebody stands on the list; what is not named stays.

    Refuses with `not_allowed`, `number_taken`, `unknown_item`, `wrong_state`, `secret_content_refused`.
    """
    delegate = found(_listed(request.auth), delegate_id)
    items = data.items if "items" in data.model_fields_set else None
    changed = delegates.change(delegate=delegate, values=_values(data), items=items, by=request.auth)
    return whole_out(found(_listed(request.auth), str(changed.pk)), request.auth)


def _listed(actor: Actor) -> DelegateQuerySet:
    return Delegate.objects.visible_to(actor).listed().with_list_columns()


def _ordered(rows: DelegateQuerySet, order: str) -> DelegateQuerySet:
    if order == "name":
        return rows.by_name()
    return rows.by_delegation() if order == "delegation" else rows.in_order()


def _values(data: DelegateChange) -> dict[str, Any]:
    named = data.model_fields_set - {"items"} - ({"printed_name"} if data.printed_name is None else set())
    values = {_RENAMED.get(name, name): getattr(data, name) for name in named}
    if data.delegation_id and "delegation_id" in named:
        values["delegation"] = found(Unit.objects.all(), data.delegation_id, field="delegation_id")
    return values
