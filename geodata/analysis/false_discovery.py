"""Many cells are tested at once: which findings stand after that is taken into account.

Benjamini, Y. and Hochberg, Y. (1995), "Controlling the false discovery rate", JRSS B 57(1).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]

BINS: Final = ((0.01, 3), (0.05, 2), (0.10, 1))
"""Largest adjusted p of each confidence bin: 99 %, 95 %, 90 %."""


def adjusted(p: Reals) -> Reals:
    """Benjamini–Hochberg adjusted p values (q), order kept; empty in, empty out.

    Rejecting where q ≤ α keeps the expected share of false findings at or below α.
    """
    count = len(p)
    order = np.argsort(p, kind="stable")
    stepped = p[order] * count / np.arange(1, count + 1)
    smallest = np.minimum.accumulate(stepped[::-1])[::-1]
    q = np.empty(count)
    q[order] = np.minimum(smallest, 1.0)
    return q


def cut_off(p: Reals, alpha: float) -> float:
    """Return the largest p that is still a finding at α (−1.0: none is).

    The same findings as ``adjusted(p) <= alpha``, without sorting what cannot be one.
    """
    small = np.sort(p[p <= alpha])
    passed = np.flatnonzero(small <= alpha * np.arange(1, len(small) + 1) / max(p.size, 1))
    return float(small[passed[-1]]) if len(passed) else -1.0


def confidence_bins(sign: Reals, q: Reals) -> npt.NDArray[np.int8]:
    """Bins −3 … 3: cold or hot at 99 (±3), 95 (±2), 90 % (±1) after correction, 0 otherwise."""
    bins = np.zeros(len(q), dtype=np.int8)
    for largest, level in reversed(BINS):
        bins[q <= largest] = level
    return (bins * np.sign(sign)).astype(np.int8)
