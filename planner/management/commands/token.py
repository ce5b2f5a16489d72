"""`token create`: a key for a program, printed once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from planner.access import SCOPES, SYSTEM
from planner.errors import DomainError
from planner.models import User
from planner.services import accounts

EVERY_SCOPE = tuple(SCOPES)


class Command(BaseCommand):
    help = "Makes an API token of an account and prints it alone; it is not stored and not shown again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """`create --user U --name N [--scope S …] [--days D]`."""
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a token")
        create.add_argument("--user", required=True, help="the account the token acts for")
        create.add_argument("--name", required=True, help="what the token is for")
        create.add_argument(
            "--scope", action="append", nargs="+", choices=EVERY_SCOPE, help="what it may do; default: read"
        )
        create.add_argument("--days", type=int, default=365, help="days until it expires; 0: never")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the token, nothing else."""
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account “{options['user']}”.")
        scopes = [scope for group in options["scope"] or [["read"]] for scope in group]
        try:
            _row, text = accounts.create_token(
                user=user, name=options["name"], scopes=scopes, days=options["days"] or None, by=SYSTEM
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(text)
