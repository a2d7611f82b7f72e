"""Whether a hot spot is real, or made by where the hexagons happen to lie.

The test is repeated with cells one step coarser and one step finer (neighbourhoods of about the
same size on the ground) and with the whole grid moved by half a cell in three directions. A
place that stays hot however the city is cut up is firm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.false_discovery import Reals
from geodata.analysis.hotspots import DEFAULT_RULE, HotSpotRule, hot_spots
from geodata.analysis.neighbours import ring_neighbours
from geodata.spatial.cells import (
    Cells,
    cells_at,
    centres_of,
    parent_of,
    resolution_of,
    spacing_m_of,
)

BADGES: Final = ("none", "fragile", "fair", "firm")
_METRES_PER_DEGREE: Final = 111_320.0
_EDGE_RATIO: Final = 7.0**0.5
"""Cells of one resolution are √7 times as wide as those of the next finer one."""

_DIRECTIONS: Final = (0.0, 120.0, 240.0)
"""Of the half-cell shifts, in degrees from east."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityRule:
    """What makes a spot firm: the mean share of its ground found again over all variants."""

    firm: float = 0.8
    fair: float = 0.5
    source: str = "assumed; to be confirmed by the analysts"


DEFAULT_STABILITY: Final = StabilityRule()


class Variant(NamedTuple):
    """Another way to cut up the same ground."""

    name: str
    cells: Cells  # for each fine cell, the cell it falls into
    rings: int


def stability(
    fine: Cells,
    counts: npt.NDArray[Any],
    *,
    resolution: int,
    exposure: npt.NDArray[Any] | None = None,
    rule: HotSpotRule = DEFAULT_RULE,
    stable: StabilityRule = DEFAULT_STABILITY,
) -> pl.DataFrame:
    """Give each hot or cold cell a badge: firm, fair or fragile.

    Parameters
    ----------
    fine
        Study area at a finer resolution, distinct.
    counts, exposure
        Cases (default geocodes left out) and kilometres of street in each fine cell.
    resolution
        Of the cells to judge; coarser than the fine cells'.
    rule
        With its ``rings`` at ``resolution``.

    Returns
    -------
    polars.DataFrame
        ``cell`` (at ``resolution``, sorted), ``spot``, ``found_again`` (0 … 1: share of the
        cell's ground with the same spot, mean over the variants; 0 where no spot),
        ``variants`` (how many), ``badge`` (Enum of `BADGES`). Empty in, empty out.

    Raises
    ------
    ValueError
        ``resolution`` is not coarser than the fine cells, or ``rule.rings`` is None.
    """
    _check(fine, resolution, rule)
    base = Variant("base", parent_of(fine, resolution), rule.rings or 0)
    spots = _spots(base, counts, exposure, rule)
    agreement = [
        (_spots(variant, counts, exposure, rule) == spots) & (spots != 0)
        for variant in variants(fine, resolution, rule.rings or 0)
    ]
    share = np.mean(agreement, axis=0) if agreement else np.zeros(len(fine))
    cells = pl.DataFrame({"cell": base.cells, "spot": spots, "found_again": share})
    by_cell = cells.group_by("cell").agg(pl.col("spot").first(), pl.col("found_again").mean())
    return by_cell.sort("cell").with_columns(
        variants=pl.lit(len(agreement), dtype=pl.Int32), badge=_badge(stable)
    )


def _check(fine: Cells, resolution: int, rule: HotSpotRule) -> None:
    if rule.rings is None:
        raise ValueError("stability needs rings of H3 cells; give a rule with rings")
    if len(fine) and resolution_of(int(fine[0])) <= resolution:
        found = resolution_of(int(fine[0]))
        raise ValueError(
            f"the fine cells have resolution {found}; judge cells coarser than that, "
            f"not resolution {resolution}"
        )


def variants(fine: Cells, resolution: int, rings: int) -> Iterator[Variant]:
    """Cut the ground up again: coarser, finer, and moved by half a cell three times."""
    if not len(fine):
        return
    if resolution > 0:
        yield Variant("coarser", parent_of(fine, resolution - 1), _same_reach(rings, -1))
    if resolution + 1 < resolution_of(int(fine[0])):
        yield Variant("finer", parent_of(fine, resolution + 1), _same_reach(rings, 1))
    centres = centres_of(fine)
    half_m = float(spacing_m_of(parent_of(fine[:1], resolution))[0]) / 2.0
    for direction in _DIRECTIONS:
        moved = cells_at(*_moved(centres, half_m, direction))
        yield Variant(f"moved {direction:.0f}°", parent_of(moved, resolution), rings)


def _same_reach(rings: int, finer: int) -> int:
    """Rings that reach about as far on the ground one resolution finer (1) or coarser (−1).

    Never none where there were some: a test of single cells finds no gathering.
    """
    return max(round((rings + 0.5) * _EDGE_RATIO**finer - 0.5), min(rings, 1))


def _moved(centres: Reals, metres: float, direction: float) -> tuple[Reals, Reals]:
    """Longitudes and latitudes moved on a local plane (error under 0.1 % across a city)."""
    angle = np.radians(direction)
    lat = centres[:, 1] + metres * np.sin(angle) / _METRES_PER_DEGREE
    narrowed = _METRES_PER_DEGREE * np.cos(np.radians(centres[:, 1]))
    return centres[:, 0] + metres * np.cos(angle) / narrowed, lat


def _spots(
    variant: Variant,
    counts: npt.NDArray[Any],
    exposure: npt.NDArray[Any] | None,
    rule: HotSpotRule,
) -> npt.NDArray[np.int8]:
    """Spot of the cell each fine cell falls into."""
    cells, owner = np.unique(variant.cells, return_inverse=True)
    summed = np.bincount(owner, weights=counts, minlength=len(cells))
    per = None
    if exposure is not None:
        per = np.bincount(owner, weights=exposure, minlength=len(cells))
    found = hot_spots(
        summed,
        ring_neighbours(cells, variant.rings),
        exposure=per,
        rule=replace(rule, rings=variant.rings),
    )
    return found.cells["spot"].to_numpy()[owner]


def _badge(rule: StabilityRule) -> pl.Expr:
    share = pl.col("found_again")
    named = (
        pl.when(pl.col("spot") == 0)
        .then(pl.lit("none"))
        .when(share >= rule.firm)
        .then(pl.lit("firm"))
        .when(share >= rule.fair)
        .then(pl.lit("fair"))
        .otherwise(pl.lit("fragile"))
    )
    return named.cast(pl.Enum(BADGES))
