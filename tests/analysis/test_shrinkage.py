import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.neighbours import ring_neighbours
from geodata.analysis.shrinkage import shrunk_rates
from tests.analysis.hexagons import disk

CELLS = disk(5)


def world(seed=0, spread=0.5):
    rng = np.random.default_rng(seed)
    km = rng.gamma(1.5, 0.3, len(CELLS)) + 0.01
    true = rng.gamma(1 / spread, 10 * spread, len(CELLS))
    return rng.poisson(true * km).astype(float), km, true


def test_equal_to_esda_over_the_whole_city():
    smoothing = pytest.importorskip("esda.smoothing", reason="compares with another library")
    counts, km, _ = world()
    found = shrunk_rates(counts, km)["shrunk"].to_numpy()
    np.testing.assert_allclose(found, smoothing.Empirical_Bayes(counts, km).r.ravel(), atol=1e-9)


def test_equal_to_esda_over_neighbours():
    smoothing = pytest.importorskip("esda.smoothing", reason="compares with another library")
    libpysal = pytest.importorskip("libpysal", reason="compares with another library")
    counts, km, _ = world(seed=4)
    near = ring_neighbours(CELLS, 1, with_self=False)
    weights = libpysal.weights.WSP(near.tocsr()).to_W(silence_warnings=True)
    weights = libpysal.weights.W(weights.neighbors, id_order=list(range(len(CELLS))))
    expected = smoothing.Spatial_Empirical_Bayes(counts, km, weights).r.ravel()
    np.testing.assert_allclose(shrunk_rates(counts, km, near)["shrunk"], expected, atol=1e-9)


def test_shrunk_rates_are_nearer_to_the_truth():
    raw, drawn = [], []
    for seed in range(20):
        counts, km, true = world(seed)
        raw.append(np.mean((counts / km - true) ** 2))
        drawn.append(np.mean((shrunk_rates(counts, km)["shrunk"].to_numpy() - true) ** 2))
    assert np.mean(drawn) < 0.6 * np.mean(raw)


def test_the_interval_holds_the_truth():
    held = []
    for seed in range(40):
        counts, km, true = world(seed)
        found = shrunk_rates(counts, km)
        held.append((found["lower"].to_numpy() <= true) & (true <= found["upper"].to_numpy()))
    assert 0.93 <= np.mean(held) <= 0.97


def test_it_is_the_posterior_mean_of_the_gamma_prior():
    counts, km, _ = world()
    row = shrunk_rates(counts, km).row(7, named=True)
    rate = counts / km
    usual = counts.sum() / km.sum()
    spread = (km * (rate - usual) ** 2).sum() / km.sum() - usual / km.mean()
    posterior = stats.gamma(usual**2 / spread + counts[7], scale=1 / (usual / spread + km[7]))
    assert row["shrunk"] == pytest.approx(posterior.mean())
    assert row["lower"] == pytest.approx(posterior.ppf(0.025))
    assert row["upper"] == pytest.approx(posterior.ppf(0.975))


def test_one_report_on_ten_metres_is_not_a_hundred_per_km():
    counts = np.append(np.full(50, 20.0), 1.0)
    km = np.append(np.full(50, 1.0) * np.linspace(0.5, 2, 50), 0.01)
    row = shrunk_rates(counts, km).row(50, named=True)
    assert row["rate"] == pytest.approx(100)
    assert row["shrunk"] < 30


def test_units_that_do_not_differ_get_the_common_rate():
    found = shrunk_rates(np.full(30, 4.0), np.full(30, 2.0))
    assert found["shrunk"].to_list() == pytest.approx([2.0] * 30)
    assert (found["weight"] == 0).all()
    assert (found["lower"] < 2).all()
    assert (found["upper"] > 2).all()


@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0.01, 5)), min_size=1, max_size=40))
def test_a_shrunk_rate_lies_between_its_own_and_the_usual_one(pairs):
    counts, km = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    for row in shrunk_rates(counts, km).iter_rows(named=True):
        low, high = sorted((row["rate"], row["usual"]))
        assert low - 1e-9 <= row["shrunk"] <= high + 1e-9
        assert row["lower"] <= row["shrunk"] + 1e-9


def test_without_street_there_is_no_rate_of_its_own():
    row = shrunk_rates(np.array([3.0, 9.0, 0.0]), np.array([1.0, 1.0, 0.0])).row(2, named=True)
    assert row["rate"] is None
    assert row["shrunk"] == pytest.approx(6.0)


def test_nothing_known_is_null_not_nan():
    assert shrunk_rates(np.zeros(2), np.zeros(2))["shrunk"].to_list() == [None, None]
    assert len(shrunk_rates(np.zeros(0), np.zeros(0))) == 0


def test_bad_input_is_refused_in_words():
    with pytest.raises(ValueError, match="align them"):
        shrunk_rates(np.zeros(2), np.ones(3))
    with pytest.raises(ValueError, match="0 or more"):
        shrunk_rates(np.array([-1.0]), np.ones(1))
