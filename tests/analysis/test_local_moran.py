from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from geodata.analysis.local_moran import CLUSTERS, MoranRule, local_moran
from geodata.analysis.neighbours import ring_neighbours
from geodata.analysis.reasons import Reason
from tests.analysis.hexagons import disk

CELLS = disk(9)
NEAR = ring_neighbours(CELLS, 1)
NORMAL = MoranRule(null="normal")


@pytest.mark.parametrize("rings", [1, 2])
def test_equal_to_esda(rings):
    esda = pytest.importorskip("esda", reason="compares with another library")
    libpysal = pytest.importorskip("libpysal", reason="compares with another library")
    near = ring_neighbours(CELLS, rings, with_self=False)
    values = np.random.default_rng(rings).gamma(0.8, 2, len(CELLS))
    weights = libpysal.weights.WSP(near.tocsr()).to_W(silence_warnings=True)
    theirs = esda.Moran_Local(values, weights, permutations=0)
    found = local_moran(values, near, rule=NORMAL).cells
    np.testing.assert_allclose(found["i"], theirs.Is, atol=1e-9)
    factor = (len(CELLS) - 1) / len(CELLS)  # Is has it, EIc and VIc do not
    np.testing.assert_allclose(found["expected"], theirs.EIc * factor, atol=1e-9)
    np.testing.assert_allclose(found["variance"], theirs.VIc * factor**2, atol=1e-9)
    assert found["quadrant"].to_list() == theirs.q.tolist()


def test_moments_are_those_of_every_order_of_the_others():
    """Expectation and variance with the own value fixed, by going through all choices."""
    values = np.array([5.0, 1, 0, 2, 0, 1, 7, 0, 3])
    links = np.zeros((9, 9))
    links[0, [1, 2, 3]] = 1
    own = (values - values.mean()) / values.std()
    choices = [8 / 9 * own[0] * np.mean(c) for c in combinations(own[1:], 3)]
    row = local_moran(values, sparse.csr_array(links), rule=NORMAL).cells.row(0, named=True)
    assert row["expected"] == pytest.approx(np.mean(choices))
    assert row["variance"] == pytest.approx(np.var(choices))


def test_exact_p_goes_through_every_choice():
    values = np.array([5, 1, 0, 2, 0, 1, 7, 0, 3, 3])
    near = sparse.csr_array(np.eye(10, k=1) + np.eye(10, k=-1) + np.eye(10, k=4))
    p = local_moran(values, near, rule=MoranRule(rings=None)).cells["p"]
    for cell in range(10):
        around = values[near[[cell]].indices].sum()
        size = len(near[[cell]].indices)
        sums = np.array([sum(c) for c in combinations(np.delete(values, cell), size)])
        expected = min(1, 2 * min((sums >= around).mean(), (sums <= around).mean()))
        assert p[cell] == pytest.approx(expected)


def test_a_planted_cluster_and_a_planted_exception():
    rng = np.random.default_rng(0)
    values = rng.poisson(5, len(CELLS))
    inner = np.flatnonzero(np.diff(NEAR.indptr) == 7)
    hot = NEAR[[inner[30]]].indices
    values[hot] += 25
    found = local_moran(values, NEAR).cells
    assert found["cluster"].to_list()[inner[30]] == "high_high"
    values[inner[30]] = 0
    assert local_moran(values, NEAR).cells["cluster"].to_list()[inner[30]] == "low_high"
    assert found["cluster"].dtype.categories.to_list() == list(CLUSTERS)


@pytest.mark.parametrize(
    ("values", "matrix", "reason"),
    [
        (np.zeros(0), sparse.csr_array((0, 0)), Reason.NO_CELLS),
        (np.ones(2), sparse.eye_array(2), Reason.TOO_FEW_CELLS),
        (np.zeros(len(CELLS)), NEAR, Reason.ALL_ZERO),
        (np.full(len(CELLS), 0.1), NEAR, Reason.ALL_EQUAL),
        (np.arange(9), sparse.eye_array(9), Reason.ALL_NEIGHBOURS),
    ],
)
def test_what_cannot_be_told_has_a_reason_and_no_nan(values, matrix, reason):
    found = local_moran(values, matrix)
    assert found.undecided is reason
    assert found.n == 0
    assert (found.cells["cluster"] == "none").all()
    assert (found.cells["p"] == 1).all()


def test_an_island_is_not_tested():
    links = np.eye(8, k=1) + np.eye(8, k=-1)
    links[7] = 0
    found = local_moran(np.array([1, 5, 2, 8, 3, 0, 1, 9]), sparse.csr_array(links))
    assert found.cells["tested"].to_list() == [True] * 7 + [False]
    assert np.isfinite(found.cells["z"].to_numpy()).all()
