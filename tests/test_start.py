"""`manage.py run` as real processes: it serves, it stops, and kill -9 of any part loses and leaves nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from planner.management.postgres import free_port
from planner.management.supervise import is_open

ROOT = Path(__file__).resolve().parent.parent
QUEUE = """
import django; django.setup()
from django_q.tasks import async_task
async_task({job!r}, {path!r})
"""

EVERYBODY = 5  # supervisor, web and its two processes, worker

pytestmark = pytest.mark.start


@dataclass
class Run:
    """A running program: its supervisor, where it listens, and its folder."""

    supervisor: psutil.Process
    port: int
    environment: dict[str, str]

    @property
    def folder(self) -> Path:
        return Path(self.environment["VAR_DIR"])

    def everything(self) -> list[psutil.Process]:
        """The supervisor and all that it started, directly or not."""
        return [self.supervisor, *self.supervisor.children(recursive=True)]

    def part(self, name: str) -> psutil.Process:
        """The main process of the part `name`."""
        return next(child for child in self.supervisor.children() if child.name() == f"office-{name}")

    def serves(self) -> bool:
        return is_open(("127.0.0.1", self.port))

    def queue(self, job: str, path: Path) -> None:
        """Puts tests.slow_jobs.`job` into the queue, from another process, as a page would."""
        code = QUEUE.format(job=f"tests.slow_jobs.{job}", path=str(path))
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.environment, check=True)


def soon(condition: Callable[[], object], seconds: float = 20) -> bool:
    """True as soon as `condition` holds; False after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An empty office in a folder of its own; prepared by the first start, used by the next ones."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
    mine = {
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "ENV_FILE": os.devnull,
        "DEMO": "off",
        "PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "planner.settings",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return kept | mine


@pytest.fixture
def run(environment: dict[str, str]) -> Iterator[Run]:
    """The program, up and answering; whatever a test leaves of it is killed."""
    command = [sys.executable, "manage.py", "run"]
    with (Path(environment["VAR_DIR"]) / "output.txt").open("wb") as output:
        started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    running = Run(psutil.Process(started.pid), int(environment["PORT"]), environment)
    known: list[psutil.Process] = []
    try:
        assert soon(running.serves, 60), (running.folder / "output.txt").read_text(encoding="utf-8")
        assert soon(lambda: len(running.everything()) == EVERYBODY)
        known = running.everything()
        yield running
    finally:
        if started.poll() is None:
            known += running.everything()
        for process in known:
            if process.is_running():
                process.kill()
        started.wait(10)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_ten_seconds_and_leaves_nobody(run: Run, signum: signal.Signals) -> None:
    everybody = run.everything()

    run.supervisor.send_signal(signum)
    _gone, alive = psutil.wait_procs(everybody, timeout=10)

    assert alive == []
    assert not run.serves()


def test_killing_the_supervisor_leaves_no_orphans(run: Run) -> None:
    everybody = run.everything()

    run.supervisor.kill()
    _gone, alive = psutil.wait_procs(everybody, timeout=5)

    assert alive == []


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_part_comes_back_without_its_old_children(run: Run, part: str, tmp_path: Path) -> None:
    old = run.part(part)
    family = [old, *old.children(recursive=True)]

    old.kill()
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert soon(
        lambda: (
            [c.pid for c in run.supervisor.children() if c.name() == f"office-{part}"] not in ([], [old.pid])
        )
    )

    run.queue("note", tmp_path / "note.txt")
    assert soon(lambda: lines(tmp_path / "note.txt") == ["done"])
    assert soon(run.serves)


def test_a_killed_web_process_is_replaced(run: Run) -> None:
    web = run.part("web")
    before = {child.pid for child in web.children()}

    web.children()[0].kill()

    assert soon(
        lambda: len({c.pid for c in web.children()} - before) == 1 and len(web.children()) == len(before)
    )
    assert run.serves()


def test_a_job_whose_worker_was_killed_runs_again(run: Run, tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    run.queue("begin_and_hang_once", told)
    assert soon(lambda: lines(told) == ["begun"])

    run.part("worker").kill()
    with sqlite3.connect(run.folder / "nghi-trinh.sqlite3", timeout=20) as database:
        # The queue's patience (`retry`) is over, as it would be after a minute and a half.
        database.execute("UPDATE django_q_ormq SET lock = '2026-01-01 00:00:00'")

    assert soon(lambda: lines(told) == ["begun", "done"])


def test_a_used_port_is_refused_in_one_line(run: Run) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "run"], cwd=ROOT, env=run.environment, capture_output=True, text=True
    )

    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"CommandError: HOST=127.0.0.1 PORT={run.port} cannot be used: Address already in use."
    ]
