"""How many: the same cases counted by cell, street, office, area, day, or place.

Every function counts the rows a ``Keep`` flags, so for one selection all totals are equal:
cells = streets + unassigned = offices + unassigned = areas + outside = cases.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.facts import Facts, Keep, conditions, starts_of
from geodata.analysis.flags import count_runs
from geodata.domain.selection import Selection
from geodata.spatial.cells import FINEST, parent_of


def count_by_cell(facts: Facts, keep: Keep, *, resolution: int) -> pl.DataFrame:
    """Count cases in each H3 cell.

    Returns
    -------
    polars.DataFrame
        ``cell`` (Int64, at ``resolution``), ``cases``, ``area_m2``; only cells with a case,
        in order of ``cell``. Empty in, empty out.
    """
    if not 0 <= resolution <= FINEST:
        raise ValueError(f"resolution is {resolution}; cases can be binned at 0 to {FINEST}")
    found, starts = facts.runs(resolution)
    if not len(found):
        return pl.DataFrame(schema={"cell": pl.Int64, "cases": pl.UInt32, "area_m2": pl.Float64})
    cases = count_runs(keep, starts)
    some = cases > 0
    return pl.DataFrame(
        {"cell": found[some], "cases": cases[some], "area_m2": _area_m2(facts, keep, starts)[some]}
    )


def _area_m2(facts: Facts, keep: Keep, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Sum of reported m² per run; almost all cases have none, so only those are visited."""
    meant = keep[facts.rows_with_area]
    run = np.searchsorted(starts, facts.rows_with_area[meant], side="right") - 1
    weights = facts.areas_m2[meant]
    return np.bincount(run, weights=weights, minlength=len(starts)).astype(np.float64)


def count_by_segment(facts: Facts, keep: Keep) -> pl.DataFrame:
    """Count cases on each street segment; the last row, ``segment`` null, is unassigned.

    Returns
    -------
    polars.DataFrame
        The columns of ``facts.segments`` with ``cases`` and ``per_km``, every segment in
        file order, then the unassigned.
    """
    cases = pl.Series("cases", cases_by_segment(facts, keep))
    counted = facts.segments_and_none.with_columns(cases)
    return counted.with_columns(per_km=pl.col("cases") / (pl.col("length_m") / 1000))


def cases_by_segment(facts: Facts, keep: Keep) -> npt.NDArray[np.uint32]:
    """Count cases on each street segment in file order; the last number is the unassigned."""
    segment, starts = facts.segment_runs
    held = count_runs(keep, starts)
    counts = np.bincount(segment + 1, weights=held, minlength=len(facts.segments) + 1)
    return np.roll(counts, -1).astype(np.uint32)


def count_by_street(facts: Facts, keep: Keep) -> pl.DataFrame:
    """Count cases on each named street, most first; ``street`` null is unassigned.

    Returns
    -------
    polars.DataFrame
        ``street``, ``class`` (of its longest part), ``length_m``, ``segments``, ``cases``,
        ``per_km``. Nameless segments share the street ``""``.
    """
    segments = count_by_segment(facts, keep).sort("length_m", descending=True, nulls_last=True)
    return (
        segments.group_by("street", maintain_order=True)
        .agg(
            pl.col("class").first(),
            pl.col("length_m").sum(),
            segments=pl.len(),
            cases=pl.col("cases").sum(),
        )
        .with_columns(
            per_km=pl.when(pl.col("length_m") > 0).then(
                pl.col("cases") / (pl.col("length_m") / 1000)
            )
        )
        .sort(["cases", "street"], descending=[True, False], nulls_last=True)
    )


def count_by(facts: Facts, keep: Keep, column: str) -> pl.DataFrame:
    """Count cases by any coded column: ``office``, ``category``, ``phase``, ``status`` and others.

    Returns
    -------
    polars.DataFrame
        ``code`` and ``cases``: every code the column can take, in listed order, zeros
        included.
    """
    values = facts.frame[column]
    codes = facts.codes(column)
    counts = np.bincount(values.to_physical().to_numpy()[keep], minlength=len(codes))
    return pl.DataFrame({"code": codes, "cases": pl.Series(counts, dtype=pl.UInt32)})


def count_by_day(facts: Facts, keep: Keep, first: date, last: date) -> pl.DataFrame:
    """Count cases on each report day from ``first`` to ``last``, zeros included.

    Returns
    -------
    polars.DataFrame
        ``day`` (Date) and ``cases``, in order of time.
    """
    days = facts.frame["reported_on"].to_physical().to_numpy()[keep]
    begin, end = _day_number(first), _day_number(last)
    within = days[(days >= begin) & (days <= end)] - begin
    counts = np.bincount(within, minlength=end - begin + 1)
    return pl.DataFrame(
        {
            "day": pl.date_range(first, last, eager=True),
            "cases": pl.Series(counts, dtype=pl.UInt32),
        }
    )


def count_days(facts: Facts, selection: Selection, first: date, last: date) -> pl.DataFrame:
    """Answer `count_by_day` for a selection whose flags nobody needs, in one pass."""
    meant = facts.frame.lazy().filter(
        pl.col("reported_on").is_between(first, last), *conditions(facts, selection)
    )
    found = meant.group_by(day="reported_on").len("cases").collect()
    cases = np.zeros(_day_number(last) - _day_number(first) + 1, dtype=np.uint32)
    cases[found["day"].to_physical().to_numpy() - _day_number(first)] = found["cases"].to_numpy()
    return pl.DataFrame({"day": pl.date_range(first, last, eager=True), "cases": cases})


def _day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def rows_in_cell(facts: Facts, keep: Keep, cell: int, resolution: int) -> npt.NDArray[np.int64]:
    """Return the rows of the kept cases inside one cell, by search: no scan of the frame."""
    found, starts = facts.runs(resolution)
    at = int(np.searchsorted(found, cell))
    if at == len(found) or found[at] != cell:
        return np.array([], dtype=np.int64)
    end = starts[at + 1] if at + 1 < len(starts) else len(facts)
    rows = np.arange(starts[at], end)
    return rows[keep[rows]]


def coarser(counts: pl.DataFrame, resolution: int) -> pl.DataFrame:
    """Sum a table of `count_by_cell` to a coarser resolution; the total stays the same."""
    parents = parent_of(counts["cell"].to_numpy(), resolution)
    starts = starts_of(parents[1:] != parents[:-1], len(parents))
    columns = {name: counts[name].to_numpy() for name in ("cases", "area_m2")}
    sums = {name: np.add.reduceat(n, starts, dtype=n.dtype) for name, n in columns.items()}
    return pl.DataFrame({"cell": parents[starts], **sums})
