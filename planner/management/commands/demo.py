"""`demo`: fills an empty database with an invented office."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from planner.management.demo import build
from planner.management.demo.world import SIZES


class Command(BaseCommand):
    help = "Fills an empty database with an office of invented people; the same seed gives the same office."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The size (see docs) and the seed."""
        parser.add_argument("--size", choices=list(SIZES), default="province")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was made; refuses a database that holds anything."""
        try:
            made = build.fill(size=options["size"], seed=options["seed"])
        except build.NotEmpty as error:
            raise CommandError(
                "This database holds an office already; demo data goes into an empty one only. "
                "Point DATABASE_URL or VAR_DIR at a new place and run it there."
            ) from error
        if options["verbosity"]:
            counts = f"{made.units} units, {made.people} people, {made.sessions} sessions, {made.delegates} delegates"
            self.stdout.write(f"{made.office}: {counts}.")
            for role, user, password in made.logins:
                self.stdout.write(f"login: {user} {password} ({role})")
