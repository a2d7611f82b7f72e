"""Map 地图: where the reports are, on which streets, whose job it is; down to the case."""

from __future__ import annotations

import streamlit as st

from dashboard import access, components, state
from dashboard.access import Reading
from dashboard.components import case_map, case_panel, filter_panel, phase_ruler
from dashboard.filters import View
from geodata.analysis.counts import count_by, count_by_cell, count_by_segment
from geodata.analysis.facts import UNASSIGNED, Facts, Keep
from geodata.spatial.cells import STUDY


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page for the view in the URL."""
    view = state.view()
    state.write_link()
    with st.sidebar:
        filter_panel.show(reading, view, screen)
    phase_ruler.show(reading, view, screen)
    left, right = st.columns([7, 3])
    with left:
        case_map.show(reading, view, screen)
    with right:
        case_panel.show(reading, view, screen)
    components.mount("totals", screen, _totals(reading, view, screen), key="totals")


def _totals(reading: Reading, view: View, screen: state.Screen) -> dict[str, object]:
    """The line under the map: every way of counting gives the same number, or it says so."""
    say = screen.say
    sums = access.answer(reading, "totals", view.selection, totals)
    agrees = (
        sums["cells"] == sums["streets"] + sums["unassigned"] == sums["offices"] == sums["cases"]
    )
    text = say("map.totals", **{name: say.number(n) for name, n in sums.items()})
    if sums["no_office"]:
        text += say("map.totals_offices", none=say.number(sums["no_office"]))
    if sums["piled"]:
        text += " · " + say("map.piles", n=say.number(sums["piled"]))
    return {
        "agrees": agrees,
        "verdict": say("map.reconciled" if agrees else "map.broken"),
        "text": text,
        "credit": reading.city.map.credit,
    }


def totals(facts: Facts, keep: Keep) -> dict[str, int]:
    """Count the same cases four ways, each by its own road."""
    segments = count_by_segment(facts, keep)["cases"]
    offices = count_by(facts, keep, "office")
    return {
        "cases": int(keep.sum()),
        "cells": int(count_by_cell(facts, keep, resolution=STUDY)["cases"].sum()),
        "streets": int(segments.head(-1).sum()),
        "unassigned": int(segments[-1]),
        "offices": int(offices["cases"].sum()),
        "no_office": int(offices["cases"].filter(offices["code"] == UNASSIGNED).sum()),
        "piled": int((facts.frame["pile"].to_numpy() & keep).sum()),
    }
