"""A real IMAP server on loopback (pymap), with one account whose mailbox tests fill as the world would."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from planner.management.postgres import free_port
from planner.management.supervise import is_open

READY_SECONDS = 30


@dataclass(frozen=True)
class ImapServer:
    """Where it listens, and a way to put mails into its INBOX."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://vanphong:mat%2Fkhau@127.0.0.1:{self.port}/INBOX"

    def put(self, *mails: bytes) -> None:
        """The mails, at the end of INBOX."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as line:
            line.login("vanphong", "mat/khau")
            for mail in mails:
                status, words = line.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail)
                assert status == "OK", words

    def clear(self) -> None:
        """An empty INBOX; its numbers go on."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as line:
            line.login("vanphong", "mat/khau")
            _status, found = line.select("INBOX")
            if found[0] != b"0":
                line.store("1:*", "+FLAGS", "\\Deleted")
                line.expunge()

    def count(self) -> tuple[int, int]:
        """How many mails lie there, and how many of them somebody marked as read."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as line:
            line.login("vanphong", "mat/khau")
            _status, found = line.select("INBOX", readonly=True)
            _status, seen = line.search(None, "SEEN")
            return int(found[0] or 0), len(seen[0].split())


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """A running server; ended at the end."""
    port = free_port()
    command = [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1"]
    command += [
        "--port",
        str(port),
        "--no-tls",
        "dict",
        "--demo-user",
        "vanphong",
        "--demo-password",
        "mat/khau",
    ]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not is_open(("127.0.0.1", port)) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield ImapServer(port)
    finally:
        started.terminate()
        started.wait(10)
