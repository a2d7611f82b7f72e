"""Where the city goes on the sheet, and its legend into a corner the city leaves free."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; y grows downwards."""

NORTH_ARROW: Final = (34.0, 52.0)
SCALE_BAR: Final = (150.0, 26.0)

_CORNERS: Final = ("top left", "top right", "bottom left", "bottom right")
_WISHES: Final = {
    "legend": ("top left", "bottom left", "top right", "bottom right"),
    "places": ("bottom left", "top left", "bottom right", "top right"),
    "north": ("top right", "top left", "bottom right", "bottom left"),
    "scale": ("bottom right", "bottom left", "top right", "top left"),
}
"""Corners of each piece of furniture, the usual one first."""

_SCALES: Final = tuple(0.96**step for step in range(45))
"""Sizes tried, as shares of the largest that fits the frame."""

_GOOD_ENOUGH: Final = 0.93
"""The usual corners are worth this much of the city's size."""

_SLACK: Final = (0.5, 0.0, 1.0, 0.25, 0.75)
"""Positions tried within the free room: the middle first."""

_GAP: Final = 8.0
"""Room kept between furniture and city, in pixels of the sheet."""

Size = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How metres become pixels of the sheet (y down).

    Attributes
    ----------
    scale
        Pixels per metre.
    left, top
        Where the metric origin lies, in pixels.
    """

    width: float
    height: float
    scale: float
    left: float
    top: float

    def xy(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Turn n × 2 metres into n × 2 pixels, order kept."""
        return points * (self.scale, -self.scale) + (self.left, self.top)

    @property
    def metres_per_pixel(self) -> float:
        """Length of a pixel on the ground."""
        return 1.0 / self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A view, and the boxes of the furniture by name."""

    view: View
    boxes: dict[str, Box]


def fit(
    city: shapely.Geometry,
    width: float,
    height: float,
    furniture: Mapping[str, Size],
    *,
    margin: float = 14.0,
) -> Fitted:
    """Find the largest view of the city that leaves a corner for each piece of furniture.

    Parameters
    ----------
    city
        Outline of what is drawn, metres.
    furniture
        Width and height in pixels of ``legend`` and ``places``, as far as they stand on the map;
        north arrow and scale bar always do.
    margin
        Room to the frame, pixels.

    Returns
    -------
    Fitted
        Boxes of the furniture, ``north`` and ``scale``; each in a corner of its own. Where even a
        small city leaves no corner free (the frame is too small), they lie over it.
    """
    pieces = {**furniture, "north": NORTH_ARROW, "scale": SCALE_BAR}
    frame = _Frame(_coarse(city), width, height, margin)
    best: tuple[float, int, Fitted] | None = None
    for share in _SCALES:
        if best is not None and share < _GOOD_ENOUGH * best[0]:
            break
        for view in frame.views(share):
            rank, boxes = frame.arranged(pieces, view)
            if boxes is not None and (best is None or rank < best[1]):
                best = (best[0] if best else share, rank, Fitted(view=view, boxes=boxes))
    if best is not None:
        return best[2]
    over = frame.boxes(next(_arrangements(pieces)), pieces)
    return Fitted(view=next(frame.views(1.0)), boxes=over)


def _coarse(city: shapely.Geometry) -> shapely.Geometry:
    """Return the outline without holes and with few points: corners are looked for often."""
    west, south, east, north = city.bounds
    reach = max(east - west, north - south, 1.0) / 200
    grown = city.buffer(reach).simplify(reach)
    parts = shapely.get_parts(grown)
    outline = shapely.union_all([shapely.Polygon(part.exterior) for part in parts])
    shapely.prepare(outline)
    return outline


@lru_cache
def _ordered(names: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    """Corner of each piece, every way to share them out, the most usual first."""
    ways = [
        dict(zip(names, corners, strict=True))
        for corners in itertools.permutations(_CORNERS, len(names))
    ]
    return tuple(
        sorted(ways, key=lambda way: sum(_WISHES[name].index(at) for name, at in way.items()))
    )


def _arrangements(pieces: Mapping[str, Size]) -> Iterator[dict[str, str]]:
    yield from _ordered(tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Frame:
    """The room a city is fitted into."""

    city: shapely.Geometry
    width: float
    height: float
    margin: float

    def views(self, share: float) -> Iterator[View]:
        """Views at a share of the largest size, moved about in the free room."""
        west, south, east, north = self.city.bounds
        wide, high = self.width - 2 * self.margin, self.height - 2 * self.margin
        scale = share * min(wide / max(east - west, 1.0), high / max(north - south, 1.0))
        slack = (wide - scale * (east - west), high - scale * (north - south))
        for across, down in itertools.product(_SLACK, _SLACK):
            yield View(
                width=self.width,
                height=self.height,
                scale=scale,
                left=self.margin + across * slack[0] - scale * west,
                top=self.margin + down * slack[1] + scale * north,
            )

    def arranged(self, pieces: Mapping[str, Size], view: View) -> tuple[int, dict[str, Box] | None]:
        """Return the most usual arrangement that keeps off the city, and its rank."""
        free = {
            (name, at): not self._covers(view, self._box(at, size))
            for name, size in pieces.items()
            for at in _CORNERS
        }
        for rank, way in enumerate(_arrangements(pieces)):
            boxes = self.boxes(way, pieces)
            if all(free[pair] for pair in way.items()) and not _collide(list(boxes.values())):
                return rank, boxes
        return -1, None

    def boxes(self, way: Mapping[str, str], pieces: Mapping[str, Size]) -> dict[str, Box]:
        """Boxes of an arrangement."""
        return {name: self._box(at, pieces[name]) for name, at in way.items()}

    def _box(self, corner: str, size: Size) -> Box:
        left = self.margin if "left" in corner else self.width - self.margin - size[0]
        top = self.margin if "top" in corner else self.height - self.margin - size[1]
        return left, top, left + size[0], top + size[1]

    def _covers(self, view: View, box: Box) -> bool:
        """Whether the city touches a box with some room around it."""
        left, top, right, bottom = box
        around = shapely.box(
            (left - _GAP - view.left) / view.scale,
            (view.top - bottom - _GAP) / view.scale,
            (right + _GAP - view.left) / view.scale,
            (view.top - top + _GAP) / view.scale,
        )
        return bool(self.city.intersects(around))


def _collide(boxes: list[Box]) -> bool:
    return any(
        one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]
        for one, other in itertools.combinations(boxes, 2)
    )
