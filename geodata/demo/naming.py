"""Which lanes are one street, and what it is called."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geodata.demo.blocks import Lane
from geodata.demo.graph import Graph
from geodata.demo.shape import Points, main_direction

STRAIGHT_ON_DEG = 38.0
"""A street keeps its name across a junction while it turns less than this."""

THROUGH_M = 560.0
"""Lanes at least this long are streets of their zone's through class."""

LANE_M = 260.0
"""Shorter streets are called lanes 巷."""

SYSTEM_M = 1050.0
"""A lane and its side branches share one name up to this total length."""

SHORT_M = 400.0
"""Streets shorter than this may carry on a neighbour's name, or be its numbered lane."""

NEIGHBOUR_M = 420.0
"""A short lane with no better name carries on that of a lane this near."""

STRETCH_M = 450.0
"""Lanes opening on the same stretch of a street share its number."""

NUMERALS = "一二三四五六七八九十"

Roots = npt.NDArray[np.int64]


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("geodata.demo").joinpath("names.toml").read_text("utf-8"))


def name_lanes(
    graph: Graph,
    names: Sequence[str],
    classes: Sequence[str],
    *,
    drawn: int,
    lanes: Sequence[Lane],
    random: np.random.Generator,
) -> dict[int, tuple[str, str]]:
    """Name every segment that was not drawn.

    Parameters
    ----------
    graph, names, classes
        Segments, and the names and classes of the drawn ones ("" elsewhere).
    drawn
        How many of the graph's sources are drawn streets.
    lanes
        The other sources, in order.
    random
        Source of every choice.

    Returns
    -------
    dict
        Segment index → (name, class), for every segment without a name.
    """
    own = [index for index, name in enumerate(names) if not name]
    strokes = _strokes(graph, own)
    length = {
        stroke: sum(graph.lines[index].length for index in members)
        for stroke, members in strokes.items()
    }
    labels: dict[int, tuple[str, str]] = {}
    free = {zone: list(stems) for zone, stems in _words()["stems"].items()}
    reach: dict[str, float] = defaultdict(float)
    for stroke in sorted(strokes, key=lambda stroke: (-length[stroke], stroke)):
        members = strokes[stroke]
        longest = max(members, key=lambda index: (graph.lines[index].length, -index))
        zone = lanes[graph.sources[longest] - drawn].zone
        street_class = _class_of(zone.code, zone.through, length[stroke])
        name = ""
        if length[stroke] < SHORT_M:
            name = _borrowed(graph, members, names, classes, labels=labels, reach=reach)
        name = name or _fresh(zone.code, street_class, length[stroke], free, random)
        reach[name] += length[stroke]
        labels.update(dict.fromkeys(members, (name, street_class)))
    return labels


def _class_of(zone: str, through: str, length_m: float) -> str:
    if zone == "fringe":
        return "fringe"
    return through if length_m >= THROUGH_M else "back"


def _strokes(graph: Graph, own: Sequence[int]) -> dict[int, list[int]]:
    """Join segments that run straight on through their junctions."""
    root = np.arange(len(graph.lines))
    at_node: dict[int, list[int]] = defaultdict(list)
    for index in own:
        for node in graph.ends[index]:
            at_node[int(node)].append(index)
    degree = graph.degree()
    for node, members in at_node.items():
        taken: set[int] = set()
        for turn, one, two in sorted(_pairs(graph, node, members)):
            straight = turn < STRAIGHT_ON_DEG or degree[node] == 2  # noqa: PLR2004
            if straight and not taken & {one, two}:
                taken |= {one, two}
                _join(root, one, two)
    strokes: dict[int, list[int]] = defaultdict(list)
    for index in own:
        strokes[_root(root, index)].append(index)
    return dict(strokes)


def _pairs(graph: Graph, node: int, members: Sequence[int]) -> Iterator[tuple[float, int, int]]:
    """Every two segments at a node and the turn between them, in degrees."""
    for position, one in enumerate(members):
        for two in members[position + 1 :]:
            away, onward = _leaving(graph, one, node), _leaving(graph, two, node)
            cosine = float(np.clip(-(away @ onward), -1, 1))
            yield float(np.degrees(np.arccos(cosine))), one, two


def _leaving(graph: Graph, index: int, node: int) -> Points:
    """Direction in which a segment leaves a node, over its first 25 m."""
    line = graph.lines[index]
    line = line if graph.ends[index, 0] == node else shapely.reverse(line)
    begin = np.array(line.coords[0])
    ahead = line.interpolate(min(25.0, line.length))
    way = np.array([ahead.x, ahead.y]) - begin
    return np.asarray(way / max(float(np.hypot(*way)), 1e-9))


def _join(root: Roots, one: int, two: int) -> None:
    low, high = sorted((_root(root, one), _root(root, two)))
    root[high] = low


def _root(root: Roots, index: int) -> int:
    while root[index] != index:
        index = int(root[index])
    return index


def _borrowed(
    graph: Graph,
    members: Sequence[int],
    names: Sequence[str],
    classes: Sequence[str],
    *,
    labels: dict[int, tuple[str, str]],
    reach: dict[str, float],
) -> str:
    """Name a short lane after a lane it opens on, or as that street's numbered lane."""
    nodes = np.unique(graph.ends[list(members)])
    touching = np.flatnonzero(np.isin(graph.ends, nodes).any(axis=1))
    around = [
        labels.get(int(index), (names[int(index)], classes[int(index)])) for index in touching
    ]
    lanes = {name: reach[name] for name, kind in around if name and kind in {"back", "fringe"}}
    if lanes and min(lanes.values()) < SYSTEM_M:
        return min(lanes, key=lambda name: (lanes[name], name))
    for (name, _), index in zip(around, touching, strict=True):
        if name.endswith(("街", "路")):
            node = next(node for node in graph.ends[index] if node in nodes)
            return _numbered(graph, name, names, labels, graph.nodes[node])
    return _neighbours(graph, members, labels, reach)


def _neighbours(
    graph: Graph,
    members: Sequence[int],
    labels: dict[int, tuple[str, str]],
    reach: dict[str, float],
) -> str:
    """Name a short lane after the nearest lane whose name has not spread far, if one is near."""
    own = shapely.MultiLineString([graph.lines[index] for index in members])
    offers = [
        (float(graph.lines[index].distance(own)), name)
        for index, (name, street_class) in labels.items()
        if street_class in {"back", "fringe"} and reach[name] < SYSTEM_M
    ]
    far_m, name = min(offers, default=(np.inf, ""))
    return name if far_m < NEIGHBOUR_M else ""


def _numbered(
    graph: Graph,
    parent: str,
    names: Sequence[str],
    labels: dict[int, tuple[str, str]],
    at: Points,
) -> str:
    """Number a lane by the stretch of the street it opens on: 江家街二巷 lies past 一巷."""
    own = [
        line
        for index, line in enumerate(graph.lines)
        if labels.get(index, (names[index],))[0] == parent
    ]
    points = shapely.get_coordinates(own)
    way = main_direction(points)
    along = points @ way
    stretch = int((at @ way - along.min()) // STRETCH_M)
    return f"{parent}{NUMERALS[min(max(stretch, 0), len(NUMERALS) - 1)]}巷"


def _fresh(
    zone: str,
    street_class: str,
    length_m: float,
    free: dict[str, list[str]],
    random: np.random.Generator,
) -> str:
    """Take a stem that is still free, with the ending its length and class ask for."""
    stems = free[zone] or free["old"] or free["fringe"]
    stem = stems.pop(int(random.integers(len(stems))))
    longer, shorter = _words()["suffixes"][zone]
    if street_class == "second":
        return f"{stem}路"
    return f"{stem}{longer if length_m >= LANE_M else shorter}"
