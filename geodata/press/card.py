"""The picture for a chat group: 1080 pixels wide, readable on a phone."""

from __future__ import annotations

from typing import Final

from geodata.city import City
from geodata.press.content import Content, Figure
from geodata.press.glyphs import letters_of
from geodata.press.ground import read_ground
from geodata.press.map_drawing import draw_map
from geodata.press.matter import Matter, callout_rows, common, map_matter, said
from geodata.press.setting import set_as_picture
from geodata.press.typefaces import Typefaces, find_typefaces
from geodata.wording import Words

WIDTH: Final = 1080
"""Of the picture, pixels."""

PX: Final = 1.95
"""Pixels of the picture a pixel of the map is long: letters of 12 px are 23.4 high."""

PLACES: Final = 5
FIGURES: Final = 3

_HEIGHT: Final = 900.0
_LEGEND_PX: Final = (188.0, 66.0)
_NAMES: Final = 26
_TITLE_PX: Final = 56.0
_TITLE_ROOM_PX: Final = 740.0
_SENTENCE_LINE_EM: Final = 26.8
_SENTENCE_LINES: Final = 7
_LEAD: Final = ("on_time_rate", "overdue_stock", "rebound_rate")
"""Figures a leader asks for first; others fill up where the pack lacks one."""


def press_card(content: Content, city: City, *, typefaces: Typefaces | None = None) -> bytes:
    """Set the card as PNG, 1080 pixels wide; no letter is smaller than 23 pixels.

    Raises
    ------
    TypefacesMissing, GlyphMissing
        There is no font to print with, or it lacks a letter of the text.
    """
    faces = typefaces or find_typefaces()
    letters, say = letters_of(faces), Words(content.language)
    drawing = draw_map(
        content.map,
        read_ground(city.layers, city.metric_crs, language=content.language),
        width=WIDTH / PX,
        height=_HEIGHT / PX,
        furniture={"legend": _LEGEND_PX},
        width_em=letters.width_em,
        most=PLACES,
        names=_NAMES,
    )
    matter: Matter = {
        **common(content),
        "leading": [_position(content, figure) for figure in leading_figures(content)],
        "px": PX,
        "map": map_matter(content, drawing, say),
        "callouts": callout_rows(
            content.map.callouts[:PLACES], letters.line_em, name_em=14.5, unit=say("press.cases")
        ),
        "title_px": min(_TITLE_PX, _TITLE_ROOM_PX / letters.width_em(content.heading.title or "—")),
        "said": said(content, _SENTENCE_LINE_EM, _SENTENCE_LINES, letters.line_em),
    }
    return set_as_picture("card.typ", matter, faces, drawing=drawing.picture)


def leading_figures(content: Content) -> list[Figure]:
    """Return the three figures of the card: those leaders ask for, then the rest in order."""
    by_code = {figure.code: figure for figure in content.figures}
    first = [by_code[code] for code in _LEAD if code in by_code]
    return [*first, *(one for one in content.figures if one not in first)][:FIGURES]


def _position(content: Content, figure: Figure) -> int:
    return content.figures.index(figure)
