"""A secrecy mark is told from names and longer phrases."""

import unicodedata

import pytest

from planner.paper.marks import is_marked


@pytest.mark.parametrize(
    "text",
    [
        "MẬT",
        "Mật",
        "TỐI MẬT",
        "TUYỆT  MẬT",
        "(MẬT)",
        "[ Tối mật ]",
        "* * * TUYỆT MẬT * * *",
        "«MẬT»",
        "T U Y Ệ T   M Ậ T",
        unicodedata.normalize("NFD", "TỐI MẬT"),
        "Số 12-BC/TU\n\tMẬT\nBáo cáo",
        "Độ mật: MẬT",
        "Số 3. Độ mật : Tối mật. Bản số 2",
        "Mức độ mật - (Tuyệt mật)",
    ],
)
def test_a_line_of_nothing_but_the_word_is_a_mark(text):
    assert is_marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bảo mật",
        "Nguyễn Văn Mật",
        "Kế hoạch bảo vệ bí mật nhà nước",
        "mật ong",
        "Độ mật: không",
        "Độ mật: thường",
        "Bí mật",
        "MẶT",
        "Mật độ dân số",
        "Công tác mật mã",
    ],
)
def test_names_and_longer_phrases_are_no_marks(text):
    assert not is_marked(text)
