"""Rules of bodies and kinds: the closest one holds, and how many it asks for."""

import pytest

from planner.access import SYSTEM
from planner.models import KindProfile, QuorumRule
from planner.services import bodies, profiles, rhythms


def shares(rules):
    return [(rule.numerator, rule.denominator) for rule in rules]


def test_the_rule_closest_to_body_and_kind_holds_and_several_of_it_hold_together(make):
    body = make.body()
    make.quorum_rule(numerator=2, denominator=3)
    make.quorum_rule(kind="congress", numerator=3, denominator=4)
    make.quorum_rule(kind="congress", numerator=1, denominator=2)
    make.quorum_rule(body, numerator=1, denominator=2)
    make.quorum_rule(body, kind="regular", numerator=4, denominator=5)
    make.quorum_rule(purpose="voting", numerator=1, denominator=2)

    assert shares(bodies.quorum_rules(body, "regular")) == [(4, 5)]
    assert shares(bodies.quorum_rules(body, "congress")) == [(1, 2)]
    assert shares(bodies.quorum_rules(None, "congress")) == [(3, 4), (1, 2)]
    assert shares(bodies.quorum_rules(None, "study")) == [(2, 3)]


@pytest.mark.parametrize(
    ("share", "is_strict", "base", "needed"),
    [
        ((2, 3), False, 15, 10),
        ((2, 3), False, 52, 35),
        ((1, 2), True, 52, 27),
        ((1, 2), True, 15, 8),
        ((1, 2), False, 4, 2),
        ((1, 1), False, 4, 4),
        ((2, 3), False, 0, 1),
    ],
)
def test_a_share_of_a_base_is_so_many_people(share, is_strict, base, needed):
    rule = QuorumRule(numerator=share[0], denominator=share[1], is_strict=is_strict)

    assert bodies.needed(rule, base) == needed


def test_defaults_fill_what_is_missing_and_leave_what_the_office_edited(make):
    make.profile("briefing", minutes=45)

    profiles.install(by=SYSTEM)
    profiles.install(by=SYSTEM)

    assert KindProfile.objects.count() == 15
    assert KindProfile.objects.get(kind="briefing").minutes == 45
    assert QuorumRule.objects.count() == len(profiles.DEFAULT_QUORUMS)


def test_a_congress_needs_two_thirds_of_delegates_and_of_organisations(make):
    profiles.install(by=SYSTEM)

    rules = bodies.quorum_rules(None, "congress")

    assert [(rule.base, str(rule.numerator), rule.denominator) for rule in rules] == [
        ("delegates", "2", 3),
        ("organisations", "2", 3),
    ]


def test_a_rhythm_nobody_can_read_is_refused(make):
    body = make.body()

    with pytest.raises(rhythms.UnreadableRhythm):
        rhythms.save(body.standing_rules.model(body=body), values={"rrule": "hằng tuần"}, by=SYSTEM)

    assert body.standing_rules.count() == 0
