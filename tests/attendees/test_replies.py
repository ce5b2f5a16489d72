"""Answers by every channel: the latest wins, members cannot decline, who decided is kept."""

import datetime as dt

import pytest
from django.utils import timezone

from attendees.models import Delegate, Invitation, Reply, Substitution
from attendees.services import invitations, replies, visits
from attendees.services.replies import Answer
from planner.access import SYSTEM, Role
from planner.errors import NotAllowed, SecretContentRefused
from planner.models import AuditEntry, Session


@pytest.fixture
def session(make):
    make.office()
    return make.session(state=Session.State.PUBLISHED, published_at=timezone.now())


@pytest.fixture
def member(make, session):
    return make.delegate(session, make.person("Nguyễn Văn An"))


@pytest.fixture
def guest(make, session):
    return make.delegate(session, make.person("Sở Tài chính"), role=Delegate.Role.INVITED)


def record(delegate, status, by=SYSTEM, **more):
    return replies.record(
        delegate=delegate, answer=Answer(status, more.pop("channel", "phone"), **more), by=by
    )


def trail(delegate):
    return list(delegate.replies.order_by("id").values_list("status", "channel", "by_label"))


def test_the_latest_answer_wins_and_all_are_kept(member, make):
    staff = make.actor()
    record(member, "asks_excuse", by=staff, reason="Đi công tác")

    after = record(member, "attending", by=staff, channel="api", mode="online")

    assert (after.reply, after.reply_mode) == ("attending", "online")
    member.refresh_from_db()
    assert (member.reply, member.reply_mode) == ("attending", "online")
    assert trail(member) == [("asks_excuse", "phone", staff.label), ("attending", "api", staff.label)]
    assert AuditEntry.objects.filter(action="reply.recorded").count() == 2


def test_an_answer_is_never_changed_afterwards(member):
    record(member, "attending")

    with pytest.raises(Exception, match="append"):
        Reply.objects.update(status="declined")


def test_a_member_who_declines_asks_to_be_excused_and_a_guest_declines(member, guest):
    assert record(member, "declined").reply == "asks_excuse"
    assert record(guest, "declined").reply == "declined"


def test_a_decision_names_who_decided_and_who_wrote_it_down(member, make):
    record(member, "asks_excuse", reason="Ốm")
    staff = make.actor()

    after = replies.decide(delegate=member, decision="excused", by_whom="đ/c Bí thư", by=staff)

    assert after.reply == "excused"
    decision = member.replies.latest("id")
    assert (decision.status, decision.by_whom, decision.by_label) == ("excused", "đ/c Bí thư", staff.label)


def test_who_is_excused_and_asks_again_stays_excused_but_may_come_after_all(member):
    replies.decide(delegate=member, decision="excused", by_whom="đ/c Bí thư", by=SYSTEM)

    assert record(member, "asks_excuse").reply == "excused"
    assert record(member, "attending").reply == "attending"


def test_who_was_not_excused_is_told_so_and_may_answer_again(member):
    record(member, "asks_excuse")

    assert (
        replies.decide(delegate=member, decision="not_excused", by_whom="đ/c Bí thư", by=SYSTEM).reply
        == "not_excused"
    )
    assert record(member, "attending").reply == "attending"


def test_only_some_may_record_and_fewer_decide(member, make):
    with pytest.raises(NotAllowed):
        record(member, "attending", by=make.actor(Role.VIEWER))
    with pytest.raises(NotAllowed):
        replies.decide(delegate=member, decision="excused", by_whom="x", by=make.actor(Role.RECEPTION))

    assert not Reply.objects.exists()
    assert record(member, "attending", by=make.actor(Role.RECEPTION)).reply == "attending"


def test_a_link_answers_for_its_own_delegate_only(member, guest, make):
    actor = visits.actor_of(make.invitation(guest))

    with pytest.raises(NotAllowed):
        record(member, "attending", by=actor, channel="web")
    assert record(guest, "attending", by=actor, channel="web").reply == "attending"
    assert trail(guest) == [("attending", "web", "Sở Tài chính")]


def test_an_assistant_answers_on_behalf_and_both_are_named(member, make):
    member.person.assistant = make.person("Lê Thị Hoa")
    member.person.save()

    record(
        member, "attending", by=visits.actor_of(make.invitation(member), for_assistant=True), channel="web"
    )

    assert trail(member) == [("attending", "web", "Lê Thị Hoa thay mặt Nguyễn Văn An")]


def test_a_member_sends_no_substitute_where_the_kind_forbids_it(member, make, session):
    with pytest.raises(replies.SubstituteNotAllowed):
        record(member, "asks_substitute")

    make.profile(session.kind, allows_substitutes=True)
    assert record(member, "asks_substitute").reply == "asks_substitute"


def test_an_invited_unit_asks_for_a_substitute_and_somebody_decides(guest, make):
    person = make.person("Phó Giám đốc")
    record(guest, "asks_substitute", substitute=person, reason="Giám đốc đi công tác")

    assert guest.substitutions.get().substitute == person
    after = replies.decide(
        delegate=guest, decision="substitute_approved", by_whom="Chánh Văn phòng", by=SYSTEM
    )

    assert after.reply == "substituted"
    asked = guest.substitutions.get()
    assert (asked.state, asked.decided_by) == (Substitution.State.APPROVED, "Chánh Văn phòng")


def test_a_refused_substitute_leaves_the_question_open(guest):
    record(guest, "asks_substitute", substitute_text="Phó phòng")

    after = replies.decide(
        delegate=guest, decision="substitute_refused", by_whom="Chánh Văn phòng", by=SYSTEM
    )

    assert after.reply == "none"
    with pytest.raises(replies.NothingToDecide):
        replies.decide(delegate=guest, decision="substitute_approved", by_whom="x", by=SYSTEM)


def test_an_answer_to_an_old_time_is_kept_and_changes_nothing(member, make):
    make.invitation(member, sequence=2)
    record(member, "attending")

    after = record(member, "asks_excuse", channel="mail", sequence=1)

    assert after.reply == "attending"
    stale = member.replies.latest("id")
    assert (stale.status, stale.sequence, stale.is_stale) == ("asks_excuse", 1, True)


def test_an_answer_names_the_version_it_was_given_to(member, make):
    make.invitation(member, sequence=3)

    record(member, "attending")

    assert member.replies.get().sequence == 3


def test_no_free_words_are_kept_for_a_secret_session(make):
    session = make.session(secrecy="secret", state=Session.State.PUBLISHED, published_at=timezone.now())
    member = make.delegate(session)

    with pytest.raises(SecretContentRefused) as refusal:
        record(member, "asks_excuse", reason="vì chim hoàng yến")

    assert list(refusal.value.fields) == ["reason"]
    assert "chim" not in str(refusal.value)
    assert record(member, "asks_excuse", reason_code="abroad").reply == "asks_excuse"
    with pytest.raises(SecretContentRefused):
        replies.decide(delegate=member, decision="excused", by_whom="x", reason="vì chim", by=SYSTEM)


@pytest.mark.parametrize("state", [Session.State.CANCELLED, Session.State.HELD])
def test_a_session_that_is_closed_takes_no_answer(member, session, state):
    session.state = state
    session.save()

    with pytest.raises(replies.TooLate):
        record(member, "attending")


def test_after_the_end_the_office_may_still_write_down_and_a_link_may_not(make):
    past = make.session(
        on=timezone.localdate() - dt.timedelta(days=1),
        state=Session.State.PUBLISHED,
        published_at=timezone.now(),
    )
    member = make.delegate(past)

    with pytest.raises(replies.TooLate):
        record(member, "attending", by=visits.actor_of(make.invitation(member)))
    assert record(member, "asks_excuse").reply == "asks_excuse"


def test_who_was_taken_off_the_list_answers_no_more(member):
    member.removed_at = timezone.now()
    member.save()

    with pytest.raises(replies.NotListed):
        record(member, "attending")


@pytest.mark.parametrize("status", ["excused", "none", "yes", ""])
def test_only_answers_are_answers(member, status):
    with pytest.raises(replies.UnknownStatus):
        record(member, status)


def test_details_are_kept_and_a_wrong_link_gives_none(member, guest, make):
    visits.give_details(
        delegate=member,
        diet="Ăn chay",
        needs="Xe đón",
        by=visits.actor_of(make.invitation(member)),
    )

    member.refresh_from_db()
    assert (member.diet, member.needs) == ("Ăn chay", "Xe đón")
    with pytest.raises(NotAllowed):
        visits.give_details(delegate=guest, diet="Ăn chay", by=visits.actor_of(member.invitation))


def test_the_page_counts_as_opened_once_and_by_its_own_link(member, guest, make):
    invitation = make.invitation(member)
    visits.mark_opened(invitation=invitation, by=visits.actor_of(invitation))
    first = Invitation.objects.get(pk=invitation.pk).opened_at
    visits.mark_opened(invitation=invitation, by=visits.actor_of(invitation))

    assert first is not None
    assert Invitation.objects.get(pk=invitation.pk).opened_at == first
    with pytest.raises(NotAllowed):
        visits.mark_opened(invitation=invitation, by=visits.actor_of(make.invitation(guest)))


def test_a_link_is_found_by_its_token_and_no_other(member, make):
    invitation = make.invitation(member)
    token = make.link(invitation).split("/")[2]

    assert visits.find(token) == invitation
    assert [visits.find(wrong) for wrong in ("", token[:-1], token + "a", token.upper())] == [None] * 4


def test_fifty_answers_are_forgotten_in_a_fixed_number_of_queries(make, session, django_assert_num_queries):
    rows = [make.delegate(session, reply="attending") for _ in range(50)]

    with django_assert_num_queries(3):
        assert replies.forget(session=session, delegates=rows, by=SYSTEM) == 50

    assert {row.reply for row in Delegate.objects.all()} == {"none"}


def test_sending_by_steps_writes_what_sending_at_once_does(make, session):
    for _ in range(3):
        make.delegate(session)

    assert sum(invitations.send_by_steps(session=session, by=SYSTEM)) == 3
    assert sum(invitations.send_by_steps(session=session, by=SYSTEM)) == 0
