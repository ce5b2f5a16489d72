"""The audit log: written with the change, sealed in order, and tampering shows."""

import re

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from planner.access import SYSTEM
from planner.flow import plan as flow_plan
from planner.models import AuditEntry
from planner.services import audit
from planner.services.plans import Change, Plan
from planner.templatetags.happenings import ACTIONS
from tests.make import Make


def entries(make: Make, count: int = 3) -> list[AuditEntry]:
    """A few sealed entries about a session."""
    session = make.session()
    rows = [
        audit.record("session.changed", on=session, by=SYSTEM, after={"n": number}) for number in range(count)
    ]
    audit.seal()
    return rows


def test_an_entry_says_who_what_and_before_and_after(make: Make) -> None:
    session, actor = make.session(), make.actor()

    row = audit.record(
        "session.changed", on=session, by=actor, **audit.difference({"a": 1, "b": 2}, {"a": 1, "b": 3})
    )

    assert (row.actor_label, row.action, row.object_type, row.session_id) == (
        actor.label,
        "session.changed",
        "session",
        session.pk,
    )
    assert row.changes == {"before": {"b": 2}, "after": {"b": 3}}


def test_a_change_that_fails_leaves_no_entry(make: Make) -> None:
    def fails() -> None:
        audit.record("session.changed", by=SYSTEM)
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        fails()

    assert not AuditEntry.objects.exists()


def test_a_whole_chain_verifies_and_sealing_again_changes_nothing(make: Make) -> None:
    entries(make)
    seals = list(AuditEntry.objects.order_by("sequence").values_list("sequence", "seal"))

    assert audit.seal() == 0
    assert audit.broken_seals() == []
    assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", "seal")) == seals


def test_details_may_be_blanked_without_breaking_the_chain(make: Make) -> None:
    first, *_rest = entries(make)

    AuditEntry.objects.filter(pk=first.pk).update(changes=None)

    assert audit.broken_seals() == []


def test_forged_details_break_the_chain(make: Make) -> None:
    first, *_rest = entries(make)

    AuditEntry.objects.filter(pk=first.pk).update(changes={"before": {}, "after": {"n": 99}})

    assert audit.broken_seals() == [first.pk]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_rewrite_history(make: Make, change: str) -> None:
    entries(make)

    with (
        pytest.raises(IntegrityError, match="audit_is_append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE planner_auditentry SET action = 'nothing'"
            if change == "update"
            else "DELETE FROM planner_auditentry"
        )

    assert AuditEntry.objects.filter(action="session.changed").count() == 3


def test_a_session_that_becomes_secret_leaves_no_open_words_in_the_log(make: Make) -> None:
    session = flow_plan.plan(
        Plan(kind="working", title="CANARY-88", starts_at=make.at("08:00"), ends_at=make.at("09:00")),
        by=SYSTEM,
    )
    audit.seal()

    shell = Change(values={"secrecy": "secret", "title": "", "code_name": "K-8"}, agenda=())
    flow_plan.change(session, wanted=shell, by=SYSTEM)

    assert "CANARY" not in str(list(AuditEntry.objects.values()))
    assert audit.broken_seals() == []


def test_every_action_of_the_log_has_words() -> None:
    recorded = re.compile(r"(?:audit\.record(?:_many)?\(\s*|action=)\"([a-z_]+\.[a-z_]+)\"")
    sources = [
        path for app in ("planner", "rooms", "attendees") for path in (settings.BASE_DIR / app).rglob("*.py")
    ]

    actions = {action for path in sources for action in recorded.findall(path.read_text("utf-8"))}

    assert len(actions) > 50
    assert actions - ACTIONS.keys() == set()
