"""The hand-drawn plan: river, district limit, main streets and zones, read from plan.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import shapely

from geodata.demo.shape import Points, side_line, smooth, unit

OVERRUN_M = 40.0
"""Drawn streets run on this far at either end, so that they meet what they were drawn to meet."""

LIMIT_SEED = 12
"""The district limit is the same for every seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A part of town and the grain of its blocks.

    Attributes
    ----------
    block_m2, min_side_m
        A block is cut further while it is about twice this area and stays this wide.
    spread
        How far from the middle a cut may fall, as a share of the block's length.
    wobble_deg, bend
        How crooked its streets are: turn of a cut, and sag as a share of its length.
    stubs, drop
        Share of blocks with a dead end, and share of lanes left out.
    snap_m
        A lane ending this close to a junction runs into that junction instead.
    through
        Street class of its longer streets.
    """

    code: str
    area: shapely.Polygon
    block_m2: float
    min_side_m: float
    spread: float
    wobble_deg: float
    bend: float
    stubs: float
    drop: float
    snap_m: float
    through: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MainStreet:
    """A drawn street; its name and class change at the breaks along its line."""

    line: shapely.LineString
    names: tuple[str, ...]
    classes: tuple[str, ...]
    breaks_m: tuple[float, ...]
    width_m: float | None

    def part_at(self, along_m: float) -> tuple[str, str]:
        """Name and class at a distance along the line, in metres."""
        part = int(np.searchsorted(self.breaks_m, along_m))
        return self.names[part], self.classes[part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A park, campus, yard or works that no street crosses; `green` is drawn on the map."""

    name: str
    kind: str
    area: shapely.Polygon
    green: shapely.Polygon | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community 社区 of a sub-district 街道, and a point inside it.

    ``within`` is drawn loosely: the first that holds a unit's middle has the unit.
    """

    name: str
    name_en: str
    subdistrict: str
    subdistrict_en: str
    subdistrict_code: str
    within: shapely.Polygon
    at: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A key place as a point, in plane metres."""

    kind: str
    name: str
    at: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything drawn by hand, in plane metres."""

    boundary: shapely.Polygon
    river: shapely.Polygon
    river_name: str
    river_line: shapely.LineString
    corridor: shapely.Polygon
    """The river with both banks up to the riverside streets: no lanes inside."""
    streets: tuple[MainStreet, ...]
    zones: tuple[Zone, ...]
    grounds: tuple[Ground, ...]
    communities: tuple[Community, ...]
    places: tuple[Place, ...]
    hall: tuple[float, float]
    """Where cases lie whose address could not be found: the district hall."""

    def zone_of(self, block: shapely.Polygon) -> Zone:
        """First zone that holds the middle of a block."""
        middle = block.representative_point()
        return next(zone for zone in self.zones if zone.area.contains(middle))


@cache
def load_plan() -> Plan:
    """Read the drawn plan that ships with the package."""
    raw = tomllib.loads(files("geodata.demo").joinpath("plan.toml").read_text("utf-8"))
    boundary = shapely.Polygon(_rugged(raw["boundary"]))
    centre, half_width = _river(raw["river"])
    left = side_line(centre, half_width + raw["river"]["setback"])
    right = side_line(centre, -half_width - raw["river"]["setback"])
    islets = [shapely.Polygon(_closed(islet["ring"], 30.0)) for islet in raw["river"]["islet"]]
    water = shapely.Polygon(
        np.vstack([side_line(centre, half_width), side_line(centre, -half_width)[::-1]])
    )
    banks = {"left": left, "right": right}
    streets = [_bank(row, banks[row["side"]]) for row in raw["bank"]]
    streets += [_street(row) for row in raw["street"]]
    return Plan(
        boundary=boundary,
        river=(water - shapely.union_all(islets)) & boundary,
        river_name=raw["river"]["name"],
        river_line=shapely.LineString(centre),
        corridor=shapely.Polygon(np.vstack([left, right[::-1]])),
        streets=tuple(streets),
        zones=tuple(_zone(row) for row in raw["zone"]),
        grounds=tuple(_ground(row) for row in raw["ground"]),
        communities=tuple(_communities(raw["subdistrict"])),
        places=tuple(_places(raw["places"])),
        hall=tuple(raw["hall"]),
    )


def _closed(ring: list[list[float]], step_m: float) -> Points:
    """Smooth a ring of control points without a kink where it closes."""
    points = np.array(ring, float)
    around = smooth(np.vstack([points[-2:], points, points[:2]]), step_m)
    begin = int(np.argmin(np.linalg.norm(around - points[0], axis=1)))
    turn = np.flatnonzero(np.linalg.norm(around - points[0], axis=1) < 1e-6)  # noqa: PLR2004
    end = int(turn[-1]) if len(turn) > 1 else len(around)
    return around[begin:end]


def _rugged(ring: list[list[float]]) -> Points:
    """Break the sides of a ring twice by a little: limits follow ridges and ditches."""
    random = np.random.Generator(np.random.PCG64(LIMIT_SEED))
    points = np.array(ring, float)
    for _ in range(2):
        way = np.roll(points, -1, axis=0) - points
        aside = np.column_stack([-way[:, 1], way[:, 0]])
        middle = points + way * random.uniform(0.35, 0.65, (len(points), 1))
        middle += aside * random.normal(0.0, 0.09, (len(points), 1))
        points = np.stack([points, middle], axis=1).reshape(-1, 2)
    return points


def _river(row: dict[str, Any]) -> tuple[Points, Points]:
    """Return the river's smooth centre line and its half width per vertex, in metres."""
    controls = np.array(row["centre"], float)
    centre = smooth(controls, 50.0)
    drawn = [int(np.argmin(np.linalg.norm(centre - control, axis=1))) for control in controls]
    half_width = np.interp(np.arange(len(centre)), drawn, np.array(row["half_width"], float))
    return centre, half_width


def _bank(row: dict[str, Any], line: Points) -> MainStreet:
    return _main(row, shapely.LineString(line), tuple(row["classes"]))


def _street(row: dict[str, Any]) -> MainStreet:
    line = smooth(np.array(row["points"], float))
    if "from" in row:
        line = line[int(np.argmin(np.linalg.norm(line - row["from"], axis=1))) :]
    fixed = row.get("fixed", [])
    if "begin" not in fixed:
        line = np.vstack([line[0] - unit(line[1] - line[0]) * OVERRUN_M, line])
    if "end" not in fixed:
        line = np.vstack([line, line[-1] + unit(line[-1] - line[-2]) * OVERRUN_M])
    return _main(row, shapely.LineString(line), (row["class"],) * len(row["names"]))


def _main(row: dict[str, Any], line: shapely.LineString, classes: tuple[str, ...]) -> MainStreet:
    breaks = [line.project(shapely.Point(point)) for point in row.get("breaks", [])]
    return MainStreet(
        line=line,
        names=tuple(row["names"]),
        classes=classes,
        breaks_m=tuple(breaks),
        width_m=row.get("width_m"),
    )


def _ground(row: dict[str, Any]) -> Ground:
    green = shapely.Polygon(_closed(row["green"], 40.0)) if "green" in row else None
    return Ground(
        name=row["name"], kind=row["kind"], area=shapely.Polygon(row["ring"]), green=green
    )


def _communities(rows: list[dict[str, Any]]) -> Iterator[Community]:
    for row in rows:
        for community in row["communities"]:
            yield Community(
                name=community["name"],
                name_en=community["name_en"],
                subdistrict=row["name"],
                subdistrict_en=row["name_en"],
                subdistrict_code=row["code"],
                within=shapely.Polygon(row["ring"]),
                at=tuple(community["at"]),
            )


def _places(rows: list[dict[str, Any]]) -> Iterator[Place]:
    for row in rows:
        for name, x, y in row["rows"]:
            yield Place(kind=row["kind"], name=name, at=(x, y))


def _zone(row: dict[str, Any]) -> Zone:
    numbers = {key: row[key] for key in row if key != "ring"}
    return Zone(area=shapely.Polygon(row["ring"]), **numbers)
