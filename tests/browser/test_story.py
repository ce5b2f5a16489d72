"""The one sentence through pages alone: a clerk at a desk, a delegate with a phone, a door, and a report to take home."""

import datetime as dt
import re
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from planner.access import Role
from planner.models import Body
from rooms.models import Connection
from tests.mail_sink import Sink, mail_sink
from tests.make import PASSWORD
from tests.scene import work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phạm Quốc Dương")
TITLE = "Hội nghị Ban Thường vụ Tỉnh ủy tháng 11"
PHONE = {"width": 360, "height": 780}
STRANGER_TO_THE_SERVER = 3100  # ms until a door asks about the same badge again


@pytest.fixture
def sink(settings, live_server):
    settings.BASE_URL, settings.OUTBOX_DELAY_SECONDS = live_server.url, 0
    with mail_sink() as up:
        settings.EMAIL_URL = up.url
        yield up


@pytest.fixture
def clerk(make, page: Page, live_server) -> Page:
    """A planner who has just signed in, in an office with a board, a room and a video line."""
    make.office(phone="0237 3852 222", issuer_name="Ban Thường vụ Tỉnh ủy")
    people = [make.person(name, email=f"m{n}@tinh.example") for n, name in enumerate(PEOPLE)]
    make.body(kind=Body.Kind.STANDING_BOARD, members=people, name="Ban Thường vụ Tỉnh ủy")
    make.room("Phòng họp số 1", seats=30)
    Connection.objects.create(
        name="Truyền hình Tỉnh ủy", kind="fixed", address="https://hop.tinh.example/btv"
    )
    user = make.user(Role.PLANNER)
    page.goto(f"{live_server.url}/")
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/")
    return page


@pytest.fixture
def phone(browser: Browser):
    """Somebody's telephone, with no account here."""
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport=PHONE, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


def soon_today() -> tuple[dt.datetime, dt.datetime]:
    """Hours of one day whose doors are open now: from about half an hour on, for up to three hours."""
    now = timezone.localtime() + dt.timedelta(minutes=30)
    starts = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
    return starts, min(starts + dt.timedelta(hours=3), starts.replace(hour=23, minute=59))


def test_a_session_from_the_first_form_to_the_last_sheet(
    clerk: Page, phone: BrowserContext, sink: Sink, live_server, tmp_path: Path
):
    plan(clerk)
    link(clerk)
    publish(clerk)
    invite(clerk, sink)
    answer(phone, live_server.url, sink)
    tokens = print_badges(clerk)
    door = pair(clerk, phone, live_server.url)
    scan(door, tokens, typed_code(clerk, "Lê Minh Châu"))
    watch(clerk)
    report(clerk, tmp_path)


def tab(page: Page, name: str) -> None:
    """Turns to a part of the session."""
    page.get_by_role("navigation", name="Các phần của hội nghị").get_by_role(
        "link", name=name, exact=True
    ).click()


def plan(page: Page) -> None:
    """One form plans the session and holds its room."""
    starts, ends = soon_today()
    page.get_by_role("link", name="Lập hội nghị").first.click()
    with page.expect_response(re.compile("/sessions/new/")):
        page.get_by_label("Cơ quan họp").select_option("Ban Thường vụ Tỉnh ủy")
    expect(page.locator("#x-plan .htmx-request, #x-plan.htmx-request")).to_have_count(0)
    page.get_by_label("Tên gọi").fill(TITLE)
    page.get_by_label("Ngày", exact=True).fill(f"{starts:%Y-%m-%d}")
    page.get_by_label("Bắt đầu").fill(f"{starts:%Hh%M}")
    page.get_by_label("Kết thúc").fill(f"{ends:%H:%M}")
    page.get_by_label("Phòng họp", exact=True).select_option(label="Phòng họp số 1 (30)")
    page.get_by_label("Hình thức").select_option("hybrid")
    page.get_by_label("Chương trình").fill("Báo cáo thu ngân sách – 45\nCông tác cán bộ")
    page.get_by_role("button", name="Lập và giữ phòng").click()
    expect(page).to_have_url(re.compile(r"/sessions/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    expect(page.get_by_text("Phòng họp số 1").first).to_be_visible()


def link(page: Page) -> None:
    """The usual video line becomes the session's."""
    panel = page.locator("section", has=page.get_by_role("heading", name="Đường truyền trực tuyến"))
    panel.get_by_role("link").first.click()
    page.get_by_label("Đường truyền", exact=True).select_option(label="Truyền hình Tỉnh ủy")
    page.get_by_role("button", name="Dùng đường truyền này").click()
    expect(page.get_by_text("Truyền hình Tỉnh ủy")).to_be_visible()


def publish(page: Page) -> None:
    """A dialog tells the clashes and takes the reason."""
    page.get_by_role("link", name="Ban hành").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Ban hành hội nghị")).to_be_visible()
    reason = dialog.get_by_label("Lý do vẫn ban hành")
    if reason.count():
        reason.fill("Đồng chí Bí thư đã đồng ý")
    dialog.get_by_role("button", name="Ban hành").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ban hành")


def invite(page: Page, sink: Sink) -> None:
    """Asked once more, then sent; the bar is full when all have left."""
    tab(page, "Giấy mời")
    page.get_by_role("button", name="Gửi giấy mời").click()
    page.get_by_role("dialog").get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("0 / 4")).to_be_visible()
    work()
    expect(page.get_by_text("4 / 4")).to_be_visible()
    assert sorted(sink.recipients) == [f"m{n}@tinh.example" for n in range(4)]


def answer(phone: BrowserContext, home: str, sink: Sink) -> None:
    """From the mail to the answer: one tap."""
    [letter] = [one for one in sink.taken if one.recipients == ["m0@tinh.example"]]
    [path] = set(re.findall(rf"{home}(/i/[^/\s]+/)", letter.text()))
    page = phone.new_page()
    page.goto(home + path)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    page.get_by_role("button", name="Tôi sẽ dự tại hội trường").tap()
    expect(page.get_by_text("Đã ghi nhận trả lời của đồng chí")).to_be_visible()
    page.close()


def print_badges(page: Page) -> dict[str, str]:
    """The token on each printed badge, by the name beside it, as read from the sheet by a camera."""
    tab(page, "Đại biểu, trả lời")
    row = page.get_by_role("row", name=re.compile("Nguyễn Văn An"))
    expect(row.get_by_text("Dự", exact=True)).to_be_visible()
    tab(page, "Thẻ")
    page.get_by_label("Mỗi thẻ một trang đúng khổ").check()
    page.get_by_role("button", name="Cấp và in thẻ").click()
    expect(page.get_by_text("Đang tạo")).to_be_visible()
    work()
    sheet = page.get_by_role("link", name="A6")
    expect(sheet).to_be_visible()
    answer = page.request.get(page.url.split("/sessions/")[0] + str(sheet.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    tokens = {}
    for leaf in pypdfium2.PdfDocument(answer.body()):
        words = " ".join(leaf.get_textpage().get_text_bounded().split()).casefold()
        [name] = [name for name in PEOPLE if name.casefold() in words]
        [code] = zxingcpp.read_barcodes(leaf.render(scale=150 / 72).to_pil())
        tokens[name] = code.text
    assert set(tokens) == set(PEOPLE)
    return tokens


def typed_code(page: Page, name: str) -> str:
    """The eight digits beside a name on the list of badges."""
    tab(page, "Thẻ")
    row = page.get_by_role("row", name=re.compile(name))
    [code] = re.findall(r"\b\d{4} ?\d{4}\b", row.inner_text())
    return code.replace(" ", "")


def pair(page: Page, phone: BrowserContext, home: str) -> Page:
    """The office shows a code, a phone becomes a door."""
    tab(page, "Cửa")
    page.get_by_label("Cửa", exact=True).fill("Cửa 1")
    page.get_by_role("button", name="Hiện mã ghép").click()
    code = page.locator(".pairing-code .code").inner_text()
    door = phone.new_page()
    door.goto(f"{home}/door/")
    door.get_by_label("Mã ghép").fill(code)
    door.get_by_role("button", name="Ghép máy").click()
    expect(door.get_by_text("Cửa 1", exact=True)).to_be_visible()
    return door


def scan(door: Page, tokens: dict[str, str], typed: str) -> None:
    """A USB scanner types the badge of one, a thumb the code of another."""
    verdict = door.locator("[data-at=verdict]")
    door.keyboard.type(tokens["Nguyễn Văn An"])
    door.keyboard.press("Enter")
    expect(verdict.get_by_text("VÀO", exact=True)).to_be_visible()
    expect(verdict).to_contain_text("Nguyễn Văn An")

    door.wait_for_timeout(STRANGER_TO_THE_SERVER)
    door.keyboard.type(tokens["Nguyễn Văn An"])
    door.keyboard.press("Enter")
    expect(verdict.get_by_text("ĐÃ VÀO", exact=True)).to_be_visible()

    door.get_by_role("button", name="Gõ mã").click()
    for digit in typed:
        door.get_by_role("button", name=digit, exact=True).click()
    expect(verdict).to_contain_text("Lê Minh Châu")
    expect(verdict.get_by_text("VÀO", exact=True)).to_be_visible()


def watch(page: Page) -> None:
    """The board counts by itself."""
    tab(page, "Điểm danh")
    expect(page.locator(".board-huge")).to_contain_text("2/4")
    expect(page.get_by_text("vắng không lý do", exact=False).first).to_be_visible()


def report(page: Page, folder: Path) -> None:
    """The sheet that is taken home tells the same."""
    tab(page, "Báo cáo")
    with page.expect_download() as taken:
        page.get_by_role("link", name="XLSX").click()
    path = folder / "attendance.xlsx"
    taken.value.save_as(path)
    rows = [row for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True)]
    came = {name for name in PEOPLE for row in rows if name in row and "có mặt" in row}
    assert came == {"Nguyễn Văn An", "Lê Minh Châu"}
