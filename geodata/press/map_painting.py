"""The layers of the paper map in order: ground, hexagons, streets, boundaries, chosen streets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.press import svg
from geodata.press.colours import GLAZE_ALPHA, HEAT, TOKENS, casing_under_glaze
from geodata.press.fitting import View
from geodata.press.ground import Ground, Segments

INSET: Final = 0.965
"""Share of its size a hexagon is drawn at: the gap is the page between neighbours."""

CLASSES: Final = ("unclassified", "back", "fringe", "second", "first", "strict")
"""Back to front: what is drawn later lies on top."""

_LEAST_PX: Final = {
    "strict": 5.0,
    "first": 5.0,
    "second": 4.0,
    "fringe": 3.2,
    "back": 2.8,
    "unclassified": 2.8,
}
"""Least width at 4.5 m per pixel; below it a class thins out, as on the screen."""

_SKIP_BELOW_PX: Final = 1.2
_POLYGON_FROM_PX: Final = 2.8
"""From this width on a segment is drawn as its own polygon instead of a line."""

_HATCH_STEP_PX: Final = 7.0
_CASING_PX: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hexagons:
    """Cells as drawn: outlines in metres, a step of the colours each, and marks.

    Attributes
    ----------
    steps
        0 to 6; `ZERO` for cells without a case; `HIDDEN` cells, whose count is not told, are
        not drawn.
    """

    shapes: tuple[shapely.Geometry, ...]
    steps: tuple[int, ...]
    hot: tuple[bool, ...]


ZERO: Final = -1
HIDDEN: Final = -2


def steps_of(values: Sequence[float], breaks: Sequence[float]) -> tuple[int, ...]:
    """Return each value's step in the locked colours, 0 to 6; `ZERO` for none.

    A value above zero but under the first bound has the first colour, as on the screen.
    """
    found = np.searchsorted(np.array(breaks, dtype=float), np.array(values), side="right") - 1
    top = min(len(HEAT), len(breaks)) - 1
    return tuple(
        ZERO if value <= 0 else int(min(max(step, 0), top))
        for value, step in zip(values, found, strict=True)
    )


def street_px(kind: str, width_m: float, metres_per_pixel: float) -> float:
    """Width a street is drawn with, pixels; 0 means: left out at this scale."""
    thinning = min(1.0, math.pow(4.5 / metres_per_pixel, 0.75))
    px = max(float(width_m) / metres_per_pixel, _LEAST_PX.get(kind, 2.8) * thinning)
    if px >= _SKIP_BELOW_PX:
        return px
    return _SKIP_BELOW_PX if kind in ("strict", "first") else 0.0


def paint(
    ground: Ground,
    view: View,
    hexagons: Hexagons,
    *,
    silent: Sequence[int] = (),
) -> str:
    """Paint everything that is no lettering, as SVG.

    Parameters
    ----------
    silent
        Rows of areas that reported nothing: hatched.
    """
    parts = (
        *_land(ground, view),
        *_silence(ground, view, silent),
        *_cells(hexagons, view),
        _streets(ground.segments, view),
        *_boundaries(ground, view),
        *_hot(hexagons, view),
    )
    return svg.picture(view.width, view.height, parts)


def _land(ground: Ground, view: View) -> Iterator[str]:
    tops = [area.shape for area in ground.areas if area.top]
    yield svg.path(tops, view, fill=TOKENS["ground"])
    yield svg.path(ground.green, view, fill=TOKENS["green"])
    yield svg.path(ground.water, view, fill=TOKENS["water"])


def _silence(ground: Ground, view: View, silent: Sequence[int]) -> Iterator[str]:
    """Hatch what reported nothing: 45° lines cut to the shapes."""
    shapes = [area.shape for area in ground.areas if area.row in set(silent)]
    yield svg.path(shapes, view, fill=TOKENS["hatchGround"])
    lines = [cut for shape in shapes for cut in _hatched(shape, view)]
    yield svg.path(lines, view, fill="none", stroke=TOKENS["hatch"], stroke_width=1.1)


def _hatched(shape: shapely.Geometry, view: View) -> list[shapely.Geometry]:
    west, south, east, north = shape.bounds
    step = _HATCH_STEP_PX * math.sqrt(2) / view.scale
    first, last = math.floor((west - north) / step), math.ceil((east - south) / step)
    lines = [
        shapely.LineString([(south + at * step, south), (north + at * step, north)])
        for at in range(first, last + 1)
    ]
    return [part for part in shapely.intersection(lines, shape) if part.length > 0]


def _cells(hexagons: Hexagons, view: View) -> Iterator[str]:
    inset = _inset(hexagons.shapes)

    def at(step: int) -> list[shapely.Geometry]:
        return [one for one, own in zip(inset, hexagons.steps, strict=True) if own == step]

    yield svg.path(at(ZERO), view, fill="none", stroke=TOKENS["zero"], stroke_width=0.8)
    for step, colour in enumerate(HEAT):
        yield svg.path(at(step), view, fill=colour)


def _inset(shapes: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    return [_shrunk(shape) for shape in shapes]


def _shrunk(shape: shapely.Geometry) -> shapely.Geometry:
    centre = shapely.get_coordinates(shape.centroid)
    return shapely.transform(shape, lambda points: centre + INSET * (points - centre))


def _hot(hexagons: Hexagons, view: View) -> Iterator[str]:
    """Outline hot cells in ink, with a thin light edge: the darkest cells are near ink."""
    shapes = [one for one, hot in zip(_inset(hexagons.shapes), hexagons.hot, strict=True) if hot]
    for colour, width in ((TOKENS["panel"], 3.6), (TOKENS["ink"], 1.7)):
        yield svg.path(shapes, view, fill="none", stroke=colour, stroke_width=width)


def _streets(segments: Segments, view: View) -> str:
    """Streets as one glaze: casing and fill are opaque inside, transparent together."""
    lots = list(_lots(segments, view))
    casing = [lot.painted(view, casing_under_glaze(), 2 * _CASING_PX) for lot in lots]
    fill = [lot.painted(view, TOKENS["panel"], 0.0) for lot in lots]
    return svg.group([*casing, *fill], opacity=GLAZE_ALPHA)


@dataclass(frozen=True, slots=True)
class _Lot:
    """Segments painted alike: as polygons, or as lines ``px`` wide."""

    shapes: Sequence[shapely.Geometry]
    px: float

    def painted(self, view: View, colour: str, more_px: float) -> str:
        wide = self.px + more_px
        round_ = {"stroke_linecap": "round", "stroke_linejoin": "round"}
        if self.px:
            line = {"fill": "none", "stroke": colour, "stroke_width": wide}
            return svg.path(self.shapes, view, **line, **round_)
        edge = {"stroke": colour, "stroke_width": more_px, **round_} if more_px else {}
        return svg.path(self.shapes, view, fill=colour, **edge)


def _lots(segments: Segments, view: View) -> Iterator[_Lot]:
    """Yield segments by class and width, least important first."""
    px = np.array(
        [
            street_px(kind, width, view.metres_per_pixel)
            for kind, width in zip(segments.kind, segments.width_m, strict=True)
        ]
    )
    wide = segments.width_m * view.scale >= _POLYGON_FROM_PX
    tolerance = 0.15 / view.scale
    for kind in CLASSES:
        own = _of_class(segments, kind) & (px > 0)
        yield _Lot(shapely.simplify(segments.polygons[own & wide], tolerance), 0.0)
        for width in sorted(set(np.round(px[own & ~wide], 1))):
            alike = own & ~wide & (np.round(px, 1) == width)
            yield _Lot(shapely.simplify(segments.lines[alike], tolerance), float(width))


def _of_class(segments: Segments, kind: str) -> npt.NDArray[np.bool_]:
    kinds = segments.kind.astype(str)
    alike = (kind, *set(kinds).difference(CLASSES)) if kind == CLASSES[0] else (kind,)
    return np.isin(kinds, alike)


def _boundaries(ground: Ground, view: View) -> Iterator[str]:
    """Dash-dot boundaries of the top areas, each drawn once however many areas share it."""
    tops = [area.shape for area in ground.areas if area.top]
    if not tops:
        return
    edges = shapely.line_merge(shapely.union_all(shapely.boundary(tops)))
    lines = shapely.simplify(shapely.get_parts(edges), 0.9 / view.scale)
    look = {"stroke": TOKENS["boundary"], "stroke_width": 1.2, "stroke_dasharray": "9 3 1.5 3"}
    yield svg.path(lines, view, fill="none", stroke_linejoin="round", **look)
