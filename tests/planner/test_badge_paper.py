"""Badge sheets on paper: what stands on them, what a reader decodes from them, what is warned of before printing."""

import json
import unicodedata
from hashlib import sha256
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from attendees import tokens
from planner.paper import badges, fit, pdf, qr
from planner.paper.badges import Badge, Hue, Sheet
from planner.paper.shapes import POINTS_PER_MM, SHAPES, Format

KEY = b"a key of these tests"
LONG_NAME = "Công Tằng Tôn Nữ Thị Phương Thảo Nguyên Hạnh"
LONG_POST = (
    "Phó Bí thư Thường trực Tỉnh ủy, Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh, "
    "nguyên Chủ tịch Hội đồng nhân dân tỉnh khóa XVII"
)


def sheet_of(format: Format = Format.A6, **kwargs) -> Sheet:
    title = "Hội nghị Ban Chấp hành Đảng bộ tỉnh lần thứ 9"
    return Sheet("Tỉnh ủy Thừa Thiên", title, "ngày 05 tháng 02 năm 2026", "Hội trường lớn", format, **kwargs)


def badge_of(serial: int = 1, name: str = "Nguyễn Thị Hường", **kwargs) -> Badge:
    return Badge(
        token=tokens.badge_token(KEY, prefix="0417", serial=str(serial)),
        typed=tokens.typed_code(KEY, serial=str(serial)),
        name=name,
        **({"category": "Đại biểu", "post": "Bí thư Đảng ủy", "unit": "Đoàn phường Thuận Hóa"} | kwargs),
    )


def words_of(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return " ".join(text.split())


@pytest.mark.parametrize("format", Format)
def test_every_code_of_a_rendered_sheet_is_read_at_150_dpi(format):
    printed = badges.render(sheet_of(format), [badge_of(n, number=f"{n:04d}", seat="A-12") for n in range(9)])

    document = pypdfium2.PdfDocument(printed.pdf)
    pictures = [page.render(scale=150 / 72).to_pil() for page in document]
    read = [code for picture in pictures for code in zxingcpp.read_barcodes(picture)]

    assert sorted(code.text for code in read) == sorted(badge_of(n).token for n in range(9))
    assert {code.format for code in read} == {zxingcpp.BarcodeFormat.QRCode}


@pytest.mark.parametrize("format", Format)
def test_the_code_is_printed_at_level_h_with_modules_of_nine_tenths_of_a_millimetre(format):
    printed = badges.render(sheet_of(format, one_per_page=True), [badge_of()])

    picture = pypdfium2.PdfDocument(printed.pdf)[0].render(scale=600 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    corners = code.position
    side = (corners.top_right.x - corners.top_left.x) / 600 * 25.4

    assert code.ec_level == "H"
    assert side / 25 == pytest.approx(30 / 33, abs=0.02)
    assert side / 25 >= 0.9


def test_a_badge_shows_name_post_unit_number_category_title_date_and_seat():
    badge = badge_of(number="0123", seat="A-12", category="Khách mời", hue=Hue.GREEN)

    text = words_of(badges.render(sheet_of(), [badge]).pdf)

    shown = [badge.name, badge.post, badge.unit, "0123", "A-12", "KHÁCH MỜI", tokens.spaced(badge.typed)]
    assert [part for part in [*shown, *head_of(sheet_of())] if part not in text] == []
    assert unicodedata.is_normalized("NFC", text)


def head_of(sheet: Sheet) -> list[str]:
    return [sheet.issuer.upper(), sheet.title, sheet.dates, sheet.place]


def test_a_name_typed_in_decomposed_letters_is_printed_composed():
    badge = badge_of(name=unicodedata.normalize("NFD", "Đặng  Thị Ễnh"))

    assert "Đặng Thị Ễnh" in words_of(badges.render(sheet_of(), [badge]).pdf)


def test_the_digits_of_the_token_are_not_printed():
    badge = badge_of(number="1")

    assert badge.token[:12] not in words_of(badges.render(sheet_of(), [badge]).pdf).replace(" ", "")


@pytest.mark.parametrize("format", Format)
def test_the_longest_texts_shrink_and_stay_on_the_badge(format):
    badge = badge_of(name=LONG_NAME, post=LONG_POST, unit="Đoàn đại biểu Đảng bộ các cơ quan Đảng tỉnh")

    page = pypdfium2.PdfDocument(badges.render(sheet_of(format, one_per_page=True), [badge]).pdf)[0]
    letters = page.get_textpage()
    boxes = [letters.get_charbox(n) for n in range(letters.count_chars())]
    shape = SHAPES[format]

    inked = [box for box in boxes if box[2] > box[0]]
    assert min(box[0] for box in inked) >= 0
    assert max(box[2] for box in inked) <= shape.width * POINTS_PER_MM
    assert min(box[1] for box in inked) >= 0
    assert max(box[3] for box in inked) <= shape.height * POINTS_PER_MM
    assert zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())[0].text == badge.token


syllables = st.sampled_from(
    ["Nguyễn", "Thị", "Phương", "Ễnh", "Lê", "Hoàng", "Ư", "Nghiêng", "Quỳnh", "Đắc", "Mỹ"]
)


@settings(max_examples=60)
@given(st.lists(syllables, min_size=1, max_size=14), st.sampled_from(sorted(Format)))
def test_fitted_lines_hold_every_word_and_stay_in_the_box(words, format):
    box = SHAPES[format].boxes()["name"]

    fitted = fit.fit(" ".join(words), fit.Face.SERIF_BOLD, box)

    widest = max(fit.width_of(line, fit.Face.SERIF_BOLD, 0) for line in fitted.lines)
    assert " ".join(fitted.lines).split() == words
    assert widest * fitted.size <= box.width * 1.001
    assert fitted.size <= box.size


def test_a_character_no_font_draws_is_a_named_warning():
    warnings = badges.check(sheet_of(), [badge_of(name="Lê 🌸 Mai", post="Chuyên viên"), badge_of(2)])

    assert [(w.badge, w.field, w.code) for w in warnings] == [("Lê 🌸 Mai", "name", "missing_glyph")]
    assert "🌸" in warnings[0].text


def test_a_text_too_long_to_read_is_a_named_warning():
    warnings = badges.check(sheet_of(Format.CR80), [badge_of(post=LONG_POST * 3)])

    assert [(w.badge, w.field, w.code) for w in warnings] == [("Nguyễn Thị Hường", "post", "overflow")]


def test_usual_badges_give_no_warning_in_any_format():
    people = [
        badge_of(1, LONG_NAME, number="2000", seat="B-120"),
        badge_of(2, category="Đại biểu chính thức"),
    ]

    assert [badges.check(sheet_of(format), people) for format in Format] == [[], [], [], []]


@pytest.mark.parametrize(
    ("format", "per_sheet"), [(Format.A6, 4), (Format.A7, 8), (Format.CARD_54X90, 10), (Format.CR80, 10)]
)
def test_sheets_are_filled_one_after_the_other(format, per_sheet):
    people = [badge_of(n) for n in range(per_sheet + 1)]
    backs = ("Đeo thẻ khi dự hội nghị.",)

    pages = len(PdfReader(BytesIO(badges.render(sheet_of(format), people).pdf)).pages)
    with_backs = len(PdfReader(BytesIO(badges.render(sheet_of(format, backs=backs), people).pdf)).pages)
    singles = PdfReader(BytesIO(badges.render(sheet_of(format, one_per_page=True), people).pdf)).pages

    assert (pages, with_backs, len(singles)) == (2, 4, per_sheet + 1)
    assert float(singles[0].mediabox.width) == pytest.approx(SHAPES[format].width * POINTS_PER_MM, abs=0.5)


def test_parts_are_joined_in_order_and_progress_is_told():
    heard: list[int] = []
    people = [badge_of(n, name=f"Người số {n}") for n in range(205)]

    reader = PdfReader(BytesIO(badges.render(sheet_of(), people, on_progress=heard.append).pdf))

    assert heard == [200, 205]
    assert len(reader.pages) == 52
    assert "Người số 204" in " ".join(reader.pages[51].extract_text().split())


def test_fonts_are_embedded_and_are_the_bundled_ones():
    document = PdfReader(BytesIO(badges.render(sheet_of(), [badge_of()]).pdf))

    used = {font for page in document.pages for font in fonts_of(page)}

    assert {name.split("+")[-1] for name, _ in used} <= {
        "LiberationSerif",
        "LiberationSerif-Bold",
        "LiberationSans",
        "LiberationSans-Bold",
    }
    assert all(is_embedded for _, is_embedded in used)


def fonts_of(page) -> list[tuple[str, bool]]:
    found = []
    for font in page["/Resources"]["/Font"].values():
        (inner,) = font.get_object()["/DescendantFonts"]
        descriptor = inner.get_object()["/FontDescriptor"].get_object()
        is_embedded = "/FontFile2" in descriptor or "/FontFile3" in descriptor
        found.append((descriptor["/FontName"].lstrip("/"), is_embedded))
    return found


def test_bundled_fonts_are_the_files_their_note_names():
    note = json.loads((pdf.FONTS / "vendor.json").read_text())

    found = {name: sha256((pdf.FONTS / name).read_bytes()).hexdigest() for name in note["files"]}

    assert found == note["files"]
    assert fit.undrawable("ĂÂĐÊÔƠƯ ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳỷỹỵ – “”") == []


def test_34_digits_make_25_modules_and_35_are_refused():
    assert len(qr.digits_matrix("7" * 34)) == 25
    with pytest.raises(ValueError, match="34"):
        qr.digits_matrix("7" * 35)
