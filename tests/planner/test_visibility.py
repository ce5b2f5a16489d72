"""Who sees which sessions: the whole office, a granted body, a single session, and never a secret by chance."""

import pytest

from planner.access import NOBODY, Role
from planner.models import Session
from planner.services import accounts
from tests.make import Make


@pytest.mark.parametrize(
    ("role", "sees_secret"),
    [
        (Role.ADMINISTRATOR, True),
        (Role.HEAD_OF_OFFICE, True),
        (Role.PLANNER, True),
        (Role.RECEPTION, False),
        (Role.VIEWER, False),
    ],
)
def test_only_those_who_may_know_see_a_secret_session(make: Make, role: Role, sees_secret: bool) -> None:
    plain, secret = make.session(title="Giao ban"), make.session(title="", secrecy="secret", code_name="K-1")

    seen = set(Session.objects.visible_to(make.actor(role)))

    assert seen == ({plain, secret} if sees_secret else {plain})


def test_a_role_on_one_body_shows_that_body_only(make: Make) -> None:
    mine, other = make.body(members=1), make.body(members=1)
    ours = make.session(body=mine)
    ours_secret = make.session(body=mine, title="", secrecy="secret", code_name="K-2")
    make.session(body=other)
    user = make.user(None)
    accounts.grant(user=user, role=Role.PLANNER, body=mine, by=make.actor(Role.ADMINISTRATOR))

    assert set(Session.objects.visible_to(accounts.actor_for(user))) == {ours, ours_secret}


def test_a_role_on_one_session_shows_that_session_only(make: Make) -> None:
    session = make.session()
    make.session()
    user = make.user(None)
    accounts.grant(user=user, role=Role.VIEWER, session=session, by=make.actor(Role.ADMINISTRATOR))

    assert list(Session.objects.visible_to(accounts.actor_for(user))) == [session]


def test_nobody_sees_nothing(make: Make) -> None:
    make.session()

    assert not Session.objects.visible_to(NOBODY).exists()
