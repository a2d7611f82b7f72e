"""Emerging hot spots: where a hot spot is new, lasting, fading or coming back.

Each bin (a cell in one week) is compared, by Gi*, with all bins: its neighbourhood is the cell's
neighbours in that week and the week before. Findings are corrected for testing every bin; each
cell's series of z is tested for a trend; the two give one of seventeen classes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.emerging_classes import CLASS_NAMES, Codes, class_name, classify
from geodata.analysis.false_discovery import Reals, cut_off
from geodata.analysis.gi_star import GiStar, normal_p, standardised
from geodata.analysis.mann_kendall import Trends, mann_kendall, smallest_p
from geodata.analysis.neighbours import Neighbours, binary, check_lengths, sizes_of
from geodata.analysis.null_sums import EXACT_UP_TO, Levels, as_levels, null_sums
from geodata.analysis.reasons import Reason

FEWEST_STEPS: Final = 4
FEWEST_CELLS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergingRule:
    """How bins are tested and trends called. Change the rule here, never in a page.

    Attributes
    ----------
    rings
        Rings of the neighbour matrix, for the record; None for another kind of matrix.
    alpha
        False discovery rate over all bins.
    trend_alpha
        Two-sided level of Mann–Kendall.
    null
        ``exact``: the same values in random order over all bins; ``normal``: textbook curve.
    trend_of
        ``z``: the series DESIGN and other tools use; it overlaps from step to step, so a trend
        is called about three times as often as ``trend_alpha`` says when there is none.
        ``step``: each step's own neighbourhood sum, which does not overlap.
    """

    rings: int | None = 1
    alpha: float = 0.05
    trend_alpha: float = 0.05
    null: Literal["exact", "normal"] = "exact"
    trend_of: Literal["z", "step"] = "z"
    source: str = "Getis–Ord Gi*, Benjamini–Hochberg, Mann–Kendall; 90 % of steps as in ArcGIS Pro"


DEFAULT_RULE: Final = EmergingRule()


@dataclass(frozen=True, kw_only=True)
class Emerging:
    """The class of every cell and what it rests on, in the order of the values.

    Attributes
    ----------
    cells
        ``cell``, ``class`` (Enum of `CLASS_NAMES`), ``hot_steps``, ``cold_steps``, ``last_z``,
        ``trend_z``, ``trend_p``, ``trend`` (+1 rising, −1 falling at ``rule.trend_alpha``).
    z, spots
        n × t: z of each bin, and +1 hot, −1 cold, 0 neither after correction.
    n, steps
        Cells and time steps; n × steps bins were tested.
    null
        What was taken for chance: the rule's, but ``normal`` for very large neighbourhoods.
    largest_p
        Largest p of a bin that is still significant; −1.0 when none is.
    smallest_trend_p
        p of a series that rises at every step. Above ``rule.trend_alpha`` no trend can be
        called with so few steps: nothing is ever intensifying or diminishing.
    untested
        Cells whose neighbourhood is empty or everything; their class is ``none``.
    undecided
        Why there is no answer; every class is then ``none``. None when there is one.
    """

    cells: pl.DataFrame
    z: Reals
    spots: Codes
    rule: EmergingRule
    n: int
    steps: int
    null: Literal["exact", "normal"]
    largest_p: float
    smallest_trend_p: float
    untested: int
    undecided: Reason | None


def emerging(
    values: npt.NDArray[Any],
    neighbours: Neighbours,
    *,
    ids: npt.NDArray[np.int64] | None = None,
    rule: EmergingRule = DEFAULT_RULE,
) -> Emerging:
    """Class each cell by how its place in the city's hot spots changed over time.

    Parameters
    ----------
    values
        n cells × t steps in order of time, zeros filled in for the whole study area.
    neighbours
        Any square sparse matrix of the n cells; a cell always counts as its own neighbour.
    ids
        What ``cell`` holds in the answer; row numbers when None.

    Raises
    ------
    ValueError
        The array is not two-dimensional, its rows do not match the matrix, or a value is not
        finite.
    """
    values = _checked(values, neighbours)
    names = np.arange(len(values)) if ids is None else ids
    reason = _cannot_tell(values)
    if reason is None:
        matrix = binary(neighbours, with_self=True)
        found = space_time_gi_star(values, matrix)
        if found.defined.any():
            return _answer(values, matrix, found, names, rule)
        reason = Reason.ALL_NEIGHBOURS
    return _no_answer(values.shape, names, rule, reason)


def space_time_gi_star(values: Reals, neighbours: Neighbours) -> GiStar:
    """Gi* of every bin against all bins: the neighbours in the same step and the step before.

    The first step has no step before it, so its neighbourhoods are half as large. Equal to Gi*
    of the n·t bins under the corresponding space–time matrix; all arrays are n × t.
    """
    matrix = binary(neighbours, with_self=True)
    return standardised(_with_step_before(matrix @ values), _bin_sizes(matrix, values), values)


def _with_step_before(sums: npt.NDArray[Any]) -> npt.NDArray[Any]:
    joined = sums.copy()
    joined[:, 1:] += sums[:, :-1]
    return joined


def _bin_sizes(matrix: Neighbours, values: Reals) -> Levels:
    sizes = np.repeat(sizes_of(matrix)[:, None], values.shape[1], axis=1)
    sizes[:, 1:] *= 2
    return sizes


def _checked(values: npt.NDArray[Any], neighbours: Neighbours) -> Reals:
    if values.ndim != 2:  # noqa: PLR2004 - cells × steps
        raise ValueError(f"values has {values.ndim} dimensions; give cells × steps")
    numbers = np.ascontiguousarray(values, dtype=np.float64)
    check_lengths(neighbours, values=numbers)
    return numbers


def _cannot_tell(values: Reals) -> Reason | None:
    cells, steps = values.shape
    if cells == 0:
        return Reason.NO_CELLS
    if cells < FEWEST_CELLS:
        return Reason.TOO_FEW_CELLS
    if steps < FEWEST_STEPS:
        return Reason.TOO_FEW_STEPS
    if not values.any():
        return Reason.ALL_ZERO
    return Reason.ALL_EQUAL if np.ptp(values) == 0 else None


def _answer(
    values: Reals,
    matrix: Neighbours,
    found: GiStar,
    names: npt.NDArray[np.int64],
    rule: EmergingRule,
) -> Emerging:
    exact = rule.null == "exact" and int(found.sizes.max()) <= EXACT_UP_TO
    p = _exact_p(values, matrix, found) if exact else normal_p(found.z)
    largest_p = cut_off(p[found.defined], rule.alpha)
    spots = (np.sign(found.z) * (p <= largest_p)).astype(np.int8)
    trends = mann_kendall(found.z if rule.trend_of == "z" else matrix @ values)
    return Emerging(
        cells=_table(names, found.z, spots, trends, rule),
        z=found.z,
        spots=spots,
        rule=rule,
        n=values.shape[0],
        steps=values.shape[1],
        null="exact" if exact else "normal",
        largest_p=largest_p,
        smallest_trend_p=smallest_p(values.shape[1]),
        untested=int((~found.defined.any(axis=1)).sum()),
        undecided=None,
    )


def _exact_p(values: Reals, matrix: Neighbours, found: GiStar) -> Reals:
    """Two-sided p of each bin if the same values lay in random order over all bins."""
    largest = int(found.sizes.max())
    levels = as_levels(values, largest)
    sums = _with_step_before(np.rint(matrix @ levels.astype(np.float64)).astype(np.int64))
    return null_sums(levels, largest).p_beside(found.z, sums, found.sizes)


def _table(
    names: npt.NDArray[np.int64], z: Reals, spots: Codes, trends: Trends, rule: EmergingRule
) -> pl.DataFrame:
    direction = trends.direction(rule.trend_alpha)
    return pl.DataFrame(
        {
            "cell": names,
            "class": _named(classify(spots, direction)),
            "hot_steps": (spots > 0).sum(axis=1).astype(np.int32),
            "cold_steps": (spots < 0).sum(axis=1).astype(np.int32),
            "last_z": np.ascontiguousarray(z[:, -1]),
            "trend_z": trends.z,
            "trend_p": trends.p,
            "trend": direction,
        }
    )


def _named(codes: Codes) -> pl.Series:
    """Class names of codes, as an Enum in the order of `CLASS_NAMES` (8 … 0 … −8 reversed)."""
    names = pl.Series(CLASS_NAMES, dtype=pl.Enum(CLASS_NAMES))
    positions = [CLASS_NAMES.index(class_name(code)) for code in range(-8, 9)]
    return names.gather(np.array(positions, dtype=np.uint32)[codes.astype(np.int64) + 8])


def _no_answer(
    shape: tuple[int, ...], names: npt.NDArray[np.int64], rule: EmergingRule, reason: Reason
) -> Emerging:
    """Everything ``none`` and every number neutral, with the reason."""
    cells, steps = shape
    none = np.zeros(cells, dtype=np.int64)
    still = Trends(none, np.zeros(cells), np.zeros(cells), np.ones(cells))
    z, spots = np.zeros(shape), np.zeros(shape, dtype=np.int8)
    wide = z if steps else np.zeros((cells, 1))
    return Emerging(
        cells=_table(names, wide, spots, still, replace(rule, trend_alpha=0.0)),
        z=z,
        spots=spots,
        rule=rule,
        n=cells,
        steps=steps,
        null=rule.null,
        largest_p=-1.0,
        smallest_trend_p=smallest_p(steps),
        untested=cells,
        undecided=reason,
    )
