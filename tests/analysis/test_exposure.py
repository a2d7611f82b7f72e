import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.exposure import dispersed_p, exposed_gi_star
from geodata.analysis.gi_star import gi_star
from geodata.analysis.neighbours import ring_neighbours
from tests.analysis.hexagons import disk

CELLS = disk(8)
NEAR = ring_neighbours(CELLS, 1)


@settings(max_examples=30)
@given(st.integers(0, 1000), st.floats(0.01, 50))
def test_with_equal_exposure_it_is_gi_star(seed, km):
    counts = np.random.default_rng(seed).poisson(1.5, len(CELLS)).astype(float)
    found = exposed_gi_star(counts, np.full(len(CELLS), km), NEAR)
    np.testing.assert_allclose(found.z, gi_star(counts, NEAR).z, atol=1e-9)


def test_observed_and_expected_are_ratios_of_sums():
    rng = np.random.default_rng(0)
    counts, km = rng.poisson(3, len(CELLS)).astype(float), rng.gamma(2, 0.1, len(CELLS))
    found = exposed_gi_star(counts, km, NEAR)
    rate = counts.sum() / km.sum()
    for cell in range(0, len(CELLS), 20):
        near = NEAR[[cell]].indices
        assert found.sums[cell] == counts[near].sum()
        assert found.expected[cell] == pytest.approx(rate * km[near].sum())


def test_a_busy_long_street_is_no_hot_spot():
    km = np.full(len(CELLS), 0.1)
    km[:20] = 2.0
    counts = np.random.default_rng(0).poisson(10 * km).astype(float)
    plain = gi_star(counts, NEAR)
    found = exposed_gi_star(counts, km, NEAR)
    assert plain.z.max() > 8
    assert dispersed_p(found, int(counts.sum())).min() > 1e-3


def test_bundles_are_noticed_and_no_bundles_too():
    rng = np.random.default_rng(4)
    km = rng.gamma(2, 0.5, len(CELLS))
    single = rng.poisson(20 * km).astype(float)
    bundled = 5 * rng.poisson(4 * km).astype(float)
    assert exposed_gi_star(single, km, NEAR).dispersion == pytest.approx(1, abs=0.25)
    assert exposed_gi_star(bundled, km, NEAR).dispersion == pytest.approx(5, abs=1.3)


def test_p_is_the_negative_binomial_tail():
    rng = np.random.default_rng(4)
    km = rng.gamma(2, 0.5, len(CELLS))
    counts = 3 * rng.poisson(4 * km).astype(float)
    found = exposed_gi_star(counts, km, NEAR)
    p = dispersed_p(found, int(counts.sum()))
    mean, bundle = found.expected[5], found.dispersion
    law = stats.nbinom(mean / (bundle - 1), 1 / bundle)
    assert law.var() == pytest.approx(bundle * mean)
    assert p[5] == pytest.approx(min(1, 2 * min(law.sf(found.sums[5] - 1), law.cdf(found.sums[5]))))


def test_without_bundles_p_is_the_binomial_tail():
    counts = np.full(len(CELLS), 2.0)
    counts[3] = 3.0
    found = exposed_gi_star(counts, np.ones(len(CELLS)), NEAR)
    total = int(counts.sum())
    p = dispersed_p(found, total)
    law = stats.binom(total, len(NEAR[[3]].indices) / len(CELLS))
    seen = found.sums[3]
    assert p[3] == pytest.approx(min(1, 2 * min(law.sf(seen - 1), law.cdf(seen))))


def test_cases_where_there_is_no_street_count_for_the_neighbourhood():
    km, counts = np.ones(len(CELLS)), np.ones(len(CELLS))
    middle = int(np.flatnonzero(np.diff(NEAR.indptr) == 7)[0])
    km[middle], counts[middle] = 0.0, 40.0
    found = exposed_gi_star(counts, km, NEAR)
    assert found.sums[middle] == 46
    assert found.z[middle] > 5


def test_no_exposure_around_is_undefined_not_nan():
    km, counts = np.ones(len(CELLS)), np.arange(len(CELLS), dtype=float)
    middle = int(np.flatnonzero(np.diff(NEAR.indptr) == 7)[0])
    km[NEAR[[middle]].indices] = 0.0
    found = exposed_gi_star(counts, km, NEAR)
    assert not found.defined[middle]
    assert found.z[middle] == 0
    assert dispersed_p(found, int(counts.sum()))[middle] == 1


def test_negative_values_are_refused():
    with pytest.raises(ValueError, match="0 or more"):
        exposed_gi_star(-np.ones(len(CELLS)), np.ones(len(CELLS)), NEAR)
