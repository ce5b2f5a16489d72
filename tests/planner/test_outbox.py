"""The outbox against a real mail server on loopback: order, refusals, cuts, crashes, none lost."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from planner.access import SYSTEM, Role
from planner.errors import NotAllowed
from planner.models import AuditEntry, Message
from planner.services import outbox
from planner.services.outbox import Mail
from tests.mail_sink import mail_sink

State = Message.State
NOON = dt.datetime(2026, 11, 2, 5, 0, tzinfo=dt.UTC)
MAILS = int(os.environ.get("DRILL_MAILS", "40"))


@pytest.fixture(autouse=True)
def no_delay(settings):
    settings.OUTBOX_DELAY_SECONDS = 0
    settings.DEFAULT_FROM_EMAIL = "Văn phòng Tỉnh ủy <vp@tinhuy.example>"


@pytest.fixture
def sink(settings):
    with mail_sink() as running:
        settings.EMAIL_URL = running.url
        yield running


def mail(number=1, stream=None, **fields):
    message_id = outbox.new_message_id()
    values = {
        "stream": stream or f"delegate:{number}",
        "method": "REQUEST",
        "recipient": f"nguoi{number}@tinh.example",
        "message_id": message_id,
        "subject": "Họp",
        "octets": f"Message-ID: {message_id}\r\nSubject: {number}\r\n\r\n.dấu chấm {number}\r\n".encode(),
        "dtstamp": timezone.now() + dt.timedelta(seconds=number),
        "event_uid": "7d1f",
        "facts": {"title": "Hội nghị bí mật như chim hoàng yến"},
    }
    return Mail(**values | fields)


def states():
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def pass_time(**span):
    """Everything that waits has waited so much longer."""
    for message in Message.objects.waiting():
        message.send_after -= dt.timedelta(**span)
        message.save(update_fields=["send_after"])


def test_a_mail_leaves_as_the_very_octets_stored(sink, db):
    [message] = outbox.enqueue([mail()])

    assert outbox.deliver_due() == "1 sent, 0 put off, 0 failed."

    [letter] = sink.taken
    assert letter.octets == outbox.octets(message)
    assert (letter.sender, letter.recipients) == ("vp@tinhuy.example", ["nguoi1@tinh.example"])
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert message.sent_at is not None
    assert outbox.deliver_due() == ""


def test_stored_mails_and_facts_cannot_be_read_without_the_key(db):
    [message] = outbox.enqueue([mail()])

    row = Message.objects.values_list("octets", "facts").get(pk=message.pk)
    assert [b"Subject" in bytes(column) or b"chim" in bytes(column) for column in row] == [False, False]
    assert outbox.facts(message) == {"title": "Hội nghị bí mật như chim hoàng yến"}


def test_a_rolled_back_change_leaves_no_mail(transactional_db):
    with transaction.atomic():
        outbox.enqueue([mail()])
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_one_row_per_message(db):
    stamp = timezone.now()
    outbox.enqueue([mail(dtstamp=stamp)])

    with pytest.raises(Exception, match="message_is_written_once|UNIQUE"), transaction.atomic():
        outbox.enqueue([mail(dtstamp=stamp)])


def test_a_mail_waits_out_the_outbox_delay(sink, settings, db):
    settings.OUTBOX_DELAY_SECONDS = 10
    outbox.enqueue([mail()])

    assert outbox.deliver_due() == ""
    pass_time(seconds=10)
    assert outbox.deliver_due() == "1 sent, 0 put off, 0 failed."


def test_many_mails_share_one_connection(sink, db):
    outbox.enqueue([mail(number) for number in range(1, 31)])

    outbox.deliver_due(seconds=60)

    assert (len(sink.taken), sink.connections) == (30, 1)


def test_a_stream_leaves_in_order_though_its_first_mail_is_refused_for_now(sink, db):
    outbox.enqueue([mail(1, "s", sequence=0), mail(2, "s", sequence=1), mail(3, "other")])
    sink.answer_to_recipient = lambda to: "451 later" if to.startswith("nguoi1@") else "250 OK"

    assert outbox.deliver_due() == "1 sent, 1 put off, 0 failed."
    assert sink.recipients == ["nguoi3@tinh.example"]

    sink.answer_to_recipient = lambda to: "250 OK"
    pass_time(minutes=1)
    outbox.deliver_due()
    assert sink.recipients == ["nguoi3@tinh.example", "nguoi1@tinh.example", "nguoi2@tinh.example"]


@pytest.mark.parametrize("step", ["recipient", "data"])
def test_a_final_refusal_fails_at_once_shows_and_holds_nobody_up(sink, db, step):
    outbox.enqueue([mail(1, "s"), mail(2, "s")])
    if step == "recipient":
        sink.answer_to_recipient = lambda to: "550 no such person" if to.startswith("nguoi1@") else "250 OK"
    else:
        sink.answer_to = lambda letter: (
            "554 no thanks" if "nguoi1@tinh.example" in letter.recipients else "250 OK"
        )

    assert outbox.deliver_due() == "1 sent, 0 put off, 1 failed."

    first = Message.objects.earliest("id")
    assert (first.state, first.last_error) == (
        State.FAILED,
        "550 no such person" if step == "recipient" else "554 no thanks",
    )
    assert sink.recipients == ["nguoi2@tinh.example"]


def test_pauses_grow_and_end_after_two_days(sink, db):
    sink.answer_to = lambda letter: "451 greylisted"
    pauses = []
    with time_machine.travel(NOON, tick=False) as clock:
        [message] = outbox.enqueue([mail()])
        while outbox.deliver_due() == "0 sent, 1 put off, 0 failed.":
            message.refresh_from_db()
            pauses.append(message.send_after - timezone.now())
            clock.move_to(message.send_after)

    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.FAILED, "451 greylisted")
    assert pauses == sorted(pauses)
    assert pauses[0] == dt.timedelta(minutes=1)
    assert dt.timedelta(hours=40) < sum(pauses, dt.timedelta()) <= dt.timedelta(hours=48)


def test_a_connection_cut_after_the_mail_was_taken_sends_the_same_octets_again(sink, db):
    outbox.enqueue([mail(1), mail(2)])
    cuts = iter([None])
    sink.answer_to = lambda letter: next(cuts, "250 OK")

    assert outbox.deliver_due() == "1 sent, 1 put off, 0 failed."
    pass_time(minutes=1)
    assert outbox.deliver_due() == "1 sent, 0 put off, 0 failed."

    assert sink.recipients == ["nguoi1@tinh.example", "nguoi2@tinh.example", "nguoi1@tinh.example"]
    assert sink.taken[0] == sink.taken[2]
    assert sink.connections == 3


def test_a_server_that_is_down_uses_up_no_attempts_and_is_shown(settings, db):
    with mail_sink() as gone:
        settings.EMAIL_URL = gone.url
    outbox.enqueue([mail()])

    assert outbox.deliver_due().startswith("Mail server down: ConnectionRefusedError")

    message = Message.objects.get()
    assert (message.state, message.attempts) == (State.QUEUED, 0)
    assert message.last_error.startswith("ConnectionRefusedError")

    with mail_sink(port=int(gone.url.rpartition(":")[2])) as back:
        assert outbox.deliver_due() == "1 sent, 0 put off, 0 failed."
    message.refresh_from_db()
    assert (len(back.taken), message.last_error) == (1, "")


def test_a_server_that_refuses_us_refuses_no_message(sink, db):
    outbox.enqueue([mail()])
    sink.answer_to = lambda letter: "530 5.7.0 authentication required"

    assert outbox.deliver_due().startswith("Mail server down: (530")

    message = Message.objects.get()
    assert (message.state, message.attempts) == (State.QUEUED, 0)


def test_a_mail_in_flight_is_neither_claimed_twice_nor_overtaken(sink, db):
    outbox.enqueue([mail(1, "s"), mail(2, "s")])

    first = outbox._claim("s")

    assert first is not None
    assert outbox._claim("s") is None
    assert outbox.due_streams() == []
    assert outbox.deliver_due() == ""
    pass_time(seconds=61)
    assert outbox.deliver_due() == "2 sent, 0 put off, 0 failed."
    assert sink.recipients == ["nguoi1@tinh.example", "nguoi2@tinh.example"]


def test_a_mail_once_tried_can_no_longer_be_recalled(sink, db):
    tried, untried = outbox.enqueue([mail(1), mail(2)])
    sink.answer_to_recipient = lambda to: "451 later" if to.startswith("nguoi1@") else "250 OK"
    outbox.deliver("delegate:1", outbox_carrier := _open(sink))
    outbox_carrier.close()

    assert outbox.recall([tried, untried]) == 1
    assert states() == [State.QUEUED, State.MERGED]


def _open(sink):
    from planner.services.carriers import Smtp

    carrier = Smtp(sink.url)
    carrier.open()
    return carrier


def test_bounces_of_each_message_come_to_an_address_of_their_own(sink, settings, db):
    settings.EMAIL_BOUNCE = "tra-lai+{id}@tinhuy.example"
    [message] = outbox.enqueue([mail()])

    outbox.deliver_due()

    local = message.message_id.strip("<>").split("@")[0]
    assert sink.taken[0].sender == f"tra-lai+{local}@tinhuy.example"


def test_without_a_server_mails_become_files_and_a_repeat_makes_no_second(settings, tmp_path, db):
    settings.EMAIL_URL, settings.MAIL_DIR = "", tmp_path / "mail"
    [message] = outbox.enqueue([mail()])

    outbox.deliver_due()
    Message.objects.update(state=State.QUEUED)
    outbox.deliver_due()

    [file] = Path(settings.MAIL_DIR).iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes() == outbox.octets(message)


def test_sending_pauses_and_goes_on_with_new_mails_held_too(sink, make):
    session = make.session()
    outbox.enqueue([mail(1, session_id=session.pk), mail(2)])

    assert outbox.pause(session=session, by=SYSTEM) == 1
    outbox.enqueue([mail(3, session_id=session.pk)])
    outbox.deliver_due()
    assert sink.recipients == ["nguoi2@tinh.example"]
    assert outbox.progress(session) == {State.PAUSED: 2}

    assert outbox.resume(session=session, by=SYSTEM) == 2
    outbox.deliver_due()
    assert sink.recipients == ["nguoi2@tinh.example", "nguoi1@tinh.example", "nguoi3@tinh.example"]
    assert outbox.progress(session) == {State.SENT: 2}
    assert AuditEntry.objects.filter(action="mail.paused").count() == 1


def test_a_viewer_may_not_pause_mail(make):
    session = make.session()

    with pytest.raises(NotAllowed):
        outbox.pause(session=session, by=make.actor(Role.VIEWER))


def test_a_mail_spoilt_in_the_store_is_not_sent_and_holds_nobody_up(sink, db):
    spoilt, _ = outbox.enqueue([mail(1), mail(2)])
    Message.objects.filter(pk=spoilt.pk).update(sha256="0" * 64)

    assert outbox.deliver_due() == "1 sent, 0 put off, 1 failed."
    assert sink.recipients == ["nguoi2@tinh.example"]


def _database_url():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    login = f"{values['USER']}:{quote(values['PASSWORD'])}@" if values["USER"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgres://{login}{quote(values['HOST'], safe='')}{port}/{values['NAME']}"


def _sender(sink):
    """A worker of its own, as the queue would run it, that sends until nothing is due."""
    code = (
        "import django; django.setup()\n"
        "from planner.services import outbox\n"
        "while outbox.deliver_due(seconds=1): pass\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "planner.settings",
        "DATABASE_URL": _database_url(),
        "EMAIL_URL": sink.url,
    }
    return subprocess.Popen([sys.executable, "-c", code], env=environment)


def test_a_sender_killed_in_mid_send_loses_nothing_and_doubles_only_what_was_in_flight(
    sink, transactional_db
):
    outbox.enqueue([mail(number, f"delegate:{number // 2}") for number in range(1, MAILS + 1)])
    deaths = {MAILS // 8, MAILS // 2, MAILS - 1}
    sender = None

    def kill_in_flight(letter):
        if len(sink.taken) + 1 in deaths:
            deaths.discard(len(sink.taken) + 1)
            os.kill(sender.pid, signal.SIGKILL)
        return "250 OK"

    sink.answer_to = kill_in_flight
    ends = []
    while not ends or ends[-1] == -signal.SIGKILL:
        pass_time(minutes=2)
        sender = _sender(sink)
        ends.append(sender.wait(timeout=120))

    counts = Counter(letter.message["Message-ID"] for letter in sink.taken)
    assert ends == [-signal.SIGKILL] * 3 + [0]
    assert set(counts) == set(Message.objects.values_list("message_id", flat=True))
    assert sum(counts.values()) - MAILS <= 3
    assert len({letter.octets for letter in sink.taken}) == MAILS
    assert set(states()) == {State.SENT}
    per_stream = [int(to.removeprefix("nguoi").split("@")[0]) for to in dict.fromkeys(sink.recipients)]
    assert all(per_stream.index(even) < per_stream.index(even + 1) for even in range(2, MAILS, 2))


def test_two_senders_at_once_double_nothing(sink, transactional_db):
    outbox.enqueue([mail(number, f"delegate:{number // 2}") for number in range(1, MAILS + 1)])

    senders = [_sender(sink), _sender(sink)]
    assert [sender.wait(timeout=120) for sender in senders] == [0, 0]

    assert sorted(sink.recipients) == sorted(f"nguoi{number}@tinh.example" for number in range(1, MAILS + 1))


def test_no_more_mails_leave_in_a_minute_than_the_address_allows(sink, settings, db):
    settings.EMAIL_URL = sink.url + "?per_minute=3"
    outbox.enqueue([mail(number) for number in range(1, 6)])

    with time_machine.travel(NOON, tick=False) as clock:
        Message.objects.update(send_after=timezone.now())
        assert outbox.deliver_due() == "3 sent, 0 put off, 0 failed."
        assert outbox.deliver_due() == "0 sent, 0 put off, 0 failed."
        clock.shift(60)
        assert outbox.deliver_due() == "2 sent, 0 put off, 0 failed."


def test_a_mail_that_replaces_a_paused_one_stays_paused(sink, make):
    session = make.session()
    [first] = outbox.enqueue([mail(1, session_id=session.pk)])
    outbox.pause(session=session, by=SYSTEM)

    outbox.enqueue([mail(1, session_id=session.pk)], replacing=[first])

    assert states() == [State.MERGED, State.PAUSED]
