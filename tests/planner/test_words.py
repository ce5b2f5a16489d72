"""Numbers in words, ordinals and Roman numerals as office papers use them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.vietnamese import from_roman, number_words, ordinal_words, roman, times_ordinal


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (71, "bảy mươi mốt"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1005, "một nghìn không trăm linh năm"),
        (2212, "hai nghìn hai trăm mười hai"),
        (95_000, "chín mươi lăm nghìn"),
        (1_930_000, "một triệu chín trăm ba mươi nghìn"),
    ],
)
def test_numbers_read_as_an_office_reads_them(number: int, words: str):
    assert number_words(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "thứ nhất"),
        (2, "thứ hai"),
        (4, "thứ tư"),
        (9, "thứ chín"),
        (14, "thứ mười bốn"),
        (24, "thứ hai mươi tư"),
    ],
)
def test_ordinals_have_their_own_first_and_fourth(number: int, words: str):
    assert ordinal_words(number) == words


def test_an_ordinal_is_written_in_the_style_asked_for():
    assert times_ordinal(9) == "lần thứ 9"
    assert times_ordinal(14, style="roman") == "lần thứ XIV"
    assert times_ordinal(1, style="words") == "lần thứ nhất"


@given(st.integers(1, 3999))
def test_roman_numerals_read_back(number: int):
    assert from_roman(roman(number)) == number


@pytest.mark.parametrize("text", ["", "IIII", "VX", "IC", "ABC", "MMMM"])
def test_what_is_no_roman_numeral_is_refused(text: str):
    with pytest.raises(ValueError):
        from_roman(text)


@given(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_different_numbers_read_differently(left: int, right: int):
    assert (number_words(left) == number_words(right)) == (left == right)
