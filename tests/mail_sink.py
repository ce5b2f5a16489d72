"""A stand-in mail server on loopback: keeps what it takes, and misbehaves on request."""

import email
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


@dataclass(frozen=True)
class Letter:
    """One message as the server took it."""

    sender: str
    recipients: list[str]
    octets: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.octets, policy=policy.default)  # type: ignore[return-value]

    @property
    def calendar(self) -> bytes:
        """The calendar part's octets; b"" without one."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        return parts[0].get_payload(decode=True) if parts else b""

    def text(self, kind: str = "plain") -> str:
        """The words of the plain or HTML part."""
        part = self.message.get_body(preferencelist=(kind,))
        assert part is not None
        return str(part.get_content())


@dataclass
class Sink:
    """What came in, in order. `answer_to` decides the reply to each message; None takes it and then hangs up."""

    taken: list[Letter] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    connections: int = 0
    answer_to: Callable[[Letter], str | None] = lambda letter: TAKEN
    answer_to_recipient: Callable[[str], str] = lambda address: TAKEN
    url: str = ""

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str
    ) -> str:
        self.connections += 1
        session.host_name = hostname
        return "250 HELP"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer_to_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        letter = Letter(str(envelope.mail_from), [str(to) for to in envelope.rcpt_tos], content)
        answer = self.answer_to(letter)
        if answer is None or answer.startswith("250"):
            self.taken.append(letter)
        if answer is None:
            server.transport.abort()
        return answer or TAKEN

    @property
    def recipients(self) -> list[str]:
        return [letter.recipients[0] for letter in self.taken]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_sink(port: int = 0, **behaviour: Any) -> Iterator[Sink]:
    """A running server; its address is `sink.url`."""
    sink = Sink(**behaviour)
    port = port or free_port()
    sink.url = f"smtp://127.0.0.1:{port}"
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller = Controller(sink, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
