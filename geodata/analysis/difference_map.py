"""Which cells changed between two phases, and which only seem to.

Given how many cases a cell had in both phases together, chance alone would split them in
proportion to the exposure days: an exact binomial test per cell (two-sided, twice the smaller
tail). Many cells are tested, so Benjamini–Hochberg holds the share of false findings. Cells with so
few cases that no split could ever be significant are not tested (Tarone, R. E. (1990), Biometrics
46): whether a cell is tested depends on its total alone, which the test takes as given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.answers import Withheld
from geodata.analysis.false_discovery import Reals, adjusted
from geodata.analysis.intervals import LEVEL, Ratios, dispersion_of, rate_ratios, two_sided_p
from geodata.analysis.reasons import Reason

Against = Literal["itself", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRule:
    """How the difference map decides.

    Attributes
    ----------
    against
        ``itself``: did the cell's own daily rate change? ``whole``: did it change otherwise
        than the whole study area did?
    alpha
        Expected share of false findings among the cells marked.
    """

    against: Against = "itself"
    alpha: float = 0.05
    level: float = LEVEL
    source: str = "exact conditional binomial, Benjamini–Hochberg"


@dataclass(frozen=True, kw_only=True)
class DifferenceMap:
    """The cells of two phases compared.

    Attributes
    ----------
    cells
        ``cell``, ``first``, ``second`` (cases), ``first_per_day``, ``second_per_day``,
        ``difference_per_day``, ``ratio``, ``lower``, ``upper`` (null where there is no such
        number), ``p``, ``q`` (adjusted; null where not tested), ``tested``, ``finding``
        (−1 fewer, +1 more, 0 neither), in the order given.
    tested
        How many cells were tested.
    expected_ratio
        What a cell is held against: 1, or the whole area's ratio.
    """

    cells: pl.DataFrame
    tested: int
    expected_ratio: float
    first_days: float
    second_days: float
    dispersion: float
    rule: DifferenceRule


def difference_map(
    counts: pl.DataFrame,
    *,
    first_days: float,
    second_days: float,
    dispersion: float = 1.0,
    rule: DifferenceRule | None = None,
) -> DifferenceMap | Withheld:
    """Compare every cell between two phases.

    Parameters
    ----------
    counts
        ``cell``, ``first``, ``second``: cases of each phase; cells without any may be listed
        or not, the findings are the same.
    first_days, second_days
        Exposure of each phase: its days, or the sum of their weights.
    dispersion
        How many times more than Poisson a cell's counts vary: see `cell_dispersion`.
    """
    rule = rule or DifferenceRule()
    first, second = (counts[name].to_numpy().astype(np.float64) for name in ("first", "second"))
    reason = _cannot(first, second, first_days, second_days, rule)
    if reason is not None:
        known: dict[str, float | int | str | None] = {
            "first_days": first_days, "second_days": second_days, "cells": len(counts)
        }  # fmt: skip
        return Withheld(formula="rate_ratio", reason=reason, known=known)
    expected = _expected_ratio(first, second, first_days, second_days, rule)
    share = expected * second_days / (first_days + expected * second_days)
    tested = _testable(first + second, share, dispersion, rule.alpha)
    p = _p(first, second, share, dispersion)
    q = np.full(len(p), np.nan)
    q[tested] = adjusted(p[tested])
    ratios = rate_ratios(
        first, first_days, second, second_days, level=rule.level, dispersion=dispersion
    )
    more = second * first_days > expected * first * second_days
    found = np.where(tested & (np.nan_to_num(q, nan=1.0) <= rule.alpha), np.where(more, 1, -1), 0)
    table = counts.select("cell", "first", "second").with_columns(
        first_per_day=pl.Series(first / first_days),
        second_per_day=pl.Series(second / second_days),
        difference_per_day=pl.Series(second / second_days - first / first_days),
        **_ratio_columns(ratios),
        p=pl.Series(p),
        q=pl.Series(q).fill_nan(None),
        tested=pl.Series(tested),
        finding=pl.Series(found, dtype=pl.Int8),
    )
    return DifferenceMap(
        cells=table,
        tested=int(tested.sum()),
        expected_ratio=expected,
        first_days=first_days,
        second_days=second_days,
        dispersion=dispersion,
        rule=rule,
    )


def _cannot(
    first: Reals, second: Reals, first_days: float, second_days: float, rule: DifferenceRule
) -> Reason | None:
    if min(first_days, second_days) <= 0:
        return Reason.EMPTY_PERIOD
    if not len(first) or first.sum() + second.sum() == 0:
        return Reason.NO_CASES
    one_empty = min(first.sum(), second.sum()) == 0
    return Reason.FIRST_ZERO if rule.against == "whole" and one_empty else None


def _expected_ratio(
    first: Reals, second: Reals, first_days: float, second_days: float, rule: DifferenceRule
) -> float:
    if rule.against == "itself":
        return 1.0
    return float((second.sum() / second_days) / (first.sum() / first_days))


def _p(first: Reals, second: Reals, share: float, dispersion: float) -> Reals:
    some = first + second > 0
    a, b = np.where(some, first, 1.0) / dispersion, np.where(some, second, 1.0) / dispersion
    return np.where(some, two_sided_p(b, a, np.full(len(a), share)), 1.0)


def _testable(
    totals: Reals, share: float, dispersion: float, alpha: float
) -> npt.NDArray[np.bool_]:
    """Cells whose total allows some split with p ≤ α: that with all in one phase."""
    none = np.zeros(len(totals))
    best = np.minimum(
        _p(totals, none, share, dispersion),
        _p(none, totals, share, dispersion),
    )
    return np.asarray(best <= alpha)


def _ratio_columns(ratios: Ratios) -> dict[str, pl.Series]:
    """Ratio and interval; null where a ratio does not exist or has no upper end."""
    finite = {
        name: np.where(np.isfinite(values), values, np.nan)
        for name, values in (("ratio", ratios.ratio), ("upper", ratios.upper))
    }
    return {
        "ratio": pl.Series(finite["ratio"]).fill_nan(None),
        "lower": pl.Series(ratios.lower),
        "upper": pl.Series(finite["upper"]).fill_nan(None),
    }


_LEAST_EXPECTED: Final = 1.0
"""Cases a cell must average per step before its scatter says anything."""


def cell_dispersion(steps: npt.NDArray[np.float64], exposure: npt.NDArray[np.float64]) -> float:
    """How many times more than Poisson the counts of a cell vary from step to step.

    Parameters
    ----------
    steps
        Cells × steps (such as weeks) of one phase: cases.
    exposure
        Exposure of each step, days; positive.

    Returns
    -------
    float
        At least 1. Cells with fewer than one case per step are added together first, so that
        bursts there are not overlooked.
    """
    if steps.shape[1] < 2 or not steps.size:  # noqa: PLR2004 - scatter needs two
        return 1.0
    often = steps.mean(axis=1) >= _LEAST_EXPECTED
    rows = np.vstack([steps[often], steps[~often].sum(axis=0)])
    expected = rows.sum(axis=1, keepdims=True) * exposure / exposure.sum()
    return dispersion_of(rows.ravel(), expected.ravel(), parameters=len(rows))
