"""Is a series rising or falling? Mann–Kendall, for many series at once.

Mann, H. B. (1945), Econometrica 13; Kendall, M. G. (1975), "Rank Correlation Methods". Variance
corrected for ties, with continuity correction; equal to ``pymannkendall.original_test``. It
takes the steps as independent: overlapping sums (such as z with the previous step in it) are
not, and make it call a trend too often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geodata.analysis.false_discovery import Reals
from geodata.analysis.gi_star import normal_p

_BLOCK: Final = 16_384
"""Series worked on at a time: their values stay in the processor's cache."""


@dataclass(frozen=True)
class Trends:
    """Mann–Kendall of every series, in the order given.

    Attributes
    ----------
    score
        Rising pairs minus falling pairs (S).
    variance
        Of S when nothing rises or falls; 0 where all steps are equal.
    z, p
        Standardised S and its two-sided p; 0 and 1 where the variance is 0.
    """

    score: npt.NDArray[np.int64]
    variance: Reals
    z: Reals
    p: Reals

    def direction(self, alpha: float) -> npt.NDArray[np.int8]:
        """+1 rising, −1 falling, 0 no trend at α (two-sided)."""
        return (np.sign(self.score) * (self.p <= alpha)).astype(np.int8)


def mann_kendall(series: npt.NDArray[Any]) -> Trends:
    """Test every row of an n × t array for a monotonic trend; empty in, empty out."""
    blocks = range(0, len(series), _BLOCK)
    parts = [_score_and_variance(series[i : i + _BLOCK]) for i in blocks]
    score = np.concatenate([np.zeros(0, np.int64), *(part[0] for part in parts)])
    variance = np.concatenate([np.zeros(0), *(part[1] for part in parts)])
    z = _standardised(score, variance)
    return Trends(score, variance, z, normal_p(z))


def smallest_p(steps: int) -> float:
    """Return the p of a series that rises at every step: no trend of that length can beat it.

    Below 5 steps it exceeds 0.05, so at that α no series is called rising or falling.
    """
    return float(mann_kendall(np.arange(steps)[None, :]).p[0])


def _score_and_variance(rows: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], Reals]:
    by_step = np.ascontiguousarray(rows.T)
    steps, count = by_step.shape
    score = np.zeros(count, dtype=np.int32)
    untied = np.zeros(count, dtype=np.int32)
    for later in range(1, steps):
        for earlier in range(later):
            up = by_step[later] > by_step[earlier]
            down = by_step[later] < by_step[earlier]
            score += up
            score -= down
            untied += up
            untied += down
    variance = np.full(count, _variance_term(np.array(steps)))
    tied = np.flatnonzero(untied < steps * (steps - 1) // 2)
    variance[tied] -= _tie_terms(by_step[:, tied])
    return score.astype(np.int64), variance / 18.0


def _variance_term(size: npt.NDArray[Any]) -> Any:
    return size * (size - 1.0) * (2.0 * size + 5.0)


def _tie_terms(by_step: npt.NDArray[Any]) -> Reals:
    """Sum of g(g − 1)(2g + 5) over the groups of g equal values in each column."""
    ordered = np.sort(by_step, axis=0)
    summed = np.zeros(ordered.shape[1])
    run = np.ones(ordered.shape[1])
    for step in range(1, len(ordered)):
        same = ordered[step] == ordered[step - 1]
        summed += np.where(same, 0.0, _variance_term(run))
        run = np.where(same, run + 1.0, 1.0)
    return np.asarray(summed + _variance_term(run))


def _standardised(score: npt.NDArray[np.int64], variance: Reals) -> Reals:
    sure = variance > 0
    scale = np.sqrt(np.where(sure, variance, 1.0))
    z: Reals = np.where(sure, (score - np.sign(score)) / scale, 0.0)
    return z
