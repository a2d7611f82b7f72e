"""Map 地图: where the reports are, on which streets, whose job it is; down to the case."""

from __future__ import annotations

import streamlit as st

from dashboard import state, turns
from dashboard.access import Reading
from dashboard.components import (
    case_map,
    case_panel,
    filter_panel,
    phase_ruler,
    target_flags,
    totals,
)


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page for the view in the URL: the map first, then what stands around it."""
    view = state.view()
    filters, ruler = st.sidebar.container(), st.container()
    left, right = st.columns([7, 3])
    below = st.container()
    with turns.of_map.taken(turns.MAP), left:
        case_map.show(reading, view, screen)
    with turns.of_map.taken(turns.PANELS):
        with right:
            case_panel.show(screen, (*reading.key, target_flags.chosen(view)))
        with below:
            totals.show(reading, view, screen)
        with ruler:
            phase_ruler.show(reading, view, screen)
        with filters:
            filter_panel.show(reading, view, screen)
