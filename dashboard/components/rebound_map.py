"""The map of rebounds: how many came back in each cell, those beyond their usual level outlined."""

from __future__ import annotations

import polars as pl

from dashboard import components, state
from dashboard.access import Reading
from dashboard.components.case_map import packed_cells, silent_areas
from dashboard.filters import View
from geodata.analysis.rebound import ReboundRule
from geodata.findings.rebounds.rebound_cells import RESOLUTION, rebound_scale, rebounds_by_cell
from geodata.wording.selection import describe, describe_period, period_of


def show(reading: Reading, view: View, screen: state.Screen, rule: ReboundRule) -> None:
    """Draw the map; a click picks a cell, of which the sheet beside it then speaks."""
    say, source = screen.say, reading.source
    table = rebounds_by_cell(source, view.selection, rule=rule)
    some = table.filter((pl.col("rebounds") > 0) | pl.col("beyond"))
    cells, told = packed_cells(
        some["cell"].to_numpy(), some["rebounds"].to_numpy(), some["beyond"].to_numpy()
    )
    first, last = period_of(reading.city, reading.facts, view.selection)
    scale = rebound_scale(source, rule, (last - first).days + 1)
    picked = view.picked.cell
    payload = {
        "host": {"alone": True, "tools": True},
        "pinned": True,
        "resolution_data": RESOLUTION,
        "resolution": RESOLUTION,
        "measure": "count",
        "breaks": {"count": {str(RESOLUTION): scale}},
        "legend": {
            "title": say("rebounds.map_title"),
            "unit": say("rebounds.map_unit"),
            "outlined": say("outlined.rebound"),
            "covered": say("outlined.rebound_cells"),
        },
        "layer": "table" if view.layer == "table" else "cells",
        "scale_locked": True,
        "silent_areas": silent_areas(reading, view.selection),
        "selected": {"cell": picked} if picked else None,
        "facts": {
            "n": int(table["rebounds"].sum()),
            "period": describe_period(reading.city, reading.facts, view.selection, say),
            "filters": describe(reading.city, reading.facts, view.selection, say),
            "version": f"v{max(reading.facts.version, 0)}",
        },
        "cells": told,
        "heard": state.heard(),
    }
    components.mount(
        "case_map", screen, payload, key="rebound_map", tables={"cells": cells},
        on_patch=state.change,
    )  # fmt: skip
