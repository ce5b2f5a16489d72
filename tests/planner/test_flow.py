"""The corridor: what planning, publishing, moving and cancelling do to everything that hangs on a session."""

import datetime as dt

import pytest
from django.utils import timezone

from attendees.models import Delegate, Invitation, Reply
from attendees.services import invitations, replies
from attendees.services.replies import Answer
from planner.access import SYSTEM, Role
from planner.errors import Blocked, NotAllowed, ReasonNeeded, SecretContentRefused, WrongState
from planner.flow import cancel as flow_cancel
from planner.flow import clashes
from planner.flow import close as flow_close
from planner.flow import move as flow_move
from planner.flow import plan as flow_plan
from planner.flow import publish as flow_publish
from planner.models import AuditEntry, Message, Session
from planner.services import plans, sessions
from planner.services.agendas import ItemPlan
from planner.services.plans import Change, Plan
from planner.spans import Span
from rooms.models import Booking
from rooms.services.bookings import RoomTaken
from tests.make import Make


def planned(make: Make, **fields: object) -> Session:
    """A BTV session of 15 with a room, as the form plans it."""
    body = make.body(kind="BTV", members=15)
    starts_at = make.at("08:00")
    plan = Plan(
        kind="regular",
        title="Hội nghị Ban Thường vụ",
        body=body,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3),
    )
    return flow_plan.plan(plan, room=make.room("P1", seats=40), by=SYSTEM, **fields)  # type: ignore[arg-type]


def invited(make: Make) -> Session:
    """The same session, published and everybody invited."""
    session = planned(make)
    flow_publish.publish(session, override_reason="họp gấp", by=SYSTEM)
    invitations.send(session=session, by=SYSTEM)
    session.refresh_from_db()
    return session


def test_a_plan_that_cannot_have_its_room_leaves_nothing_behind(make: Make) -> None:
    room = make.room()
    make.booking(make.session("07:00-12:00"), room)
    starts_at = make.at("08:00")
    plan = Plan(
        kind="working", title="Làm việc", starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=1)
    )

    with pytest.raises(RoomTaken):
        flow_plan.plan(plan, room=room, by=SYSTEM)

    assert Session.objects.count() == 1
    assert not AuditEntry.objects.filter(action="session.planned").exists()


def test_publishing_needs_a_reason_when_notice_is_short(make: Make) -> None:
    make.profile("regular", notice_days=30)
    session = planned(make)

    with pytest.raises(ReasonNeeded):
        flow_publish.publish(session, by=SYSTEM)
    flow_publish.publish(session, override_reason="theo chỉ đạo của Thường trực", by=SYSTEM)

    session.refresh_from_db()
    assert session.state == Session.State.PUBLISHED
    assert [(row.code, row.reason) for row in session.overrides.all()] == [
        ("notice_short", "theo chỉ đạo của Thường trực")
    ]


def test_nobody_chairs_two_published_sessions_at_once(make: Make) -> None:
    first, second = planned(make), make.session("09:00-10:00", title="Giao ban")
    sessions.set_chairs(second, tuple(row.person for row in first.chairs.select_related("person")))
    flow_publish.publish(first, override_reason="gấp", by=SYSTEM)

    with pytest.raises(Blocked) as refused:
        flow_publish.publish(second, override_reason="gấp", by=SYSTEM)

    assert [clash["code"] for clash in refused.value.extra["clashes"]] == ["chair_twice"]


def test_publishing_sends_nothing_and_inviting_sends_one_mail_each(make: Make) -> None:
    session = planned(make)
    flow_publish.publish(session, override_reason="gấp", by=SYSTEM)
    before = Message.objects.count()

    queued = invitations.send(session=session, by=SYSTEM)

    assert (before, queued, Message.objects.filter(method="REQUEST").count()) == (0, 15, 15)


def test_moving_frees_one_room_holds_another_and_mails_everybody(make: Make) -> None:
    session, other = invited(make), make.room("P2", seats=40)
    span = session.span.moved(dt.timedelta(hours=6))

    preview = flow_move.preview(session, span=span, room=other, override_reason="Bí thư bận", by=SYSTEM)
    still = Booking.objects.main().get().room.name
    outcome = flow_move.move(session, span=span, room=other, override_reason="Bí thư bận", by=SYSTEM)

    assert still == "P1"
    assert preview == outcome.effects
    assert (outcome.effects.rooms_freed, outcome.effects.rooms_held) == (("P1",), ("P2",))
    assert outcome.effects.invitations == 15


def test_a_move_into_a_taken_room_changes_nothing_at_all(make: Make) -> None:
    session, taken = invited(make), make.room("P2")
    make.booking(make.session("13:00-18:00"), taken)
    count = Message.objects.count()

    with pytest.raises(RoomTaken):
        flow_move.move(session, span=session.span.moved(dt.timedelta(hours=6)), room=taken, by=SYSTEM)

    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).hour == 8
    assert Booking.objects.main().get(session=session).room.name == "P1"
    assert Message.objects.count() == count


def test_excused_members_stay_excused_when_the_session_moves(make: Make) -> None:
    session = invited(make)
    delegate = session.delegates.first()
    replies.record(delegate=delegate, answer=Answer(status="asks_excuse", channel="phone"), by=SYSTEM)
    replies.decide(delegate=delegate, decision="excused", by_whom="Bí thư", by=SYSTEM)

    flow_move.move(session, span=session.span.moved(dt.timedelta(days=1)), override_reason="dời", by=SYSTEM)

    delegate.refresh_from_db()
    assert delegate.reply == Delegate.Reply.EXCUSED
    assert Reply.objects.filter(delegate=delegate, status="excused").count() == 1


def test_cancelling_frees_the_room_and_sends_cancel_to_everybody(make: Make) -> None:
    session = invited(make)
    Message.objects.update(state="sent")

    outcome = flow_cancel.cancel(session, reason="Trung ương triệu tập", by=SYSTEM)

    assert outcome.effects.rooms_freed == ("P1",)
    assert Message.objects.filter(method="CANCEL").count() == 15
    assert set(Invitation.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert not Booking.objects.live().exists()


def test_the_ordinal_is_final_when_the_session_is_held(make: Make) -> None:
    session = make.session(on=timezone.localdate() - dt.timedelta(days=3), state="published", ordinal=4)

    flow_close.close(session, by=SYSTEM)

    session.refresh_from_db()
    assert (session.state, session.ordinal, session.ordinal_is_final) == ("held", 4, True)


def test_a_cancelled_session_changes_no_more(make: Make) -> None:
    session = planned(make)
    flow_cancel.cancel(session, by=SYSTEM)

    with pytest.raises(WrongState):
        flow_plan.change(session, wanted=Change(values={"title": "Khác"}), by=SYSTEM)


def test_ordinals_follow_the_last_of_the_term(make: Make) -> None:
    make.profile("regular", uses_ordinal=True, title_template="Hội nghị {body} {ordinal}")
    body = make.body(members=2, name="Ban Thường vụ Tỉnh ủy")
    make.session(body=body, term=make.term(), ordinal=11)

    proposal = flow_plan.propose(body, "regular")

    assert (proposal.ordinal, proposal.title) == (12, "Hội nghị Ban Thường vụ Tỉnh ủy lần thứ 12")


@pytest.mark.parametrize("field", ["title", "description", "place_text", "escort", "car"])
def test_a_secret_session_takes_no_words(make: Make, field: str) -> None:
    starts_at = make.at("08:00")
    fields = {field: "CANARY-7731"}
    plan = Plan(
        kind="working",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        secrecy="secret",
        code_name="K-9",
        **fields,  # type: ignore[arg-type]
    )

    with pytest.raises(SecretContentRefused) as refused:
        flow_plan.plan(plan, by=SYSTEM)

    assert list(refused.value.fields) == [field]
    assert "CANARY" not in str(refused.value) + str(refused.value.fields)


def test_a_secret_item_keeps_its_number_and_minutes_only(make: Make) -> None:
    session = planned(make)
    items = (ItemPlan(title="Báo cáo"), ItemPlan(minutes=40, secrecy="secret"))

    flow_plan.change(session, wanted=Change(agenda=items), by=SYSTEM)
    with pytest.raises(SecretContentRefused):
        flow_plan.change(session, wanted=Change(agenda=(ItemPlan(title="X", secrecy="secret"),)), by=SYSTEM)

    assert [(item.position, item.title, item.minutes) for item in session.agenda.all()] == [
        (1, "Báo cáo", 30),
        (2, "", 40),
    ]


def test_the_span_of_a_plan_must_run_forwards(make: Make) -> None:
    starts_at = make.at("08:00")

    with pytest.raises(plans.EndsBeforeItStarts):
        flow_plan.plan(Plan(kind="working", title="Ngược", starts_at=starts_at, ends_at=starts_at), by=SYSTEM)


def test_who_only_reads_plans_nothing(make: Make) -> None:
    with pytest.raises(NotAllowed):
        flow_cancel.cancel(planned(make), by=make.actor(Role.VIEWER))


def test_a_chain_sets_its_hall_up_once(make: Make) -> None:
    hall, chain = make.room("Hội trường", seats=200), make.chain()
    layout = hall.layouts.get()
    layout.setup_minutes, layout.teardown_minutes = 60, 30
    layout.save()
    spans = [("13:30", "14:15"), ("14:15", "15:00"), ("15:00", "16:30")]
    for position, (starts, ends) in enumerate(spans, start=1):
        plan = Plan(
            kind="working",
            title=f"Phiên {position}",
            starts_at=make.at(starts),
            ends_at=make.at(ends),
            chain=chain,
            chain_position=position,
        )
        flow_plan.plan(plan, room=hall, by=SYSTEM)

    held = [row.span for row in Booking.objects.live().order_by("starts_at")]

    assert held == [
        Span(make.at("12:30"), make.at("14:15")),
        Span(make.at("14:15"), make.at("15:00")),
        Span(make.at("15:00"), make.at("17:00")),
    ]


def test_the_rhythm_proposes_the_next_day_that_is_free_of_holidays(make: Make) -> None:
    body = make.body(kind="THUONG_TRUC", members=2)
    monday = dt.date(2026, 11, 23)
    body.standing_rules.create(
        kind="briefing",
        rrule="FREQ=WEEKLY;BYDAY=MO",
        starts_time=dt.time(8),
        minutes=90,
        starts_on=dt.date(2026, 1, 5),
        on_day_off="after",
    )
    make.holiday(monday, "Nghỉ bù")

    proposal = flow_plan.propose(body, "briefing", after=dt.date(2026, 11, 21))

    assert timezone.localtime(proposal.starts_at) == timezone.make_aware(dt.datetime(2026, 11, 24, 8))
    assert proposal.occurrence_on == monday
    assert proposal.ends_at - proposal.starts_at == dt.timedelta(minutes=90)


def test_a_guest_of_one_item_is_busy_for_that_item_only(make: Make) -> None:
    first, second = (
        make.session("08:00-11:00", title="Ban Thường vụ"),
        make.session("08:00-09:00", title="Giao ban Sở"),
    )
    make.item(first, "Mục 1", minutes=90)
    third_item = make.item(first, "Mục 2", minutes=60)
    guest = make.person()
    make.delegate(first, guest, role="invited").items.add(third_item)
    make.delegate(second, guest)
    flow_publish.publish(second, override_reason="gấp", by=SYSTEM)

    found = {clash.code for clash in clashes.of_session(first)}

    assert "required_busy" not in found
