"""/i/<token>/ as delegates, scanners of mail and the curious meet it."""

import datetime as dt

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from attendees.models import Delegate, Invitation, Reply
from attendees.services import invitations
from planner.access import SYSTEM
from planner.models import AuditEntry, Message, Session
from planner.services import outbox

CANARY = "chim hoàng yến"


@pytest.fixture
def session(make):
    make.office(phone="0237 3852 222")
    return make.session(
        "08:00-11:00",
        title="Hội nghị Ban Thường vụ tháng 11",
        state=Session.State.PUBLISHED,
        published_at=timezone.now(),
    )


@pytest.fixture
def member(make, session):
    return make.delegate(session, make.person("Nguyễn Văn An", email="an@tinh.example"))


@pytest.fixture
def link(make, member):
    return make.link(make.invitation(member))


def answer(client, link, status="attending", **more):
    return client.post(link, {"status": status, "sequence": 0} | more)


def words(response):
    return response.content.decode()


def test_the_page_says_who_what_when_where_and_asks(client, link, session, make):
    make.booking(session, make.room("Phòng P1"))

    page = client.get(link)

    day = make.day
    for said in (
        "Kính mời đồng chí Nguyễn Văn An",
        "Hội nghị Ban Thường vụ tháng 11",
        f"8 giờ – 11 giờ, Thứ Ba, ngày {day.day:02}",
        "Phòng P1",
        "Tôi sẽ dự",
        "Xin vắng",
        "0237 3852 222",
    ):
        assert said in words(page)
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow", "same-origin")
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("part", ["", "event.ics", "assistant/"])
def test_looking_changes_nothing(client, link, member, method, part):
    before = Invitation.objects.values().get(), Delegate.objects.values().get()

    assert getattr(client, method)(link + part).status_code == 200

    assert (Invitation.objects.values().get(), Delegate.objects.values().get()) == before
    assert not Reply.objects.exists()
    assert not AuditEntry.objects.exists()


def test_one_tap_answers(client, link, member):
    done = answer(client, link)

    assert (done.status_code, done["Location"]) == (302, link)
    reply = Reply.objects.get()
    assert (reply.status, reply.channel, reply.by_label) == ("attending", "web", "Nguyễn Văn An")
    member.refresh_from_db()
    assert member.reply == "attending"
    assert "Đã ghi nhận" in words(client.get(link))


def test_a_member_asks_to_be_excused_with_a_reason(client, link, member):
    answer(client, link, "asks_excuse", reason_code="abroad", reason="Đi Lào từ thứ Hai")

    reply = Reply.objects.get()
    assert (reply.status, reply.reason_code, reply.reason) == ("asks_excuse", "abroad", "Đi Lào từ thứ Hai")


def test_a_guest_may_decline_or_send_somebody(client, make, session):
    guest = make.delegate(session, role=Delegate.Role.INVITED)
    link = make.link(make.invitation(guest))
    assert "Tôi không dự được" in words(client.get(link))

    answer(client, link, "asks_substitute", substitute_text="Phó Giám đốc Lê Hoa, 0912 000 111")

    assert guest.substitutions.get().substitute_text == "Phó Giám đốc Lê Hoa, 0912 000 111"
    answer(client, link, "declined")
    guest.refresh_from_db()
    assert guest.reply == "declined"


def test_a_member_is_offered_no_substitute(client, link):
    assert "dự thay" not in words(client.get(link))
    assert answer(client, link, "asks_substitute").status_code == 422


def test_a_hybrid_session_asks_where(client, link, session, member):
    session.mode = Session.Mode.HYBRID
    session.save()
    page = words(client.get(link))
    assert page.count('name="mode"') == 2

    answer(client, link, mode="online")

    member.refresh_from_db()
    assert member.reply_mode == "online"


def test_a_post_from_elsewhere_is_refused(link):
    stranger = Client(enforce_csrf_checks=True)

    assert answer(stranger, link).status_code == 403
    assert not Reply.objects.exists()


def test_a_wrong_token_is_a_page_that_does_not_exist(client, link, make):
    wrong = ["/i/x/", "/i/" + "a" * 26 + "/", link[:-2] + ("b" if link[-2] != "b" else "c") + "/"]

    assert [client.get(address).status_code for address in wrong] == [404, 404, 404]
    assert answer(client, wrong[1]).status_code == 404


def test_a_revoked_link_is_gone(client, link, member):
    invitation = member.invitation
    invitation.generation, invitation.digest = 2, "0" * 64
    invitation.save()

    assert client.get(link).status_code == 404


def test_guessing_is_slowed_down_and_the_right_link_still_opens(client, link):
    statuses = [client.get(f"/i/{number:026}/").status_code for number in range(32)]

    assert statuses[:30] == [404] * 30
    assert statuses[30:] == [429] * 2
    assert client.get(link).status_code == 200


def test_many_answers_in_a_row_are_slowed_down(client, link):
    statuses = [answer(client, link).status_code for _ in range(22)]

    assert statuses == [302] * 20 + [429] * 2


def test_the_page_says_that_the_session_moved(client, session, member, make, settings, tmp_path):
    settings.EMAIL_URL, settings.MAIL_DIR, settings.OUTBOX_DELAY_SECONDS = "", tmp_path, 0
    invitations.send(session=session, by=SYSTEM)
    outbox.deliver_due()
    session.starts_at, session.ends_at = make.at("14:00"), make.at("17:00")
    session.save()
    invitations.renew(session=session, by=SYSTEM)
    outbox.deliver_due()
    link = make.link(Invitation.objects.get())

    page = words(client.get(link))

    assert "Thời gian đã thay đổi" in page
    assert "Trước đây: 8 giờ – 11 giờ" in page
    assert "14 giờ – 17 giờ" in page


def test_an_answer_to_the_old_time_is_not_taken_and_the_page_says_why(client, make, member):
    link = make.link(make.invitation(member, sequence=1))

    page = answer(client, link, sequence=0)

    assert page.status_code == 409
    assert "đã đổi giờ" in words(page)
    member.refresh_from_db()
    assert member.reply == "none"
    assert Reply.objects.get().is_stale is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": Session.State.CANCELLED, "cancel_reason": "Hoãn do bão"}, "Hoãn do bão"),
        ({"state": Session.State.HELD}, "đã kết thúc"),
    ],
)
def test_a_closed_session_takes_no_answer_and_says_so(client, link, session, change, said):
    for name, value in change.items():
        setattr(session, name, value)
    session.save()

    page = words(client.get(link))
    assert said in page
    assert "Tôi sẽ dự" not in page
    assert answer(client, link).status_code == 422
    assert not Reply.objects.exists()


def test_who_was_taken_off_the_list_is_told_so(client, link, member):
    member.removed_at = timezone.now()
    member.save()

    page = words(client.get(link))
    assert "đã được thu hồi" in page
    assert answer(client, link).status_code == 422


@pytest.mark.parametrize("form", [{}, {"status": "excused"}, {"status": "attending", "sequence": "x"}])
def test_a_malformed_answer_is_sent_back(client, link, form):
    assert client.post(link, form).status_code == 422


def test_opening_is_noted_only_when_the_page_itself_says_so(client, link, member):
    client.get(link)
    assert Invitation.objects.get().opened_at is None

    assert client.post(link + "opened/").status_code == 204
    assert Invitation.objects.get().opened_at is not None


def test_the_office_hears_what_a_delegate_needs(client, link, member):
    answer(client, link)
    assert "Ăn, xe, nghỉ" in words(client.get(link))

    client.post(link + "details/", {"diet": "Ăn chay", "needs": "Xe đón ở bến"})

    member.refresh_from_db()
    assert (member.diet, member.needs) == ("Ăn chay", "Xe đón ở bến")


def test_an_assistant_answers_for_the_leader_and_both_are_named(client, link, member, make):
    member.person.assistant = make.person("Lê Thị Hoa")
    member.person.save()
    page = words(client.get(link + "assistant/"))
    assert "Lê Thị Hoa" in page

    answer(client, link + "assistant/")

    assert Reply.objects.get().by_label == "Lê Thị Hoa thay mặt Nguyễn Văn An"


def test_the_calendar_file_holds_the_same_event_as_the_mail(client, link, session, member):
    response = client.get(link + "event.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert (str(event["UID"]), event.start, event.end) == (
        str(session.uid),
        session.starts_at,
        session.ends_at,
    )
    assert "ATTENDEE" not in event


def test_a_secret_session_shows_nothing_but_time_and_room_and_takes_no_words(client, make):
    session = make.session(
        secrecy="secret",
        code_name=f"Kế hoạch {CANARY}",
        state=Session.State.PUBLISHED,
        published_at=timezone.now(),
    )
    link = make.link(make.invitation(make.delegate(session)))

    page = words(client.get(link)) + words(client.get(link + "event.ics"))

    assert "Họp nội bộ" in page
    assert CANARY not in page
    assert 'name="reason"' not in page
    refused = answer(client, link, "asks_excuse", reason=f"vì {CANARY}")
    assert refused.status_code == 422
    assert CANARY not in words(refused)
    assert not Reply.objects.exists()


def test_a_guest_for_one_item_sees_that_item_and_its_time(client, make, session):
    items = [make.item(session, f"Nội dung {number}", minutes=30) for number in (1, 2, 3)]
    guest = make.delegate(session, role=Delegate.Role.INVITED)
    guest.items.set([items[2]])

    page = words(client.get(make.link(make.invitation(guest))))

    assert "9 giờ – 9 giờ 30" in page
    assert "Nội dung 3" in page
    assert "Nội dung 1" not in page


def test_a_page_costs_the_same_for_a_long_history(client, link, member, django_assert_max_num_queries):
    for number in range(30):
        Reply.objects.create(
            delegate=member, status="attending", channel="web", by_label=str(number), at=timezone.now()
        )
        Message.objects.create(
            stream="other",
            method="NOTICE",
            dtstamp=timezone.now() + dt.timedelta(seconds=number),
            recipient="x@y.example",
            message_id=str(number),
            subject="x",
            octets=b"",
            sha256="",
            send_after=timezone.now(),
            created_at=timezone.now(),
        )

    with django_assert_max_num_queries(14):
        client.get(link)
