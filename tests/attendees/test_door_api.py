"""The door over HTTP: badges, pairing, scans, batches, rounds, figures, roll-call."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from attendees.models import Conflict, Device, Scan
from attendees.services import badges, sheets
from planner.access import SYSTEM, Role
from planner.models import Job
from planner.services import links
from tests.make import ApiClient


class Door:
    """A session whose doors are open now, three delegates with badges, an office and a paired device."""

    def __init__(self, make) -> None:
        now = timezone.now()
        self.make = make
        self.session = make.session()
        self.session.starts_at, self.session.ends_at = (
            now + dt.timedelta(minutes=30),
            now + dt.timedelta(hours=4),
        )
        self.session.save()
        self.rows = [make.delegate(self.session, seat=f"A-{n}") for n in range(1, 4)]
        badges.issue(session=self.session, by=SYSTEM)
        self.held = badges.held_in(self.session)
        self.office = make.api_client()

    def device(self, gate: str = "Cửa 1", role: str = "scan") -> ApiClient:
        body = {"session_id": str(self.session.pk), "gate": gate, "role": role}
        code = self.office.post("devices", body).json()["code"]
        return ApiClient(pair(code).json()["token"])

    def code(self, n: int = 0) -> str:
        return badges.token_of(self.held[self.rows[n].person_id])

    def scan(self, at: ApiClient, n: int = 0, **fields):
        return at.post("scans", {"scan_id": str(uuid.uuid4()), "code": self.code(n)} | fields)


def pair(code: str):
    return Client().post("/api/v1/devices/pair", {"code": code}, content_type="application/json")


@pytest.fixture
def door(make) -> Door:
    return Door(make)


def test_a_code_pairs_one_device_once(door):
    body = {"session_id": str(door.session.pk), "gate": "Cửa 1", "role": "scan"}
    code = door.office.post("devices", body).json()["code"]

    first, second = pair(f"{code[:4].lower()}-{code[4:]}"), pair(code)

    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 422, "code_not_valid")
    device = Device.objects.get()
    assert device.token_digest == links.digest(first.json()["token"])
    assert device.code_digest is None


def test_a_code_older_than_ten_minutes_pairs_nothing(door):
    body = {"session_id": str(door.session.pk), "gate": "Cửa 1"}
    code = door.office.post("devices", body).json()["code"]
    Device.objects.update(code_expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert pair(code).status_code == 422


def test_a_viewer_invites_no_device(door):
    body = {"session_id": str(door.session.pk), "gate": "Cửa 1"}

    answer = door.make.api_client(Role.VIEWER).post("devices", body)

    assert (answer.status_code, Device.objects.count()) == (403, 0)


def test_a_paired_device_scans_and_is_told_who_came(door):
    device = door.device()

    first, second = door.scan(device).json(), door.scan(device).json()

    row = door.rows[0]
    assert (first["verdict"], first["person"], first["seat"]) == ("admitted", row.printed_name, "A-1")
    assert (second["verdict"], second["first"]["gate"]) == ("already_in", "Cửa 1")
    assert first["round_id"] == str(door.session.rounds.get().pk)


def test_the_same_scan_id_gets_the_stored_answer_and_another_code_is_refused(door):
    device, scan_id = door.device(), str(uuid.uuid4())

    first = door.scan(device, scan_id=scan_id)
    again = door.scan(device, scan_id=scan_id)
    other = door.scan(device, 1, scan_id=scan_id)

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "scan_id_reused")


def test_another_gate_than_the_devices_is_refused(door):
    answer = door.scan(door.device("Cửa 1"), gate="Cửa 2")

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_gate")


def test_a_users_token_names_the_session(door):
    assert door.scan(door.office).json()["code"] == "session_needed"
    answer = door.scan(door.office, session_id=str(door.session.pk), gate="Bàn lễ tân")
    assert answer.json()["verdict"] == "admitted"


def test_a_device_knows_nothing_of_other_sessions(door):
    device, other = door.device(), Door(door.make)

    answers = [
        device.get(f"sessions/{other.session.pk}/rounds").status_code,
        device.get(f"sessions/{other.session.pk}/attendance").status_code,
        door.scan(device, session_id=str(other.session.pk)).status_code,
        device.get("people").json().get("count"),
        device.get("sessions").json().get("count"),
    ]

    assert answers == [404, 404, 404, 0, 0]


def test_a_revoked_device_is_nobody(door):
    device = door.device()
    pk = Device.objects.get().pk

    assert door.office.post(f"devices/{pk}/revoke").json()["state"] == "revoked"
    assert door.scan(device).status_code == 401


def test_a_device_is_told_its_door(door):
    told = door.device(role="search").get("devices/me").json()

    assert (told["gate"], told["role"], told["title"]) == ("Cửa 1", "search", door.session.title)
    assert told["session_id"] == str(door.session.pk)
    assert door.office.get("devices/me").json()["code"] == "not_a_device"


def test_a_device_of_a_secret_session_hears_no_name_of_it(make):
    door = Door(make)
    type(door.session).objects.filter(pk=door.session.pk).update(
        secrecy="secret", title="", code_name="CANARY", search_key=""
    )

    door.office = make.api_client(Role.ADMINISTRATOR)

    assert "CANARY" not in door.device().get("devices/me").content.decode()


def test_typed_codes_cannot_be_guessed_at_leisure(door):
    device = door.device()
    statuses = []
    for n in range(25):
        body = {"scan_id": str(uuid.uuid4()), "code": f"{n:08d}"}
        statuses.append(device.post("scans", body).status_code)

    assert (statuses[0], statuses[-1]) == (200, 429)
    assert statuses.index(429) == 20


def test_a_batch_gives_each_item_its_receipt_and_a_poisoned_one_blocks_none(door):
    device = door.device()
    good, spoilt, late = str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4())
    now = timezone.now()
    items = [
        {"scan_id": good, "code": door.code(0), "verdict": "admitted", "scanned_at": now.isoformat()},
        {"scan_id": spoilt, "code": 7},
        {"scan_id": late, "code": door.code(1), "gate": "Cửa 9"},
        {"scan_id": good, "code": door.code(0), "verdict": "admitted", "scanned_at": now.isoformat()},
    ]

    answer = device.post("scans/batch", {"items": items, "sent_at": now.isoformat(), "pending": 2}).json()

    told = [(one["scan_id"], one["receipt"], one["code"]) for one in answer["items"]]
    assert told == [
        (good, True, ""),
        (spoilt, False, "invalid"),
        (late, False, "wrong_gate"),
        (good, True, ""),
    ]
    assert list(Scan.objects.values_list("verdict", "decided_offline")) == [("admitted", True)]
    assert Device.objects.get().pending_count == 2


def test_a_batch_sets_a_wrong_clock_right(door):
    device, hour = door.device(), dt.timedelta(hours=1)
    real = timezone.now() - dt.timedelta(minutes=10)
    item = {"scan_id": str(uuid.uuid4()), "code": door.code(), "verdict": "admitted"}
    item["scanned_at"] = (real + hour).isoformat()

    device.post("scans/batch", {"items": [item], "sent_at": (timezone.now() + hour).isoformat()})

    assert abs(Scan.objects.get().corrected_at - real) < dt.timedelta(seconds=5)


def test_a_badge_let_in_by_two_doors_is_a_conflict_and_counts_once(door):
    first, second = door.device("Cửa 1"), door.device("Cửa 2", role="resolve")
    door.scan(first)
    item = {"scan_id": str(uuid.uuid4()), "code": door.code(), "verdict": "admitted"}
    item["scanned_at"] = timezone.now().isoformat()
    second.post("scans/batch", {"items": [item]})

    (card,) = second.get(f"sessions/{door.session.pk}/conflicts").json()["items"]
    figures = second.get(f"sessions/{door.session.pk}/attendance").json()

    assert (card["first"]["gate"], card["second"]["gate"], card["second"]["offline"]) == (
        "Cửa 1",
        "Cửa 2",
        True,
    )
    assert figures["present_now"] == 1
    assert first.post(f"conflicts/{card['id']}/resolve", {"resolution": "x"}).status_code == 403
    done = second.post(f"conflicts/{card['id']}/resolve", {"resolution": "Thẻ cho mượn; đã thu lại."}).json()
    assert done["resolved_by"] == "Cửa 2"
    assert not Conflict.objects.filter(resolved_at=None).exists()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 0, 1, 2, 2), (2, 0, 1)])
def test_the_order_and_repetition_of_uploads_change_nothing(door, order):
    devices = [door.device(f"Cửa {n}") for n in range(3)]
    now = timezone.now()
    items = [
        {
            "scan_id": str(uuid.uuid4()),
            "code": door.code(),
            "verdict": "admitted",
            "scanned_at": (now - dt.timedelta(minutes=10 - n)).isoformat(),
        }
        for n in range(3)
    ]

    for n in order:
        devices[n].post("scans/batch", {"items": [items[n]], "sent_at": now.isoformat()})

    cards = Conflict.objects.order_by("second__corrected_at").values_list(
        "first__gate__name", "second__gate__name"
    )
    assert list(cards) == [("Cửa 0", "Cửa 1"), ("Cửa 0", "Cửa 2")]
    assert door.office.get(f"sessions/{door.session.pk}/attendance").json()["present_now"] == 1


def test_a_scan_is_undone_over_http_once(door):
    device, scan_id = door.device(), str(uuid.uuid4())
    door.scan(device, scan_id=scan_id)

    answers = [device.post(f"scans/{scan_id}/annul", {"reason": "quét nhầm"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Scan.objects.filter(kind="annul").count() == 1
    assert device.post(f"scans/{uuid.uuid4()}/annul").status_code == 404


def test_rounds_are_listed_opened_and_frozen(door):
    path = f"sessions/{door.session.pk}/rounds"
    door.scan(door.device())

    (first,) = door.office.get(path).json()["items"]
    opened = door.office.post(path, {"name": "Buổi chiều"})
    snapshot = door.office.post(f"rounds/{first['id']}/snapshot", {"name": "Khai mạc"})
    both = door.office.get(path).json()["items"]

    assert (first["number"], first["is_open"], opened.status_code) == (1, True, 201)
    assert [(one["number"], one["is_open"]) for one in both] == [(1, False), (2, True)]
    assert (snapshot.status_code, snapshot.json()["figures"]["present_now"]) == (201, 1)


def test_the_figures_tell_quorum_units_and_gates(door):
    door.make.quorum_rule()
    device = door.device()
    door.scan(device, 0)
    door.scan(device, 1)

    figures = door.office.get(f"sessions/{door.session.pk}/attendance").json()
    before = door.session.starts_at - dt.timedelta(hours=2)
    earlier = door.office.get(f"sessions/{door.session.pk}/attendance", at=before.isoformat()).json()

    counts = {
        name: figures[name] for name in ("summoned", "present_now", "ever_present", "excused", "absent")
    }
    assert counts == {"summoned": 3, "present_now": 2, "ever_present": 2, "excused": 0, "absent": 1}
    assert {name: figures["quorum"][name] for name in ("needed", "base", "met")} == {
        "needed": 2,
        "base": 3,
        "met": True,
    }
    assert figures["by_gate"] == [{"gate": "Cửa 1", "arrived": 2}]
    assert (earlier["present_now"], earlier["absent"]) == (0, 3)


def test_the_roll_is_called_without_any_device(door):
    path = f"sessions/{door.session.pk}/roll-call"
    ids = [str(row.pk) for row in door.rows]
    items = [
        {"delegate_id": ids[0], "state": "present"},
        {"delegate_id": ids[1], "state": "excused", "by_whom": "Đ/c Bí thư"},
        {"delegate_id": ids[2], "state": "absent"},
    ]

    first, again = door.office.post(path, {"items": items}), door.office.post(path, {"items": items})
    figures = door.office.get(f"sessions/{door.session.pk}/attendance").json()
    door.office.post(path, {"items": [{"delegate_id": ids[0], "state": "absent"}]})

    assert (first.json()["changed"], again.json()["changed"]) == (2, 0)
    assert [figures[name] for name in ("present_now", "excused", "absent")] == [1, 1, 1]
    assert door.office.get(f"sessions/{door.session.pk}/attendance").json()["present_now"] == 0


def test_badges_are_printed_in_the_queue_and_fetched_when_ready(door):
    path = f"sessions/{door.session.pk}/badges"
    missing = door.office.get(f"{path}.pdf")
    asked = door.office.post(path, {"format": "cr80"})
    waiting = door.office.get(f"{path}.pdf", format="cr80")
    sheets.render(job_id=int(asked.json()["job_id"]), by=SYSTEM)
    ready = door.office.get(f"{path}.pdf", format="cr80")
    other = door.office.get(f"{path}.pdf", format="a7")

    assert [one.status_code for one in (missing, asked, waiting, ready, other)] == [404, 202, 202, 200, 202]
    assert waiting.json() == asked.json()
    assert waiting["Retry-After"] == "1"
    assert (ready["Content-Type"], ready.content[:5]) == ("application/pdf", b"%PDF-")
    assert door.office.get(f"jobs/{asked.json()['job_id']}").json()["state"] == "done"
    assert Job.objects.count() == 2


def test_a_lost_badge_is_replaced_and_the_old_one_refused(door):
    old, device = door.held[door.rows[0].person_id], door.device()

    new = door.office.post(f"badges/{old.pk}/replace", {"reason": "mất"}).json()

    assert (new["state"], new["number"]) == ("active", old.number)
    assert door.scan(device).json()["verdict"] == "replaced"
    assert (
        device.post("scans", {"scan_id": str(uuid.uuid4()), "code": new["typed_code"]}).json()["verdict"]
        == "admitted"
    )
    assert door.office.post(f"badges/{old.pk}/replace").json()["code"] == "badge_ended"
    assert door.office.post(f"badges/{new['id']}/revoke").json()["state"] == "cancelled"


def test_badges_of_sessions_one_may_not_see_do_not_exist(door):
    badge = door.held[door.rows[0].person_id]
    stranger = door.device()

    assert stranger.post(f"badges/{badge.pk}/replace").status_code == 403
    assert Door(door.make).device().post(f"badges/{badge.pk}/replace").status_code == 404
