"""Hexagon neighbourhoods made with the h3 package itself, not with the code under test."""

from __future__ import annotations

import h3
import numpy as np
from scipy import sparse

NEIJIANG = (29.58, 105.05)


def disk(radius: int, resolution: int = 10, centre: tuple[float, float] = NEIJIANG) -> np.ndarray:
    """Sorted cells within ``radius`` steps of a place: 1 + 3r(r + 1) of them."""
    middle = h3.latlng_to_cell(*centre, resolution)
    return np.array(sorted(int(cell, 16) for cell in h3.grid_disk(middle, radius)), dtype=np.int64)


def slow_neighbours(cells: np.ndarray, rings: int, *, with_self: bool = True) -> sparse.csr_array:
    """Compare every pair: entry (i, j) is 1 where j is at most ``rings`` steps from i."""
    row_of = {f"{cell:x}": row for row, cell in enumerate(cells)}
    matrix = sparse.lil_array((len(cells), len(cells)))
    for name, row in row_of.items():
        for near in h3.grid_disk(name, rings):
            if near in row_of and (with_self or near != name):
                matrix[row, row_of[near]] = 1.0
    return matrix.tocsr()


def random_matrix(rng: np.random.Generator, count: int, share: float = 0.2) -> sparse.csr_array:
    """Neighbours that lie on no map: not symmetric, self included."""
    links = rng.random((count, count)) < share
    np.fill_diagonal(links, val=True)
    return sparse.csr_array(links.astype(float))
