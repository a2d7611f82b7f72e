"""Map 地图: where the reports are, on which streets, whose job it is; down to the case."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.access import Reading
from dashboard.components import case_map, case_panel, filter_panel, phase_ruler, totals


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page for the view in the URL: the map first, so that it is repainted first."""
    view = state.view()
    filters, ruler = st.sidebar.container(), st.container()
    left, right = st.columns([7, 3])
    below = st.container()
    with left:
        case_map.show(reading, view, screen)
    with right:
        case_panel.show(screen, reading.key)
    with below:
        totals.show(reading, view, screen)
    with ruler:
        phase_ruler.show(reading, view, screen)
    with filters:
        filter_panel.show(reading, view, screen)
