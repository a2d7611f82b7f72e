"""Streets as a planar graph: noded, trimmed, and without crowded junctions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops

from geodata.demo.shape import Points

GRID_M = 0.01
CROWDED_M = 16.0
"""Junctions closer than this become one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Segments between junctions, in plane metres.

    Attributes
    ----------
    lines
        One line per segment; ends are rows of ``nodes``, exactly.
    sources
        Which of the given lines each segment comes from.
    ends
        Node index of either end, n × 2.
    nodes
        Junctions and dead ends, m × 2.
    """

    lines: list[shapely.LineString]
    sources: list[int]
    ends: npt.NDArray[np.int64]
    nodes: Points

    def degree(self) -> npt.NDArray[np.int64]:
        """Return the number of segments that meet at each node."""
        return np.bincount(self.ends.ravel(), minlength=len(self.nodes))

    def by_source(self, count: int) -> list[shapely.Geometry]:
        """Each given line as it is after trimming; the first ``count`` of them."""
        return [
            shapely.line_merge(
                shapely.MultiLineString(
                    [
                        line
                        for line, own in zip(self.lines, self.sources, strict=True)
                        if own == source
                    ]
                )
            )
            for source in range(count)
        ]

    def blocks(self, limit: shapely.Polygon) -> list[shapely.Polygon]:
        """Polygons between the streets and the limit."""
        edges = shapely.union_all([*self.lines, limit.exterior], grid_size=GRID_M)
        return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(edges))))


def build_graph(
    lines: Sequence[shapely.Geometry], loose_m: Sequence[float], limit: shapely.Polygon
) -> Graph:
    """Split lines wherever they meet, inside a limit.

    Parameters
    ----------
    lines
        Streets, in plane metres; earlier ones win where two overlap.
    loose_m
        Length up to which a loose end of each line is what sticks out, and is cut off.
    limit
        District boundary; what lies outside is dropped.
    """
    noded = shapely.get_parts(shapely.union_all(list(lines), grid_size=GRID_M))
    inside = [part for line in noded for part in _parts_inside(line, limit)]
    sources = _sources(inside, lines)
    longest_m = np.array([loose_m[source] for source in sources])
    kept = _without_loose_ends(inside, longest_m, limit)
    merged, owners = _merged([inside[i] for i in kept], [sources[i] for i in kept])
    return _contracted(merged, owners)


def _parts_inside(line: shapely.LineString, limit: shapely.Polygon) -> list[shapely.LineString]:
    cut = line & limit
    return [
        part for part in shapely.get_parts(cut) if part.geom_type == "LineString" and part.length
    ]


def _sources(parts: Sequence[shapely.LineString], lines: Sequence[shapely.Geometry]) -> list[int]:
    """First line that runs along each part."""
    tree = shapely.STRtree(list(lines))
    middles = shapely.line_interpolate_point(list(parts), 0.5, normalized=True)
    quarter = shapely.line_interpolate_point(list(parts), 0.25, normalized=True)
    found = []
    for middle, other in zip(middles, quarter, strict=True):
        near = np.sort(tree.query(middle, predicate="dwithin", distance=0.5))
        off = [lines[i].distance(middle) + lines[i].distance(other) for i in near]
        found.append(int(near[int(np.argmin(np.round(off, 1)))]))
    return found


def _keys(lines: Sequence[shapely.LineString]) -> tuple[npt.NDArray[np.int64], Points]:
    """Number the end points of lines: node index of either end, and the nodes."""
    ends = np.array([[line.coords[0], line.coords[-1]] for line in lines]).reshape(-1, 2)
    nodes, index = np.unique(np.round(ends, 3), axis=0, return_inverse=True)
    return index.reshape(-1, 2).astype(np.int64), nodes


def _without_loose_ends(
    lines: Sequence[shapely.LineString], loose_m: npt.NDArray[np.float64], limit: shapely.Polygon
) -> list[int]:
    """Drop ends that lead nowhere and are short, again until none is left."""
    ends, nodes = _keys(lines)
    leaves_town = np.array([limit.exterior.distance(shapely.Point(node)) < 1.0 for node in nodes])
    length = np.array([line.length for line in lines])
    alive = np.ones(len(lines), bool)
    while True:
        degree = np.bincount(ends[alive].ravel(), minlength=len(nodes))
        loose = (degree[ends] == 1) & ~leaves_town[ends]
        drop = alive & loose.any(axis=1) & (length < loose_m)
        if not drop.any():
            return [int(index) for index in np.flatnonzero(alive)]
        alive &= ~drop


def _merged(
    lines: list[shapely.LineString], sources: list[int]
) -> tuple[list[shapely.LineString], list[int]]:
    """Join pieces of one street that meet where nothing else does."""
    ends, nodes = _keys(lines)
    degree = np.bincount(ends.ravel(), minlength=len(nodes))
    joined: list[shapely.LineString] = []
    owners: list[int] = []
    for source in sorted(set(sources)):
        own = [index for index, owner in enumerate(sources) if owner == source]
        stops = shapely.MultiPoint(
            [nodes[node] for index in own for node in ends[index] if degree[node] != 2]  # noqa: PLR2004
        )
        whole = shapely.line_merge(shapely.MultiLineString([lines[index] for index in own]))
        for part in shapely.get_parts(whole):
            pieces = _split_at(part, stops)
            joined += pieces
            owners += [source] * len(pieces)
    return joined, owners


def _split_at(line: shapely.LineString, stops: shapely.MultiPoint) -> list[shapely.LineString]:
    """Split a line at the stops that are its own vertices."""
    coordinates = np.round(shapely.get_coordinates(line), 3)
    wanted = {tuple(np.round(shapely.get_coordinates(stop)[0], 3)) for stop in stops.geoms}
    cuts = [
        index for index in range(1, len(coordinates) - 1) if tuple(coordinates[index]) in wanted
    ]
    bounds = [0, *cuts, len(coordinates) - 1]
    return [shapely.LineString(coordinates[begin : end + 1]) for begin, end in pairwise(bounds)]


def _contracted(lines: list[shapely.LineString], sources: list[int]) -> Graph:
    """Make one junction of junctions closer than ``CROWDED_M``; drawn streets stay put."""
    ends, nodes = _keys(lines)
    length = np.array([line.length for line in lines])
    order = np.argsort(sources, kind="stable")
    first = np.full(len(nodes), len(lines))
    for rank, index in enumerate(order):
        first[ends[index]] = np.minimum(first[ends[index]], rank)
    target = np.arange(len(nodes))
    for index in np.flatnonzero(length < CROWDED_M):
        one, two = (_root(target, int(node)) for node in ends[index])
        if one != two:
            target[max(one, two, key=lambda node: (first[node], node))] = min(
                one, two, key=lambda node: (first[node], node)
            )
    roots = np.array([_root(target, node) for node in range(len(nodes))])
    kept = [i for i in range(len(lines)) if roots[ends[i, 0]] != roots[ends[i, 1]]]
    moved = [_with_ends(lines[i], nodes[roots[ends[i, 0]]], nodes[roots[ends[i, 1]]]) for i in kept]
    new_ends, new_nodes = _keys(moved)
    return Graph(lines=moved, sources=[sources[i] for i in kept], ends=new_ends, nodes=new_nodes)


def _root(target: npt.NDArray[np.int64], node: int) -> int:
    while target[node] != node:
        node = int(target[node])
    return node


def _with_ends(line: shapely.LineString, begin: Points, end: Points) -> shapely.LineString:
    points = shapely.get_coordinates(line)
    points[0], points[-1] = begin, end
    return shapely.LineString(points)
