"""周通报: the bulletin of two to four A4 pages."""

from __future__ import annotations

from typing import Final

from geodata.city import City
from geodata.press.content import Content
from geodata.press.glyphs import Letters, letters_of
from geodata.press.ground import read_ground
from geodata.press.lettering import WidthEm
from geodata.press.map_drawing import Drawing, draw_map
from geodata.press.matter import Matter, callout_rows, common, map_matter
from geodata.press.paging import within_pages
from geodata.press.sections import WIDTH_MM, sections_of
from geodata.press.setting import measured, set_in_type
from geodata.press.typefaces import Typefaces, find_typefaces
from geodata.wording import Words

PX_MM: Final = 0.22
"""Length of a pixel of the map: letters of 12 px are 7.5 pt high."""

CALLOUTS: Final = 6
MOST_PAGES: Final = 4
_PAGE_END_MM: Final = 274.0
"""Where the type area of a page ends."""

_MOST_MAP_MM: Final = 165.0
_LEAST_MAP_MM: Final = 90.0
"""A map with less room than this goes to the next page."""

_MASTHEAD_PT: Final = 32.0
_FIRST_PAGE: Final = 4
"""Paragraphs on the first page at most."""

_LEGEND_WIDTH_PX: Final = 226.0
_LEGEND_HEIGHT_PX: Final = {"zh": 106.0, "en": 142.0}
_LIST_WIDTH_PX: Final = {"zh": 226.0, "en": 270.0}
_LIST_ROW_PX: Final = 20.5
_LIST_LETTER_PX: Final = 13.0
_LIST_REST_PX: Final = 92.0
"""Of a row: disc, gaps and number."""


def press_bulletin(
    content: Content,
    city: City,
    *,
    red_head: bool = False,
    most_pages: int = MOST_PAGES,
    typefaces: Typefaces | None = None,
) -> bytes:
    """Set the bulletin as PDF.

    Parameters
    ----------
    red_head
        Masthead in red 红头, as party and government papers have it; plain otherwise.
    most_pages
        Lists are cut so that it has no more pages (`paging.within_pages`); at least 3, for the
        map may need a page of its own.

    Raises
    ------
    TypefacesMissing, GlyphMissing
        There is no font to print with, or it lacks a letter of the text.
    """
    faces = typefaces or find_typefaces()
    letters = letters_of(faces)
    first = _first_page(content, letters, red_head=red_head)
    drawing = _map(content, city, letters, _map_mm(first, faces))

    def matter_of(shown: Content) -> Matter:
        head = first | {"paragraphs": list(shown.sentences[:_FIRST_PAGE])}
        return head | {"sections": sections_of(shown, letters.line_em)}

    def pages_of(shown: Content) -> int:
        blank = {"blank_mm": drawing.view.height * PX_MM}
        return int(measured("bulletin.typ", matter_of(shown) | blank, faces, "pages"))

    shown = within_pages(content, most_pages, pages_of)
    matter = matter_of(shown) | _map_part(content, drawing, letters)
    return set_in_type("bulletin.typ", matter, faces, drawing=drawing.picture)


def _map(content: Content, city: City, letters: Letters, height_mm: float) -> Drawing:
    """Draw the map, so high."""
    rows = len(content.map.callouts[:CALLOUTS])
    return draw_map(
        content.map,
        read_ground(city.layers, city.metric_crs, language=content.language),
        width=WIDTH_MM / PX_MM,
        height=height_mm / PX_MM,
        furniture={
            "legend": (_LEGEND_WIDTH_PX, _LEGEND_HEIGHT_PX[content.language]),
            "places": (_LIST_WIDTH_PX[content.language], rows * _LIST_ROW_PX),
        },
        width_em=letters.width_em,
        most=CALLOUTS,
    )


def _map_part(content: Content, drawing: Drawing, letters: Letters) -> Matter:
    """Return the matter of the map and of the list on it."""
    say = Words(content.language)
    name_em = (_LIST_WIDTH_PX[say.language] - _LIST_REST_PX) / _LIST_LETTER_PX
    rows = content.map.callouts[:CALLOUTS]
    return {
        "map": map_matter(content, drawing, say),
        "callouts": callout_rows(rows, letters.line_em, name_em=name_em, unit=say("press.cases")),
    }


def _first_page(content: Content, letters: Letters, *, red_head: bool) -> Matter:
    """Return the matter of everything above the map."""
    say = Words(content.language)
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
    left = _PAGE_END_MM - measured("bulletin.typ", first, faces, "map-top")
    return _MOST_MAP_MM if left < _LEAST_MAP_MM else min(left, _MOST_MAP_MM)


def foot(content: Content) -> list[str]:
    """Return the parts of the line under each page: source, credit, version, last day."""
    head = content.heading
    return [head.notice, head.credit, head.version, head.as_of]


def _masthead_pt(content: Content, width_em: WidthEm) -> float:
    """Size at which the title stands on one line."""
    spaced = width_em(content.heading.title) + 0.17 * len(content.heading.title)
    return min(_MASTHEAD_PT, WIDTH_MM / 25.4 * 72 / max(spaced, 1.0))
