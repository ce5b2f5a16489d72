"""`messages`: the Vietnamese catalogue, merged from its parts and compiled."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from planner.management import catalogues


class Command(BaseCommand):
    help = "Merges locale/vi/parts/*.po, compiles the result, and names what has no Vietnamese yet."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to write."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when anything is amiss")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails on contradicting parts; with --check on stale files and untranslated texts too."""
        merged = catalogues.merge()
        if not options["check"]:
            self._refuse(merged.faults)
            catalogues.write(merged)
        sources = catalogues.in_sources()
        missing = [
            f"{sources[key]}: {key[1]!r} has no Vietnamese" for key in sorted(sources.keys() - merged.keys())
        ]
        if options["check"]:
            self._refuse([*merged.faults, *catalogues.stale(merged), *missing])
        for line in missing:
            self.stdout.write(line)
        self.stdout.write(f"{len(merged.keys())} texts in the catalogue, {len(missing)} without Vietnamese")

    @staticmethod
    def _refuse(faults: list[str]) -> None:
        if faults:
            raise CommandError("\n".join(faults))
