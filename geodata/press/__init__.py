"""Paper: the bulletin, the wall map and the chat picture of a pack, set in type.

The bytes depend on the content, the city's layers, the templates here and the font files alone:
no clock, no network, no fonts but the named ones, no path in the result.
"""

from geodata.press.bulletin import press_bulletin
from geodata.press.card import press_card
from geodata.press.errors import GlyphMissing, PaperUnknown, PressError, TypefacesMissing
from geodata.press.typefaces import Typefaces, find_typefaces
from geodata.press.wall_map import press_wall_map

__all__ = [
    "GlyphMissing",
    "PaperUnknown",
    "PressError",
    "Typefaces",
    "TypefacesMissing",
    "find_typefaces",
    "press_bulletin",
    "press_card",
    "press_wall_map",
]
