"""Tokens and typed codes: digits that survive keyboards, slips and swaps."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendees import tokens

KEY = b"a key of these tests"
serials = st.text(alphabet="0123456789abcdef-", min_size=1, max_size=40)
prefixes = st.from_regex(r"[0-9]{4}", fullmatch=True)

TELEX = {"aa": "â", "aw": "ă", "dd": "đ", "ee": "ê", "oo": "ô", "ow": "ơ", "uw": "ư", "w": "ư"}
VNI = {
    "a6": "â",
    "a8": "ă",
    "d9": "đ",
    "e6": "ê",
    "o6": "ô",
    "o7": "ơ",
    "u7": "ư",
    "a1": "á",
    "e2": "è",
    "o5": "ọ",
}


def typed_through(keyboard: dict[str, str], text: str) -> str:
    """What an input method leaves of keys typed one by one: each rule rewrites the end of the text so far."""
    written = ""
    for key in text:
        written += key
        for keys, letter in keyboard.items():
            if written.lower().endswith(keys):
                written = written[: -len(keys)] + letter
    return written


@given(prefixes, serials)
def test_a_token_is_34_digits_led_by_its_prefix(prefix: str, serial: str) -> None:
    token = tokens.badge_token(KEY, prefix=prefix, serial=serial)

    assert re.fullmatch(r"[0-9]{34}", token)
    assert token[:4] == prefix
    assert token == tokens.badge_token(KEY, prefix=prefix, serial=serial)


def test_tokens_differ_by_key_prefix_and_serial() -> None:
    made = {
        tokens.badge_token(key, prefix=prefix, serial=serial)[4:]
        for key in (b"one", b"two")
        for prefix in ("0001", "0002")
        for serial in ("1", "2", "12")
    }

    assert len(made) == 12


@pytest.mark.parametrize("keyboard", [TELEX, VNI], ids=["telex", "vni"])
@given(serial=serials)
def test_a_token_typed_by_a_usb_scanner_survives_a_vietnamese_keyboard(
    keyboard: dict[str, str], serial: str
) -> None:
    token = tokens.badge_token(KEY, prefix="0417", serial=serial)
    typed = tokens.typed_code(KEY, serial=serial)

    assert typed_through(keyboard, token) == token
    assert typed_through(keyboard, typed) == typed


def test_letters_would_not_survive_a_vietnamese_keyboard() -> None:
    assert typed_through(TELEX, "DDOW7A6") != "DDOW7A6"
    assert typed_through(VNI, "DDOW7A6") != "DDOW7A6"


@given(serials, st.integers(0, 5))
def test_a_typed_code_is_8_digits_and_sound(serial: str, attempt: int) -> None:
    typed = tokens.typed_code(KEY, serial=serial, attempt=attempt)

    assert re.fullmatch(r"[0-9]{8}", typed)
    assert tokens.is_sound(typed)


@given(serials, st.integers(0, 7), st.integers(1, 9))
def test_every_single_slip_is_caught(serial: str, place: int, shift: int) -> None:
    typed = tokens.typed_code(KEY, serial=serial)
    wrong = str((int(typed[place]) + shift) % 10)

    assert not tokens.is_sound(typed[:place] + wrong + typed[place + 1 :])


@given(serials, st.integers(0, 6))
def test_every_swap_of_neighbours_is_caught(serial: str, place: int) -> None:
    typed = tokens.typed_code(KEY, serial=serial)
    swapped = typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]

    assert tokens.is_sound(swapped) == (swapped == typed)


def test_a_typed_code_belongs_to_the_door_it_is_typed_at() -> None:
    typed = tokens.typed_code(KEY, serial="1")

    here, there = tokens.read(typed, prefix="0001"), tokens.read(typed, prefix="0002")

    assert here
    assert there
    assert (here.prefix, there.prefix) == (None, None)
    assert here.key != there.key


def test_a_prefix_must_be_four_digits() -> None:
    with pytest.raises(ValueError):
        tokens.badge_token(KEY, prefix="١٢٣٤", serial="1")
