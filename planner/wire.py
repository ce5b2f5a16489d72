"""The forms all API modules share: lists with a count, opaque ids, moments with an offset, problems, jobs."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

T = TypeVar("T")
M = TypeVar("M", bound=Model)

MOST = 200
_LONGEST_ID = 18  # digits; a longer one names no row and some databases refuse it
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_UNESCAPED_PLUS = re.compile(r" (?=\d\d:?\d\d$)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _as_id(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_moment(value: Any) -> Any:
    """A moment given as RFC 3339 says; a `+` that a URL turned into a blank is put back."""
    if isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError(_("Write a date and time with offset, like 2026-12-01T08:00:00+07:00."))
    if not 1900 < int(value[:4]) < 2200:
        raise ValueError(_("This year lies too far away."))
    return _UNESCAPED_PLUS.sub("+", value)


def _spoken(moment: dt.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


Id = Annotated[str, BeforeValidator(_as_id), WithJsonSchema({"type": "string", "examples": ["17"]})]
Ref = Annotated[
    int, PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string", "examples": ["17"]})
]
When = Annotated[
    AwareDatetime,
    BeforeValidator(_as_moment),
    PlainSerializer(_spoken, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-12-01T08:00:00+07:00"]}),
]


class In(Schema):
    """What a program sends; texts hold no control characters, which no database keeps and no paper prints."""

    @model_validator(mode="after")
    def _holds_only_text(self) -> "In":
        for name in self.model_fields_set:
            value = getattr(self, name)
            texts = value if isinstance(value, list) else [value]
            if any(isinstance(text, str) and _UNPRINTABLE.search(text) for text in texts):
                raise ValueError(_("%(field)s holds characters that cannot be printed.") % {"field": name})
        return self


class Listed(Schema, Generic[T]):
    """A list: the rows of one page and how many there are in all."""

    items: list[T]
    count: int = Field(description="How many rows there are in all, not on this page.", examples=[1])


class Paging(In):
    """Where a page of a list begins and how long it is."""

    limit: int = Field(50, ge=1, le=MOST, description="Rows on a page.")
    offset: int = Field(0, ge=0, le=1_000_000_000, description="Rows to pass over.")


class Searching(Paging):
    """A page of a list, and words that its rows must hold."""

    q: str = Field("", max_length=200, description="Words to search for, with or without tone marks.")


class Problem(Schema):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(
        description="What is wrong and what to do, in the language asked for.",
        examples=["P1 is taken from 07:45 to 11:15 on 01/12/2026."],
    )
    code: str = Field(description="A stable word for programs.", examples=["room_taken"])
    errors: dict[str, list[str]] = Field(
        default_factory=dict, description="Per field, what is wrong.", examples=[{}]
    )


class Accepted(Schema):
    """Work taken on: look it up under jobs/{job_id}."""

    job_id: Ref


class NotFoundIn(Http404):
    """What a field of the body names does not exist, or the asker may not see it."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def found(rows: QuerySet[M], pk: str, *, field: str = "") -> M:
    """The row of an opaque id among those the asker may see; 404 else, naming `field` when a body named it."""
    row = rows.filter(pk=int(pk)).first() if _is_id(pk) else None
    if row is None:
        raise NotFoundIn(field) if field else Http404
    return row


def found_all(rows: QuerySet[M], ids: list[str], *, field: str) -> list[M]:
    """The rows of opaque ids, in their order and once each; 404 naming the field when one is missing."""
    wanted = [int(pk) for pk in dict.fromkeys(ids) if _is_id(pk)]
    known = {row.pk: row for row in rows.filter(pk__in=wanted)}
    if len(wanted) < len(set(ids)) or len(known) < len(wanted):
        raise NotFoundIn(field)
    return [known[pk] for pk in wanted]


def _is_id(pk: str) -> bool:
    return pk.isascii() and pk.isdecimal() and len(pk) <= _LONGEST_ID


def paged(rows: QuerySet[M], paging: Paging, out: Callable[[M], Any] | None = None) -> dict[str, Any]:
    """The page of a queryset in the list shape; `out` turns each row into its schema."""
    count = rows.count()
    page = rows[paging.offset : paging.offset + paging.limit]
    return {"items": [out(row) for row in page] if out else list(page), "count": count}


def listed(rows: list[Any], paging: Paging | None = None) -> dict[str, Any]:
    """A list made in memory in the list shape: whole, or the page asked for."""
    page = rows[paging.offset : paging.offset + paging.limit] if paging else rows
    return {"items": page, "count": len(rows)}


def problem(status: int, code: str, detail: str, **members: Any) -> HttpResponse:
    """An application/problem+json answer (RFC 9457)."""
    document = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "code": code,
    }
    octets = json.dumps(document | members, ensure_ascii=False, default=str).encode()
    response = HttpResponse(octets, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def title_of(status: int) -> str:
    """The short words for a status."""
    return {
        400: _("Bad request"),
        401: _("Who are you?"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("No such deed here"),
        409: _("Conflict"),
        413: _("Too large"),
        415: _("Wrong kind of content"),
        422: _("Not acceptable as it is"),
        429: _("Too many requests"),
        503: _("Not reachable"),
    }.get(status, _("Error"))


REFUSALS: dict[int, type[Problem]] = dict.fromkeys((401, 403, 404, 409, 413, 422, 429, 503), Problem)


def answers(*statuses: int, **by_status: Any) -> dict[int, Any]:
    """The response map of an endpoint: `answers(404, 409, ok=SessionOut)`; `created=`, `accepted=`, `empty=`."""
    names = {"ok": 200, "created": 201, "accepted": 202, "empty": 204}
    shapes: dict[int, Any] = {names[name]: shape for name, shape in by_status.items()}
    return shapes | {status: REFUSALS[status] for status in (401, *statuses, 429)}
