"""The environment makes itself: the right packages, once, with a hint where the machine lacks something."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    """Package → version."""
    return dict(PIN.findall(lock.read_text(encoding="utf-8")))


def wanted(group: str) -> set[str]:
    """The packages that pyproject.toml asks for directly."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] if group == "run" else project["optional-dependencies"][group]
    return {re.split(r"[^A-Za-z0-9_-]", line)[0].lower().replace("_", "-") for line in lines}


def test_the_test_lock_serves_the_program_too() -> None:
    runtime, tests = pins(bootstrap.LOCK), pins(bootstrap.TEST_LOCK)

    assert runtime != {}
    assert {name: tests.get(name) for name in runtime} == runtime


@pytest.mark.parametrize(("lock", "group"), [(bootstrap.LOCK, "run"), (bootstrap.TEST_LOCK, "test")])
def test_the_locks_hold_what_the_project_asks_for(lock: Path, group: str) -> None:
    assert wanted(group) - pins(lock).keys() == set()


@pytest.mark.parametrize("lock", [bootstrap.LOCK, bootstrap.TEST_LOCK])
def test_every_locked_package_has_its_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]

    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text


def test_an_environment_is_fresh_until_its_lock_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("django==5.2\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "LOCK", lock)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "installed.txt")
    (tmp_path / "installed.txt").write_text(bootstrap.stamp(with_tests=False), encoding="ascii")

    assert bootstrap.stamp(with_tests=False) in bootstrap.installed()
    assert bootstrap.stamp(with_tests=True) not in bootstrap.installed()

    lock.write_text("django==5.2.1\n", encoding="utf-8")
    assert bootstrap.stamp(with_tests=False) not in bootstrap.installed()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("bootstrap.OLDEST = (99, 0)", "Nghị Trình needs Python 3.11 or newer"),
        (
            "bootstrap.importlib.util.find_spec = lambda name: None; bootstrap.need_ensurepip()",
            "sudo apt install python3",
        ),
    ],
)
def test_what_the_machine_lacks_is_named(change: str, told: str) -> None:
    code = f"import bootstrap; {change}; bootstrap.enter(['check'])"

    ended = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], cwd=ROOT, capture_output=True, text=True
    )

    assert (ended.returncode, told in ended.stderr) == (1, True)


def test_nothing_but_the_standard_library_is_needed_to_begin() -> None:
    code = "import bootstrap, sys; sys.exit(any(name in sys.modules for name in ('django', 'environ')))"

    assert (
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {code}"], cwd=ROOT
        ).returncode
        == 0
    )
