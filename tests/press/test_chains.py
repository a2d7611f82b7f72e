"""Segments of a street are joined end to end; nothing is lost and nothing is invented."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.press.chains import NEAR_M, chains_of


def line(*points):
    return np.array(points, dtype=float)


def test_pieces_in_any_order_and_direction_become_one_line():
    pieces = [line((200, 0), (100, 0)), line((300, 5), (200, 0)), line((0, 0), (100, 0))]
    (chain,) = chains_of(pieces)
    assert chain.length == pytest.approx(200 + np.hypot(100, 5))
    assert {tuple(chain.points[0]), tuple(chain.points[-1])} == {(0, 0), (300, 5)}


def test_a_street_does_not_turn_a_right_angle():
    assert len(chains_of([line((0, 0), (100, 0)), line((100, 0), (100, 100))])) == 2


def test_pieces_further_apart_than_a_crossing_stay_apart():
    assert len(chains_of([line((0, 0), (50, 0)), line((50 + NEAR_M + 1, 0), (200, 0))])) == 2


def test_a_line_without_length_is_left_out():
    assert chains_of([line((5, 5), (5, 5))]) == []


@given(st.lists(st.floats(1, 90), min_size=1, max_size=30))
def test_a_straight_street_cut_anywhere_keeps_its_length(steps):
    ends = np.concatenate([[0.0], np.cumsum(steps)])
    pieces = [line((a, 0), (b, 0)) for a, b in itertools.pairwise(ends)]
    (chain,) = chains_of(pieces)
    assert chain.length == pytest.approx(ends[-1])


@given(st.floats(0, 1))
def test_a_point_at_an_arc_length_lies_that_far_along(share):
    (chain,) = chains_of([line((0, 0), (30, 40), (60, 0))])
    along = share * chain.length
    across = [0, 30, 60] if chain.points[0][0] == 0 else [60, 30, 0]
    oracle = np.interp(along, [0, 50, 100], across), np.interp(along, [0, 50, 100], [0, 40, 0])
    assert chain.at(along) == pytest.approx(oracle)
