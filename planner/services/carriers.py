"""The two ways a mail leaves: an SMTP server or a folder of files. Both take stored octets as they are."""

import contextlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planner.errors import Unreachable
from planner.services import limits

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_WANTS_LOGIN = {530, 534, 535, 538}  # refuses us, not the message (RFC 4954)
_WORDS = 400  # of a server's answer are kept


class ServerDown(Unreachable):
    """The mail server takes no mail at all now: no connection, no log-in."""

    code = "mail_server_down"
    message = _("The mail server does not answer.")


class NotTaken(Exception):
    """One message was not taken. `is_final` for a 5xx answer, else it may be tried again."""

    def __init__(self, words: str, *, is_final: bool) -> None:
        self.words, self.is_final = words[:_WORDS], is_final
        super().__init__(self.words)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the carrier needs of a message."""

    message_id: str
    envelope_sender: str
    recipient: str
    octets: bytes


class Carrier(Protocol):
    """Somebody who takes messages one after the other."""

    def carry(self, parcel: Parcel) -> None:
        """Nothing when the message was taken. Raises NotTaken, or ServerDown when no message would be."""


class Folder:
    """Messages as .eml files, for a demo and for offices that look first. A repeat writes the same file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def carry(self, parcel: Parcel) -> None:
        """The file under its final name only when it is whole."""
        name = _NOT_IN_A_NAME.sub("_", parcel.message_id.strip("<>"))[:120]
        draft = self.path / f".{name}.{os.getpid()}"
        draft.write_bytes(parcel.octets)
        draft.replace(self.path / f"{name}.eml")


class Smtp:
    """One SMTP connection kept for many messages and opened again when it was cut."""

    def __init__(self, url: str) -> None:
        self.config = environ.Env.email_url_config(url)
        self.connection: smtplib.SMTP | None = None

    def carry(self, parcel: Parcel) -> None:
        """Exact octets, one recipient, the message's own envelope sender."""
        connection = self._connected()
        try:
            connection.sendmail(parcel.envelope_sender, [parcel.recipient], parcel.octets)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _not_taken(*next(iter(refusal.recipients.values()))) from refusal
        except smtplib.SMTPResponseException as refusal:
            if refusal.smtp_code in _WANTS_LOGIN:
                raise ServerDown(cause=str(refusal)[:_WORDS]) from refusal
            raise _not_taken(refusal.smtp_code, refusal.smtp_error) from refusal
        except (smtplib.SMTPException, OSError) as cut:
            self.close()
            raise NotTaken(f"{type(cut).__name__}: {cut}", is_final=False) from cut

    def open(self) -> smtplib.SMTP:
        """A connection that is logged in. Raises ServerDown."""
        try:
            return self._connect()
        except (smtplib.SMTPException, OSError) as failure:
            self.close()
            raise ServerDown(cause=f"{type(failure).__name__}: {failure}"[:_WORDS]) from failure

    def close(self) -> None:
        """No connection; a polite QUIT if there still is one."""
        if self.connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self.connection.quit()
        self.connection = None

    def _connected(self) -> smtplib.SMTP:
        # smtplib drops its socket when the server says 421 or hangs up between two messages.
        if self.connection is None or self.connection.sock is None:
            return self.open()
        return self.connection

    def _connect(self) -> smtplib.SMTP:
        config, wait = self.config, settings.EMAIL_TIMEOUT
        host, port = config["EMAIL_HOST"] or "localhost", config["EMAIL_PORT"] or 25
        # Our own name is given, for smtplib would ask the DNS for it, and there may be none.
        name = urlsplit(settings.BASE_URL).hostname or "localhost"
        if config.get("EMAIL_USE_SSL"):
            context = ssl.create_default_context()
            self.connection = smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=wait, context=context)
        else:
            self.connection = smtplib.SMTP(host, port, local_hostname=name, timeout=wait)
        if config.get("EMAIL_USE_TLS"):
            self.connection.starttls(context=ssl.create_default_context())
        if config.get("EMAIL_HOST_USER"):
            self.connection.login(config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"] or "")
        return self.connection


@contextlib.contextmanager
def carrier() -> Iterator[Carrier]:
    """The carrier that EMAIL_URL names, connected. Raises ServerDown."""
    if not settings.EMAIL_URL.startswith("smtp"):
        yield Folder(
            Path("/" + urlsplit(settings.EMAIL_URL).path.strip("/"))
            if settings.EMAIL_URL
            else settings.MAIL_DIR
        )
        return
    smtp = Smtp(settings.EMAIL_URL)
    smtp.open()
    try:
        yield smtp
    finally:
        smtp.close()


def may_carry() -> bool:
    """True unless as many mails left within this minute as EMAIL_URL allows: `smtp://host?per_minute=300`."""
    options = (
        environ.Env.email_url_config(settings.EMAIL_URL).get("OPTIONS", {})
        if settings.EMAIL_URL.startswith("smtp")
        else {}
    )
    most = str(options.get("PER_MINUTE", ""))
    return not most.isdecimal() or limits.take("mail", "all", most=int(most), seconds=60)


def _not_taken(status: int, words: bytes | str) -> NotTaken:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return NotTaken(f"{status} {text}", is_final=500 <= status < 600)
