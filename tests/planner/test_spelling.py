"""hòa or hoà, ủy or uỷ: the office chooses once and every text obeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.vietnamese import Spelling, fold, normalise_name, respell

OLD = "Ủy ban nhân dân tỉnh Hòa Bình, khỏe, thủy lợi, xòe, góa, HÒA, NGỤY, Thúy"
NEW = "Uỷ ban nhân dân tỉnh Hoà Bình, khoẻ, thuỷ lợi, xoè, goá, HOÀ, NGUỴ, Thuý"


def test_both_styles_turn_into_each_other():
    assert respell(OLD, Spelling.NEW) == NEW
    assert respell(NEW, Spelling.OLD) == OLD
    assert respell(OLD, Spelling.OLD) == OLD
    assert respell(NEW, Spelling.NEW) == NEW


@pytest.mark.parametrize(
    "word", ["hoàn", "toán", "huỳnh", "khuỷu", "ngoài", "hoa", "quý", "quỳ", "tuần", "loa"]
)
@pytest.mark.parametrize("style", Spelling)
def test_words_with_one_spelling_keep_it(word: str, style: Spelling):
    assert respell(word, style) == word


@pytest.mark.parametrize("style", Spelling)
def test_a_tone_on_the_u_of_qu_is_mended(style: Spelling):
    assert respell("Qúy III", style) == "Quý III"


@given(st.text(alphabet="aàáảãạoòóỏõọuùúủũụyỳýỷỹỵeèẻhtqnkg HUY", max_size=20), st.sampled_from(Spelling))
def test_spelling_changes_no_letter_and_settles_at_once(text: str, style: Spelling):
    once = respell(text, style)

    assert fold(once) == fold(text)
    assert respell(once, style) == once
    assert len(once) == len(normalise_name(text)) or text != text.strip() or "  " in text
