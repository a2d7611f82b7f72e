"""Cutting town blocks with lanes, larger ones first, until each part has its grain."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import shapely
import shapely.ops

from geodata.demo.plan import Zone
from geodata.demo.shape import Points, box_axes

ATTEMPTS = 14
OVERSHOOT_M = 0.6
TOO_CLOSE_M = 32.0
"""Junctions along one kerb keep at least this distance."""
CLOSED_M = 12.0
"""How far a lane may touch the edge of a closed ground."""
LEAST_ANGLE_DEG = 52.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A street cut through a block, and the zone that wanted it."""

    line: shapely.LineString
    zone: Zone
    dead_end: bool = False


@dataclass(slots=True)
class Joints:
    """Where streets meet so far: a lane ends at a joint or well away from it."""

    points: list[tuple[float, float]] = field(default_factory=list)

    def nearest(self, point: Points) -> tuple[Points, float]:
        """Return the nearest joint and its distance in metres."""
        known = np.asarray(self.points)
        far = np.hypot(known[:, 0] - point[0], known[:, 1] - point[1])
        index = int(np.argmin(far))
        return known[index], float(far[index])

    def add(self, point: Points) -> None:
        """Remember a junction."""
        self.points.append((float(point[0]), float(point[1])))


def cut_blocks(
    blocks: Sequence[tuple[shapely.Polygon, Zone]],
    joints: Joints,
    closed: shapely.Geometry,
    random: np.random.Generator,
) -> Iterator[Lane]:
    """Cut every block down to its zone's grain, largest first over the whole town.

    Parameters
    ----------
    blocks
        Plane polygons (metres) between the drawn streets, with their zones.
    joints
        Junctions of the drawn streets; those of the lanes are added.
    closed
        Grounds no lane enters (plane metres).
    random
        Source of every choice.

    Yields
    ------
    Lane
        In order of cutting; each runs ``OVERSHOOT_M`` past what it meets.
    """
    order = count()
    waiting = [(-block.area, next(order), block, zone) for block, zone in blocks]
    heapq.heapify(waiting)
    while waiting:
        _, _, block, zone = heapq.heappop(waiting)
        found = _cut(block, zone, joints, closed, random)
        if found is None:
            stub = _dead_end(block, zone, joints, closed, random)
            if stub is not None:
                yield stub
            continue
        lane, parts = found
        yield lane
        for part in parts:
            heapq.heappush(waiting, (-part.area, next(order), part, zone))


def _cut(
    block: shapely.Polygon,
    zone: Zone,
    joints: Joints,
    closed: shapely.Geometry,
    random: np.random.Generator,
) -> tuple[Lane, list[shapely.Polygon]] | None:
    """Find one good cut across a block's long side, or None when it is small enough."""
    middle, along, long_m, short_m = box_axes(block)
    wanted_m2 = zone.block_m2 * random.lognormal(0.0, 0.28)
    if block.area < 1.75 * wanted_m2 or long_m < 2 * zone.min_side_m:
        return None
    if short_m > 0.8 * long_m and random.random() < 0.35:  # noqa: PLR2004 — nearly square
        along, long_m = np.array([-along[1], along[0]]), short_m
    for attempt in range(ATTEMPTS):
        shift = random.uniform(-zone.spread, zone.spread) * (1 + attempt / ATTEMPTS)
        turn = np.radians(random.normal(0.0, zone.wobble_deg))
        ends = _ends(block, middle + along * shift * long_m, along, turn)
        if ends is None:
            continue
        snapped = [_snap(block, end, zone, joints) for end in ends]
        if snapped[0] is None or snapped[1] is None:
            continue
        line = _lane_line(snapped[0], snapped[1], zone, random)
        if (line & closed).length > CLOSED_M:
            continue
        parts = _parts(block, line, zone, wanted_m2)
        if parts is None:
            continue
        joints.add(snapped[0])
        joints.add(snapped[1])
        return Lane(line=line, zone=zone), parts
    return None


def _ends(
    block: shapely.Polygon, through: Points, along: Points, turn: float
) -> tuple[Points, Points] | None:
    """Return where a line across a block, turned by some radians, meets its edge."""
    cos, sin = np.cos(turn), np.sin(turn)
    across = np.array([-along[1] * cos - along[0] * sin, along[0] * cos - along[1] * sin])
    reach = np.sqrt(block.area) * 6
    inside = shapely.LineString([through - across * reach, through + across * reach]) & block
    if inside.geom_type != "LineString" or inside.is_empty:
        return None
    begin, end = shapely.get_coordinates(inside)[[0, -1]]
    return begin, end


def _snap(block: shapely.Polygon, end: Points, zone: Zone, joints: Joints) -> Points | None:
    """Move an end to a near junction of the block's edge; None when it would crowd one."""
    joint, far_m = joints.nearest(end)
    if far_m > max(zone.snap_m, TOO_CLOSE_M):
        return end
    on_edge = block.exterior.distance(shapely.Point(joint)) < 0.5  # noqa: PLR2004
    if on_edge and far_m <= zone.snap_m:
        return joint
    return None if far_m < TOO_CLOSE_M else end


def _lane_line(
    begin: Points, end: Points, zone: Zone, random: np.random.Generator
) -> shapely.LineString:
    """Draw a lane: straight, or sagging a little, running past both ends."""
    way = end - begin
    length = float(np.hypot(*way))
    unit = way / length
    aside = np.array([-unit[1], unit[0]]) * length
    sag = random.normal(0.0, zone.bend) if zone.bend else 0.0
    skew = random.uniform(-0.5, 0.5)
    at = np.linspace(0.0, 1.0, max(int(length / 40), 2) + 1 if zone.bend else 2)[:, None]
    bow = sag * np.sin(np.pi * at) * (1 + skew * np.cos(np.pi * at))
    points = begin + way * at + aside * bow
    points[0] -= unit * OVERSHOOT_M
    points[-1] += unit * OVERSHOOT_M
    return shapely.LineString(points)


def _parts(
    block: shapely.Polygon, line: shapely.LineString, zone: Zone, wanted_m2: float
) -> list[shapely.Polygon] | None:
    """Split a block in two sound halves, or None: a sliver, a sharp corner, a double cut."""
    parts = [part for part in shapely.ops.split(block, line).geoms if part.area > 1]
    if len(parts) != 2:  # noqa: PLR2004 — one cut makes two parts
        return None
    if min(part.area for part in parts) < 0.42 * wanted_m2:
        return None
    if min(box_axes(part)[3] for part in parts) < zone.min_side_m:
        return None
    if min(_angles_deg(block, line)) < LEAST_ANGLE_DEG:
        return None
    return parts


def _angles_deg(block: shapely.Polygon, line: shapely.LineString) -> list[float]:
    """Smallest angle between a lane and the block's edge at either end, in degrees."""
    points = shapely.get_coordinates(line)
    found = []
    for end, inner in ((points[0], points[1]), (points[-1], points[-2])):
        way = (inner - end) / np.hypot(*(inner - end))
        edge = block.exterior
        at = edge.project(shapely.Point(end))
        for step in (-8.0, 8.0):
            near = edge.interpolate((at + step) % edge.length)
            base = edge.interpolate(at)
            side = np.array([near.x - base.x, near.y - base.y])
            cosine = float(way @ side / max(np.hypot(*side), 1e-9))
            found.append(float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
    return found


def _dead_end(
    block: shapely.Polygon,
    zone: Zone,
    joints: Joints,
    closed: shapely.Geometry,
    random: np.random.Generator,
) -> Lane | None:
    """Now and then lead a dead-end lane from the longest side into a finished block."""
    if random.random() > zone.stubs or block.area < 0.8 * zone.block_m2:
        return None
    edge = block.exterior
    for _ in range(ATTEMPTS):
        at = random.uniform(0, edge.length)
        begin, ahead = edge.interpolate(at), edge.interpolate((at + 4) % edge.length)
        way = np.array([ahead.y - begin.y, begin.x - ahead.x])
        way = way / max(np.hypot(*way), 1e-9) * (-1 if edge.is_ccw else 1)
        start = np.array([begin.x, begin.y])
        if joints.nearest(start)[1] < 1.2 * TOO_CLOSE_M:
            continue
        line = _blind_line(block, start, way, random)
        if line is not None and (line & closed).length < CLOSED_M:
            joints.add(start)
            return Lane(line=line, zone=zone, dead_end=True)
    return None


def _blind_line(
    block: shapely.Polygon, start: Points, way: Points, random: np.random.Generator
) -> shapely.LineString | None:
    """Draw a blind lane that stays 26 m from every other street, perhaps with an elbow."""
    length = random.uniform(0.32, 0.6) * np.sqrt(block.area)
    points = [start - way * OVERSHOOT_M, start + way * length]
    if random.random() < 0.3:  # noqa: PLR2004 — three in ten turn a corner
        side = np.array([-way[1], way[0]]) * random.choice([-1, 1])
        points.append(points[-1] + side * random.uniform(0.4, 0.7) * length)
    line = shapely.LineString(points)
    beyond = shapely.ops.substring(line, 30.0, line.length)
    if line.length < 42 or not block.contains(beyond):  # noqa: PLR2004
        return None
    return line if block.exterior.distance(beyond) > 26 else None  # noqa: PLR2004
