"""Counts of streets, segments or cells by day: what effects are estimated from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.facts import Facts, Keep
from geodata.spatial.cells import Cells, disks_of, parent_of

Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One row per unit, one column per day.

    Attributes
    ----------
    units
        ``unit`` (street name, segment or cell) and, where known, ``class`` and ``length_m``; in
        the order of the rows.
    counts
        Cases of each unit on each day, zeros included.
    days
        ``datetime64[D]``, consecutive.
    """

    units: pl.DataFrame
    counts: Integers
    days: Days

    def rows(self, units: object) -> Flags:
        """Which rows are one of these units; unknown ones match nothing."""
        wanted = pl.Series(list(units), dtype=self.units.schema["unit"])  # type: ignore[call-overload]
        return self.units["unit"].is_in(wanted.implode()).to_numpy()

    def between(self, first: date, last: date) -> Flags:
        """Which days lie from ``first`` to ``last``, both included."""
        found: Flags = (self.days >= np.datetime64(first)) & (self.days <= np.datetime64(last))
        return found


def street_panel(facts: Facts, keep: Keep, first: date, last: date) -> Panel:
    """Count kept cases by street name and day; nameless segments and unassigned cases left out.

    ``class`` is that of the street's longest part.
    """
    segments = facts.segments.with_row_index("row").sort(
        "length_m", descending=True, maintain_order=True
    )
    units = (
        segments.filter(pl.col("street") != "")
        .group_by(unit="street")
        .agg(pl.col("class").first(), pl.col("length_m").sum())
        .sort("unit")
    )
    number = dict(zip(units["unit"], range(len(units)), strict=True))
    of_segment = facts.segments["street"].replace_strict(number, default=-1, return_dtype=pl.Int64)
    lookup = np.concatenate([of_segment.to_numpy(), [-1]])
    return _panel(units, lookup[facts.frame["segment"].to_numpy()], facts, keep, (first, last))


def segment_panel(facts: Facts, keep: Keep, first: date, last: date) -> Panel:
    """Count kept cases by street segment and day."""
    units = facts.segments.select(
        unit="segment", street="street", **{"class": "class"}
    ).with_columns(length_m=facts.segments["length_m"])
    row = facts.frame["segment"].to_numpy().astype(np.int64)
    return _panel(units, row, facts, keep, (first, last))


def cell_panel(
    facts: Facts, keep: Keep, first: date, last: date, *, cells: Cells, resolution: int
) -> Panel:
    """Count kept cases by H3 cell and day over a study area of distinct ``cells``."""
    ordered = np.sort(cells)
    own = parent_of(facts.frame["cell"].to_numpy(), resolution)
    at = np.minimum(np.searchsorted(ordered, own), max(len(ordered) - 1, 0))
    row = np.where(ordered[at] == own, at, -1) if len(ordered) else np.full(len(own), -1)
    return _panel(pl.DataFrame({"unit": ordered}), row, facts, keep, (first, last))


def cells_around(panel: Panel, treated: Flags, rings: int) -> Flags:
    """Which cells of a cell panel lie within ``rings`` steps of a treated one, and are not."""
    _, near = disks_of(panel.units["unit"].to_numpy()[treated], rings)
    found: Flags = np.isin(panel.units["unit"].to_numpy(), near) & ~treated
    return found


def _panel(
    units: pl.DataFrame, row: Integers, facts: Facts, keep: Keep, span: tuple[date, date]
) -> Panel:
    begin, end = ((day - date(1970, 1, 1)).days for day in span)
    day = facts.frame["reported_on"].to_physical().to_numpy().astype(np.int64) - begin
    width = max(end - begin + 1, 0)
    counted = keep & (row >= 0) & (day >= 0) & (day < width)
    flat = np.bincount(row[counted] * width + day[counted], minlength=len(units) * width)
    return Panel(
        units=units,
        counts=flat.reshape(len(units), width),
        days=np.arange(begin, begin + width).astype("datetime64[D]"),
    )
