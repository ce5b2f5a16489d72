"""What the supervisor's processes do: make ready (twice, once and at the same time), serve, carry out jobs."""

import logging
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import close_old_connections, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels

from planner import orphans
from planner.management.queue import Worker
from planner.management.supervise import HOW

PREPARING = 7_305_001  # any number: the name of PostgreSQL's advisory lock
STOP_SECONDS = 5
TICK_SECONDS = 5.0
# SQLite has one writer: more threads wait for each other, and the slowest waits longest.
THREADS = {"sqlite": 2, "postgresql": 4}
log = logging.getLogger("planner.parts")


def load() -> None:
    """The whole site in memory, before processes are forked that share it."""
    get_resolver().url_patterns  # noqa: B018 - imports every view
    import_string("planner.wsgi.application")
    import_string("planner.jobs.tick")


def prepare() -> None:
    """Database with its latest tables, schedules and, on the first start, an invented office."""
    with one_at_a_time():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        import_string("planner.jobs.install_schedules")()
        if settings.DEMO and not get_user_model().objects.exists() and "demo" in get_commands():
            call_command("demo", size="province", seed=1, verbosity=0)


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


def web() -> None:
    """Serves the site on HOST and PORT with WEB_WORKERS processes, until told to stop."""
    orphans.children_die_with_me()
    multiprocessing.set_start_method(HOW, force=True)  # newer Pythons would start them anew, sharing nothing
    threads = THREADS.get(connection.vendor, 2)
    connections.settings["default"].update(settings.POOLED)
    Granian(
        "planner.wsgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_WORKERS,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
        ssl_cert=path_or_none(settings.TLS_CERT),
        ssl_key=path_or_none(settings.TLS_KEY),
        ssl_protocol_min=SSLProtocols.tls12,  # office machines are old
    ).serve()


def worker() -> None:
    """Carries out queued jobs, one after the other, and ticks the outbox, until told to stop.

    The tick is ours: django-q's schedules are looked at too seldom for a message that may leave now.
    """
    over = threading.Event()
    ticking = threading.Thread(target=tick_until, args=(over,), daemon=True)
    ticking.start()
    Worker().run()
    over.set()
    ticking.join(timeout=TICK_SECONDS)


def tick_until(over: threading.Event) -> None:
    """Calls `planner.jobs.tick` every five seconds; a tick that fails is logged and the next one comes."""
    tick = import_string(
        "planner.jobs.tick"
    )  # by name: jobs and commands are edges that do not know each other
    while not over.wait(TICK_SECONDS):
        close_old_connections()
        try:
            tick()
        except Exception:
            log.exception("The tick failed")


def path_or_none(text: str) -> Path | None:
    """`text` as a path; nothing stays nothing."""
    return Path(text) if text else None
