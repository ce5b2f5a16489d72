"""What leaves for a delegate's calendar when a session is sent, moved, retitled, cancelled, its list changed."""

import datetime as dt
from collections import Counter

import icalendar
import pytest
import time_machine
from django.utils import timezone

from attendees.models import Delegate, Invitation
from attendees.services import invitations, replies
from attendees.services.replies import Answer
from planner.access import SYSTEM, Role
from planner.errors import Conflict, NotAllowed
from planner.flow import move as flow
from planner.models import AuditEntry, Message, Session
from planner.services import outbox
from planner.spans import Span
from tests.mail_sink import mail_sink

State = Message.State


@pytest.fixture(autouse=True)
def office(make, settings):
    settings.DEFAULT_FROM_EMAIL = "Văn phòng Tỉnh ủy <vp@tinhuy.example>"
    settings.BASE_URL = "https://hop.tinhuy.example"
    settings.OUTBOX_DELAY_SECONDS = 0
    return make.office(phone="0237 3852 222", issuer_name="Ban Thường vụ Tỉnh ủy")


@pytest.fixture
def sink(settings):
    with mail_sink() as running:
        settings.EMAIL_URL = running.url
        yield running


@pytest.fixture
def session(make):
    """A published session at 8:00 in P1 with three members."""
    session = make.session("08:00-11:00", title="Hội nghị Ban Thường vụ tháng 11")
    publish(session)
    make.booking(session, make.room("Phòng P1", email="p1@tinhuy.example"))
    for name, address in (("Nguyễn Văn An", "an"), ("Trần Thị Bình", "binh"), ("Lê Minh Châu", "chau")):
        make.delegate(session, make.person(name, email=f"{address}@tinh.example"))
    return session


def publish(session):
    session.state, session.published_at = Session.State.PUBLISHED, timezone.now()
    session.save()
    return session


def delegate(session, address):
    return session.delegates.get(person__email=f"{address}@tinh.example")


def answer(session, address, status, **more):
    return replies.record(
        delegate=delegate(session, address), answer=Answer(status, "phone", **more), by=SYSTEM
    )


def move(make, session, hours):
    """The session's new time as the flow writes it, and the number of mails that follow."""
    first, last = hours.split("-")
    session.starts_at, session.ends_at = make.at(first), make.at(last)
    session.version += 1
    session.save()
    return invitations.renew(session=session, by=SYSTEM)


def retitle(session, title):
    session.title = title
    session.save()
    return invitations.renew(session=session, by=SYSTEM)


def send(session, **more):
    """Invite, and let everything leave."""
    count = invitations.send(session=session, by=SYSTEM, **more)
    outbox.deliver_due(seconds=60)
    return count


def deliver(sink):
    """What leaves now, apart from what left before."""
    before = len(sink.taken)
    outbox.deliver_due(seconds=60)
    return sink.taken[before:]


def event_of(letter):
    [event] = icalendar.Calendar.from_ical(letter.calendar).walk("VEVENT")
    return event


def told(letter):
    """(recipient, METHOD, SEQUENCE, local start, PARTSTAT) of a calendar mail."""
    event = event_of(letter)
    people = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    [own] = [person for person in people if person == f"mailto:{letter.recipients[0]}"]
    method = str(icalendar.Calendar.from_ical(letter.calendar)["METHOD"])
    return (
        letter.recipients[0].split("@")[0],
        method,
        int(event["SEQUENCE"]),
        f"{timezone.localtime(event.start):%H:%M}",
        own.params["PARTSTAT"],
    )


def test_everybody_on_the_list_gets_one_mail_of_their_own(sink, session):
    assert send(session) == 3

    assert sorted(map(told, sink.taken)) == [
        ("an", "REQUEST", 0, "08:00", "NEEDS-ACTION"),
        ("binh", "REQUEST", 0, "08:00", "NEEDS-ACTION"),
        ("chau", "REQUEST", 0, "08:00", "NEEDS-ACTION"),
    ]
    letter = sink.taken[0]
    assert letter.recipients == ["an@tinh.example"]
    assert str(letter.message["To"]) == "Nguyễn Văn An <an@tinh.example>"
    assert (letter.message["Cc"], letter.message["Bcc"]) == (None, None)
    assert event_of(letter)["ORGANIZER"] == "mailto:vp@tinhuy.example"
    assert str(letter.message["From"]) == "Văn phòng Tỉnh ủy <vp@tinhuy.example>"
    assert {str(event_of(one)["UID"]) for one in sink.taken} == {str(session.uid)}
    assert [str(one) for one in event_of(letter)["ATTENDEE"]] == [
        "mailto:an@tinh.example",
        "mailto:p1@tinhuy.example",
    ]


def test_the_plain_words_alone_say_what_when_where_and_how_to_answer(sink, session, make):
    send(session)

    invitation = delegate(session, "an").invitation
    text = sink.taken[0].text()
    day = make.day
    for words in (
        "Kính mời đồng chí Nguyễn Văn An",
        "triệu tập của Ban Thường vụ Tỉnh ủy",
        "Hội nghị Ban Thường vụ tháng 11",
        f"8 giờ – 11 giờ, Thứ Ba, ngày {day.day:02}",
        "(GMT+7)",
        "Phòng P1, Trụ sở Tỉnh ủy",
        f"https://hop.tinhuy.example{make.link(invitation)}",
        "0237 3852 222",
    ):
        assert words in text
    assert sink.taken[0].text("html").count(make.link(invitation)) == 2
    assert (
        sink.taken[0].message["Subject"]
        == f"Giấy triệu tập: Hội nghị Ban Thường vụ tháng 11, 8 giờ, {day:%d/%m/%Y}"
    )


def test_a_guest_is_invited_and_not_summoned(sink, session, make):
    guest = make.delegate(session, make.person(email="khach@tinh.example"), role=Delegate.Role.GUEST)

    send(session, delegates=[guest])

    assert sink.taken[0].message["Subject"].startswith("Giấy mời: ")
    assert "theo lời mời của Ban Thường vụ Tỉnh ủy" in sink.taken[0].text()


def test_sending_again_writes_nothing(sink, session):
    send(session)

    assert send(session) == 0
    assert invitations.renew(session=session, by=SYSTEM) == 0
    assert len(sink.taken) == 3


def test_only_the_chosen_are_invited(sink, session):
    assert send(session, delegates=[delegate(session, "binh")]) == 1

    assert sink.recipients == ["binh@tinh.example"]
    assert Counter(Invitation.objects.values_list("state", flat=True)) == {Invitation.State.INVITED: 1}


def test_a_move_raises_the_number_and_asks_all_but_the_excused_again(sink, session, make):
    send(session)
    answer(session, "an", "attending", mode="in_person")
    answer(session, "binh", "asks_excuse")
    replies.decide(delegate=delegate(session, "binh"), decision="excused", by_whom="đ/c Bí thư", by=SYSTEM)

    assert move(make, session, "14:00-17:00") == 3

    assert sorted(map(told, deliver(sink))) == [
        ("an", "REQUEST", 1, "14:00", "NEEDS-ACTION"),
        ("binh", "REQUEST", 1, "14:00", "DECLINED"),
        ("chau", "REQUEST", 1, "14:00", "NEEDS-ACTION"),
    ]
    assert [delegate(session, who).reply for who in ("an", "binh", "chau")] == ["none", "excused", "none"]
    assert "Thời gian đã thay đổi. Trước đây: 8 giờ – 11 giờ" in sink.taken[-1].text()
    assert sink.taken[-1].message["Subject"].startswith("THAY ĐỔI: ")


def test_answers_survive_a_small_shift_where_the_office_says_so(sink, session, make):
    make.office(keeps_answers_within_minutes=60)
    send(session)
    answer(session, "an", "attending")

    move(make, session, "08:30-11:30")

    assert told(deliver(sink)[0]) == ("an", "REQUEST", 1, "08:30", "ACCEPTED")
    assert delegate(session, "an").reply == "attending"


def test_a_new_title_keeps_number_and_answer_and_shows_what_changed(sink, session):
    send(session)
    answer(session, "an", "attending")
    first = event_of(sink.taken[0])

    assert retitle(session, "Hội nghị chuyên đề") == 3

    letter = deliver(sink)[0]
    assert told(letter) == ("an", "REQUEST", 0, "08:00", "ACCEPTED")
    assert event_of(letter)["DTSTAMP"].dt > first["DTSTAMP"].dt
    assert "Tên hội nghị đã thay đổi. Trước đây: Hội nghị Ban Thường vụ tháng 11." in letter.text()


@pytest.mark.parametrize(
    ("asks_again", "number", "reply"), [(False, 0, "ACCEPTED"), (True, 1, "NEEDS-ACTION")]
)
def test_another_room_asks_again_only_where_the_office_says_so(
    sink, session, make, asks_again, number, reply
):
    make.office(asks_again_on_room_change=asks_again)
    send(session)
    answer(session, "an", "attending")

    make.booking(session, make.room("Phòng P2"))
    invitations.renew(session=session, by=SYSTEM)

    letter = deliver(sink)[0]
    assert told(letter) == ("an", "REQUEST", number, "08:00", reply)
    assert "Địa điểm đã thay đổi. Trước đây: Phòng P1." in letter.text()


def test_a_guest_for_one_item_gets_its_time_and_hears_only_of_what_concerns_it(sink, session, make):
    items = [make.item(session, f"Nội dung {number}", minutes=30) for number in (1, 2, 3)]
    guest = make.delegate(
        session, make.person("Sở Tài chính", email="stc@tinh.example"), role=Delegate.Role.INVITED
    )
    guest.items.set([items[2]])
    send(session)

    event = event_of(sink.taken[-1])
    assert [f"{timezone.localtime(moment):%H:%M}" for moment in (event.start, event.end)] == [
        "09:00",
        "09:30",
    ]
    assert "3. Nội dung 3" in sink.taken[-1].text()
    assert "Nội dung 1" not in sink.taken[-1].text() + sink.taken[-1].calendar.decode()

    items[0].title = "Nội dung khác"
    items[0].save()
    assert invitations.renew(session=session, by=SYSTEM) == 3
    assert [letter.recipients for letter in deliver(sink)] == [
        ["an@tinh.example"],
        ["binh@tinh.example"],
        ["chau@tinh.example"],
    ]


def test_changes_within_the_delay_are_one_mail_with_the_last_state(sink, session, make, settings):
    settings.OUTBOX_DELAY_SECONDS = 10
    invitations.send(session=session, by=SYSTEM)
    move(make, session, "14:00-17:00")
    retitle(session, "Hội nghị chuyên đề")

    assert deliver(sink) == []
    Message.objects.update(send_after=timezone.now())
    letters = deliver(sink)
    assert sorted(map(told, letters))[0] == ("an", "REQUEST", 0, "14:00", "NEEDS-ACTION")
    assert len(letters) == 3
    assert str(event_of(letters[0])["SUMMARY"]) == "Hội nghị chuyên đề"
    assert "thay đổi" not in letters[0].text()
    assert outbox.progress(session) == {State.MERGED: 6, State.SENT: 3}


def test_two_moves_within_the_delay_raise_the_number_once_and_say_what_was_known(
    sink, session, make, settings
):
    send(session)
    settings.OUTBOX_DELAY_SECONDS = 10
    move(make, session, "09:00-12:00")
    move(make, session, "14:00-17:00")

    Message.objects.waiting().update(send_after=timezone.now())
    letters = deliver(sink)
    assert told(letters[0]) == ("an", "REQUEST", 1, "14:00", "NEEDS-ACTION")
    assert len(letters) == 3
    assert "Trước đây: 8 giờ – 11 giờ" in letters[0].text()


def test_what_has_not_left_is_taken_back_without_a_word(sink, session, settings):
    settings.OUTBOX_DELAY_SECONDS = 10
    invitations.send(session=session, by=SYSTEM)

    assert invitations.withdraw(session=session, by=SYSTEM) == 0

    Message.objects.waiting().update(send_after=timezone.now())
    assert deliver(sink) == []


def test_a_cancel_never_overtakes_the_request_it_takes_back(sink, session):
    sink.answer_to_recipient = lambda to: "451 later"
    send(session)
    sink.answer_to_recipient = lambda to: "250 OK"
    invitations.withdraw(session=session, by=SYSTEM)

    assert deliver(sink) == []
    Message.objects.waiting().update(send_after=timezone.now())
    letters = [letter for letter in deliver(sink) if letter.recipients == ["an@tinh.example"]]
    assert [told(letter)[1:3] for letter in letters] == [("REQUEST", 0), ("CANCEL", 1)]


def test_a_cancelled_session_leaves_every_calendar(sink, session):
    send(session)
    session.state, session.cancel_reason = Session.State.CANCELLED, "Trùng lịch công tác"
    session.save()

    assert invitations.withdraw(session=session, by=SYSTEM) == 3
    assert invitations.withdraw(session=session, by=SYSTEM) == 0

    letters = deliver(sink)
    assert told(letters[0])[:3] == ("an", "CANCEL", 1)
    assert str(event_of(letters[0])["STATUS"]) == "CANCELLED"
    assert b"VALARM" not in letters[0].calendar
    assert "Lý do: Trùng lịch công tác" in letters[0].text()
    assert letters[0].message["Subject"].startswith("HỦY: ")


def test_one_taken_off_the_list_gets_a_cancel_alone_and_may_come_back_above_it(sink, session):
    send(session)
    gone = delegate(session, "binh")

    assert invitations.withdraw(session=session, delegates=[gone], by=SYSTEM) == 1
    [letter] = deliver(sink)
    assert told(letter)[:3] == ("binh", "CANCEL", 1)
    assert event_of(letter).get("STATUS") is None

    assert send(session, delegates=[gone]) == 1
    assert told(sink.taken[-1])[:3] == ("binh", "REQUEST", 2)


def test_somebody_added_late_gets_the_number_of_the_others_and_alone(sink, session, make):
    send(session)
    move(make, session, "14:00-17:00")
    deliver(sink)

    late = make.delegate(session, make.person("Phạm Dũng", email="dung@tinh.example"))
    assert send(session, delegates=[late]) == 1

    assert told(sink.taken[-1]) == ("dung", "REQUEST", 1, "14:00", "NEEDS-ACTION")


def test_a_changed_address_gets_the_event_and_the_old_one_loses_it(sink, session):
    send(session)
    person = delegate(session, "an").person
    person.email = "an.nguyen@tinh.example"
    person.save()

    assert invitations.renew(session=session, by=SYSTEM) == 2

    assert [told(letter)[:3] for letter in deliver(sink)] == [
        ("an", "CANCEL", 1),
        ("an.nguyen", "REQUEST", 2),
    ]
    assert invitations.renew(session=session, by=SYSTEM) == 0


def test_a_mail_refused_for_good_is_written_anew_when_asked(sink, session):
    sink.answer_to_recipient = lambda to: "550 no such person" if to.startswith("an@") else "250 OK"
    send(session)
    person = delegate(session, "an").person
    person.email = "an.nguyen@tinh.example"
    person.save()
    sink.answer_to_recipient = lambda to: "250 OK"

    assert send(session) == 1

    assert told(sink.taken[-1]) == ("an.nguyen", "REQUEST", 0, "08:00", "NEEDS-ACTION")


def test_stamps_grow_though_the_clock_goes_back(sink, session):
    send(session)
    first = event_of(sink.taken[0])["DTSTAMP"].dt

    with time_machine.travel(timezone.now() - dt.timedelta(hours=3)):
        retitle(session, "Hội nghị chuyên đề")
    Message.objects.waiting().update(send_after=timezone.now())

    assert event_of(deliver(sink)[0])["DTSTAMP"].dt == first + dt.timedelta(seconds=1)


def test_drafts_and_past_sessions_send_nothing(sink, session, make):
    draft = make.session()
    make.delegate(draft)
    with pytest.raises(invitations.NotPublished):
        invitations.send(session=draft, by=SYSTEM)

    past = publish(make.session(on=timezone.localdate() - dt.timedelta(days=2)))
    make.invitation(make.delegate(past))
    with pytest.raises(invitations.IsOver):
        invitations.send(session=past, by=SYSTEM)
    assert invitations.renew(session=past, by=SYSTEM) == 0
    assert invitations.withdraw(session=past, by=SYSTEM) == 0
    assert not Message.objects.exists()


CANARY = "chim hoàng yến"


def test_of_a_secret_session_only_neutral_words_time_and_room_leave(sink, make):
    session = publish(make.session(secrecy="secret", code_name=f"Kế hoạch {CANARY}"))
    make.booking(session, make.room("Phòng P9", fit_for_secret=True))
    make.item(session, "", secrecy="secret")
    make.delegate(session, make.person("Nguyễn Văn An", email="an@tinh.example"))
    send(session)

    [letter] = sink.taken
    assert str(event_of(letter)["SUMMARY"]) == "Họp nội bộ"
    assert str(event_of(letter)["CLASS"]) == "CONFIDENTIAL"
    assert letter.message["Subject"].startswith("Giấy triệu tập: Họp nội bộ, ")
    everything = letter.text() + letter.text("html") + letter.calendar.decode().replace("\r\n ", "")
    assert CANARY not in everything + str(letter.message["Subject"])
    assert "Phòng P9" in everything
    assert "Tài liệu phát tại chỗ, thu hồi" in everything


def test_a_session_made_secret_later_is_told_without_its_former_name(sink, session):
    retitle(session, f"Hội nghị về {CANARY}")
    send(session)
    session.title, session.secrecy, session.code_name = "", "secret", "A1"
    session.save()

    assert invitations.renew(session=session, by=SYSTEM) == 3

    letter = deliver(sink)[0]
    assert str(event_of(letter)["SUMMARY"]) == "Họp nội bộ"
    assert CANARY not in letter.text() + letter.text("html") + letter.calendar.decode().replace("\r\n ", "")
    assert not Message.objects.filter(subject__contains=CANARY).exists()


def test_a_mail_on_its_way_is_stopped_when_its_session_becomes_secret(sink, session):
    retitle(session, f"Hội nghị về {CANARY}")
    sink.answer_to_recipient = lambda to: "451 later"
    send(session)
    session.title, session.secrecy, session.code_name = "", "secret", "A1"
    session.save()
    invitations.renew(session=session, by=SYSTEM)

    sink.answer_to_recipient = lambda to: "250 OK"
    Message.objects.waiting().update(send_after=timezone.now())
    letters = deliver(sink)

    assert [str(event_of(letter)["SUMMARY"]) for letter in letters] == ["Họp nội bộ"] * 3


def test_without_reachable_links_a_mail_carries_none_but_a_telephone_number(sink, session, settings):
    settings.LINKS_REACHABLE = False

    send(session)

    letter = sink.taken[0]
    for part in (letter.text(), letter.text("html"), letter.calendar.decode()):
        assert "http" not in part
        assert "0237 3852 222" in part


def test_somebody_with_a_subscribed_calendar_gets_words_and_no_calendar_part(sink, session, make):
    person = delegate(session, "an").person
    person.calendar_by = "feed"
    person.save()

    send(session)
    move(make, session, "14:00-17:00")
    deliver(sink)

    letters = [letter for letter in sink.taken if letter.recipients == ["an@tinh.example"]]
    assert [letter.calendar for letter in letters] == [b"", b""]
    assert letters[1].message["Subject"].startswith("THAY ĐỔI: ")


def test_an_assistant_hears_only_where_the_leader_wants_it_and_is_not_counted(sink, session, make):
    leader = delegate(session, "an").person
    leader.assistant = make.person("Thư ký Hoa", email="hoa@tinh.example")
    leader.save()
    send(session)
    assert "hoa@tinh.example" not in sink.recipients

    leader.tells_assistant = True
    leader.save()
    assert retitle(session, "Hội nghị chuyên đề") == 3

    [letter] = [letter for letter in deliver(sink) if letter.recipients == ["hoa@tinh.example"]]
    assert letter.calendar == b""
    assert make.link(delegate(session, "an").invitation) + "assistant/" in letter.text()
    assert "Nguyễn Văn An" in letter.text()


@pytest.mark.parametrize("address", ["", "VP@tinhuy.example", "không phải địa chỉ"])
def test_who_has_no_address_of_their_own_gets_no_mail_and_keeps_a_link(sink, session, address, make):
    person = delegate(session, "an").person
    person.email = address
    person.save()

    assert send(session) == 2

    invitation = session.delegates.get(person=person).invitation
    assert (invitation.state, invitation.told_starts_at) == (Invitation.State.NEW, session.starts_at)


def test_an_answer_by_telephone_is_asked_again_after_a_move_though_no_mail_went(session, make):
    answer(session, "an", "attending")

    assert move(make, session, "14:00-17:00") == 0

    assert delegate(session, "an").reply == "none"


def test_the_silent_and_only_they_are_reminded_and_not_twice_at_once(sink, session):
    send(session)
    answer(session, "an", "attending")

    assert invitations.remind(session=session, by=SYSTEM) == 2
    assert invitations.remind(session=session, by=SYSTEM) == 0

    letters = deliver(sink)
    assert sorted(letter.recipients[0] for letter in letters) == ["binh@tinh.example", "chau@tinh.example"]
    assert [letter.calendar for letter in letters] == [b"", b""]
    assert letters[0].message["Subject"].startswith("Đề nghị trả lời: ")
    assert invitations.renew(session=session, by=SYSTEM) == 0


def test_the_preview_is_the_mail_that_would_leave_and_leaves_no_trace(session, make):
    octets = invitations.preview(delegate=delegate(session, "an"), by=SYSTEM)

    assert b"To: =?utf-8?" in octets
    assert not Message.objects.exists()
    assert not Invitation.objects.exists()


def test_the_chair_is_marked_and_others_show_only_where_the_kind_wants_it(sink, session, make):
    session.chairs.create(person=delegate(session, "an").person)
    make.delegate(session, make.person("Tùy ý", email="tuyy@tinh.example"), is_required=False)
    make.profile("regular", shows_others=True)

    send(session)

    people = event_of(sink.taken[1])["ATTENDEE"]
    assert [(str(one).removeprefix("mailto:"), one.params["ROLE"]) for one in people] == [
        ("binh@tinh.example", "REQ-PARTICIPANT"),
        ("an@tinh.example", "CHAIR"),
        ("chau@tinh.example", "REQ-PARTICIPANT"),
        ("tuyy@tinh.example", "OPT-PARTICIPANT"),
        ("p1@tinhuy.example", "NON-PARTICIPANT"),
    ]


def test_who_may_not_invite_writes_nothing(session, make):
    with pytest.raises(NotAllowed):
        invitations.send(session=session, by=make.actor(Role.VIEWER))

    assert not Message.objects.exists()


def test_a_demo_office_mails_only_for_sessions_somebody_touched(session, make):
    session.is_demo = True
    session.save()

    assert invitations.send(session=session, by=SYSTEM) == 0
    assert invitations.send(session=session, by=make.actor()) == 3


def test_each_act_leaves_one_entry_in_the_audit_log(session, make):
    actor = make.actor()
    invitations.send(session=session, by=actor)

    entry = AuditEntry.objects.get(action="invitations.sent")
    assert (entry.actor_id, entry.session_id) == (actor.id, session.pk)
    assert entry.changes["after"] == {"messages": 3, "delegates": 3}


def test_hostile_names_break_out_of_no_mail(sink, make):
    words = 'Họp\r\nBcc: x@y.example\r\nATTENDEE:mailto:z@y.example";CN="\u2028'
    session = publish(make.session(title=words))
    make.booking(session, make.room(words[:150]))
    make.delegate(session, make.person(email="an@tinh.example"), printed_name=words[:150])
    send(session)

    [letter] = sink.taken
    assert letter.message["Bcc"] is None
    event = event_of(letter)
    assert str(event["ATTENDEE"]) == "mailto:an@tinh.example"
    assert set(event) == {
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "CREATED",
        "LAST-MODIFIED",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "STATUS",
        "CLASS",
        "TRANSP",
        "URL",
        "X-MICROSOFT-DISALLOW-COUNTER",
        "ORGANIZER",
        "ATTENDEE",
    }


@pytest.mark.parametrize("people", [1, 30])
def test_sending_asks_the_database_as_often_for_one_as_for_many(
    make, people, django_assert_num_queries, monkeypatch
):
    session = publish(make.session())
    for _ in range(people):
        make.delegate(session)

    with django_assert_num_queries(QUERIES):
        invitations.send(session=session, by=SYSTEM)


QUERIES = 20


def test_the_secretary_moves_tomorrows_session(sink, make):
    """Walk 1: fifteen members, two excused, a department for item 3; another time, another room."""
    session = publish(make.session("08:00-11:30", title="Hội nghị Ban Thường vụ"))
    first, second = make.room("P1"), make.room("P2")
    make.booking(session, first)
    items = [make.item(session, f"Nội dung {number}", minutes=45) for number in (1, 2, 3)]
    members = [make.delegate(session) for _ in range(15)]
    guest = make.delegate(
        session, make.person("Sở Tài chính", email="stc@tinh.example"), role=Delegate.Role.INVITED
    )
    guest.items.set([items[2]])
    send(session)
    for member in members[:2]:
        replies.decide(delegate=member, decision="excused", by_whom="đ/c Bí thư", by=SYSTEM)

    outcome = flow.move(session, span=Span(make.at("14:00"), make.at("17:30")), room=second, by=make.actor())

    letters = deliver(sink)
    effects = outcome.effects
    assert (effects.invitations, effects.excused_kept, len(letters)) == (16, 2, 16)
    assert (effects.rooms_freed, effects.rooms_held) == (("P1",), ("P2",))
    assert Counter(told(letter)[1:3] for letter in letters) == {("REQUEST", 1): 16}
    assert told(letters[-1]) == ("stc", "REQUEST", 1, "15:30", "NEEDS-ACTION")
    assert "Địa điểm đã thay đổi. Trước đây: P1." in letters[0].text()
    assert Counter(session.delegates.values_list("reply", flat=True)) == {"none": 14, "excused": 2}


def test_a_move_that_fails_leaves_no_mail(make):
    session, other = publish(make.session("08:00-11:00")), make.session("14:00-17:00")
    room = make.room("P1")
    make.booking(session, room)
    make.booking(other, room)
    make.delegate(session)
    invitations.send(session=session, by=SYSTEM)
    before = Message.objects.count()

    with pytest.raises(Conflict):
        flow.move(session, span=Span(make.at("14:00"), make.at("17:00")), by=make.actor())

    assert Message.objects.count() == before
    assert Session.objects.get(pk=session.pk).starts_at == make.at("08:00")
