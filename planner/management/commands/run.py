"""`run`: everything, from an empty folder to a served page."""

import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from planner.management import parts
from planner.management.supervise import Part, Supervisor, begin

BEGINNINGS = {
    "database": "planner.management.parts.prepare",
    "static": "planner.management.collected.bring_up_to_date",
}


class Command(BaseCommand):
    help = "Prepares the database and serves the site: web and worker, looked after, until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes ready, then supervises. The three things to make ready share the machine's cores."""
        if settings.WEB_WORKERS:
            self._need_free_port()
        beginnings = [begin(name, target) for name, target in BEGINNINGS.items()]
        try:
            parts.load()
            for process in beginnings:
                self._wait_for(process)
        finally:
            for process in beginnings:  # after Ctrl-C; those that ended feel nothing
                process.kill()
        self._supervisor().run()

    @staticmethod
    def _need_free_port() -> None:
        """Asked here, because a web server that shares ports would quietly share with a stranger's."""
        family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                place = f"HOST={settings.HOST} PORT={settings.PORT}"
                raise CommandError(f"{place} cannot be used: {error.strerror}.") from error

    def _wait_for(self, process: Any) -> None:
        """Says what takes long, as the first start of a demo office does; ends when it failed."""
        process.join(timeout=3)
        if process.is_alive():
            self.stderr.write("Making ready …")
            process.join()
        if process.exitcode:
            raise CommandError("The start failed; the reason stands above.")

    @staticmethod
    def _supervisor() -> Supervisor:
        wanted = ["web"] * bool(settings.WEB_WORKERS) + ["worker"] * settings.QUEUE_WORKERS
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 - not bound
        return Supervisor(
            [Part(name, f"planner.management.parts.{name}") for name in wanted],
            address=(host, settings.PORT) if settings.WEB_WORKERS else None,
            greeting=greeting(settings.BASE_URL, Path(settings.VAR_DIR) / "demo-logins.txt"),
        )


def greeting(url: str, logins: Path) -> str:
    """The address and, for a demo office, who may log in; `logins` holds lines "role user password"."""
    lines = [f"Nghị Trình: {url}"]
    if logins.is_file():
        rows = [line.split() for line in logins.read_text(encoding="utf-8").splitlines()]
        lines += [f"login: {row[1]} {row[2]}" for row in rows if len(row) == 3]
    return "\n".join([*lines, "Ctrl-C stops it."]) + "\n"
