"""The city's layers and cells in metres, ready to be drawn: read once for all sheets of a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geodata.press.chains import Chain, chains_of
from geodata.spatial import cells
from geodata.store import layers

Shapes = npt.NDArray[np.object_]

WGS84 = "EPSG:4326"

_KEPT = 4
"""Cities whose ground is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Street segments, in file order: parallel arrays.

    Attributes
    ----------
    polygons, lines
        Metres of the metric CRS.
    """

    street: npt.NDArray[np.object_]
    kind: npt.NDArray[np.object_]
    width_m: npt.NDArray[np.float64]
    polygons: Shapes
    lines: Shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A named street as labels need it: its lines joined end to end, longest first."""

    name: str
    kind: str
    length_m: float
    width_m: float
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An administrative area; ``top`` where no other holds it."""

    row: int
    name: str
    top: bool
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything of a city that lies still, in metres of its metric CRS."""

    segments: Segments
    streets: tuple[Street, ...]
    areas: tuple[Area, ...]
    water: Shapes
    green: Shapes
    metric_crs: str

    def metres(self, lonlat: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Turn n × 2 WGS-84 degrees (lon, lat) into metres, order kept."""
        return _metres(np.asarray(lonlat, float).reshape(-1, 2), self.metric_crs)

    def hexagons(self, found: Sequence[int]) -> Shapes:
        """Return the outlines of H3 cells in metres, order kept."""
        shapes = cells.polygons_of(np.array(found, dtype=np.int64))
        return _projected(shapes, self.metric_crs)


def read_ground(folder: Path, metric_crs: str, *, language: str = "zh") -> Ground:
    """Read the layers of a city folder; absent ones are empty."""
    written = tuple(_written(folder / name) for name in (layers.STREETS, layers.AREAS))
    return _read(folder, metric_crs, language, written)


def _written(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=_KEPT)
def _read(folder: Path, metric_crs: str, language: str, _written: tuple[int, ...]) -> Ground:
    segments = _segments(layers.read_layer(folder, layers.STREETS), metric_crs)
    ground = layers.read_layer(folder, layers.GROUND)
    return Ground(
        segments=segments,
        streets=_streets(segments),
        areas=_areas(layers.read_layer(folder, layers.AREAS), metric_crs, language),
        water=_of_kind(ground, "water", metric_crs),
        green=_of_kind(ground, "green", metric_crs),
        metric_crs=metric_crs,
    )


def _metres(lonlat: npt.NDArray[np.float64], metric_crs: str) -> npt.NDArray[np.float64]:
    turn = pyproj.Transformer.from_crs(WGS84, metric_crs, always_xy=True)
    return np.column_stack(turn.transform(lonlat[:, 0], lonlat[:, 1]))


def _projected(shapes: Shapes, metric_crs: str) -> Shapes:
    moved: Shapes = shapely.transform(shapes, lambda points: _metres(points, metric_crs))
    return moved


def _segments(layer: gpd.GeoDataFrame | None, metric_crs: str) -> Segments:
    if layer is None or layer.empty:
        none: Any = np.array([], dtype=object)
        return Segments(street=none, kind=none, width_m=np.zeros(0), polygons=none, lines=none)
    return Segments(
        street=layer["street"].fillna("").to_numpy(dtype=object),
        kind=layer["class"].fillna("unclassified").to_numpy(dtype=object),
        width_m=layer["width_m"].fillna(10.0).to_numpy(dtype=float),
        polygons=_projected(layer.geometry.to_numpy(), metric_crs),
        lines=_projected(layer["line"].to_numpy(), metric_crs),
    )


def _streets(segments: Segments) -> tuple[Street, ...]:
    """Group segments into streets by name and class, in order of first appearance."""
    members: dict[tuple[str, str], list[int]] = {}
    for row, pair in enumerate(zip(segments.street, segments.kind, strict=True)):
        if pair[0]:
            members.setdefault(pair, []).append(row)
    return tuple(_street(*pair, segments, rows) for pair, rows in members.items())


def _street(name: str, kind: str, segments: Segments, rows: list[int]) -> Street:
    lines = segments.lines[rows]
    return Street(
        name=name,
        kind=kind,
        length_m=float(shapely.length(lines).sum()),
        width_m=float(segments.width_m[rows].max()),
        chains=tuple(chains_of([shapely.get_coordinates(line) for line in lines])),
    )


def _areas(layer: gpd.GeoDataFrame | None, metric_crs: str, language: str) -> tuple[Area, ...]:
    if layer is None or layer.empty:
        return ()
    shapes = _projected(layer.geometry.to_numpy(), metric_crs)
    found = zip(layer["name"], layer["name_en"], layer["parent"], shapes, strict=True)
    return tuple(
        Area(
            row=row,
            name=str((name_en if language == "en" and isinstance(name_en, str) else "") or name),
            top=not isinstance(parent, str) or not parent,
            shape=shape,
        )
        for row, (name, name_en, parent, shape) in enumerate(found)
    )


def _of_kind(layer: gpd.GeoDataFrame | None, kind: str, metric_crs: str) -> Shapes:
    if layer is None:
        return np.array([], dtype=object)
    return _projected(layer.geometry[layer["kind"] == kind].to_numpy(), metric_crs)
