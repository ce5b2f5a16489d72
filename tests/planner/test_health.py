"""What operators ask: alive, ready, figures."""

import datetime as dt

from django.test import Client
from django.utils import timezone

from planner.models import Message
from tests.make import Make


def waiting_mail(**fields: object) -> Message:
    """A mail in the outbox."""
    now = timezone.now()
    values = {
        "stream": "s",
        "method": "REQUEST",
        "dtstamp": now,
        "recipient": "a@b.example",
        "message_id": "<1@x>",
    }
    kept = {"subject": "x", "octets": b"", "sha256": "", "send_after": now, "created_at": now}
    return Message.objects.create(**values | kept | fields)


def test_the_process_says_it_is_alive_without_a_log_in(client: Client, db: None) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_the_product_is_ready_until_mail_stands_still(client: Client, make: Make) -> None:
    before = client.get("/readyz")
    waiting_mail(send_after=timezone.now() - dt.timedelta(minutes=6))
    after = client.get("/readyz")

    assert (before.status_code, before.json()) == (200, {"database": True, "schema": True, "mail": True})
    assert (after.status_code, after.json()["mail"]) == (503, False)


def test_figures_are_for_this_machine_only(client: Client, make: Make) -> None:
    waiting_mail()

    here, elsewhere = client.get("/metrics"), client.get("/metrics", REMOTE_ADDR="192.0.2.7")

    assert "nghi_trinh_mails_waiting 1\n" in here.content.decode()
    assert elsewhere.status_code == 404
