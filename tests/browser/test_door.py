"""The door in real Chromium: pair, read badges by a camera's video, a USB scanner and the keypad, and never guess."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from attendees.models import Scan
from attendees.services import badges, devices, sheets
from attendees.services.sheets import Wish
from planner.access import SYSTEM
from planner.management import chromium
from planner.paper.shapes import Format
from tests.browser.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = chromium.find()  # before Playwright runs its loop in this thread
CASES = json.loads((Path(__file__).parents[1] / "cases" / "verdicts.json").read_text("utf-8"))


class Door:
    """A session whose doors are open, with badges."""

    def __init__(self, make) -> None:
        now = timezone.now()
        self.session = make.session(title="Hội nghị Ban Chấp hành Đảng bộ tỉnh")
        self.session.starts_at, self.session.ends_at = (
            now + dt.timedelta(minutes=30),
            now + dt.timedelta(hours=4),
        )
        self.session.save()
        unit = make.unit("Đảng bộ phường Thuận Hóa")
        self.row = make.delegate(self.session, make.person("Nguyễn Thị Hường"), seat="A-12", delegation=unit)
        (self.badge,) = badges.issue(session=self.session, by=SYSTEM)
        self.token = badges.token_of(self.badge)

    def code(self, role: str = "scan") -> str:
        return devices.invite(session=self.session, gate="Cửa 1", role=role, by=SYSTEM).code


@pytest.fixture
def door(make) -> Door:
    return Door(make)


@pytest.fixture
def paired(door: Door, page: Page, live_server) -> Page:
    """The scanner's page on a phone, paired with gate 1."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/door/")
    page.get_by_label("Mã ghép").fill(door.code())
    page.get_by_role("button", name="Ghép máy").click()
    expect(page.get_by_text("Cửa 1", exact=True)).to_be_visible()
    return page


def verdict(page: Page):
    return page.locator("[data-at=verdict]")


def scanned(page: Page, digits: str, end: str = "Enter") -> None:
    """What a USB scanner does: keys a few milliseconds apart."""
    page.evaluate(
        """([digits, end]) => {
            const codes = [...digits].map((digit) => `Digit${digit}`).concat(end ? [end] : []);
            for (const code of codes) document.dispatchEvent(new KeyboardEvent("keydown", { code, bubbles: true }));
        }""",
        [digits, end],
    )


def test_a_badge_from_a_usb_scanner_is_let_in_and_the_second_time_not(door, paired):
    scanned(paired, door.token)
    expect(verdict(paired).get_by_text("VÀO", exact=True)).to_be_visible()
    expect(verdict(paired)).to_contain_text("Nguyễn Thị Hường")
    expect(verdict(paired)).to_contain_text("Ghế A-12")
    assert verdict(paired).get_attribute("data-colour") == "green"

    paired.wait_for_timeout(3100)
    scanned(paired, door.token)

    expect(verdict(paired).get_by_text("ĐÃ VÀO", exact=True)).to_be_visible()
    expect(verdict(paired)).to_contain_text("Cửa 1")


def test_the_same_badge_within_three_seconds_is_asked_about_once(door, paired):
    for _ in range(4):
        scanned(paired, door.token)

    expect(verdict(paired).get_by_text("VÀO", exact=True)).to_be_visible()
    assert Scan.objects.count() == 1


@pytest.mark.parametrize("end", ["Enter", "Tab", ""])
def test_a_scanner_may_end_with_enter_tab_or_nothing(door, paired, end):
    scanned(paired, door.token, end)

    expect(verdict(paired).get_by_text("VÀO", exact=True)).to_be_visible()


def test_slow_keys_are_a_person_and_no_scanner(door, paired):
    paired.evaluate(
        """async (digits) => {
            for (const digit of digits) {
                document.dispatchEvent(new KeyboardEvent("keydown", { code: `Digit${digit}`, bubbles: true }));
                await new Promise((resolve) => setTimeout(resolve, 60));
            }
        }""",
        door.token,
    )

    assert verdict(paired).get_attribute("data-screen") == "ready"
    assert not Scan.objects.exists()


def test_the_keypad_catches_a_slip_before_anything_is_sent(door, paired):
    typed = badges.typed_of(door.badge)
    wrong = typed[:-1] + str((int(typed[-1]) + 1) % 10)
    paired.get_by_role("button", name="Gõ mã").click()
    for digit in wrong:
        paired.get_by_role("button", name=digit, exact=True).click()
    expect(paired.get_by_text("Sai một chữ số")).to_be_visible()
    assert not Scan.objects.exists()

    for digit in typed:
        paired.get_by_role("button", name=digit, exact=True).click()

    expect(verdict(paired).get_by_text("VÀO", exact=True)).to_be_visible()


def test_nothing_is_green_before_the_server_has_answered(door, paired):
    held: list[Route] = []
    paired.route("**/api/v1/scans", lambda route: held.extend([route]))
    scanned(paired, door.token)
    expect(verdict(paired)).to_have_attribute("data-screen", "asking")
    paired.wait_for_timeout(500)

    assert verdict(paired).get_attribute("data-colour") == "none"
    held[0].continue_()

    expect(verdict(paired).get_by_text("VÀO", exact=True)).to_be_visible()


SLOW_STORE = """
    const put = IDBObjectStore.prototype.put;
    window.letGo = null;
    const real = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete");
    Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
        set(handler) {
            const isScan = [...this.objectStoreNames].includes("scans") && window.isSlow;
            real.set.call(this, isScan ? (event) => { window.letGo = () => handler(event); } : handler);
        },
    });
"""


def test_nothing_is_sent_or_shown_before_the_scan_is_durable(door, page, live_server):
    page.add_init_script(SLOW_STORE)
    page.goto(f"{live_server.url}/door/#pair={door.code()}")
    expect(page.get_by_text("Cửa 1", exact=True)).to_be_visible()
    page.evaluate("window.isSlow = true")

    scanned(page, door.token)
    page.wait_for_function("window.letGo !== null")
    page.wait_for_timeout(300)

    assert verdict(page).get_attribute("data-colour") == "none"
    assert not Scan.objects.exists()
    page.evaluate("window.isSlow = false; window.letGo()")
    expect(verdict(page).get_by_text("VÀO", exact=True)).to_be_visible()


ANSWERS = {
    "a bad request": {"status": 400, "body": "{}", "content_type": "application/json"},
    "not found": {"status": 404, "body": "<h1>404</h1>", "content_type": "text/html"},
    "an error": {"status": 500, "body": "oops", "content_type": "text/plain"},
    "a captive portal": {"status": 200, "body": "<h1>Wi-Fi</h1>", "content_type": "text/html"},
    "a receipt for another scan": {
        "status": 200,
        "body": '{"scan_id": "x", "verdict": "admitted"}',
        "content_type": "application/json",
    },
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_only_a_receipt_naming_the_scan_takes_it_off_the_device(door, paired, answer):
    paired.route(re.compile("/api/v1/scans"), lambda route: route.fulfill(**ANSWERS[answer]))
    scanned(paired, door.token)

    expect(paired.get_by_text("1 lượt quét chưa gửi")).to_be_visible()
    expect(verdict(paired)).to_have_attribute("data-colour", re.compile("amber|grey"))
    assert verdict(paired).get_attribute("data-colour") != "green"

    paired.unroute(re.compile("/api/v1/scans"))

    expect(paired.get_by_text("0 lượt quét chưa gửi")).to_be_visible()
    assert Scan.objects.count() == 1


def test_a_scan_survives_the_tab_and_is_brought_by_the_next_one(door, paired, context):
    paired.route(re.compile("/api/v1/scans"), lambda route: route.abort())
    scanned(paired, door.token)
    expect(paired.get_by_text("1 lượt quét chưa gửi")).to_be_visible()
    expect(paired.get_by_text("cửa này đang tự quyết")).to_be_visible()
    address = paired.url
    paired.close(run_before_unload=False)

    other = context.new_page()
    other.goto(address)

    expect(other.get_by_text("0 lượt quét chưa gửi")).to_be_visible()
    assert Scan.objects.get().decided_offline


def test_a_revoked_device_forgets_its_key(door, paired):
    devices.revoke(device=door.session.devices.get(), by=SYSTEM)

    scanned(paired, door.token)

    expect(paired.get_by_text("Máy này đã bị khóa")).to_be_visible()
    assert not Scan.objects.exists()


def test_the_desk_finds_a_forgotten_badge_by_name_with_two_taps(door, page, live_server):
    page.goto(f"{live_server.url}/door/#pair={door.code('search')}")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_label("Họ tên, đơn vị hoặc số").fill("huong nguyen")
    found = page.get_by_role("button", name="Nguyễn Thị Hường")
    found.click()
    assert not Scan.objects.exists()

    found.click()

    expect(verdict(page).get_by_text("VÀO", exact=True)).to_be_visible()


def test_the_page_opens_without_a_network_once_it_was_there(door, paired):
    paired.evaluate("navigator.serviceWorker.ready")
    paired.wait_for_function("navigator.serviceWorker.controller !== null")
    paired.context.set_offline(True)

    paired.reload()

    expect(paired.get_by_text("Cửa 1", exact=True)).to_be_visible()
    scanned(paired, door.token)
    expect(verdict(paired)).to_contain_text("MỜI SANG BÀN LỄ TÂN")
    expect(paired.get_by_text("cửa này đang tự quyết")).to_be_visible()


def test_the_browsers_verdicts_are_those_of_the_shared_cases(page, live_server):
    page.goto(f"{live_server.url}/door/")

    told = page.evaluate(
        """async ({ doors, cases }) => {
            const { read, verdict } = await import("/static/scanner/verdicts.js");
            const told = [];
            for (const one of cases) for (const name of one.doors) {
                const shape = doors[name];
                const roster = new Map();
                for (const row of shape.roster) for (const text of [row.token, row.typed]) {
                    roster.set((await read(text, shape.prefix)).key, row);
                }
                const code = await read(one.code, shape.prefix);
                const said = verdict(code, { door: { ...shape, roster }, scans: one.scans, now: one.now, direction: one.direction });
                told.push({
                    case: `${one.name} (${name})`,
                    verdict: said.verdict,
                    badge: said.entry?.badge ?? null,
                    first: said.first && { at: said.first.at, gate: said.first.gate },
                });
            }
            return told;
        }""",
        CASES,
    )

    assert told == [
        {"case": f"{case['name']} ({name})"} | case["expect"]
        for case in CASES["cases"]
        for name in case["doors"]
    ]


@pytest.fixture
def with_video(browser: Browser, tmp_path: Path) -> Iterator[Callable[[bytes], Browser]]:
    """Chromium whose camera shows a printed sheet."""
    started: list[Browser] = []

    def start(sheet: bytes) -> Browser:
        picture = pypdfium2.PdfDocument(sheet)[0].render(scale=110 / 72).to_pil().convert("RGB")
        frame = Image.new("RGB", (1280, 720), "#6b625a")
        picture.thumbnail((640, 660))
        frame.paste(picture, (320, 30))
        jpeg = BytesIO()
        frame.save(jpeg, "JPEG", quality=88)
        video = tmp_path / "badge.mjpeg"
        video.write_bytes(jpeg.getvalue() * 30)
        camera = [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ]
        launch = browser.browser_type.launch
        started.append(launch(executable_path=CHROMIUM, args=[*QUIET, *camera]))
        return started[0]

    yield start
    for one in started:
        one.close()


def test_a_printed_badge_before_the_camera_opens_the_door_once(door, make, live_server, with_video):
    job = sheets.request(session=door.session, wish=Wish(Format.A6, one_per_page=True), by=SYSTEM)
    sheets.render(job_id=job.pk, by=SYSTEM)
    file = sheets.latest(door.session, Format.A6)
    assert file
    page = with_video(sheets.content_of(file)).new_context(locale="vi-VN").new_page()
    page.goto(f"{live_server.url}/door/#pair={door.code()}")

    expect(verdict(page).get_by_text("VÀO", exact=True)).to_be_visible(timeout=15_000)
    page.wait_for_timeout(3500)

    assert [scan.verdict for scan in Scan.objects.all()] == ["admitted"]
    page.reload()
    expect(verdict(page).get_by_text("ĐÃ VÀO", exact=True)).to_be_visible(timeout=15_000)


def test_the_badge_on_the_delegates_phone_is_read_by_an_independent_decoder(door, make, page, live_server):
    type(door.session).objects.filter(pk=door.session.pk).update(state="published")
    invitation = make.invitation(door.row)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + make.link(invitation))

    page.get_by_role("button", name="Xem thẻ của tôi").click()
    expect(page.get_by_role("dialog", name="Thẻ của tôi")).to_be_visible()
    picture = Image.open(BytesIO(page.screenshot()))

    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [door.token]
    assert not Scan.objects.exists()
