"""More street, more reports: whether a neighbourhood is busier than its kilometres explain.

For each neighbourhood the ratio of sums (all its reports ÷ all its kilometres) is compared with
the city's. Ratios of single cells are never averaged: a cell with 3 m of street would decide.

Under no effect a cell with exposure e expects μe reports, μ = all reports ÷ all exposure, with
variance φμe. φ ≥ 1 tells how far reports come in bundles; it is estimated from all cells, so a
few strong cells make the test more cautious, as they do in Gi*. With equal exposure everywhere
z *is* Gi*, digit for digit. Because the variance grows in proportion to the mean, sums over
cells keep the same family: negative binomial with that φ (Poisson-like, given the total, when
φ = 1), and p is its exact tail.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from geodata.analysis.false_discovery import Reals
from geodata.analysis.neighbours import Neighbours, binary, check_lengths


@dataclass(frozen=True)
class ExposedGiStar:
    """Observed against expected reports of every neighbourhood, in the order of the counts.

    Attributes
    ----------
    z
        (observed − expected) ÷ its standard deviation under no effect; 0 where undefined.
    sums, expected
        Reports in the neighbourhood, and μ × its exposure.
    exposure
        Exposure of the neighbourhood, in the unit given (km of street).
    rate, dispersion
        μ in reports per unit of exposure, and φ.
    defined
        False where the neighbourhood has no exposure, or all of it.
    """

    z: Reals
    sums: Reals
    expected: Reals
    exposure: Reals
    rate: float
    dispersion: float
    defined: npt.NDArray[np.bool_]


def exposed_gi_star(counts: Reals, exposure: Reals, neighbours: Neighbours) -> ExposedGiStar:
    """Compare each neighbourhood's reports with its share of the exposure.

    Parameters
    ----------
    counts
        Reports per unit, zeros included.
    exposure
        What reports are proportional to under no effect, ≥ 0 (km of street). A cell without
        any adds its reports to its neighbourhood, and expects none itself.
    neighbours
        Any square sparse matrix; a unit is always counted as its own neighbour.

    Raises
    ------
    ValueError
        Lengths differ, or a count or an exposure is negative or not finite.
    """
    matrix = binary(neighbours, with_self=True)
    check_lengths(matrix, counts=counts, exposure=exposure)
    if (counts < 0).any() or (exposure < 0).any():
        raise ValueError("counts and exposure must be 0 or more; look for negative rows")
    total = float(exposure.sum())
    rate = float(counts.sum()) / total if total else 0.0
    dispersion = _dispersion(counts, exposure, rate)
    near = matrix @ exposure
    room = near * (1.0 - near / total) if total else np.zeros(len(near))
    defined = (near > 0) & (room > total * 1e-12) & (rate > 0) & (dispersion > 0)
    scale = np.sqrt(np.where(defined, dispersion * rate * room, 1.0))
    sums = matrix @ counts
    z = np.where(defined, (sums - rate * near) / scale, 0.0)
    return ExposedGiStar(z, sums, rate * near, near, rate, dispersion, defined)


def _dispersion(counts: Reals, exposure: Reals, rate: float) -> float:
    """φ: squared residuals over what Poisson reports would leave, pooled over all cells.

    Pooled rather than averaged cell by cell: one report on 3 m of street must not decide.
    With equal exposure it is the sample variance ÷ mean.
    """
    if not rate:
        return 0.0
    share = exposure / exposure.sum()
    left = 1.0 - float((share**2).sum())
    if left <= 0:
        return 0.0
    return float(((counts - rate * exposure) ** 2).sum()) / (float(counts.sum()) * left)


def dispersed_p(found: ExposedGiStar, total: int) -> Reals:
    """Two-sided p of each neighbourhood's reports: twice the smaller tail, at most 1.

    Parameters
    ----------
    total
        All reports of the study area.
    """
    upper, lower = _tails(found, total)
    p: Reals = np.where(found.defined, np.minimum(2.0 * np.minimum(upper, lower), 1.0), 1.0)
    return p


def _tails(found: ExposedGiStar, total: int) -> tuple[Reals, Reals]:
    """P(at least as many) and P(at most as many) under no effect."""
    mean = np.where(found.defined, found.expected, 1.0)
    if found.dispersion > 1.0 + 1e-9:
        law = stats.nbinom(mean / (found.dispersion - 1.0), 1.0 / found.dispersion)
    else:
        law = stats.binom(total, np.clip(mean / max(total, 1), 0.0, 1.0))
    return law.sf(found.sums - 1), law.cdf(found.sums)
