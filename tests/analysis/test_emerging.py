import numpy as np
import pytest
from scipy import sparse

from geodata.analysis.emerging import EmergingRule, emerging, space_time_gi_star
from geodata.analysis.emerging_classes import CLASS_NAMES
from geodata.analysis.gi_star import exact_p, gi_star
from geodata.analysis.neighbours import ring_neighbours
from geodata.analysis.reasons import Reason
from tests.analysis import oracles
from tests.analysis.hexagons import disk, random_matrix
from tests.analysis.test_gi_star import esda_z

CELLS = disk(8)
NEAR = ring_neighbours(CELLS, 1)
MIDDLE = int(np.flatnonzero(np.diff(NEAR.indptr) == 7)[40])


def space_time_matrix(near, steps):
    """Bin (i, t) beside bin (j, s) where i is beside j and s is t or t − 1."""
    before = sparse.eye_array(steps) + sparse.eye_array(steps, k=-1)
    return sparse.kron(sparse.csr_array(near), before, format="csr")


def week_after_week(pattern, base=1.0, factor=8, seed=0):
    """Poisson reports; the seven cells around the middle are busier in the weeks marked h."""
    mean = np.full((len(CELLS), len(pattern)), base)
    hot = [letter == "h" for letter in pattern]
    mean[np.ix_(NEAR[[MIDDLE]].indices, hot)] *= factor
    return np.random.default_rng(seed).poisson(mean)


def test_space_time_gi_star_is_gi_star_of_the_bins():
    values = np.random.default_rng(0).poisson(0.7, (len(CELLS), 6)).astype(float)
    found = space_time_gi_star(values, NEAR)
    bins = gi_star(values.ravel(), space_time_matrix(NEAR, 6))
    np.testing.assert_allclose(found.z.ravel(), bins.z, atol=1e-10)
    np.testing.assert_array_equal(found.sizes.ravel(), bins.sizes)


def test_space_time_gi_star_is_equal_to_esda():
    rng = np.random.default_rng(3)
    for near in (ring_neighbours(disk(4), 2), random_matrix(rng, 61)):
        values = rng.gamma(0.7, 2, (61, 5))
        found = space_time_gi_star(values, near).z.ravel()
        expected = esda_z(values.ravel(), space_time_matrix(near, 5))
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_findings_are_those_of_the_exact_test_of_the_bins():
    values = np.random.default_rng(0).poisson(0.7, (len(CELLS), 6)).astype(float)
    values[NEAR[[MIDDLE]].indices, 2:] += 2
    matrix = space_time_matrix(NEAR, 6)
    star = gi_star(values.ravel(), matrix)
    p = exact_p(star, values.ravel(), matrix)
    significant = oracles.findings(dict(enumerate(p)), 0.05)
    found = emerging(values, NEAR)
    assert set(np.flatnonzero(found.spots)) == significant
    assert len(significant) > 10
    assert found.largest_p == pytest.approx(max(p[list(significant)]))


@pytest.mark.parametrize("seed", range(6))
def test_the_whole_chain_agrees_with_the_slow_one(seed):
    rng = np.random.default_rng(seed)
    cells, steps = 40, int(rng.integers(4, 15))
    near = random_matrix(rng, cells, 0.1) if seed % 2 else ring_neighbours(disk(4)[:cells], 1)
    values = rng.poisson(rng.choice([1, 1, 1, 1, 14], cells)[:, None], (cells, steps))
    if seed % 3 == 0:
        values[:5] = 12  # ties
    found = emerging(values, near, rule=EmergingRule(null="normal", rings=None))
    z = oracles.space_time_z(values.tolist(), [row.tolist() for row in rows_of(near)])
    p = {bin_: oracles.math.erfc(abs(value) / 2**0.5) for bin_, value in z.items()}
    significant = oracles.findings(p, 0.05)
    for cell in range(cells):
        series = [z[cell, step] for step in range(steps)]
        letters = "".join(
            "." if (cell, step) not in significant else "h" if series[step] > 0 else "c"
            for step in range(steps)
        )
        score, _, _, trend_p = oracles.trend_test([round(value, 9) for value in series])
        way = "no" if trend_p > 0.05 else "rising" if score > 0 else "falling"
        assert found.cells["class"][cell] == oracles.class_of(letters, way)
        np.testing.assert_allclose(found.z[cell], series, atol=1e-9)


def rows_of(near):
    return np.split(near.indices, near.indptr[1:-1])


@pytest.mark.parametrize(
    ("pattern", "classes"),
    [
        (".............h", {"new_hot"}),
        ("...........hhh", {"consecutive_hot"}),
        ("hhhhhhhhhhhhhh", {"persistent_hot", "intensifying_hot", "diminishing_hot"}),
        ("..hh...hh...hh", {"sporadic_hot"}),
        ("hhhhhhhhhhhhh.", {"persistent_hot", "diminishing_hot"}),  # the week before lasts
        ("hhhhh.........", {"none"}),
    ],
)
def test_a_planted_hot_spot_gets_its_class(pattern, classes):
    found = emerging(week_after_week(pattern), NEAR, ids=CELLS)
    assert found.cells["class"][MIDDLE] in classes
    assert found.cells["cell"][MIDDLE] == CELLS[MIDDLE]
    elsewhere = np.ones(len(CELLS), bool)
    elsewhere[ring_neighbours(CELLS, 2)[[MIDDLE]].indices] = False
    assert (found.spots[elsewhere] != 0).mean() < 0.005


def test_a_rising_hot_spot_is_intensifying_and_backwards_diminishing():
    mean = np.full((len(CELLS), 14), 2.0)
    mean[NEAR[[MIDDLE]].indices] = np.linspace(10, 40, 14)
    rising = np.random.default_rng(0).poisson(mean)
    assert emerging(rising, NEAR).cells["class"][MIDDLE] == "intensifying_hot"
    assert emerging(rising[:, ::-1], NEAR).cells["class"][MIDDLE] == "diminishing_hot"


def test_the_answer_says_what_it_rests_on():
    found = emerging(week_after_week("......hh"), NEAR, rule=EmergingRule(alpha=0.1))
    assert (found.n, found.steps, found.rule.rings, found.rule.alpha) == (len(CELLS), 8, 1, 0.1)
    assert found.null == "exact"
    assert found.untested == 0
    assert 0 < found.largest_p < 0.1
    assert found.smallest_trend_p < 0.05
    assert found.cells["class"].dtype.categories.to_list() == list(CLASS_NAMES)
    assert ((found.spots > 0).sum(axis=1) == found.cells["hot_steps"].to_numpy()).all()


@pytest.mark.parametrize("trend_of", ["z", "step"])
def test_trend_of_either_series(trend_of):
    values = np.random.default_rng(0).poisson(1, (len(CELLS), 10)) + np.arange(10)
    found = emerging(values, NEAR, rule=EmergingRule(trend_of=trend_of))
    assert (found.cells["trend"] == 1).all()


@pytest.mark.parametrize(
    ("values", "matrix", "reason"),
    [
        (np.zeros((0, 8)), sparse.csr_array((0, 0)), Reason.NO_CELLS),
        (np.arange(8.0)[None, :], sparse.eye_array(1), Reason.TOO_FEW_CELLS),
        (np.ones((len(CELLS), 3)), NEAR, Reason.TOO_FEW_STEPS),
        (np.ones((len(CELLS), 0)), NEAR, Reason.TOO_FEW_STEPS),
        (np.zeros((len(CELLS), 8)), NEAR, Reason.ALL_ZERO),
        (np.full((len(CELLS), 8), 0.1), NEAR, Reason.ALL_EQUAL),
    ],
)
def test_what_cannot_be_told_has_a_reason_and_no_nan(values, matrix, reason):
    found = emerging(values, matrix)
    assert found.undecided is reason
    assert len(found.cells) == len(values)
    assert (found.cells["class"] == "none").all()
    for name in ("last_z", "trend_z", "trend_p"):
        assert np.isfinite(found.cells[name].to_numpy()).all()
    assert found.spots.shape == values.shape


def test_a_cell_without_a_neighbourhood_of_its_own_kind_is_still_a_cell():
    values = np.random.default_rng(0).poisson(2, (5, 6))
    found = emerging(values, sparse.csr_array(np.ones((5, 5))))
    assert found.undecided is None
    assert np.isfinite(found.z).all()


def test_bad_input_is_refused_in_words():
    with pytest.raises(ValueError, match="cells × steps"):
        emerging(np.zeros(8), NEAR)
    with pytest.raises(ValueError, match="align them"):
        emerging(np.zeros((3, 8)), NEAR)
    with pytest.raises(ValueError, match="not finite"):
        emerging(np.full((len(CELLS), 8), np.nan), NEAR)
