"""Badges: issued once, found by digest, dead as soon as they are replaced or cancelled; sheets from the queue."""

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from attendees import tokens
from attendees.models import Badge
from attendees.services import badges, sheets
from attendees.services.badges import BadgeEnded, NotListed
from attendees.services.sheets import Wish
from planner.access import SYSTEM, Role
from planner.errors import NotAllowed
from planner.models import Job, StoredFile
from planner.paper.shapes import Format
from planner.services import links


def test_each_listed_delegate_gets_one_badge_and_a_repeat_none(make):
    session = make.session()
    people = [make.delegate(session).person for _ in range(3)]
    make.delegate(session, removed_at=session.starts_at)

    made = badges.issue(session=session, by=SYSTEM)

    assert {badge.person_id for badge in made} == {person.pk for person in people}
    assert sorted(badge.number for badge in made) == [1, 2, 3]
    assert badges.issue(session=session, by=SYSTEM) == []


def test_the_database_keeps_digests_only(make):
    session = make.session()
    make.delegate(session)

    (badge,) = badges.issue(session=session, by=SYSTEM)
    token, typed = badges.token_of(badge), badges.typed_of(badge)

    assert badge.token_digest == tokens.token_key(token)
    assert badge.typed_digest == tokens.typed_key(typed, prefix=badge.series.prefix)
    kept = [str(value) for value in Badge.objects.values_list().get()]
    assert [value for value in kept if token[4:] in value or typed == value] == []


def test_the_delegates_own_number_stands_on_the_badge_and_others_follow_it(make):
    session = make.session()
    first, second = make.delegate(session, number=40), make.delegate(session)

    numbers = {badge.person_id: badge.number for badge in badges.issue(session=session, by=SYSTEM)}

    assert numbers == {first.person_id: 40, second.person_id: 41}


def test_sessions_of_a_chain_share_one_badge(make):
    chain, person = make.chain(), make.person()
    morning = make.session("08:00-11:00", chain=chain)
    afternoon = make.session("14:00-17:00", chain=chain)
    make.delegate(morning, person)
    make.delegate(afternoon, person)

    made = badges.issue(session=morning, by=SYSTEM)

    assert len(made) == 1
    assert badges.issue(session=afternoon, by=SYSTEM) == []
    assert badges.held_in(afternoon) == {person.pk: made[0]}


def test_two_sessions_have_different_prefixes(make):
    series = [badges.series_for(make.session()).prefix for _ in range(5)]

    assert len(set(series)) == 5


def test_replacing_ends_the_old_badge_and_keeps_its_number(make):
    session = make.session()
    make.delegate(session)
    (old,) = badges.issue(session=session, by=SYSTEM)

    new = badges.replace(badge=old, session=session, reason="mất thẻ", by=SYSTEM)
    old.refresh_from_db()

    assert (old.state, new.state, new.number) == ("replaced", "active", old.number)
    assert badges.token_of(new) != badges.token_of(old)
    with pytest.raises(BadgeEnded):
        badges.replace(badge=old, session=session, by=SYSTEM)


def test_a_badge_of_another_session_cannot_be_touched_from_here(make):
    here, there = make.session(), make.session()
    make.delegate(there)
    (badge,) = badges.issue(session=there, by=SYSTEM)

    with pytest.raises(Badge.DoesNotExist):
        badges.revoke(badge=badge, session=here, by=SYSTEM)


def test_whoever_leaves_the_list_loses_the_badge_but_not_a_chains_while_listed_elsewhere(make):
    chain = make.chain()
    first, second = make.session(chain=chain), make.session("14:00-17:00", chain=chain)
    stays, goes = make.person(), make.person()
    for session, person in ((first, stays), (second, stays), (first, goes)):
        make.delegate(session, person)
    badges.issue(session=first, by=SYSTEM)

    assert badges.withdraw(session=first, people=[stays, goes], by=SYSTEM) == 1

    states = dict(Badge.objects.values_list("person_id", "state"))
    assert states == {stays.pk: "active", goes.pk: "cancelled"}


def test_a_badge_is_for_somebody_on_this_list(make):
    stranger = make.delegate(make.session())

    with pytest.raises(NotListed):
        badges.issue(session=make.session(), delegates=[stranger], by=SYSTEM)


def test_a_viewer_issues_no_badge(make):
    session = make.session()
    make.delegate(session)

    with pytest.raises(NotAllowed):
        badges.issue(session=session, by=make.actor(Role.VIEWER))

    assert not Badge.objects.exists()


def sheet_of(session, wish: Wish) -> bytes:
    job = sheets.request(session=session, wish=wish, by=SYSTEM)
    sheets.render(job_id=job.pk, by=SYSTEM)
    file = sheets.latest(session, wish.format)
    assert file
    return sheets.content_of(file)


def test_a_sheet_is_made_in_the_queue_and_every_code_on_it_opens_the_door(make):
    make.office(parent_name="Tỉnh ủy Thanh Hóa", language="vi")
    session = make.session(title="Hội nghị Ban Chấp hành")
    for name in ("Nguyễn Thị Hường", "Trần Văn Ánh"):
        make.delegate(session, make.person(name), printed_post="Bí thư Đảng ủy")

    pdf = sheet_of(session, Wish(Format.A6))
    job = Job.objects.get()

    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
    read = {code.text for code in zxingcpp.read_barcodes(picture)}
    assert read == {badges.token_of(badge) for badge in Badge.objects.select_related("series")}
    text = " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    assert [name for name in ("Nguyễn Thị Hường", "TỈNH ỦY THANH HÓA") if name not in text] == []
    assert (job.state, job.done, job.total, job.result["warnings"]) == ("done", 2, 2, [])


def test_a_stored_sheet_cannot_be_read_without_the_key(make):
    session = make.session()
    make.delegate(session)

    pdf = sheet_of(session, Wish())
    stored = bytes(StoredFile.objects.get().content)

    assert pdf.startswith(b"%PDF")
    assert b"%PDF" not in stored
    assert links.opened(stored) == pdf


def test_a_repeat_of_the_job_makes_one_sheet(make):
    session = make.session()
    make.delegate(session)
    job = sheets.request(session=session, wish=Wish(), by=SYSTEM)

    first = sheets.render(job_id=job.pk, by=SYSTEM)
    second = sheets.render(job_id=job.pk, by=SYSTEM)

    assert (first, second) == ("1 badges, 0 warnings.", f"Sheet {job.pk} was made before.")
    assert StoredFile.objects.count() == 1


def test_the_badge_of_a_secret_session_names_no_session(make):
    session = make.session(secrecy="secret", code_name="Chim én", chain=make.chain("Chuỗi CANARY-7"))
    make.delegate(session)

    text = " ".join(PdfReader(BytesIO(sheet_of(session, Wish()))).pages[0].extract_text().split())

    assert [word for word in ("Chim én", "CANARY") if word in text] == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["Trần Văn Ánh", "Lê Thị Bình", "Nguyễn Văn Cường"]),
        ("number", ["Nguyễn Văn Cường", "Trần Văn Ánh", "Lê Thị Bình"]),
        ("delegation", ["Lê Thị Bình", "Trần Văn Ánh", "Nguyễn Văn Cường"]),
    ],
)
def test_sheets_are_ordered_as_asked(make, order, expected):
    session = make.session()
    later, sooner = make.unit("Xã B", position=2), make.unit("Xã A", position=1)
    make.delegate(session, make.person("Nguyễn Văn Cường"), delegation=later, number=1)
    make.delegate(session, make.person("Trần Văn Ánh"), delegation=later, number=2)
    make.delegate(session, make.person("Lê Thị Bình"), delegation=sooner, number=3)

    pages = PdfReader(BytesIO(sheet_of(session, Wish(order=order, one_per_page=True)))).pages

    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert [next(name for name in expected if name in text) for text in texts] == expected
