"""The badge on the delegate's phone, from the invitation page."""

from django.test import Client

from attendees.models import Scan
from attendees.services import badges
from planner.access import SYSTEM


def test_a_delegate_shows_the_badge_from_the_invitation_and_that_counts_as_nothing(make):
    session = make.session(state="published")
    delegate = make.delegate(session, seat="A-12")
    invitation = make.invitation(delegate)
    before = Client().get(make.link(invitation)).content.decode()
    (badge,) = badges.issue(session=session, by=SYSTEM)

    page = Client().get(make.link(invitation)).content.decode()

    typed = badges.typed_of(badge)
    assert "own-badge" in page
    assert f"{typed[:4]} {typed[4:]}" in page
    assert badges.token_of(badge) not in page
    assert 'id="own-badge"' not in before
    assert not Scan.objects.exists()


def test_a_cancelled_badge_is_shown_no_more(make):
    session = make.session(state="published")
    delegate = make.delegate(session)
    (badge,) = badges.issue(session=session, by=SYSTEM)
    badges.revoke(badge=badge, session=session, by=SYSTEM)

    page = Client().get(make.link(make.invitation(delegate))).content.decode()

    assert 'id="own-badge"' not in page
