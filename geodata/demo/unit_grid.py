"""Legal unit grids 万米单元网格: about 10,000 m², along blocks and community limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
import shapely.ops

from geodata.demo.areas import Areas
from geodata.demo.network import Network
from geodata.demo.plan import Plan
from geodata.demo.shape import box_axes, to_degrees

LARGEST_M2: Final = 15_000.0
SMALLEST_M2: Final = 4_500.0
CROWDED_M2: Final = 17_000.0
"""A small piece joins a neighbour only while both together stay below this."""


def build_unit_grid(plan: Plan, network: Network, areas: Areas) -> gpd.GeoDataFrame:
    """Divide every community into unit grids that leave no gap and do not overlap.

    Returns
    -------
    geopandas.GeoDataFrame
        ``code``: 6 digits district, 3 sub-district, 3 community, 3 serial (from the
        north-west corner down); polygons in WGS-84 degrees.
    """
    blocks = _blocks(plan, network, areas)
    codes: list[str] = []
    shapes: list[shapely.Polygon] = []
    tree = shapely.STRtree([block.representative_point() for block in blocks])
    for community, polygon in zip(areas.codes, areas.polygons, strict=True):
        inside = np.sort(tree.query(polygon, predicate="contains"))
        pieces = [piece for index in inside for piece in _halved(blocks[index])]
        units = _joined(pieces)
        units.sort(key=lambda unit: (-round(unit.centroid.y, -2), unit.centroid.x))
        shapes += units
        codes += [f"{community}{serial:03d}" for serial in range(1, len(units) + 1)]
    return gpd.GeoDataFrame({"code": codes}, geometry=to_degrees(shapes), crs="EPSG:4326")


def _blocks(plan: Plan, network: Network, areas: Areas) -> list[shapely.Polygon]:
    """Faces between streets, banks and community limits."""
    limits = [polygon.exterior for polygon in areas.polygons]
    edges = shapely.union_all([*network.lines, *limits, plan.river.boundary], grid_size=0.01)
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(edges))))


def _halved(block: shapely.Polygon) -> list[shapely.Polygon]:
    """Halve a block across its long side until each part is small enough."""
    if block.area <= LARGEST_M2:
        return [block]
    middle, along, long_m, _ = box_axes(block)
    across = np.array([-along[1], along[0]]) * long_m * 2
    line = shapely.LineString([middle - across, middle + across])
    parts = [part for part in shapely.ops.split(block, line).geoms if part.area > 0]
    if len(parts) < 2:  # noqa: PLR2004 — the line missed a crooked block
        return [block]
    return [piece for part in parts for piece in _halved(part)]


def _joined(pieces: Sequence[shapely.Polygon]) -> list[shapely.Polygon]:
    """Join small pieces to the neighbour they share most border with; smallest first."""
    units: list[shapely.Polygon | None] = list(pieces)
    stuck: set[int] = set()
    while True:
        small = [
            index
            for index, unit in enumerate(units)
            if unit is not None and unit.area < SMALLEST_M2 and index not in stuck
        ]
        if not small:
            return [unit for unit in units if unit is not None]
        index = min(small, key=lambda index: units[index].area)  # type: ignore[union-attr]
        host = _host(units, index)
        if host is None:
            stuck.add(index)
            continue
        units[host] = shapely.union_all([units[host], units[index]], grid_size=0.01)
        units[index] = None


def _host(units: Sequence[shapely.Polygon | None], index: int) -> int | None:
    """Neighbour that should take a small piece; a tiny one is taken even when it crowds."""
    own = units[index]
    if own is None:
        return None
    limit = CROWDED_M2 if own.area > 0.2 * SMALLEST_M2 else np.inf
    best, most_m = None, 1.0
    for other, unit in enumerate(units):
        if unit is None or other == index or unit.area + own.area > limit:
            continue
        if not unit.intersects(own):
            continue
        shared_m = (unit.boundary & own.boundary).length
        if shared_m > most_m:
            best, most_m = other, shared_m
    return best
