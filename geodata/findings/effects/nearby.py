"""Which streets lie round others: where trade that is driven off a street can go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyproj
import shapely

from geodata.analysis.displacement import streets_around
from geodata.findings.source import Source
from geodata.store.layers import STREETS


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyRule:
    """How far from a street the streets around it lie, edge to edge, in metres."""

    within_m: float = 60.0
    source: str = "assumed: round the corner; to be confirmed by the command centre"


def nearby_streets(
    source: Source, streets: Iterable[str], rule: NearbyRule | None = None
) -> frozenset[str]:
    """Names of the streets around some streets, these left out; empty where none is known."""
    chosen, rule = frozenset(streets), rule or NearbyRule()
    key = ("nearby", chosen, rule)
    return source.remember(key, lambda: _around(source, chosen, rule))


def _around(source: Source, chosen: frozenset[str], rule: NearbyRule) -> frozenset[str]:
    shapes, names = source.remember("metric streets", lambda: _metric_streets(source))
    return frozenset(streets_around(shapes, names, set(chosen), rule.within_m))


def _metric_streets(source: Source) -> tuple[npt.NDArray[np.object_], pl.Series]:
    """Polygon of every segment in the city's metric CRS, and its street; file order."""
    path = source.city.layers / STREETS
    if not path.exists():
        return np.empty(0, dtype=object), pl.Series("street", [], dtype=pl.String)
    layer = pl.read_parquet(path, columns=["street", "geometry"])
    to_metric = pyproj.Transformer.from_crs("EPSG:4326", source.city.metric_crs, always_xy=True)

    def moved(lon_lat: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.column_stack(to_metric.transform(lon_lat[:, 0], lon_lat[:, 1]))

    shapes = shapely.from_wkb(layer["geometry"].to_numpy())
    return shapely.transform(shapes, moved), layer["street"].fill_null("")
