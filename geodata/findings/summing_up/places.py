"""Where it is worst and where it changed: streets, cells and hot spots of a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.counts import count_by_cell
from geodata.analysis.difference_map import cell_dispersion
from geodata.analysis.facts import UNASSIGNED
from geodata.analysis.false_discovery import adjusted
from geodata.analysis.hotspots import HotSpots
from geodata.analysis.intervals import rate_ratios
from geodata.domain.category import UNMAPPED
from geodata.findings.gathering.hotspots import find_hot_spots
from geodata.findings.source import Source
from geodata.findings.summing_up.compared import FEWEST_STEPS, Compared, steps_before
from geodata.spatial.cells import Cells, disks_of, parent_of
from geodata.store import layers

MOST_CELLS: Final = 1_500
"""Study cells a printed map holds legibly; finer cells also leave each too few cases to test."""

ALPHA: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Streets and cells of a period beside the one before.

    Attributes
    ----------
    resolution
        H3 resolution of the cells: the finest with at most `MOST_CELLS` in the study area.
    cells
        Cells with a case, ascending: ``cell``, ``cases``, ``before``, ``piled``.
    study
        The study area at that resolution, ascending.
    spots, spots_before
        The test of each cell now and before, as the page on hot spots makes it
        (`find_hot_spots`) at this resolution; None where there is no period before.
    streets
        Named streets with a case now or before, most cases now first: ``street``, ``cases``,
        ``before``, ``difference`` (a day where `Compared.per_day`), ``q`` (of the change, over
        all streets), ``beyond`` (null where fluctuation is not known), ``open``, ``overdue``,
        ``office`` and ``categories`` (the one or two most frequent), ``hot`` and
        ``hot_before`` (cells of its).
    street_of
        Hot or crowded cell → street most of its cases lie on.
    dispersion
        How many times more than by chance a street varies; None where it is not known.
    """

    resolution: int
    cells: pl.DataFrame
    study: Cells
    spots: HotSpots
    spots_before: HotSpots | None
    streets: pl.DataFrame
    street_of: dict[int, str]
    dispersion: float | None

    @property
    def hot(self) -> set[int]:
        """Cells that are significant hot spots now."""
        return _hot_cells(self.spots)

    @property
    def hot_before(self) -> set[int]:
        """Cells that were in the period before."""
        return _hot_cells(self.spots_before)


def places(compared: Compared) -> Places:
    """Count the streets and cells of a period and test which stand out, and which changed."""
    source = compared.source
    resolution, study = _study(source)
    cells = _cells(compared, resolution)
    spots = find_hot_spots(source, compared.now, resolution=resolution).spots
    earlier = None
    if compared.before is not None:
        earlier = find_hot_spots(source, compared.before, resolution=resolution).spots
    named = _street_of(compared, resolution)
    streets, dispersion = _streets(compared)
    hot = _by_street(_hot_cells(spots), named, "hot")
    hot_before = _by_street(_hot_cells(earlier), named, "hot_before")
    joined = streets.join(hot, on="street", how="left", maintain_order="left")
    joined = joined.join(hot_before, on="street", how="left", maintain_order="left")
    return Places(
        resolution=resolution,
        cells=cells,
        study=study,
        spots=spots,
        spots_before=earlier,
        streets=joined.with_columns(pl.col("hot", "hot_before").fill_null(0)),
        street_of=named,
        dispersion=dispersion,
    )


def _study(source: Source) -> tuple[int, Cells]:
    def compute() -> tuple[int, Cells]:
        fine = layers.study_table(source.city.layers)["cell"].to_numpy()
        for resolution in (10, 9, 8):
            cells = np.unique(parent_of(fine, resolution)) if len(fine) else fine
            if len(cells) <= MOST_CELLS:
                return resolution, cells
        return resolution, cells

    return source.remember("overview study", compute)


def _hot_cells(spots: HotSpots | None) -> set[int]:
    if spots is None or spots.undecided is not None:
        return set()
    return set(spots.cells.filter(pl.col("spot") > 0)["cell"].to_list())


def _cells(compared: Compared, resolution: int) -> pl.DataFrame:
    """Cells with a case now; default geocodes are counted apart, they are no place."""
    facts = compared.source.facts
    now = compared.source.keep(compared.now)
    table = count_by_cell(facts, now, resolution=resolution).select("cell", "cases")
    piled = count_by_cell(facts, now & facts.frame["pile"].to_numpy(), resolution=resolution)
    before = compared.flags(compared.before).to_numpy()
    earlier = count_by_cell(facts, before, resolution=resolution)
    return (
        table.join(earlier.select("cell", before="cases"), on="cell", how="left")
        .join(piled.select("cell", piled="cases"), on="cell", how="left")
        .with_columns(pl.all().fill_null(0).cast(pl.Int64))
        .sort("cell")
    )


def _rows(compared: Compared) -> pl.LazyFrame:
    """Reports of both periods: street, whether now, and what a street's line tells of them."""
    facts = compared.source.facts
    now, before = compared.flags(compared.now), compared.flags(compared.before)
    last = compared.last_on
    waiting = pl.col("closed_on").is_null() | (pl.col("closed_on") > last)
    streets = facts.segments.lazy().select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("segment"), "street"
    )
    return (
        facts.frame.lazy()
        .with_columns(now=now, then=before)
        .filter(pl.col("now") | pl.col("then"))
        .join(streets, on="segment", how="inner")
        .filter(pl.col("street").is_not_null(), pl.col("street") != "")
        .select(
            "street", "cell", "now", "then",
            pl.col("office", "category").cast(pl.String),
            waiting=pl.col("now") & waiting,
            late=pl.col("now") & waiting & (pl.col("due_on") <= last).fill_null(value=False),
        )
    )  # fmt: skip


def _streets(compared: Compared) -> tuple[pl.DataFrame, float | None]:
    rows = _rows(compared).collect()
    counted = rows.group_by("street").agg(
        cases=pl.col("now").sum().cast(pl.Int64),
        before=pl.col("then").sum().cast(pl.Int64),
        open=pl.col("waiting").sum().cast(pl.Int64),
        overdue=pl.col("late").sum().cast(pl.Int64),
    )
    recent = rows.filter("now")
    offices = _leading(recent.filter(pl.col("office") != UNASSIGNED), "office", 1)
    kinds = _leading(recent.filter(pl.col("category") != UNMAPPED), "category", 2)
    table = (
        counted.join(offices.with_columns(pl.col("office").list.first()), on="street", how="left")
        .join(kinds.rename({"category": "categories"}), on="street", how="left")
        .sort(["cases", "before", "street"], descending=[True, True, False])
    )
    dispersion = _street_dispersion(compared)
    return _tested(table, compared, dispersion), dispersion


def _leading(rows: pl.DataFrame, column: str, most: int) -> pl.DataFrame:
    """Return the most frequent values of each street; equal ones in order of code."""
    counted = rows.group_by("street", column).len().sort(["len", column], descending=[True, False])
    return counted.group_by("street", maintain_order=True).agg(pl.col(column).head(most))


def _tested(table: pl.DataFrame, compared: Compared, dispersion: float | None) -> pl.DataFrame:
    """Which streets changed beyond what they do by themselves, all streets considered together."""
    difference = pl.col("cases") - pl.col("before")
    if compared.per_day:
        difference = pl.col("cases") / compared.days - pl.col("before") / compared.days_before
    if compared.before is None or dispersion is None or table.is_empty():
        return table.with_columns(
            difference=difference.cast(pl.Float64),
            q=pl.lit(None, pl.Float64),
            beyond=pl.lit(None, pl.Boolean),
        )
    then, now = compared.lengths
    found = rate_ratios(
        table["before"].to_numpy(), then, table["cases"].to_numpy(), now, dispersion=dispersion
    )
    q = pl.Series(adjusted(found.p))
    return table.with_columns(difference=difference.cast(pl.Float64), q=q, beyond=q <= ALPHA)


def _street_dispersion(compared: Compared) -> float | None:
    """Scatter of a street from one earlier period to the next; None with too few of them."""
    spans = steps_before(compared)
    if len(spans) < FEWEST_STEPS:
        return None
    facts = compared.source.facts
    meant = facts.frame.filter(compared.flags(compared.selection), pl.col("segment") >= 0)
    street = facts.segments["street"].gather(meant["segment"]).rank("dense").fill_null(0)
    rows = street.cast(pl.Int64).to_numpy()
    days = meant["reported_on"]
    steps = np.array(
        [
            np.bincount(rows[days.is_between(begin, end).to_numpy()], minlength=rows.max() + 1)
            for begin, end in spans
        ]
        if len(rows)
        else []
    )
    if not steps.size:
        return None
    return cell_dispersion(steps.T.astype(np.float64), compared.usual_days(spans))


def _street_of(compared: Compared, resolution: int) -> dict[int, str]:
    """Street that most cases of a cell, now and before, lie on."""
    rows = _rows(compared).select("street", "cell").collect()
    cells = parent_of(rows["cell"].to_numpy(), resolution)
    counted = (
        rows.with_columns(cell=pl.Series(cells, dtype=pl.Int64))
        .group_by("cell", "street")
        .len()
        .sort(["len", "street"], descending=[True, False])
        .unique("cell", keep="first", maintain_order=True)
    )
    return dict(counted.select("cell", "street").iter_rows())


def _by_street(cells: set[int], named: dict[int, str], column: str) -> pl.DataFrame:
    """How many of the cells each street has; cells on no street are left out."""
    streets = [named[cell] for cell in sorted(cells) if cell in named]
    held = pl.DataFrame({"street": streets}, schema={"street": pl.String})
    return held.group_by("street").agg(pl.len().cast(pl.Int64).alias(column))


def spread_out(cells: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the fullest cells of which no two touch: each is another place to go to.

    Parameters
    ----------
    cells
        ``cell``, ``cases``; cells of default geocodes already left out.
    """
    chosen: list[int] = []
    taken: set[int] = set()
    ordered = cells.sort(["cases", "cell"], descending=[True, False])
    for cell in ordered["cell"].to_list():
        if len(chosen) == most:
            break
        if cell not in taken:
            chosen.append(cell)
            near: npt.NDArray[np.int64] = disks_of(np.array([cell], np.int64), 1)[1]
            taken.update(near.tolist())
    order = pl.DataFrame({"cell": chosen}, schema={"cell": pl.Int64})
    return order.join(cells, on="cell", how="left", maintain_order="left")
