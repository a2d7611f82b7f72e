"""What the pages of analysis have around them: the filters, and the campaign as one line."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.access import Reading
from dashboard.components import filter_panel, phase_ruler
from dashboard.filters import View

Body = Callable[[Reading, View, state.Screen], None]


def filtered(reading: Reading, screen: state.Screen, body: Body) -> None:
    """Draw a page under the phase ruler, beside the filters; its body first."""
    view = state.view()
    filters, ruler, below = st.sidebar.container(), st.container(), st.container()
    with below:
        body(reading, view, screen)
    with ruler:
        phase_ruler.show(reading, view, screen)
    with filters:
        filter_panel.show(reading, view, screen)
