"""Every page of the site in real Chromium: phone and desk, Vietnamese and English, light and dark.

The list of pages comes from the site's own addresses; a new page is looked at without being named here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from planner.access import Role
from planner.vietnamese import fold
from tests.browser.axe import serious_findings
from tests.scene import Scene, filled, page_routes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
NOT_PAGES = {"styleguide"}  # shows its words in both languages on purpose
OF_ALLAUTH = ("account_", "mfa_")  # which has pages for strangers; here they do not exist
NEED_A_SECOND_FACTOR = "2fa/webauthn/keys/"  # of an account that has one

EVERY_WORD = """() => {
    const words = [document.title];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest("script, style, pre, [lang]:not(html)")) words.push(walk.currentNode.data);
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
        if (element.closest("[lang]:not(html)")) continue;
        for (const name of ["aria-label", "placeholder", "title", "alt"]) words.push(element.getAttribute(name) ?? "");
    }
    return words.map(text => text.trim()).filter(Boolean);
}"""
WIDER_THAN_THE_WINDOW = """() => {
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over <= 0) return "";
    const culprits = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
    return `${over} px: ` + culprits.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(" | ");
}"""

ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\S+\.(?:xlsx|pdf|docx|csv|ics)\b")
LATIN = re.compile(r"[A-Za-z]+")
MARKED = re.compile(r"[^\W\d_]*[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ][^\W\d_]*")
NAMES = (  # said so in every language: names, abbreviations of offices, spellings, headings of Vietnamese lists
    "Nghị Trình",
    "Tiếng Việt",
    "(test)",
    "LĐVP",
    "HĐND",
    "UBND",
    "Thường trực",
    "hoà, uỷ",
    "hòa, ủy",
    "Thứ, Ngày, Buổi, Giờ, Nội dung, Địa điểm",
)
PLAIN_ENGLISH = """the and for with from this that not are was has have you your all any can may new add edit save cancel
close delete remove back next previous search today yes none open send more less show hide name date time"""


def english_words() -> frozenset[str]:
    """Words that our English texts use and our Vietnamese ones never do."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale" / "vi" / "LC_MESSAGES" / "django.po"))
    english = {word for entry in catalogue for word in _words(entry.msgid + " " + entry.msgid_plural)}
    vietnamese = {
        word
        for entry in catalogue
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        for word in _words(text)
    }
    return frozenset(word for word in {*english, *PLAIN_ENGLISH.split()} - vietnamese if len(word) > 2)


def _words(text: str) -> list[str]:
    """Lower-case words of plain Latin letters; parameters and tags left out."""
    bare = re.sub(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>", " ", text)
    whole = re.findall(r"[^\W\d_]+", bare)
    return [word.lower() for word in whole if LATIN.fullmatch(word) and not word.isupper()]


ENGLISH = english_words()


@dataclass
class Look:
    """What was found on the pages so far, and how to look at one."""

    page: Page
    home: str
    language: str
    found: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._note_request(asked.url))

    def at(self, path: str) -> None:
        """Opens the page at both widths and notes what is wrong with it."""
        self.complaints.clear()
        answer = self.page.goto(self.home + path, wait_until="load")
        self.page.locator(".htmx-request").first.wait_for(state="detached")
        status = answer.status if answer else 0
        self._note(path, "status", status if status != 200 else "")
        for size in (DESK, PHONE) if self.language == "vi" else (PHONE, DESK):
            self.page.set_viewport_size(size)
            self._note(path, f"wider than {size['width']}", self.page.evaluate(WIDER_THAN_THE_WINDOW))
        self._note(path, "language", leftovers(self.page.evaluate(EVERY_WORD), self.language))
        self._note(path, "console", list(self.complaints))
        self._note(path, "axe", serious_findings(self.page))  # last: axe itself breaks the page's CSP

    def _note(self, path: str, what: str, finding: Any) -> None:
        if finding:
            self.found.append(f"{path} {what}: {finding}")

    def _note_console(self, said: ConsoleMessage) -> None:
        """What the page's own files say; axe, run by the debugger, has no file and comes late."""
        if said.type in ("error", "warning") and said.location["url"]:
            self.complaints.append(said.text)

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.complaints.append(f"asked {url}")


def leftovers(texts: list[str], language: str) -> list[str]:
    """Texts in the other language; English data are plain, so any Vietnamese mark is a leftover."""
    bare = {text: ADDRESS.sub(" ", text) for text in texts}
    for name in NAMES:
        bare = {text: plain.replace(name, "") for text, plain in bare.items()}
    if language == "vi":
        return sorted({text[:80] for text, plain in bare.items() if ENGLISH.intersection(_words(plain))})
    return sorted({text[:80] for text, plain in bare.items() if MARKED.search(plain)})


def without_marks(text: str) -> str:
    """The words as somebody without a Vietnamese keyboard types them."""
    return " ".join(word.capitalize() for word in fold(text).split())


def pages(scene: Scene, client: Client) -> Iterator[str]:
    """The path of every address that answers this visitor with a page of its own, or with none where one should be."""
    for name, route in page_routes():
        if name in NOT_PAGES or route.startswith(NEED_A_SECOND_FACTOR):
            continue
        path = "/" + filled(route, scene.things)
        answer = client.get(path)
        is_whole = not answer.streaming and answer.content[:200].lower().lstrip().startswith(
            b"<!doctype html"
        )
        if is_whole and not (answer.status_code == 404 and name.startswith(OF_ALLAUTH)):
            yield path


def visitor(browser: Browser, home: str, language: str, client: Client | None) -> BrowserContext:
    """A browser with this language and theme, signed in like the client."""
    context = browser.new_context(
        locale=language,
        timezone_id="Asia/Ho_Chi_Minh",
        color_scheme="light" if language == "vi" else "dark",
    )
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "language", "value": language, "url": home}])
    if client is not None:
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": home}])
    return context


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_sound_on_a_phone_and_on_a_desk(make, browser: Browser, live_server, language: str):
    scene = Scene(make, say=str if language == "vi" else without_marks)
    stranger, staff = Client(), make.client(Role.ADMINISTRATOR, language=language)
    stranger.raise_request_exception = staff.raise_request_exception = False
    public = list(pages(scene, stranger))
    found: list[str] = []
    for client, paths in (
        (None, public),
        (staff, [path for path in pages(scene, staff) if path not in public]),
    ):
        context = visitor(browser, live_server.url, language, client)
        look = Look(context.new_page(), live_server.url, language)
        for path in paths:
            look.at(path)
        context.close()
        found += look.found
    assert "\n".join(found) == ""
    assert len(public) >= 4
