"""`web`: the web server alone; `run` starts and supervises it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels

STOP_SECONDS = 5
# SQLite has one writer: more threads wait for each other, and the slowest waits longest.
THREADS = {"sqlite": 2, "postgresql": 4}


class Command(BaseCommand):
    help = "Serves the site on HOST and PORT with WEB_WORKERS processes."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Returns when told to stop. The site is loaded before the workers fork, so they share its memory."""
        get_resolver().url_patterns  # noqa: B018 - loads every view
        threads = THREADS.get(connection.vendor, 2)
        connections.close_all()
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


def path_or_none(text: str) -> Path | None:
    """`text` as a path; nothing stays nothing."""
    return Path(text) if text else None
