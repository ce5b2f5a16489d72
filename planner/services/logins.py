"""Accounts of the office: opened, given a role, closed; never deleted, so that the log keeps its names."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.access import Actor, Can, Role, must
from planner.errors import Conflict, RuleBroken
from planner.models import Grant, Person, User
from planner.services import accounts, audit, edits

_SYLLABLES = (
    "ban", "cam", "dao", "duong", "gio", "hoa", "lan", "lua", "mai",
    "nang", "ong", "que", "rung", "sen", "tre", "vang", "xanh", "xuan",
)  # fmt: skip


class NameTaken(Conflict):
    """Another account has this user name."""

    code = "name_taken"
    message = _("This user name is taken. Choose another.")


class WeakPassword(RuleBroken):
    """The password is too easy to guess."""

    code = "weak_password"
    message = _("Choose a longer password that is not easy to guess.")


class LastAdministrator(RuleBroken):
    """Nobody would be left to administer the office."""

    code = "last_administrator"
    message = _("This is the last administrator. Make another one first.")


def invented_password() -> str:
    """A password easy to read out and to type: four syllables and four digits; guessing is throttled."""
    words = "-".join(secrets.choice(_SYLLABLES) for _each in range(4))
    return f"{words}-{secrets.randbelow(9000) + 1000}"


@transaction.atomic
def open_account(
    *, username: str, password: str, role: Role, full_name: str = "", person: Person | None = None, by: Actor
) -> User:
    """A new account with a role for the whole office. Raises NotAllowed, NameTaken, WeakPassword."""
    must(by, Can.ADMINISTER)
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken(fields={"username": NameTaken.message})
    user = User(username=username, full_name=full_name or (person.full_name if person else ""), person=person)
    refuse_weak(password, user)
    user.set_password(password)
    user.save(force_insert=True)
    audit.record("account.opened", on=user, by=by, after={"username": username, "role": role.value})
    accounts.grant(user=user, role=role, by=by)
    return user


@transaction.atomic
def change(user: User, *, role: Role, is_active: bool, full_name: str, password: str = "", by: Actor) -> User:
    """The account with another role for the office, closed, or with a new password.

    Whoever is signed in with the old password is signed out. Raises NotAllowed, LastAdministrator, WeakPassword.
    """
    must(by, Can.ADMINISTER)
    held = Grant.objects.select_for_update().filter(user=user, body=None, session=None)
    stays = is_active and role == Role.ADMINISTRATOR
    if not stays and held.filter(role=Role.ADMINISTRATOR.value).exists() and _is_last_administrator(user):
        raise LastAdministrator
    if password:
        refuse_weak(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.record("account.password_set", on=user, by=by)
    edits.written(user, {"is_active": is_active, "full_name": full_name}, action="account.changed", by=by)
    for grant in held.exclude(role=role.value):
        audit.record("role.withdrawn", on=user, by=by, before={"role": grant.role})
        grant.delete()
    accounts.grant(user=user, role=role, by=by)
    return user


def refuse_weak(password: str, user: User) -> None:
    """Refuse with WeakPassword, beside the field, in the validators' words."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(fields={"password": " ".join(error.messages)}) from error


def _is_last_administrator(user: User) -> bool:
    others = Grant.objects.filter(
        role=Role.ADMINISTRATOR.value, body=None, session=None, user__is_active=True
    )
    return not others.exclude(user=user).exists()
