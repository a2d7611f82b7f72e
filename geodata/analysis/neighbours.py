"""Who is whose neighbour: sparse matrices for every neighbourhood statistic.

A neighbour matrix is any square SciPy sparse matrix: row i names the neighbours of unit i. Only
where an entry is non-zero matters (binary weights); the diagonal says whether a unit counts as
its own neighbour. H3 gives one here, but shared borders, road distance or another tool's
weights serve as well.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.spatial.cells import Cells, disks_of

Neighbours: TypeAlias = Any
"""A square SciPy sparse matrix or array, units × units."""

Reals: TypeAlias = npt.NDArray[np.float64]


def ring_neighbours(cells: Cells, rings: int, *, with_self: bool = True) -> Neighbours:
    """Which study cells lie within ``rings`` steps of each other.

    Costs about 0.2 s for 143,000 cells and one ring; keep the answer for as long as the study
    area stays the same.

    Parameters
    ----------
    cells
        The whole study area at one resolution, distinct, in any order.
    rings
        Steps on the hexagon grid, 0 or more; steps may cross cells outside the study area.
    with_self
        Whether a cell is its own neighbour (Gi* wants that; local Moran does not).

    Returns
    -------
    scipy.sparse.csr_array
        n × n of 0 and 1 (float64), rows and columns in the order of ``cells``, indices sorted.
        Empty in, empty out.

    Raises
    ------
    ValueError
        A cell occurs twice, or ``rings`` is negative.
    """
    order = np.argsort(cells, kind="stable")
    ranked = cells[order]
    if len(ranked) and (ranked[1:] == ranked[:-1]).any():
        twice = int(ranked[:-1][ranked[1:] == ranked[:-1]][0])
        raise ValueError(f"cell {twice:x} occurs twice; list each study cell once")
    rows, near = disks_of(cells, rings)
    at = np.minimum(np.searchsorted(ranked, near), max(len(ranked) - 1, 0))
    inside = ranked[at] == near if len(ranked) else np.zeros(0, bool)
    rows, columns = rows[inside], order[at[inside]]
    if not with_self:
        rows, columns = rows[rows != columns], columns[rows != columns]
    return _matrix(rows, columns, len(cells))


def _matrix(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], n: int) -> Neighbours:
    """CSR matrix of ones from pairs that are already in order of row."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])
    parts = (np.ones(len(rows)), columns.astype(np.int32), starts.astype(np.int32))
    matrix = sparse.csr_array(parts, shape=(n, n))
    matrix.sort_indices()
    return matrix


def binary(neighbours: Neighbours, *, with_self: bool | None = None) -> Neighbours:
    """Return the same neighbours as a CSR array of ones.

    Parameters
    ----------
    with_self
        True puts every unit into its own neighbourhood, False takes it out, None leaves the
        diagonal as it is.

    Raises
    ------
    ValueError
        The matrix is not square.
    """
    if neighbours.shape[0] != neighbours.shape[1]:
        raise ValueError(f"a neighbour matrix is square; this one is {neighbours.shape}")
    matrix = sparse.csr_array(neighbours, dtype=np.float64)
    if not matrix.has_canonical_format or (matrix.data != 1).any():
        matrix = matrix.copy()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        matrix.data[:] = 1.0
    return matrix if with_self is None else _with_diagonal(matrix, value=with_self)


def _with_diagonal(matrix: Neighbours, *, value: bool) -> Neighbours:
    diagonal = matrix.diagonal()
    if (diagonal == float(value)).all():
        return matrix
    change = sparse.diags_array(float(value) - diagonal)
    changed = sparse.csr_array(matrix + change)
    changed.eliminate_zeros()
    changed.sort_indices()
    return changed


def sizes_of(neighbours: Neighbours) -> npt.NDArray[np.int64]:
    """How many units each neighbourhood holds; the matrix must be one of `binary`."""
    sizes: npt.NDArray[np.int64] = np.diff(neighbours.indptr).astype(np.int64)
    return sizes


def check_lengths(neighbours: Neighbours, **columns: npt.NDArray[Any]) -> None:
    """Refuse arrays that do not have one finite value per unit.

    Raises
    ------
    ValueError
        An array has another length than the matrix, or holds a value that is not finite.
    """
    n = neighbours.shape[0]
    for name, values in columns.items():
        if len(values) != n:
            raise ValueError(f"{name} has {len(values)} rows, the neighbour matrix {n}; align them")
        if not np.isfinite(values).all():
            bad = int((~np.isfinite(values)).sum())
            raise ValueError(f"{name} holds {bad} values that are not finite; fill or drop them")
