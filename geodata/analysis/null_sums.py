"""How large a neighbourhood's sum gets by chance, exactly.

If values lie on the study area in random order, the sum over a neighbourhood of m cells is the
sum of m values drawn without replacement from all of them. That distribution is the same for
every neighbourhood of m cells, so it is worked out once per m instead of simulated: by adding
one distinct value at a time to the elementary symmetric polynomial of the values (all terms
positive, so far tails keep their digits).

The normal curve of the usual Gi* is a poor stand-in for it when counts are small: with 0.3
reports per cell it calls chance clusters significant many times too often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.analysis.false_discovery import Reals

Levels = npt.NDArray[np.int64]

_WORK: Final = 10_000
"""Largest neighbourhood × number of levels; keeps the table within about 0.3 s."""

_FEWEST_LEVELS: Final = 16
EXACT_UP_TO: Final = 400
"""Units in a neighbourhood; sums of more than that follow the normal curve closely enough."""

_NEGLIGIBLE: Final = 1e-30
_COMMON_SHARE: Final = 0.999
"""Share of the values that must lie below the top level; rarer giants are drawn as that level."""


def as_levels(values: Reals, largest: int, *, top: int | None = None) -> Levels:
    """Write values as small whole numbers, so that sums fall on a lattice.

    Whole numbers that fit are kept as they are, so the test is exact. Otherwise they are
    divided by a step that fits all but the top 0.1 % of them, and those are capped: the test
    is then exact for the rounded values.

    Parameters
    ----------
    largest
        Size of the largest neighbourhood, in units.
    top
        Highest level; by default as high as keeps the work small.
    """
    if not values.size:
        return np.zeros(values.shape, dtype=np.int64)
    shifted = values - values.min()
    top = top or max(_FEWEST_LEVELS, _WORK // max(largest, 1))
    whole = bool((shifted == np.floor(shifted)).all())
    step = 1.0 if whole and shifted.max() <= top else _step(shifted, top, whole=whole)
    levels: Levels = np.minimum(np.rint(shifted / step), top).astype(np.int64)
    return levels


def _step(shifted: Reals, top: int, *, whole: bool) -> float:
    common = float(np.quantile(shifted, _COMMON_SHARE)) or float(shifted.max())
    return max(float(np.ceil(common / top)), 1.0) if whole else common / top


@dataclass(frozen=True)
class NullSums:
    """Chance distribution of the sum of m values, for every m up to the largest neighbourhood.

    Attributes
    ----------
    tail_p, side
        (largest + 1) × (highest sum + 1): two-sided p of that sum of that many values, and
        which tail is the smaller one: +1 upper, −1 lower, 0 neither.
    """

    tail_p: Reals
    side: npt.NDArray[np.int8]

    def p(self, sums: Levels, sizes: Levels) -> Reals:
        """Two-sided p of each sum of ``sizes`` levels; both may have any (broadcast) shape."""
        found: Reals = self.tail_p[sizes, sums]
        return found

    def p_beside(self, z: Reals, sums: Levels, sizes: Levels) -> Reals:
        """Return ``p``, but 1 where the tail contradicts the sign of ``z``.

        The mean that z refers to can lie above most sums when a few values are giants: such a
        sum is neither plainly hot nor plainly cold.
        """
        return np.where(self.side[sizes, sums] == np.sign(z), self.p(sums, sizes), 1.0)


def null_sums(levels: Levels, largest: int) -> NullSums:
    """Work out the chance distribution of sums of up to ``largest`` of these levels.

    p is twice the smaller tail, the observed sum included, at most 1.
    """
    if not levels.size:
        return NullSums(np.ones((1, 1)), np.zeros((1, 1), dtype=np.int8))
    tally = np.bincount(levels.ravel())
    distinct = np.flatnonzero(tally)
    counts = tally[distinct]
    largest = min(largest, levels.size)
    chances = np.zeros((largest + 1, largest * int(distinct[-1]) + 1))
    chances[0, 0] = 1.0
    for level, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        chances = _with_level(chances, level, count, levels.size)
    whole = chances.sum(axis=1, keepdims=True)
    chances = np.divide(chances, whole, out=np.ones_like(chances), where=whole > 0)
    upper = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1]
    lower = np.cumsum(chances, axis=1)
    side = np.sign(lower - upper).astype(np.int8)
    return NullSums(np.minimum(2.0 * np.minimum(upper, lower), 1.0), side)


def _with_level(chances: Reals, level: int, count: int, total: int) -> Reals:
    """Allow 0, 1, 2 … of the ``count`` units at this level among those drawn.

    Row m holds the number of ways to draw m of the units seen so far, times m! ÷ total^m.
    """
    added = chances.copy()
    weight = np.ones(len(chances))
    drawn = np.arange(len(chances), dtype=float)
    for times in range(1, min(count, len(chances) - 1) + 1):
        left = np.maximum(drawn - times + 1, 0.0)
        weight = weight * left * (count - times + 1) / (times * total)
        if weight.max() < _NEGLIGIBLE:
            break
        shift = times * level
        width = chances.shape[1] - shift
        added[times:, shift:] += weight[times:, None] * chances[:-times, :width]
    return added
