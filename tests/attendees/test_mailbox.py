"""Answers that come by mail, read from a real IMAP server and counted, kept for a person, or passed over."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from attendees.models import Delegate, InboundMail, Invitation, Reply
from attendees.services import invitations, mailbox, replies, threads
from planner.access import SYSTEM, Role
from planner.errors import NotAllowed, Unreachable
from planner.models import Message, Session
from planner.services import links, outbox
from tests.attendees import answer_mails as mails
from tests.imap_server import imap_server
from tests.mail_sink import free_port, mail_sink

Verdict = InboundMail.Verdict


@pytest.fixture(scope="module")
def running():
    with imap_server() as server:
        yield server


@pytest.fixture
def server(running, settings, db):
    """The server with an empty mailbox, which the program is to read."""
    running.clear()
    settings.IMAP_URL = running.url
    return running


@pytest.fixture
def post(server):
    """Mails put into the mailbox, read, and what each came to, in order."""

    def put(*letters):
        known = set(InboundMail.objects.values_list("pk", flat=True))
        server.put(*letters)
        mailbox.read_once(by=SYSTEM)
        rows = InboundMail.objects.exclude(pk__in=known).order_by("uid")
        return [(row.verdict, row.reason) for row in rows]

    return put


@pytest.fixture
def session(make, settings):
    """A published session of three members, all invited."""
    settings.DEFAULT_FROM_EMAIL = "Văn phòng Tỉnh ủy <vp@tinhuy.example>"
    settings.OUTBOX_DELAY_SECONDS = 0
    make.office()
    session = make.session("08:00-11:00", title="Hội nghị", state="published", published_at=timezone.now())
    for name in ("an", "binh", "chau"):
        make.delegate(session, make.person(email=f"{name}@tinh.example"))
    invitations.send(session=session, by=SYSTEM)
    return session


def who(session, name):
    return session.delegates.get(person__email=f"{name}@tinh.example")


def said(session, name="an", partstat="ACCEPTED", **more):
    return mails.Reply(str(session.uid), f"{name}@tinh.example", partstat, **more)


def move(make, session, hours):
    first, last = hours.split("-")
    session.starts_at, session.ends_at = make.at(first), make.at(last)
    session.version += 1
    session.save()
    Message.objects.update(state=Message.State.SENT, attempts=1)  # the first mails left
    invitations.renew(session=session, by=SYSTEM)


def later(seconds):
    return (timezone.now() + dt.timedelta(seconds=seconds)).strftime("%Y%m%dT%H%M%SZ")


@pytest.mark.parametrize("program", mails.PROGRAMS, ids=lambda program: program.__name__)
def test_an_answer_of_any_program_counts(post, session, program):
    assert post(program(said(session))) == [("applied", "")]

    delegate = who(session, "an")
    assert delegate.reply == Delegate.Reply.ATTENDING
    [reply] = delegate.replies.all()
    assert (reply.channel, reply.by_label, reply.sequence) == ("mail", delegate.printed_name, 0)


def test_a_silent_decline_of_a_member_asks_to_be_excused_without_a_reason(post, session):
    assert post(mails.outlook(said(session, partstat="DECLINED"))) == [("applied", "")]

    delegate = who(session, "an")
    assert delegate.reply == Delegate.Reply.ASKS_EXCUSE
    assert delegate.replies.get().reason == ""


def test_a_guest_may_decline_with_a_word(post, session, make):
    make.delegate(session, make.person(email="khach@xa.example"), role="guest")
    invitations.send(session=session, by=SYSTEM)

    reply = said(session, partstat="DECLINED", more="COMMENT:Bận họp").but(attendee="khach@xa.example")
    assert post(mails.gmail(reply)) == [("applied", "")]

    row = session.delegates.get(person__email="khach@xa.example")
    assert (row.reply, row.replies.get().reason) == ("declined", "Bận họp")


def test_perhaps_is_no_answer(post, session):
    verdicts = post(
        mails.apple(said(session, dtstamp=later(5))),
        mails.apple(said(session, partstat="TENTATIVE", dtstamp=later(9))),
    )

    assert verdicts == [("applied", ""), ("applied", "")]
    assert who(session, "an").reply == Delegate.Reply.NONE
    assert [row.channel for row in who(session, "an").replies.all()] == ["mail", "mail"]


def test_a_later_stamp_wins_whatever_arrives_last_and_a_repeat_is_one(post, session):
    yes, no = said(session, dtstamp=later(20)), said(session, partstat="DECLINED", dtstamp=later(10))

    verdicts = post(mails.gmail(yes), mails.gmail(no), mails.outlook(yes))

    assert verdicts == [("applied", ""), ("stale", "earlier"), ("ignored", "repeat")]
    assert who(session, "an").reply == Delegate.Reply.ATTENDING
    assert who(session, "an").replies.count() == 1


def test_a_mail_written_before_a_telephone_call_does_not_undo_it(post, session):
    Invitation.objects.update(last_dtstamp=timezone.now() - dt.timedelta(hours=3))
    written = (timezone.now() - dt.timedelta(hours=1)).strftime("%Y%m%dT%H%M%SZ")
    replies.record(delegate=who(session, "an"), answer=replies.Answer("attending", "phone"), by=SYSTEM)

    assert post(mails.gmail(said(session, partstat="DECLINED", dtstamp=written))) == [("stale", "earlier")]
    assert who(session, "an").reply == Delegate.Reply.ATTENDING


def test_an_answer_to_the_old_time_is_logged_and_changes_nothing(post, session, make):
    move(make, session, "14:00-16:00")

    assert post(mails.outlook(said(session))) == [("stale", "old_time")]

    delegate = who(session, "an")
    assert delegate.reply == Delegate.Reply.NONE
    assert [(row.status, row.is_stale) for row in delegate.replies.all()] == [("attending", True)]
    assert post(mails.outlook(said(session, sequence=1))) == [("applied", "")]
    assert who(session, "an").reply == Delegate.Reply.ATTENDING


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sequence": 7}, "future_version"),
        ({"uid": "0f1e2d3c-0000-4000-8000-00000000dead"}, "unknown_session"),
        ({"uid": "not-ours@google.com"}, "unknown_session"),
        ({"attendee": "ai.do@tinh.example"}, "unknown_attendee"),
        ({"sender": "nguoi.la@ngoai.example"}, "sender_differs"),
        ({"more": "RECURRENCE-ID:20270105T010000Z"}, "recurrence"),
        ({"partstat": "DELEGATED", "marks": ';DELEGATED-TO="mailto:b@x.example"'}, "substitute_not_allowed"),
        ({"partstat": "DANCING"}, "no_partstat"),
    ],
)
def test_what_cannot_count_by_itself_waits_for_a_person(post, session, make, change, reason):
    make.profile(allows_substitutes=False)

    assert post(mails.gmail(said(session).but(**change))) == [("quarantined", reason)]
    assert set(session.delegates.values_list("reply", flat=True)) == {"none"}
    assert Reply.objects.count() == 0


def test_two_people_behind_one_address_are_told_apart_by_their_page_only(post, session, make):
    twin = make.delegate(session, make.person(email="an@tinh.example"))
    invitations.send(session=session, by=SYSTEM)
    page = f"URL:https://hop.example/i/{threads.page_token(twin)}/"

    assert post(mails.gmail(said(session)), mails.gmail(said(session, more=page))) == [
        ("quarantined", "shared_address"),
        ("applied", ""),
    ]
    twin.refresh_from_db()
    assert twin.reply == "attending"


def test_the_delegates_own_page_in_the_mail_vouches_for_a_strange_sender(post, session):
    page = f"URL:https://hop.example/i/{threads.page_token(who(session, 'an'))}/"
    strange = said(session, more=page, sender="an.nguyen@gmail.example")
    foreign = said(session, "binh", more=page, sender="an.nguyen@gmail.example")

    assert post(mails.apple(strange), mails.apple(foreign)) == [
        ("applied", ""),
        ("quarantined", "sender_differs"),
    ]


def test_a_sender_whom_a_person_confirmed_may_answer_from_then_on(post, session):
    strange = said(session, sender="an.rieng@mail.example")
    post(mails.gmail(strange))
    [row] = InboundMail.objects.undecided()

    mailbox.accept(mail=row, delegate=who(session, "an"), by=SYSTEM)

    assert who(session, "an").reply == "attending"
    assert post(mails.gmail(strange.but(partstat="DECLINED", dtstamp=later(30)))) == [("applied", "")]
    assert post(mails.gmail(said(session, "binh", sender="an.rieng@mail.example"))) == [
        ("quarantined", "sender_differs")
    ]


def test_another_time_proposed_is_kept_for_the_office(post, session, make):
    times = "DTSTART:20270105T020000Z\nDTEND:20270105T040000Z"
    counter = said(session, partstat="TENTATIVE", method="COUNTER", more=times)

    assert post(mails.outlook(counter.but(more=times)), mails.bare(counter))[1] == ("proposal", "")
    row = InboundMail.objects.filter(verdict="proposal").latest("id")
    assert (row.proposed_starts_at, row.proposed_ends_at) == (
        dt.datetime(2027, 1, 5, 2, tzinfo=dt.UTC),
        dt.datetime(2027, 1, 5, 4, tzinfo=dt.UTC),
    )
    assert who(session, "an").reply == "none"


def test_sending_somebody_else_is_a_request_for_a_substitute(post, session, make):
    make.profile(allows_substitutes=True)
    marks = ';DELEGATED-TO="mailto:pho@tinh.example"'

    assert post(mails.outlook(said(session, partstat="DELEGATED", marks=marks))) == [("applied", "")]
    delegate = who(session, "an")
    assert (delegate.reply, delegate.substitutions.get().substitute_text) == (
        "asks_substitute",
        "pho@tinh.example",
    )


def test_rubbish_between_two_answers_stops_nothing_and_nothing_is_deleted(post, session, server):
    before, _seen = server.count()
    letters = [
        mails.gmail(said(session)),
        b"\xff\xfe" * 500,
        b"From: x@x.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n\x00",
        b"From: x@x.example\r\n\r\n" + b"x" * 1_100_000,
        mails.out_of_office("an@tinh.example"),
        mails.outlook(said(session, "binh")),
    ]

    assert post(*letters) == [
        ("applied", ""),
        ("ignored", "no_answer"),
        ("quarantined", "no_event"),
        ("quarantined", "too_large"),
        ("ignored", "out_of_office"),
        ("applied", ""),
    ]
    assert server.count() == (before + 6, 0)


def test_a_second_reading_does_nothing_and_a_mail_delivered_twice_is_one(post, session):
    mail = mails.gmail(said(session, message_id="<one@client.example>"))

    assert post(mail) == [("applied", "")]
    assert post(b"Received: by relay\r\n" + mail) == []
    assert mailbox.read_once(by=SYSTEM) == ""
    assert Reply.objects.count() == 1


def test_reading_goes_on_after_a_crash_where_it_was(server, session, monkeypatch):
    server.put(
        mails.gmail(said(session)), mails.gmail(said(session, "binh")), mails.gmail(said(session, "chau"))
    )
    real, calls = mailbox.take, []

    def dies_at_the_second(**more):
        calls.append(more)
        if len(calls) == 2:
            raise SystemExit
        return real(**more)

    monkeypatch.setattr(mailbox, "take", dies_at_the_second)
    with pytest.raises(SystemExit):
        mailbox.read_once(by=SYSTEM)
    monkeypatch.setattr(mailbox, "take", real)

    assert session.delegates.filter(reply="attending").count() == 1
    assert mailbox.read_once(by=SYSTEM) == "2 applied"
    assert session.delegates.filter(reply="attending").count() == 3


def test_every_received_mail_is_kept_as_it_came(post, session):
    mail = mails.outlook(said(session))
    post(mail)

    row = InboundMail.objects.latest("id")
    assert links.opened(row.octets) == mail
    assert bytes(row.octets).find(b"tinh.example") == -1
    assert (row.sender, row.attendee, row.partstat, row.sequence) == (
        "an@tinh.example",
        "an@tinh.example",
        "ACCEPTED",
        0,
    )


def test_of_a_secret_session_no_words_are_kept(post, make, settings):
    make.office()
    session = make.session(secrecy="secret", state="published", published_at=timezone.now())
    make.delegate(session, make.person(email="an@tinh.example"))
    invitations.send(session=session, by=SYSTEM)

    assert post(mails.gmail(said(session, partstat="DECLINED", more="COMMENT:Họp kín về X"))) == [
        ("applied", "")
    ]
    assert who(session, "an").replies.get().reason == ""


@pytest.mark.parametrize("state", ["cancelled", "held"])
def test_a_session_that_is_over_takes_no_answer(post, session, state):
    Session.objects.filter(pk=session.pk).update(state=state)

    assert post(mails.gmail(said(session))) == [("ignored", "session_over")]


def test_a_bounce_marks_the_mail_and_a_forged_one_nothing(post, session, settings):
    with mail_sink() as sink:
        settings.EMAIL_URL = sink.url
        outbox.deliver_due(seconds=60)
    mail = Message.objects.get(recipient="an@tinh.example")

    verdicts = post(
        mails.bounce("<unknown@tinhuy.example>", "an@tinh.example"),
        mails.bounce(mail.message_id, "binh@tinh.example"),
        mails.bounce(mail.message_id, "an@tinh.example", action="delayed"),
    )
    assert verdicts == [("ignored", "forged_bounce"), ("ignored", "forged_bounce"), ("ignored", "no_failure")]
    assert not Message.objects.filter(bounced_at__isnull=False).exists()

    assert post(mails.bounce(mail.message_id, "an@tinh.example")) == [("bounce", "")]
    assert [row.recipient for row in Message.objects.filter(bounced_at__isnull=False)] == ["an@tinh.example"]
    assert InboundMail.objects.latest("id").delegate == who(session, "an")


def test_a_bounce_is_known_by_the_address_it_went_to(post, make, settings):
    settings.EMAIL_BOUNCE = "bounce+{id}@tinhuy.example"
    make.office()
    session = make.session(state="published", published_at=timezone.now())
    make.delegate(session, make.person(email="an@tinh.example"))
    invitations.send(session=session, by=SYSTEM)
    Message.objects.update(state=Message.State.SENT)
    mail = Message.objects.get()

    assert post(mails.bounce("", "alias@elsewhere.example", to=mail.envelope_sender)) == [("bounce", "")]
    mail.refresh_from_db()
    assert mail.bounced_at is not None


def test_a_mailbox_that_does_not_answer_is_said_and_not_silent(db, settings, make):
    settings.IMAP_URL = f"imap://a:b@127.0.0.1:{free_port()}/"

    with pytest.raises(Unreachable):
        mailbox.read_once(by=SYSTEM)
    with pytest.raises(CommandError):
        call_command("mailbox")
    settings.IMAP_URL = ""
    with pytest.raises(CommandError):
        call_command("mailbox")
    with pytest.raises(NotAllowed):
        mailbox.read_once(by=make.actor(Role.VIEWER))


def test_the_command_reads_once(server, session, capsys):
    server.put(mails.thunderbird(said(session)))

    call_command("mailbox")
    call_command("mailbox")

    assert capsys.readouterr().out.split("\n") == ["1 applied", "Nothing new.", ""]
