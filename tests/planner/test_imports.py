"""An uploaded list on its way into the directory: compared, decided, applied once, harmless when repeated."""

import datetime as dt
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner.access import SYSTEM, Role
from planner.errors import NotAllowed
from planner.flow import imports
from planner.models import AuditEntry, ImportBatch, ImportRow, Person, StoredFile, Unit
from planner.paper.reading.problems import NoHeadRow, SecrecyMark
from planner.services import decisions
from planner.services import imports as batches
from tests.planner.sheets import xlsx

CASES = Path(__file__).parents[1] / "cases"
HEAD = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Đơn vị", "Điện thoại", "Email", "Ghi chú")
AN = (
    1,
    "LÊ VĂN AN",
    "5/2/1971",
    "Nam",
    "Bí thư Đảng ủy",
    "X. Tà Đùng",
    "0912.345.678",
    "an@tinh.example",
    None,
)

pytestmark = pytest.mark.django_db


def upload(*rows, session=None, name="ds.xlsx"):
    """A list uploaded and compared."""
    content = rows[0] if isinstance(rows[0], bytes) else xlsx(HEAD, *rows)
    return imports.receive(content=content, file_name=name, session=session, by=SYSTEM)


def apply(batch, *answers):
    return imports.apply(batch=batch, answers=answers, by=SYSTEM)


def brought_in(*rows):
    return apply(upload(*rows))


def statuses(batch):
    return [(row.line, str(row.status)) for row in batch.rows.all()]


def codes(batch, line):
    return [problem["code"] for problem in batch.rows.get(line=line).problems]


def case(name):
    return (CASES / name).read_bytes()


def test_a_row_becomes_a_person_with_unit_posts_and_contacts():
    result = brought_in(AN)

    person = Person.objects.get()
    assert result == {"new": 1, "changed": 0, "same": 0, "skipped": 0, "left": 0}
    assert (person.full_name, person.sex, person.born_on, person.birth_year) == (
        "Lê Văn An",
        "M",
        dt.date(1971, 2, 5),
        1971,
    )
    assert (person.email, person.phone, person.unit.name) == ("an@tinh.example", "0912345678", "Xã Tà Đùng")
    assert [(a.post.name, a.unit.name, a.ends_on) for a in person.appointments.all()] == [
        ("Bí thư Đảng ủy", "Xã Tà Đùng", None)
    ]
    assert "bi thu dang uy" in person.search_key


def test_a_dry_run_changes_nothing_in_the_directory():
    upload(AN)

    assert (Person.objects.count(), Unit.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "wrong", "unclear", "people"),
    [
        (  # addresses like "abc@"; the sex "x", notes "trùng", and one name twice (147)
            "delegates-1.xlsx",
            [15, 18, 22, 52, 66, 81, 83, 85, 107, 126, 129],
            [19, 30, 37, 39, 44, 45, 51, 55, 67, 72, 77, 86, 94, 110, 124, 125, 137, 145, 147],
            140,
        ),
        (  # the same, and two men of one name born in one year (25)
            "delegates-2.xlsx",
            [24, 26, 39, 53, 55, 59],
            [13, 25, 28, 49, 58, 71, 75, 97, 100, 103],
            90,
        ),
    ],
)
def test_an_offices_list_is_told_row_by_row(name, wrong, unclear, people):
    batch = upload(case(name))

    def lines(status):
        return list(batch.rows.filter(status=status).order_by("line").values_list("line", flat=True))

    assert (lines("wrong"), lines("unclear")) == (wrong, unclear)
    assert batches.counts(batch)["new"] == people - len(wrong) - len(unclear)


def test_an_offices_list_applied_twice_adds_nobody_twice():
    first = brought_in(case("delegates-1.xlsx"))

    again = upload(case("delegates-1.xlsx"))
    second = apply(again)

    assert (first["new"], first["left"]) == (110, 30)
    assert (second["new"], second["changed"], second["same"], Person.objects.count()) == (0, 0, 110, 110)


def test_both_lists_together_ask_about_the_man_who_may_be_one():
    brought_in(case("delegates-1.xlsx"))

    batch = upload(case("delegates-2.xlsx"))

    nghia = batch.rows.get(line=82)
    assert (nghia.name, nghia.status) == ("Trần Thanh Nghĩa", "unclear")
    assert nghia.candidates == [Person.objects.get(full_name="Trần Thanh Nghĩa").pk]


def test_whoever_is_known_stays_as_they_are():
    brought_in(AN)

    batch = upload(AN)

    assert statuses(batch) == [(2, "same")]
    assert batch.rows.get().changes == {}


@pytest.mark.parametrize(
    ("cell", "value", "changes"),
    [
        (6, "0987654321", {"phone": ["0912345678", "0987654321"], "other_phone": ["", "0912345678"]}),
        (7, "moi@tinh.example", {"email": ["an@tinh.example", "moi@tinh.example"]}),
        (5, "Sở Tài chính", {"unit": ["Xã Tà Đùng", "Sở Tài chính"]}),
        (3, None, {}),
        (4, "Bí thư Đảng ủy; Chủ tịch HĐND", {"posts": ["", "Chủ tịch HĐND"]}),
        (4, "nguyên Bí thư Đảng ủy", {"posts": ["", "nguyên Bí thư Đảng ủy"]}),
        (1, "le van an", {}),
    ],
)
def test_what_a_known_persons_row_says_otherwise_is_a_change(cell, value, changes):
    brought_in(AN)
    row = [*AN]
    row[cell] = value

    batch = upload(tuple(row))

    stored = batch.rows.get()
    assert (stored.status, stored.changes) == ("changed" if changes else "same", changes)


def test_changes_are_applied_and_told_to_the_log():
    brought_in(AN)

    brought_in(
        (
            1,
            "Lê Văn An",
            "5/2/1971",
            None,
            "nguyên Bí thư Đảng ủy; Chủ tịch HĐND",
            "Sở Tài chính",
            "0987654321",
        )
    )

    person = Person.objects.get()
    assert (person.phone, person.other_phone, person.unit.name, person.version) == (
        "0987654321",
        "0912345678",
        "Sở Tài chính",
        2,
    )
    held = [(a.post.name, a.ends_on is None) for a in person.appointments.order_by("position")]
    assert held == [("Bí thư Đảng ủy", False), ("Chủ tịch HĐND", True)]
    entry = AuditEntry.objects.get(action="person.changed", object_id=str(person.pk))
    assert entry.changes["after"]["phone"] == "0987654321"


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ((1, "Lê Văn An", "1971", None, None, None, "0912345678"), "same"),
        ((1, "LE VAN AN", None, None, None, None, None, "an@tinh.example"), "same"),
        ((1, "Lê Văn An", "5/2/1971"), "same"),
        ((1, "Lê Văn An", None, None, None, "Xã Tà Đùng"), "same"),
        ((1, "Lê Văn An", "1980", None, None, "Sở Tài chính"), "new"),
        ((1, "Lê Văn An", None, None, None, "Sở Y tế", "0999888777", "khac@tinh.example"), "new"),
        ((1, "Lê Văn An", None, None, None, "Sở Y tế"), "unclear"),
        ((1, "Lê Văn An"), "unclear"),
        ((1, "Lê Văn An", "1971", None, None, "Sở Y tế"), "unclear"),
        ((1, "Lê Văn An", "6/2/1971", None, None, None, "0912345678"), "unclear"),
        ((1, "Trần Thị Bình", None, None, None, None, "0912345678"), "unclear"),
        ((1, "Trần Thị Bình", None, None, None, None, None, "an@tinh.example"), "unclear"),
        ((1, "Trần Thị Bình", None, None, None, "Xã Tà Đùng", "0987654321"), "new"),
    ],
)
def test_a_shared_name_alone_is_a_question_and_never_an_answer(row, status):
    brought_in(AN)

    batch = upload(row)

    assert statuses(batch) == [(2, status)]


def test_a_land_line_shared_by_colleagues_proves_nothing():
    brought_in((1, "Lê Văn An", None, None, None, "Sở Y tế", "02513822123"))

    batch = upload((1, "Trần Thị Bình", None, None, None, "Sở Y tế", "02513822123"))

    assert statuses(batch) == [(2, "new")]


def test_a_person_listed_twice_is_added_once():
    batch = upload(AN, (2, "Lê Văn An", None, None, None, None, "0912345678"))

    assert statuses(batch) == [(2, "new"), (3, "same")]
    assert codes(batch, 3) == ["duplicate_row"]
    assert (apply(batch)["new"], Person.objects.count()) == (1, 1)


def test_a_double_that_says_more_is_asked_about_and_may_be_joined():
    batch = upload(AN, (2, "Lê Văn An", None, None, "Chủ tịch HĐND", None, "0912345678"))

    assert statuses(batch) == [(2, "new"), (3, "unclear")]
    result = apply(batch, {"line": 3, "do": "person", "line_of": 2})

    person = Person.objects.get()
    assert result["left"] == 0
    assert {a.post.name for a in person.appointments.all()} == {"Bí thư Đảng ủy", "Chủ tịch HĐND"}


def test_two_people_of_one_name_in_a_list_are_asked_about():
    batch = upload((1, "Lê Văn An", None, None, None, "Xã A"), (2, "Lê Văn An", None, None, None, "Xã B"))

    assert statuses(batch) == [(2, "new"), (3, "unclear")]
    assert codes(batch, 3) == ["same_name", "unit_new"]
    assert apply(batch, {"line": 3, "do": "create"})["new"] == 2


def test_a_note_that_says_double_is_believed_only_with_a_second_row():
    batch = upload((*AN[:8], "trùng"))

    assert (statuses(batch), codes(batch, 2)) == ([(2, "unclear")], ["duplicate_marked", "unit_new"])
    assert apply(batch, {"line": 2, "do": "take"})["new"] == 1


def test_a_wrong_row_waits_and_the_others_do_not_wait_for_it():
    batch = upload(AN, (2, "Trần Thị Bình", None, None, None, "Sở Y tế", None, "abc@"))

    assert statuses(batch) == [(2, "new"), (3, "wrong")]
    assert apply(batch) == {"new": 1, "changed": 0, "same": 0, "skipped": 0, "left": 1}
    assert not Person.objects.filter(full_name="Trần Thị Bình").exists()


def test_a_wrong_row_may_be_taken_without_its_wrong_cell_later():
    batch = upload((1, "Trần Thị Bình", None, None, None, "Sở Y tế", "0987654321", "abc@"))
    apply(batch)

    result = apply(batch, {"line": 2, "do": "take"})

    assert (result["new"], Person.objects.get().email) == (1, "")


def test_a_wrong_cell_may_be_mended_by_hand():
    batch = upload((1, "Hường", "31/2/1970", "x", None, None, "123", "abc@"))

    values = {
        "full_name": "NGUYỄN THỊ HƯỜNG",
        "born": "28/2/1970",
        "sex": "Nữ",
        "phone": "0987.654.321",
        "email": "h@a.example",
    }
    apply(batch, {"line": 2, "do": "take", "values": values})

    person = Person.objects.get()
    assert (person.full_name, person.born_on, person.sex) == ("Nguyễn Thị Hường", dt.date(1970, 2, 28), "F")
    assert (person.phone, person.email) == ("0987654321", "h@a.example")


@pytest.mark.parametrize(
    "values", [{"email": "abc@"}, {"phone": "1"}, {"born": "31/2"}, {"sex": "x"}, {"age": "3"}]
)
def test_a_mended_cell_must_be_right(values):
    batch = upload(AN)

    with pytest.raises(decisions.BadValue) as caught:
        apply(batch, {"line": 2, "do": "take", "values": values})

    assert list(caught.value.fields) == list(values)


def test_a_namesake_is_settled_by_naming_the_person():
    known = brought_in(AN) and Person.objects.get()
    batch = upload((1, "Lê Văn An", None, None, None, "Sở Y tế"))

    apply(batch, {"line": 2, "do": "person", "person_id": str(known.pk)})

    assert (Person.objects.count(), Person.objects.get().unit.name) == (1, "Sở Y tế")


def test_take_does_not_settle_who_somebody_is():
    brought_in(AN)
    batch = upload((1, "Lê Văn An", None, None, None, "Sở Y tế"))

    result = apply(batch, {"line": 2, "do": "take"})

    assert (result["left"], Person.objects.count()) == (1, 1)


def test_a_skipped_row_is_left_out():
    batch = upload(AN)

    assert apply(batch, {"line": 2, "do": "skip"}) == {
        "new": 0,
        "changed": 0,
        "same": 0,
        "skipped": 1,
        "left": 0,
    }
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        {"line": 99, "do": "take"},
        {"line": "x", "do": "take"},
        {"do": "take"},
        {"line": 2, "do": "burn"},
        {"line": 2, "do": "person", "person_id": "999"},
        {"line": 2, "do": "person", "line_of": 2},
        {"line": 2, "do": "take", "unit_id": "999"},
    ],
)
def test_a_decision_that_fits_nothing_is_refused(answer):
    batch = upload(AN)

    with pytest.raises(decisions.UnknownDecision):
        apply(batch, answer)

    assert not Person.objects.exists()


def test_nothing_is_half_imported(monkeypatch):
    batch = upload(AN, (2, "Trần Thị Bình"))
    monkeypatch.setattr("planner.services.intake.people.refresh", lambda ids: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        apply(batch)

    assert (Person.objects.count(), Unit.objects.count()) == (0, 0)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.READY


def test_a_unit_of_several_provinces_is_asked_about_unless_one_is_ours(make):
    ours, theirs = make.unit("Tỉnh Ta"), make.unit("Tỉnh Họ")
    near, far = make.unit("Xã Tân Hưng", parent=ours), make.unit("Xã Tân Hưng", parent=theirs)

    batch = upload((1, "Lê Văn An", None, None, None, "X. Tân Hưng", "0912345678"))
    assert (statuses(batch), codes(batch, 2)) == ([(2, "unclear")], ["unit_several"])
    apply(batch, {"line": 2, "do": "take", "unit_id": far.pk})
    assert Person.objects.get().unit == far

    make.office(unit=ours)
    brought_in((1, "Trần Thị Bình", None, None, None, "X. Tân Hưng", "0987654321"))
    assert Person.objects.get(full_name="Trần Thị Bình").unit == near


def test_posts_are_matched_in_either_spelling_and_print_well():
    brought_in(
        (
            1,
            "Lê Văn An",
            None,
            None,
            "Giám đốc Sở Tài chính; Chánh Văn phòng",
            "Văn phòng Tỉnh uỷ",
            "0912345678",
        )
    )

    person = Person.objects.get()
    assert person.unit.name == "Văn phòng Tỉnh ủy"
    held = person.appointments.order_by("position")
    assert [(a.title, a.unit and a.unit.name) for a in held] == [
        ("Giám đốc Sở Tài chính", None),
        ("", "Văn phòng Tỉnh ủy"),
    ]


def test_former_posts_are_kept_as_former():
    brought_in((1, "Lê Văn An", None, None, "nguyên Bí thư Tỉnh ủy, Trưởng Ban Tổ chức", None, "0912345678"))

    held = Person.objects.get().appointments.order_by("position")
    assert [(a.post.name, a.ends_on is None) for a in held] == [
        ("Bí thư Tỉnh ủy", False),
        ("Trưởng Ban Tổ chức", True),
    ]


def test_who_became_known_meanwhile_is_not_added_again(make):
    batch = upload(AN)
    make.person("Lê Văn An", phone="0912345678", email="cu@tinh.example")

    result = apply(batch)

    assert (result["new"], result["left"], Person.objects.count()) == (0, 1, 1)
    assert codes(batch, 2)[-1] == "changed_meanwhile"


def test_merged_and_erased_people_are_not_matched(make):
    make.person("Lê Văn An", phone="0912345678", merged_into=make.person())

    assert statuses(upload(AN)) == [(2, "new")]


def test_the_whole_file_is_refused_and_nothing_kept_for_a_secrecy_mark():
    with pytest.raises(SecrecyMark):
        upload(xlsx(("MẬT",), HEAD, AN))

    assert (ImportBatch.objects.count(), StoredFile.objects.count()) == (0, 0)
    (entry,) = AuditEntry.objects.filter(action="import.refused")
    assert entry.changes["after"] == {"code": "secrecy_mark_refused"}


def test_a_file_without_a_head_keeps_nothing():
    with pytest.raises(NoHeadRow):
        upload(xlsx(("a", "b")))

    assert not ImportBatch.objects.exists()


def test_the_marked_file_says_what_became_of_each_row():
    batch = upload(AN, (2, "Trần Thị Bình", None, None, None, None, None, "abc@"))

    sheet = load_workbook(BytesIO(batches.marked_file(batch)))["DS"]

    assert [[cell.value for cell in row][9:] for row in sheet.iter_rows()] == [
        ["Kết quả nhập", "Lý do nhập"],
        ["Mới", "Đơn vị mới: Xã Tà Đùng."],
        ["Sai", "H3: “abc@” không phải địa chỉ thư điện tử."],
    ]


def test_a_marked_csv_comes_back_as_a_workbook():
    batch = upload("STT,Họ và tên,Email\n1,Trần Thị Bình,abc@\n".encode(), name="ds.csv")

    (sheet,) = load_workbook(BytesIO(batches.marked_file(batch))).worksheets
    assert [cell.value for cell in sheet[2]][:3] == [2, "Trần Thị Bình", "Sai"]


def test_the_stored_upload_is_sealed():
    upload(AN)

    content = bytes(StoredFile.objects.get().content)
    assert content[:2] != b"PK"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RECEPTION, None])
def test_only_who_may_edit_people_uploads_and_applies(make, role):
    actor = make.actor(role)
    batch = upload(AN)

    with pytest.raises(NotAllowed):
        imports.receive(content=xlsx(HEAD, AN), file_name="a.xlsx", by=actor)
    with pytest.raises(NotAllowed):
        imports.apply(batch=batch, by=actor)

    assert not Person.objects.exists()


def test_comparing_takes_the_same_queries_for_one_row_and_for_many(django_assert_num_queries, make):
    def judged(*rows):
        return imports.receive(content=xlsx(HEAD, *rows), file_name="a.xlsx", by=SYSTEM)

    one = judged(AN)
    many = judged(
        *[
            (n, f"Lê Văn {letter}n", None, None, None, "Xã A", f"09123456{n:02d}")
            for n, letter in enumerate("BCDGHKLMNP")
        ]
    )

    ImportBatch.objects.update(state=ImportBatch.State.READING)
    for batch in (one, many):
        with django_assert_num_queries(15):
            imports.judge(batch=batch, by=SYSTEM)

    assert ImportRow.objects.filter(status="new").count() == 11
