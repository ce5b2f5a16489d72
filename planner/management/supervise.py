"""Keeps the parts of the program alive: starts them, restarts what dies, ends all of them together.

Runs as `python -m planner.management.supervise` with the standard library alone: a supervisor that loaded
Django would cost as much memory as a web worker and could break for the same reasons.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

STOP_SECONDS = 8.0
LOOK_SECONDS = 0.1
CALM_SECONDS = 10.0
LONGEST_PAUSE = 10.0


@dataclass
class Part:
    """One supervised process: `command` with `environment` added; restarted after a pause that grows."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        """The part as a process in a session of its own, so that Ctrl-C reaches the supervisor only."""
        environment = os.environ | self.environment | {"SUPERVISOR": str(os.getpid())}
        self.process = subprocess.Popen(self.command, env=environment, start_new_session=True)
        self.begun = time.monotonic()

    def look_after(self) -> None:
        """Restarts the part when it has died: at once the first time, then ever more slowly."""
        if self.process is None:
            if time.monotonic() - self.begun >= self.pause:
                self.start()
        elif (code := self.process.poll()) is not None:
            lived = time.monotonic() - self.begun
            self.pause = 0.0 if lived > CALM_SECONDS else min(max(0.5, self.pause * 2), LONGEST_PAUSE)
            self.kill()
            self.process, self.begun = None, time.monotonic()
            log("WARNING", f"{self.name} ended with code {code}; starting it again in {self.pause:.1f} s")

    def ask_to_end(self) -> None:
        """Lets the part finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """Ends the part and whatever it started, without asking. Harmless when all are gone."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL) if os.name == "posix" else self.process.kill()
        except OSError:  # nobody left
            return

    def is_gone(self) -> bool:
        """True when there is nothing left to wait for."""
        return self.process is None or self.process.poll() is not None


class Supervisor:
    """Looks after `parts` until a signal says stop; says `greeting` once `address` answers."""

    def __init__(self, parts: list[Part], address: tuple[str, int] | None, greeting: str) -> None:
        self.parts = parts
        self.address = address
        self.greeting = greeting
        self.is_stopping = False

    def run(self) -> None:
        """Returns when every part has ended."""
        for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._on_signal)
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
                log("WARNING", f"{part.name} did not end within {STOP_SECONDS:.0f} s; killed")
            part.kill()


def is_open(address: tuple[str, int]) -> bool:
    """True when something accepts connections at `address`."""
    try:
        socket.create_connection(address, timeout=0.2).close()
    except OSError:
        return False
    return True


def log(level: str, message: str) -> None:
    """One line like those of `planner.logs`."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"at": at, "level": level, "logger": "supervise", "message": message}
    sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stderr.flush()


def part_named(name: str) -> Part:
    """The management command `name` as a part; settings read from PROCESS which one it is."""
    manage = str(Path(__file__).resolve().parents[2] / "manage.py")
    return Part(name, [sys.executable, manage, name], {"PROCESS": name})


def greeting(url: str, logins: Path) -> str:
    """The address and, for a demo office, who may log in; `logins` holds lines "role user password"."""
    lines = [f"Nghị Trình: {url}"]
    if logins.is_file():
        rows = [line.split() for line in logins.read_text(encoding="utf-8").splitlines()]
        lines += [f"login: {row[1]} {row[2]}" for row in rows if len(row) == 3]
    return "\n".join([*lines, "Ctrl-C stops it."]) + "\n"


def main(plan_as_json: str) -> None:
    """Supervises what the plan says: {"parts": [command], "address": [host, port] or null, "url", "logins"}."""
    plan = json.loads(plan_as_json)
    address = (plan["address"][0], plan["address"][1]) if plan["address"] else None
    parts = [part_named(name) for name in plan["parts"]]
    Supervisor(parts, address, greeting(plan["url"], Path(plan["logins"]))).run()


if __name__ == "__main__":
    main(sys.argv[1])
