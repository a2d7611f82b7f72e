"""What was clicked on: which cases lie in a cell, on a street or inside an outline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from dashboard import access
from dashboard.access import Reading
from dashboard.filters import Picked, View
from geodata.analysis.counts import coarser, rows_in_cell
from geodata.spatial import cells

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A picked place: the kept cases in it, and all cases in it whatever the filter."""

    kind: Literal["cell", "street", "outline"]
    rows: Rows
    all_rows: Rows
    name: str = ""
    resolution: int = 0
    street_km: float = 0.0
    cells: int = 0


def find(reading: Reading, view: View) -> Place | None:
    """Return the picked place, or None when nothing (that exists) is picked."""
    picked = view.picked
    if picked.cell:
        return _cell(reading, view, picked.cell)
    if picked.street:
        return _street(reading, view, picked.street)
    if picked.outline:
        return _outline(reading, view, picked)
    return None


def _cell(reading: Reading, view: View, name: str) -> Place | None:
    try:
        cell = cells.from_text(name)
    except ValueError:
        return None
    resolution = cells.resolution_of(cell)
    if resolution > cells.FINEST:
        return None
    facts = reading.facts
    everything = np.ones(len(facts), dtype=bool)
    km = access.street_km(reading).get(resolution, {}).get(cell, 0.0)
    return Place(
        kind="cell",
        rows=rows_in_cell(facts, access.keep(reading, view.selection), cell, resolution),
        all_rows=rows_in_cell(facts, everything, cell, resolution),
        name=name,
        resolution=resolution,
        street_km=km,
        cells=1,
    )


def _street(reading: Reading, view: View, name: str) -> Place | None:
    segments = reading.facts.segments
    on_it = (segments["street"] == name).to_numpy()
    if not on_it.any():
        return None
    lookup = np.append(on_it, values=False)
    here = lookup[reading.facts.frame["segment"].to_numpy()]
    keep = access.keep(reading, view.selection)
    return Place(
        kind="street",
        rows=np.flatnonzero(here & keep),
        all_rows=np.flatnonzero(here),
        name=name,
        street_km=float(segments["length_m"].to_numpy()[on_it].sum()) / 1000,
        cells=int(on_it.sum()),
    )


def _outline(reading: Reading, view: View, picked: Picked) -> Place | None:
    """Cells whose centre lies inside the outline, at the map's finest resolution."""
    outline = shapely.Polygon(picked.outline).buffer(0)
    found, starts = reading.facts.runs(cells.STUDY)
    if outline.is_empty or not len(found):
        return None
    inside = shapely.contains_xy(outline, *access.centres(reading).T)
    ends = np.append(starts[1:], len(reading.facts))
    here = np.zeros(len(reading.facts), dtype=bool)
    for begin, end in zip(starts[inside], ends[inside], strict=True):
        here[begin:end] = True
    keep = access.keep(reading, view.selection)
    km = access.street_km(reading)[cells.STUDY]
    return Place(
        kind="outline",
        rows=np.flatnonzero(here & keep),
        all_rows=np.flatnonzero(here),
        street_km=sum(km.get(int(cell), 0.0) for cell in found[inside]),
        cells=int(inside.sum()),
    )


def rows_any_time(reading: Reading, view: View, place: Place) -> Rows:
    """Rows of the cases in a place that every filter but the period means."""
    any_time = replace(view.selection, phases=None, from_on=None, until_on=None)
    return place.all_rows[access.keep(reading, any_time)[place.all_rows]]


def top_cells(reading: Reading, view: View, resolution: int, most: int = 10) -> pl.DataFrame:
    """Cells with most reports: ``cell``, ``cases``."""

    def compute() -> pl.DataFrame:
        fine = access.cells(reading, view.selection)
        return coarser(fine, resolution).sort(["cases", "cell"], descending=[True, False])

    counts = reading.answers.get(("top cells", view.selection, resolution), compute)
    return counts.head(most)


def main_streets(reading: Reading, rows: Rows, most: int = 2) -> list[str]:
    """Names of the streets most of these cases lie on."""
    segment = reading.facts.frame["segment"].gather(rows)
    on_street = reading.facts.segments["street"].gather(segment.filter(segment >= 0))
    found = on_street.alias("street").value_counts(name="n").filter(pl.col("street") != "")
    return found.sort(["n", "street"], descending=[True, False])["street"].head(most).to_list()
