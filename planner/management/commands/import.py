# ruff: noqa: N999  # the command is promised under this name
"""`import people FILE`: a list of people into the directory or, with a session, onto its list."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from planner.access import SYSTEM
from planner.errors import DomainError
from planner.flow import imports
from planner.models import ImportBatch, Session
from planner.services import imports as batches


class Command(BaseCommand):
    help = (
        "Imports an XLSX or CSV list; rows that are unclear or wrong are told and left for the import page."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """`people FILE [--session ID] [--dry-run] [--json]`."""
        kinds = parser.add_subparsers(dest="kind", required=True)
        people = kinds.add_parser("people", help="people of the directory, or delegates of a session")
        people.add_argument("file", type=Path)
        people.add_argument("--session", help="id of a session: rows become its delegates, notes its facts")
        people.add_argument("--dry-run", action="store_true", help="tell row by row, change nothing")
        people.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tells what became of each row; a refused file ends with exit code 1 and one line."""
        content = self._read(options["file"])
        try:
            batch = imports.receive(
                content=content, file_name=options["file"].name, session=self._session(options), by=SYSTEM
            )
            imports.judge(batch=batch, by=SYSTEM)
            result = {} if options["dry_run"] else imports.apply(batch=batch, by=SYSTEM)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        told = self._told(batch, result)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self._tell(told)

    @staticmethod
    def _read(file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error

    @staticmethod
    def _session(options: dict[str, Any]) -> Session | None:
        wanted = options["session"]
        if wanted is None:
            return None
        session = Session.objects.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
        if session is None:
            raise CommandError(f"There is no session {wanted}.")
        return session

    @staticmethod
    def _told(batch: ImportBatch, result: dict[str, int]) -> dict[str, Any]:
        batch.refresh_from_db()
        return {
            "id": str(batch.pk),
            "state": batch.state,
            "counts": batches.counts(batch),
            "result": result,
            "rows": [batches.told(row) for row in batch.rows.all()],
        }

    def _tell(self, told: dict[str, Any]) -> None:
        for row in told["rows"]:
            if row["status"] != "same":
                self.stdout.write(
                    f"{row['line']:>6}  {row['status']:<8}  {row['name']}  {row['reason']}".rstrip()
                )
        for figures in (told["counts"], told["result"]):
            if figures:
                self.stdout.write(", ".join(f"{count} {name}" for name, count in figures.items()))
