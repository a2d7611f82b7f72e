"""Where reports gather more than chance explains: the hot and cold spots of a study area.

A hot spot is a finding, not "many reports": the neighbourhood stands out against the whole
study area, zeros included, after correction for testing every cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.exposure import dispersed_p, exposed_gi_star
from geodata.analysis.false_discovery import Reals, adjusted, confidence_bins
from geodata.analysis.gi_star import Null, exact_p, gi_star, normal_p
from geodata.analysis.neighbours import Neighbours, binary, check_lengths, sizes_of
from geodata.analysis.null_sums import EXACT_UP_TO
from geodata.analysis.reasons import Reason

FEWEST_CELLS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HotSpotRule:
    """How cells are tested. Change the rule here, never in a page.

    Attributes
    ----------
    rings
        Rings of the neighbour matrix, for the record; None for another kind of matrix.
    alpha
        False discovery rate over all cells tested.
    null
        What chance would do with counts. ``exact`` holds whatever the values look like, but a
        single strong cell among quiet ones is no gathering to it; ``dispersed`` finds that one
        too, and trusts that cells differ no more than a negative binomial; ``normal`` is the
        textbook curve and flags far too much where counts are small.
    null_per_km
        The same for counts per exposure, where order alone cannot be shuffled.
    """

    rings: int | None = 1
    alpha: float = 0.05
    null: Null = "exact"
    null_per_km: Literal["dispersed", "normal"] = "dispersed"
    source: str = "Getis–Ord Gi*, binary, self included; Benjamini–Hochberg over all cells"


DEFAULT_RULE: Final = HotSpotRule()


@dataclass(frozen=True, kw_only=True)
class HotSpots:
    """The test of every cell and what it rests on, in the order of the counts.

    Attributes
    ----------
    cells
        ``cell``; ``cases``; ``near_cells`` and ``near_cases`` in its neighbourhood;
        ``expected`` there under no effect; ``near_exposure`` (null without exposure); ``z``;
        ``p`` two-sided; ``q`` adjusted; ``bin`` −3 … 3 (90, 95, 99 % after correction);
        ``spot`` +1 hot, −1 cold at ``alpha``, 0 neither; ``tested``.
    n
        Cells tested.
    cases
        Cases counted.
    null
        What was taken for chance: the rule's, but ``normal`` for very large neighbourhoods.
    rate
        Cases per unit of exposure in the whole study area; None without exposure.
    dispersion
        How far cases come in bundles (1: not at all); None unless ``null`` rests on it.
    left_out_cases, left_out_cells
        Cases on default geocodes, left out, and the cells they lie in.
    outside_cases
        Cases outside the study area, as told by the caller.
    undecided
        Why there is no answer; every z is then 0 and every p 1. None when there is one.
    """

    cells: pl.DataFrame
    rule: HotSpotRule
    n: int
    cases: float
    null: Null
    rate: float | None
    dispersion: float | None
    left_out_cases: int
    left_out_cells: int
    outside_cases: int
    undecided: Reason | None


@dataclass(frozen=True)
class _Tested:
    """One test, whichever statistic gave it."""

    z: Reals
    p: Reals
    near_cases: Reals
    expected: Reals
    near_exposure: Reals | None
    tested: npt.NDArray[np.bool_]
    null: Null
    rate: float | None = None
    dispersion: float | None = None


def hot_spots(
    counts: npt.NDArray[Any],
    neighbours: Neighbours,
    *,
    exposure: npt.NDArray[Any] | None = None,
    piled: npt.NDArray[Any] | None = None,
    outside_cases: int = 0,
    ids: npt.NDArray[np.int64] | None = None,
    rule: HotSpotRule = DEFAULT_RULE,
) -> HotSpots:
    """Find the hot and cold spots of a study area.

    Parameters
    ----------
    counts
        Cases of every cell of the study area, zeros included (see `zero_fill.on_study_area`).
    neighbours
        Any square sparse matrix; a cell is always counted as its own neighbour.
    exposure
        What cases are proportional to under no effect (km of street in the cell); the test is
        then on the ratio of sums, see `geodata.analysis.exposure`.
    piled
        How many of ``counts`` lie on default geocodes; they are left out.
    outside_cases
        Second answer of `zero_fill.on_study_area`, to be passed on with the result.
    ids
        What ``cell`` holds in the answer; row numbers when None.

    Raises
    ------
    ValueError
        Lengths differ, a value is negative or not finite, more is piled than counted, or the
        matrix holds more neighbours than ``rule.rings`` allows.
    """
    matrix = binary(neighbours, with_self=True)
    left_out = np.zeros(len(counts)) if piled is None else np.asarray(piled, dtype=np.float64)
    kept = _without_piles(np.asarray(counts, dtype=np.float64), left_out, matrix)
    _check_rings(matrix, rule)
    per = None if exposure is None else np.asarray(exposure, dtype=np.float64)
    tested, reason = _test(kept, per, matrix, rule)
    return HotSpots(
        cells=_table(kept, sizes_of(matrix), tested, ids, rule.alpha),
        rule=rule,
        n=int(tested.tested.sum()),
        cases=float(kept.sum()),
        null=tested.null,
        rate=tested.rate,
        dispersion=tested.dispersion,
        left_out_cases=int(left_out.sum()),
        left_out_cells=int((left_out > 0).sum()),
        outside_cases=int(outside_cases),
        undecided=reason,
    )


def _without_piles(counts: Reals, piled: Reals, matrix: Neighbours) -> Reals:
    check_lengths(matrix, counts=counts, piled=piled)
    if (counts < 0).any() or (piled < 0).any() or (piled > counts).any():
        raise ValueError("counts must be 0 or more and piled between 0 and counts, cell by cell")
    return counts - piled


def _check_rings(matrix: Neighbours, rule: HotSpotRule) -> None:
    if rule.rings is None:
        return
    allowed = 1 + 3 * rule.rings * (rule.rings + 1)
    largest = int(sizes_of(matrix).max(initial=0))
    if largest > allowed:
        raise ValueError(
            f"a neighbourhood holds {largest} cells, {rule.rings} rings hold {allowed}; "
            "state the rings the matrix was made with, or None for another kind of matrix"
        )


def _test(
    counts: Reals, exposure: Reals | None, matrix: Neighbours, rule: HotSpotRule
) -> tuple[_Tested, Reason | None]:
    reason = _cannot_tell(counts, exposure)
    if reason is None:
        found = _by_counts(counts, matrix, rule) if exposure is None else None
        if exposure is not None:
            found = _by_exposure(counts, exposure, matrix, rule.null_per_km)
        if found is not None and found.tested.any():
            return found, None
        reason = Reason.ALL_NEIGHBOURS
    null = rule.null if exposure is None else rule.null_per_km
    nothing, ones = np.zeros(len(counts)), np.ones(len(counts))
    near = None if exposure is None else matrix @ exposure
    return _Tested(nothing, ones, matrix @ counts, nothing, near, nothing > 0, null), reason


def _cannot_tell(counts: Reals, exposure: Reals | None) -> Reason | None:
    if not len(counts):
        return Reason.NO_CELLS
    if len(counts) < FEWEST_CELLS:
        return Reason.TOO_FEW_CELLS
    if not counts.any():
        return Reason.ALL_ZERO
    if exposure is not None:
        return None if exposure.any() else Reason.NO_EXPOSURE
    return Reason.ALL_EQUAL if np.ptp(counts) == 0 else None


def _by_counts(counts: Reals, matrix: Neighbours, rule: HotSpotRule) -> _Tested:
    if rule.null == "dispersed":
        found = _by_exposure(counts, np.ones(len(counts)), matrix, "dispersed")
        return replace(found, near_exposure=None, rate=None)
    star = gi_star(counts, matrix)
    exact = rule.null == "exact" and int(star.sizes.max()) <= EXACT_UP_TO
    p = exact_p(star, counts, matrix) if exact else normal_p(star.z)
    return _Tested(
        z=star.z,
        p=np.where(star.defined, p, 1.0),
        near_cases=star.sums,
        expected=star.expected,
        near_exposure=None,
        tested=star.defined,
        null="exact" if exact else "normal",
    )


def _by_exposure(
    counts: Reals, exposure: Reals, matrix: Neighbours, null: Literal["dispersed", "normal"]
) -> _Tested:
    found = exposed_gi_star(counts, exposure, matrix)
    p = normal_p(found.z) if null == "normal" else dispersed_p(found, int(counts.sum()))
    return _Tested(
        z=found.z,
        p=np.where(found.defined, p, 1.0),
        near_cases=found.sums,
        expected=found.expected,
        near_exposure=found.exposure,
        tested=found.defined,
        null=null,
        rate=found.rate,
        dispersion=found.dispersion,
    )


def _table(
    counts: Reals,
    sizes: npt.NDArray[np.int64],
    tested: _Tested,
    ids: npt.NDArray[np.int64] | None,
    alpha: float,
) -> pl.DataFrame:
    """One row per cell; cells that were not tested take no part in the correction."""
    q = np.ones(len(counts))
    q[tested.tested] = adjusted(tested.p[tested.tested])
    spot = np.sign(tested.z) * (q <= alpha) * tested.tested
    return pl.DataFrame(
        {
            "cell": np.arange(len(counts)) if ids is None else ids,
            "cases": counts,
            "near_cells": sizes,
            "near_cases": tested.near_cases,
            "expected": tested.expected,
            "near_exposure": pl.Series(tested.near_exposure, dtype=pl.Float64)
            if tested.near_exposure is not None
            else pl.Series([None] * len(counts), dtype=pl.Float64),
            "z": tested.z,
            "p": tested.p,
            "q": q,
            "bin": confidence_bins(tested.z, q),
            "spot": spot.astype(np.int8),
            "tested": tested.tested,
        }
    )
