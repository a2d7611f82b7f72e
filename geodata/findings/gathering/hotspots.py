"""Where reports gather more than chance explains, how sure that is, and where first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from geodata.analysis.answers import Scope
from geodata.analysis.false_discovery import Reals
from geodata.analysis.hotspots import DEFAULT_RULE, HotSpotRule, HotSpots, hot_spots
from geodata.analysis.local_moran import LocalMoran, local_moran
from geodata.analysis.shrinkage import shrunk_rates
from geodata.analysis.stability import stability
from geodata.domain.selection import Selection
from geodata.findings.gathering.study import (
    Chosen,
    Ground,
    Placed,
    choose_resolution,
    fine_counts,
    ground_of,
    place_cases,
    spread_out,
)
from geodata.findings.source import Source


@dataclass(frozen=True, kw_only=True)
class HotSpotFinding:
    """The test of every study cell of a selection, and what it rests on.

    Attributes
    ----------
    spots
        The test; its ``cells`` are in the order of ``ground.cells``.
    badges
        ``cell``, ``spot``, ``found_again``, ``variants``, ``badge``: does it hold however the
        city is cut up? Same cells, same order.
    moran
        Whether cells are like their neighbours, or stand against them.
    shrunk
        ``rate``, ``shrunk``, ``lower``, ``upper`` …: cases of each cell (per km of street with
        ``per_km``), drawn towards its neighbourhood.
    places
        Hot spots far enough apart to be places of their own, clearest first: ``rank``, ``at``
        (row of ``spots.cells``), ``cell``, ``z``.
    per_km
        Whether kilometres of street are taken into account.
    """

    selection: Selection
    chosen: Chosen
    ground: Ground
    placed: Placed
    spots: HotSpots
    badges: pl.DataFrame
    moran: LocalMoran
    shrunk: pl.DataFrame
    places: pl.DataFrame
    per_km: bool
    scope: Scope

    @property
    def cells(self) -> pl.DataFrame:
        """Everything known of each study cell, one row each, sorted by ``cell``."""
        return self.spots.cells.with_columns(
            badge=self.badges["badge"],
            found_again=self.badges["found_again"],
            cluster=self.moran.cells["cluster"],
            shrunk=self.shrunk["shrunk"],
        )

    @property
    def variants(self) -> int:
        """How many other ways of cutting up the city the badges rest on."""
        return int(self.badges["variants"][0]) if len(self.badges) else 0

    @property
    def hot(self) -> int:
        """Hot cells."""
        return int((self.spots.cells["spot"] > 0).sum())

    @property
    def cold(self) -> int:
        """Cold cells."""
        return int((self.spots.cells["spot"] < 0).sum())


def find_hot_spots(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    resolution: int | None = None,
    per_km: bool = False,
    rule: HotSpotRule = DEFAULT_RULE,
) -> HotSpotFinding:
    """Test every study cell of a selection; default geocodes are left out, and counted.

    Parameters
    ----------
    resolution
        H3 resolution of the cells; chosen by `study.choose_resolution` when None.
    per_km
        Compare each neighbourhood with its kilometres of street instead of its cells.
    """
    key = ("hot spots", selection, resolution, per_km, rule)
    return source.remember(key, lambda: _find(source, selection, resolution, rule, per_km=per_km))


def _find(
    source: Source,
    selection: Selection,
    resolution: int | None,
    rule: HotSpotRule,
    *,
    per_km: bool,
) -> HotSpotFinding:
    chosen = choose_resolution(source, selection, resolution)
    ground = ground_of(source, selection, chosen.resolution)
    placed = place_cases(source, selection, ground)
    exposure = ground.street_km if per_km else None
    spots = spots_of(placed, ground, exposure, rule)
    return HotSpotFinding(
        selection=selection,
        chosen=chosen,
        ground=ground,
        placed=placed,
        spots=spots,
        badges=_badges(source, selection, ground, rule, per_km=per_km),
        moran=local_moran(_values(placed, exposure), ground.neighbours, ids=ground.cells),
        shrunk=_shrunk(placed, exposure, ground),
        places=places_of(spots, ground),
        per_km=per_km,
        scope=source.scope(selection),
    )


def spots_of(
    placed: Placed,
    ground: Ground,
    exposure: Reals | None = None,
    rule: HotSpotRule = DEFAULT_RULE,
) -> HotSpots:
    """Test the study cells of cases placed on the ground: a finding's test without the rest."""
    return hot_spots(
        placed.counts,
        ground.neighbours,
        exposure=exposure,
        piled=placed.piled,
        outside_cases=placed.outside,
        ids=ground.cells,
        rule=rule,
    )


def _values(placed: Placed, exposure: Reals | None) -> Reals:
    """Cases of each cell, or per km of its street (0 where it has none)."""
    if exposure is None:
        return placed.kept
    return np.divide(placed.kept, exposure, out=np.zeros(len(exposure)), where=exposure > 0)


def _shrunk(placed: Placed, exposure: Reals | None, ground: Ground) -> pl.DataFrame:
    per = np.ones(len(ground.cells)) if exposure is None else exposure
    return shrunk_rates(placed.kept, per, ground.neighbours)


def _badges(
    source: Source, selection: Selection, ground: Ground, rule: HotSpotRule, *, per_km: bool
) -> pl.DataFrame:
    fine, counts, km = fine_counts(source, selection, ground)
    exposure = km if per_km else None
    return stability(fine, counts, resolution=ground.resolution, exposure=exposure, rule=rule)


def places_of(spots: HotSpots, ground: Ground) -> pl.DataFrame:
    """List hot cells clearest first, each place once (see `study.spread_out`).

    Returns
    -------
    polars.DataFrame
        ``rank`` (from 1), ``at`` (row of ``spots.cells``), ``cell``, ``z``.
    """
    table = spots.cells.with_row_index("at")
    hot = table.filter(pl.col("spot") > 0)
    ordered = hot.sort(["z", "cases", "cell"], descending=[True, True, False])
    rows = hot.clear() if hot.is_empty() else table[spread_out(ground, ordered["at"])]
    return rows.select("at", "cell", "z").with_row_index("rank", offset=1)
