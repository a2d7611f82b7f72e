"""Where it came back, cell by cell: for the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from geodata.analysis.breaks import bounds_of, period_step
from geodata.analysis.rebound import DEFAULT_RULE, ReboundRule
from geodata.analysis.rebound_excess import rebound_excess
from geodata.domain.selection import Selection
from geodata.findings.rebounds.close_outs import close_outs_of
from geodata.findings.rebounds.rebound import CLEAR
from geodata.findings.source import Source
from geodata.spatial.cells import parent_expr

RESOLUTION: Final = 10
"""Cells of some 130 m: as fine as a reader can tell apart, coarse enough to hold rebounds."""


def rebounds_by_cell(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    rule: ReboundRule = DEFAULT_RULE,
) -> pl.DataFrame:
    """Rebounds at the cells of the cases that were closed.

    Returns
    -------
    polars.DataFrame
        ``cell`` (at `RESOLUTION`), ``closed``, ``rebounds`` (within the window, also of close-outs
        not yet followed in full), ``expected`` (reports the places' usual level would bring),
        ``ratio``, ``q`` and ``beyond`` (q ≤ `CLEAR` over all cells); in order of ``cell``.
    """
    key = ("rebound cells", replace(selection, statuses=None), rule)
    return source.remember(key, lambda: _by_cell(source, selection, rule))


def _by_cell(source: Source, selection: Selection, rule: ReboundRule) -> pl.DataFrame:
    followed = close_outs_of(source, selection, rule).followed
    located = followed.table.with_columns(at=parent_expr(pl.col("cell"), RESOLUTION))
    found = rebound_excess(replace(followed, table=located), "at").table
    beyond = ((pl.col("q") <= CLEAR) & (pl.col("ratio") > 1)).fill_null(value=False)
    return found.select(
        pl.col("code").cast(pl.Int64).alias("cell"),
        "closed", "rebounds", "expected", "ratio", "q", beyond=beyond,
    ).sort("cell")  # fmt: skip


def rebound_scale(source: Source, rule: ReboundRule, days: int) -> list[float]:
    """Lower bounds of the seven colours for a period of so many days, whatever the filter.

    The whole record is scaled to the nearest step of the period ladder, as `breaks.locked_breaks`
    does for reports.
    """
    step = period_step(days)
    recorded = (source.facts.last_day - source.facts.first_day).days + 1
    everything = rebounds_by_cell(source, rule=rule)["rebounds"].to_numpy()
    return bounds_of(everything * (step / recorded), whole=True)
