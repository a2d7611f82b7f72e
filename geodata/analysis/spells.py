"""Reports come in spells: days in a row say less than as many days spread over the weeks."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.analysis.poisson import PoissonFit

Reals = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]

_FEWEST_WEEKS_DF: Final = 4


def spells(days: Days, counts: Reals, fit: PoissonFit) -> float:
    """How many times more whole weeks vary than single days do, at least 1.

    If reports come in spells of a week, seven days in a row are less than seven observations.
    """
    week = _weeks(days)
    seen, expected = (np.bincount(week, weights=part) for part in (counts, fit.fitted))
    df = len(seen) - len(fit.coefficients) + 7
    if df < _FEWEST_WEEKS_DF:
        return 1.0
    weekly = float(((seen - expected) ** 2 / np.maximum(expected, 1e-12)).sum()) / df
    return max(weekly / fit.dispersion, 1.0)


def in_a_row(days: Days, design: Reals) -> Reals:
    """Share of each column's variance that lies between weeks: 0 for weekdays, near 1 in a row.

    What is compared within weeks is not touched by spells, they cancel.
    """
    week = _weeks(days)
    size = np.maximum(np.bincount(week), 1)
    means = np.stack([np.bincount(week, weights=column) / size for column in design.T], axis=1)
    found: Reals = means[week].var(axis=0) / np.maximum(design.var(axis=0), 1e-12)
    return found


def _weeks(days: Days) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = (days - days.min()).astype(np.int64) // 7
    return found
