import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from geodata.analysis.gi_star import exact_p, gi_star, normal_p
from geodata.analysis.neighbours import ring_neighbours
from tests.analysis import oracles
from tests.analysis.hexagons import disk, random_matrix


def esda_z(values, matrix):
    esda = pytest.importorskip("esda", reason="compares with another library")
    libpysal = pytest.importorskip("libpysal", reason="compares with another library")
    weights = libpysal.weights.WSP(sparse.csr_matrix(matrix)).to_W(silence_warnings=True)
    return esda.G_Local(values, weights, star=True, transform="B", permutations=0).Zs


@pytest.mark.parametrize("rings", [1, 2, 3])
@pytest.mark.parametrize("with_self", [True, False])
def test_equal_to_esda_on_hexagons(rings, with_self):
    cells = disk(9)
    values = np.random.default_rng(rings).poisson(1.3, len(cells)).astype(float)
    matrix = ring_neighbours(cells, rings, with_self=with_self)
    np.testing.assert_allclose(gi_star(values, matrix).z, esda_z(values, matrix), atol=1e-9)


def test_equal_to_esda_on_any_matrix_and_any_values():
    rng = np.random.default_rng(5)
    for _ in range(5):
        matrix = random_matrix(rng, 60)
        values = rng.normal(3, 2, 60)
        np.testing.assert_allclose(gi_star(values, matrix).z, esda_z(values, matrix), atol=1e-9)


@given(st.floats(0.1, 100), st.floats(-50, 50))
def test_z_does_not_depend_on_the_unit(scale, shift):
    matrix = ring_neighbours(disk(4), 1)
    values = np.arange(matrix.shape[0]) ** 1.5
    moved = gi_star(values * scale + shift, matrix).z
    np.testing.assert_allclose(moved, gi_star(values, matrix).z, atol=1e-8)


@settings(max_examples=30)
@given(st.permutations(range(37)))
def test_the_order_of_the_cells_does_not_matter(order):
    cells = disk(3)
    values = np.random.default_rng(1).poisson(2, 37).astype(float)
    plain = gi_star(values, ring_neighbours(cells, 1)).z
    mixed = gi_star(values[order], ring_neighbours(cells[order], 1)).z
    np.testing.assert_allclose(mixed, plain[order], atol=1e-12)


def test_exact_p_counts_every_choice():
    cells = disk(1)
    matrix = sparse.csr_array(np.eye(10) + np.eye(10, k=1) + np.eye(10, k=-1))
    values = np.array([0, 0, 3, 4, 1, 0, 0, 2, 0, 1])
    assert len(cells) == 7
    found = gi_star(values, matrix)
    p = exact_p(found, values, matrix)
    for cell in range(10):
        around = values[max(cell - 1, 0) : cell + 2]
        expected = oracles.chance_p(values.tolist(), len(around), int(around.sum()))
        assert p[cell] == pytest.approx(expected if expected < 1 else 1.0)


def test_normal_p_is_two_sided():
    z = np.array([-1.96, 0.0, 1.96, 8.0])
    np.testing.assert_allclose(normal_p(z), 2 * stats.norm.sf(np.abs(z)), rtol=1e-12)


def test_a_neighbourhood_of_everything_is_undefined_not_nan():
    found = gi_star(np.array([1.0, 5.0, 2.0]), sparse.csr_array(np.ones((3, 3))))
    assert not found.defined.any()
    assert found.z.tolist() == [0, 0, 0]


def test_equal_values_are_undefined_not_nan():
    found = gi_star(np.full(37, 0.1), ring_neighbours(disk(3), 1))
    assert not found.defined.any()
    assert (found.z == 0).all()
