"""Whether a ratio of two counts changed more in one group of units than in the other.

Each unit (a street, a week) has two counts, first and second. The contrast is
(ΣB second ÷ ΣB first) ÷ (ΣA second ÷ ΣA first): for streets before and after it is the Poisson
difference-in-differences, and equals the coefficient of treated × after in a Poisson regression
with one level per street and one factor for the period. The variance is Poisson's times the
overdispersion seen between the units of a group, with Student's t for how few they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CONTINUITY: Final = 0.5
"""Added to all four sums when one of them is 0, so that a ratio exists."""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """Ratio of ratios with its interval.

    Attributes
    ----------
    error
        Standard error of the log ratio, overdispersion included.
    dispersion
        Pearson χ² ÷ degrees of freedom between units, at least 1.
    df
        Units beyond the first of each group.
    corrected
        Whether ½ was added because a sum is 0.
    """

    ratio: float
    low: float
    high: float
    p: float
    error: float
    dispersion: float
    df: int
    corrected: bool

    @property
    def width(self) -> float:
        """How many times the ratio the upper end is."""
        return self.high / self.ratio


def contrast(first: Reals, second: Reals, of_b: Flags, *, confidence: float = 0.95) -> Contrast:
    """Compare how the second count relates to the first in group B and in group A.

    Parameters
    ----------
    first, second
        Counts of each unit.
    of_b
        Whether the unit belongs to group B.

    Raises
    ------
    ValueError
        A group has no unit, or there are only two units: nothing shows how much units differ.
    """
    if not of_b.any() or of_b.all():
        raise ValueError("a contrast needs units in both groups")
    if len(of_b) < 3:  # noqa: PLR2004 - one degree of freedom
        raise ValueError(f"{len(of_b)} units cannot show how much units differ; give 3 or more")
    sums = np.array(
        [first[~of_b].sum(), second[~of_b].sum(), first[of_b].sum(), second[of_b].sum()]
    )
    corrected = bool((sums == 0).any())
    sums = sums + CONTINUITY if corrected else sums.astype(float)
    dispersion, df = _dispersion(first, second, of_b)
    log = float(np.log(sums[3] / sums[2]) - np.log(sums[1] / sums[0]))
    error = float(np.sqrt(dispersion * (1 / sums).sum()))
    width = error * float(stats.t.ppf(0.5 + confidence / 2, max(df, 1)))
    return Contrast(
        ratio=float(np.exp(log)),
        low=float(np.exp(log - width)),
        high=float(np.exp(log + width)),
        p=float(2 * stats.t.sf(abs(log) / error, max(df, 1))),
        error=error,
        dispersion=dispersion,
        df=df,
        corrected=corrected,
    )


def _dispersion(first: Reals, second: Reals, of_b: Flags) -> tuple[float, int]:
    """Pearson χ² of the second counts given each unit's total, pooled over both groups."""
    chi2, df = 0.0, 0
    for group in (of_b, ~of_b):
        total = (first + second)[group]
        seen = second[group][total > 0]
        total = total[total > 0]
        share = seen.sum() / max(total.sum(), 1)
        if 0 < share < 1:
            chi2 += float(((seen - total * share) ** 2 / (total * share * (1 - share))).sum())
        df += max(len(total) - 1, 0)
    return (max(chi2 / df, 1.0) if df else 1.0), df
