"""The directory: entered once, found without tone marks, in the right order on any database."""

import datetime as dt

import pytest
from django.utils import timezone

from planner.access import SYSTEM, Role
from planner.errors import ChangedMeanwhile, NotAllowed
from planner.models import AuditEntry, Membership, Person
from planner.services import appointments, bodies, people, search, titles, units
from planner.services.appointments import NewPost


def found(text):
    return [person.full_name for person in search.matching(Person.objects.active(), text).by_name()]


@pytest.mark.parametrize(
    "typed",
    [
        "huong",
        "HƯỜNG",
        "nguyen thi",
        "hường nguyễn",
        "Nguye\u0302\u0303n",  # NFD
        "uỷ ban",
        "ubnd xã Hoà",
        "hòa lạc",
        "0912345678",
        "0912 345 678",
        "+84 912 345 678",
        "345678",
        "thnguyen",
    ],
)
def test_a_person_is_found_however_the_name_or_number_is_typed(make, typed):
    people.create({"full_name": "Trần Văn Dũng", "phone": "0987000111"}, by=SYSTEM)
    person = people.create(
        {"full_name": "Nguyễn Thị Hường", "phone": "0912345678", "email": "thnguyen@hoalac.example"},
        by=SYSTEM,
    )
    unit = units.save(make.unit(), values={"name": "Ủy ban xã Hòa Lạc (UBND xã Hoà Lạc)"}, by=SYSTEM)
    appointments.appoint(person, to=NewPost(make.post("Chủ tịch"), unit), by=SYSTEM)

    assert found(typed) == ["Nguyễn Thị Hường"]


def test_a_word_of_the_search_begins_a_word_of_the_name(make):
    for name in ("Lê An", "Phạm Toàn", "H'Hen Niê"):
        people.create({"full_name": name, "email": ""}, by=SYSTEM)

    assert (found("an"), found("hen"), found("h'hen")) == (["Lê An"], ["H'Hen Niê"], ["H'Hen Niê"])


def test_names_sort_by_given_name_as_vietnamese_lists_do(make):
    names = [
        "Trần Văn Ước",
        "Lê Đức Ân",
        "Bùi An",
        "Phạm Văn Anh",
        "Vũ Đông",
        "Vũ Dũng",
        "Hồ Thị Ba",
        "Ngô Ẩn",
    ]
    for name in names:
        people.create({"full_name": name}, by=SYSTEM)

    in_order = [person.full_name for person in Person.objects.by_name()]

    assert in_order == [
        "Bùi An",
        "Phạm Văn Anh",
        "Lê Đức Ân",
        "Ngô Ẩn",
        "Hồ Thị Ba",
        "Vũ Dũng",
        "Vũ Đông",
        "Trần Văn Ước",
    ]


def test_the_rank_follows_the_highest_post_held_today(make):
    today = timezone.localdate()
    person = people.create({"full_name": "Lê Văn Sơn"}, by=SYSTEM)
    appointments.appoint(person, to=NewPost(make.post("Giám đốc sở", rank=60)), by=SYSTEM)
    high = appointments.appoint(person, to=NewPost(make.post("Ủy viên Ban Thường vụ", rank=20)), by=SYSTEM)

    ranks = [Person.objects.get(pk=person.pk).rank]
    appointments.end(high, on=today, by=SYSTEM)
    ranks.append(Person.objects.get(pk=person.pk).rank)

    assert ranks == [20, 60]


def test_a_post_that_begins_later_counts_from_its_day_on(make):
    today = timezone.localdate()
    person = people.create({"full_name": "Lê Văn Sơn"}, by=SYSTEM)
    tomorrow = today + dt.timedelta(days=1)
    appointments.appoint(person, to=NewPost(make.post("Chủ tịch", rank=30), starts_on=tomorrow), by=SYSTEM)

    assert Person.objects.get(pk=person.pk).rank == people.NO_RANK
    assert people.catch_up(on=tomorrow) == 1
    assert Person.objects.get(pk=person.pk).rank == 30
    assert people.catch_up(on=tomorrow) == 0


def test_the_second_to_save_is_told_and_overwrites_nothing(make):
    person = people.create({"full_name": "Lê Văn Sơn"}, by=SYSTEM)
    people.change(person, details={"phone": "0911111111"}, version=1, by=SYSTEM)

    with pytest.raises(ChangedMeanwhile):
        people.change(person, details={"phone": "0922222222"}, version=1, by=SYSTEM)

    stored = Person.objects.get(pk=person.pk)
    assert (stored.phone, stored.version) == ("0911111111", 2)


def test_saving_the_same_again_leaves_version_and_log_alone(make):
    person = people.create({"full_name": "Lê Văn Sơn", "phone": "0911111111"}, by=SYSTEM)

    people.change(person, details={"phone": "0911111111"}, by=SYSTEM)

    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert (Person.objects.get().version, actions) == (1, ["person.added"])


def test_the_log_says_who_changed_what_from_what_to_what(make):
    actor = make.actor(Role.PLANNER, full_name="Trần Thị Thư")
    person = people.create({"full_name": "Lê Văn Sơn", "phone": "0911111111"}, by=actor)

    people.change(person, details={"full_name": "Lê Văn Sơn", "phone": "0922222222"}, by=actor)

    entry = AuditEntry.objects.get(action="person.changed")
    assert entry.actor_label == "Trần Thị Thư"
    assert entry.changes["before"] == {"phone": "0911111111", "version": 1}
    assert entry.changes["after"] == {"phone": "0922222222", "version": 2}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RECEPTION, None])
def test_who_may_not_edit_people_changes_nobody(make, role):
    person = people.create({"full_name": "Lê Văn Sơn"}, by=SYSTEM)

    with pytest.raises(NotAllowed):
        people.change(person, details={"full_name": "Ai đó"}, by=make.actor(role))

    assert Person.objects.get(pk=person.pk).full_name == "Lê Văn Sơn"


def test_a_transfer_ends_one_post_and_begins_another_on_the_day(make):
    day = dt.date(2026, 7, 1)
    old_unit, new_unit = make.unit("Ban Tổ chức Tỉnh ủy"), make.unit("Sở Nội vụ")
    person = people.create({"full_name": "Lê Văn Sơn", "unit": old_unit}, by=SYSTEM)
    old = appointments.appoint(person, to=NewPost(make.post("Phó Trưởng ban"), old_unit), by=SYSTEM)

    appointments.transfer(old, to=NewPost(make.post("Giám đốc"), new_unit), on=day, by=SYSTEM)

    rows = list(
        person.appointments.order_by("id").values_list("post__name", "starts_on", "ends_on", "position")
    )
    assert rows == [("Phó Trưởng ban", None, day, 1), ("Giám đốc", day, None, 1)]
    person.refresh_from_db()
    assert person.unit == new_unit
    assert titles.printed(person.appointments.select_related("post", "unit"), day - dt.timedelta(days=1)) == (
        "Phó Trưởng Ban Tổ chức Tỉnh ủy"
    )
    assert titles.printed(person.appointments.select_related("post", "unit"), day) == "Giám đốc Sở Nội vụ"


def test_a_retired_leader_prints_with_the_highest_former_post(make):
    day = dt.date(2025, 10, 1)
    person = make.person("Phạm Văn Chính")
    make.appointment(
        person, make.post("Phó Bí thư Tỉnh ủy", rank=3), ends_on=dt.date(2020, 10, 1), position=2
    )
    make.appointment(person, make.post("Bí thư Tỉnh ủy", rank=1), ends_on=day, position=3)
    make.appointment(person, make.post("Trưởng phòng", rank=300), ends_on=dt.date(2010, 1, 1), position=1)

    rows = list(person.appointments.select_related("post", "unit"))

    assert titles.printed(rows, day) == "nguyên Bí thư Tỉnh ủy"


@pytest.mark.parametrize(
    ("post", "unit", "words"),
    [
        ("Trưởng ban", "Ban Tổ chức Tỉnh ủy", "Trưởng Ban Tổ chức Tỉnh ủy"),
        ("Chủ tịch UBND", "Xã Tà Đùng", "Chủ tịch UBND xã Tà Đùng"),
        ("Bí thư Tỉnh ủy", "Tỉnh ủy", "Bí thư Tỉnh ủy"),
        ("Bí thư", "Đảng ủy phường Xuân Hương - Đà Lạt", "Bí thư Đảng ủy phường Xuân Hương - Đà Lạt"),
        ("Giám đốc", "Sở Tài chính", "Giám đốc Sở Tài chính"),
        ("Trưởng Ban Xây dựng Đảng", "Đảng ủy xã Tà Đùng", "Trưởng Ban Xây dựng Đảng Đảng ủy xã Tà Đùng"),
        ("Nhà báo", "", "Nhà báo"),
    ],
)
def test_post_and_unit_read_as_one_phrase(post, unit, words):
    assert titles.phrase(post, unit) == words


def test_members_of_a_body_are_those_of_the_day_in_its_order(make):
    body, today = make.body(), timezone.localdate()
    later = today + dt.timedelta(days=30)
    names = {
        "Vũ Văn Ba": "member",
        "Lê Thị An": "member",
        "Trần Cả": "secretary",
        "Đỗ Hai": "standing_deputy",
    }
    for name, role in names.items():
        bodies.seat(body, person=make.person(name), role=role, term=make.term(), by=SYSTEM)
    leaving = Membership.objects.get(person__full_name="Vũ Văn Ba")
    bodies.unseat(leaving, on=later, by=SYSTEM)

    seated = [row.person.full_name for row in bodies.members(body, today)]
    then = [row.person.full_name for row in bodies.members(body, later)]

    assert seated == ["Trần Cả", "Đỗ Hai", "Lê Thị An", "Vũ Văn Ba"]
    assert then == ["Trần Cả", "Đỗ Hai", "Lê Thị An"]


def test_seating_somebody_twice_changes_the_role_and_keeps_one_seat(make):
    body, person = make.body(), make.person()
    bodies.seat(body, person=person, role="member", term=make.term(), by=SYSTEM)

    bodies.seat(body, person=person, role="deputy", term=make.term(), by=SYSTEM)

    assert list(body.memberships.values_list("role", "position")) == [("deputy", 3)]


def test_renaming_a_unit_lets_its_people_be_found_by_the_new_name(make):
    unit = units.save(make.unit(), values={"name": "Xã Cũ"}, by=SYSTEM)
    people.create({"full_name": "Lê Văn Sơn", "unit": unit}, by=SYSTEM)

    units.save(unit, values={"name": "Xã Mới"}, by=SYSTEM)

    assert (found("xa moi"), found("xa cu")) == (["Lê Văn Sơn"], [])


def test_a_unit_cannot_hang_below_its_own_branch(make):
    top = make.unit("Tỉnh")
    below = make.unit("Xã", parent=top)

    with pytest.raises(units.UnitInItself):
        units.save(top, values={"parent": below}, by=SYSTEM)


def test_search_asks_the_database_once_whatever_is_typed(make, django_assert_num_queries):
    for number in range(30):
        make.person(f"Người Số {number}")

    with django_assert_num_queries(1):
        assert len(found("nguoi so 2")) == 11
