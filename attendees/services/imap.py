"""The answers' mailbox on its IMAP server: opened for reading only, so nothing in it is ever changed or deleted."""

import contextlib
import imaplib
import ipaddress
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from attendees.itip.findings import MOST_OCTETS
from planner.errors import Unreachable

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_WORDS = 300
_PORT, _TLS_PORT = 143, 993


class MailboxDown(Unreachable):
    """The mailbox cannot be read now: no connection, no log-in, no such folder."""

    code = "mailbox_down"
    message = _("The mailbox of answers cannot be read.")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it lies in the mailbox; of one beyond the limit only its headers."""

    uid: int
    octets: bytes
    is_whole: bool


class Mailbox:
    """A folder opened for reading."""

    def __init__(self, connection: imaplib.IMAP4, uid_validity: int) -> None:
        self.connection, self.uid_validity = connection, uid_validity

    def uids_after(self, uid: int) -> list[int]:
        """The mails that came after that one, the oldest first."""
        # "n:*" names the last mail even where its number is smaller (RFC 3501 §6.4.8).
        found = self._ask("SEARCH", "UID", f"{uid + 1}:*")
        numbers = b" ".join(row for row in found if isinstance(row, bytes)).split()
        return sorted(number for word in numbers if (number := int(word)) > uid)

    def fetch(self, uid: int) -> Fetched | None:
        """The mail; None when somebody removed it meanwhile."""
        sizes = [
            _SIZE.search(row)
            for row in self._ask("FETCH", str(uid), "(RFC822.SIZE)")
            if isinstance(row, bytes)
        ]
        size = next((int(found[1]) for found in sizes if found), None)
        if size is None:
            return None
        is_whole = size <= MOST_OCTETS
        rows = self._ask("FETCH", str(uid), "(BODY.PEEK[])" if is_whole else "(BODY.PEEK[HEADER])")
        octets = next((row[1] for row in rows if isinstance(row, tuple)), None)
        return None if octets is None else Fetched(uid, octets[:MOST_OCTETS], is_whole)

    def _ask(self, command: str, *words: str) -> list[Any]:
        status, rows = self.connection.uid(command, *words)
        if status != "OK":
            raise MailboxDown(cause=f"{command}: {status}")
        return list(rows)


@contextlib.contextmanager
def mailbox() -> Iterator[Mailbox]:
    """The folder that IMAP_URL names: imap(s)://user:password@host:port/folder. Raises MailboxDown."""
    connection: imaplib.IMAP4 | None = None
    try:
        address = urlsplit(settings.IMAP_URL)
        connection = _connected(address)
        connection.login(unquote(address.username or ""), unquote(address.password or ""))
        folder = unquote(address.path.strip("/")) or "INBOX"
        status, words = connection.select(_quoted(folder), readonly=True)
        if status != "OK":
            raise MailboxDown(cause=f"{folder}: {words!r}"[:_WORDS])
        _name, validity = connection.response("UIDVALIDITY")
        yield Mailbox(connection, int(validity[0] or 0) if validity else 0)
    except (imaplib.IMAP4.error, OSError) as failure:
        raise MailboxDown(cause=f"{type(failure).__name__}: {failure}"[:_WORDS]) from failure
    finally:
        if connection is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                connection.logout()


def _connected(address: SplitResult) -> imaplib.IMAP4:
    """A connection, over TLS for imaps, and for imap wherever a server beyond this machine offers it."""
    host, wait = address.hostname or "localhost", settings.EMAIL_TIMEOUT
    if address.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, address.port or _TLS_PORT, timeout=wait, ssl_context=context)
    connection = imaplib.IMAP4(host, address.port or _PORT, timeout=wait)
    if "STARTTLS" in connection.capabilities and not _is_here(host):
        connection.starttls(ssl.create_default_context())
    return connection


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
