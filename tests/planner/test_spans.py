"""Half-open spans: what touches does not overlap, and nothing is lost between free and taken."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.spans import Span, envelope, gaps, intersections, merged, overlapping_pairs

DAY = datetime(2026, 11, 23)


def span(start: float, end: float) -> Span:
    return Span(DAY + timedelta(hours=start), DAY + timedelta(hours=end))


@st.composite
def some_spans(draw: st.DrawFn) -> list[Span]:
    pairs = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=12))
    return [span(start, start + length) for start, length in pairs]


def hours_of(spans: list[Span]) -> set[int]:
    return {h for s in spans for h in range(-5, 60) if s.holds(DAY + timedelta(hours=h))}


def test_an_empty_or_backward_span_is_refused():
    with pytest.raises(ValueError):
        span(9, 9)
    with pytest.raises(ValueError):
        span(10, 9)


def test_spans_that_only_touch_do_not_overlap():
    assert not span(8, 9).overlaps(span(9, 10))
    assert span(8, 9).touches(span(9, 10))
    assert not span(8, 9).touches(span(9.5, 10))
    assert span(8, 9.1).overlaps(span(9, 10))


def test_the_start_is_inside_and_the_end_is_not():
    assert span(8, 9).holds(DAY + timedelta(hours=8))
    assert not span(8, 9).holds(DAY + timedelta(hours=9))


def test_widening_adds_minutes_at_both_ends():
    assert span(8, 9).widened(60, 30) == span(7, 9.5)
    assert span(8, 9).minutes == 60
    assert Span.lasting(DAY, 90) == span(0, 1.5)


def test_moving_keeps_the_length():
    assert span(8, 9.5).moved(timedelta(days=1)) == span(32, 33.5)
    assert span(8, 9.5).starting(DAY) == span(0, 1.5)


def test_what_is_left_of_a_day_is_told_in_order():
    assert span(7, 17).without([span(9, 10), span(6, 8), span(16, 20)]) == [
        span(8, 9),
        span(10, 16),
    ]
    assert span(7, 8).without([span(6, 9)]) == []
    assert span(7, 8).without([]) == [span(7, 8)]


def test_touching_spans_merge_into_one():
    assert merged([span(9, 10), span(8, 9), span(11, 12)]) == [span(8, 10), span(11, 12)]


def test_envelope_of_none_is_none():
    assert envelope([]) is None
    assert envelope([span(9, 10), span(3, 4)]) == span(3, 10)


def test_a_long_span_overlaps_each_short_one_inside_it():
    found = set(overlapping_pairs([span(8, 18), span(9, 10), span(10, 11), span(20, 21)]))

    assert found == {(0, 1), (0, 2)}


@given(some_spans())
def test_merging_keeps_the_moments_and_leaves_no_overlap(spans: list[Span]):
    result = merged(spans)

    assert hours_of(result) == hours_of(spans)
    assert all(a.ends_at < b.starts_at for a, b in zip(result, result[1:], strict=False))


@given(some_spans())
def test_free_and_taken_fill_the_window_exactly(spans: list[Span]):
    window = span(5, 35)
    free = gaps(spans, within=window)

    assert hours_of(free) == set(range(5, 35)) - hours_of(spans)
    assert not any(f.overlaps(s) for f in free for s in spans)


@given(some_spans(), some_spans())
def test_intersections_are_the_moments_in_both(left: list[Span], right: list[Span]):
    assert hours_of(intersections(left, right)) == hours_of(left) & hours_of(right)


@given(some_spans())
def test_pairs_are_those_a_double_loop_finds(spans: list[Span]):
    slow = {
        frozenset((i, j)) for i, a in enumerate(spans) for j, b in enumerate(spans) if i < j and a.overlaps(b)
    }

    assert {frozenset(pair) for pair in overlapping_pairs(spans)} == slow
