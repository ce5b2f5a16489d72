"""What happens to every request: the language it is answered in, and headers no view may forget."""

from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from planner.middleware import Language


def spoken(path: str, *, user: str = "", cookie: str = "", accept: str = "") -> str:
    """The language a view under `path` would speak."""
    request = RequestFactory().get(path, headers={"Accept-Language": accept} if accept else {})
    request.user = SimpleNamespace(language=user)  # type: ignore[assignment]
    if cookie:
        request.COOKIES["language"] = cookie

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    return Language(view)(request).content.decode()


@pytest.mark.parametrize(
    ("user", "cookie", "expected"),
    [
        ("", "", "vi"),
        ("", "en", "en"),
        ("en", "vi", "en"),
        ("vi", "en", "vi"),
        ("", "fr", "vi"),
        ("", "../x", "vi"),
    ],
)
def test_pages_speak_the_users_setting_then_the_cookie_then_the_office(
    user: str, cookie: str, expected: str
) -> None:
    assert spoken("/week/", user=user, cookie=cookie, accept="en") == expected


@pytest.mark.parametrize(
    ("accept", "expected"), [("", "vi"), ("en-GB,en;q=0.8", "en"), ("vi-VN", "vi"), ("fr", "vi")]
)
def test_the_api_speaks_what_the_program_accepts(accept: str, expected: str) -> None:
    assert spoken("/api/v1/me", user="en", cookie="en", accept=accept) == expected


@pytest.mark.django_db
def test_every_answer_is_closed_to_foreign_content(client: Client) -> None:
    headers = client.get("/login/").headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == (
        "'none'",
        "'self'",
        "'self'",
    )
    assert (policy["frame-ancestors"], policy["base-uri"], policy["object-src"]) == (
        "'none'",
        "'none'",
        "'none'",
    )
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Server"] == "nghi-trinh"
    assert headers["Permissions-Policy"].startswith("camera=(), microphone=()")


@pytest.mark.django_db
def test_the_session_is_not_written_at_every_request(client: Client) -> None:
    assert "session" not in client.get("/login/").cookies
