"""The one-file page of the public edition: a map of told cells alone, at the stated resolution."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.brief.page import rendered
from geodata.errors import LayerError
from geodata.findings.source import Source
from geodata.maps import assets
from geodata.maps.page import map_of
from geodata.maps.state import packed
from geodata.press.content import Content
from geodata.spatial.cells import parent_of
from geodata.wording import Words


def public_page_of(content: Content, source: Source) -> bytes:
    """Return the page of a public edition; a hidden cell is not on its map at all.

    Raises
    ------
    LayerError
        The city has no base map.
    PageTooLarge
        See `geodata.brief.page.page_of`.
    """
    say = Words(content.language)
    numbers = {"cells": _cells(content), "segments": _none()}
    resolution = content.map.resolution
    state = {
        "resolution_data": resolution,
        "resolution": resolution,
        "measure": "count",
        "layer": "cells",
        "scale_locked": True,
        "breaks": {"count": {str(resolution): list(content.map.breaks)}},
        "silent_areas": [],
        "highlight": {"streets": []},
        "facts": {
            "n": content.map.n,
            "period": content.heading.span,
            "filters": content.heading.filters,
            "version": content.heading.version,
            "source": content.heading.notice,
        },
    }
    shown = {
        "basemap": _basemap(source, content),
        "title": content.heading.title,
        "text": assets.words(content.language),
        "lang": content.language,
        "theme": "light",
        "tools": False,
        "numbers": {"count": numbers, "area_m2": {"cells": _no_cells(), "segments": _none()}},
        "state": state,
    }
    return rendered(content, map_of(packed(shown), say))


def _basemap(source: Source, content: Content) -> Mapping[str, Any]:
    """The base map with the study cells of told places alone, and no tile server."""
    path = source.city.layers / "basemap.json"
    try:
        basemap = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LayerError(
            "{path} cannot be read ({error}). Draw it up again with "
            "geodata.founding.write_basemap(city).",
            path=path,
            error=error,
        ) from error
    study = basemap["study"]
    hi, lo = (_decoded(study[name], np.uint32).astype(np.uint64) for name in ("hi", "lo"))
    cells = ((hi << np.uint64(32)) | lo).astype(np.int64)
    hidden = np.array(content.map.hidden, dtype=np.int64)
    told = ~np.isin(parent_of(cells, content.map.resolution), hidden)
    kinds = {"hi": np.uint32, "lo": np.uint32, "street_m": np.uint32, "area": np.int16}
    kept = {name: _coded(_decoded(study[name], kind)[told]) for name, kind in kinds.items()}
    return {**{key: value for key, value in basemap.items() if key != "tiles"},
            "study": {**study, **kept}}  # fmt: skip


def _decoded(column: Mapping[str, str], kind: type) -> npt.NDArray[Any]:
    return np.frombuffer(base64.b64decode(column["b64"]), dtype=np.dtype(kind).newbyteorder("<"))


def _coded(values: npt.NDArray[Any]) -> dict[str, str]:
    raw = values.astype(values.dtype.newbyteorder("<"))
    return {"b64": base64.b64encode(raw.tobytes()).decode("ascii")}


def _cells(content: Content) -> dict[str, Any]:
    unsigned = np.array(content.map.cells, dtype=np.int64).astype(np.uint64)
    return {
        "hi": _coded((unsigned >> np.uint64(32)).astype(np.uint32)),
        "lo": _coded((unsigned & np.uint64(0xFFFFFFFF)).astype(np.uint32)),
        "value": _coded(np.array(content.map.cases, dtype=np.float64)),
    }


def _no_cells() -> dict[str, Any]:
    empty = np.zeros(0, np.uint32)
    return {"hi": _coded(empty), "lo": _coded(empty), "value": _coded(np.zeros(0))}


def _none() -> dict[str, Any]:
    return {"index": _coded(np.zeros(0, np.uint32)), "value": _coded(np.zeros(0))}
