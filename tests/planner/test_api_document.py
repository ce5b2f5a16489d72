"""The OpenAPI document is complete: a stranger can write a client from it alone."""

import re

import pytest
from jsonschema import Draft202012Validator
from ninja import Schema
from openapi_spec_validator import validate

from planner.http import api, status_of

DOCUMENT = api.get_openapi_schema()
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
CODES = {kind.code: status_of(kind()) for kind in api.refusals()}


def fits(value, schema):
    """Nothing, when the value is what the schema asks for; the mistakes else."""
    whole = {"components": DOCUMENT["components"]} | schema
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_the_document_is_valid():
    validate(dict(DOCUMENT))


def test_operation_names_are_unique():
    names = [case.values[2]["operationId"] for case in OPERATIONS]

    assert sorted(names) == sorted(set(names))


def test_no_two_schemas_share_a_name():
    def below(kind):
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    ours = {
        kind for kind in below(Schema) if kind.__module__.split(".")[0] in ("planner", "rooms", "attendees")
    }
    named = {kind for kind in ours if "[" not in kind.__name__}
    names = [kind.__name__ for kind in named if kind.__name__ in DOCUMENT["components"]["schemas"]]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_says_what_it_does(path, method, operation):
    assert re.fullmatch(r"/api/v1(/[a-z-]+(\.pdf)?|/\{[a-z_]+\})+", path)
    assert len(operation["summary"].split()) >= 2
    assert operation["description"]
    assert operation["tags"]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_has_examples_that_fit(path, method, operation):
    contents = list(operation.get("requestBody", {}).get("content", {}).values())
    for status, answer in operation["responses"].items():
        contents += list(answer.get("content", {}).values()) if status < "400" else []

    for content in contents:
        assert "example" in content or "examples" in content
        if "example" in content:
            assert fits(content["example"], content["schema"]) == []


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_says_how_it_refuses(path, method, operation):
    refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}

    assert "429" in refusals
    assert ("401" in refusals) == bool(operation.get("security"))
    assert "404" in refusals or "{" not in path
    for status, answer in refusals.items():
        [(kind, content)] = answer["content"].items()
        assert kind == "application/problem+json"
        assert content["examples"] != {}
        for code, example in content["examples"].items():
            assert (example["value"]["code"], example["value"]["status"]) == (code, int(status))
            assert fits(example["value"], content["schema"]) == []


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_code_an_operation_names_is_one_of_ours(path, method, operation):
    """A code named in the text after "Refuses with" is a refusal of the product, listed under its own status."""
    told = operation["description"].partition("efuse")[2]
    for code in re.findall(r"`([a-z_]+)`", told):
        if code in CODES:
            assert (
                code
                in operation["responses"][str(CODES[code])]["content"]["application/problem+json"]["examples"]
            )
        else:
            assert code in {
                "clashes",
                "version",
                "override_reason",
                "room_id",
                "person_ids",
                "others",
                "status",
            }, code


def test_writing_operations_say_that_they_may_not_be_allowed():
    silent = [
        case.id
        for case in OPERATIONS
        if case.values[1] in ("post", "patch", "delete")
        and case.values[2].get("security")
        and "403" not in case.values[2]["responses"]
    ]

    assert silent == []


def test_every_post_but_pairing_takes_an_idempotency_key():
    takes = {
        case.values[0]
        for case in OPERATIONS
        if case.values[1] == "post"
        and any(parameter["name"] == "Idempotency-Key" for parameter in case.values[2]["parameters"])
    }
    posts = {case.values[0] for case in OPERATIONS if case.values[1] == "post"}

    assert posts - takes == {"/api/v1/devices/pair"}


def test_every_list_has_the_same_shape():
    """A GET that answers `items` also answers `count`."""
    schemas = DOCUMENT["components"]["schemas"]
    lists = [
        schema
        for schema in schemas.values()
        if "items" in schema.get("properties", {}) and "Listed" in str(schema.get("title"))
    ]

    assert lists != []
    assert [schema["title"] for schema in lists if "count" not in schema["properties"]] == []


def test_a_rule_is_described_once_and_refers_to_itself():
    rule = DOCUMENT["components"]["schemas"]["Rule"]

    assert rule["properties"]["any"]["anyOf"][0] == {"$ref": "#/components/schemas/Rule"}
    assert fits(rule["examples"][0], {"$ref": "#/components/schemas/Rule"}) == []
