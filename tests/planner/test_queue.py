"""The worker: takes jobs from the table, keeps what failed, throws away what nobody here signed."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone
from django_q.models import Failure, OrmQ, Success
from django_q.tasks import async_task

from planner.management.queue import Worker

# A real worker closes its connections between jobs, so these tests stand outside a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def work() -> Worker:
    """A worker after one look at the queue."""
    worker = Worker()
    worker._turn()
    return worker


def test_a_job_is_carried_out_once_and_leaves_the_queue(tmp_path: Path) -> None:
    async_task("tests.slow_jobs.note", str(tmp_path / "note.txt"))

    work()
    work()

    assert (tmp_path / "note.txt").read_text(encoding="utf-8") == "done\n"
    assert (OrmQ.objects.count(), Success.objects.get().result) == (0, "Noted.")


def test_a_job_that_fails_is_kept_as_a_failure_and_not_run_again(tmp_path: Path) -> None:
    async_task("tests.slow_jobs.note", str(tmp_path / "no folder" / "note.txt"))

    worker = work()

    assert (OrmQ.objects.count(), Failure.objects.get().func) == (0, "tests.slow_jobs.note")
    assert not worker.is_stopping.is_set()


def test_a_job_another_worker_holds_is_left_alone(tmp_path: Path) -> None:
    async_task("tests.slow_jobs.note", str(tmp_path / "note.txt"))
    OrmQ.objects.update(lock=timezone.now() + dt.timedelta(seconds=90))

    work()

    assert (OrmQ.objects.count(), (tmp_path / "note.txt").exists()) == (1, False)


def test_a_job_signed_elsewhere_is_thrown_away_unread() -> None:
    OrmQ.objects.create(key="nghi-trinh", payload="forged:payload", lock=timezone.now())

    work()

    assert (OrmQ.objects.count(), Success.objects.count(), Failure.objects.count()) == (0, 0, 0)


def test_after_a_job_that_ran_too_long_a_fresh_process_goes_on(tmp_path: Path) -> None:
    async_task("tests.slow_jobs.begin_and_hang_once", str(tmp_path / "told.txt"), timeout=1)

    worker = work()

    assert worker.is_stopping.is_set()
    assert "Task exceeded maximum timeout value (1 seconds)" in Failure.objects.get().result
