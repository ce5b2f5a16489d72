"""A list imported for a session: its people become delegates, its notes become facts of the list."""

from pathlib import Path

import pytest

from attendees.models import Delegate, Reply, Substitution
from planner.access import SYSTEM, Role
from planner.errors import NotAllowed, WrongState
from planner.flow import imports
from planner.models import ImportBatch, ImportRow, Person, StoredFile
from planner.services import imports as batches
from planner.vietnamese import fold
from tests.planner.sheets import xlsx

CASES = Path(__file__).parents[1] / "cases"
HEAD = ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Đoàn", "Ghi chú")


@pytest.fixture
def session(make):
    """A session of a body of three, with four agenda items."""
    session = make.session(body=make.body(members=3), kind="regular")
    for title in ("Một", "Hai", "Ba", "Bốn"):
        make.item(session, title)
    return session


def upload(session, *rows):
    content = rows[0] if isinstance(rows[0], bytes) else xlsx(HEAD, *rows)
    return imports.receive(content=content, file_name="ds.xlsx", session=session, by=SYSTEM)


def apply(batch, *answers):
    return imports.apply(batch=batch, answers=answers, by=SYSTEM)


def person(number, name, note="", phone="", group_post="Chuyên viên"):
    return (number, name, group_post, "Sở Tài chính", phone or f"09123456{number:02d}", None, note)


def delegate(session, name):
    return session.delegates.listed().get(printed_name=name)


def codes(batch):
    return {row.line: [p["code"] for p in row.problems if p["doubt"] != "remark"] for row in batch.rows.all()}


def test_rows_become_delegates_with_what_their_notes_say(session):
    batch = upload(
        session,
        person(1, "LÊ VĂN AN", "Xin vắng (đi công tác)"),
        person(2, "Trần Thị Bình", "Mời dự mục 3, mục 4"),
        person(3, "Phạm Văn Cường", "ăn chay; đi xe lăn"),
        person(4, "Hồ Thị Dung", "dự khuyết"),
        person(5, "Vũ Văn Em", "xác nhận dự"),
        person(6, "Bùi Thị Giang", "Dự tại điểm cầu xã Tà Hine"),
    )

    result = apply(batch)

    assert (result["delegates"], result["excuses"], result["items"], result["diets"]) == (6, 1, 1, 1)
    an = delegate(session, "Lê Văn An")
    reply = an.replies.get()
    assert (an.reply, reply.reason, reply.reason_code, reply.channel) == (
        "asks_excuse",
        "đi công tác",
        "duty",
        "import",
    )
    binh = delegate(session, "Trần Thị Bình")
    assert [item.position for item in binh.items.order_by("position")] == [3, 4]
    cuong = delegate(session, "Phạm Văn Cường")
    assert (cuong.diet, cuong.needs) == ("ăn chay", "đi xe lăn")
    assert delegate(session, "Hồ Thị Dung").basis == Delegate.Basis.ALTERNATE
    assert delegate(session, "Vũ Văn Em").reply == Delegate.Reply.ATTENDING
    giang = delegate(session, "Bùi Thị Giang")
    assert (giang.reply, giang.reply_mode) == (Delegate.Reply.ATTENDING, Delegate.Mode.ONLINE)


def test_the_title_above_a_row_says_the_role(session):
    apply(
        upload(
            session,
            ("I", "Các đồng chí Tỉnh ủy viên"),
            person(1, "Lê Văn An"),
            ("II", "Đại biểu mời"),
            person(2, "Trần Thị Bình"),
            ("III", "Phóng viên báo, đài"),
            person(3, "Phạm Văn Cường"),
            ("IV", "Các xã, phường, đặc khu"),
            person(4, "Hồ Thị Dung"),
        )
    )

    assert dict(session.delegates.values_list("printed_name", "role")) == {
        "Lê Văn An": "summoned",
        "Trần Thị Bình": "invited",
        "Phạm Văn Cường": "press",
        "Hồ Thị Dung": "invited",
    }


def test_members_of_the_body_are_summoned_and_keep_their_place(session):
    member = session.body.memberships.get(position=1).person

    apply(upload(session, person(1, "Lê Văn An"), person(2, member.full_name, phone=member.phone)))

    row = session.delegates.get(person=member)
    assert (row.role, row.position, session.delegates.get(printed_name="Lê Văn An").position) == (
        "summoned",
        1,
        1000,
    )


def test_the_delegation_column_names_the_unit(session):
    apply(upload(session, (1, "Lê Văn An", None, "Xã Tà Đùng", "0912345678", "Đoàn Xã Tà Đùng", None)))

    assert session.delegates.get().delegation.name == "Xã Tà Đùng"


def test_a_repeat_gains_nothing(session):
    rows = [person(1, "Lê Văn An", "vắng có lý do"), person(2, "Trần Thị Bình", "Mời dự mục 3; ăn chay")]
    apply(upload(session, *rows))

    again = upload(session, *rows)
    result = apply(again)

    assert [row.status for row in again.rows.all()] == ["same", "same"]
    assert (result["new"], result.get("delegates", 0), Reply.objects.count()) == (
        0,
        0,
        1,
    )


def test_a_known_delegate_whose_note_says_more_is_a_change(session):
    apply(upload(session, person(1, "Lê Văn An")))

    batch = upload(session, person(1, "Lê Văn An", "ăn chay; mời dự mục 2"))

    row = batch.rows.get()
    assert (row.status, row.changes) == ("changed", {"items": ["", "2"], "diet": ["", "ăn chay"]})
    apply(batch)
    assert [item.position for item in session.delegates.get().items.all()] == [2]


def test_somebody_known_but_not_on_the_list_is_new_to_it(session, make):
    known = make.person("Lê Văn An", phone="0912345601", unit=make.unit("Sở Tài chính"))
    make.appointment(known, "Chuyên viên", unit=known.unit)

    batch = upload(session, person(1, "Lê Văn An"))

    assert (batch.rows.get().status, batch.rows.get().person_id) == ("new", known.pk)
    apply(batch)
    assert (session.delegates.get().person, Person.objects.filter(full_name="Lê Văn An").count()) == (
        known,
        1,
    )


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("Mời dự mục 9", "item_unknown"),
        ("Dự thay", "substitute_unknown"),
        ("Dự thay đồng chí Người Nào Đó", "substitute_not_listed"),
        ("xem lại sau", "note_unclear"),
        ("vắng không phép", "note_unclear"),
        ("trùng", "duplicate_marked"),
    ],
)
def test_what_a_note_leaves_open_is_asked(session, note, code):
    batch = upload(session, person(1, "Lê Văn An", note))

    assert (batch.rows.get().status, codes(batch)) == ("unclear", {2: [code]})
    assert apply(batch)["left"] == 1
    assert not session.delegates.exists()


def test_an_unclear_note_taken_anyway_is_kept_as_words(session):
    batch = upload(session, person(1, "Lê Văn An", "ăn chay; xem lại sau"))

    apply(batch, {"line": 2, "do": "take"})

    row = session.delegates.get()
    assert (row.diet, row.note) == ("ăn chay", "xem lại sau")


def test_a_substitute_is_asked_for_and_waits_for_approval(session):
    batch = upload(session, person(1, "Lê Văn An"), person(2, "Trần Thị Bình", "Dự thay đồng chí Lê Văn An"))

    result = apply(batch)

    an = session.delegates.get()
    asked = Substitution.objects.get()
    assert (result["delegates"], result["substitutes"]) == (1, 1)
    assert (an.printed_name, an.reply, asked.delegate, asked.substitute.full_name, asked.state) == (
        "Lê Văn An",
        "asks_substitute",
        an,
        "Trần Thị Bình",
        "asked",
    )


def test_a_substitute_asked_for_twice_is_asked_for_once(session):
    rows = [person(1, "Lê Văn An"), person(2, "Trần Thị Bình", "Dự thay đồng chí Lê Văn An")]
    apply(upload(session, *rows))

    again = upload(session, *rows)
    apply(again)

    assert [row.status for row in again.rows.all()] == ["same", "same"]
    assert Substitution.objects.count() == 1


def test_a_member_of_the_body_cannot_be_substituted(session):
    member = session.body.memberships.get(position=1).person

    batch = upload(
        session,
        person(1, member.full_name, phone=member.phone),
        person(2, "Trần Thị Bình", f"Dự thay đồng chí {member.full_name}"),
        person(3, "Lê Văn An", "Cử đồng chí Phạm Văn Cường dự thay"),
    )

    assert codes(batch)[3] in (["substitute_forbidden"], ["substitute_not_listed"])
    apply(batch)
    assert session.delegates.get(printed_name="Lê Văn An").reply == "asks_substitute"


def test_an_offices_list_fills_a_session_and_its_notes_come_true(session):
    batch = upload(session, (CASES / "delegates-1.xlsx").read_bytes())

    result = apply(batch)

    settled = batch.rows.exclude(status__in=["unclear", "wrong"])
    notes = [row.read.get("note_text", "") for row in settled]
    listed = session.delegates.listed()
    assert result["delegates"] == len(notes) == listed.count() == 103
    assert {row.printed_name for row in listed.filter(reply="asks_excuse")} == {
        row.name for row in settled if row.read.get("note_text") == "Vắng có lý do"
    }
    assert listed.filter(diet="ăn chay").count() == notes.count("ăn chay") == 15
    assert listed.filter(items__position=3).count() == notes.count("Mời dự mục 3") == 15
    assert not [row for row in settled if row.read.get("note_text") in ("Dự thay", "trùng")]
    assert listed.filter(role="summoned").count() > 0
    assert listed.filter(role="invited").count() > 0


def test_a_list_for_a_cancelled_session_is_refused(session):
    batch = upload(session, person(1, "Lê Văn An"))
    session.state = session.State.CANCELLED
    session.save()

    with pytest.raises(WrongState):
        apply(batch)

    assert not Person.objects.filter(full_name="Lê Văn An").exists()


def test_a_list_for_a_session_needs_the_right_to_plan_it(session, make):
    with pytest.raises(NotAllowed):
        imports.receive(
            content=xlsx(HEAD, person(1, "Lê Văn An")),
            file_name="a.xlsx",
            session=session,
            by=make.actor(Role.VIEWER),
        )


def test_of_a_secret_sessions_list_only_who_is_on_it_is_kept(make):
    secret = make.session(secrecy="secret", body=make.body(members=1))
    content = xlsx(
        ("DANH SÁCH DỰ HỌP VỀ CHUYỆN CANARY",),
        HEAD,
        ("I", "NHÓM CANARY"),
        (1, "Lê Văn An", "Chuyên viên", "Sở Tài chính", "0912345678", None, "Xin vắng, đi học CANARY"),
        (2, "Trần Thị Bình", "Chuyên viên", "Sở Tài chính", "0987654321", None, "xem lại CANARY"),
    )

    batch = upload(secret, content)
    apply(batch, {"line": 5, "do": "take"})

    an = delegate(secret, "Lê Văn An")
    reply = an.replies.get()
    assert (an.reply, reply.reason, reply.reason_code) == ("asks_excuse", "", "duty")
    kept = [
        *ImportRow.objects.values(),
        *ImportBatch.objects.values(),
        *Reply.objects.values(),
        *Delegate.objects.values(),
    ]
    assert "canary" not in fold(str(kept))
    assert not StoredFile.objects.exists()
    assert batches.marked_file(batch)[:2] == b"PK"


def test_a_planner_of_one_body_sees_the_imports_of_its_sessions_only(session, make):
    mine, other = upload(session, person(1, "Lê Văn An")), upload(make.session(), person(1, "Trần Thị Bình"))
    actor = make.actor(Role.PLANNER, body=session.body)

    seen = batches.visible_to(actor)

    assert mine in seen
    assert other not in seen
