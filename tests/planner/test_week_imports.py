"""An uploaded week makes engagements only, none twice, and asks before it doubles a session of ours."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from planner.access import SYSTEM, Role
from planner.errors import NotAllowed
from planner.flow import imports
from planner.models import Engagement, ImportBatch, Session
from planner.paper.reading.problems import SecrecyMark
from planner.services import imports as batches
from planner.services import week_imports
from tests.planner.sheets import xlsx

CASES = Path(__file__).parents[1] / "cases"
HEAD = ("Thứ", "Ngày", "Buổi", "Giờ", "Nội dung", "Địa điểm", "Chủ trì", "Chuẩn bị")
NEAR = dt.date(2026, 11, 21)
pytestmark = pytest.mark.django_db


def upload(*rows):
    content = rows[0] if isinstance(rows[0], bytes) else xlsx(HEAD, *rows)
    return week_imports.receive(content=content, file_name="tuan.xlsx", near=NEAR, by=SYSTEM)


def apply(batch, *answers):
    return imports.apply(batch=batch, answers=answers, by=SYSTEM)


def statuses(batch):
    return [(row.line, str(row.status)) for row in batch.rows.all()]


def test_an_offices_week_becomes_engagements_and_nothing_else():
    result = apply(upload((CASES / "week-table.csv").read_bytes()))

    assert result == {"new": 15, "changed": 0, "same": 0, "skipped": 0, "left": 0}
    assert (Engagement.objects.count(), Session.objects.count()) == (15, 0)
    first = Engagement.objects.get(content="Hội nghị Thường trực Tỉnh ủy")
    assert timezone.localtime(first.starts_at) == timezone.make_aware(dt.datetime(2025, 7, 14, 8, 30))
    assert (first.place, first.leaders_text, first.preparing_unit, first.has_hour) == (
        "P. họp TV",
        "Bí thư, các Phó Bí thư",
        "Văn phòng Tỉnh ủy",
        True,
    )
    whole_day = Engagement.objects.get(content__startswith="Hội nghị trực tuyến")
    assert (whole_day.has_hour, whole_day.half_day) == (False, "all_day")
    half = Engagement.objects.get(content__startswith="Tiếp công dân")
    assert (half.has_hour, half.half_day, half.kind) == (False, "morning", "receive")


def test_a_week_applied_twice_adds_no_line_twice():
    apply(upload((CASES / "week-table.csv").read_bytes()))

    again = upload((CASES / "week-table.csv").read_bytes())

    assert batches.counts(again) == {"new": 0, "same": 15, "changed": 0, "unclear": 0, "wrong": 0}
    assert (apply(again)["same"], Engagement.objects.count()) == (15, 15)


def test_a_week_in_prose_is_imported_too():
    assert apply(upload((CASES / "week-prose.txt").read_bytes()))["new"] == 6


def test_the_same_words_at_another_hour_are_a_change_of_the_line():
    apply(upload(("Hai", "14/7", "Sáng", "8h", "Giao ban", "P1")))

    batch = upload(("Hai", "14/7", "Sáng", "9h", "Giao ban", "P2"))

    assert statuses(batch) == [(2, "changed")]
    assert batch.rows.get().changes == {"starts": ["8h", "9h"], "place": ["P1", "P2"]}
    apply(batch)
    (row,) = Engagement.objects.all()
    assert (timezone.localtime(row.starts_at).hour, row.place, row.version) == (9, "P2", 2)


def test_the_same_line_twice_on_a_day_stays_two_lines():
    apply(upload(("Hai", "14/7", "Sáng", "8h", "Giao ban"), ("Hai", "14/7", "Chiều", "14h", "Giao ban")))

    assert Engagement.objects.count() == 2


def test_a_line_that_is_a_session_of_ours_is_asked_about(make):
    day = dt.date(2025, 7, 14)
    make.session("13:30-16:00", on=day, title="Hội nghị Ban Thường vụ Tỉnh ủy")

    batch = upload(
        ("Hai", "14/7", "Chiều", "13h30", "Hội nghị Ban Thường vụ Tỉnh ủy"),
        ("Hai", "14/7", "Sáng", "8h", "Hội nghị Ban Thường vụ Tỉnh ủy"),
    )

    assert statuses(batch) == [(2, "unclear"), (3, "new")]
    assert apply(batch, {"line": 2, "do": "take"})["new"] == 2


def test_a_secret_session_is_not_told_by_the_comparison(make):
    make.session("13:30-16:00", on=dt.date(2025, 7, 14), secrecy="secret", code_name="Họp kín")

    assert statuses(upload(("Hai", "14/7", "Chiều", "13h30", "Họp kín"))) == [(2, "new")]


def test_a_wrong_line_waits_and_a_skipped_one_stays_out():
    batch = upload(
        ("Hai", "15/7", "Sáng", "8h", "Sai thứ"),  # a Monday, but in 2024
        ("Ba", "15/7", "Sáng", "lúc nào", "Sai giờ"),
        ("Ba", "15/7", "Sáng", "8h", "Bỏ"),
        ("Ba", "15/7", "Sáng", "9h", "Nhận"),
    )

    result = apply(batch, {"line": 3, "do": "take"}, {"line": 4, "do": "skip"}, {"line": 2, "do": "take"})

    assert result == {"new": 2, "changed": 0, "same": 0, "skipped": 1, "left": 1}
    assert sorted(Engagement.objects.values_list("content", "has_hour")) == [
        ("Nhận", True),
        ("Sai giờ", False),
    ]


def test_a_week_with_a_secrecy_mark_is_refused_and_nothing_kept():
    with pytest.raises(SecrecyMark):
        upload(("Hai", "14/7", "Sáng", "8h", "TỐI MẬT"))

    assert not ImportBatch.objects.exists()


def test_only_planners_import_a_week(make):
    with pytest.raises(NotAllowed):
        week_imports.receive(content=xlsx(HEAD), file_name="a.xlsx", by=make.actor(Role.VIEWER))
