"""`manage.py import people FILE`: the same import, told in lines or as JSON."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from planner.models import Person
from tests.planner.sheets import xlsx

CASES = Path(__file__).parents[1] / "cases"
pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(
        xlsx(
            ("STT", "Họ và tên", "SĐT", "Email", "Ghi chú"),
            (1, "LÊ VĂN AN", "0912345678"),
            (2, "Trần Thị Bình", None, "abc@"),
        )
    )
    return path


def run(capsys, *words):
    call_command("import", "people", *map(str, words))
    return capsys.readouterr().out


def test_a_list_is_imported_and_told_as_json(file, capsys):
    told = json.loads(run(capsys, file, "--json"))

    assert (told["state"], told["counts"]) == (
        "applied",
        {"new": 1, "same": 0, "changed": 0, "unclear": 0, "wrong": 1},
    )
    assert told["result"] == {"new": 1, "changed": 0, "same": 0, "skipped": 0, "left": 1}
    assert [(row["line"], row["status"], row["codes"]) for row in told["rows"]] == [
        (2, "new", []),
        (3, "wrong", ["email_wrong"]),
    ]
    assert [person.full_name for person in Person.objects.all()] == ["Lê Văn An"]


def test_a_dry_run_tells_and_changes_nothing(file, capsys):
    told = json.loads(run(capsys, file, "--json", "--dry-run"))

    assert (told["state"], told["result"], Person.objects.count()) == ("ready", {}, 0)


def test_without_json_there_are_lines(file, capsys):
    with translation.override("en"):
        lines = run(capsys, file).splitlines()

    assert lines == [
        "     2  new       Lê Văn An",
        "     3  wrong     Trần Thị Bình  D3: “abc@” is no e-mail address.",
        "1 new, 0 same, 0 changed, 0 unclear, 1 wrong",
        "1 new, 0 changed, 0 same, 0 skipped, 1 left",
    ]


def test_with_a_session_rows_become_delegates(capsys, make):
    session = make.session(body=make.body(members=2))
    for number in range(4):
        make.item(session, f"Mục {number}")

    told = json.loads(run(capsys, CASES / "delegates-2.xlsx", "--session", session.pk, "--json"))

    assert told["result"]["delegates"] == session.delegates.count() > 50
    assert told["result"]["excuses"] == session.delegates.filter(reply="asks_excuse").count() > 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.xlsx"], "missing.xlsx: No such file or directory"),
        ([CASES / "delegates-1.xlsx", "--session", "999"], "There is no session 999."),
        ([CASES / "delegates-1.xlsx", "--session", "x"], "There is no session x."),
    ],
)
def test_what_is_not_there_is_said_in_one_line(words, message, capsys):
    with pytest.raises(CommandError) as caught:
        run(capsys, *words)

    assert str(caught.value) == message


def test_a_refused_file_is_said_in_one_line(tmp_path, capsys):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")

    with translation.override("en"), pytest.raises(CommandError) as caught:
        run(capsys, path)

    assert "no XLSX or CSV" in str(caught.value)
