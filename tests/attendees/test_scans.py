"""Scans: one function decides, every attempt is a row, one badge enters once however many doors race."""

import datetime as dt
import json
import threading
import uuid

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from attendees.models import Badge, Scan
from attendees.services import annulments, badges, devices, rounds, scans
from attendees.services.annulments import NothingToAnnul, UndoTooLate
from attendees.services.scans import Attempt, ScanIdReused, WrongGate
from attendees.verdicts import Direction, Verdict
from planner.access import SYSTEM, Role


@pytest.fixture
def door(make):
    """A session whose doors are open, one delegate with a badge, two gates."""
    return Door(make)


class Door:
    def __init__(self, make) -> None:
        self.make = make
        now = timezone.now()
        self.session = make.session()
        self.session.starts_at, self.session.ends_at = (
            now + dt.timedelta(minutes=10),
            now + dt.timedelta(hours=3),
        )
        self.session.save()
        self.delegate = make.delegate(self.session, seat="A-12", delegation=make.unit("Phường Thuận Hóa"))
        (self.badge,) = badges.issue(session=self.session, by=SYSTEM)
        self.token = badges.token_of(self.badge)
        self.gate, self.other = make.gate(self.session, "Cửa 1"), make.gate(self.session, "Cửa 2")

    def scan(self, code: str | None = None, *, scan_id=None, by=SYSTEM, **fields) -> Scan:
        gate = fields.pop("gate", self.gate)
        attempt = Attempt(scan_id or uuid.uuid4(), self.token if code is None else code, gate=gate, **fields)
        return scans.decide(session=self.session, attempt=attempt, by=by)


def test_a_valid_badge_is_admitted_and_the_door_told_who_it_is(door):
    scan = door.scan()

    assert scan.answer | {"scan_id": "", "decided_at": ""} == {
        "scan_id": "",
        "verdict": "admitted",
        "round_id": str(door.session.rounds.get().pk),
        "person": door.delegate.printed_name,
        "delegation": "Phường Thuận Hóa",
        "category": "summoned",
        "seat": "A-12",
        "note": None,
        "first": None,
        "decided_at": "",
    }


def test_the_second_scan_names_door_and_time_of_the_first(door):
    first = door.scan()

    second = door.scan(gate=door.other)

    assert second.verdict == Verdict.ALREADY_IN
    assert second.answer["first"]["gate"] == "Cửa 1"
    told = dt.datetime.fromisoformat(second.answer["first"]["at"])
    assert abs(told - first.corrected_at) < dt.timedelta(milliseconds=1)


def test_every_attempt_is_a_row(door):
    forged = door.token[:4] + "1" * 30

    verdicts = [door.scan(code).verdict for code in (door.token, door.token, forged, "rác")]

    assert verdicts == ["admitted", "already_in", "unknown", "unknown"]
    assert list(Scan.objects.order_by("id").values_list("verdict", flat=True)) == verdicts


def test_the_log_of_scans_keeps_no_code(door):
    door.scan()
    door.scan(badges.typed_of(door.badge))

    kept = " ".join(str(value) for row in Scan.objects.values_list() for value in row)

    assert door.token[4:] not in kept
    assert badges.typed_of(door.badge) not in kept


def test_the_typed_code_admits_too(door):
    typed = badges.typed_of(door.badge)

    assert door.scan(f"{typed[:4]} {typed[4:]}").verdict == Verdict.ADMITTED


def test_replaying_a_scan_returns_the_stored_answer_even_after_the_badge_is_revoked(door):
    scan_id = uuid.uuid4()
    first = door.scan(scan_id=scan_id)
    badges.revoke(badge=door.badge, session=door.session, by=SYSTEM)

    again = door.scan(scan_id=scan_id)

    assert (again.pk, again.answer) == (first.pk, first.answer)
    assert door.scan().verdict == Verdict.CANCELLED


def test_a_scan_id_names_one_code_for_good(door):
    scan_id = uuid.uuid4()
    door.scan(scan_id=scan_id)

    with pytest.raises(ScanIdReused):
        door.scan("1" * 34, scan_id=scan_id)

    assert Scan.objects.count() == 1


def test_a_device_scans_for_its_own_gate(door):
    device = devices.invite(session=door.session, gate="Cửa 1", role="scan", by=SYSTEM).device

    with pytest.raises(WrongGate):
        door.scan(device=device, gate=door.other)


def test_replaced_and_cancelled_and_foreign_badges_are_refused_by_name(door):
    new = badges.replace(badge=door.badge, session=door.session, by=SYSTEM)
    other = Door(door.make)

    assert door.scan().verdict == Verdict.REPLACED
    assert door.scan(other.token).verdict == Verdict.WRONG_SESSION
    assert door.scan(badges.token_of(new)).verdict == Verdict.ADMITTED


def test_the_owner_of_a_reprinted_badge_counts_once(door):
    door.scan()
    new = badges.replace(badge=door.badge, session=door.session, by=SYSTEM)

    assert door.scan(badges.token_of(new)).verdict == Verdict.ALREADY_IN
    assert Scan.objects.filter(verdict="admitted").count() == 1


def test_a_badge_of_the_chain_opens_only_sessions_its_holder_is_called_to(door):
    make = door.make
    chain = make.chain()
    btv, bch = make.session(chain=chain), make.session("14:00-17:00", chain=chain)
    member, guest = make.delegate(btv), make.delegate(bch)
    badges.issue(session=btv, by=SYSTEM)
    badges.issue(session=bch, by=SYSTEM)
    held = badges.held_in(btv)

    with time_machine.travel(btv.starts_at, tick=False):
        own = scans.decide(session=btv, attempt=attempt_of(held[member.person_id]), by=SYSTEM)
        other = scans.decide(session=btv, attempt=attempt_of(held[guest.person_id]), by=SYSTEM)

    assert (own.verdict, other.verdict) == (Verdict.ADMITTED, Verdict.WRONG_SESSION)


def attempt_of(badge: Badge) -> Attempt:
    return Attempt(uuid.uuid4(), badges.token_of(badge))


@pytest.mark.parametrize(
    ("minutes_from_start", "expected"),
    [
        (-61, "too_early"),
        (-60, "admitted"),
        (30, "admitted"),
        (3 * 60 + 59, "admitted"),
        (4 * 60, "too_late"),
    ],
)
def test_doors_open_an_hour_before_and_close_an_hour_after(make, minutes_from_start, expected):
    session = make.session("08:00-11:00")
    make.delegate(session)
    (badge,) = badges.issue(session=session, by=SYSTEM)

    with time_machine.travel(session.starts_at + dt.timedelta(minutes=minutes_from_start), tick=False):
        scan = scans.decide(session=session, attempt=attempt_of(badge), by=SYSTEM)

    assert scan.verdict == expected


def test_a_devices_wrong_clock_does_not_change_an_online_verdict(door):
    a_day = dt.timedelta(days=1)

    assert door.scan(scanned_at=timezone.now() - a_day).verdict == Verdict.ADMITTED
    assert door.scan(scanned_at=timezone.now() + a_day).verdict == Verdict.ALREADY_IN


def test_a_new_round_starts_duplicates_afresh_and_leaves_the_old_one_alone(door):
    door.scan()
    second = rounds.open_next(session=door.session, by=SYSTEM)

    scan = door.scan()

    assert (scan.verdict, scan.round_id) == (Verdict.ADMITTED, second.pk)
    assert door.session.rounds.get(number=1).scans.count() == 1


def test_out_and_in_again(door):
    door.scan()

    assert door.scan(direction=Direction.OUT).verdict == Verdict.LEFT
    assert door.scan().verdict == Verdict.ADMITTED
    assert door.scan().verdict == Verdict.ALREADY_IN


def test_an_annulled_entrance_is_as_if_it_had_not_been(door):
    scan = door.scan()

    undone = annulments.annul(scan=scan, reason="quét nhầm", by=SYSTEM)

    assert annulments.annul(scan=scan, by=SYSTEM).pk == undone.pk
    assert door.scan().verdict == Verdict.ADMITTED
    with pytest.raises(NothingToAnnul):
        annulments.annul(scan=door.scan(), by=SYSTEM)


def test_the_door_undoes_its_own_scan_for_five_minutes_and_the_desk_later(door):
    reception = door.make.actor(Role.RECEPTION)
    invited = devices.invite(session=door.session, gate="Cửa 1", role="scan", by=SYSTEM)
    device, actor = invited.device, devices.actor_for_token(devices.pair(code=invited.code).token)
    assert actor
    scan = door.scan(by=actor, device=device)

    with (
        time_machine.travel(scan.received_at + dt.timedelta(minutes=6), tick=False),
        pytest.raises(UndoTooLate),
    ):
        annulments.annul(scan=scan, by=actor)

    assert annulments.annul(scan=scan, by=reception).annuls_id == scan.pk


def test_the_database_itself_lets_a_delegate_in_once_a_stay(door):
    scan = door.scan()
    twin = Scan.objects.get(pk=scan.pk)
    twin.pk, twin.scan_id = None, uuid.uuid4()

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_scan_can_be_neither_changed_nor_deleted(door):
    scan = door.scan()

    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(verdict="unknown")
    with pytest.raises(IntegrityError), transaction.atomic():
        scan.delete()


def test_who_was_let_in_offline_stays_in_and_who_was_refused_stays_refused(door):
    earlier = timezone.now() - dt.timedelta(minutes=5)
    online = door.scan()

    admitted = door.scan(gate=door.other, offline=Verdict.ADMITTED, corrected_at=earlier)
    refused = door.scan(offline=Verdict.ALREADY_IN, corrected_at=earlier)

    assert (online.verdict, admitted.verdict, refused.verdict) == ("admitted", "admitted", "already_in")
    assert (admitted.decided_offline, admitted.offline_verdict) == (True, "admitted")


def test_a_badge_cancelled_meanwhile_does_not_count_though_the_door_let_it_in(door):
    badges.revoke(badge=door.badge, session=door.session, by=SYSTEM)

    scan = door.scan(offline=Verdict.ADMITTED, corrected_at=timezone.now())

    assert (scan.verdict, scan.offline_verdict) == ("cancelled", "admitted")


def test_a_scan_costs_a_constant_number_of_queries(door, django_assert_max_num_queries):
    for _ in range(30):
        door.scan()

    with django_assert_max_num_queries(14):
        door.scan()


@pytest.mark.django_db(transaction=True)
def test_fifty_doors_racing_on_one_badge_admit_it_once(make):
    door = Door(make)
    start = threading.Barrier(10)
    verdicts: list[str] = []

    def race() -> None:
        try:
            start.wait()
            for _ in range(5):
                verdicts.append(door.scan(gate=None).verdict)
        finally:
            connection.close()

    racers = [threading.Thread(target=race) for _ in range(10)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(verdicts) == ["admitted"] + ["already_in"] * 49


@pytest.mark.django_db(transaction=True)
def test_one_scan_sent_ten_times_at_once_is_one_row_and_one_answer(make):
    door = Door(make)
    scan_id, start = uuid.uuid4(), threading.Barrier(10)
    answers: list[str] = []

    def send() -> None:
        try:
            start.wait()
            answers.append(json.dumps(door.scan(scan_id=scan_id).answer, sort_keys=True))
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(10)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert (len(answers), len(set(answers)), Scan.objects.count()) == (10, 1, 1)
