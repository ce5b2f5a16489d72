"""The door's verdict: the cases shared with the browser's twin, the precedence, and the table of looks."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from attendees import tokens
from attendees.verdicts import (
    LOOKS,
    SCREEN_WORDS,
    Decision,
    Direction,
    Door,
    Entry,
    Past,
    Screen,
    Standing,
    Verdict,
    verdict,
)

CASES = json.loads((Path(__file__).parents[1] / "cases" / "verdicts.json").read_text("utf-8"))
KEY = b"a key of these tests"
OPENS, CLOSES = 1_000, 2_000


def door_of(case: dict[str, Any]) -> Door:
    roster = {}
    for row in case["roster"]:
        entry = Entry(row["badge"], row["holder"], Standing(row["standing"]), row["is_listed"])
        roster[tokens.token_key(row["token"])] = entry
        roster[tokens.typed_key(row["typed"], prefix=case["prefix"])] = entry
    return Door(case["prefix"], case["opens_at"], case["closes_at"], roster, case["is_fresh"])


def told(decision: Decision) -> dict[str, Any]:
    first = decision.first
    return {
        "verdict": decision.verdict,
        "badge": decision.entry.badge if decision.entry else None,
        "first": {"at": first.at, "gate": first.gate} if first else None,
    }


@pytest.mark.parametrize(
    ("case", "door"),
    [pytest.param(c, d, id=f"{c['name']} ({d})") for c in CASES["cases"] for d in c["doors"]],
)
def test_a_shared_case_gives_its_verdict(case: dict[str, Any], door: str) -> None:
    at = door_of(CASES["doors"][door])
    past = [
        Past(s["holder"], Verdict(s["verdict"]), s["at"], s["gate"], s["is_annulled"]) for s in case["scans"]
    ]

    decision = verdict(
        tokens.read(case["code"], prefix=at.prefix),
        door=at,
        scans=past,
        now=case["now"],
        direction=Direction(case["direction"]),
    )

    assert told(decision) == case["expect"]


def test_the_shared_cases_reach_every_verdict() -> None:
    assert {case["expect"]["verdict"] for case in CASES["cases"]} == set(Verdict)


# Each trouble that may befall a badge, in the order in which a door must name it.
PRECEDENCE = {
    "foreign": Verdict.WRONG_SESSION,
    "forged": Verdict.UNKNOWN,
    "replaced": Verdict.REPLACED,
    "cancelled": Verdict.CANCELLED,
    "unlisted": Verdict.WRONG_SESSION,
    "pending": Verdict.NEEDS_APPROVAL,
    "early": Verdict.TOO_EARLY,
    "late": Verdict.TOO_LATE,
    "inside": Verdict.ALREADY_IN,
}


@given(st.sets(st.sampled_from(sorted(PRECEDENCE))))
def test_of_several_troubles_the_first_in_the_order_is_named(troubles: set[str]) -> None:
    token = tokens.badge_token(KEY, prefix="9999" if "foreign" in troubles else "0001", serial="7")
    standing = next((s for s in Standing if s in troubles), Standing.VALID)
    if {"replaced", "cancelled"} <= troubles:
        standing = Standing.REPLACED
    roster = {tokens.token_key(token): Entry("7", "an", standing, "unlisted" not in troubles)}
    door = Door("0001", OPENS, CLOSES, {} if "forged" in troubles else roster)
    now = OPENS - 1 if "early" in troubles else CLOSES if "late" in troubles else OPENS
    scans = [Past("an", Verdict.ADMITTED, OPENS, "1")] if "inside" in troubles else []

    decision = verdict(tokens.read(token, prefix="0001"), door=door, scans=scans, now=now)

    expected = next((PRECEDENCE[name] for name in PRECEDENCE if name in troubles), Verdict.ADMITTED)
    assert decision.verdict == expected


@given(st.text())
def test_any_reading_gets_a_verdict(text: str) -> None:
    door = Door("0001", OPENS, CLOSES, {})

    decision = verdict(tokens.read(text, prefix="0001"), door=door, scans=[], now=OPENS)

    assert decision.verdict in {Verdict.UNKNOWN, Verdict.WRONG_SESSION}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("answer", Verdict)
def test_each_verdict_has_a_look_in_both_languages(answer: Verdict, language: str) -> None:
    look = LOOKS[answer]

    with translation.override(language):
        assert all(str(words) for words in (look.text, look.next_step, SCREEN_WORDS[look.screen]))
    assert (look.colour == "green") == (look.screen is Screen.IN) == (look.sound == "rise")


def test_the_volunteer_sees_three_words_and_the_exit_its_own() -> None:
    by_screen = {screen: {v for v, look in LOOKS.items() if look.screen is screen} for screen in Screen}

    assert by_screen[Screen.IN] == {Verdict.ADMITTED}
    assert by_screen[Screen.ALREADY] == {Verdict.ALREADY_IN}
    assert by_screen[Screen.OUT] == {Verdict.LEFT}
    with translation.override("vi"):
        words = [str(SCREEN_WORDS[s]) for s in (Screen.IN, Screen.ALREADY, Screen.DESK)]
    assert words == ["VÀO", "ĐÃ VÀO", "MỜI SANG BÀN LỄ TÂN"]


def test_no_two_screens_share_colour_icon_or_sound() -> None:
    for screen in (Screen.IN, Screen.ALREADY, Screen.OUT):
        own = next(look for look in LOOKS.values() if look.screen is screen)
        others = [look for look in LOOKS.values() if look.screen is not screen]
        assert own.icon not in {look.icon for look in others}
        assert own.sound not in {look.sound for look in others}
