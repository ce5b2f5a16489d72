"""`worker`: carries out the queue's jobs and ticks the outbox; `run` supervises QUEUE_WORKERS of them."""

import logging
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.module_loading import import_string

from planner.management.queue import Worker

TICK_SECONDS = 5.0
log = logging.getLogger("planner.worker")


class Command(BaseCommand):
    help = "Carries out queued jobs, one after the other, until told to stop."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Returns when told to stop and the running job has ended.

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
