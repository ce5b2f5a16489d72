"""Demo accounts: one a role, each with a password of this installation only."""

import os
from pathlib import Path

from django.conf import settings

from planner.access import SYSTEM, Role
from planner.management.demo.world import World
from planner.models import User
from planner.services import accounts, logins

# role, user name, key of the person, name when there is none
LOGINS = (
    (Role.ADMINISTRATOR, "admin", "", "Quản trị hệ thống"),
    (Role.HEAD_OF_OFFICE, "chanhvanphong", "vp.head", ""),
    (Role.PLANNER, "chuyenvien", "staff0", ""),
    (Role.RECEPTION, "letan", "staff1", ""),
    (Role.VIEWER, "xem", "staff2", ""),
)
FILE = "demo-logins.txt"


def open_accounts(world: World) -> list[tuple[str, str, str]]:
    """(role, user, password) of the accounts opened."""
    rows = []
    for role, username, key, name in LOGINS:
        person = world.people.get(key)
        password = logins.invented_password()
        full_name = person.full_name if person else name
        user = User.objects.create_user(
            username, f"{username}@{world.cast.domain}", password, full_name=full_name, person=person
        )
        accounts.grant(user=user, role=role, by=SYSTEM)
        rows.append((role.value, username, password))
    return rows


def keep(rows: list[tuple[str, str, str]]) -> Path:
    """The file with lines "role user password", readable by its owner only; `run` prints it."""
    path = Path(settings.VAR_DIR) / FILE
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{role} {user} {password}\n" for role, user, password in rows)
    return path
