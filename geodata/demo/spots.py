"""Where reports can lie: spots along both kerbs of every street, with house numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.demo.areas import Areas
from geodata.demo.network import Network
from geodata.demo.plan import Plan
from geodata.demo.shape import Points, main_direction

SPACING_M: Final = 17.0
LIMIT_GAP_M: Final = 45.0
"""Spots keep this distance from the district limit, so that no jitter leaves it."""
FRONTAGE_M: Final = 9.0
"""Kerb per house number."""
CORNER_M: Final = 22.0

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Points at the kerb, in plane metres; every array is aligned with ``xy``.

    Attributes
    ----------
    along, outward
        Unit vectors along the street and away from its middle.
    street, community, segment
        Index into ``streets``, into the areas' communities, into the network's lines.
    classes, zones
        Street class and zone code.
    number
        House number, odd on one side and even on the other.
    corner
        Whether a junction is near.
    streets
        Distinct street names, in order of first appearance.
    """

    xy: Points
    along: Points
    outward: Points
    street: Indices
    community: Indices
    segment: Indices
    classes: npt.NDArray[np.str_]
    zones: npt.NDArray[np.str_]
    number: Indices
    corner: npt.NDArray[np.bool_]
    streets: tuple[str, ...]

    def on(self, *names: str) -> npt.NDArray[np.bool_]:
        """Which spots lie on the named streets."""
        wanted = [index for index, name in enumerate(self.streets) if name in names]
        return np.isin(self.street, wanted)

    def near(self, at: tuple[float, float], within_m: float) -> npt.NDArray[np.bool_]:
        """Which spots lie within a distance of a plane point."""
        return np.asarray(np.hypot(*(self.xy - at).T) <= within_m)


def lay_spots(plan: Plan, network: Network, areas: Areas) -> Spots:
    """Lay spots along both kerbs of all streets, except on bridges and at the limit."""
    segment, at_m, side = _stations(network)
    lines = network.lines[segment]
    middle = shapely.get_coordinates(shapely.line_interpolate_point(lines, at_m))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines, at_m + 1.5))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(lines, at_m - 1.5))
    along = ahead - behind
    along = along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    outward = np.column_stack([-along[:, 1], along[:, 0]]) * side[:, None].astype(float)
    xy = middle + outward * (network.width_m[segment] / 2 + 1.0)[:, None]
    kept = _on_land(xy, plan)
    names = np.array(network.names)
    streets, street = _numbered(names[segment][kept])
    end_m = np.minimum(at_m, shapely.length(lines) - at_m)
    return Spots(
        xy=xy[kept],
        along=along[kept],
        outward=outward[kept],
        street=street,
        community=_community(xy[kept], areas),
        segment=segment[kept],
        classes=np.array(network.classes)[segment][kept],
        zones=_zones(network, plan)[segment][kept],
        number=_house_numbers(middle[kept], street, side[kept]),
        corner=(end_m < CORNER_M)[kept],
        streets=streets,
    )


def _stations(network: Network) -> tuple[Indices, npt.NDArray[np.float64], Indices]:
    """Segment, distance along it (m) and side (1 left, -1 right) of every spot."""
    length = shapely.length(network.lines)
    counts = np.maximum((length / SPACING_M).astype(int), 1)
    segment = np.repeat(np.arange(len(length)), counts)
    rank = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    at_m = (rank + 0.5) * (length / counts)[segment]
    side = np.repeat([1, -1], len(segment))
    return np.tile(segment, 2), np.tile(at_m, 2), side


def _on_land(xy: Points, plan: Plan) -> npt.NDArray[np.bool_]:
    inner = plan.boundary.buffer(-LIMIT_GAP_M)
    water = plan.river.buffer(4.0)
    shapely.prepare([inner, water])
    inside = shapely.contains_xy(inner, xy) & ~shapely.contains_xy(water, xy)
    return np.asarray(inside)


def _numbered(names: npt.NDArray[np.str_]) -> tuple[tuple[str, ...], Indices]:
    known: dict[str, int] = {}
    index = [known.setdefault(str(name), len(known)) for name in names]
    return tuple(known), np.array(index, dtype=np.int64)


def _community(xy: Points, areas: Areas) -> Indices:
    """Index of the community that holds each point."""
    tree = shapely.STRtree(list(areas.polygons))
    points, polygons = tree.query(shapely.points(xy), predicate="intersects")
    community = np.zeros(len(xy), dtype=np.int64)
    community[points[::-1]] = polygons[::-1]
    return community


def _zones(network: Network, plan: Plan) -> npt.NDArray[np.str_]:
    middles = shapely.line_interpolate_point(network.lines, 0.5, normalized=True)
    zone = np.full(len(middles), plan.zones[-1].code, dtype="<U8")
    for one in reversed(plan.zones):
        zone[shapely.contains(one.area, middles)] = one.code
    return zone


def _house_numbers(middle: Points, street: Indices, side: Indices) -> Indices:
    """Count frontages along each street's own main direction."""
    number = np.zeros(len(middle), dtype=np.int64)
    order = np.argsort(street, kind="stable")
    bounds = np.searchsorted(street[order], np.arange(street.max() + 2))
    for begin, end in pairwise(bounds):
        own = order[begin:end]
        at = middle[own] @ main_direction(middle[own])
        frontage = ((at - at.min()) / FRONTAGE_M).astype(np.int64)
        number[own] = 2 * frontage + np.where(side[own] > 0, 1, 2)
    return number
