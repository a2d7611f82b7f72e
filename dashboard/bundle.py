"""The browser's side of the pages as few files: one script, one style sheet, one dictionary.

A page needs some eighty modules and nine style sheets; asked for one by one they took a second of
the first visit.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final

import geodata.maps
from geodata.maps.modules import joined

FOLDERS: Final = {
    "web": Path(geodata.maps.__file__).parent / "web",
    "panels": Path(__file__).parent / "components" / "panels",
}
"""First part of a file's address → where the files lie."""

SERVED: Final = frozenset({".js", ".css", ".json", ".png", ".svg"})

ENTRY: Final = "panels/mount.js"
SHEETS: Final = (
    "web/vendor/leaflet.css",
    "web/map.css",
    *(
        f"panels/{name}.css"
        for name in ("panels", "page", "sheet", "beside_map", "rebound", "ledger", "wall")
    ),
)
"""In order: what comes later wins."""


@cache
def stamp() -> str:
    """Short hash of every static file: a new version has a new address, none expires."""
    digest = hashlib.sha256()
    for folder in FOLDERS.values():
        for path in sorted(folder.rglob("*")):
            if path.suffix in SERVED:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def script() -> str:
    """Return every panel and the map as one ES module with the exports of ``mount.js``."""
    text, local = joined([ENTRY], _read)
    return f"{text}export const {{ run, drop }} = {local[ENTRY]};\n"


@cache
def style() -> str:
    """Return all style sheets as one; pictures keep their own addresses."""
    sheets = "\n".join(_read(name) for name in SHEETS)
    return sheets.replace("url(images/", "url(web/vendor/images/")


@cache
def words(language: str) -> str:
    """Return the panels' and the map's words in a language as one JSON object."""
    tables = [json.loads(_read(f"{part}/text.{language}.json")) for part in ("panels", "web")]
    return json.dumps(tables[0] | tables[1], ensure_ascii=False, separators=(",", ":"))


def _read(name: str) -> str:
    part, _, path = name.partition("/")
    return (FOLDERS[part] / path).read_text(encoding="utf-8")
