"""Gi*: whether high (or low) values gather around a cell.

Getis, A. and Ord, J. K. (1992), "The analysis of spatial association by use of distance
statistics", Geographical Analysis 24(3); Ord and Getis (1995), 27(4). Binary neighbours, self
included. z equals ``esda.G_Local(star=True, transform="B").Zs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from geodata.analysis.false_discovery import Reals
from geodata.analysis.neighbours import Neighbours, binary, check_lengths, sizes_of
from geodata.analysis.null_sums import Levels, as_levels, null_sums

Null = Literal["exact", "dispersed", "normal"]
"""What chance alone would do.

``exact``: the same values lie in random order. ``dispersed``: reports come in bundles at the
common rate (negative binomial, or Poisson without bundles). ``normal``: the textbook curve.
"""


@dataclass(frozen=True)
class GiStar:
    """Gi* of every unit, in the order of the values.

    Attributes
    ----------
    z
        Standard deviations above the expected sum; 0 where it is undefined.
    sums, expected
        Sum of the values in the neighbourhood, and its expectation.
    sizes
        Units in the neighbourhood.
    defined
        False where the neighbourhood is empty or the whole study area, or no value varies.
    """

    z: Reals
    sums: Reals
    expected: Reals
    sizes: Levels
    defined: npt.NDArray[np.bool_]


def gi_star(values: Reals, neighbours: Neighbours) -> GiStar:
    """Compare each neighbourhood's sum with what the overall mean would give.

    Parameters
    ----------
    values
        One per unit, zeros included: the whole study area, never only the non-empty cells.
    neighbours
        Any square sparse matrix; a unit is always counted as its own neighbour.

    Raises
    ------
    ValueError
        The lengths differ, or a value is not finite.
    """
    matrix = binary(neighbours, with_self=True)
    values = np.asarray(values, dtype=np.float64)
    check_lengths(matrix, values=values)
    return standardised(matrix @ values, sizes_of(matrix), values)


def standardised(sums: Reals, sizes: Levels, population: Reals) -> GiStar:
    """Gi* of sums already taken, against the mean and spread of ``population``.

    ``sums`` and ``sizes`` may have any shape that broadcasts, such as units × steps.
    """
    n = population.size
    mean = float(population.mean()) if n else 0.0
    spread = float(population.std()) if n and np.ptp(population) > 0 else 0.0
    room = sizes * (n - sizes) / max(n - 1, 1)
    defined = (room > 0) & (spread > 0)
    expected = sizes * mean
    scale = np.where(defined, spread * np.sqrt(np.maximum(room, 0)), 1.0)
    z = np.where(defined, (sums - expected) / scale, 0.0)
    return GiStar(z, sums, np.broadcast_to(expected, z.shape), sizes, defined)


def normal_p(z: Reals) -> Reals:
    """Two-sided p of a standard normal z."""
    p: Reals = special.erfc(np.abs(z) / np.sqrt(2.0))
    return p


def exact_p(found: GiStar, values: Reals, neighbours: Neighbours) -> Reals:
    """Two-sided p of each neighbourhood's sum if the same values lay in random order.

    Exact for whole numbers; see `null_sums.as_levels` for large or fractional ones.

    Parameters
    ----------
    found
        ``gi_star(values, neighbours)``.
    """
    matrix = binary(neighbours, with_self=True)
    largest = int(found.sizes.max(initial=0))
    levels = as_levels(np.asarray(values, dtype=np.float64), largest)
    sums = np.rint(matrix @ levels.astype(np.float64)).astype(np.int64)
    return null_sums(levels, largest).p_beside(found.z, sums, found.sizes)
