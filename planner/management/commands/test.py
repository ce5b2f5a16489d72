"""`test`: everything that proves the program, on both databases and in a real browser."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from planner.management import chromium, postgres

CHECKS = {
    "lint": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    "migrations": ["-m", "django", "makemigrations", "--check", "--dry-run"],
    "catalogues": ["-m", "django", "messages", "--check"],
}
CORES = "2"
PLAIN = "not browser and not start"
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Outcome:
    """What one step came to: seconds, and how many of its checks passed, failed or were skipped."""

    name: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        """One line of the closing table."""
        counts = f"{self.passed:>6} passed {self.failed:>4} failed {self.skipped:>4} skipped"
        return f"{self.name:<22}{'FAILED' if self.failed else 'ok':<8}{counts} {self.seconds:>8.1f} s"


class Command(BaseCommand):
    help = "Lint, types, imports, migrations, catalogues; tests on SQLite and PostgreSQL, of processes, in Chromium."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """PATH …, and what narrows a part down further."""
        parser.add_argument("paths", nargs="*", metavar="PATH", help="only these tests; without: everything")
        parser.add_argument(
            "--on", choices=["sqlite", "postgres", "both"], default="both", help="which database"
        )
        parser.add_argument("-k", default="", metavar="EXPRESSION", help="as pytest's -k")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what ran, with times, and ends with "N passed, N failed"; fails when anything did."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that PostgreSQL ends with us
        begun = time.monotonic()
        narrow = ["-k", options["k"]] if options["k"] else []
        is_whole = not options["paths"] and not narrow
        try:
            outcomes = list(whole() if is_whole else part([*options["paths"], *narrow], options["on"]))
        except (postgres.NoPostgres, chromium.NoChromium) as error:
            raise CommandError(str(error)) from error
        self._close(outcomes, time.monotonic() - begun)

    def _close(self, outcomes: list[Outcome], seconds: float) -> None:
        passed, failed, skipped = (
            sum(getattr(o, what) for o in outcomes) for what in ("passed", "failed", "skipped")
        )
        self.stdout.write(f"\nRan in {seconds:.0f} s:")
        for outcome in outcomes:
            self.stdout.write(f"  {outcome}")
        self.stdout.write(f"\n{passed} passed, {failed} failed, {skipped} skipped")
        if failed or not passed:
            sys.exit(1)


def whole() -> Iterator[Outcome]:
    """Every step, the quick ones first; what asks no database need not be asked on two."""
    browser = chromium.get()
    with ThreadPoolExecutor(int(CORES)) as pool:
        yield from pool.map(check, CHECKS)
    yield pytest("tests on SQLite", ["-n", CORES, "-m", PLAIN])
    with postgres_url() as url:
        yield pytest(
            "tests on PostgreSQL", ["-n", CORES, "-m", PLAIN, "--touching-database"], DATABASE_URL=url
        )
    yield pytest("whole program", ["-m", "start"])
    yield pytest("browser", ["-m", "browser", "-n", CORES, "--dist", "loadfile"], CHROMIUM=browser)


def part(selection: list[str], database: str) -> Iterator[Outcome]:
    """The selected tests; those of browser and processes on SQLite only, as in the whole."""
    if database in ("sqlite", "both"):
        yield pytest("selection on SQLite", selection, CHROMIUM=chromium.find())
    if database in ("postgres", "both"):
        with postgres_url() as url:
            yield pytest("selection on PostgreSQL", [*selection, "-m", PLAIN], DATABASE_URL=url)


@contextmanager
def postgres_url() -> Iterator[str]:
    """DATABASE_URL_POSTGRES when given, else a server of our own for as long as it is needed."""
    if given := os.environ.get("DATABASE_URL_POSTGRES", ""):
        yield given
    else:
        with postgres.running() as url:
            yield url


def check(name: str) -> Outcome:
    """One of CHECKS; its words are shown when it fails."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, *CHECKS[name]], **_surroundings({}), capture_output=True, text=True
    )
    seconds = time.monotonic() - begun
    is_good = done.returncode == 0
    say(f"{name}: {'ok' if is_good else 'FAILED'} ({seconds:.1f} s)")
    if not is_good:
        say(done.stdout + done.stderr)
    return Outcome(name, seconds, passed=int(is_good), failed=int(not is_good))


def pytest(name: str, arguments: list[str], **environment: str) -> Outcome:
    """One run of pytest, its words passed through; counted from its own report."""
    say(f"\n{name}")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-rfEs", f"--junit-xml={report}", *arguments]
        code = subprocess.run(command, **_surroundings(environment), check=False).returncode
        counts = count(report) if report.exists() else (0, 0, 0)
    passed, failed, skipped = counts
    if code not in (0, NOTHING_COLLECTED):
        failed = max(failed, 1)  # a crash leaves no row of its own in the report
    return Outcome(name, time.monotonic() - begun, passed, failed, skipped)


def count(report: Path) -> tuple[int, int, int]:
    """How many passed, failed and were skipped, from a JUnit report that this program's own pytest wrote."""
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314
    tests = failed = skipped = 0
    for suite in suites:
        tests += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return tests - failed - skipped, failed, skipped


def say(text: str) -> None:
    """`text` at once, in order with what the steps themselves print."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _surroundings(environment: dict[str, str]) -> dict[str, Any]:
    """Where a step runs, and with which settings."""
    mine = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    return {"cwd": settings.BASE_DIR, "env": os.environ | mine | environment}
