"""Sub-districts 街道 and communities 社区 along main streets and river; water, green, places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata.demo.network import Network
from geodata.demo.plan import Plan
from geodata.demo.shape import to_degrees, unit

DISTRICT: Final = "511099"
"""Six-digit prefix of area and unit grid codes: made up, not assigned to any district."""

LEAST_BORDER_M: Final = 5.0
KERB_GAP_M: Final = 12.0
"""A key place stands this far behind the kerb of the nearest street."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """The district's administrative areas, in plane metres; they share their vertices.

    Attributes
    ----------
    codes, names, parents, polygons
        Communities: 12-digit code, name, code of the sub-district, area.
    names_en
        English names of the sub-districts, then of the communities.
    subdistricts
        Sub-district code (9 digits) → (name, area).
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    names_en: tuple[str, ...]
    parents: tuple[str, ...]
    polygons: tuple[shapely.Polygon, ...]
    subdistricts: dict[str, tuple[str, shapely.Polygon]]

    def frame(self) -> gpd.GeoDataFrame:
        """Return both levels, sub-districts first: code, name, name_en, level, parent; degrees."""
        above = list(self.subdistricts)
        columns = {
            "code": [*above, *self.codes],
            "name": [*(self.subdistricts[code][0] for code in above), *self.names],
            "name_en": list(self.names_en),
            "level": ["街道"] * len(above) + ["社区"] * len(self.codes),
            "parent": [None] * len(above) + list(self.parents),
        }
        shapes = [*(self.subdistricts[code][1] for code in above), *self.polygons]
        return gpd.GeoDataFrame(columns, geometry=to_degrees(shapes), crs="EPSG:4326")


def build_areas(plan: Plan, network: Network) -> Areas:
    """Partition the district into communities, and those into sub-districts.

    Parameters
    ----------
    plan
        Gives the limit, the river's middle and a point inside each community.
    network
        Main streets of it bound the units that communities are made of.
    """
    units = _units(plan, network)
    owner = _grow(units, plan)
    names = [community.name for community in plan.communities]
    parents = [DISTRICT + community.subdistrict_code for community in plan.communities]
    polygons = [
        shapely.union_all([piece for piece, own in zip(units, owner, strict=True) if own == index])
        for index in range(len(names))
    ]
    serial = [parents[: index + 1].count(parent) for index, parent in enumerate(parents)]
    titles = {DISTRICT + one.subdistrict_code: one.subdistrict for one in plan.communities}
    subdistricts = {
        code: (title, shapely.union_all(_of_parent(polygons, parents, code)))
        for code, title in titles.items()
    }
    return Areas(
        codes=tuple(f"{p}{n:03d}" for p, n in zip(parents, serial, strict=True)),
        names=tuple(names),
        names_en=tuple(_english(plan, titles)),
        parents=tuple(parents),
        polygons=tuple(polygons),
        subdistricts=subdistricts,
    )


def _english(plan: Plan, titles: dict[str, str]) -> list[str]:
    """English names, sub-districts first, then communities."""
    of_title = {one.subdistrict: one.subdistrict_en for one in plan.communities}
    return [*(of_title[title] for title in titles.values()), *(c.name_en for c in plan.communities)]


def _of_parent(
    polygons: Sequence[shapely.Polygon], parents: Sequence[str], code: str
) -> list[shapely.Polygon]:
    return [polygon for polygon, parent in zip(polygons, parents, strict=True) if parent == code]


def _units(plan: Plan, network: Network) -> list[shapely.Polygon]:
    """Pieces of the district between its main streets, the river's middle and its limit."""
    main = [line for line, is_main in zip(network.lines, network.main, strict=True) if is_main]
    edges = shapely.union_all(
        [*main, plan.river_line & plan.boundary, plan.boundary.exterior], grid_size=0.01
    )
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(edges))))


def _grow(units: Sequence[shapely.Polygon], plan: Plan) -> list[int]:
    """Give each unit to a community of its sub-district: the smallest grows next."""
    homes = [_home(piece, plan) for piece in units]
    owner = [-1] * len(units)
    for index, community in enumerate(plan.communities):
        point = shapely.Point(community.at)
        owner[next(i for i, piece in enumerate(units) if piece.contains(point))] = index
    border = _borders(units)
    while -1 in owner:
        size = np.zeros(len(plan.communities))
        for piece, own in zip(units, owner, strict=True):
            size[own] += piece.area if own >= 0 else 0.0
        index, taken = _next_gain(owner, border, size, homes, plan)
        owner[taken] = index
    return owner


def _home(piece: shapely.Polygon, plan: Plan) -> str:
    """Code of the sub-district a unit belongs to."""
    middle = piece.representative_point()
    return next(one.subdistrict_code for one in plan.communities if one.within.contains(middle))


def _borders(units: Sequence[shapely.Polygon]) -> dict[tuple[int, int], float]:
    """Length of the common border of every two units that share one, in metres."""
    pairs = shapely.STRtree(list(units)).query(list(units), predicate="intersects").T
    shared = {
        (int(one), int(two)): (units[one].boundary & units[two].boundary).length
        for one, two in pairs
        if one != two
    }
    return {pair: length for pair, length in shared.items() if length > LEAST_BORDER_M}


def _next_gain(
    owner: Sequence[int],
    border: dict[tuple[int, int], float],
    size: npt.NDArray[np.float64],
    homes: Sequence[str],
    plan: Plan,
) -> tuple[int, int]:
    """Return the community to grow next and the free unit it takes: its longest border."""
    offers = [
        (size[owner[held]], -length, owner[held], free)
        for (held, free), length in border.items()
        if owner[held] >= 0
        and owner[free] < 0
        and plan.communities[owner[held]].subdistrict_code == homes[free]
    ]
    return min(offers)[2:]


def water_and_green(plan: Plan) -> gpd.GeoDataFrame:
    """Return the river and the parks for the base map: kind, name; WGS-84 degrees."""
    greens = [ground for ground in plan.grounds if ground.green is not None]
    shapes = [plan.river, *(ground.green & plan.boundary - plan.river for ground in greens)]
    columns = {
        "kind": ["water"] + ["green"] * len(greens),
        "name": [plan.river_name, *(ground.name for ground in greens)],
    }
    return gpd.GeoDataFrame(columns, geometry=to_degrees(shapes), crs="EPSG:4326")


def key_places(plan: Plan, network: Network) -> gpd.GeoDataFrame:
    """Return schools, stations, markets, squares and hospitals: kind, name; degrees."""
    columns = {
        "kind": [place.kind for place in plan.places],
        "name": [place.name for place in plan.places],
    }
    points = [_behind_kerb(shapely.Point(place.at), network) for place in plan.places]
    return gpd.GeoDataFrame(columns, geometry=to_degrees(points), crs="EPSG:4326")


def _behind_kerb(point: shapely.Point, network: Network) -> shapely.Point:
    """Move a point off the nearest street when it stands on it or on its kerb."""
    for _ in range(4):
        gaps = shapely.distance(network.lines, point) - network.width_m / 2
        nearest = int(np.argmin(gaps))
        if gaps[nearest] >= KERB_GAP_M:
            break
        line = network.lines[nearest]
        foot = line.interpolate(line.project(point))
        way = unit(np.array([point.x - foot.x + 1e-3, point.y - foot.y]))
        reach = network.width_m[nearest] / 2 + KERB_GAP_M + 1
        point = shapely.Point(np.array([foot.x, foot.y]) + way * reach)
    return point
