"""What was clicked on: which cases lie in a cell, on a street or inside an outline."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
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
    """A picked place: the kept cases in it, and all cases in it whatever the filter.

    A street has its segments (rows of the layer of streets) in ``segments``; one without a name
    has an empty ``name`` and one segment.
    """

    kind: Literal["cell", "street", "outline"]
    rows: Rows
    all_rows: Rows
    name: str = ""
    resolution: int = 0
    street_km: float = 0.0
    cells: int = 0
    segments: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def find(reading: Reading, view: View) -> Place | None:
    """Return the picked place, or None when nothing (that exists) is picked."""
    picked = view.picked
    if picked.cell:
        return _cell(reading, view, picked.cell)
    if picked.street:
        on_it = (reading.facts.segments["street"] == picked.street).to_numpy()
        return _on_segments(reading, view, picked.street, np.flatnonzero(on_it))
    if picked.segment is not None:
        return _unnamed(reading, view, picked.segment)
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


def _unnamed(reading: Reading, view: View, segment: int) -> Place | None:
    """A segment without a name; none where the layer has no such row, or it has a name."""
    names = reading.facts.segments["street"]
    unnamed = segment < len(names) and not names[segment]
    return _on_segments(reading, view, "", np.array([segment])) if unnamed else None


def _on_segments(reading: Reading, view: View, name: str, segments: Rows) -> Place | None:
    if not len(segments):
        return None
    lookup = np.zeros(len(reading.facts.segments) + 1, dtype=bool)
    lookup[segments] = True  # the last, false, stands for cases on no street
    here = lookup[reading.facts.frame["segment"].to_numpy()]
    keep = access.keep(reading, view.selection)
    return Place(
        kind="street",
        rows=np.flatnonzero(here & keep),
        all_rows=np.flatnonzero(here),
        name=name,
        street_km=float(reading.facts.segments["length_m"].to_numpy()[segments].sum()) / 1000,
        segments=segments,
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
        table = coarser(fine, resolution)
        cases = table["cases"].to_numpy().astype(np.int64)
        return table[np.lexsort((table["cell"].to_numpy(), -cases))]

    counts = reading.answers.get(("top cells", view.selection, resolution), compute)
    return counts.head(most)


def main_streets(reading: Reading, rows: Rows, most: int = 2) -> list[str]:
    """Names of the streets most of these cases lie on."""
    street, names = reading.facts.street_of_segment
    segment = reading.facts.frame["segment"].to_numpy()[rows]
    counts = np.bincount(street[segment[segment >= 0]], minlength=len(names))
    found = np.flatnonzero(counts)
    order = found[np.lexsort((found, counts[found]))][::-1]
    named = (names[at] for at in order.tolist() if names[at])
    return list(islice(named, most))
