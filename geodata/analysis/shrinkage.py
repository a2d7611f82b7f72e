"""Rates of small places, drawn towards what is usual: 1 report on 10 m is not 100 per km.

Marshall, R. J. (1991), "Mapping disease and mortality rates using empirical Bayes estimators",
Applied Statistics 40(2). With Poisson counts and a gamma prior of the same mean and variance the
estimate is the posterior mean, which also gives the interval.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import special

from geodata.analysis.false_discovery import Reals
from geodata.analysis.neighbours import Neighbours, binary, check_lengths, sizes_of

LEVEL: Final = 0.95


def shrunk_rates(
    counts: npt.NDArray[Any],
    exposure: npt.NDArray[Any],
    neighbours: Neighbours | None = None,
    *,
    level: float = LEVEL,
) -> pl.DataFrame:
    """Estimate the rate of every unit, borrowing from all units or from its neighbours.

    Parameters
    ----------
    counts, exposure
        Cases, and what they are counted per (km, days), both ≥ 0, aligned.
    neighbours
        Borrow from each unit's neighbourhood, itself included; from all units when None.
    level
        Of the credible interval.

    Returns
    -------
    polars.DataFrame
        ``rate`` (null without exposure), ``shrunk``, ``lower``, ``upper``, ``usual`` (the rate
        drawn towards), ``weight`` (0: only the usual rate counts, 1: only its own), in the
        order given; null where nothing is known (no exposure around). Empty in, empty out.

    Raises
    ------
    ValueError
        Lengths differ, or a value is negative or not finite.
    """
    cases, per = np.asarray(counts, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    _check(cases, per, neighbours)
    some = per > 0
    rate = np.divide(cases, per, out=np.zeros(len(per)), where=some)
    held = np.where(some, cases, 0.0)
    usual, spread, near = _prior(held, per, rate, neighbours)
    weight = _weight(per, usual, spread)
    shrunk = usual + weight * (rate - usual)
    lower, upper = _interval(held, per, (usual, spread), near, level)
    known = near[1] > 0
    columns = {
        "shrunk": shrunk,
        "lower": np.minimum(lower, shrunk),
        "upper": np.maximum(upper, shrunk),
        "usual": usual,
        "weight": weight,
    }
    table = {"rate": _where(rate, some), **{k: _where(v, known) for k, v in columns.items()}}
    return pl.DataFrame(table, schema=dict.fromkeys(table, pl.Float64))


def _check(cases: Reals, per: Reals, neighbours: Neighbours | None) -> None:
    if len(cases) != len(per):
        raise ValueError(f"counts has {len(cases)} rows, exposure {len(per)}; align them")
    if neighbours is not None:
        check_lengths(neighbours, counts=cases, exposure=per)
    both = np.concatenate([cases, per])
    if not np.isfinite(both).all() or (both < 0).any():
        raise ValueError("counts and exposure must be finite and 0 or more; fix those rows")


def _prior(
    cases: Reals, per: Reals, rate: Reals, neighbours: Neighbours | None
) -> tuple[Reals, Reals, tuple[Reals, Reals]]:
    """Mean and variance of the true rates around each unit, with cases and exposure there."""
    shape = len(cases)
    if neighbours is None:
        units = np.full(shape, float((per > 0).sum()))
        near_cases, near_per = np.full(shape, cases.sum()), np.full(shape, per.sum())
        squares = np.full(shape, (cases * rate).sum())
    else:
        matrix = binary(neighbours, with_self=True)
        units = sizes_of(matrix).astype(np.float64) if (per > 0).all() else matrix @ (per > 0)
        near_cases, near_per, squares = matrix @ cases, matrix @ per, matrix @ (cases * rate)
    base = np.where(near_per > 0, near_per, 1.0)
    usual = near_cases / base
    chance = usual * units / base
    spread = (squares - usual * near_cases) / base - chance
    return usual, np.maximum(spread, 0.0), (near_cases, near_per)


def _weight(per: Reals, usual: Reals, spread: Reals) -> Reals:
    bottom = spread * per + usual
    return np.divide(spread * per, bottom, out=np.zeros(len(per)), where=bottom > 0)


def _interval(
    cases: Reals,
    per: Reals,
    prior: tuple[Reals, Reals],
    near: tuple[Reals, Reals],
    level: float,
) -> tuple[Reals, Reals]:
    """Gamma posterior of the unit's rate; of the common rate where units do not differ."""
    usual, spread = prior
    differ = (spread > 0) & (usual > 0)
    prior_per = np.divide(usual, spread, out=np.zeros(len(per)), where=differ)
    shape = np.where(differ, usual * prior_per + cases, near[0] + 0.5)
    scale = np.where(differ, prior_per + per, np.where(near[1] > 0, near[1], 1.0))
    edge = (1.0 - level) / 2.0
    return special.gammaincinv(shape, edge) / scale, special.gammaincinv(shape, 1 - edge) / scale


def _where(values: Reals, known: npt.NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()
