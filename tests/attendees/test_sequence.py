"""The line of messages to one delegate: numbers never fall, stamps always grow."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendees.itip import sequence
from attendees.itip.compose import Method
from attendees.itip.sequence import Times, Told

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 2, 1, 0, 0, 250_000, tzinfo=UTC)
EIGHT = Times(datetime(2026, 11, 5, 1, tzinfo=UTC), datetime(2026, 11, 5, 4, tzinfo=UTC))
TWO = Times(datetime(2026, 11, 5, 7, tzinfo=UTC), datetime(2026, 11, 5, 10, tzinfo=UTC))

times = st.sampled_from([EIGHT, TWO, Times(EIGHT.starts_at, TWO.ends_at)])
acts = st.tuples(st.sampled_from(["request", "cancel"]), times, st.integers(-7_200, 7_200), st.integers(0, 4))


def play(steps):
    """The line of messages that these acts yield; a cancel of nothing is left out, as the service does."""
    line, now = [], NOW
    for act, when, seconds, base in steps:
        now += timedelta(seconds=seconds)
        told = line[-1] if line else None
        if act == "request":
            line.append(sequence.request(told, when, current=base, now=now))
        elif told and told.method is Method.REQUEST:
            line.append(sequence.cancel(told, now=now))
    return line


@given(st.lists(acts, max_size=30))
def test_numbers_never_fall_and_stamps_grow_by_a_second_though_the_clock_goes_back(steps):
    line = play(steps)

    for earlier, later in zip(line, line[1:], strict=False):
        assert later.sequence >= earlier.sequence
        assert later.stamped_at - earlier.stamped_at >= timedelta(seconds=1)


@given(st.lists(acts, max_size=30))
def test_a_number_rises_exactly_when_times_or_status_change(steps):
    line = play(steps)

    for earlier, later in zip(line, line[1:], strict=False):
        changed = later.times != earlier.times or later.method != earlier.method
        assert (later.sequence > earlier.sequence) == changed
        if earlier.method is Method.REQUEST:
            assert later.sequence - earlier.sequence == int(changed)


@given(st.lists(acts, max_size=30))
def test_no_two_messages_of_a_line_share_number_and_stamp(steps):
    line = play(steps)

    assert len({(told.sequence, told.stamped_at) for told in line}) == len(line)


def test_the_first_message_is_number_0():
    assert sequence.request(None, EIGHT, current=sequence.current([]), now=NOW) == Told(
        Method.REQUEST, 0, NOW.replace(microsecond=0), EIGHT
    )


def test_a_late_addition_starts_at_the_number_of_the_others():
    moved = sequence.request(sequence.request(None, EIGHT, current=0, now=NOW), TWO, current=0, now=NOW)
    back = Told(Method.REQUEST, 4, NOW, TWO)
    gone = Told(Method.CANCEL, 0, NOW, TWO)

    assert sequence.current([moved, back, gone]) == 1


def test_somebody_invited_again_gets_a_number_above_the_cancel_and_not_below_the_others():
    gone = Told(Method.CANCEL, 1, NOW, EIGHT)

    assert sequence.request(gone, EIGHT, current=0, now=NOW).sequence == 2
    assert sequence.request(gone, TWO, current=5, now=NOW).sequence == 5


def test_nothing_is_cancelled_twice():
    with pytest.raises(ValueError, match="Nothing stands"):
        sequence.cancel(Told(Method.CANCEL, 1, NOW, EIGHT), now=NOW)


def shifted(minutes):
    return Times(EIGHT.starts_at + timedelta(minutes=minutes), EIGHT.ends_at + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("after", "tolerance", "kept"),
    [
        (shifted(0), 0, True),
        (shifted(30), 0, False),
        (shifted(60), 60, True),
        (shifted(-30), 60, True),
        (shifted(61), 60, False),
        (shifted(24 * 60), 60, False),
        (Times(EIGHT.starts_at, EIGHT.ends_at + timedelta(hours=2)), 60, False),
    ],
)
def test_answers_outlive_only_a_small_shift_within_the_half_day(after, tolerance, kept):
    assert sequence.keeps_answers(EIGHT, after, zone=ZONE, tolerance_minutes=tolerance) is kept


def test_a_small_shift_over_noon_asks_again():
    late = Times(datetime(2026, 11, 5, 4, 30, tzinfo=UTC), datetime(2026, 11, 5, 6, tzinfo=UTC))
    after_noon = Times(late.starts_at + timedelta(minutes=30), late.ends_at + timedelta(minutes=30))

    assert sequence.keeps_answers(late, after_noon, zone=ZONE, tolerance_minutes=60) is False
