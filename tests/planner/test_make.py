"""The builders build: one row of every kind, kept by the database."""

import pytest

from planner.access import Can, Role

NOUNS = [
    "office",
    "unit",
    "post",
    "person",
    "appointment",
    "term",
    "body",
    "profile",
    "quorum_rule",
    "user",
    "session",
    "chain",
    "engagement",
    "site",
    "room",
    "layout",
    "delegate",
    "invitation",
    "gate",
    "round",
]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_builder_makes_a_row_by_itself(make, noun):
    row = getattr(make, noun)()

    assert type(row).objects.filter(pk=row.pk).count() == 1


def test_a_body_comes_with_members_led_by_a_secretary(make):
    body = make.body(kind="BTV", members=4)

    assert [m.role for m in body.memberships.in_order()] == [
        "secretary",
        "standing_deputy",
        "deputy",
        "member",
    ]


def test_an_actor_may_what_its_role_may(make):
    assert make.actor(Role.VIEWER).everywhere == frozenset({Can.READ})


def test_hours_past_midnight_end_on_the_next_day(make):
    assert make.session("22:00-02:00").minutes == 240
