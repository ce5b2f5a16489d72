"""Keeps the parts of the program alive: starts them, restarts what dies, ends all of them together.

A part is a function named by its dotted path, run in a process forked from this one, which has loaded the whole
site: parts share its memory and start at once. This process itself never opens the database and does nothing but
look, so it has nothing to fail at.
"""

import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

import django
from django.utils.module_loading import import_string

from planner import orphans

HOW = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
SIGNALS = [
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
]
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.1
CALM_SECONDS = 10.0
LONGEST_PAUSE = 10.0
log = logging.getLogger("planner.supervise")


def begin(name: str, target: str) -> BaseProcess:
    """A process of its own that runs the function at the dotted path `target` and dies with this one."""
    context: Any = multiprocessing.get_context(HOW)
    process: BaseProcess = context.Process(target=play, args=(name, target, os.getpid()), name=name)
    process.start()
    return process


def play(name: str, target: str, parent: int) -> None:
    """The life of such a process. In a session of its own, so that Ctrl-C reaches the supervisor only."""
    orphans.die_with(parent)
    orphans.go_by(f"office-{name}")
    if hasattr(os, "setsid"):
        os.setsid()
    for signum in SIGNALS:
        signal.signal(signum, signal.SIG_DFL)
    django.setup()
    import_string(target)()


@dataclass
class Part:
    """One supervised process; restarted after a pause that grows while it does not live long."""

    name: str
    target: str
    process: BaseProcess | None = None
    begun: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        """The part, alive."""
        self.process = begin(self.name, self.target)
        self.begun = time.monotonic()

    def look_after(self) -> None:
        """Restarts the part when it has died: at once the first time, then ever more slowly."""
        if self.process is None:
            if time.monotonic() - self.begun >= self.pause:
                self.start()
        elif not self.process.is_alive():
            lived = time.monotonic() - self.begun
            self.pause = 0.0 if lived > CALM_SECONDS else min(max(0.5, self.pause * 2), LONGEST_PAUSE)
            log.warning("%s ended (%s); again in %.1f s", self.name, self.process.exitcode, self.pause)
            self.kill()
            self.process, self.begun = None, time.monotonic()

    def ask_to_end(self) -> None:
        """Lets the part finish what it is doing."""
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """Ends the part and whatever it started, without asking. Harmless when all are gone."""
        if self.process is None or self.process.pid is None:
            return
        with suppress(OSError):  # nobody left
            os.killpg(self.process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self.process.kill()
        self.process.join()

    def is_gone(self) -> bool:
        """True when there is nothing left to wait for."""
        return self.process is None or not self.process.is_alive()


class Supervisor:
    """Looks after `parts` until a signal says stop; says `greeting` once `address` answers."""

    def __init__(self, parts: list[Part], address: tuple[str, int] | None, greeting: str) -> None:
        self.parts = parts
        self.address = address
        self.greeting = greeting
        self.is_stopping = False

    def run(self) -> None:
        """Returns when every part has ended."""
        for signum in SIGNALS:
            signal.signal(signum, self._on_signal)
        gc.collect()
        gc.freeze()  # the collector's marks would copy every shared page into every part
        for part in self.parts:
            part.start()
        while not self.is_stopping:
            self._greet_when_open()
            for part in self.parts:
                part.look_after()
            time.sleep(LOOK_SECONDS)
        self._stop()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _greet_when_open(self) -> None:
        if self.greeting and (self.address is None or is_open(self.address)):
            sys.stdout.write(self.greeting)
            sys.stdout.flush()
            self.greeting = ""

    def _stop(self) -> None:
        """First asked, so that running requests and jobs end; after 8 s killed, children included."""
        for part in self.parts:
            part.ask_to_end()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not all(part.is_gone() for part in self.parts):
            time.sleep(LOOK_SECONDS / 2)
        for part in self.parts:
            if not part.is_gone():
                log.warning("%s did not end within %.0f s; killed", part.name, STOP_SECONDS)
            part.kill()


def is_open(address: tuple[str, int]) -> bool:
    """True when something accepts connections at `address`."""
    try:
        socket.create_connection(address, timeout=0.2).close()
    except OSError:
        return False
    return True
