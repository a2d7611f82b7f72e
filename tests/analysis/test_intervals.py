"""Intervals against SciPy's own, written another way, and against exhaustive coverage."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.intervals import (
    dispersion_of,
    rate_limits,
    rate_ratios,
    share_difference_limits,
    share_limits,
)


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from([0.8, 0.95, 0.99]))
def test_shares_agree_with_scipy(part, rest, level):
    whole = part + rest
    low, high = share_limits(part, whole, level)
    if whole == 0:
        assert (low, high) == (0, 1)
        return
    exact = stats.binomtest(part, whole).proportion_ci(level, method="exact")
    assert (float(low), float(high)) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_a_part_larger_than_its_whole_is_refused():
    with pytest.raises(ValueError, match="larger than its whole"):
        share_limits(np.array([3.0]), np.array([2.0]))


@pytest.mark.parametrize("cases", [0, 1, 4, 37, 1200])
def test_rates_leave_the_stated_tails_outside(cases):
    low, high = rate_limits(cases, 2.0, 0.95)
    assert stats.poisson.cdf(cases, float(high) * 2.0) == pytest.approx(0.025, abs=1e-9)
    if cases:
        assert stats.poisson.sf(cases - 1, float(low) * 2.0) == pytest.approx(0.025, abs=1e-9)
    else:
        assert low == 0


def slow_p(first: int, second: int, first_days: int, second_days: int) -> float:
    """Twice the smaller binomial tail, in whole numbers."""
    share, n = Fraction(second_days, first_days + second_days), first + second
    chance = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    return float(min(1, 2 * min(sum(chance[: second + 1]), sum(chance[second:]))))


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 60), st.integers(1, 60))
def test_ratios_agree_with_sums_in_whole_numbers(first, second, first_days, second_days):
    found = rate_ratios(first, first_days, second, second_days)
    if first + second == 0:
        assert np.isnan(found.ratio)
        assert (found.lower, found.upper, found.p) == (0, np.inf, 1)
        return
    assert float(found.p) == pytest.approx(slow_p(first, second, first_days, second_days))
    if first and second:
        ratio = second * first_days / (first * second_days)
        assert found.ratio == pytest.approx(ratio)
        assert found.lower < ratio < found.upper
    assert (found.p <= 0.05) == (not found.lower <= 1 <= found.upper)


def test_ratio_intervals_cover_at_least_as_often_as_they_say():
    mean_a, mean_b = 6.0, 12.0  # true ratio 2 over equal days
    a, b = np.meshgrid(np.arange(40), np.arange(60))
    found = rate_ratios(a, 1.0, b, 1.0)
    inside = (found.lower <= 2.0) & (found.upper >= 2.0)
    chance = stats.poisson.pmf(a, mean_a) * stats.poisson.pmf(b, mean_b)
    assert 0.95 <= chance[inside].sum() <= 1.0


def test_bursts_widen_every_interval():
    plain = rate_ratios(40, 10, 60, 10)
    bursts = rate_ratios(40, 10, 60, 10, dispersion=4.0)
    assert bursts.lower < plain.lower < plain.upper < bursts.upper
    assert bursts.p > plain.p
    assert bursts.ratio == plain.ratio


def test_dispersion_of_poisson_and_of_doubled_counts():
    random = np.random.default_rng(1)
    counts = random.poisson(8.0, 4000).astype(float)
    assert dispersion_of(counts, np.full(4000, counts.mean()), 1) == pytest.approx(1, abs=0.08)
    bursts = 3 * random.poisson(8.0 / 3, 4000).astype(float)
    assert dispersion_of(bursts, np.full(4000, bursts.mean()), 1) == pytest.approx(3, abs=0.3)
    assert dispersion_of(counts[:1], counts[:1], 1) == 1.0


def test_difference_of_shares_as_published():
    # Newcombe (1998), table II, example (a): 56/70 and 48/80; method 10 gives 0.0524 to 0.3339
    low, high = share_difference_limits(48, 80, 56, 70)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    with pytest.raises(ValueError, match="share of nothing"):
        share_difference_limits(0, 0, 1, 2)
