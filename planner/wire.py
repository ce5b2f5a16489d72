"""The forms all API modules share: lists with a count, opaque ids, paging, jobs."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema
from pydantic import ConfigDict

T = TypeVar("T")
M = TypeVar("M", bound=Model)

MOST = 200


class Listed(Schema, Generic[T]):
    """A list: the rows of one page and how many there are in all."""

    items: list[T]
    count: int = Field(description="How many rows there are in all, not on this page.")


class Paging(Schema):
    """Where a page of a list begins and how long it is."""

    limit: int = Field(50, ge=1, le=MOST, description="Rows on a page.")
    offset: int = Field(0, ge=0, description="Rows to pass over.")


class Problem(Schema):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
    code: str = Field(description="A stable word for programs.", examples=["room_taken"])
    errors: dict[str, list[str]] = Field(default_factory=dict, description="Per field, what is wrong.")


class Accepted(Schema):
    """Work taken on: look it up under jobs/{job_id}."""

    job_id: str


def paged(rows: QuerySet[M], paging: Paging, out: Callable[[M], Any] | None = None) -> dict[str, Any]:
    """The page of a queryset in the list shape; `out` turns each row into its schema."""
    count = rows.count()
    page = rows[paging.offset : paging.offset + paging.limit]
    return {"items": [out(row) for row in page] if out else list(page), "count": count}


def listed(rows: list[Any]) -> dict[str, Any]:
    """A whole list in the list shape, for lists that are short by nature."""
    return {"items": rows, "count": len(rows)}


REFUSALS: dict[int, type[Problem]] = {
    401: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
    429: Problem,
    503: Problem,
}


def answers(*statuses: int, **by_status: Any) -> dict[int, Any]:
    """The response map of an endpoint: `answers(404, 409, ok=SessionOut)`; `created=`, `accepted=`, `empty=`."""
    names = {"ok": 200, "created": 201, "accepted": 202, "empty": 204}
    shapes: dict[int, Any] = {names[name]: shape for name, shape in by_status.items()}
    return shapes | {status: REFUSALS[status] for status in (401, *statuses)}
