"""Counts on the whole study area: a cell without a case is a zero, not a gap."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.analysis.false_discovery import Reals
from geodata.spatial.cells import Cells


def on_study_area(study: Cells, cells: Cells, counts: npt.NDArray[Any]) -> tuple[Reals, int]:
    """Put counts onto the study area, zeros everywhere else.

    Parameters
    ----------
    study
        Every cell a case could lie in, sorted, distinct.
    cells, counts
        Cells that have any, at the same resolution, and how many; repeated cells are added.

    Returns
    -------
    tuple
        Counts in the order of ``study``, and how many cases lie outside it.
    """
    cube, outside = cube_on_study_area(study, cells, np.zeros(len(cells), int), counts, steps=1)
    return cube[:, 0], outside


def cube_on_study_area(
    study: Cells,
    cells: Cells,
    step: npt.NDArray[np.int64],
    counts: npt.NDArray[Any],
    *,
    steps: int,
) -> tuple[Reals, int]:
    """Put counts by cell and time step onto study area × steps, zeros everywhere else.

    Parameters
    ----------
    step
        Time step of each count, 0 to ``steps`` − 1; others are outside.

    Returns
    -------
    tuple
        n × ``steps`` counts in the order of ``study``, and how many cases lie outside.

    Raises
    ------
    ValueError
        ``study`` is not sorted, or names a cell twice.
    """
    if (np.diff(study) <= 0).any():
        raise ValueError("the study area must be sorted and name each cell once")
    at = np.minimum(np.searchsorted(study, cells), max(len(study) - 1, 0))
    inside = (step >= 0) & (step < steps)
    inside &= study[at] == cells if len(study) else False
    where = at[inside] * steps + step[inside]
    placed = np.bincount(where, weights=counts[inside], minlength=len(study) * steps)
    cube = placed.astype(np.float64).reshape(len(study), steps)
    return cube, int(np.sum(counts[~inside]))
