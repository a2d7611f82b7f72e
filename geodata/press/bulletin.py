"""周通报: the bulletin of two to four A4 pages."""

from __future__ import annotations

from typing import Final

from geodata.city import City
from geodata.press.content import Content
from geodata.press.glyphs import Letters, letters_of
from geodata.press.ground import read_ground
from geodata.press.lettering import WidthEm
from geodata.press.map_drawing import draw_map
from geodata.press.matter import Matter, callout_rows, common, map_matter
from geodata.press.sections import WIDTH_MM, sections_of
from geodata.press.setting import measured_mm, set_in_type
from geodata.press.typefaces import Typefaces, find_typefaces
from geodata.wording import Words

PX_MM: Final = 0.22
"""Length of a pixel of the map: letters of 12 px are 7.5 pt high."""

CALLOUTS: Final = 6
_PAGE_END_MM: Final = 274.0
"""Where the type area of a page ends."""

_MOST_MAP_MM: Final = 165.0
_LEAST_MAP_MM: Final = 90.0
"""A map with less room than this goes to the next page."""

_MASTHEAD_PT: Final = 32.0
_FIRST_PAGE: Final = 4
"""Paragraphs on the first page at most."""

_LEGEND_PX: Final = (226.0, 100.0)
_LIST_WIDTH_PX: Final = {"zh": 226.0, "en": 270.0}
_LIST_ROW_PX: Final = 20.5
_LIST_LETTER_PX: Final = 13.0
_LIST_REST_PX: Final = 92.0
"""Of a row: disc, gaps and number."""


def press_bulletin(
    content: Content, city: City, *, red_head: bool = False, typefaces: Typefaces | None = None
) -> bytes:
    """Set the bulletin as PDF.

    Parameters
    ----------
    red_head
        Masthead in red 红头, as party and government papers have it; plain otherwise.

    Raises
    ------
    TypefacesMissing, GlyphMissing
        There is no font to print with, or it lacks a letter of the text.
    """
    faces = typefaces or find_typefaces()
    letters, say = letters_of(faces), Words(content.language)
    callouts = content.map.callouts[:CALLOUTS]
    list_px = _LIST_WIDTH_PX[say.language]
    first = _first_page(content, letters, red_head=red_head, say=say)
    drawing = draw_map(
        content.map,
        read_ground(city.layers, city.metric_crs, language=content.language),
        width=WIDTH_MM / PX_MM,
        height=_map_mm(first, faces) / PX_MM,
        furniture={"legend": _LEGEND_PX, "places": (list_px, len(callouts) * _LIST_ROW_PX)},
        width_em=letters.width_em,
        most=CALLOUTS,
    )
    matter = first | {
        "map": map_matter(content, drawing, say),
        "callouts": callout_rows(
            callouts,
            letters.line_em,
            name_em=(list_px - _LIST_REST_PX) / _LIST_LETTER_PX,
            unit=say("press.cases"),
        ),
        "sections": sections_of(content, letters.line_em),
    }
    return set_in_type("bulletin.typ", matter, faces, drawing=drawing.picture)


def _first_page(content: Content, letters: Letters, *, red_head: bool, say: Words) -> Matter:
    """Return the matter of everything above the map."""
    return {
        **common(content),
        "paragraphs": list(content.sentences[:_FIRST_PAGE]),
        "red_head": red_head,
        "masthead_pt": _masthead_pt(content, letters.width_em),
        "px": PX_MM,
        "map_figure": say("press.map_figure"),
        "foot": foot(content),
        "page": say("press.page", n="{n}", all="{all}"),
    }


def _map_mm(first: Matter, faces: Typefaces) -> float:
    """Return the height the map has on the first page, or on the next where that is too little."""
    left = _PAGE_END_MM - measured_mm("bulletin.typ", first, faces, "map-top")
    return _MOST_MAP_MM if left < _LEAST_MAP_MM else min(left, _MOST_MAP_MM)


def foot(content: Content) -> str:
    """Return the line under each page: source, credit, version, last day."""
    head = content.heading
    parts = (head.notice, head.credit, head.version, head.as_of)
    return " · ".join(part for part in parts if part)


def _masthead_pt(content: Content, width_em: WidthEm) -> float:
    """Size at which the title stands on one line."""
    spaced = width_em(content.heading.title) + 0.17 * len(content.heading.title)
    return min(_MASTHEAD_PT, WIDTH_MM / 25.4 * 72 / max(spaced, 1.0))
