"""The line of messages to one delegate: numbers never fall, stamps always grow."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendees.itip import sequence
from attendees.itip.compose import Method
from attendees.itip.sequence import Line, Times, Told

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 2, 1, 0, 0, 250_000, tzinfo=UTC)
EIGHT = Times(datetime(2026, 11, 5, 1, tzinfo=UTC), datetime(2026, 11, 5, 4, tzinfo=UTC))
TWO = Times(datetime(2026, 11, 5, 7, tzinfo=UTC), datetime(2026, 11, 5, 10, tzinfo=UTC))

times = st.sampled_from([EIGHT, TWO, Times(EIGHT.starts_at, TWO.ends_at)])
acts = st.lists(
    st.tuples(
        st.sampled_from(["request", "request", "cancel", "send"]),
        times,
        st.integers(-7_200, 7_200),
        st.integers(0, 4),
    ),
    max_size=30,
)


def play(steps):
    """(all messages written, those that left), as the outbox would: the last written may be recalled until sent."""
    written, left, pending, now = [], [], None, NOW
    for act, when, seconds, base in steps:
        now += timedelta(seconds=seconds)
        line = Line(left[-1] if left else None, written[-1] if written else None)
        if act == "send" and pending:
            left, pending = [*left, pending], None
        elif act != "send":
            pending = (
                sequence.request(line, when, current=base, now=now)
                if act == "request"
                else sequence.cancel(line, now=now)
            )
            written += [pending] if pending else []
    return written, left


@given(acts)
def test_numbers_never_fall_and_stamps_grow_by_a_second_though_the_clock_goes_back(steps):
    written, _ = play(steps)

    for earlier, later in pairwise(written):
        assert later.sequence >= earlier.sequence
        assert later.stamped_at - earlier.stamped_at >= timedelta(seconds=1)


@given(acts)
def test_no_two_messages_of_a_line_share_number_and_stamp(steps):
    written, _ = play(steps)

    assert len({(told.sequence, told.stamped_at) for told in written}) == len(written)


@given(acts)
def test_among_messages_that_left_a_number_rises_when_times_or_status_change(steps):
    _, left = play(steps)

    for earlier, later in pairwise(left):
        if later.times != earlier.times or later.method != earlier.method:
            assert later.sequence > earlier.sequence


@given(acts)
def test_a_number_rises_by_one_and_only_for_cause_when_everything_leaves_at_once(steps):
    _, left = play([step for act in steps for step in (act, ("send", EIGHT, 0, 0))])

    for earlier, later in pairwise(left):
        changed = later.times != earlier.times or later.method != earlier.method
        assert (later.sequence > earlier.sequence) == changed
        if earlier.method is Method.REQUEST:
            assert later.sequence - earlier.sequence == int(changed)


@given(acts)
def test_a_cancel_leaves_only_after_the_request_it_takes_back(steps):
    _, left = play(steps)

    methods = [told.method for told in left]
    assert methods[:1] != [Method.CANCEL]
    assert all(earlier is Method.REQUEST for earlier, later in pairwise(methods) if later is Method.CANCEL)


def sent(told):
    return Line(left=told, written=told)


def test_the_first_message_is_number_0():
    first = sequence.request(Line(), EIGHT, current=0, now=NOW)

    assert first == Told(Method.REQUEST, 0, NOW.replace(microsecond=0), EIGHT)


def test_a_late_addition_starts_at_the_number_of_the_others():
    assert sequence.request(Line(), TWO, current=3, now=NOW).sequence == 3


def test_a_change_before_anything_left_keeps_the_first_number():
    first = Told(Method.REQUEST, 0, NOW, EIGHT)

    assert sequence.request(Line(None, first), TWO, current=0, now=NOW).sequence == 0


def test_two_moves_within_the_delay_raise_the_number_once():
    first, move = Told(Method.REQUEST, 0, NOW, EIGHT), Told(Method.REQUEST, 1, NOW, TWO)
    later = Times(TWO.starts_at, TWO.ends_at + timedelta(hours=1))

    assert sequence.request(Line(first, move), later, current=0, now=NOW).sequence == 1


def test_a_move_taken_back_within_the_delay_keeps_the_number_that_asked_for_new_answers():
    first, move = Told(Method.REQUEST, 0, NOW, EIGHT), Told(Method.REQUEST, 1, NOW, TWO)

    assert sequence.request(Line(first, move), EIGHT, current=0, now=NOW).sequence == 1


def test_somebody_invited_again_gets_a_number_above_the_cancel_and_not_below_the_others():
    gone = sent(Told(Method.CANCEL, 1, NOW, EIGHT))

    assert sequence.request(gone, EIGHT, current=0, now=NOW).sequence == 2
    assert sequence.request(gone, TWO, current=5, now=NOW).sequence == 5


def test_nothing_is_cancelled_that_no_calendar_holds():
    first, gone = Told(Method.REQUEST, 0, NOW, EIGHT), Told(Method.CANCEL, 1, NOW, EIGHT)

    assert sequence.cancel(Line(), now=NOW) is None
    assert sequence.cancel(Line(None, first), now=NOW) is None
    assert sequence.cancel(sent(gone), now=NOW) is None
    assert sequence.cancel(sent(first), now=NOW).sequence == 1


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
