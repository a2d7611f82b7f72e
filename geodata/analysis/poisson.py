"""Poisson regression for counts, by iteratively reweighted least squares.

McCullagh, P. and Nelder, J. A. (1989), "Generalized Linear Models", 2nd ed. The overdispersion is
Pearson's χ² ÷ degrees of freedom, never below 1 (quasi-Poisson). A ridge penalty pulls chosen
coefficients towards 0, so that a calendar effect seen on few days stays small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]

_STEPS: Final = 100
_CLOSE: Final = 1e-10
_LARGEST: Final = 30.0


@dataclass(frozen=True, kw_only=True)
class PoissonFit:
    """Coefficients on the log scale, in the order of the columns.

    Attributes
    ----------
    covariance
        Of the coefficients, times the overdispersion.
    dispersion
        Pearson χ² ÷ degrees of freedom, at least 1.
    fitted
        Expected count of each row.
    df
        Degrees of freedom left.
    converged
        False when a count of nothing drives a coefficient to infinity and no penalty holds it.
    """

    coefficients: Reals
    covariance: Reals
    dispersion: float
    fitted: Reals
    df: float
    converged: bool

    @property
    def errors(self) -> Reals:
        """Standard error of each coefficient."""
        found: Reals = np.sqrt(np.diag(self.covariance))
        return found


def fit_poisson(
    design: Reals, counts: Reals, *, offset: Reals | None = None, ridge: Reals | None = None
) -> PoissonFit:
    """Fit log(expected count) = design · coefficients + offset.

    Parameters
    ----------
    design
        Rows × columns, a constant column included.
    counts
        Zero or more, one per row.
    offset
        Log of exposure of each row; zeros when None.
    ridge
        Penalty on each squared coefficient (÷ 2); 0 leaves it free. None: all free.

    Raises
    ------
    ValueError
        The lengths differ, or a count is negative or not finite.
    """
    counts = np.asarray(counts, dtype=float)
    if len(design) != len(counts):
        raise ValueError(f"the design has {len(design)} rows but there are {len(counts)} counts")
    if len(counts) and not (np.isfinite(counts).all() and counts.min() >= 0):
        raise ValueError("a count is negative or not finite; give zeros for days without a case")
    shift = np.zeros(len(counts)) if offset is None else offset
    penalty = np.zeros(design.shape[1]) if ridge is None else ridge
    beta, converged = _iterate(design, counts, shift, penalty)
    fitted = np.exp(np.clip(design @ beta + shift, -_LARGEST, _LARGEST))
    return _answer(design, counts, fitted, beta, penalty, converged=converged)


def _iterate(design: Reals, counts: Reals, shift: Reals, penalty: Reals) -> tuple[Reals, bool]:
    """Newton steps from the fit to log(count + ½)."""
    start = np.log(counts + 0.5) - shift
    beta = np.asarray(np.linalg.lstsq(design, start, rcond=None)[0], np.float64)
    for _ in range(_STEPS):
        expected = np.exp(np.clip(design @ beta + shift, -_LARGEST, _LARGEST))
        slope = design.T @ (counts - expected) - penalty * beta
        step = np.linalg.lstsq(_curvature(design, expected, penalty), slope, rcond=None)[0]
        step *= min(1.0, 5.0 / max(float(np.abs(step).max(initial=0.0)), 1e-300))
        beta = beta + step
        if np.abs(step).max(initial=0.0) < _CLOSE:
            return beta, True
    return beta, False


def _curvature(design: Reals, expected: Reals, penalty: Reals) -> Reals:
    curved: Reals = design.T @ (design * expected[:, None]) + np.diag(penalty)
    return curved


def _answer(
    design: Reals, counts: Reals, fitted: Reals, beta: Reals, penalty: Reals, *, converged: bool
) -> PoissonFit:
    free = np.asarray(np.linalg.pinv(_curvature(design, fitted, penalty)), np.float64)
    information = design.T @ (design * fitted[:, None])
    df = len(counts) - float(np.trace(free @ information))
    chi2 = float(((counts - fitted) ** 2 / np.maximum(fitted, 1e-12)).sum())
    dispersion = max(chi2 / df, 1.0) if df > 0 else 1.0
    return PoissonFit(
        coefficients=beta,
        covariance=np.asarray(free * dispersion),
        dispersion=dispersion,
        fitted=fitted,
        df=df,
        converged=converged,
    )
