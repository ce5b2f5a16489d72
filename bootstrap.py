"""The project's own environment, made and kept up to date with nothing but Python's standard library.

Runs before any package exists, and on interpreters too old for the project: it must stay importable there.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / "installed.txt"
LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
OLDEST = (3, 11)
# Commands that use the test tools as well (browser, stand-in servers, catalogues).
DEVELOPER_COMMANDS = {"test", "messages", "lock", "drill", "bench", "shots"}


class Hint(SystemExit):
    """The start cannot go on; the text says what to do about it."""


def enter(arguments: list[str]) -> None:
    """Returns inside `.venv` with every locked package; makes it, or steps over into it, when need be."""
    if sys.version_info < OLDEST:
        raise Hint("Nghị Trình needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info))
    with_tests = arguments[:1] in [[name] for name in DEVELOPER_COMMANDS]
    is_inside = Path(sys.prefix).resolve() == VENV.resolve()
    is_fresh = python_of(VENV).exists() and stamp(with_tests) in installed()
    if is_inside and is_fresh:
        return
    if not is_fresh:
        install(with_tests)
    step_over()


def python_of(venv: Path) -> Path:
    """The interpreter inside `venv`."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(with_tests: bool) -> str:
    """One line that says which lock file, at which content."""
    lock = TEST_LOCK if with_tests else LOCK
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def installed() -> list[str]:
    """The stamps of what `.venv` holds."""
    return STAMP.read_text(encoding="ascii").splitlines() if STAMP.exists() else []


def install(with_tests: bool) -> None:
    """Every package of the lock file, checked against its hashes; the test lock holds the other one too."""
    lock = TEST_LOCK if with_tests else LOCK
    say(f"Making ready: the packages of {lock.name} go into .venv (once, until the file changes).")
    uv = find_uv()
    if uv:
        install_with_uv(uv, lock)
    else:
        install_with_pip(lock)
    lines = [stamp(False), stamp(True)] if with_tests else [stamp(False)]
    STAMP.write_text("\n".join(lines), encoding="ascii")


def find_uv() -> str:
    """A working uv: from the PATH, from `.tools`, or freshly put there; empty when none is to be had."""
    private = TOOLS / python_of(TOOLS).parent.name / ("uv.exe" if os.name == "nt" else "uv")
    for candidate in (shutil.which("uv"), str(private)):
        if candidate and is_working([candidate, "--version"]):
            return candidate
    need_ensurepip()
    is_made = is_working([sys.executable, "-m", "venv", str(TOOLS)])
    pip = [str(python_of(TOOLS)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return str(private) if is_made and is_working([*pip, "uv>=0.8,<1"]) else ""


def install_with_uv(uv: str, lock: Path) -> None:
    """`.venv` by uv, on this very interpreter: uv may not download another."""
    environment = dict(os.environ, UV_PYTHON_PREFERENCE="only-system", UV_NO_PROGRESS="1")
    environment.pop("VIRTUAL_ENV", None)
    if not python_of(VENV).exists():
        call([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)], environment)
    options = ["--quiet", "--require-hashes", "--compile-bytecode", "--python", str(python_of(VENV))]
    call([uv, "pip", "install", *options, "-r", str(lock)], environment)


def install_with_pip(lock: Path) -> None:
    """`.venv` by Python's own tools; slower, the same packages."""
    if not python_of(VENV).exists():
        need_ensurepip()
        call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(python_of(VENV)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not is_working([str(python_of(VENV)), "-m", "pip", "--version"]):
        call([str(python_of(VENV)), "-m", "ensurepip"])
    call([*pip, "--require-hashes", "-r", str(lock)])


def need_ensurepip() -> None:
    """Stops with the name of the missing system package, where a distribution took ensurepip away."""
    if importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info)
        raise Hint(
            "This Python cannot make an environment (ensurepip is missing). Install it and start again:\n"
            f"    sudo apt install {package}"
        )


def call(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Runs `command`; its failure ends the start, after its own words, with one line."""
    code = subprocess.call(command, env=environment, cwd=str(ROOT))
    if code:
        raise Hint("Stopped: `{}` ended with code {}.".format(" ".join(command), code))


def is_working(command: list[str]) -> bool:
    """True when `command` can be run and succeeds."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def step_over() -> None:
    """The same command again, inside `.venv`."""
    command = [str(python_of(VENV)), *sys.argv]
    sys.stderr.flush()
    if os.name == "nt":
        raise SystemExit(subprocess.call(command))
    os.execv(command[0], command)


def say(text: str) -> None:
    """`text` for the person at the keyboard."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
