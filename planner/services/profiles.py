"""What kinds of session bring along, and what makes them valid: the office's own editable tables.

The defaults below are a start, not a law: notice periods and thresholds differ by office and term.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from planner.access import Actor, Can, must
from planner.models import Body, KindProfile, QuorumRule, SessionKind
from planner.services import audit, edits

_NUMBERED: dict[str, Any] = {"uses_ordinal": True, "title_template": "Hội nghị {body} {ordinal}"}
_OPEN: dict[str, Any] = {"allows_substitutes": True}

DEFAULTS: dict[str, dict[str, Any]] = {
    SessionKind.REGULAR: {**_NUMBERED, "minutes": 210, "notice_days": 3},
    SessionKind.EXPANDED: {
        "uses_ordinal": True,
        "title_template": "Hội nghị {body} {ordinal} (mở rộng)",
        "minutes": 210,
        "notice_days": 5,
    },
    SessionKind.EXTRAORDINARY: {
        "title_template": "Hội nghị bất thường {body}",
        "minutes": 120,
        "notice_days": 0,
    },
    SessionKind.THEMATIC: {"title_template": "Hội nghị chuyên đề {body}", "minutes": 210, "notice_days": 3},
    SessionKind.BRIEFING: {"title_template": "Họp giao ban", "minutes": 90, "notice_days": 1, **_OPEN},
    SessionKind.WORKING: {"title_template": "Buổi làm việc", "minutes": 180, "notice_days": 2, **_OPEN},
    SessionKind.FIELD_VISIT: {"title_template": "Đi cơ sở", "minutes": 210, "notice_days": 2, **_OPEN},
    SessionKind.STUDY: {
        "title_template": "Hội nghị nghiên cứu, học tập, quán triệt",
        "minutes": 210,
        "notice_days": 5,
        **_OPEN,
    },
    SessionKind.REVIEW: {
        "title_template": "Hội nghị sơ kết, tổng kết",
        "minutes": 210,
        "notice_days": 5,
        **_OPEN,
    },
    SessionKind.KEY_OFFICIALS: {
        "title_template": "Hội nghị cán bộ chủ chốt",
        "minutes": 90,
        "notice_days": 2,
    },
    SessionKind.GATHERING: {"title_template": "Gặp mặt", "minutes": 150, "notice_days": 5, **_OPEN},
    SessionKind.RECEPTION: {"title_template": "Tiếp đoàn", "minutes": 90, "notice_days": 1, **_OPEN},
    SessionKind.TRAINING: {"title_template": "Hội nghị tập huấn", "minutes": 420, "notice_days": 5, **_OPEN},
    SessionKind.CONGRESS_PREPARATORY: {
        "title_template": "Đại hội, phiên trù bị",
        "minutes": 210,
        "notice_days": 10,
        "doors_open_minutes": 90,
    },
    SessionKind.CONGRESS: {
        "title_template": "Đại hội, phiên chính thức",
        "minutes": 240,
        "notice_days": 10,
        "doors_open_minutes": 90,
    },
}

_TWO_THIRDS = (2, 3, False)
_MORE_THAN_HALF = (1, 2, True)
_CONGRESSES = (SessionKind.CONGRESS_PREPARATORY, SessionKind.CONGRESS)
_VALID, _PASSES = QuorumRule.Purpose.VALIDITY, QuorumRule.Purpose.VOTING

# kind ("" is any), purpose, base, (numerator, denominator, strictly more)
DEFAULT_QUORUMS: tuple[tuple[str, str, str, tuple[int, int, bool]], ...] = (
    ("", _VALID, QuorumRule.Base.SUMMONED, _TWO_THIRDS),
    ("", _PASSES, QuorumRule.Base.ALL_MEMBERS, _MORE_THAN_HALF),
    *((kind, _VALID, QuorumRule.Base.DELEGATES, _TWO_THIRDS) for kind in _CONGRESSES),
    *((kind, _VALID, QuorumRule.Base.ORGANISATIONS, _TWO_THIRDS) for kind in _CONGRESSES),
    *((kind, _PASSES, QuorumRule.Base.DELEGATES, _MORE_THAN_HALF) for kind in _CONGRESSES),
)


@transaction.atomic
def save(profile: KindProfile, *, values: Mapping[str, Any], by: Actor) -> KindProfile:
    """The profile of a kind, for the office or for one body, new or changed."""
    must(by, Can.ADMINISTER)
    return edits.written(profile, values, action="profile.changed" if profile.pk else "profile.added", by=by)


@transaction.atomic
def save_quorum(rule: QuorumRule, *, values: Mapping[str, Any], by: Actor) -> QuorumRule:
    """One condition of validity or of a vote, new or changed; several rows of one scope hold together."""
    must(by, Can.ADMINISTER)
    return edits.written(rule, values, action="quorum.changed" if rule.pk else "quorum.added", by=by)


@transaction.atomic
def remove_quorum(rule: QuorumRule, *, by: Actor) -> None:
    """The condition taken away; sessions that are over keep the figures they were closed with."""
    must(by, Can.ADMINISTER)
    audit.record("quorum.removed", on=rule, by=by, before={"rule": str(rule), "kind": rule.kind})
    rule.delete()


@transaction.atomic
def install(*, by: Actor) -> None:
    """The default profiles and conditions where the office has none; what it edited stays untouched."""
    must(by, Can.ADMINISTER)
    known = set(KindProfile.objects.filter(body=None).values_list("kind", flat=True))
    KindProfile.objects.bulk_create(
        KindProfile(kind=kind, **values) for kind, values in DEFAULTS.items() if kind not in known
    )
    if not QuorumRule.objects.exists():
        QuorumRule.objects.bulk_create(
            QuorumRule(
                kind=kind,
                purpose=purpose,
                base=base,
                numerator=share[0],
                denominator=share[1],
                is_strict=share[2],
            )
            for kind, purpose, base, share in DEFAULT_QUORUMS
        )


def profiles_of(body: Body | None) -> list[KindProfile]:
    """One profile a kind, in the order of kinds: the body's own, the office's, else the bare default (unsaved)."""
    rows = KindProfile.objects.filter(body=None)
    by_kind = {row.kind: row for row in rows}
    if body is not None:
        by_kind |= {row.kind: row for row in KindProfile.objects.filter(body=body)}
    return [by_kind.get(kind) or KindProfile(kind=kind) for kind in SessionKind.values]
