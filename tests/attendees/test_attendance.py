"""Attendance: every figure derived from scans, right at any past moment, and adding up."""

import datetime as dt
import uuid

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendees.models import Delegate, Scan
from attendees.services import annulments, attendance, badges, rounds, scans
from attendees.services.scans import Attempt
from attendees.verdicts import Direction
from planner.access import SYSTEM

Reply = Delegate.Reply


class Hall:
    """A session from 08:00 to 11:00 with so many delegates; people pass the door at hours of that day."""

    def __init__(self, make, delegates: int, **fields) -> None:
        self.make = make
        self.session = make.session("08:00-11:00", **fields)
        self.rows = [make.delegate(self.session) for _ in range(delegates)]
        self.gate = make.gate(self.session, "Cửa 1")
        badges.issue(session=self.session, by=SYSTEM)
        self.held = badges.held_in(self.session)

    def passes(self, hour: str, *rows: Delegate, out: bool = False) -> list[Scan]:
        """These go through the door at that hour."""
        direction = Direction.OUT if out else Direction.IN
        with time_machine.travel(self.make.at(hour), tick=False):
            return [
                scans.decide(
                    session=self.session,
                    attempt=Attempt(uuid.uuid4(), self.code(row), gate=self.gate, direction=direction),
                    by=SYSTEM,
                )
                for row in rows
            ]

    def code(self, row: Delegate) -> str:
        return badges.token_of(self.held[row.person_id])

    def at(self, hour: str) -> attendance.Figures:
        return attendance.figures(self.session, at=self.make.at(hour))


def told(tally: attendance.Tally) -> tuple[int, ...]:
    return (tally.summoned, tally.present_now, tally.ever_present, tally.excused, tally.absent)


def test_everybody_is_absent_before_the_doors_open(make):
    assert told(Hall(make, 3).at("06:00").total) == (3, 0, 0, 0, 3)


def test_figures_are_right_at_any_past_moment(make):
    hall = Hall(make, 4)
    early, late, leaves, _absent = hall.rows
    hall.passes("07:30", early, leaves)
    hall.passes("08:20", late)
    hall.passes("09:00", leaves, out=True)
    hall.passes("09:30", leaves)

    assert [told(hall.at(hour).total) for hour in ("07:29", "07:40", "08:30", "09:10", "10:00")] == [
        (4, 0, 0, 0, 4),
        (4, 2, 2, 0, 2),
        (4, 3, 3, 0, 1),
        (4, 2, 3, 0, 1),
        (4, 3, 3, 0, 1),
    ]


def test_late_and_left_early_are_told_apart(make):
    hall = Hall(make, 3)
    punctual, late, restless = hall.rows
    hall.passes("07:50", punctual, restless)
    hall.passes("08:01", late)
    hall.passes("10:00", restless, out=True)
    hall.passes("11:05", punctual, late, out=True)

    figures = hall.at("11:30")

    assert (figures.total.late, figures.total.left_early) == (1, 1)
    by_row = {one.delegate.pk: (one.is_late, one.left_early) for one in figures.presences}
    assert by_row == {punctual.pk: (False, False), late.pk: (True, False), restless.pk: (False, True)}


def test_whoever_is_excused_but_comes_is_present(make):
    hall = Hall(make, 3)
    for row in hall.rows[:2]:
        row.reply = Reply.EXCUSED
        row.save(update_fields=["reply"])
    hall.passes("07:30", hall.rows[0])

    assert told(hall.at("08:30").total) == (3, 1, 1, 1, 1)


def test_an_annulled_scan_never_happened(make):
    hall = Hall(make, 1)
    (scan,) = hall.passes("07:30", *hall.rows)

    with time_machine.travel(make.at("09:00"), tick=False):
        annulments.annul(scan=scan, by=SYSTEM)

    assert told(hall.at("08:00").total) == (1, 0, 0, 0, 1)


def test_guests_and_walk_ins_stand_apart_from_those_summoned(make):
    hall = Hall(make, 2)
    guest = make.delegate(hall.session, role=Delegate.Role.GUEST)
    walk_in = make.delegate(hall.session)
    badges.issue(session=hall.session, by=SYSTEM)
    hall.held = badges.held_in(hall.session)
    hall.held[walk_in.person_id].is_provisional = True
    hall.held[walk_in.person_id].save()
    hall.passes("07:30", hall.rows[0], guest, walk_in)

    figures = hall.at("08:00")

    assert told(figures.total) == (2, 1, 1, 0, 1)
    assert figures.guests.present_now == 2
    assert {name: tally.present_now for name, tally in figures.by_category.items()} == {
        "summoned": 1,
        "guest": 1,
        "provisional": 1,
    }


def test_after_lunch_a_new_round_counts_afresh_and_the_missing_are_explained(make):
    hall = Hall(make, 10)
    hall.rows[9].reply = Reply.EXCUSED
    hall.rows[9].save()
    hall.passes("07:30", *hall.rows[:8])
    rounds.open_next(session=hall.session, opens_at=make.at("09:30"), by=SYSTEM)

    again = hall.passes("09:40", *hall.rows[:5])
    figures = hall.at("10:00")

    assert {scan.verdict for scan in again} == {"admitted"}
    assert told(figures.total) == (10, 5, 8, 1, 1)
    assert figures.total.left_early == 3
    assert told(hall.at("09:00").total) == (10, 8, 8, 1, 1)


def test_figures_by_unit_show_the_worst_first_with_the_heads_telephone(make):
    hall = Hall(make, 0)
    good, bad = make.unit("Xã A"), make.unit("Xã B")
    present = make.delegate(hall.session, delegation=good)
    make.delegate(hall.session, delegation=bad, position=5)
    head = make.delegate(hall.session, delegation=bad, position=1)
    badges.issue(session=hall.session, by=SYSTEM)
    hall.held = badges.held_in(hall.session)
    hall.passes("07:30", present)

    rows = hall.at("08:00").by_unit

    assert [(row.unit, row.tally.summoned, row.tally.absent, row.phone) for row in rows] == [
        ("Xã B", 2, 2, head.person.phone),
        ("Xã A", 1, 0, present.person.phone),
    ]


def test_arrivals_are_counted_by_the_minute_and_gate_once_each(make):
    hall = Hall(make, 3)
    hall.passes("07:30", *hall.rows[:2])
    hall.passes("07:31", hall.rows[0], out=True)
    hall.passes("07:32", hall.rows[0], hall.rows[2])

    figures = hall.at("08:00")

    assert figures.arrivals == [(make.at("07:30"), 2), (make.at("07:32"), 1)]
    assert figures.by_gate == {"Cửa 1": 3}


def test_quorum_is_two_thirds_of_those_summoned_and_says_what_is_missing(make):
    make.quorum_rule()
    hall = Hall(make, 4)
    hall.passes("07:30", *hall.rows[:2])
    short = hall.at("08:00").quorum
    hall.passes("08:10", hall.rows[2])
    enough = hall.at("08:15").quorum

    assert [(c.base, c.needed, c.have, c.missing, c.met) for c in short + enough] == [
        (4, 3, 2, 1, False),
        (4, 3, 3, 0, True),
    ]


def test_a_congress_needs_delegates_and_organisations(make):
    make.quorum_rule(kind="congress", base="delegates")
    make.quorum_rule(kind="congress", base="organisations")
    hall = Hall(make, 0, kind="congress")
    units = [make.unit() for _ in range(3)]
    rows = [make.delegate(hall.session, delegation=units[n // 2]) for n in range(6)]
    badges.issue(session=hall.session, by=SYSTEM)
    hall.held = badges.held_in(hall.session)
    hall.passes("07:30", *rows[:2])
    figures = hall.at("08:00")

    assert [(c.base, c.needed, c.have) for c in figures.quorum] == [(6, 4, 2), (3, 2, 1)]
    assert not figures.has_quorum


def test_the_base_of_all_members_is_the_body_whoever_is_on_the_list(make):
    body = make.body(members=5)
    make.quorum_rule(body, base="all_members", numerator=1, denominator=2, is_strict=True)
    session = make.session(body=body)
    for membership in body.memberships.all()[:3]:
        make.delegate(session, membership.person)
    make.delegate(session, role=Delegate.Role.INVITED)

    (condition,) = attendance.figures(session).quorum

    assert (condition.base, condition.needed, condition.have) == (5, 3, 0)


def test_figures_cost_the_same_for_three_and_for_thirty(make, django_assert_num_queries):
    small, large = Hall(make, 3), Hall(make, 30)
    small.passes("07:30", *small.rows)
    large.passes("07:30", *large.rows)

    for hall in (small, large):
        with django_assert_num_queries(6):
            hall.at("08:00")


steps = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["in", "out", "annul"])), max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps)
def test_totals_equal_a_recount_from_raw_scans(make, walk):
    hall = Hall(make, 5)
    hall.rows[4].reply = Reply.EXCUSED
    hall.rows[4].save()
    for minute, (who, deed) in enumerate(walk):
        hour = f"07:{10 + minute:02d}"
        if deed == "annul":
            last = Scan.objects.filter(delegate=hall.rows[who], annulled_by=None, annuls=None)
            if scan := last.filter(verdict__in=["admitted", "left"]).order_by("-id").first():
                with time_machine.travel(make.at(hour), tick=False):
                    annulments.annul(scan=scan, by=SYSTEM)
        else:
            hall.passes(hour, hall.rows[who], out=deed == "out")

    total = hall.at("08:00").total

    inside, ever = recounted(hall)
    assert (total.present_now, total.ever_present) == (len(inside), len(ever))
    assert total.ever_present + total.excused + total.substituted + total.absent == 5


def recounted(hall: Hall) -> tuple[set[int], set[int]]:
    """Who is inside and who ever came, counted from the rows in another way."""
    inside: set[int] = set()
    ever: set[int] = set()
    undone = set(Scan.objects.filter(kind="annul").values_list("annuls_id", flat=True))
    for scan in Scan.objects.filter(session=hall.session).order_by("corrected_at", "id"):
        if scan.pk in undone or scan.kind == "annul" or scan.delegate_id is None:
            continue
        if scan.verdict == "admitted":
            inside.add(scan.delegate_id)
            ever.add(scan.delegate_id)
        if scan.verdict == "left":
            inside.discard(scan.delegate_id)
    return inside, ever


@pytest.mark.parametrize("minutes", [0, 1])
def test_the_opening_instant_is_not_late(make, minutes):
    hall = Hall(make, 1)
    moment = hall.session.starts_at + dt.timedelta(minutes=minutes)
    with time_machine.travel(moment, tick=False):
        attempt = Attempt(uuid.uuid4(), hall.code(hall.rows[0]))
        scans.decide(session=hall.session, attempt=attempt, by=SYSTEM)

    assert hall.at("09:00").total.late == minutes
