"""The first page a stranger sees: nothing refused by the content policy, nothing asked from elsewhere."""

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Route
from pytest_django.live_server_helper import LiveServer

from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_log_in_page_is_complete_without_a_network(
    page: Page, live_server: LiveServer, make: Make, language: str
) -> None:
    make.user()
    complaints: list[str] = []
    foreign: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def on_route(route: Route, request: Request) -> None:
        if not request.url.startswith(live_server.url):
            foreign.append(request.url)
        route.continue_()

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", on_route)
    page.context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])

    page.goto(f"{live_server.url}/", wait_until="networkidle")

    assert page.url == f"{live_server.url}/login/?next=/"
    assert page.locator("html").get_attribute("lang") == language
    assert (complaints, foreign) == ([], [])
