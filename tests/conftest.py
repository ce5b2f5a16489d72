"""What every test stands on: no network, the office's language, a fresh cache."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from tests.make import Make


class NetworkIsOff(AssertionError):
    """A test or the code under it reached for something outside this machine."""


def _is_here(host: object) -> bool:
    if host in ("", "localhost", "testserver", None):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _only_here(original: Any, at: int) -> Any:
    def guarded(*args: Any, **kwargs: Any) -> Any:
        target = args[at]
        host = target[0] if isinstance(target, tuple) else target
        is_path = isinstance(target, str | bytes) and at == 1  # a Unix socket
        if not is_path and not _is_here(host.decode() if isinstance(host, bytes) else host):
            raise NetworkIsOff(f"a test may not reach {host!r}")
        return original(*args, **kwargs)

    return guarded


DATABASE = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """For the second database: what never asks one need not run twice."""
    parser.addoption("--touching-database", action="store_true", help="leave out tests that use no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under --touching-database keeps the tests that use one, through a fixture or a mark."""
    if not config.getoption("--touching-database"):
        return
    pure = [
        item
        for item in items
        if not DATABASE & set(fixtures_of(item)) and not item.get_closest_marker("django_db")
    ]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if item not in set(pure)]


def fixtures_of(item: pytest.Item) -> list[str]:
    """The names of all fixtures that `item` stands on, directly or not."""
    return list(getattr(item, "fixturenames", []))


@pytest.fixture(autouse=True, scope="session")
def network_off() -> Iterator[None]:
    """Sockets reach this machine only; the product runs with the cable pulled, and so do its tests."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _only_here(socket.socket.connect, 1))
    patch.setattr(socket.socket, "connect_ex", _only_here(socket.socket.connect_ex, 1))
    patch.setattr(socket, "getaddrinfo", _only_here(socket.getaddrinfo, 0))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def the_office_speaks_vietnamese() -> Iterator[None]:
    """Each test begins in the office's language, whatever the one before switched to."""
    with translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def fresh_counters(request: pytest.FixtureRequest) -> None:
    """Rate limits start at zero. The cache is a table no model knows, so a flush leaves it; a rollback does not."""
    mark = request.node.get_closest_marker("django_db")
    is_flushed = (DATABASE - {"db"}) & set(request.fixturenames) or (mark and mark.kwargs.get("transaction"))
    if is_flushed:
        request.getfixturevalue("transactional_db")
        cache.clear()


@pytest.fixture
def make(db: None) -> Make:
    """Builders of real rows: see tests/make.py."""
    return Make()


@pytest.fixture(autouse=True, scope="session")
def flush_may_delete() -> Iterator[None]:
    """On SQLite the flush after a transactional test deletes row by row, which append-only tables refuse.

    PostgreSQL truncates, past its triggers. So the guards step aside for the flush, and only for it.
    """
    patch, teardown = pytest.MonkeyPatch(), TransactionTestCase._fixture_teardown

    def unguarded(self: TransactionTestCase) -> None:
        guards: list[tuple[str, str]] = []
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                guards = cursor.fetchall()
            for name, _sql in guards:
                cursor.execute(f'DROP TRIGGER "{name}"')
            teardown(self)
            for _name, sql in guards:
                cursor.execute(sql)

    patch.setattr(TransactionTestCase, "_fixture_teardown", unguarded)
    yield
    patch.undo()
