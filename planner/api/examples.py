"""Examples for the OpenAPI document, composed of the examples that fields carry."""

from typing import Any

_DEEPEST = 8
_BY_FORMAT = {
    "date-time": "2026-12-01T08:00:00+07:00",
    "date": "2026-12-01",
    "time": "08:00:00",
    "uuid": "0d9d6c1e-5f3b-4a4f-9a77-2f3b1c0d9e10",
    "binary": "…",
}
_BY_TYPE = {"integer": 1, "number": 1, "boolean": True, "null": None, "string": ""}


def example_of(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits the schema; `schemas` are the document's components."""
    if depth > _DEEPEST:
        return None
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, depth)
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("example", "const", "default"):
        if word in schema:
            return schema[word]
    if schema.get("enum"):
        return schema["enum"][0]
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        return example_of(_first_real(choices), schemas, depth)
    return _by_type(schema, schemas, depth)


def _first_real(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return next((choice for choice in choices if choice.get("type") != "null"), choices[0])


def _by_type(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "array":
        item = example_of(schema["items"], schemas, depth + 1) if schema.get("items") else None
        return [] if item is None else [item]
    if kind == "object":
        fields = schema.get("properties", {})
        return {name: example_of(field, schemas, depth + 1) for name, field in fields.items()}
    if kind == "string" and schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    return schema.get("minimum", _BY_TYPE.get(str(kind))) if kind == "integer" else _BY_TYPE.get(str(kind))
