"""Setting a template in type: matter in, bytes out.

Matter reaches a template as one JSON text, so whatever a name holds it is a string there and
never markup. Neither a date nor a path is written into the result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, cast

import typst

from geodata.press.errors import SettingFailed
from geodata.press.glyphs import check_glyphs, cleaned
from geodata.press.typefaces import Typefaces, opened

TEMPLATES: Final = Path(__file__).parent / "templates"

_BREAK_HERE: Final = "\u200b"
_ENDLESS: Final = re.compile(r"[!-~\u00a1-\u024f]{24}(?=[!-~\u00a1-\u024f]{4})")
"""Two dozen Latin letters without a space, and more to come."""

PIXELS_PER_INCH: Final = 72.0
"""Of pictures: one typographic point is one pixel."""


def set_in_type(
    template: str, matter: Mapping[str, Any], typefaces: Typefaces, *, drawing: str = ""
) -> bytes:
    """Set a template as PDF.

    Parameters
    ----------
    matter
        Texts, numbers, lists and dicts; every text is checked to be printable.
    drawing
        A picture as SVG, without text.

    Raises
    ------
    GlyphMissing
        A letter is in none of the fonts.
    SettingFailed
        The typesetter refused; the message is its own.
    """
    return _one(_set(template, matter, typefaces, drawing, "pdf"))


def set_as_picture(
    template: str, matter: Mapping[str, Any], typefaces: Typefaces, *, drawing: str = ""
) -> bytes:
    """Set a template of one page as PNG, a point a pixel; otherwise like `set_in_type`."""
    return _one(_set(template, matter, typefaces, drawing, "png"))


def measured(template: str, matter: Mapping[str, Any], typefaces: Typefaces, mark: str) -> float:
    """Return a number that a template works out when set: ``metadata(…)`` labelled ``mark``.

    The bulletin has ``map-top``, the room taken on the first page in millimetres from the top (as
    large as the paper where that page is full), and ``pages``, how many there are.
    """
    found = _typesetter(template, matter, typefaces, "").query(f"<{mark}>", field="value", one=True)
    return float(json.loads(found))


def _one(result: bytes | list[bytes] | None) -> bytes:
    if isinstance(result, bytes):
        return result
    raise SettingFailed("One sheet was asked for and {n} came out.", n=len(result or []))


def _set(
    template: str,
    matter: Mapping[str, Any],
    typefaces: Typefaces,
    drawing: str,
    kind: Literal["pdf", "png"],
) -> bytes | list[bytes] | None:
    try:
        return _typesetter(template, matter, typefaces, drawing).compile(
            format=kind, ppi=PIXELS_PER_INCH, timestamp=0
        )
    except typst.TypstError as refused:
        raise SettingFailed(
            "{template}: {error}", template=template, error=refused.diagnostic or refused.message
        ) from refused


def _typesetter(
    template: str, matter: Mapping[str, Any], typefaces: Typefaces, drawing: str
) -> typst.Compiler:
    """Return a typesetter of one's own (they may not be shared between threads)."""
    ready = cast("Mapping[str, Any]", _ready(matter))
    check_glyphs(ready, typefaces)
    return typst.Compiler(
        input=str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=opened(typefaces),
        ignore_system_fonts=True,
        sys_inputs={
            "matter": json.dumps(
                _breakable(ready), ensure_ascii=False, allow_nan=False, sort_keys=True
            ),
            "drawing": drawing,
            "faces": json.dumps({"sans": typefaces.sans, "serif": typefaces.serif}),
        },
    )


def _ready(matter: object) -> object:
    """Return the same matter with every text cleaned of letters that cannot be set."""
    return _with_texts(matter, cleaned)


def _breakable(matter: object) -> object:
    """Return the same matter; Latin words longer than any language's may be broken over lines."""
    return _with_texts(matter, lambda text: _ENDLESS.sub(f"\\g<0>{_BREAK_HERE}", text))


def _with_texts(matter: object, turn: Callable[[str], str]) -> object:
    if isinstance(matter, str):
        return turn(matter)
    if isinstance(matter, Mapping):
        return {str(key): _with_texts(value, turn) for key, value in matter.items()}
    if isinstance(matter, list | tuple):
        return [_with_texts(part, turn) for part in matter]
    return matter
