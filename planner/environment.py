"""What the outside says: environment variables and `.env`, each checked before anything starts."""

import os
import re
from collections.abc import Iterable, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ

SETTINGS = {
    "ALLOWED_HOSTS": "host names this site answers to, comma separated",
    "BACKUP_PASSPHRASE": "wraps the keys inside a backup file",
    "BASE_URL": "the address that links in mail and on paper begin with",
    "BEHIND_PROXY": "trust X-Forwarded-Proto and X-Forwarded-For",
    "DATABASE_URL": "sqlite:///… or postgres://…",
    "DATA_KEY": "encrypts stored octets and secrets (Fernet)",
    "DEBUG": "error pages with details; never in an office",
    "DEMO": "fill an empty database with an invented office",
    "EMAIL_BOUNCE": "envelope sender per message; empty: EMAIL_FROM",
    "EMAIL_FROM": "the sender people see",
    "EMAIL_URL": "smtp://host:port, or files under VAR_DIR/mail",
    "HOST": "address the web server listens on",
    "HSTS_SECONDS": "Strict-Transport-Security; only with a public certificate",
    "IMAP_URL": "the mailbox that answers come to",
    "LANGUAGE": "language of the office: vi or en",
    "LINKS_REACHABLE": "delegates outside can open BASE_URL",
    "LINK_KEY": "derives the tokens in links and badges",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR",
    "OFFICE_TIME_ZONE": "time zone of the office",
    "OUTBOX_DELAY_SECONDS": "how long a queued message may still be recalled",
    "PORT": "port the web server listens on",
    "QUEUE_WORKERS": "processes that carry out jobs; 0: none on this machine",
    "REQUIRE_2FA": "second factor for those with power",
    "SECRET_KEY": "signs sessions and cookies",
    "TLS_CERT": "certificate file of the web server",
    "TLS_KEY": "its private key file",
    "VAR_DIR": "folder of database, uploads, keys and collected files",
    "WEB_WORKERS": "processes that answer requests; 0: none on this machine",
}
ON = {"1", "on", "true", "yes"}
OFF = {"0", "off", "false", "no"}
ENV_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=")


def stop(name: str, value: str, expected: str) -> NoReturn:
    """Nothing: the start ends with one line that names the setting and what it may be."""
    shown = "(hidden)" if name.endswith(("KEY", "PASSPHRASE")) else value
    raise SystemExit(f"Setting {name}={shown}: expected {expected}.")


class Environment:
    """The settings of the outside; the first bad one stops the start with one clear line."""

    def __init__(self, env_file: Path) -> None:
        if env_file.is_file():
            self._refuse_unknown(env_file)
            environ.Env.read_env(env_file)

    @staticmethod
    def _refuse_unknown(env_file: Path) -> None:
        for line in env_file.read_text(encoding="utf-8").splitlines():
            match = ENV_LINE.match(line)
            if match and match[1] not in SETTINGS:
                raise SystemExit(
                    f"Setting {match[1]} in {env_file.name} is unknown. Known: {', '.join(SETTINGS)}."
                )

    def text(self, name: str, default: str = "") -> str:
        """The value without outer blanks; an empty one counts as absent."""
        if name not in SETTINGS:
            raise KeyError(name)
        return os.environ.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        """True for on, false for off."""
        value = self.text(name, "on" if default else "off").lower()
        if value not in ON | OFF:
            stop(name, value, "on or off")
        return value in ON

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number between `lowest` and `highest`, both allowed."""
        value = self.text(name, str(default))
        if not value.isdecimal() or not lowest <= int(value) <= highest:
            stop(name, value, f"a whole number from {lowest} to {highest}")
        return int(value)

    def choice(self, name: str, default: str, allowed: Sequence[str]) -> str:
        """One of `allowed`."""
        value = self.text(name, default)
        if value not in allowed:
            stop(name, value, "one of " + ", ".join(allowed))
        return value

    def language(self) -> str:
        """The office's language. A desktop's own LANGUAGE list ("en_US:en") is no choice of ours."""
        value = self.text("LANGUAGE", "vi")
        return "vi" if "_" in value or ":" in value else self.choice("LANGUAGE", "vi", ("vi", "en"))

    def url(self, name: str, default: str, schemes: Sequence[str]) -> str:
        """An address with one of `schemes`, or the empty default."""
        value = self.text(name, default)
        if value and (urlsplit(value).scheme not in schemes or "://" not in value):
            stop(name, value, "an address beginning with " + " or ".join(f"{s}://" for s in schemes))
        return value

    def names(self, name: str, default: Iterable[str]) -> list[str]:
        """A comma separated list."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()] or list(default)

    def sender(self, name: str, default: str) -> str:
        """A mail address, with or without a display name."""
        value = self.text(name, default)
        if "@" not in parseaddr(value)[1]:
            stop(name, value, "a mail address")
        return value

    def time_zone(self, name: str, default: str) -> str:
        """A zone of the IANA list."""
        value = self.text(name, default)
        if value not in available_timezones():
            stop(name, value, "a time zone such as Asia/Ho_Chi_Minh")
        return value

    def file(self, name: str) -> str:
        """The path of a file that exists, or nothing."""
        value = self.text(name)
        if value and not Path(value).is_file():
            stop(name, value, "the path of a file that exists")
        return value
