"""What is exported and imported again is the same, and who exported is written down."""

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from planner.access import SYSTEM, Role
from planner.errors import NotAllowed
from planner.flow import imports
from planner.models import AuditEntry, Person
from planner.services import exports
from planner.services import imports as batches

pytestmark = pytest.mark.django_db


def exported():
    return exports.people(Person.objects.by_precedence(), by=SYSTEM)


@pytest.fixture
def people(make):
    """People as awkward as a directory holds them."""
    north, south = make.unit("Tỉnh Bắc"), make.unit("Tỉnh Nam")
    twins = [make.unit("Xã Tân Hưng", parent=parent) for parent in (north, south)]
    office = make.unit("Văn phòng Tỉnh ủy")
    an = make.person("Lê Văn An", unit=twins[0], born_on=dt.date(1971, 2, 5), birth_year=1971, sex="M")
    make.appointment(an, make.post("Bí thư Đảng ủy", rank=40), unit=twins[0], position=1)
    make.appointment(an, make.post("Ủy viên BTV Tỉnh ủy", rank=20), title="Ủy viên BTV Tỉnh ủy", position=2)
    make.appointment(an, make.post("Chủ tịch UBND"), unit=twins[1], position=3, ends_on=dt.date(2024, 1, 1))
    make.person("Lê Văn An", unit=twins[1], email="", phone="")
    make.person("Lê Văn An", email="", phone="")
    make.person("Lê Văn An", email="", phone="")
    make.person("Ksor H'Bia", unit=office, sex="F", birth_year=1980, other_phone="02513822123")
    make.appointment(make.person("Trần Thị Bình", unit=office), "Chuyên viên", unit=office)
    return Person.objects.all()


def test_a_directory_comes_back_unchanged(people):
    batch = imports.receive(content=exported(), file_name="danh-ba.xlsx", by=SYSTEM)

    assert batches.counts(batch) == {"new": 0, "same": 6, "changed": 0, "unclear": 0, "wrong": 0}
    assert {row.person_id for row in batch.rows.all()} == set(people.values_list("pk", flat=True))
    before = list(people.order_by("pk").values())
    imports.apply(batch=batch, by=SYSTEM)
    assert list(people.order_by("pk").values()) == before


def test_a_cell_changed_in_the_file_is_the_one_change(people):
    book = load_workbook(BytesIO(exported()))
    sheet = book.worksheets[0]
    (row,) = [row for row in sheet.iter_rows() if row[1].value == "Trần Thị Bình"]
    row[1].value, row[7].value = "Trần Thị Bích", "bich@tinh.example"
    output = BytesIO()
    book.save(output)

    batch = imports.receive(content=output.getvalue(), file_name="danh-ba.xlsx", by=SYSTEM)

    (changed,) = batch.rows.filter(status="changed")
    assert (changed.changes.keys(), batches.counts(batch)["same"]) == ({"full_name", "email"}, 5)


def test_a_code_beside_somebody_else_is_not_believed(people):
    book = load_workbook(BytesIO(exported()))
    sheet = book.worksheets[0]
    (row,) = [row for row in sheet.iter_rows() if row[1].value == "Trần Thị Bình"]
    for column, value in ((1, "Phạm Văn Cường"), (6, "0999888777"), (7, "cuong@tinh.example")):
        row[column].value = value
    output = BytesIO()
    book.save(output)

    batch = imports.receive(content=output.getvalue(), file_name="danh-ba.xlsx", by=SYSTEM)

    assert batch.rows.get(name="Phạm Văn Cường").status == "new"


def test_the_export_prints_under_a_title_with_vietnamese_heads(people):
    (sheet,) = load_workbook(BytesIO(exported())).worksheets

    heads = [cell.value for cell in sheet[4]]
    assert heads[:8] == [
        "STT",
        "Họ và tên",
        "Ngày sinh",
        "Giới tính",
        "Chức vụ",
        "Đơn vị",
        "Điện thoại",
        "Thư điện tử",
    ]
    an = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "Lê Văn An" and row[2])
    assert an[2:6] == (
        dt.datetime(1971, 2, 5),
        "Nam",
        "Bí thư Đảng ủy\nỦy viên BTV Tỉnh ủy\nnguyên Chủ tịch UBND xã Tân Hưng",
        "Xã Tân Hưng, Tỉnh Bắc",
    )


def test_an_export_is_logged_and_kept_from_those_who_may_not(make, people):
    planner = make.actor(Role.PLANNER)
    exports.people(Person.objects.all(), by=planner)

    (entry,) = AuditEntry.objects.filter(action="people.exported")
    assert (entry.actor_label, entry.changes["after"]) == (planner.label, {"people": 6})
    with pytest.raises(NotAllowed):
        exports.people(Person.objects.all(), by=make.actor(Role.VIEWER))


@pytest.mark.parametrize(("role", "status"), [(Role.PLANNER, 200), (Role.VIEWER, 403)])
def test_the_page_hands_out_the_file(make, people, role, status):
    make.office()

    assert make.client(role).get("/people/export/").status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_an_export_asks_the_same_number_of_questions(make, count, django_assert_num_queries):
    unit = make.unit("Sở Y tế")
    for number in range(count):
        make.appointment(make.person(f"Lê Văn {'ABC'[number]}n", unit=unit), "Chuyên viên", unit=unit)

    with django_assert_num_queries(6):
        exported()
