"""Settings come from outside; a bad one stops the start with one line that says what was expected."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from planner import keys
from planner.environment import SETTINGS, Environment

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What a start with these settings says, in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    mine = {
        "VAR_DIR": str(folder / "var"),
        "ENV_FILE": str(folder / ".env"),
        "DJANGO_SETTINGS_MODULE": "planner.settings",
    }
    code = (
        "from django.conf import settings; import sys; sys.stdout.write(repr(getattr(settings, sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, environment.pop("show", "PORT")]
    return subprocess.run(command, cwd=ROOT, env=kept | mine | environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "eighty", "a whole number from 1 to 65535"),
        ("PORT", "70000", "a whole number from 1 to 65535"),
        ("DEBUG", "perhaps", "on or off"),
        ("LANGUAGE", "fr", "one of vi, en"),
        ("OFFICE_TIME_ZONE", "Hanoi", "a time zone such as Asia/Ho_Chi_Minh"),
        (
            "DATABASE_URL",
            "mysql://x/y",
            "an address beginning with sqlite:// or postgres:// or postgresql://",
        ),
        (
            "EMAIL_URL",
            "mail.example:25",
            "an address beginning with smtp:// or smtps:// or smtp+tls:// or smtp+ssl:// or filemail://",
        ),
        ("EMAIL_FROM", "the office", "a mail address"),
        ("TLS_CERT", "/no/such/file", "the path of a file that exists"),
    ],
)
def test_a_bad_value_stops_the_start_in_one_line(
    tmp_path: Path, name: str, value: str, expected: str
) -> None:
    ended = start(tmp_path, **{name: value})

    assert (ended.returncode, ended.stderr) == (1, f"Setting {name}={value}: expected {expected}.\n")


def test_a_bad_key_is_not_shown(tmp_path: Path) -> None:
    ended = start(tmp_path, DATA_KEY="kept-from-the-log")

    assert ended.stderr == "Setting DATA_KEY=(hidden): expected 32 octets in URL-safe base64.\n"


def test_a_name_nobody_knows_in_the_env_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nPORT=9000\nexport PROT=9001\n", encoding="utf-8")

    ended = start(tmp_path)

    assert ended.returncode == 1
    assert ended.stderr.startswith("Setting PROT in .env is unknown. Known: ALLOWED_HOSTS, ")
    assert ended.stderr.count("\n") == 1


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\n", encoding="utf-8")

    assert (start(tmp_path).stdout, start(tmp_path, PORT="9001").stdout) == ("9000", "9001")


@pytest.mark.parametrize(
    ("desktop", "spoken"), [("en_US:en", "vi"), ("en_US", "vi"), ("en", "en"), ("", "vi")]
)
def test_a_desktops_own_language_list_is_no_choice_of_the_office(
    tmp_path: Path, desktop: str, spoken: str
) -> None:
    assert start(tmp_path, LANGUAGE=desktop, show="LANGUAGE_CODE").stdout == repr(spoken)


def test_the_mail_of_a_fresh_office_goes_to_files(tmp_path: Path) -> None:
    assert start(tmp_path, show="EMAIL_FILE_PATH").stdout == repr(str(tmp_path / "var" / "mail"))


def test_every_setting_that_is_read_is_explained(tmp_path: Path) -> None:
    source = (ROOT / "planner" / "settings.py").read_text(encoding="utf-8")

    assert [name for name in SETTINGS if f'"{name}"' not in source and name != "LANGUAGE"] == []
    with pytest.raises(KeyError):
        Environment(tmp_path / "none").text("UNHEARD_OF")


def test_keys_are_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "data_key"

    first = keys.kept(path, keys.fernet_key())
    second = keys.kept(path, keys.fernet_key())

    assert first == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["data_key"]
    assert Fernet(first).decrypt(Fernet(first).encrypt(b"octets")) == b"octets"


def test_every_setting_stands_in_the_documentation() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert [name for name in SETTINGS if f"`{name}`" not in page] == []
