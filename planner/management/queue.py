"""One process that carries out queued jobs, one after the other.

django-q's own cluster shares pipes between six processes: an idle worker killed with -9 dies holding the lock of
the pipe, and no job is ever taken up again, although the cluster looks alive. Here each worker is one process
that asks the table itself, so killing any of them costs nothing but its own job's second run. What a job is, how
it is stored, timed out, retried and acknowledged stays django-q's.
"""

import logging
import signal
import threading
import time
from multiprocessing import Value
from queue import SimpleQueue
from types import FrameType
from typing import Any

from django.db import DatabaseError, connections
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.monitor import monitor
from django_q.scheduler import scheduler
from django_q.signing import BadSignature, SignedPackage
from django_q.worker import worker

SCHEDULE_SECONDS = 10.0
PAUSE_SECONDS = 1.0
LAST = "STOP"  # ends the stages of django-q's cluster, run here in this very process
IDLE = -1  # what django-q's worker leaves in its timer after a job that ended in time
log = logging.getLogger("planner.queue")


class Worker:
    """Takes jobs from the table until told to stop; ends by itself after a time-out or when it has grown."""

    def __init__(self) -> None:
        self.is_stopping = threading.Event()
        self.broker = get_broker()
        self.timer = Value("f", IDLE)
        self.scheduled_at = float("-inf")

    def run(self) -> None:
        """Returns after SIGTERM or SIGINT, once the running job has ended."""
        for name in ("SIGTERM", "SIGINT"):
            signal.signal(getattr(signal, name), self._on_signal)
        while not self.is_stopping.is_set():
            try:
                self._turn()
            except DatabaseError as error:  # restarting, perhaps; a job cut off is run again after `retry`
                log.error("The database did not answer, trying again: %s", error)
                connections.close_all()
                time.sleep(PAUSE_SECONDS)

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        self.is_stopping.set()

    def _turn(self) -> None:
        """One look at the schedules, when due, and one at the queue, which waits `poll` seconds when empty."""
        if time.monotonic() - self.scheduled_at >= SCHEDULE_SECONDS:
            scheduler(self.broker)
            self.scheduled_at = time.monotonic()
        for ack_id, package in self.broker.dequeue() or []:
            self._carry_out(ack_id, package)

    def _carry_out(self, ack_id: int, package: str) -> None:
        try:
            job: dict[str, Any] = SignedPackage.loads(package)
        except (TypeError, BadSignature):
            log.exception("A job that this site did not sign was thrown away")
            self.broker.fail(ack_id)
            return
        job |= {"cluster": Conf.CLUSTER_NAME, "ack_id": ack_id}
        given: SimpleQueue[Any] = SimpleQueue()
        done: SimpleQueue[Any] = SimpleQueue()
        given.put(job)
        given.put(LAST)
        worker(given, done, self.timer, Conf.TIMEOUT)
        done.put(LAST)
        monitor(done, self.broker)
        if self.timer.value != IDLE:  # timed out or grown: a fresh process goes on
            self.is_stopping.set()
