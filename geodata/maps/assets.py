"""The map's browser files as text: one classic script, one style sheet, the dictionaries.

A page made here holds everything itself: nothing is asked of any host, not even this one.
"""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from geodata.maps.modules import joined
from geodata.maps.vendor import FrontEndMissing

WEB: Final = Path(__file__).resolve().parent / "web"
ENTRIES: Final = ("case_map.js", "leaflet_layer.js")
"""Modules whose exported names the global ``Guatu`` offers."""

LANGUAGES: Final = ("zh", "en")

_PICTURE: Final = re.compile(r"url\((images/[\w.-]+)\)")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@cache
def bundle() -> str:
    """Return the map's modules as one classic script that defines the global ``Guatu``.

    Safe to stand inside a ``script`` element.
    """
    text, local = joined(ENTRIES, _read)
    offered = ", ".join(f"...{local[entry]}" for entry in ENTRIES)
    head = 'var Guatu = (function () {\n"use strict";\n'
    return _inside_script(f"{head}{text}return {{ {offered} }};\n}})();\n")


@cache
def library(name: str) -> str:
    """Return a front-end library, ``leaflet.js`` or ``h3-js.umd.js``, safe inside ``script``.

    Raises
    ------
    FrontEndMissing
        It has not been fetched yet.
    """
    return _inside_script(_SOURCE_MAP.sub("", _read(f"vendor/{name}")))


@cache
def style() -> str:
    """Return the style sheets of Leaflet and of the map as one, pictures included."""
    sheet = _PICTURE.sub(_inlined, _read("vendor/leaflet.css"))
    return f"{sheet}\n{_read('map.css')}".replace("</", "<\\/")


def _inlined(found: re.Match[str]) -> str:
    picture = (WEB / "vendor" / found[1]).read_bytes()
    return f"url(data:image/png;base64,{base64.b64encode(picture).decode('ascii')})"


@cache
def words(language: str) -> dict[str, str]:
    """Return the dictionary of the map's controls in ``zh`` or ``en``."""
    return dict(json.loads(_read(f"text.{language}.json")))


def _inside_script(source: str) -> str:
    """Write in ASCII and break up what would end a ``script``; means the same to JavaScript."""
    whole = re.sub(r"<(/script|!--)", r"<\\\1", source, flags=re.IGNORECASE)
    return _NOT_ASCII.sub(_escaped, whole)


def _escaped(found: re.Match[str]) -> str:
    """One JavaScript escape for each UTF-16 unit of a character."""
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _read(name: str) -> str:
    try:
        return (WEB / name).read_text(encoding="utf-8")
    except OSError as error:
        raise FrontEndMissing(
            "The map's file {name} cannot be read ({error}). Run `make setup` once, which "
            "fetches Leaflet and h3-js.",
            name=name,
            error=error,
        ) from error
