"""挂图: the wall map on A3 or A0, with its numbered places, figures and the phase ruler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geodata.city import City
from geodata.press.bulletin import foot
from geodata.press.content import Content
from geodata.press.errors import PaperUnknown
from geodata.press.glyphs import Letters, letters_of
from geodata.press.ground import read_ground
from geodata.press.map_drawing import draw_map
from geodata.press.matter import Matter, callout_rows, common, map_matter, ruler_matter, said
from geodata.press.measure import shortened
from geodata.press.setting import set_in_type
from geodata.press.typefaces import Typefaces, find_typefaces
from geodata.wording import Words

PX: Final = 0.25
"""Length of a pixel of the map in units: letters of 12 px are 8.5 pt high on A3."""

_MARGIN: Final = 17.0
_GAP: Final = 6.0
_ROW_REST: Final = 50.0
"""Of a row: disc, number, change and gaps, in units."""

_DETAIL: Final = 2.7
_SENTENCE: Final = 4.0
"""Sizes of type in units, as in the template."""

_TITLE_PX: Final = (410.0, 104.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sheet, landscape.

    Attributes
    ----------
    unit_mm
        How much larger type is than on A3.
    places
        Call-outs on the map and in the list.
    panel, ruler
        Width of the panel beside the map and height of the ruler under it, in units.
    name_em
        Room for a place's name and stamp in the list, in em of its type.
    sentence_lines
        Lines of sentences under the list: the second is left out where both need more.
    """

    width_mm: float
    height_mm: float
    unit_mm: float
    places: int
    panel: float
    name_em: float
    sentence_lines: int
    ruler: float = 25.0

    @property
    def map_size(self) -> tuple[float, float]:
        """Width and height of the map in units."""
        width, height = self.width_mm / self.unit_mm, self.height_mm / self.unit_mm
        return (
            width - 2 * _MARGIN - self.panel - _GAP,
            height - 2 * _MARGIN - self.ruler - _GAP,
        )


PAPERS: Final = {
    "a3": Paper(
        width_mm=420, height_mm=297, unit_mm=1.0, places=10, panel=98, name_em=12, sentence_lines=8
    ),
    "a0": Paper(
        width_mm=1189,
        height_mm=841,
        unit_mm=2.6,
        places=20,
        panel=112,
        name_em=17,
        sentence_lines=4,
    ),
}
"""A0 is 2.8 times as wide as A3 and its type 2.6 times as large, which makes room for 20 places."""


def press_wall_map(
    content: Content, city: City, *, paper: str = "a3", typefaces: Typefaces | None = None
) -> bytes:
    """Set the wall map as a vector PDF of one page.

    Raises
    ------
    PaperUnknown
        ``paper`` is none of `PAPERS`.
    TypefacesMissing, GlyphMissing
        There is no font to print with, or it lacks a letter of the text.
    """
    if paper not in PAPERS:
        raise PaperUnknown(
            "There is no wall map on {paper!r}; choose one of {papers}.",
            paper=paper,
            papers=list(PAPERS),
        )
    sheet, faces = PAPERS[paper], typefaces or find_typefaces()
    letters, say = letters_of(faces), Words(content.language)
    width, height = sheet.map_size
    drawing = draw_map(
        content.map,
        read_ground(city.layers, city.metric_crs, language=content.language),
        width=width / PX,
        height=height / PX,
        furniture={"legend": _TITLE_PX},
        width_em=letters.width_em,
        most=sheet.places,
    )
    matter: Matter = {
        **common(content),
        "sheet": {
            "width": sheet.width_mm,
            "height": sheet.height_mm,
            "unit": sheet.unit_mm,
            "panel": sheet.panel,
            "margin": _MARGIN,
            "gap": _GAP,
            "dense": sheet.places > PAPERS["a3"].places,
        },
        "px": PX,
        "title_em": _title_em(content, letters.width_em(content.heading.wall_title)),
        "map": map_matter(content, drawing, say),
        "callouts": _places(content, sheet, letters, say),
        "callouts_title": content.headings.get("callouts") or say("press.top_cells"),
        "ruler": ruler_matter(content.ruler, say),
        "foot": foot(content),
        "said": said(content, sheet.panel / _SENTENCE, sheet.sentence_lines, letters.line_em),
    }
    return set_in_type("wall_map.typ", matter, faces, drawing=drawing.picture)


def _places(content: Content, sheet: Paper, letters: Letters, say: Words) -> list[Matter]:
    """Rows of the list, each of two lines."""
    shown = content.map.callouts[: sheet.places]
    unit = say("press.cases")
    rows = callout_rows(shown, letters.line_em, name_em=sheet.name_em, unit=unit)
    detail_em = (sheet.panel - _ROW_REST) / _DETAIL
    return [row | {"detail": shortened(row["detail"], detail_em, letters.line_em)} for row in rows]


def _title_em(content: Content, width_em: float) -> float:
    """Size of the title in units, so that it keeps to its corner."""
    spaced = width_em + 0.06 * len(content.heading.wall_title)
    return min(11.5, _TITLE_PX[0] * PX / max(spaced, 1.0))
