"""The style page: every component once, with the words of an ordinary week, to look at and to test."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from planner.pages import Request, show
from planner.templatetags.signs import SIGNS

WEEK = (
    ("Thứ Hai", "23/11"),
    ("Thứ Ba", "24/11"),
    ("Thứ Tư", "25/11"),
    ("Thứ Năm", "26/11"),
    ("Thứ Sáu", "27/11"),
    ("Thứ Bảy", "28/11"),
    ("Chủ Nhật", "29/11"),
)
TITLES = (
    ("Giao ban Thường trực", "Phòng họp 1", "đ/c Lê Minh Hòa", "published"),
    ("Hội nghị Ban Thường vụ lần thứ 31", "Phòng họp Ban Thường vụ", "đ/c Phạm Quốc Uy", "published"),
    ("Làm việc với Đảng ủy phường Đông Sơn", "Phòng họp 2", "đ/c Nguyễn Thị Ánh", "draft"),
    ("Hội nghị trực tuyến quán triệt nghị quyết", "Hội trường lớn, 124 điểm cầu", "đ/c Phạm Quốc Uy", "live"),
    ("Tiếp đoàn công tác Trung ương", "Phòng khách", "đ/c Lê Minh Hòa", "held"),
    ("Họp nội bộ", "Phòng họp 3", "", "secret"),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Tên hội nghị", help_text="Viết như trong giấy mời.")
    kind = forms.ChoiceField(label="Loại", choices=[("regular", "Thường kỳ"), ("expanded", "Mở rộng")])
    held_on = forms.CharField(label="Ngày", help_text="Ví dụ: 26/11/2026")
    starts_at = forms.CharField(label="Giờ bắt đầu", help_text="7h30, 7 giờ 30 hoặc 07:30")
    ends_at = forms.CharField(label="Giờ kết thúc", required=False)
    mode = forms.ChoiceField(
        label="Hình thức",
        choices=[("in_person", "Trực tiếp"), ("online", "Trực tuyến"), ("hybrid", "Kết hợp")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    has_call_sheet = forms.BooleanField(label="Lập bảng gọi điện cho thư ký", required=False)


def week_rows() -> list[dict[str, Any]]:
    """Two half-days of seven days with thirty entries, as the week page arranges them."""
    hours = (("7:30", "9:30", "10:30"), ("13:30", "15:00", "16:30"))
    rows = []
    for half, (label, times) in enumerate(zip(("Sáng", "Chiều"), hours, strict=True)):
        days = []
        for day in range(7):
            count = (3, 3, 3, 3, 3, 0, 0)[day]
            picks = [TITLES[(day * 2 + n + half) % len(TITLES)] for n in range(count)]
            days.append({"day": day, "entries": list(zip(times, picks, strict=False))})
        rows.append({"label": label, "days": days})
    return rows


BOARD = (
    (
        "Hội trường lớn",
        "500 chỗ",
        (("at-2 for-8", "Hội nghị trực tuyến quán triệt nghị quyết", "7:30–11:30", "live"),),
    ),
    (
        "Phòng họp Ban Thường vụ",
        "40 chỗ",
        (
            ("at-2 for-4", "Giao ban Thường trực", "7:30–9:30", "published"),
            ("at-14 for-7", "Hội nghị Ban Thường vụ lần thứ 31", "13:30–17:00", "published"),
        ),
    ),
    (
        "Phòng họp 2",
        "24 chỗ",
        (("at-7 for-3", "Làm việc với Đảng ủy phường Đông Sơn", "10:00–11:30", "draft"),),
    ),
    ("Phòng họp 3", "16 chỗ", ()),
)
MONTH = (
    ("Hội trường lớn", (("at-4 for-1", "Hội nghị BCH", "published"), ("at-18 for-3", "Đại hội", "draft"))),
    (
        "Phòng họp Ban Thường vụ",
        (("at-2 for-1", "BTV", "held"), ("at-9 for-1", "BTV", "held"), ("at-26 for-1", "BTV", "live")),
    ),
    ("Phòng họp 2", (("at-11 for-2", "Tập huấn", "published"),)),
)
PEOPLE = (
    ("Nguyễn Thị Ánh", "Phó Bí thư Thường trực", "0912 345 678", "attending", "07:12"),
    ("Trần Văn Bằng", "Trưởng Ban Tổ chức", "0987 111 222", "asks_excuse", "hôm qua"),
    ("Hoàng Thị Thu Hường", "Chánh Văn phòng", "0903 555 100", "none", "3 ngày"),
    ("Đặng Quốc Việt", "Bí thư Đảng ủy phường Đông Sơn", "0915 222 333", "substituted", "hôm nay"),
)


@require_safe
def styleguide(request: Request) -> HttpResponse:
    """Every component of docs/face.md."""
    return show(request, "ui/styleguide.html", {"form": _wrong_form()} | _samples())


def _wrong_form() -> SampleForm:
    """A form as it looks after a mistake."""
    form = SampleForm(
        {"title": "", "held_on": "31/2/2026", "starts_at": "7h30", "mode": "hybrid", "kind": "regular"}
    )
    form.add_error("held_on", "Không có ngày 31 tháng 2. Viết lại ngày, ví dụ 28/02/2026.")
    return form


def _samples() -> dict[str, Any]:
    """Invented content for every component."""
    states = ("ready", "ready", "silent", "fault")
    return {
        "signs": list(SIGNS),
        "week_days": WEEK,
        "week_rows": week_rows(),
        "hours": range(7, 19),
        "board": BOARD,
        "month": MONTH,
        "month_days": range(1, 31),
        "people": PEOPLE,
        "counts": {"attending": 38, "asks_excuse": 3, "excused": 4, "substituted": 1, "none": 7},
        "arrivals": [(f"7:{minute:02}", (minute * 7) % 23 + minute // 3) for minute in range(40)],
        "delegations": [("Phường Đông Sơn", 9), ("Xã Quảng Phú", 6), ("Ban Tổ chức", 4), ("Xã Hoằng Lộc", 1)],
        "points": [(f"Xã số {number}", states[number % 4]) for number in range(1, 25)],
    }
