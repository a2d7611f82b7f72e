"""The line under the map: every way of counting gives the same number, or it says so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from dashboard import access, components, state
from dashboard.access import Reading
from dashboard.filters import View
from geodata.analysis.facts import UNASSIGNED, Facts, Keep


def show(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw the line."""
    say = screen.say
    segments = access.segments(reading, view.selection)
    cells = access.cells(reading, view.selection)
    offices = access.codes(reading, view.selection, "office")
    sums = totals(
        reading.facts,
        access.keep(reading, view.selection),
        cells=cells,
        segments=segments,
        offices=offices,
    )
    agrees = (
        sums["cells"] == sums["streets"] + sums["unassigned"] == sums["offices"] == sums["cases"]
    )
    text = say("map.totals", **{name: say.number(n) for name, n in sums.items()})
    if sums["no_office"]:
        text += say("map.totals_offices", none=say.number(sums["no_office"]))
    if sums["piled"]:
        text += " · " + say("map.piles", n=say.number(sums["piled"]))
    payload = {
        "agrees": agrees,
        "verdict": say("map.reconciled" if agrees else "map.broken"),
        "text": text,
        "credit": say.credit(reading.city.map),
    }
    components.mount("totals", screen, payload, key="totals")


def totals(
    facts: Facts,
    keep: Keep,
    *,
    cells: pl.DataFrame,
    segments: npt.NDArray[np.uint32],
    offices: dict[str, int],
) -> dict[str, int]:
    """Add up the same cases four ways, each counted by its own road."""
    return {
        "cases": int(np.count_nonzero(keep)),
        "cells": int(cells["cases"].sum()),
        "streets": int(segments[:-1].sum()),
        "unassigned": int(segments[-1]),
        "offices": sum(offices.values()),
        "no_office": offices.get(UNASSIGNED, 0),
        "piled": int(np.count_nonzero(keep[facts.rows_piled])),
    }
