"""The office: begun once, with tables to start from that stay the office's own."""

import datetime as dt

import pytest

from planner.access import SYSTEM, Can
from planner.models import Holiday, Office, Term, User
from planner.services import accounts, holidays, logins, offices

FIRST = {
    "name": "Văn phòng Đảng ủy phường Bảo Lộc",
    "kind": "commune",
    "username": "quantri",
    "full_name": "Lê Thị Thu",
    "password": "một câu dài dễ nhớ 2026",
}


def test_the_first_run_makes_an_administrator_and_the_default_tables(db):
    user = offices.begin(**FIRST)

    assert accounts.actor_for(user).can(Can.ADMINISTER)
    assert user.check_password(FIRST["password"])
    assert str(offices.current()) == FIRST["name"]
    assert Term.objects.count() == 2


def test_the_first_run_happens_once(db):
    offices.begin(**FIRST)

    with pytest.raises(offices.ReadyAlready):
        offices.begin(**FIRST | {"username": "ke-den-sau"})

    assert [user.username for user in User.objects.all()] == ["quantri"]


def test_a_guessable_password_is_refused_and_nothing_is_begun(db):
    with pytest.raises(logins.WeakPassword):
        offices.begin(**FIRST | {"password": "12345678"})

    assert (User.objects.count(), Office.objects.count()) == (0, 0)


def test_days_off_are_proposed_for_years_and_edits_stay(db):
    holidays.save(Holiday(), values={"on": dt.date(2027, 9, 2), "name": "Nghỉ riêng"}, by=SYSTEM)

    holidays.install(by=SYSTEM, years=[2026, 2027])

    table = holidays.within(dt.date(2026, 2, 14), dt.date(2026, 2, 20))
    assert dt.date(2026, 2, 17) in table  # Tết Bính Ngọ
    assert Holiday.objects.get(on=dt.date(2027, 9, 2)).name == "Nghỉ riêng"
    assert holidays.install(by=SYSTEM, years=[2026, 2027]) == 0
