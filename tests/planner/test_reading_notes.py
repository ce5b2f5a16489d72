"""A note becomes facts only when all of it is understood."""

import pytest

from planner.paper.reading.notes import Note, read
from planner.paper.reading.posts import PostText


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", Note()),
        ("Vắng có lý do", Note(excuse="")),
        ("Vang co ly do", Note(excuse="")),
        ("Xin vắng", Note(excuse="")),
        ("Báo vắng (ốm)", Note(excuse="ốm")),
        ("Xin phép vắng do đi học", Note(excuse="đi học")),
        ("Xin vắng, đi công tác nước ngoài", Note(excuse="đi công tác nước ngoài")),
        ("không dự được vì ốm", Note(excuse="ốm")),
        ("Bận họp Trung ương", Note(excuse="Bận họp Trung ương")),
        ("Mời dự mục 3", Note(items=(3,))),
        ("MỜI DỰ MỤC III", Note(items=(3,))),
        ("chỉ dự nội dung thứ 2 và 4", Note(items=(2, 4))),
        ("Dự mục 3, mục 4", Note(items=(3, 4))),
        ("dự từ mục 2 đến mục 4", Note(items=(2, 3, 4))),
        ("dự mục 2-4", Note(items=(2, 3, 4))),
        ("ăn chay", Note(diet="ăn chay")),
        ("Suất ăn chay", Note(diet="ăn chay")),
        ("không ăn hải sản", Note(diet="không ăn hải sản")),
        ("đi xe lăn", Note(needs="đi xe lăn")),
        ("Dự thay", Note(replaces="")),
        ("Dự thay đồng chí Nguyễn Văn A", Note(replaces="Nguyễn Văn A")),
        ("đi thay ông Trần B (ốm)", Note(replaces="Trần B")),
        ("Cử đồng chí Lê Thị C dự thay", Note(replaced_by="Lê Thị C")),
        ("Dự thay đồng chí Nguyễn Văn A, Giám đốc", Note(replaces="Nguyễn Văn A")),
        ("Ủy quyền đ/c Lê Thị C dự", Note(replaced_by="Lê Thị C")),
        ("Được ủy quyền của đồng chí Lê Thị C", Note(replaces="Lê Thị C")),
        ("cáo ốm", Note(excuse="cáo ốm")),
        ("Trùng tên với STT 5", Note(duplicate_of="5")),
        ("trùng", Note(duplicate_of="")),
        ("trùng với số 12", Note(duplicate_of="12")),
        ("Nguyên Phó Bí thư Tỉnh ủy", Note(former=(PostText("Phó Bí thư Tỉnh ủy", True),))),
        ("Đại biểu mời", Note(role="invited")),
        ("phóng viên Báo tỉnh", Note(role="press")),
        ("dự khuyết", Note(basis="alternate")),
        ("Dự tại điểm cầu xã Tà Hine", Note(mode="online", point="xã Tà Hine")),
        ("xác nhận dự", Note(attends=True)),
        ("Mời dự mục 3, ăn chay", Note(items=(3,), diet="ăn chay")),
        ("ăn chay; đi xe lăn", Note(diet="ăn chay", needs="đi xe lăn")),
        (
            "Xin vắng họp, ủy quyền cho đồng chí Lê Văn D dự thay",
            Note(excuse="", replaced_by="Lê Văn D"),
        ),
    ],
)
def test_a_note_says_what_it_means(text, note):
    assert read(text) == note


@pytest.mark.parametrize(
    "text",
    [
        "không ăn chay",
        "Không vắng",
        "vắng không phép",
        "Vắng buổi chiều",
        "xin vắng từ 10h",
        "đến muộn 30 phút",
        "phát biểu tham luận",
        "đã nghỉ hưu",
        "mời dự từ mục 3",
        "xem lại",
    ],
)
def test_a_note_half_understood_stays_unclear(text):
    assert read(text) == Note(unclear=(text,))


def test_the_clear_half_of_a_note_is_kept_beside_the_unclear_one():
    assert read("ăn chay; xem lại chức vụ") == Note(diet="ăn chay", unclear=("xem lại chức vụ",))
