import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geodata.analysis.neighbours import binary, check_lengths, ring_neighbours, sizes_of
from geodata.spatial.cells import disks_of, spacing_m_of
from tests.analysis.hexagons import disk, slow_neighbours


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 90), unique=True, max_size=60),
    st.integers(0, 3),
    st.booleans(),
)
def test_any_part_of_the_grid_in_any_order(rows, rings, with_self):
    cells = disk(5)[rows]
    found = ring_neighbours(cells, rings, with_self=with_self)
    expected = slow_neighbours(cells, rings, with_self=with_self)
    assert (found != expected).nnz == 0
    assert found.has_sorted_indices


def test_two_rings_reach_across_a_gap():
    middle = h3.latlng_to_cell(29.58, 105.05, 10)
    far = sorted(int(cell, 16) for cell in h3.grid_ring(middle, 1))
    opposite = np.array([far[0], far[-1]])
    steps = h3.grid_distance(*(f"{cell:x}" for cell in opposite))
    assert ring_neighbours(opposite, steps).nnz == 4
    assert ring_neighbours(opposite, steps - 1).nnz == 2


def test_beside_a_pentagon():
    pentagon = h3.get_pentagons(6)[0]
    cells = np.array(sorted(int(cell, 16) for cell in h3.grid_disk(pentagon, 2)))
    found = ring_neighbours(cells, 1)
    assert (found != slow_neighbours(cells, 1)).nnz == 0
    assert sizes_of(found)[np.searchsorted(cells, int(pentagon, 16))] == 6


def test_a_cell_named_twice_is_refused():
    cells = disk(1)
    with pytest.raises(ValueError, match="occurs twice"):
        ring_neighbours(np.append(cells, cells[0]), 1)


def test_negative_rings_are_refused():
    with pytest.raises(ValueError, match="rings is -1"):
        ring_neighbours(disk(1), -1)


def test_no_cells_no_neighbours():
    assert ring_neighbours(np.zeros(0, np.int64), 2).shape == (0, 0)
    rows, near = disks_of(np.zeros(0, np.int64), 1)
    assert len(rows) == len(near) == 0


def test_weights_of_any_kind_become_ones():
    weights = sparse.coo_matrix(([0.2, 0.3, 0.0, 5.0], ([0, 0, 1, 2], [1, 1, 2, 2])), shape=(3, 3))
    assert binary(weights).toarray().tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 1]]
    assert binary(weights, with_self=True).diagonal().tolist() == [1, 1, 1]
    assert binary(weights, with_self=False).toarray().tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert weights.toarray()[2, 2] == 5.0, "the caller's matrix is left alone"


def test_a_matrix_must_be_square_and_arrays_must_fit():
    with pytest.raises(ValueError, match="square"):
        binary(sparse.csr_array((2, 3)))
    with pytest.raises(ValueError, match="counts has 2 rows, the neighbour matrix 3"):
        check_lengths(sparse.eye_array(3), counts=np.zeros(2))
    with pytest.raises(ValueError, match="2 values that are not finite"):
        check_lengths(sparse.eye_array(3), counts=np.array([1, np.nan, np.inf]))


def test_spacing_is_the_distance_between_centres():
    cells = disk(1)
    names = [f"{cell:x}" for cell in cells]
    centre = h3.cell_to_latlng(names[0])
    nearest = min(
        h3.great_circle_distance(centre, h3.cell_to_latlng(name), unit="m") for name in names[1:]
    )
    assert spacing_m_of(cells)[0] == pytest.approx(nearest, rel=0.08)
