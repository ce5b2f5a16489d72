"""Log lines: one JSON object an event, tied to its request, never a secret."""

import json
import logging
import sys

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from planner.logs import JsonLines, RequestLog, masked, request_id

TOKEN = "7KQ2M5XW3ZT4RB6VN9YH1JDP8C"


@pytest.mark.parametrize("page", ["i", "j", "p", "screen"])
def test_tokens_in_links_are_blotted_out(page: str) -> None:
    assert masked(f"Not Found: /{page}/{TOKEN}/") == f"Not Found: /{page}/…/"


def test_a_feeds_token_is_blotted_out_and_its_kind_kept() -> None:
    assert masked(f"GET /c/{TOKEN}.ics 200") == "GET /c/….ics 200"


def test_a_bearer_token_is_blotted_out() -> None:
    assert masked(f"Authorization: Bearer {TOKEN}, x") == "Authorization: Bearer …, x"


def test_other_addresses_stay_readable() -> None:
    assert masked("GET /sessions/12/invitations/ 200") == "GET /sessions/12/invitations/ 200"


def test_a_failure_keeps_its_trace_without_the_token() -> None:
    try:
        raise ValueError(f"cannot read /i/{TOKEN}/")
    except ValueError:
        record = logging.LogRecord(
            "planner", logging.ERROR, "x.py", 1, "failed at %s", (f"/i/{TOKEN}/",), sys.exc_info()
        )

    line = json.loads(JsonLines().format(record))

    assert (line["message"], line["level"], line["logger"]) == ("failed at /i/…/", "ERROR", "planner")
    assert line["trace"].splitlines()[-1] == "ValueError: cannot read /i/…/"


def answered(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request_id.get(), status=201)


@pytest.mark.parametrize(
    ("given", "is_kept"), [("abcd-1234", True), ("short", False), ("a b\nc" * 4, False), ("", False)]
)
def test_a_request_has_one_id_from_outside_or_its_own(given: str, is_kept: bool) -> None:
    request = RequestFactory().get("/", headers={"X-Request-ID": given} if given else {})

    response = RequestLog(answered)(request)

    assert response.headers["X-Request-ID"] == response.content.decode()
    assert (response.headers["X-Request-ID"] == given) is is_kept
    assert request_id.get() == ""


def test_every_request_leaves_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="planner.access_log"):
        RequestLog(answered)(RequestFactory().post(f"/i/{TOKEN}/?secret=1"))

    [record] = caplog.records
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["method"], line["path"], line["status"]) == (
        "POST /i/…/ 201",
        "POST",
        "/i/…/",
        201,
    )
