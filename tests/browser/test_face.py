"""What every page does for a person: keys, focus, dialogs, messages, themes; and that it does without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import face_urls
from tests.browser.axe import serious_findings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.browser.face_urls"),
    pytest.mark.django_db(transaction=True),
]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    face_urls.count = 0
    face_urls.recalled.clear()


@pytest.fixture
def home(page: Page, live_server: Any) -> Page:
    page.goto(live_server.url)
    return page


def test_ctrl_k_and_the_slash_lead_to_the_search_box(home: Page) -> None:
    search = home.get_by_role("searchbox")
    home.keyboard.press("Control+k")
    expect(search).to_be_focused()
    note = home.get_by_label("Ghi chú")
    note.press("/")
    expect(note).to_have_value("/")
    note.blur()
    home.keyboard.press("/")
    expect(search).to_be_focused()


def test_a_chosen_theme_is_in_the_page_before_any_script_runs(home: Page) -> None:
    home.get_by_text("Tài khoản và thiết lập").locator("..").click()
    home.get_by_role("button", name="Tối").click()
    home.goto(home.url)
    assert 'data-theme="dark"' in home.request.get(home.url).text()
    assert home.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 19, 18)"


def test_focus_stays_on_the_button_whose_part_was_replaced(home: Page) -> None:
    home.get_by_role("button", name="Ghi", exact=True).press("Enter")
    expect(home.get_by_text("Đã ghi 1")).to_be_visible()
    expect(home.get_by_role("button", name="Ghi", exact=True)).to_be_focused()


def test_a_refusal_is_told_in_the_servers_words_and_nothing_typed_is_lost(home: Page) -> None:
    home.get_by_label("Giữ").fill("tám giờ")
    home.get_by_role("button", name="Từ chối").click()
    expect(home.get_by_role("alert")).to_contain_text("Phòng họp 1 đã có hội nghị khác.")
    expect(home.get_by_label("Giữ")).to_have_value("tám giờ")


def test_a_lost_server_is_told_and_nothing_typed_is_lost(home: Page) -> None:
    home.route("**/refuse/", lambda route: route.abort())
    home.get_by_label("Giữ").fill("tám giờ")
    home.get_by_role("button", name="Từ chối").click()
    expect(home.get_by_role("alert")).to_contain_text("Máy chủ chưa trả lời")
    expect(home.get_by_label("Giữ")).to_have_value("tám giờ")
    home.get_by_role("button", name="Bỏ qua").click()
    expect(home.get_by_role("alert")).to_have_count(0)


def test_a_wrong_form_comes_back_with_the_focus_on_what_is_wrong(home: Page) -> None:
    home.get_by_role("button", name="Sai").click()
    expect(home.get_by_text("Xin xem lại")).to_be_focused()


def test_a_destructive_step_asks_and_no_means_no(home: Page) -> None:
    home.get_by_role("button", name="Hủy").click()
    expect(home.get_by_role("dialog")).to_contain_text("Thu hồi 71 giấy mời?")
    home.get_by_role("button", name="Không, quay lại").click()
    expect(home.get_by_role("dialog")).to_have_count(0)
    assert face_urls.recalled == []


def test_a_destructive_step_once_confirmed_happens_once(home: Page) -> None:
    home.get_by_role("button", name="Hủy").click()
    home.get_by_role("button", name="Thu hồi").click()
    expect(home.get_by_role("status")).to_contain_text("Đã thu hồi 71 giấy mời.")
    assert face_urls.recalled == ["letters"]


def test_a_fetched_dialog_opens_by_itself_and_the_server_closes_it(home: Page) -> None:
    home.get_by_role("link", name="Mở").click()
    expect(home.get_by_role("dialog")).to_contain_text("Hộp thoại")
    home.get_by_role("button", name="Xong").click()
    expect(home.get_by_role("dialog")).to_have_count(0)
    home.get_by_role("link", name="Mở").click()
    home.get_by_role("button", name="Thôi").click()
    expect(home.get_by_role("dialog")).to_have_count(0)


def test_a_menu_closes_on_escape_and_gives_the_focus_back(home: Page) -> None:
    summary = home.locator(".topbar summary")
    summary.press("Enter")
    expect(home.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    home.keyboard.press("Escape")
    expect(home.get_by_role("button", name="Tiếng Việt")).to_be_hidden()
    expect(summary).to_be_focused()


def test_forms_post_and_links_lead_when_no_script_runs(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.get_by_text("Đã ghi 1")).to_be_visible()
    page.get_by_role("link", name="Mở").click()
    assert page.url.endswith("/dialog/")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/style/", "/login/"])
def test_pages_are_sound(context: BrowserContext, live_server: Any, path: str, size: Any, theme: Any) -> None:
    page = context.new_page()
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)
    complaints: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.add(request.url))
    page.goto(live_server.url + path, wait_until="load")

    assert complaints == []
    assert {url for url in asked if not url.startswith(live_server.url)} == set()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert serious_findings(page) == []


def test_thumbs_find_everything_on_a_phone(page: Page, live_server: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(live_server.url + "/style/")
    small = page.evaluate(
        """[...document.querySelectorAll("button, .button, .tabs a, .tabbar a, .tabbar summary, label.check, select,"
        + "input:not([type=checkbox], [type=radio], [type=hidden]), textarea, a.entry:not(.board *)")]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_a_week_of_thirty_sessions_needs_no_scrolling_on_a_desk(page: Page, live_server: Any) -> None:
    page.set_viewport_size(DESK)
    page.goto(live_server.url + "/style/")
    assert page.locator(".week a.entry").count() == 30
    box = page.locator(".week-wrap").bounding_box()
    head = page.locator(".page-head").bounding_box()
    assert box is not None
    assert head is not None
    assert head["y"] + head["height"] + box["height"] < 900
