"""Which letters the fonts can draw, and how wide they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import TTCollection, TTFont

from geodata.errors import Sentence
from geodata.press.errors import GlyphMissing
from geodata.press.typefaces import Typefaces

_SHOWN: Final = 40
"""Letters of the surrounding text that an error shows."""

_FAMILY_NAMES: Final = (1, 16)
"""Entries of a font's name table that hold its family."""


_QUARTER: Final = 0.25
_HAN: Final = "⺀-〇〡-鿿豈-﫿"
_SEAM: Final = re.compile(rf"(?<=[{_HAN}])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[{_HAN}])")
"""Where a Chinese and a Latin letter meet."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of one face: code point → glyph name, and glyph → advance in em."""

    glyphs: Mapping[int, str]
    advances: Any
    units_per_em: int

    def width_em(self, text: str) -> float:
        """Advance of a text in em, without kerning; an unknown letter counts one em."""
        return sum(self._advance(ord(letter)) for letter in text) / self.units_per_em

    def line_em(self, text: str) -> float:
        """Advance in em as the typesetter sets a line: a quarter em between Chinese and Latin."""
        return self.width_em(text) + _QUARTER * len(_SEAM.findall(text))

    def _advance(self, code: int) -> int:
        glyph = self.glyphs.get(code)
        return self.units_per_em if glyph is None else int(self.advances[glyph][0])


def letters_of(typefaces: Typefaces) -> Letters:
    """Letters of the regular sans, which every other face falls back to."""
    return _letters(typefaces.files[0], typefaces.sans)


@cache
def _letters(path: Path, family: str) -> Letters:
    face = _face(path, family)
    return Letters(face.getBestCmap(), face["hmtx"], face["head"].unitsPerEm)


def _face(path: Path, family: str) -> TTFont:
    """Return the face of a family in a font file, or the file's first one."""
    if path.suffix != ".ttc":
        return TTFont(path, lazy=True)
    faces = TTCollection(path, lazy=True).fonts
    return next((one for one in faces if family in _names(one)), faces[0])


def _names(face: TTFont) -> list[str]:
    return [face["name"].getDebugName(entry) or "" for entry in _FAMILY_NAMES]


def cleaned(text: str) -> str:
    """Return a text as it can be set: spaces for control letters, nothing for invisible ones.

    Marks that turn the direction of writing would show an honest name as another one, and lone
    surrogates are no letters at all.
    """
    return "".join(_kept(letter) for letter in unicodedata.normalize("NFC", text))


def _kept(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return {"Cf": "", "Cs": "�", "Cn": "�"}.get(kind, letter)


def check_glyphs(matter: object, typefaces: Typefaces) -> None:
    """Make sure that every letter of every text can be drawn.

    Parameters
    ----------
    matter
        Texts in lists and dicts, as handed to a template. Keys are not text.

    Raises
    ------
    GlyphMissing
        A letter is in none of the fonts; names it, its code and the text it stands in.
    """
    known = letters_of(typefaces).glyphs
    for text in _texts(matter):
        for letter in text:
            if ord(letter) not in known and not letter.isspace():
                raise GlyphMissing(_missing(letter, text, typefaces))


def _texts(matter: object) -> Iterator[str]:
    if isinstance(matter, str):
        yield matter
    elif isinstance(matter, Mapping):
        yield from _all(matter.values())
    elif isinstance(matter, list | tuple):
        yield from _all(matter)


def _all(parts: Iterable[object]) -> Iterator[str]:
    for part in parts:
        yield from _texts(part)


def _missing(letter: str, text: str, typefaces: Typefaces) -> Sentence:
    name = unicodedata.name(letter, "a letter without a name")
    at = text.index(letter)
    around = text[max(0, at - _SHOWN // 2) : at + _SHOWN // 2]
    return Sentence(
        "The letter {letter!r} (U+{code:04X}, {name}) in {around!r} is not in the font {font} "
        "({file}), and an empty box is not printed. Correct the text, or put a font that has the "
        "letter into the folder GUATU_FONTS names.",
        letter=letter,
        code=ord(letter),
        name=name,
        around=around,
        font=typefaces.sans,
        file=typefaces.files[0].name,
    )
