"""The demo office feels real, is the same for the same seed, and holds nothing that is not true."""

import datetime as dt
import stat
from collections import Counter
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.test import Client
from django.utils import timezone

from attendees.models import Badge, Delegate, Invitation, Reply, Scan
from planner.management.demo import build, logins
from planner.management.demo.names import Registry
from planner.models import (
    AgendaItem,
    Body,
    Engagement,
    Membership,
    Office,
    Person,
    Session,
    SessionChair,
    StandingRule,
    Unit,
    User,
    WeekSchedule,
)
from planner.services import holidays, links, people
from planner.slots.recurrence import OnDayOff, Rhythm, standing
from rooms.models import Booking


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker):
    """One demo office for all tests that only look at it; undone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build.fill(size="province", seed=1)
        transaction.set_rollback(True)


def test_the_bodies_have_the_sizes_of_a_province(province):
    sizes = dict(Body.objects.annotate(n=Count("memberships")).values_list("kind", "n"))

    assert sizes == {"BCH": 52, "BTV": 15, "THUONG_TRUC": 4, "UBKT": 9, "CONGRESS": 0}


def test_board_and_committee_are_nested_and_led_by_one_secretary(province):
    seats = {
        kind: set(Membership.objects.filter(body__kind=kind).values_list("person", flat=True))
        for kind in ("BCH", "BTV", "THUONG_TRUC")
    }

    assert seats["THUONG_TRUC"] < seats["BTV"] < seats["BCH"]
    assert Membership.objects.filter(body__kind="BCH", role="secretary").count() == 1


def test_the_committee_overlaps_communes_and_departments_as_in_the_walk_of_173(province):
    committee = set(Membership.objects.filter(body__kind="BCH").values_list("person", flat=True))
    secretaries = set(
        Person.objects.filter(
            appointments__post__name="Bí thư", appointments__unit__name__regex="^Đảng ủy (xã|phường|đặc khu) "
        ).values_list("pk", flat=True)
    )
    directors = set(
        Person.objects.filter(
            appointments__post__name="Giám đốc", appointments__unit__name__startswith="Sở "
        ).values_list("pk", flat=True)
    )

    assert (len(secretaries), len(secretaries & committee)) == (124, 6)
    assert (len(directors), len(directors & committee)) == (12, 9)
    assert len(committee | secretaries | directors) == 173


def test_one_hundred_and_eighteen_key_officials_hold_the_committee(province):
    tagged = {person.pk for person in Person.objects.exclude(tags=[]) if "cán bộ chủ chốt" in person.tags}
    committee = set(Membership.objects.filter(body__kind="BCH").values_list("person", flat=True))

    assert len(tagged) == 118
    assert committee < tagged


def test_nothing_can_be_mailed_to_anybody_real(province):
    addresses = [
        *Person.objects.values_list("email", flat=True),
        *User.objects.values_list("email", flat=True),
        *Office.objects.values_list("email", flat=True),
        *Invitation.objects.values_list("sent_to", flat=True),
    ]

    assert {address for address in addresses if not address.endswith(".example")} == set()
    assert not Session.objects.filter(is_demo=False).exists()


def test_stored_ranks_and_search_keys_are_those_the_service_would_write(province):
    with transaction.atomic():
        assert people.refresh(Person.objects.values_list("pk", flat=True)) == 0
        assert people.catch_up() == 0


def test_ordinals_run_without_gap_and_are_final_only_for_what_was_held(province):
    for kind in ("BCH", "UBKT"):
        rows = Session.objects.filter(body__kind=kind, ordinal__isnull=False).order_by("starts_at")
        assert [row.ordinal for row in rows] == list(range(1, len(rows) + 1))
        assert {row.ordinal_is_final for row in rows.filter(state="held")} == {True}
        assert not rows.exclude(state="held").filter(ordinal_is_final=True).exists()


def test_every_turn_of_a_rhythm_has_its_session_and_the_next_one_is_proposed(province):
    today = timezone.localdate()
    for rule in StandingRule.objects.select_related("body"):
        planned = set(rule.sessions.values_list("occurrence_on", flat=True))
        rhythm = Rhythm(rule.rrule, rule.starts_on, OnDayOff(rule.on_day_off))
        found = standing(rhythm, holidays.calendar(), planned=planned, today=today)
        assert (found.overdue, found.next_due is not None) == ((), True)


def test_each_answer_is_the_last_reply_and_never_later_than_now(province):
    latest = {}
    for reply in Reply.objects.order_by("at", "id"):
        latest[reply.delegate_id] = reply.status
    stored = dict(Delegate.objects.exclude(reply="none").values_list("pk", "reply"))

    assert stored == latest
    assert Reply.objects.aggregate(last=Max("at"))["last"] <= timezone.now()


def test_links_of_invitations_open(province):
    invitation = Invitation.objects.filter(delegate__session__state="published").first()

    assert invitation.digest == links.digest(links.token("invitation", invitation.delegate_id, 1))


def test_nobody_chairs_two_sessions_at_once_but_in_the_draft_that_shows_a_clash(province):
    chairs = SessionChair.objects.filter(session__state__in=["published", "held"])
    clashes = chairs.filter(
        person__chaired__session__state__in=["published", "held"],
        person__chaired__session__starts_at__lt=F("session__ends_at"),
        person__chaired__session__ends_at__gt=F("session__starts_at"),
    ).exclude(person__chaired__session=F("session"))

    assert clashes.count() == 0
    assert Session.objects.filter(state="draft", title__startswith="Làm việc với Hiệp hội").count() == 1


def test_published_sessions_of_next_week_stand_in_rooms_large_enough(province):
    listed = Count("session__delegates", distinct=True)
    rows = Booking.objects.filter(session__state="published", role="main").annotate(people=listed)

    assert rows.count() >= 10
    assert not rows.filter(layout__seats__lt=F("people")).exists()


def test_a_personnel_afternoon_is_a_chain_of_four_in_one_hall(province):
    chain = Session.objects.filter(chain__isnull=False, starts_at__gte=timezone.now()).order_by(
        "chain_position"
    )

    assert [row.delegates.count() for row in chain][1:3] == [52, 118]
    assert {row.bookings.get().room.name for row in chain} == {"Hội trường lớn Tỉnh ủy"}
    assert Badge.objects.filter(series__chain=chain[0].chain_id).count() >= 118


def test_the_secret_session_is_a_shell(province):
    secret = Session.objects.get(secrecy="secret")

    assert (secret.title, secret.agenda.count(), secret.code_name[:3]) == ("", 0, "TT-")
    assert not Reply.objects.filter(delegate__session=secret).exclude(reason="").exists()


def test_weeks_around_today_are_as_full_as_published_ones(province):
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    begins = timezone.make_aware(dt.datetime.combine(monday, dt.time.min))
    within = Q(starts_at__gte=begins, starts_at__lt=begins + dt.timedelta(days=7))

    assert Session.objects.filter(within).count() + Engagement.objects.filter(within).count() >= 15
    assert Scan.objects.filter(session__state="held").count() > 2000
    assert AgendaItem.objects.filter(session__body__kind="BTV").count() > 100


def test_this_week_and_the_next_are_approved_and_the_one_after_is_not(province):
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    weeks = [(monday + dt.timedelta(weeks=ahead)).isocalendar() for ahead in (0, 1, 2)]

    states = [
        WeekSchedule.objects.filter(iso_year=iso.year, iso_week=iso.week)
        .values_list("state", flat=True)
        .first()
        for iso in weeks
    ]

    assert states == ["approved", "approved", None]


def test_all_124_communes_are_real_ones_with_their_party_committees(province):
    home = Unit.objects.get(name="Tỉnh Lâm Đồng")
    communes = Unit.objects.filter(parent=home, ends_on=None)
    committees = Unit.objects.filter(kind="party_committee", territory__in=communes)

    assert (communes.count(), committees.count()) == (124, 124)
    assert committees.filter(name="Đảng ủy xã Tà Đùng").count() == 1


def test_one_account_a_role_and_a_file_only_its_owner_may_read(province):
    path = Path(settings.VAR_DIR) / logins.FILE
    rows = [line.split() for line in path.read_text().splitlines()]

    assert [row[:2] for row in rows] == [
        ["administrator", "admin"],
        ["head_of_office", "chanhvanphong"],
        ["planner", "chuyenvien"],
        ["reception", "letan"],
        ["viewer", "xem"],
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with transaction.atomic():
        assert all(Client().login(username=user, password=password) for _role, user, password in rows)


def picture():
    """What an office looks like, without row ids and secrets."""
    sessions = Session.objects.order_by("starts_at", "uid").values_list(
        "uid", "title", "state", "starts_at", "ordinal"
    )
    delegates = Delegate.objects.order_by("session__uid", "number", "printed_name")
    scans = Scan.objects.order_by("scan_id").values_list("scan_id", "corrected_at")
    people_rows = Person.objects.order_by("email").values_list(
        "full_name", "email", "phone", "rank", "seniority"
    )
    return [
        list(sessions),
        list(delegates.values_list("session__uid", "printed_name", "printed_post", "reply", "replied_at")),
        list(scans),
        list(people_rows),
        list(
            Booking.objects.order_by("starts_at", "session__uid").values_list(
                "room__name", "starts_at", "ends_at"
            )
        ),
        list(
            Engagement.objects.order_by("starts_at", "content").values_list("content", "place", "starts_at")
        ),
    ]


def test_the_same_seed_gives_the_same_office_and_a_ward_has_the_sizes_of_a_ward(db):
    pictures = []
    for _time in range(2):
        with transaction.atomic():
            build.fill(size="ward", seed=7)
            pictures.append(picture())
            sizes = Counter(Membership.objects.values_list("body__kind", flat=True))
            congress = Session.objects.filter(kind="congress").first().delegates.count()
            transaction.set_rollback(True)

    assert pictures[0] == pictures[1]
    assert (sizes["BCH"], sizes["BTV"], sizes["THUONG_TRUC"], congress) == (33, 11, 3, 250)


def test_a_full_hall_lies_ahead_with_four_gates_and_a_badge_for_everybody(db):
    build.fill(size="hall", seed=1)

    event = Session.objects.get(kind="review", title__startswith="Hội nghị tổng kết công tác năm")

    assert event.starts_at > timezone.now()
    assert (event.delegates.count(), event.gates.count()) == (650, 4)
    assert Badge.objects.filter(series__session=event).count() == 650


def test_another_seed_invents_other_people():
    first, second = (Registry(Random(seed), "tinh.example") for seed in (1, 2))

    assert [first.name() for _each in range(9)] != [second.name() for _each in range(9)]


def test_an_office_that_holds_anything_is_left_alone(make):
    make.person()

    with pytest.raises(CommandError, match="holds an office already"):
        call_command("demo", size="ward")

    assert Session.objects.count() == 0


def test_a_token_is_printed_alone_and_works(make):
    make.user(username="chuongtrinh")
    out = StringIO()

    call_command(
        "token", "create", "--user", "chuongtrinh", "--name", "đồng bộ", "--scope", "read", stdout=out
    )

    text = out.getvalue().strip()
    answer = Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/me")
    assert (len(text.split()), answer.status_code) == (1, 200)


def test_a_token_of_nobody_is_refused_in_plain_words(db):
    with pytest.raises(CommandError, match="no active account"):
        call_command("token", "create", "--user", "ai-do", "--name", "x")


def test_the_first_page_makes_the_administrator_and_then_closes(db):
    client = Client()
    form = {"name": "Văn phòng Đảng ủy", "kind": "commune", "full_name": "Lê Thị Thu", "username": "quantri"}

    led_to = client.get("/login/").url
    weak = client.post("/welcome/", form | {"password": "123"})
    made = client.post("/welcome/", form | {"password": "một câu dài dễ nhớ 2026"})

    assert (weak.status_code, list(weak.context["form"].errors)) == (422, ["password"])
    assert led_to == "/welcome/"
    assert (made.status_code, made.url) == (302, "/")
    assert client.get("/office/").status_code == 200
    assert Client().get("/welcome/").url == "/login/"
