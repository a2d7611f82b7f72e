"""Names of tabs that a spreadsheet accepts, and how wide a text is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

LONGEST_NAME: Final = 31
_REFUSED: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff]")
_RESERVED: Final = "history"


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names of tabs: no character Excel refuses, 31 of its characters at most, no two alike.

    A name that is taken (letters compared without case) ends in a number: ``区环卫中心 2``.
    """
    taken: set[str] = set()
    names: list[str] = []
    for text in wanted:
        name = _free(_allowed(text), taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _allowed(text: str) -> str:
    name = _REFUSED.sub(" ", text).strip(" '")
    return name if name and name.casefold() != _RESERVED else f"{name or ''}_"


def _free(name: str, taken: set[str]) -> str:
    number = 1
    while True:
        end = f" {number}" if number > 1 else ""
        candidate = _cut(name, LONGEST_NAME - len(end)) + end
        if candidate.casefold() not in taken:
            return candidate
        number += 1


def _cut(name: str, most: int) -> str:
    """At most so many UTF-16 units, as Excel counts them, not ending in an apostrophe."""
    while len(name.encode("utf-16-le")) // 2 > most:
        name = name[:-1]
    return name.rstrip(" '") or "_"


def text_width(text: str) -> float:
    """Width of the widest line in Latin characters; Chinese ones count two."""
    wide = ("W", "F")
    lines = text.splitlines() or [""]
    return float(
        max(
            sum(2 if unicodedata.east_asian_width(c) in wide else 1 for c in line) for line in lines
        )
    )
