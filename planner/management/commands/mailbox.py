"""`mailbox`: read the answers that came by mail, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from attendees.services import mailbox
from planner.access import SYSTEM
from planner.errors import Unreachable


class Command(BaseCommand):
    help = (
        "Reads new mails in the mailbox that IMAP_URL names and records the answers in them. Deletes nothing."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what came in; fails when the mailbox cannot be read."""
        if not settings.IMAP_URL:
            raise CommandError("Set IMAP_URL, for instance imaps://user:password@mail.example/INBOX")
        try:
            self.stdout.write(mailbox.read_once(seconds=600, by=SYSTEM) or "Nothing new.")
        except Unreachable as down:
            raise CommandError(f"{down} {down.extra.get('cause', '')}") from down
