"""The whole program as real processes on the database under test, and strangers who speak to it over HTTP."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil
from django.conf import settings
from django.db import connection

from planner.management.postgres import free_port
from planner.management.supervise import is_open

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    octets: bytes

    @property
    def text(self) -> str:
        return self.octets.decode()

    def json(self) -> Any:
        return json.loads(self.octets)


class Program:
    """Somebody with a token, on one connection that stays open: JSON below /api/v1/. Not for two threads at once."""

    def __init__(self, port: int, token: str = "") -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: Any) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: Any = None) -> Answer:
        return self._ask("POST", path, json.dumps(body if body is not None else {}, default=str))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        self.line.request(method, quote(f"/api/v1/{path}", safe="/?&=%."), body, self.headers)
        response = self.line.getresponse()
        return Answer(response.status, response.headers, response.read())


class Visitor:
    """A browser without scripts: keeps cookies, follows no redirect, posts the forms it was shown."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, page: Answer, **fields: str) -> Answer:
        """The fields with the CSRF token of the form on `page`."""
        found = CSRF.search(page.text)
        assert found is not None, f"no form on the page before {path}"
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": found[1], **fields}))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        headers["Cookie"] = "; ".join(f"{name}={crumb.value}" for name, crumb in self.cookies.items())
        line.request(method, path, body, headers)
        response = line.getresponse()
        for header in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(header)
        answer = Answer(response.status, response.headers, response.read())
        line.close()
        return answer


@dataclass
class Running:
    """The program: where it listens, its folder, and what it has written so far."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "output.txt").read_text(encoding="utf-8")

    @property
    def traces(self) -> list[str]:
        """What broke inside: one line an exception that nobody caught."""
        return [line for line in self.log.splitlines() if "Traceback" in line]

    def program(self, token: str = "") -> Program:
        return Program(self.port, token)

    def visitor(self) -> Visitor:
        return Visitor(self.port)


def database_url() -> str:
    """The address of the very database this test writes to."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    password = f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else ""
    return f"postgres://{found['USER']}{password}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


def soon(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """What `condition` says as soon as it is true; its last word after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@contextmanager
def running(**environment: str) -> Iterator[Running]:
    """`manage.py run` on this test's database and with its keys; ended at the end, whatever happened."""
    server = Running(free_port(), _folder())
    with (server.folder / "output.txt").open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=_environment(server) | environment,
            stdout=output,
            stderr=output,
        )
    try:
        assert soon(lambda: is_open(("127.0.0.1", server.port)), READY_SECONDS), server.log
        yield server
    finally:
        _end(psutil.Process(started.pid) if started.poll() is None else None)
        started.wait(10)


def _folder() -> Path:
    """One folder a database, so that static files are gathered once; tests/settings.py removes it at the end."""
    folder = Path(settings.VAR_DIR) / f"run-{Path(str(connection.settings_dict['NAME'])).name}"
    folder.mkdir(exist_ok=True)
    return folder


def _environment(server: Running) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
    keys = {name: str(getattr(settings, name)) for name in ("SECRET_KEY", "LINK_KEY", "DATA_KEY")}
    mine = {
        "VAR_DIR": str(server.folder),
        "ENV_FILE": os.devnull,
        "DEMO": "off",
        "REQUIRE_2FA": "off",
        "PORT": str(server.port),
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "planner.settings",
        "OUTBOX_DELAY_SECONDS": "0",
    }
    return kept | keys | mine


def _end(supervisor: psutil.Process | None) -> None:
    """Asks, waits, then insists: nothing that this test started outlives it."""
    if supervisor is None:
        return
    everybody = [supervisor, *supervisor.children(recursive=True)]
    supervisor.terminate()
    _gone, alive = psutil.wait_procs(everybody, timeout=12)
    for process in alive:
        process.kill()
