"""`run`: everything, from an empty folder to a served page."""

import json
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from planner.management import collected, supervise

PREPARING = 7_305_001  # any number: the name of PostgreSQL's advisory lock


class Command(BaseCommand):
    help = "Prepares the database and serves the site: web and worker, looked after, until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes ready, then becomes the supervisor: the same process, without Django's weight."""
        if settings.WEB_WORKERS:
            self._need_free_port()
        with beside(collected.bring_up_to_date), one_at_a_time():
            self._prepare_database()
        connections.close_all()
        plan = json.dumps(self._plan())
        if os.name == "nt":  # it has no exec that keeps the process
            supervise.main(plan)
            return
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "planner.management.supervise", plan])

    @staticmethod
    def _need_free_port() -> None:
        """Asked here, because a web server that shares ports would quietly share with a stranger's."""
        family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"HOST={settings.HOST} PORT={settings.PORT} cannot be used: {error.strerror}."
                ) from error

    def _prepare_database(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        import_string("planner.jobs.install_schedules")()
        is_new = not get_user_model().objects.exists()
        if settings.DEMO and is_new and "demo" in get_commands():
            self.stderr.write("First start: filling the office with invented people (DEMO=0 starts empty).")
            call_command("demo", size="province", seed=1, verbosity=0)

    @staticmethod
    def _plan() -> dict[str, Any]:
        """What `planner.management.supervise` is to look after."""
        parts = ["web"] * bool(settings.WEB_WORKERS) + ["worker"] * settings.QUEUE_WORKERS
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 - compared, not bound
        return {
            "parts": parts,
            "address": [host, settings.PORT] if settings.WEB_WORKERS else None,
            "url": settings.BASE_URL,
            "logins": str(Path(settings.VAR_DIR) / "demo-logins.txt"),
        }


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Does `work` on the other core meanwhile, where processes can be forked; its failure is a failed start."""
    if "fork" not in multiprocessing.get_all_start_methods():
        work()
        yield
        return
    other = multiprocessing.get_context("fork").Process(target=work)
    other.start()
    yield
    other.join()
    if other.exitcode:
        raise CommandError("The static files could not be collected; the reason stands above.")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two machines that start together on one PostgreSQL prepare it one after the other."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])
