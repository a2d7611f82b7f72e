"""The static part of the map as one compact JSON text: streets, areas, study cells.

The browser fetches it once per city and keeps it; only case counts travel afterwards.
Coordinates are whole micro-degrees: the first vertex from the origin, the rest as steps.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import shapely

from geodata.spatial import cells

FORMAT = 1
SCALE = 1e-6


def build_basemap(
    *,
    name: str,
    made_up: bool,
    credit: str,
    study: pl.DataFrame,
    segments: gpd.GeoDataFrame | None,
    areas: gpd.GeoDataFrame | None = None,
    ground: gpd.GeoDataFrame | None = None,
    places: gpd.GeoDataFrame | None = None,
) -> str:
    """Draw up the base map of a city as JSON text (layers in WGS 84).

    ``study`` is the study area as `geodata.spatial.study.study_area` gives it; street lengths
    travel in decimetres.
    """
    layers = [layer for layer in (segments, areas, ground) if layer is not None and len(layer)]
    bounds = _bounds(layers)
    origin = (round(bounds[0], 6), round(bounds[1], 6)) if layers else (0.0, 0.0)
    coder = _Coder(origin)
    basemap: dict[str, Any] = {
        "format": FORMAT,
        "name": name,
        "made_up": made_up,
        "credit": credit,
        "origin": origin,
        "scale": SCALE,
        "bounds": [round(float(edge), 6) for edge in bounds],
        **_streets(segments, coder),
        "areas": _areas(areas, coder),
        "water": _ground(ground, "water", coder),
        "green": _ground(ground, "green", coder),
        "places": _places(places, coder),
        "study": _study(study),
    }
    return json.dumps(basemap, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class _Coder:
    """Coordinates as whole steps from an origin."""

    def __init__(self, origin: tuple[float, float]) -> None:
        self.origin = np.array(origin)

    def steps(self, coordinates: npt.NDArray[np.float64]) -> list[int]:
        whole = np.rint((coordinates[:, :2] - self.origin) / SCALE).astype(np.int64)
        return np.diff(whole, axis=0, prepend=0).ravel().tolist()  # type: ignore[no-any-return]

    def line(self, line: shapely.Geometry) -> list[int]:
        return self.steps(shapely.get_coordinates(line))

    def rings(self, shape: shapely.Geometry) -> list[list[int]]:
        rings = shapely.get_rings(shape)
        return [self.steps(shapely.get_coordinates(ring)[:-1]) for ring in rings]


def _bounds(layers: Sequence[gpd.GeoDataFrame]) -> npt.NDArray[np.float64]:
    if not layers:
        return np.zeros(4)
    each = np.array([layer.total_bounds for layer in layers])
    return np.concatenate([each[:, :2].min(axis=0), each[:, 2:].max(axis=0)])


def _streets(segments: gpd.GeoDataFrame | None, coder: _Coder) -> dict[str, Any]:
    if segments is None or segments.empty:
        empty: dict[str, Any] = {"streets": [], "segments": {"street": [], "rings": []}}
        return {**empty, "lines": [], "width_m": []}
    pairs = pd.MultiIndex.from_frame(segments[["street", "class"]])
    numbers, named = pairs.factorize()
    members = pd.Series(range(len(numbers))).groupby(numbers).apply(list)
    streets = [
        {
            "name": name,
            "class": street_class,
            "segments": members[number],
        }
        for number, (name, street_class) in enumerate(named)
    ]
    return {
        "streets": streets,
        "segments": {
            "street": numbers.tolist(),
            "rings": [coder.rings(shape) for shape in segments.geometry],
        },
        "lines": [coder.line(line) for line in segments["line"]],
        "width_m": [round(float(w), 1) for w in segments["width_m"].fillna(10.0)],
    }


def _areas(areas: gpd.GeoDataFrame | None, coder: _Coder) -> list[dict[str, Any]]:
    if areas is None:
        return []
    return [
        {
            "name": row.name,
            "level": row.level,
            "parent": row.parent if isinstance(row.parent, str) else None,
            "rings": coder.rings(row.geometry),
        }
        for row in areas.itertuples(index=False)
    ]


def _ground(ground: gpd.GeoDataFrame | None, kind: str, coder: _Coder) -> list[list[int]]:
    if ground is None:
        return []
    shapes = ground.geometry[ground["kind"] == kind]
    return [ring for shape in shapes for ring in coder.rings(shape)]


def _places(places: gpd.GeoDataFrame | None, coder: _Coder) -> list[dict[str, Any]]:
    if places is None:
        return []
    points = shapely.get_coordinates(places.geometry.to_numpy())
    rows = zip(places["kind"], places["name"], points, strict=True)
    return [
        {"kind": kind, "name": name, "xy": coder.steps(point[None, :])}
        for kind, name, point in rows
    ]


def _study(study: pl.DataFrame) -> dict[str, Any]:
    unsigned = study["cell"].to_numpy().astype(np.uint64)
    return {
        "resolution": cells.STUDY,
        "hi": _base64(unsigned >> np.uint64(32), np.uint32),
        "lo": _base64(unsigned & np.uint64(0xFFFFFFFF), np.uint32),
        "street_m": _base64(np.rint(study["street_m"].to_numpy() * 10), np.uint32),
        "area": _base64(study["area"].to_numpy(), np.int16),
    }


def _base64(values: npt.NDArray[Any], kind: type) -> dict[str, str]:
    raw = np.ascontiguousarray(values.astype(np.dtype(kind).newbyteorder("<")))
    return {"b64": base64.b64encode(raw.tobytes()).decode("ascii")}
