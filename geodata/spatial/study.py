"""The study area: every cell a case could lie in, zeros included, and the street it holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from geodata.spatial import cells

if TYPE_CHECKING:
    import geopandas as gpd

PIECE_M: Final = 5.0
"""Street length is spread over cells in pieces no longer than this."""


def study_area(
    segments: gpd.GeoDataFrame | None, areas: gpd.GeoDataFrame | None, metric_crs: str
) -> pl.DataFrame:
    """List the resolution-11 cells that touch a street polygon (or an area, without streets).

    Returns
    -------
    polars.DataFrame
        ``cell`` (Int64), ``street_m`` (metres of street centre line inside), ``area`` (row of
        the smallest area holding its centre, −1 outside all); sorted by cell. Coarser study
        cells are the parents of these.
    """
    found = study_cells(segments, areas)
    return pl.DataFrame(
        {
            "cell": found,
            "street_m": street_m(segments, found, metric_crs),
            "area": _area_of(found, areas),
        }
    )


def street_km(study: pl.DataFrame, resolution: int) -> dict[int, float]:
    """Cell at a resolution → kilometres of street in it; study cells only."""
    summed = (
        study.lazy()
        .group_by(cell=cells.parent_expr(pl.col("cell"), resolution))
        .agg(pl.col("street_m").sum() / 1000)
        .collect()
    )
    return dict(zip(summed["cell"].to_list(), summed["street_m"].to_list(), strict=True))


def study_cells(segments: gpd.GeoDataFrame | None, areas: gpd.GeoDataFrame | None) -> cells.Cells:
    """Return the study area: resolution-11 cells touching a street (or else an area); sorted."""
    over: Iterable[shapely.Geometry] = ()
    if segments is not None and len(segments):
        over = segments.geometry
    elif areas is not None:
        over = areas.geometry
    return cells.touching(over, cells.STUDY)


def street_m(
    segments: gpd.GeoDataFrame | None, study: cells.Cells, metric_crs: str
) -> npt.NDArray[np.float64]:
    """Return the metres of street centre line in each study cell, order kept.

    Each line is cut into equal pieces of at most ``PIECE_M``; a piece counts where its
    middle lies, by the same parent-of-resolution-12 rule as a case.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow to import, and the dashboard needs none of it

    if segments is None or segments.empty or not len(study):
        return np.zeros(len(study))
    lines = segments["line"].to_crs(metric_crs).to_numpy()
    length = shapely.length(lines)
    pieces = np.maximum(np.ceil(length / PIECE_M).astype(int), 1)
    owner = np.repeat(np.arange(len(lines)), pieces)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    middle = shapely.line_interpolate_point(
        lines[owner], (nth + 0.5) / pieces[owner], normalized=True
    )
    degrees = gpd.GeoSeries(middle, crs=metric_crs).to_crs("EPSG:4326")
    held = cells.parent_of(cells.cells_at(degrees.x, degrees.y), cells.STUDY)
    at = np.searchsorted(study, held)
    at[at == len(study)] = 0
    inside = study[at] == held
    weights = (length / pieces)[owner][inside]
    return np.bincount(at[inside], weights=weights, minlength=len(study)).astype(np.float64)


def _area_of(study: cells.Cells, areas: gpd.GeoDataFrame | None) -> npt.NDArray[np.int16]:
    """Row of the smallest area holding each cell's centre; −1 outside all."""
    found = np.full(len(study), -1, dtype=np.int16)
    if areas is None or areas.empty or not len(study):
        return found
    centres = shapely.points(cells.centres_of(study))
    tree = shapely.STRtree(areas.geometry.to_numpy())
    point, row = tree.query(centres, predicate="intersects")
    # Larger areas are listed first, so the last match is the smallest.
    np.maximum.at(found, point, row.astype(np.int16))
    return found
