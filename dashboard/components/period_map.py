"""The small map of the overview: where a period's reports are, its numbered places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from dashboard import components, state
from dashboard.components.case_map import packed_cells
from geodata.brief.mapping import mapped
from geodata.brief.phrases import Phrases
from geodata.press.content import MapContent

NAMED = 5
"""Places numbered on the map, as in the list beside it."""


def show(words: Phrases, screen: state.Screen, *, key: str) -> None:
    """Draw the map; a click on it is kept for the map page."""
    drawn = mapped(words)
    table, cells = _cells(drawn)
    payload = {
        "pinned": True,
        "folded": True,
        "resolution_data": drawn.resolution,
        "resolution": drawn.resolution,
        "layer": "cells",
        "measure": "count",
        "breaks": {"count": {str(drawn.resolution): list(drawn.breaks)}},
        "legend": {
            "title": drawn.title,
            "unit": screen.say("landing.unit"),
            "outlined": screen.say("outlined.hot"),
        },
        "scale_locked": True,
        "silent_areas": list(drawn.silent),
        "selected": None,
        "callouts": _callouts(drawn),
        "facts": _facts(words, drawn),
        "cells": cells,
        "heard": state.heard(),
    }
    components.mount("case_map", screen, payload, key=key, tables={"cells": table})


def _cells(drawn: MapContent) -> tuple[pa.Table, dict[str, Any]]:
    """Cells with a case, those that are hot spots flagged."""
    cell = np.array(drawn.cells, dtype=np.int64)
    hot = np.isin(cell, np.array(drawn.hot, dtype=np.int64))
    return packed_cells(cell, np.array(drawn.cases, dtype=np.int64), hot)


def _callouts(drawn: MapContent) -> list[dict[str, Any]]:
    named = drawn.callouts[:NAMED]
    return [{"n": one.number, "lonlat": [one.lon, one.lat]} for one in named]


def _facts(words: Phrases, drawn: MapContent) -> dict[str, Any]:
    filters = words.both.scope.filters
    version = f"v{max(words.source.version, 0)}"
    return {"n": drawn.n, "period": words.period, "filters": filters, "version": version}
