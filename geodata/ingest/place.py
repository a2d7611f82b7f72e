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
from geodata.spatial.street_finder import StreetFinder

Geometries = npt.NDArray[np.object_]
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
    """``code`` and polygons in ``metric_crs``, larger ones first: the smallest one holds a case."""
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
    columns = _side_by_side(points, cases, ground)
    columns["cell"] = pl.Series(cells.cells_at(lon, lat))
    columns |= _near(x, y, ground.places)
    month = pl.col("reported_at").dt.convert_time_zone(ground.timezone).dt.strftime("%Y-%m")
    placed = cases.with_columns(**columns, month=month)
    return placed.select(PLACED_SCHEMA.names()).cast(PLACED_SCHEMA)


def _project(lon: Metres, lat: Metres, metric_crs: str) -> tuple[Metres, Metres]:
    to_metric = pyproj.Transformer.from_crs("EPSG:4326", metric_crs, always_xy=True)
    x, y = to_metric.transform(lon, lat)
    return np.asarray(x), np.asarray(y)


def _side_by_side(points: Geometries, cases: pl.DataFrame, ground: Ground) -> dict[str, pl.Series]:
    """Ask streets, areas and unit grids in threads of their own (shapely releases the lock)."""
    with ThreadPoolExecutor() as pool:
        area = pool.submit(_inside, points, ground.areas)
        grid = pool.submit(_inside, points, ground.unit_grid)
        columns = _on_streets(pool, points, cases["street_name"], ground.streets)
        columns["area"] = cases["area_name"] if ground.areas is None else area.result()
        columns["unit_grid"] = grid.result()
    return columns


def _on_streets(
    pool: ThreadPoolExecutor, points: Geometries, names: pl.Series, streets: StreetFinder | None
) -> dict[str, pl.Series]:
    """Segment of the reported name when it is close enough, else the nearest, else null."""
    if streets is None or not len(points):
        return {
            "segment": pl.Series([None] * len(points), dtype=pl.String),
            "segment_m": pl.Series([None] * len(points), dtype=pl.Float32),
            "by_name": pl.Series([False] * len(points), dtype=pl.Boolean),
        }
    chunks = [slice(start, start + CHUNK) for start in range(0, len(points), CHUNK)]
    reported = names.to_numpy()
    answers = list(pool.map(lambda at: streets.assign(points[at], reported[at]), chunks))
    rows = pl.Series(np.concatenate([found.rows for found, _ in answers]))
    metres = pl.Series(np.concatenate([found.metres for found, _ in answers]), dtype=pl.Float32)
    ids = pl.Series(streets.ids, dtype=pl.String)
    return {
        "segment": ids.gather(rows.set(rows < 0, None)),
        "segment_m": metres.fill_nan(None),
        "by_name": pl.Series(np.concatenate([by_name for _, by_name in answers])),
    }


def _inside(points: Geometries, polygons: gpd.GeoDataFrame | None) -> pl.Series:
    """Code of the one polygon a point lies in; of several, the last listed."""
    if polygons is None or polygons.empty or not len(points):
        return pl.Series([None] * len(points), dtype=pl.String)
    shapes = polygons.geometry.to_numpy()
    shapely.prepare(shapes)
    point, row = shapely.STRtree(shapes).query(points)
    holds = shapely.intersects(shapes[row], points[point])
    last = np.full(len(points), -1, dtype=np.int64)
    np.maximum.at(last, point[holds], row[holds])
    rows = pl.Series(last)
    return pl.Series(polygons["code"].to_list(), dtype=pl.String).gather(rows.set(rows < 0, None))


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
