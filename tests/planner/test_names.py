"""Names sort as Vietnamese lists do, and are found however they were typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.vietnamese import (
    SORT_KEY_LENGTH,
    Name,
    fold,
    normalise_name,
    proper_case,
    sort_key,
    split_name,
    text_key,
    unit_name,
    without_title,
)

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]

IN_ORDER = [
    "Lê Văn A",
    "Nguyễn An",
    "Bùi Hữu An",
    "Lê Văn An",
    "Nguyễn Văn An",
    "Trần Văn An",
    "Rơ Châm Hữu Ấn",
    "Đặng Đình Ấn",
    "Đỗ Thị Ba",
    "Trần Văn Dũng",
    "Ngô Hữu Đông",
    "Võ Kim Ha",
    "Võ Kim Hà",
    "Võ Kim Há",
    "Võ Kim Hả",
    "Võ Kim Hã",
    "Võ Kim Hạ",
    "Lò Thị Hương",
    "Nguyễn Thị Hường",
    "Hồ Hoàng Oanh",
    "Hồ Văn Ô",
    "Hồ Văn Ơn",
    "Y Tuấn",
    "Lê Văn Tư",
    "Lê Văn Vinh",
    "Vũ Thanh Ý",
]

syllables = st.builds(
    lambda onset, vowel, tone, end: onset + unicodedata.normalize("NFC", vowel + tone) + end,
    st.sampled_from(["", "b", "d", "đ", "ngh", "u"]),
    st.sampled_from("aăâeêioôơuưy"),
    st.sampled_from(TONES),
    st.sampled_from(["", "a", "n", "ng"]),
)
names = st.lists(syllables, min_size=1, max_size=4).map(" ".join)


def by_the_book(full_name: str) -> list[tuple[list[int], list[int]]]:
    """The rule written out slowly: per part the letters, then the tones, as numbers."""
    words = full_name.split()
    parts = [words[-1:], words[1:-1], words[:1] if len(words) > 1 else []]
    return [_letters_and_tones(part) for part in parts]


def _letters_and_tones(words: list[str]) -> tuple[list[int], list[int]]:
    letters, tones = [], []
    for word in words:
        plain = unicodedata.normalize("NFD", word)
        tones.append(next((TONES.index(c) for c in plain if c in TONES[1:]), 0))
        bare = unicodedata.normalize("NFC", "".join(c for c in plain if c not in TONES[1:]))
        letters += [ALPHABET.index(c) + 1 for c in bare] + [0]
    return letters[:-1], tones


def test_a_list_sorts_by_given_then_middle_then_family_name():
    assert sorted(set(IN_ORDER), key=sort_key) == IN_ORDER


@given(names, names)
def test_keys_compare_as_the_rule_says(left: str, right: str):
    slow, quick = by_the_book(left), by_the_book(right)

    assert (sort_key(left) < sort_key(right)) == (slow < quick)
    assert (sort_key(left) == sort_key(right)) == (slow == quick)


@given(st.text(max_size=150))
def test_any_text_has_a_key_of_digits_that_fits_its_column(text: str):
    key = sort_key(text)

    assert set(key) <= set("0123456789")
    assert len(key) <= SORT_KEY_LENGTH


def test_typing_does_not_change_the_place_in_a_list():
    name = "Nguyễn Thị Hoà"
    variants = [
        "NGUYỄN THỊ HOÀ",
        unicodedata.normalize("NFD", name),
        "  nguyễn  thị hòa ",
        "Nguyễn\u00a0Thị Hoà",
    ]

    assert {sort_key(variant) for variant in variants} == {sort_key(name)}


def test_units_sort_left_to_right_with_numbers_by_value():
    units = ["Phường 2", "Phường 10", "Phường An Hải", "Phường Ân Thi", "Xã A Sào", "Xã Đức Cơ", "Xã Ea Păl"]

    assert sorted(set(units), key=text_key) == units


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Hường",
        "NGUYỄN THỊ HƯỜNG",
        "nguyen thi huong",
        "  Nguyễn   Thị\tHường ",
        unicodedata.normalize("NFD", "Nguyễn Thị Hường"),
        "Nguyễn-Thị, Hường.",
        "Nguyê\u0303n Thi\u0323 Hươ\u0300ng",
    ],
)
def test_search_finds_a_name_however_it_was_typed(text: str):
    assert fold(text) == "nguyen thi huong"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ủy ban nhân dân", "uy ban nhan dan"),
        ("Uỷ ban nhân dân", "uy ban nhan dan"),
        ("Hoà Bình", "hoa binh"),
        ("Hòa Bình", "hoa binh"),
        ("Đắk Lắk", "dak lak"),
        ("Ðắk Lắk", "dak lak"),  # U+00D0, what old converters write
        ("H'Hen Niê", "hhen nie"),
        ("H’Hen Niê", "hhen nie"),
        ("0912.345.678", "0912345678"),
        ("Số 226-KL/TW", "so 226 kl tw"),
        ("P. An Hải", "p an hai"),
        ("", ""),
    ],
)
def test_search_folds_what_offices_write_in_two_ways(text: str, folded: str):
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)


def test_a_name_is_kept_in_one_form():
    assert normalise_name(" Nguyê\u0303n\u200b  Ðình\u00a0Ấn ") == "Nguyễn Đình Ấn"
    assert normalise_name("e\u0301\u0302") == "ế"  # the tone typed before the shape


@pytest.mark.parametrize(
    ("typed", "proper"),
    [
        ("NGUYỄN THỊ HƯỜNG", "Nguyễn Thị Hường"),
        ("nguyễn thị hường", "Nguyễn Thị Hường"),
        ("ĐẶNG ĐÌNH ẤN", "Đặng Đình Ấn"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("NIÊ-KĐĂM", "Niê-Kđăm"),
        ("Ronald McDonald", "Ronald McDonald"),
        (unicodedata.normalize("NFD", "VÕ ĐỨC ÁNH"), "Võ Đức Ánh"),
    ],
)
def test_capitals_become_a_proper_name(typed: str, proper: str):
    assert proper_case(typed) == proper


def test_a_name_falls_into_family_middle_and_given():
    assert split_name("Nguyễn Thị Thu Hường") == Name("Nguyễn", "Thị Thu", "Hường")
    assert split_name("Lê An") == Name("Lê", "", "An")
    assert split_name("An") == Name("", "", "An")
    assert split_name(" ") == Name("", "", "")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Đ/c Hoàng Ngọc Nghĩa", "Hoàng Ngọc Nghĩa"),
        ("Ông Lò Đình Long", "Lò Đình Long"),
        ("Bà Lê Thúy Thảo", "Lê Thúy Thảo"),
        ("TS. Nguyễn Văn An", "Nguyễn Văn An"),
        ("đồng chí Vũ Đức Tiến", "Vũ Đức Tiến"),
        ("Ksor Hữu Ấn", "Ksor Hữu Ấn"),
        ("Ông Thị Bảy", "Ông Thị Bảy"),
        ("Bà", "Bà"),
    ],
)
def test_a_title_before_a_name_is_dropped(typed: str, name: str):
    assert without_title(typed) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("X. Duy Xuyên", "Xã Duy Xuyên"),
        ("XÃ BA CHẼ", "Xã Ba Chẽ"),
        ("P.An Hải", "Phường An Hải"),
        ("TT Sa Pa", "Thị trấn Sa Pa"),
        ("ĐẶC KHU CÔN ĐẢO", "Đặc khu Côn Đảo"),
        ("Xã Tân Phước 1", "Xã Tân Phước 1"),
        ("Văn phòng  Tỉnh ủy", "Văn phòng Tỉnh ủy"),
        ("P.", "P."),
    ],
)
def test_an_abbreviated_unit_is_written_out(typed: str, name: str):
    assert unit_name(typed) == name
