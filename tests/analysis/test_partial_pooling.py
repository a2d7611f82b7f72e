"""Shrunk rates against a slow integration of the same model, and against simulated truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.partial_pooling import pool_rates, pool_shares

PART = np.array([9.0, 30.0, 70.0, 2.0, 30.0])
WHOLE = np.array([10.0, 60.0, 100.0, 8.0, 60.0])  # two units are equal, and both count


def slow_posterior_means(part, whole, chance):
    """Posterior means by summing over a fine grid of the model, one unit at a time."""
    typical = len(whole) / sum(1 / n for n in whole)
    top = [0.0] * len(part)
    bottom = 0.0
    for mean in (np.arange(120) + 0.5) / 120:
        for shrink in (np.arange(60) + 0.5) / 60:
            prior = typical * shrink / (1 - shrink)
            fit = math.exp(sum(chance(y, n, mean, prior) for y, n in zip(part, whole, strict=True)))
            bottom += fit
            for unit, (y, n) in enumerate(zip(part, whole, strict=True)):
                top[unit] += fit * (y + mean * prior) / (n + prior)
    return [one / bottom for one in top]


def test_shares_agree_with_a_slow_sum_over_beta_binomials():
    expected = slow_posterior_means(
        PART, WHOLE,
        lambda y, n, m, p: stats.betabinom.logpmf(int(y), int(n), m * p, (1 - m) * p),
    )  # fmt: skip
    found = pool_shares(PART, WHOLE, draws=4000, seed=1)
    np.testing.assert_allclose(found.mean, expected, atol=2e-3)
    np.testing.assert_allclose(found.draws.mean(axis=0), found.mean, atol=0.01)


def test_rates_agree_with_a_slow_sum_over_negative_binomials():
    cases, km = np.array([3.0, 12.0, 0.0, 25.0]), np.array([5.0, 15.0, 2.0, 30.0])

    def chance(y, e, mean, prior):
        rate = mean * 3  # the slow grid goes from 0 to 1; rates here to 3
        return stats.nbinom.logpmf(int(y), rate * prior, prior / (prior + e))

    typical = stats.hmean(km)
    top, bottom = np.zeros(4), 0.0
    for mean in (np.arange(120) + 0.5) / 120:
        for shrink in (np.arange(60) + 0.5) / 60:
            prior = typical * shrink / (1 - shrink)
            fit = math.exp(sum(chance(y, e, mean, prior) for y, e in zip(cases, km, strict=True)))
            bottom += fit
            top += fit * (cases + 3 * mean * prior) / (km + prior)
    found = pool_rates(cases, km, draws=4000, seed=1)
    np.testing.assert_allclose(found.mean, top / bottom, rtol=0.01)
    np.testing.assert_allclose(found.draws.mean(axis=0), found.mean, rtol=0.05)


def test_a_small_unit_is_drawn_in_further_than_a_large_one():
    part, whole = np.array([10.0, 500.0, 300.0, 420.0]), np.array([10.0, 500.0, 600.0, 600.0])
    found = pool_shares(part, whole, draws=2000, seed=1)
    small, large = found.mean[:2]
    assert found.whole < small < large < 1
    assert 0 < found.shrink < 1
    lower, upper = found.limits(0.95)
    assert upper[0] - lower[0] > upper[1] - lower[1]


@given(
    st.lists(
        st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=2,
        max_size=12,
    )
)
def test_no_share_leaves_0_to_1_and_none_is_undefined(pairs):
    part, whole = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    if whole.sum() == 0:
        with pytest.raises(ValueError, match="borrowing needs"):
            pool_shares(part, whole, draws=50, seed=1)
        return
    found = pool_shares(part, whole, draws=200, seed=1)
    assert ((found.mean > 0) & (found.mean < 1)).all()
    assert np.isfinite(found.draws).all()
    assert ((found.draws >= 0) & (found.draws <= 1)).all()


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.floats(0, 50, allow_subnormal=False)),
        min_size=2,
        max_size=12,
    ).filter(lambda pairs: sum(km for _, km in pairs) > 0.1)
)
def test_no_rate_is_negative_or_undefined(pairs):
    cases, km = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    found = pool_rates(np.where(km > 0, cases, 0), km, draws=200, seed=1)
    assert (found.mean >= 0).all()
    assert np.isfinite(found.mean).all()
    assert np.isfinite(found.draws).all()


def test_one_unit_has_nobody_to_borrow_from():
    with pytest.raises(ValueError, match="at least two units"):
        pool_shares(np.array([1.0]), np.array([2.0]), draws=10, seed=1)


def coverage(pool, draw_truth, draw_counts, runs):
    random = np.random.default_rng(17)
    inside = total = 0
    for run in range(runs):
        truth = draw_truth(random)
        counts, size = draw_counts(random, truth)
        lower, upper = pool(counts, size, draws=1000, seed=run).limits(0.95)
        inside += int(((lower <= truth) & (truth <= upper)).sum())
        total += len(truth)
    return inside / total


@pytest.mark.parametrize("units", [3, 14])
def test_intervals_cover_simulated_shares(units):
    sizes = np.linspace(15, 400, units).astype(int)
    found = coverage(
        pool_shares,
        lambda random: random.beta(16, 4, units),
        lambda random, truth: (random.binomial(sizes, truth).astype(float), sizes.astype(float)),
        runs=80,
    )
    assert 0.92 <= found <= 0.99


def test_intervals_cover_simulated_rates():
    km = np.linspace(0.3, 6.0, 20)
    found = coverage(
        pool_rates,
        lambda random: random.gamma(3, 4, 20),
        lambda random, truth: (random.poisson(truth * km).astype(float), km),
        runs=60,
    )
    assert 0.92 <= found <= 0.99
