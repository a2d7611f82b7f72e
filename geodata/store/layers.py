"""The static layers of a city folder: streets, areas, places, unit grids. GeoParquet, WGS 84."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from geodata.domain.tree import Node, Tree

if TYPE_CHECKING:
    import geopandas as gpd

STREETS = "streets.parquet"
AREAS = "areas.parquet"
PLACES = "places.parquet"
UNIT_GRID = "unit_grid.parquet"
STUDY = "study.parquet"
BASEMAP = "basemap.json"
GROUND = "ground.parquet"
"""Water and green, drawn under everything."""

_SEGMENTS = pl.Schema(
    {
        "segment": pl.String,
        "street": pl.String,
        "class": pl.String,
        "length_m": pl.Float64,
        "office": pl.String,
    }
)


def save_layer(layer: gpd.GeoDataFrame, folder: Path, name: str) -> None:
    """Write a layer (WGS 84) whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.part"
    layer.to_parquet(unfinished, index=False)
    unfinished.replace(folder / name)


def read_layer(folder: Path, name: str) -> gpd.GeoDataFrame | None:
    """Read a layer with its geometry, or None where the city has none."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import and only needed with geometry

    path = folder / name
    return gpd.read_parquet(path) if path.exists() else None


def bounds(folder: Path) -> tuple[float, float, float, float]:
    """West, south, east and north edge of streets and areas together, in degrees."""
    found = [layer for name in (STREETS, AREAS) if (layer := read_layer(folder, name)) is not None]
    if not found:
        return -180.0, -90.0, 180.0, 90.0
    edges = [layer.total_bounds for layer in found]
    west, south = (min(edge[side] for edge in edges) for side in (0, 1))
    east, north = (max(edge[side] for edge in edges) for side in (2, 3))
    return float(west), float(south), float(east), float(north)


def segment_table(folder: Path) -> pl.DataFrame:
    """Street segments without geometry: ``segment, street, class, length_m, office``."""
    path = folder / STREETS
    if not path.exists():
        return pl.DataFrame(schema=_SEGMENTS)
    return pl.read_parquet(path, columns=list(_SEGMENTS)).cast(_SEGMENTS)


def area_tree(folder: Path) -> Tree:
    """Areas without geometry, larger ones first."""
    path = folder / AREAS
    if not path.exists():
        return Tree()
    columns = ["code", "name", "name_en", "parent", "level"]
    rows = pl.read_parquet(path, columns=columns).to_dicts()
    return Tree(tuple(Node(**{**row, "name_en": row["name_en"] or ""}) for row in rows))


def place_kinds(folder: Path) -> dict[str, int]:
    """Kind of place → how many there are."""
    path = folder / PLACES
    if not path.exists():
        return {}
    counts = pl.read_parquet(path, columns=["kind"])["kind"].value_counts()
    return dict(counts.iter_rows())


def save_study(study: pl.DataFrame, folder: Path) -> None:
    """Write the study area."""
    study.write_parquet(folder / STUDY)


def study_table(folder: Path) -> pl.DataFrame:
    """Study area: ``cell, street_m, area``, sorted by cell; empty where there is none."""
    path = folder / STUDY
    if not path.exists():
        return pl.DataFrame(schema={"cell": pl.Int64, "street_m": pl.Float64, "area": pl.Int16})
    return pl.read_parquet(path)
