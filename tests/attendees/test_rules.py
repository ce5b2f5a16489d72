"""Attendee rules as pure values: who, why, once each."""

import pytest

from attendees.rules import (
    BadRule,
    Directory,
    Held,
    OpenSeat,
    Pick,
    Seat,
    UnitFact,
    open_seats,
    read,
    resolve,
)

BCH, BTV = 1, 2
AN, BINH, CUONG, DUNG, EM = 101, 102, 103, 104, 105
SECRETARY_POST, HEAD_POST = 11, 12
PROVINCE, COMMUNE_A, COMMUNE_B, BOARD = 21, 22, 23, 24


@pytest.fixture
def directory() -> Directory:
    return Directory(
        seats=[
            Seat(AN, BCH, "member", "Ủy viên BCH", False),
            Seat(BINH, BCH, "member", "Ủy viên BCH", False),
            Seat(AN, BTV, "secretary", "Bí thư BTV", False),
            Seat(EM, BCH, "member", "nguyên Ủy viên BCH", True),
        ],
        held=[
            Held(BINH, SECRETARY_POST, COMMUNE_A, "Bí thư Đảng ủy xã A", False),
            Held(CUONG, SECRETARY_POST, COMMUNE_B, "Bí thư Đảng ủy xã B", False),
            Held(DUNG, HEAD_POST, BOARD, "Trưởng ban Tổ chức", False),
            Held(EM, SECRETARY_POST, COMMUNE_B, "nguyên Bí thư Đảng ủy xã B", True),
        ],
        homes={DUNG: BOARD, AN: PROVINCE},
        tags={CUONG: frozenset({"quy hoạch"}), DUNG: frozenset({"quy hoạch", "nữ"})},
        people=frozenset({AN, BINH, CUONG, DUNG, EM}),
        units={
            PROVINCE: UnitFact("Tỉnh", "province", None, frozenset()),
            COMMUNE_A: UnitFact("Xã A", "commune", PROVINCE, frozenset()),
            COMMUNE_B: UnitFact("Xã B", "commune", PROVINCE, frozenset({"miền núi"})),
            BOARD: UnitFact("Ban Tổ chức", "party_board", None, frozenset()),
        },
        bodies={
            "1": frozenset({BCH}),
            "BCH": frozenset({BCH}),
            "2": frozenset({BTV}),
            "BTV": frozenset({BTV}),
        },
        posts={
            "11": frozenset({SECRETARY_POST}),
            "Bí thư": frozenset({SECRETARY_POST}),
            "12": frozenset({HEAD_POST}),
        },
        named="đích danh",
    )


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ({"body": "1"}, {AN, BINH}),
        ({"body": "BCH"}, {AN, BINH}),
        ({"body": ["1", "2"]}, {AN, BINH}),
        ({"body": "2", "role": "secretary"}, {AN}),
        ({"role": "secretary"}, {AN}),
        ({"body": "1", "former": True}, {EM}),
        ({"post": "11"}, {BINH, CUONG}),
        ({"post": "Bí thư", "unit": "22"}, {BINH}),
        ({"post": "11", "unit": {"kind": "commune"}}, {BINH, CUONG}),
        ({"post": "11", "unit": {"kind": "commune", "tag": "miền núi"}}, {CUONG}),
        ({"post": "11", "unit": {"under": "21"}}, {BINH, CUONG}),
        ({"post": "11", "former": True}, {EM}),
        ({"unit": "24"}, {DUNG}),
        ({"unit": "21"}, {AN}),
        ({"tag": "quy hoạch"}, {CUONG, DUNG}),
        ({"tag": "quy hoạch", "post": "11"}, {CUONG}),
        ({"person": ["101", 105, "999"]}, {AN, EM}),
        ({"any": [{"body": "1"}, {"post": "11"}]}, {AN, BINH, CUONG}),
        ({"all": [{"body": "1"}, {"post": "11"}]}, {BINH}),
        ({"any": [{"body": "1"}, {"post": "11"}], "except": [{"person": "102"}]}, {AN, CUONG}),
        ({"any": [{"body": "1"}, {"post": "11"}], "except": {"person": "102"}}, {AN, CUONG}),
        ({"any": []}, set()),
        ({}, set()),
    ],
)
def test_a_rule_means_these_people(directory, rule, people):
    assert resolve(read(rule), directory).keys() == people


def test_except_binds_to_its_own_clause(directory):
    rule = {"any": [{"body": "1", "except": [{"person": "102"}]}, {"post": "11"}]}

    assert resolve(read(rule), directory).keys() == {AN, BINH, CUONG}


def test_whoever_is_meant_twice_is_there_once_with_both_reasons(directory):
    picks = resolve(read({"any": [{"body": "1"}, {"post": "11"}]}), directory)

    assert picks[BINH].why == ["Ủy viên BCH", "Bí thư Đảng ủy xã A"]


def test_a_guest_of_single_items_who_is_also_a_member_attends_the_whole_session(directory):
    rule = {"any": [{"body": "1"}, {"post": ["11", "12"], "items": [3]}]}

    picks = resolve(read(rule), directory)

    assert picks[DUNG] == Pick(["Trưởng ban Tổ chức"], frozenset({3}), "")
    assert picks[BINH].items == frozenset()


def test_items_asked_for_twice_add_up(directory):
    rule = {"any": [{"person": "104", "items": [3]}, {"post": "12", "items": [5]}]}

    assert resolve(read(rule), directory)[DUNG].items == {3, 5}


def test_the_stronger_role_wins(directory):
    rule = {"any": [{"post": "11", "as": "invited"}, {"body": "1", "as": "summoned"}]}

    picks = resolve(read(rule), directory)

    assert {pk: pick.role for pk, pick in picks.items()} == {
        AN: "summoned",
        BINH: "summoned",
        CUONG: "invited",
    }


def test_seats_are_asked_of_units_and_name_nobody(directory):
    rule = read(
        {"any": [{"body": "2"}, {"unit": {"kind": "commune"}, "seats": 2, "words": "đại diện lãnh đạo"}]}
    )

    assert resolve(rule, directory).keys() == {AN}
    assert open_seats(rule, directory) == [
        OpenSeat(COMMUNE_A, 2, "", "đại diện lãnh đạo"),
        OpenSeat(COMMUNE_B, 2, "", "đại diện lãnh đạo"),
    ]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ([], "rule"),
        ({"bodies": "1"}, "rule"),
        ({"any": [{"body": {"kind": "BCH"}}]}, "rule.any.0.body"),
        ({"unit": {"name": "x"}}, "rule.unit"),
        ({"person": True}, "rule.person"),
        ({"items": [0], "body": "1"}, "rule.items"),
        ({"seats": "2", "unit": "3"}, "rule.seats"),
        ({"seats": 2}, "rule.seats"),
        ({"except": [{"body": "1"}]}, "rule.except"),
        ({"body": "1", "as": "boss"}, "rule.as"),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_its_place(rule, place):
    with pytest.raises(BadRule) as refusal:
        read(rule)

    assert list(refusal.value.fields) == [place]


def test_a_rule_nested_without_end_is_refused():
    rule: dict = {"body": "1"}
    for _ in range(50):
        rule = {"any": [rule]}

    with pytest.raises(BadRule):
        read(rule)
