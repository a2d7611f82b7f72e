"""Numbered discs beside their dots, joined by a leader: none on another, none outside the frame."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import shapely

from geodata.press.fitting import Box
from geodata.press.room import Room

RADIUS: Final = 11.0
"""Of a disc, in pixels of the sheet."""

DOT: Final = 2.6
"""Radius of the dot at the place itself."""

FAR: Final = 130.0
"""Rather over a name than further from its dot than this."""

_DOT_ROOM: Final = 4
_AIR: Final = 3.0
_REACHES: Final = (26.0, 34.0, 44.0, 58.0, 76.0, 100.0)
_WAYS: Final = tuple(math.radians(angle) for angle in (-45, -135, 45, 135, -90, 90, 0, 180))
_SIDEWAYS: Final = tuple(math.radians(angle) for angle in (-22, -67, -112, -157, 22, 67, 112, 157))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A numbered disc at (``cx``, ``cy``) with a leader to its dot at (``x``, ``y``), pixels."""

    number: int
    x: float
    y: float
    cx: float
    cy: float
    radius: float = RADIUS

    def box(self, air: float = _AIR) -> Box:
        """Return the room the disc takes."""
        reach = self.radius + air
        return self.cx - reach, self.cy - reach, self.cx + reach, self.cy + reach

    @property
    def leader(self) -> shapely.LineString:
        """The line from the dot to the disc's edge."""
        length = math.hypot(self.cx - self.x, self.cy - self.y) or 1.0
        share = max(0.0, 1 - self.radius / length)
        end = (self.x + share * (self.cx - self.x), self.y + share * (self.cy - self.y))
        return shapely.LineString([(self.x, self.y), end])

    def leader_boxes(self) -> list[Box]:
        """Return the room of the leader outside its dot."""
        line = self.leader
        steps = range(2 * _DOT_ROOM + 1, math.ceil(line.length), 4)
        points = [line.interpolate(step) for step in steps]
        return [(at.x - 2, at.y - 2, at.x + 2, at.y + 2) for at in points]


def place_discs(room: Room, dots: Sequence[tuple[float, float]]) -> list[Disc]:
    """Place a disc for every dot inside the frame, numbered from 1 in the order given.

    Beside its dot where disc and leader are free of names, else further away, else where the disc
    is, else in the nearest room free of the other call-outs. No disc overlaps another disc, dot or
    leader, no two leaders cross, and none leaves the frame; a dot for which no such room is left
    gets no disc (the list beside the map still has it). Takes the room of discs, leaders, dots.
    """
    here = take_dots(room, dots)
    placed: list[Disc] = []
    for number, dot in enumerate(dots, start=1):
        disc = _placed(room, number, dot, placed, here) if _inside(room, dot) else None
        if disc is not None:
            for box in (disc.box(), *disc.leader_boxes()):
                room.take(box)
            placed.append(disc)
    return placed


def take_dots(room: Room, dots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Take the room of every dot inside the frame, so that no name stands over it; return them."""
    here = [dot for dot in dots if _inside(room, dot)]
    for x, y in here:
        room.take((x - _DOT_ROOM, y - _DOT_ROOM, x + _DOT_ROOM, y + _DOT_ROOM))
    return here


def _inside(room: Room, dot: tuple[float, float]) -> bool:
    return 0 < dot[0] < room.width and 0 < dot[1] < room.height


def _placed(
    room: Room,
    number: int,
    dot: tuple[float, float],
    placed: Sequence[Disc],
    dots: Sequence[tuple[float, float]],
) -> Disc | None:
    spare: Disc | None = None
    beside: Disc | None = None
    for one in _tries(room, number, dot):
        if not _clear(one, placed, dots):
            continue
        spare = spare or one
        if room.is_free(one.box()):
            beside = beside or one
            if all(room.is_free(box) for box in one.leader_boxes()):
                return one
        if math.dist((one.x, one.y), (one.cx, one.cy)) > FAR:
            break
    return beside or spare


def _tries(room: Room, number: int, dot: tuple[float, float]) -> Iterator[Disc]:
    """Discs inside the frame, near the dot first, then over the whole frame by distance."""
    for reach in _REACHES:
        for way in (*_WAYS, *_SIDEWAYS):
            yield from _disc(room, number, dot, reach * math.cos(way), reach * math.sin(way))
    step = 2 * RADIUS + _AIR
    across = range(1, math.ceil(room.width / step))
    down = range(1, math.ceil(room.height / step))
    steps = [(i * step - dot[0], j * step - dot[1]) for i in across for j in down]
    for dx, dy in sorted(steps, key=lambda one: (math.hypot(*one), one)):
        if math.hypot(dx, dy) > 2 * RADIUS:
            yield from _disc(room, number, dot, dx, dy)


def _disc(
    room: Room, number: int, dot: tuple[float, float], dx: float, dy: float
) -> Iterator[Disc]:
    disc = Disc(number=number, x=dot[0], y=dot[1], cx=dot[0] + dx, cy=dot[1] + dy)
    left, top, right, bottom = disc.box()
    if left >= 0 and top >= 0 and right <= room.width and bottom <= room.height:
        yield disc


def _clear(disc: Disc, placed: Sequence[Disc], dots: Sequence[tuple[float, float]]) -> bool:
    """Whether a disc and its leader keep off all call-outs placed and all dots."""
    centre, leader = shapely.Point(disc.cx, disc.cy), disc.leader
    apart = disc.radius + _AIR
    own = (disc.x, disc.y)
    if any(math.dist((disc.cx, disc.cy), dot) < apart + DOT for dot in dots):
        return False
    if any(dot != own and leader.distance(shapely.Point(dot)) < DOT + 1 for dot in dots):
        return False
    return all(
        math.dist((disc.cx, disc.cy), (one.cx, one.cy)) >= disc.radius + one.radius + _AIR
        and one.leader.distance(centre) >= apart
        and leader.distance(shapely.Point(one.cx, one.cy)) >= one.radius + _AIR
        and (own == (one.x, one.y) or not leader.intersects(one.leader))
        for one in placed
    )
