"""The OpenAPI document: what ninja writes from the code, completed with examples and every way to be refused."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from planner.api.examples import example_of
from planner.errors import DomainError
from planner.wire import title_of

DESCRIPTION = """
The planner of conferences and meetings as a JSON API; every page uses the same services.

**Who.** `Authorization: Bearer <token>`: an API token made under one's account or by `manage.py token create`, or the
token of a paired door device. What a token may do is its account's roles narrowed to the token's scopes. What one may
not see answers 404.

**Values.** Moments are RFC 3339 with an offset and come back in the office's; dates are ISO; lengths are minutes and
named so. Ids are opaque strings.

**Lists** are `{"items": […], "count": n}`, with `limit` (at most 200) and `offset`, in a stable order; `q` searches.

**Refusals** are `application/problem+json` with a stable `code`, words in the language of `Accept-Language` (`vi`,
`en`) and `errors` per field. Every endpoint names its own codes below.

**Repeating.** Any POST but pairing may carry an `Idempotency-Key`: within 24 hours the same key and body get the first
answer again, whatever happened since.

**Long work** answers 202 with a `job_id`; `GET jobs/{id}` tells how far it is.
"""

PROBLEM = "application/problem+json"
_CODE = re.compile(r"`([a-z_]+)`")
_GENERAL = {
    401: ("not_authenticated", "Send a valid token: Authorization: Bearer …"),
    403: ("not_allowed", "You may not do this. Ask an administrator for the right."),
    404: ("not_found", "There is no such thing, or you may not see it."),
    409: ("conflict", "Somebody else changed this meanwhile. Look again, then repeat."),
    413: ("too_large", "The request is too large."),
    422: ("invalid", "Some fields are not right; see errors."),
    429: ("too_many_requests", "Too many requests; wait a little."),
    503: ("unreachable", "The outside service does not answer. Try again in a moment."),
}
_REPEATABLE = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "example": "5f2b8c1e-9d4a-4f5e-8a51-0b6f1f7f2c11",
    "description": "The same key and body within 24 hours get the stored answer; another body is refused with 422 "
    "`idempotency_key_reused`, a request still being carried out with 409 `request_in_progress`.",
}


class Docs(Swagger):
    """Swagger UI from our own server; it asks no validator outside."""

    template = "api/docs.html"

    def __init__(self) -> None:
        super().__init__(
            {"validatorUrl": None, "persistAuthorization": False, "displayRequestDuration": True}
        )


class Readable(JSONRenderer):
    """JSON in UTF-8 as it is written, Vietnamese letters and all."""

    def __init__(self) -> None:
        self.json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """The API of version 1, with a complete document."""

    def __init__(
        self, status_of: Callable[[DomainError], int], schemas: dict[str, dict[str, Any]], **settings: Any
    ) -> None:
        """`schemas` are components that no model writes; fields name them by `x-schema`."""
        super().__init__(docs=Docs(), renderer=Readable(), **settings)
        self.status_of, self.schemas = status_of, schemas
        self._document: OpenAPISchema | None = None

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The endpoint's own name: stable, and what generated clients call it."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **wanted: Any) -> OpenAPISchema:
        """The document, made once in English: programs and their authors read it."""
        if self._document is None:
            with translation.override("en"):
                document = super().get_openapi_schema(**wanted)
                document["components"]["schemas"] |= self.schemas
                self._document = _completed(_referring(document), self._codes())
        return self._document

    def refusals(self) -> list[type[DomainError]]:
        """Every refusal of the product that is loaded."""
        return list(_descendants(DomainError))

    def _codes(self) -> dict[str, tuple[int, str]]:
        """Code → status and words."""
        return {kind.code: (self.status_of(kind()), str(kind.message)) for kind in self.refusals()}


def _descendants(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def _completed(document: OpenAPISchema, refusals: dict[str, tuple[int, str]]) -> OpenAPISchema:
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _describe(operation)
            if method == "post" and not path.endswith("/devices/pair"):
                operation["parameters"].append(_REPEATABLE)
            _refuse(operation, path, refusals)
            _exemplify(operation, schemas)
    return document


def _referring(part: Any) -> Any:
    """The same document with every `x-schema` turned into a reference, in place."""
    if isinstance(part, dict):
        if name := part.pop("x-schema", None):
            part["$ref"] = f"#/components/schemas/{name}"
        for value in part.values():
            _referring(value)
    elif isinstance(part, list):
        for value in part:
            _referring(value)
    return part


def _describe(operation: dict[str, Any]) -> None:
    """The first line of the docstring is the summary."""
    lines = str(operation.get("description", "")).strip().splitlines()
    if lines:
        operation["summary"] = lines[0].rstrip(".")


def _refuse(operation: dict[str, Any], path: str, refusals: dict[str, tuple[int, str]]) -> None:
    """Error answers as problem documents, one example a code: those the docstring names, and the general ones."""
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    named = [code for code in _CODE.findall(operation.get("description", "")) if code in refusals]
    if not operation.get("security"):
        responses.pop("401", None)
    found: dict[int, dict[str, str]] = {int(status): {} for status in responses if int(status) >= 400}
    for code in named:
        status, words = refusals[code]
        found.setdefault(status, {})[code] = words
    for status in _general_statuses(operation, path) | found.keys():
        code, words = _GENERAL.get(status, ("error", title_of(status)))
        if status in (401, 404, 422, 429) or not found.get(status):
            found.setdefault(status, {})[code] = words
    for status, codes in sorted(found.items()):
        responses[str(status)] = {
            "description": title_of(status),
            "content": {
                PROBLEM: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {code: {"value": _problem(status, code, codes[code])} for code in codes},
                }
            },
        }
    operation["responses"] = responses


def _general_statuses(operation: dict[str, Any], path: str) -> set[int]:
    statuses = {429}
    if operation.get("security"):
        statuses.add(401)
    if "{" in path:
        statuses.add(404)
    if operation.get("requestBody") or operation.get("parameters"):
        statuses.add(422)
    return statuses


def _problem(status: int, code: str, words: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": words,
        "code": code,
        "errors": {},
    }


def _exemplify(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """An example for each parameter, the body and each good answer, made of the examples of their fields."""
    for parameter in operation["parameters"]:
        if parameter.pop("examples", None) or "example" not in parameter:
            parameter["example"] = example_of(parameter["schema"], schemas)
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    bodies += [answer for status, answer in operation["responses"].items() if int(status) < 400]
    for body in bodies:
        for content in body.get("content", {}).values():
            content.setdefault("schema", {"type": "string", "format": "binary"})
            if "example" not in content and "examples" not in content:
                content["example"] = example_of(content.get("schema", {}), schemas)
