import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.null_sums import as_levels, null_sums
from tests.analysis import oracles


@given(st.lists(st.integers(0, 6), min_size=1, max_size=9), st.data())
def test_every_choice_counted_by_hand(values, data):
    drawn = data.draw(st.integers(1, len(values)))
    chosen = data.draw(st.permutations(values))[:drawn]
    found = null_sums(np.array(values), len(values))
    p = found.p(np.array([sum(chosen)]), np.array([drawn]))[0]
    assert p == pytest.approx(oracles.chance_p(values, drawn, sum(chosen)), abs=1e-12)


def test_ones_among_zeros_are_hypergeometric():
    values = np.zeros(400, dtype=np.int64)
    values[:60] = 1
    found = null_sums(values, 19)
    law = stats.hypergeom(400, 60, 19)
    for total in range(20):
        expected = min(1.0, 2 * min(law.sf(total - 1), law.cdf(total)))
        assert found.p(np.array([total]), np.array([19]))[0] == pytest.approx(expected, rel=1e-9)


def test_far_tails_keep_their_digits():
    values = np.zeros(100_000, dtype=np.int64)
    values[:50] = 1
    p = null_sums(values, 7).p(np.array([7]), np.array([7]))[0]
    assert p == pytest.approx(2 * stats.hypergeom(100_000, 50, 7).pmf(7), rel=1e-9)
    assert p < 1e-20


def test_a_table_of_a_large_city_agrees_with_drawing():
    rng = np.random.default_rng(1)
    values = rng.poisson(rng.gamma(0.5, 4, 3_000))
    found = null_sums(values, 7)
    sums = rng.permuted(np.tile(values, (300, 1)), axis=1)[:, : 7 * 400].reshape(-1, 7).sum(axis=1)
    for total in (25, 35, 45):
        upper = found.p(np.array([total]), np.array([7]))[0] / 2
        drawn = (sums >= total).mean()
        assert upper == pytest.approx(drawn, abs=4 * np.sqrt(drawn / len(sums)) + 1e-4)


def test_the_tail_must_not_contradict_z():
    values = np.array([0] * 90 + [1] * 9 + [1000])
    found = null_sums(values, 3)
    sums, sizes = np.array([3]), np.array([3])
    assert found.p(sums, sizes)[0] < 0.1
    below_the_mean = (3 - 3 * values.mean()) * np.ones(1)
    assert found.p_beside(below_the_mean, sums, sizes)[0] == 1.0


@given(st.lists(st.integers(0, 200), min_size=1, max_size=30))
def test_small_whole_numbers_stay_as_they_are(values):
    levels = as_levels(np.array(values, dtype=float), 19)
    assert (levels == np.array(values) - min(values)).all()


def test_large_or_fractional_values_keep_their_order():
    rng = np.random.default_rng(0)
    for values in (rng.gamma(0.5, 2, 500), np.floor(rng.gamma(0.5, 1e6, 500)), -rng.random(500)):
        levels = as_levels(values, 19)
        assert levels.min() >= 0
        assert levels.max() <= 526
        assert (np.diff(levels[np.argsort(values)]) >= 0).all()


def test_one_giant_does_not_flatten_the_rest():
    values = np.array([0.0, 1, 2, 3] * 500 + [1e6])
    assert np.unique(as_levels(values, 7)[:4]).size == 4


def test_nothing_in_nothing_out():
    levels = as_levels(np.zeros(0), 7)
    assert len(null_sums(levels, 7).p(levels, levels)) == 0
