"""The page of received mails: what waits for a person, and what the person decides."""

import pytest
from django.utils import timezone

from attendees.models import InboundMail
from attendees.services import invitations, mailbox
from attendees.services.imap import Fetched
from planner.access import SYSTEM, Role
from planner.errors import Conflict
from tests.attendees import answer_mails as mails


@pytest.fixture
def session(make):
    make.office()
    session = make.session(state="published", published_at=timezone.now(), title="Hội nghị tháng 11")
    make.delegate(session, make.person("Nguyễn Văn An", email="an@tinh.example"))
    invitations.send(session=session, by=SYSTEM)
    return session


def take(session, place=1, **change):
    reply = mails.Reply(str(session.uid), "an@tinh.example").but(**change)
    mailbox.take(mail=Fetched(place, mails.outlook(reply), True), uid_validity=1, by=SYSTEM)
    return InboundMail.objects.latest("id")


def test_a_person_counts_the_answer_of_an_unknown_address_for_whom_they_know(session, make):
    mail = take(session, attendee="an.cu@tinh.example", partstat="ACCEPTED")
    delegate = session.delegates.get()
    client = make.client(Role.RECEPTION)
    page = client.get("/mail/quarantine/").content.decode()
    assert ("an.cu@tinh.example" in page, "Nguyễn Văn An" in page) == (True, True)

    client.post(f"/mail/{mail.pk}/accept/", {"delegate": delegate.pk})

    delegate.refresh_from_db()
    mail.refresh_from_db()
    assert (delegate.reply, mail.decision, mail.delegate) == ("attending", "accepted", delegate)
    assert mail.decided_by == delegate.replies.get().by_label
    assert "an.cu@tinh.example" not in client.get("/mail/quarantine/").content.decode().split("<details")[0]


def test_a_dismissed_mail_changes_nothing_and_is_settled_once(session, make):
    mail = take(session, sequence=9)
    client = make.client()

    client.post(f"/mail/{mail.pk}/dismiss/")

    mail.refresh_from_db()
    assert (mail.decision, session.delegates.get().reply) == ("dismissed", "none")
    with pytest.raises(Conflict):
        mailbox.dismiss(mail=mail, by=SYSTEM)


def test_an_answer_is_not_counted_for_somebody_of_another_session(session, make):
    mail = take(session, sender="la@x.example")
    stranger = make.delegate()

    make.client().post(f"/mail/{mail.pk}/accept/", {"delegate": stranger.pk})

    stranger.refresh_from_db()
    mail.refresh_from_db()
    assert (stranger.reply, mail.decision) == ("none", "")


def test_accepting_a_proposed_time_leads_to_the_move(session, make):
    times = "DTEND:20270105T040000Z"
    mail = take(session, method="COUNTER", partstat="TENTATIVE", more=times)
    assert mail.verdict == "proposal"

    response = make.client().post(f"/mail/{mail.pk}/accept/", {"delegate": session.delegates.get().pk})

    assert response["Location"] == f"/sessions/{session.pk}/move/"
    assert session.delegates.get().reply == "none"


def test_mails_are_seen_by_those_who_record_answers_of_their_sessions(session, make):
    take(session, sender="la@x.example")
    take(session, 2, uid="0f1e2d3c-0000-4000-8000-00000000dead")

    def sees(client):
        text = client.get("/mail/quarantine/").content.decode()
        return ("la@x.example" in text, text.count("mail-accept") + text.count("/dismiss/"))

    assert sees(make.client(Role.RECEPTION)) == (True, 2)
    assert make.client(Role.VIEWER).get("/mail/quarantine/").status_code == 403
    assert sees(make.client(Role.PLANNER, body=make.body())) == (False, 0)
