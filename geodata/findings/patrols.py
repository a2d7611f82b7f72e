"""Did patrols look harder at a place than before (S11)? More reports may mean no more than that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.channels import PatrolShift, patrol_shift
from geodata.domain.category import UNMAPPED
from geodata.domain.selection import Selection
from geodata.findings.source import Source
from geodata.spatial.cells import Cells, parent_of
from geodata.wording.selection import period_of


def patrols_at(
    source: Source, selection: Selection, cells: Cells, resolution: int
) -> PatrolShift | None:
    """Compare the patrols' share at a place with the same place as many days earlier.

    Parameters
    ----------
    cells, resolution
        The place's H3 cells.

    Returns
    -------
    PatrolShift or None
        None where the days before are not recorded, or nothing was reported there then.
    """
    first, last = period_of(source.city, source.facts, selection)
    before = first - timedelta(days=(last - first).days + 1)
    if before < source.facts.first_day:
        return None
    cases = _cases_in(source, selection, (cells, resolution), (before, last))
    found = patrol_shift(
        cases,
        _scope(source, before, first - timedelta(days=1)),
        _scope(source, first, last),
        patrol=[one.code for one in source.city.channels if one.patrol],
    )
    return None if isinstance(found, Withheld) else found


def _cases_in(
    source: Source, selection: Selection, place: tuple[Cells, int], days: tuple[date, date]
) -> pl.DataFrame:
    """``reported_at`` (noon of the report day) and ``channel`` of the cases in these cells."""
    wider = replace(selection, phases=None, from_on=days[0], until_on=days[1], piles="leave_out")
    rows = np.flatnonzero(source.keep(wider))
    frame = source.facts.frame
    inside = np.isin(parent_of(frame["cell"].to_numpy()[rows], place[1]), place[0])
    noon = pl.col("reported_on").cast(pl.Datetime("us")) + pl.duration(hours=12)
    channel = pl.col("channel").cast(pl.String)
    return frame[rows[inside]].select(
        reported_at=noon.dt.replace_time_zone(source.city.timezone).dt.convert_time_zone("UTC"),
        channel=pl.when(channel != UNMAPPED).then(channel),
    )


def _scope(source: Source, first: date, last: date) -> Scope:
    return Scope(
        from_at=source.midnight(first),
        until_at=source.midnight(last + timedelta(days=1)),
        as_of=source.facts.as_of,
    )
