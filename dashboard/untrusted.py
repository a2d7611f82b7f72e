"""Values that a link or a browser sent, never trusted: what makes no sense is read as nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final

from geodata.domain.case import PLACE_KINDS
from geodata.domain.period import FIRST_DAY, LAST_DAY
from geodata.domain.selection import Near

FARTHEST_M: Final = 2000
_MOST_CODES: Final = 400
_LONGEST: Final = 200
_OPTION_NAME: Final = re.compile(r"[a-z_]{1,24}")
_MOST_OPTIONS: Final = 24


def mapping(value: object) -> Mapping[str, Any]:
    """An object of the browser's; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def text(value: object) -> str | None:
    """A name a link can carry: not empty, not endless, no broken characters."""
    if not isinstance(value, str):
        return None
    return value[:_LONGEST].encode("utf-8", "ignore").decode("utf-8") or None


def code_set(values: Iterable[object]) -> frozenset[str]:
    """Codes of a filter, the first `_MOST_CODES`."""
    found = (text(value) for value in islice(values, _MOST_CODES))
    return frozenset(code for code in found if code is not None)


def codes(value: object) -> frozenset[str] | None:
    """Codes of a list; None, which filters nothing, for anything else."""
    return code_set(value) if isinstance(value, list | tuple) else None


def options(chosen: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Choices by name, in order of name; an empty choice is none."""
    named = {
        name: choice
        for name, value in islice(chosen.items(), _MOST_OPTIONS)
        if isinstance(name, str) and _OPTION_NAME.fullmatch(name) and (choice := text(value))
    }
    return tuple(sorted(named.items()))


def one_of(value: object, known: tuple[str, ...], otherwise: str) -> str:
    """One of the known words."""
    return value if isinstance(value, str) and value in known else otherwise


def day(value: object) -> date | None:
    """A date, YYYY-MM-DD, of those a period may hold."""
    try:
        found = date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
    return found if found is not None and FIRST_DAY <= found <= LAST_DAY else None


def near(pair: tuple[Any, ...]) -> Near | None:
    """Kind of place and distance in metres, up to `FARTHEST_M`."""
    kind, metres = pair[0], pair[-1]
    try:
        whole = int(metres)
    except (TypeError, ValueError, OverflowError):
        return None
    return (
        Near(kind=kind, metres=whole) if kind in PLACE_KINDS and 0 < whole <= FARTHEST_M else None
    )


def two_phases(pair: Sequence[object]) -> tuple[str, str] | None:
    """Two phase values; what has no ``~`` in it, which stands between them in a link."""
    both = 2
    names = [name for name in map(text, pair) if name and "~" not in name]
    return (names[0], names[1]) if len(pair) == both == len(names) else None


def one_whole_of(value: object, known: tuple[int, ...]) -> int | None:
    """One of the known whole numbers."""
    try:
        whole = int(str(value))
    except ValueError:
        return None
    return whole if whole in known else None


def row(value: object) -> int | None:
    """Row of a layer, counted from 0."""
    told = str(value)
    digits = 9
    return int(told) if told.isascii() and told.isdigit() and len(told) <= digits else None


def cell(value: object) -> str | None:
    """Name of an H3 cell: fifteen hexadecimal digits."""
    told = str(value or "")
    digits = 15
    return told if len(told) == digits and not set(told) - set("0123456789abcdef") else None


def corners(value: object) -> tuple[tuple[float, float], ...] | None:
    """Corners (lon, lat) to five decimals, about a metre."""
    corner = 3
    if not isinstance(value, list | tuple):
        return None
    points = tuple(filter(None, map(_point, value[:_MOST_CODES])))
    return points if len(points) >= corner else None


def _point(value: object) -> tuple[float, float] | None:
    try:
        lon, lat = (round(float(number), 5) for number in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError, OverflowError):
        return None
    sound = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90  # noqa: PLR2004
    return (lon, lat) if sound else None
