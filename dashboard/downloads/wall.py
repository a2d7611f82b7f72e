"""What the wall's browser fetches: all screens of one version, or that nothing is new."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import access, turns
from dashboard.text import LANGUAGES, Speaker
from dashboard.views import wall, wall_head


@dataclass(frozen=True, slots=True)
class Feed:
    """An answer to the wall: ``body`` (JSON, gzip) is None where the browser has it already."""

    mark: str
    body: bytes | None


def feed(language: str, known: str | None, boot: Mapping[str, Any]) -> Feed:
    """Answer the wall.

    Parameters
    ----------
    known
        Mark of what the browser shows; None at first.
    boot
        Addresses of this software's files and of the base map, to which come those of the city's
        tiles: when one changes, the wall begins anew.

    Raises
    ------
    AccessDenied, GeodataError
        As `access.reading`.
    """
    say = Speaker(language if language in LANGUAGES else LANGUAGES[0])
    reading = access.reading()
    trouble = wall_head.trouble(reading, say)
    addresses = {**boot, **access.tiles(reading)}
    mark = _mark(reading.key, say.language, trouble, addresses)
    if known == mark:
        return Feed(mark, None)
    with turns.of_analysis.taken():
        screens = wall.told(reading, say)
    told = {**screens, "trouble": trouble, "boot": addresses, "mark": mark}
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Feed(mark, gzip.compress(text.encode(), 6, mtime=0))


def _mark(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
