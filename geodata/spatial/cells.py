"""H3 cells: the only module that knows the index.

A cell is a signed 64-bit integer. Cases keep their cell at resolution 12; coarser cells
are *parents* of that one, by bit operations, everywhere. (Indexing a point directly at a
coarser resolution differs for 5–7 % of points; one definition keeps totals equal.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import h3
import numpy as np
import numpy.typing as npt
import polars as pl
import polars_h3
import shapely

Cells = npt.NDArray[np.int64]

FINEST: Final = 12
"""Resolution at which cases are stored (edge about 10 m)."""

STUDY: Final = 11
"""Finest resolution the map draws and the study area is kept at (edge about 28 m)."""

_RESOLUTION_BITS: Final = 15 << 52


def cells_at(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Cells:
    """Index WGS-84 points, in degrees, at resolution 12; same order as given."""
    points = pl.DataFrame({"lon": np.asarray(lon, float), "lat": np.asarray(lat, float)})
    indexed = points.select(
        polars_h3.latlng_to_cell("lat", "lon", FINEST, return_dtype=pl.Int64).alias("cell")
    )
    return indexed["cell"].to_numpy()


def parent_of(cells: Cells, resolution: int) -> Cells:
    """Return each cell's ancestor; order kept. ``resolution`` must not be finer than the cells'.

    Equal to ``h3.cell_to_parent`` for every cell, pentagons included.
    """
    return (cells & ~_RESOLUTION_BITS) | (resolution << 52) | _unused_digits(resolution)


def parent_expr(cell: pl.Expr, resolution: int) -> pl.Expr:
    """``parent_of`` as a Polars expression, for lazy frames."""
    cleared = cell & pl.lit(~_RESOLUTION_BITS, dtype=pl.Int64)
    return cleared | pl.lit((resolution << 52) | _unused_digits(resolution), dtype=pl.Int64)


def _unused_digits(resolution: int) -> int:
    return int((1 << (3 * (15 - resolution))) - 1)


def resolution_of(cell: int) -> int:
    """Resolution written in a cell's index."""
    return (int(cell) >> 52) & 15


def to_text(cells: Iterable[int]) -> list[str]:
    """Fifteen-digit hexadecimal names, as other H3 tools print them."""
    return [f"{int(cell):x}" for cell in cells]


def from_text(name: str) -> int:
    """Cell of a hexadecimal name.

    Raises
    ------
    ValueError
        The text is not the name of an H3 cell.
    """
    cell = int(name, 16)
    if not 0 <= cell < 1 << 63 or not h3.is_valid_cell(f"{cell:x}"):
        raise ValueError(f"{name!r} is not the name of an H3 cell")
    return cell


def centres_of(cells: Cells) -> npt.NDArray[np.float64]:
    """Return n × 2 centres (lon, lat) in WGS-84 degrees, order kept."""
    pairs = [h3.cell_to_latlng(name)[::-1] for name in to_text(cells)]
    return np.array(pairs, dtype=float).reshape(-1, 2)


def polygons_of(cells: Cells) -> npt.NDArray[np.object_]:
    """Return one shapely Polygon per cell, WGS-84 degrees, order kept."""
    rings = [[(lon, lat) for lat, lon in h3.cell_to_boundary(name)] for name in to_text(cells)]
    return np.array([shapely.Polygon(ring) for ring in rings], dtype=object)


def disks_of(cells: Cells, rings: int) -> tuple[npt.NDArray[np.int64], Cells]:
    """List every cell within ``rings`` steps of each cell, itself included.

    Returns
    -------
    tuple
        Row of ``cells`` and a cell near it, one pair each, in order of row. A cell whose
        surroundings hold a pentagon has fewer than 1 + 3k(k + 1). Empty in, empty out.

    Raises
    ------
    ValueError
        ``rings`` is negative.
    """
    if rings < 0:
        raise ValueError(f"rings is {rings}; a neighbourhood has 0 or more rings")
    disks = pl.Series("cell", cells, dtype=pl.Int64).to_frame()
    near = disks.select(near=polars_h3.grid_disk("cell", rings))["near"]
    rows = np.repeat(np.arange(len(cells)), near.list.len().to_numpy())
    flat = near.explode(keep_nulls=False, empty_as_null=False)
    return rows, flat.cast(pl.Int64).to_numpy()


def spacing_m_of(cells: Cells) -> npt.NDArray[np.float64]:
    """Return the distance in metres between a cell's centre and its neighbours', from its area."""
    spacing: npt.NDArray[np.float64] = np.sqrt(area_m2_of(cells) * 2.0 / 3.0**0.5)
    return spacing


def area_m2_of(cells: Cells) -> npt.NDArray[np.float64]:
    """Return each cell's own area in m² (it varies by 1.6× across China)."""
    return np.array([h3.cell_area(name, unit="m^2") for name in to_text(cells)], dtype=float)


def touching(polygons: Iterable[shapely.Geometry], resolution: int) -> Cells:
    """Return the cells that share any point with a polygon (WGS-84 degrees); sorted, unique."""
    found: set[str] = set()
    for polygon in polygons:
        shape = h3.geo_to_h3shape(polygon)
        found.update(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap"))
    return np.array(sorted(int(name, 16) for name in found), dtype=np.int64)


def descendants_range(cell: int) -> tuple[int, int]:
    """First and last resolution-12 index inside a cell: a range to search sorted cases by."""
    resolution = resolution_of(cell)
    base = (cell & ~_RESOLUTION_BITS) | (FINEST << 52)
    free = (1 << (3 * (FINEST - resolution))) - 1
    shift = 3 * (15 - FINEST)
    return base & ~(free << shift), base | (free << shift)
