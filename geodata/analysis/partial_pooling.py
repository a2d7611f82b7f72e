"""Rates of few cases, drawn towards what is usual, with intervals that admit it.

Shares are beta-binomial, rates gamma-Poisson: each unit's true rate is a draw from a common
distribution whose mean and spread are estimated from all units together (empirical Bayes). As
few offices say little about the spread, it is not fixed at one value but averaged over a grid
of values weighted by how well they fit, with the uniform-shrinkage prior (Daniels, M. J. (1999),
Canadian J. Stat. 27; Christiansen, C. L. and Morris, C. N. (1997), JASA 92): the share by which
a unit of typical size is drawn in is uniform over 0 to 1, the mean uniform. Typical is the
harmonic mean: with few units of very different size it keeps the intervals honest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import betaln, gammaln

from geodata.analysis.false_discovery import Reals

_SHRINKS: Final = (np.arange(50) + 0.5) / 50
"""By how much a unit of typical size is drawn in, 0 to 1."""

_MEANS: Final = 81
_ROUNDS: Final = 4
_NEGLIGIBLE: Final = 1e-8
_WIDE: Final = 20.0
"""The mean of all units' rates is looked for up to so many times their joint rate."""

LogFit = Callable[[Reals, Reals], Reals]
"""Log likelihood of all units at means and prior sizes, two flat arrays."""


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """Each unit's rate after borrowing from the others.

    Attributes
    ----------
    mean
        Shrunk rate (posterior mean), units in the order given.
    draws
        Draws × units from the joint posterior, by a fixed seed: what intervals and possible
        ranks are read from.
    whole
        Rate of all units added up.
    shrink
        Average share by which a unit of typical size is drawn in, 0 to 1.
    """

    mean: Reals
    draws: Reals
    whole: float
    shrink: float

    def limits(self, level: float) -> tuple[Reals, Reals]:
        """Lower and upper ends of each unit's interval."""
        tails = [(1 - level) / 2, (1 + level) / 2]
        lower, upper = np.quantile(self.draws, tails, axis=0)
        return lower, upper


def pool_shares(part: Reals, whole: Reals, *, draws: int, seed: int) -> Pooled:
    """Shrink shares ``part`` ÷ ``whole``; units with a whole of 0 get what is usual.

    Raises
    ------
    ValueError
        Fewer than two units, or nothing in any of them: there is no usual.
    """
    _check(whole)
    some = whole > 0

    def log_fit(mean: Reals, prior: Reals) -> Reals:
        a, b = mean * prior, (1 - mean) * prior
        fits = _log_gammas(a, part[some]) + _log_gammas(b, (whole - part)[some])
        total: Reals = fits - _log_gammas(prior, whole[some]) - some.sum() * betaln(a, b)
        return total

    grid = _fitted(log_fit, 1.0, whole)
    return _pooled(part, whole, grid, draws=draws, seed=seed, shares=True)


def pool_rates(cases: Reals, exposure: Reals, *, draws: int, seed: int) -> Pooled:
    """Shrink rates ``cases`` ÷ ``exposure``; units without exposure get what is usual.

    Raises
    ------
    ValueError
        Fewer than two units, or no exposure at all.
    """
    _check(exposure)

    def log_fit(mean: Reals, prior: Reals) -> Reals:
        shape = mean * prior
        start = shape * np.log(prior) - gammaln(shape)
        return _summed(
            cases,
            exposure,
            lambda y, e: start + gammaln(shape + y) - (shape + y) * np.log(prior + e),
        )

    top = _WIDE * (cases.sum() + 1) / exposure.sum()
    grid = _fitted(log_fit, float(top), exposure)
    return _pooled(cases, exposure, grid, draws=draws, seed=seed, shares=False)


def _check(size: Reals) -> None:
    if len(size) < 2 or size.sum() <= 0:  # noqa: PLR2004 - one unit has nobody to borrow from
        raise ValueError(
            f"{len(size)} units with {size.sum():g} in all; borrowing needs at least two units "
            "and something in them"
        )


@dataclass(frozen=True)
class _Grid:
    """Means and prior sizes (in units of the denominator) with how well they fit, flat."""

    mean: Reals
    prior: Reals
    weight: Reals


def _fitted(log_fit: LogFit, top: float, size: Reals) -> _Grid:
    """Weigh means between 0 and ``top``, closing in on those that fit."""
    priors = _typical(size) * _SHRINKS / (1 - _SHRINKS)
    low, high = 0.0, top
    for _ in range(_ROUNDS):
        step = (high - low) / _MEANS
        means = low + step * (np.arange(_MEANS) + 0.5)
        mean, prior = (axis.ravel() for axis in np.meshgrid(means, priors))
        weight = _weights(log_fit(mean, prior))
        by_mean = weight.reshape(len(priors), _MEANS).sum(axis=0)
        fits = means[by_mean > _NEGLIGIBLE * by_mean.max()]
        low, high = max(fits[0] - 1.5 * step, 0.0), min(fits[-1] + 1.5 * step, top)
    return _Grid(mean, prior, weight)


def _typical(size: Reals) -> float:
    """Harmonic mean of the sizes; those below a thousandth of the mean count as that."""
    some = size[size > 0]
    return float(1 / (1 / np.maximum(some, some.mean() / 1000)).mean())


def _log_gammas(prior: Reals, counts: Reals) -> Reals:
    """Sum of log Γ(prior + count) over the units; equal counts are computed once."""
    distinct, times = np.unique(counts, return_counts=True)
    total = np.zeros_like(prior)
    for count, n in zip(distinct, times, strict=True):
        total += n * gammaln(prior + count)
    return total


def _summed(part: Reals, size: Reals, log_fit: Callable[[float, float], Reals]) -> Reals:
    """Log likelihood of every grid point; units with equal counts are computed once."""
    pairs, times = np.unique(np.stack([part, size]), axis=1, return_counts=True)
    fits = [count * log_fit(y, n) for (y, n), count in zip(pairs.T, times, strict=True) if n > 0]
    total: Reals = np.sum(fits, axis=0)
    return total


def _weights(log_fit: Reals) -> Reals:
    weight = np.exp(log_fit - log_fit.max())
    normal: Reals = weight / weight.sum()
    return normal


def _pooled(
    part: Reals, size: Reals, grid: _Grid, *, draws: int, seed: int, shares: bool
) -> Pooled:
    known = part[:, None] + grid.mean * grid.prior
    shrunk = (known / (size[:, None] + grid.prior)) @ grid.weight
    random = np.random.default_rng(seed)
    drawn = random.choice(len(grid.weight), size=draws, p=grid.weight)
    prior = grid.prior[drawn, None]
    a = grid.mean[drawn, None] * prior
    if shares:
        sample = random.beta(a + part, prior - a + (size - part))
    else:
        sample = random.gamma(a + part, 1 / (prior + size))
    typical = _typical(size)
    return Pooled(
        mean=shrunk,
        draws=sample,
        whole=float(part.sum() / size.sum()),
        shrink=float((grid.prior / (grid.prior + typical)) @ grid.weight),
    )
