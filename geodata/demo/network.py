"""The made-up street network: drawn streets, lanes cut into the blocks, one name per street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops

from geodata.demo.blocks import Joints, Lane, cut_blocks
from geodata.demo.graph import Graph, build_graph
from geodata.demo.naming import name_lanes
from geodata.demo.plan import MainStreet, Plan
from geodata.demo.shape import to_degrees

WIDTH_M = {"strict": 40.0, "first": 30.0, "second": 20.0, "back": 8.0, "fringe": 11.0}
"""Width of the street by class, in metres, where the plan states none."""


LOOSE_DRAWN_M = 150.0
LOOSE_LANE_M = 3.0
"""What a street may stick out past the one it meets; longer ends are dead ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The streets in plane metres.

    Attributes
    ----------
    lines
        One line per segment, split at junctions.
    names, classes, width_m
        Aligned with ``lines``.
    main
        Whether the segment belongs to a drawn street.
    """

    lines: npt.NDArray[np.object_]
    names: tuple[str, ...]
    classes: tuple[str, ...]
    width_m: npt.NDArray[np.float64]
    main: npt.NDArray[np.bool_]

    def frame(self) -> gpd.GeoDataFrame:
        """Return the streets as they are kept: WGS-84 degrees, six decimals."""
        columns = {"name": self.names, "class": self.classes, "width_m": self.width_m}
        return gpd.GeoDataFrame(columns, geometry=to_degrees(self.lines), crs="EPSG:4326")


def build_network(plan: Plan, random: np.random.Generator) -> Network:
    """Lay out the whole network for a plan.

    Parameters
    ----------
    plan
        Drawn streets, river and zones.
    random
        Source of every choice: the same state gives the same streets.
    """
    drawn = [street.line for street in plan.streets]
    skeleton = build_graph(drawn, [LOOSE_DRAWN_M] * len(drawn), plan.boundary)
    blocks = [
        (block, plan.zone_of(block))
        for block in skeleton.blocks(plan.boundary)
        if block.area > 400 and not _in_river(block, plan)  # noqa: PLR2004 — slivers at the limit
    ]
    joints = Joints([tuple(point) for point in skeleton.nodes])
    closed = shapely.union_all([ground.area for ground in plan.grounds])
    lanes = _thin_out(list(cut_blocks(blocks, joints, closed, random)), random)
    trimmed = skeleton.by_source(len(drawn))
    graph = build_graph(
        [*trimmed, *(lane.line for lane in lanes)],
        [LOOSE_DRAWN_M] * len(drawn) + [LOOSE_LANE_M] * len(lanes),
        plan.boundary,
    )
    return _label(graph, plan.streets, lanes, random)


def _in_river(block: shapely.Polygon, plan: Plan) -> bool:
    """Whether a block lies between the riverside streets."""
    return bool((block & plan.corridor).area > 0.5 * block.area)


def _thin_out(lanes: Sequence[Lane], random: np.random.Generator) -> list[Lane]:
    """Leave out a share of the shorter lanes nothing else ends on: larger compounds remain."""
    tree = shapely.STRtree([lane.line for lane in lanes])
    ends = shapely.points(
        [xy for lane in lanes for xy in lane.line.coords[:: len(lane.line.coords) - 1]]
    )
    kept = []
    for index, lane in enumerate(lanes):
        chosen = random.random() < lane.zone.drop and not lane.dead_end
        touched = tree.query(lane.line.buffer(2), predicate="intersects")
        borne = shapely.dwithin(ends, lane.line, 2.0).sum() > 2  # noqa: PLR2004 — its own two
        if not chosen or borne or len(touched) > 7 or index < len(lanes) // 5:  # noqa: PLR2004
            kept.append(lane)
    return kept


def _label(
    graph: Graph,
    drawn: Sequence[MainStreet],
    lanes: Sequence[Lane],
    random: np.random.Generator,
) -> Network:
    """Give every segment its name, class and width."""
    names: list[str] = [""] * len(graph.lines)
    classes: list[str] = [""] * len(graph.lines)
    width_m = np.zeros(len(graph.lines))
    for index, (line, source) in enumerate(zip(graph.lines, graph.sources, strict=True)):
        if source < len(drawn):
            street = drawn[source]
            middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
            names[index], classes[index] = street.part_at(street.line.project(middle))
            width_m[index] = street.width_m or WIDTH_M[classes[index]]
    named = name_lanes(graph, names, classes, drawn=len(drawn), lanes=lanes, random=random)
    for index, (name, street_class) in named.items():
        names[index], classes[index] = name, street_class
        width_m[index] = WIDTH_M[street_class]
    return Network(
        lines=np.asarray(graph.lines, dtype=object),
        names=tuple(names),
        classes=tuple(classes),
        width_m=width_m,
        main=np.asarray(graph.sources) < len(drawn),
    )
