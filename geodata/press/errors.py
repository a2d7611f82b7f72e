"""What can go wrong on the way to paper.

PressError
├── TypefacesMissing   no font file with Chinese letters was found
├── GlyphMissing       a letter of the text is in none of the fonts
├── PaperUnknown       a paper size that the wall map has no layout for
└── SettingFailed      the typesetter refused a template: a defect of this software
"""

from __future__ import annotations

from geodata.errors import GeodataError


class PressError(GeodataError):
    """Something kept a sheet from being printed."""


class TypefacesMissing(PressError):
    """No font file with Chinese letters was found."""


class GlyphMissing(PressError):
    """A letter of the text is in none of the fonts."""


class PaperUnknown(PressError):
    """A paper size that the wall map has no layout for."""


class SettingFailed(PressError):
    """The typesetter refused a template: a defect of this software."""
