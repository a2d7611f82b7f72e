"""One map for paper: the picture, and where each letter, disc and piece of furniture goes.

All measures are pixels of the sheet (y down); a template says how large a pixel is. Letters are
set by the typesetter over the picture, so that they are text of the PDF in the named fonts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geodata.press.callouts import Disc, place_discs, take_dots
from geodata.press.content import MapContent
from geodata.press.fitting import Box, View, fit
from geodata.press.ground import Area, Ground, Street
from geodata.press.laying import Glyph
from geodata.press.lettering import STYLES, Job, Label, WidthEm, place_names
from geodata.press.map_painting import HIDDEN, Hexagons, paint, steps_of, street_px
from geodata.press.room import Room
from geodata.press.scales import round_length

_RANK: Final = {"strict": 0, "first": 1, "second": 2, "fringe": 3, "back": 4}
_MAIN_RANK: Final = 1
_LEAST_STREET_PX: Final = 22.0
_FAR_LEAST_STREET_PX: Final = 110.0
_FAR_METRES_PER_PIXEL: Final = 9.0

_BAR_LONGEST_PX: Final = 110.0
_AREA_SIZE: Final = 13.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A map ready for a template.

    Attributes
    ----------
    picture
        SVG without words.
    bar_m, bar_px
        The scale bar: a round length on the ground, and on the sheet.
    boxes
        Room of ``legend``, ``places``, ``north`` and ``scale``.
    missed
        Numbers of call-outs that found no room (or lie outside the map).
    """

    view: View
    picture: str
    labels: tuple[Label, ...]
    discs: tuple[Disc, ...]
    boxes: dict[str, Box]
    bar_m: int
    bar_px: float
    missed: tuple[int, ...] = ()


def draw_map(
    content: MapContent,
    ground: Ground,
    *,
    width: float,
    height: float,
    furniture: Mapping[str, tuple[float, float]],
    width_em: WidthEm,
    most: int,
    names: int = 10_000,
) -> Drawing:
    """Draw a pack's map into a frame.

    Parameters
    ----------
    width, height
        Frame in pixels of the sheet.
    furniture
        Room that ``legend`` and ``places`` need, as far as they stand on the map.
    width_em
        Advance of a text in em.
    most
        Call-outs shown, the first of them.
    names
        Streets named at most, the most important first.
    """
    hexagons = _hexagons(content, ground)
    fitted = fit(_extent(ground, hexagons), width, height, furniture)
    view, room = fitted.view, Room(width, height)
    for box in fitted.boxes.values():
        room.take(box)
    sheet = _Sheet(view, room, _dots(content, ground, view, most), width_em, names)
    labels, discs = _letters(content, ground.streets, ground.areas, sheet)
    bar_m = round_length(_BAR_LONGEST_PX * view.metres_per_pixel)
    placed = {disc.number for disc in discs}
    return Drawing(
        view=view,
        picture=paint(ground, view, hexagons, silent=content.silent),
        labels=tuple(labels),
        discs=tuple(discs),
        boxes=fitted.boxes,
        bar_m=bar_m,
        bar_px=bar_m * view.scale,
        missed=tuple(n for n in range(1, _shown(content, most) + 1) if n not in placed),
    )


def _shown(content: MapContent, most: int) -> int:
    return min(most, len(content.callouts))


def _hexagons(content: MapContent, ground: Ground) -> Hexagons:
    values = dict(zip(content.cells, content.cases, strict=True))
    hidden, hot = set(content.hidden), set(content.hot)
    found = sorted({*content.study, *values, *hidden})
    steps = steps_of([values.get(cell, 0) for cell in found], content.breaks)
    told = zip(found, steps, strict=True)
    return Hexagons(
        shapes=tuple(ground.hexagons(found)),
        steps=tuple(HIDDEN if cell in hidden else step for cell, step in told),
        hot=tuple(cell in hot for cell in found),
    )


def _extent(ground: Ground, hexagons: Hexagons) -> shapely.Geometry:
    """Return all that is drawn, as one outline; a square of 1 km where nothing is."""
    tops = [area.shape for area in ground.areas if area.top]
    drawn = shapely.union_all([*tops, *hexagons.shapes])
    if drawn.is_empty:
        drawn = shapely.union_all(ground.segments.polygons)
    return shapely.box(0, 0, 1000, 1000) if drawn.is_empty else drawn


def _letters(
    content: MapContent, streets: Sequence[Street], areas: Sequence[Area], sheet: _Sheet
) -> tuple[list[Label], list[Disc]]:
    """Hot streets first, then call-outs, then main streets, areas, and the rest by class."""
    view, room, width_em = sheet.view, sheet.room, sheet.width_em
    hot = {name: rank for rank, name in enumerate(content.hot_streets)}
    named = [one for one in streets if _worth_naming(one, view, hot)]
    loud = sorted((s for s in named if s.name in hot), key=lambda s: (hot[s.name], -s.length_m))
    rest = sorted((s for s in named if s.name not in hot), key=_importance)[: sheet.names]
    main = [s for s in rest if _RANK.get(s.kind, 5) <= _MAIN_RANK]
    back = [s for s in rest if _RANK.get(s.kind, 5) > _MAIN_RANK]
    take_dots(room, sheet.dots)
    labels = place_names(room, view, _jobs(loud[: sheet.names]), width_em, most=1)
    discs = place_discs(room, sheet.dots)
    labels += place_names(room, view, _jobs(main), width_em)
    labels += _area_names(areas, view, room, width_em)
    labels += place_names(room, view, _jobs(back), width_em, most=2)
    return labels, discs


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What letters are placed on: view, room left, dots of the call-outs, names at most."""

    view: View
    room: Room
    dots: Sequence[tuple[float, float]]
    width_em: WidthEm
    names: int


def _worth_naming(street: Street, view: View, hot: dict[str, int]) -> bool:
    """Whether a street is drawn at all and long enough for this scale."""
    if street_px(street.kind, street.width_m, view.metres_per_pixel) == 0.0:
        return street.name in hot
    far = view.metres_per_pixel > _FAR_METRES_PER_PIXEL and street.name not in hot
    least = _FAR_LEAST_STREET_PX if far else _LEAST_STREET_PX
    return street.length_m * view.scale >= least


def _importance(street: Street) -> tuple[int, float, str]:
    return _RANK.get(street.kind, 5), -street.length_m, street.name


def _jobs(streets: Sequence[Street]) -> list[Job]:
    return [
        Job(
            name=street.name,
            style=STYLES.get(street.kind, STYLES["unclassified"]),
            chains=street.chains,
        )
        for street in streets
    ]


def _dots(content: MapContent, ground: Ground, view: View, most: int) -> list[tuple[float, float]]:
    shown = content.callouts[:most]
    points = view.xy(ground.metres([(one.lon, one.lat) for one in shown]))
    return [(float(x), float(y)) for x, y in points]


def _area_names(areas: Sequence[Area], view: View, room: Room, width_em: WidthEm) -> list[Label]:
    """Faint names of the top areas that are wide enough to carry them."""
    labels = [_area_name(area, view, width_em) for area in areas if area.top and area.name]
    placed: list[Label] = []
    for area, label in zip((one for one in areas if one.top and one.name), labels, strict=True):
        (glyph,) = label.glyphs
        west, _, east, _ = area.shape.bounds
        if (east - west) * view.scale >= 1.15 * glyph.width and room.is_free(glyph.box()):
            room.take(glyph.box())
            placed.append(label)
    return placed


def _area_name(area: Area, view: View, width_em: WidthEm) -> Label:
    at = shapely.maximum_inscribed_circle(area.shape, tolerance=20.0)
    ((x, y),) = view.xy(np.array([shapely.get_coordinates(at)[0]]))
    wide = width_em(area.name) * _AREA_SIZE
    tracking = 0.08 if area.name.isascii() else 0.45
    spaced = wide + tracking * _AREA_SIZE * (len(area.name) - 1)
    whole = Glyph(text=area.name, x=float(x), y=float(y), width=spaced, height=_AREA_SIZE)
    return Label(
        name=area.name, size=_AREA_SIZE, weight=400, tone="area", glyphs=(whole,), runs=(whole,)
    )
