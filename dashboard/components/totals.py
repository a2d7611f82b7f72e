"""The line under the map: every way of counting gives the same number, or it says so."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl

from dashboard import access, components, state
from dashboard.access import Reading
from dashboard.filters import View
from geodata.analysis.counts import count_by, count_by_cell, count_by_segment
from geodata.analysis.facts import UNASSIGNED, Facts, Keep
from geodata.spatial.cells import STUDY


def show(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw the line."""
    say = screen.say
    segments = access.answer(reading, "segments", view.selection, count_by_segment)
    sums = access.answer(reading, "totals", view.selection, partial(totals, segments=segments))
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


def totals(facts: Facts, keep: Keep, *, segments: pl.DataFrame) -> dict[str, int]:
    """Count the same cases four ways, each by its own road."""
    on_segment = segments["cases"]
    offices = count_by(facts, keep, "office")
    return {
        "cases": int(np.count_nonzero(keep)),
        "cells": int(count_by_cell(facts, keep, resolution=STUDY)["cases"].sum()),
        "streets": int(on_segment.head(-1).sum()),
        "unassigned": int(on_segment[-1]),
        "offices": int(offices["cases"].sum()),
        "no_office": int(offices["cases"].filter(offices["code"] == UNASSIGNED).sum()),
        "piled": int(np.count_nonzero(facts.frame["pile"].to_numpy() & keep)),
    }
