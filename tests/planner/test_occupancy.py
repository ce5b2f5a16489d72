"""Set-up and tear-down count once for a chain in one room; a change of layout adds its own."""

from datetime import datetime, timedelta

from planner.slots.occupancy import Stay, occupied
from planner.spans import Span

NOON = datetime(2026, 11, 25, 12)


def span(start: float, end: float) -> Span:
    return Span(NOON + timedelta(hours=start), NOON + timedelta(hours=end))


def stay(start: float, end: float, layout: str = "theatre") -> Stay:
    return Stay(span(start, end), layout, setup_minutes=60, teardown_minutes=30)


def test_a_session_alone_takes_set_up_and_tear_down():
    assert occupied([stay(1, 3)]) == [span(0, 3.5)]


def test_a_chain_sets_up_once_and_hands_the_hall_on_without_a_gap():
    assert occupied([stay(1, 2), stay(2, 3), stay(3.25, 4)]) == [span(0, 2), span(2, 3.25), span(3.25, 4.5)]


def test_the_answer_keeps_the_order_asked_in():
    assert occupied([stay(2, 3), stay(1, 2)]) == [span(2, 3.5), span(0, 2)]


def test_a_change_of_layout_reserves_its_set_up():
    assert occupied([stay(1, 2), stay(4, 5, "u_shape")]) == [span(0, 3), span(3, 5.5)]


def test_a_change_of_layout_without_time_leaves_an_overlap_to_refuse():
    first, second = occupied([stay(1, 2), stay(2.5, 4, "u_shape")])

    assert first.overlaps(second)


def test_a_chain_over_two_days_sets_up_again():
    assert occupied([stay(1, 3), stay(21, 23)]) == [span(0, 3.5), span(20, 23.5)]
