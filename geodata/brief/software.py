"""Which software made a pack: this one's version, and the libraries whose bytes end up in it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import geodata

VERSION: Final = "0.1.0"
"""As in pyproject.toml; a test holds the two together."""

_LIBRARIES: Final = (
    "folium", "h3", "numpy", "polars", "scipy", "shapely", "typst", "xlsxwriter",
)  # fmt: skip
_SOURCES: Final = ("*.py", "*.toml", "*.js", "*.css", "*.json", "*.typ")


def software() -> Mapping[str, str]:
    """Version of this software and of every library that decides what a pack's bytes are."""
    known = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    python = ".".join(str(part) for part in sys.version_info[:2])
    return {"guatu": VERSION, "source": source_sha256(), "python": python,
            "zlib": zlib.ZLIB_RUNTIME_VERSION, **known}  # fmt: skip


@cache
def source_sha256() -> str:
    """Hash of the library's own source: tells two states of one version apart."""
    root = Path(geodata.__file__).parent
    found = hashlib.sha256()
    for path in sorted(one for kind in _SOURCES for one in root.rglob(kind)):
        found.update(path.relative_to(root).as_posix().encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
