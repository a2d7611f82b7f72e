"""Where a case is: its cell, street segment, area, unit grid, and what it is near.

Each case gets exactly one of each, or null; nothing is counted twice and nothing is lost.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import polars as pl
import pyproj
import shapely
from scipy.spatial import cKDTree

from geodata.domain.case import NEVER_NEAR, PLACE_KINDS, PLACED_SCHEMA
from geodata.spatial import cells
from geodata.spatial.streets import StreetFinder

Metres = npt.NDArray[np.float64]

CHUNK: Final = 50_000
"""Points handled by one thread at a time."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The static layers cases are placed on, projected once; read-only and shareable."""

    metric_crs: str
    timezone: str
    streets: StreetFinder | None = None
    areas: gpd.GeoDataFrame | None = None
    """``code`` and polygons in ``metric_crs``; only the smallest areas (communities)."""
    unit_grid: gpd.GeoDataFrame | None = None
    """``code`` and polygons in ``metric_crs``."""
    places: gpd.GeoDataFrame | None = None
    """``kind`` and points in ``metric_crs``."""


def place(cases: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Add everything that follows from where (and in which month) a case was reported.

    Parameters
    ----------
    cases
        Canonical cases (``CASE_SCHEMA``), WGS-84 degrees.
    ground
        The city's layers.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order with the columns of ``PLACED_SCHEMA``. Empty in,
        empty out.
    """
    lon, lat = cases["lon"].to_numpy(), cases["lat"].to_numpy()
    x, y = _project(lon, lat, ground.metric_crs)
    points = shapely.points(x, y)
    names = cases["street_name"].to_numpy()
    columns = {"cell": cells.cells_at(lon, lat), **_on_streets(points, names, ground.streets)}
    columns["area"] = _inside(points, ground.areas, fallback=cases["area_name"])
    columns["unit_grid"] = _inside(points, ground.unit_grid)
    columns |= _near(x, y, ground.places)
    placed = cases.with_columns(
        **{name: pl.Series(values) for name, values in columns.items()},
        month=pl.col("reported_at").dt.convert_time_zone(ground.timezone).dt.strftime("%Y-%m"),
    )
    return placed.select(PLACED_SCHEMA.names()).cast(dict(PLACED_SCHEMA))


def _project(lon: Metres, lat: Metres, metric_crs: str) -> tuple[Metres, Metres]:
    to_metric = pyproj.Transformer.from_crs("EPSG:4326", metric_crs, always_xy=True)
    x, y = to_metric.transform(lon, lat)
    return np.asarray(x), np.asarray(y)


def _on_streets(
    points: npt.NDArray[np.object_], names: npt.NDArray[np.object_], streets: StreetFinder | None
) -> dict[str, pl.Series]:
    """Segment of the reported name when it is close enough, else the nearest, else null."""
    if streets is None:
        nothing = np.full(len(points), None, dtype=object)
        ids, metres, by_name = nothing, np.full(len(points), np.nan), np.zeros(len(points), bool)
    else:
        near_row, near_m = _in_chunks(streets.nearest, points)
        name_row, name_m = streets.named(points, names)
        by_name = name_row >= 0
        rows = np.where(by_name, name_row, near_row)
        metres = np.where(by_name, name_m, near_m)
        ids = np.where(rows >= 0, streets.ids[rows], None) if len(streets.ids) else rows * [None]
    return {
        "segment": pl.Series(ids, dtype=pl.String),
        "segment_m": pl.Series(metres, dtype=pl.Float32).fill_nan(None),
        "by_name": pl.Series(by_name),
    }


def _in_chunks(nearest: object, points: npt.NDArray[np.object_]) -> tuple[Metres, Metres]:
    """Run a per-point question in threads (shapely releases the lock); order kept."""
    chunks = [points[i : i + CHUNK] for i in range(0, max(len(points), 1), CHUNK)]
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(nearest, chunks))  # type: ignore[call-overload]
    return np.concatenate([rows for rows, _ in answers]), np.concatenate([m for _, m in answers])


def _inside(
    points: npt.NDArray[np.object_],
    polygons: gpd.GeoDataFrame | None,
    fallback: pl.Series | None = None,
) -> pl.Series:
    """Code of the one polygon a point lies in; on a shared edge, the first listed."""
    if polygons is None or polygons.empty:
        return (
            fallback if fallback is not None else pl.Series([None] * len(points), dtype=pl.String)
        )
    tree = shapely.STRtree(polygons.geometry.to_numpy())
    point, row = tree.query(points, predicate="intersects")
    best = np.full(len(points), len(polygons), dtype=np.int64)
    np.minimum.at(best, point, row)
    codes = np.append(polygons["code"].to_numpy(dtype=object), None)
    return pl.Series(codes[best], dtype=pl.String)


def _near(x: Metres, y: Metres, places: gpd.GeoDataFrame | None) -> dict[str, pl.Series]:
    """Whole metres to the nearest place of each kind; ``NEVER_NEAR`` where there is none."""
    columns = {}
    for kind in PLACE_KINDS:
        metres = np.full(len(x), NEVER_NEAR, dtype=np.float64)
        of_kind = None if places is None else places[places["kind"] == kind]
        if of_kind is not None and len(of_kind) and len(x):
            tree = cKDTree(shapely.get_coordinates(of_kind.geometry.to_numpy()))
            metres, _ = tree.query(np.column_stack([x, y]), workers=-1)
        whole = np.minimum(np.rint(metres), NEVER_NEAR).astype(np.int32)
        columns[f"m_to_{kind}"] = pl.Series(whole)
    return columns
