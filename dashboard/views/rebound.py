"""Rebound 反弹: where it came back, whose it is, how soon, and where to look next week."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.access import Reading
from dashboard.components import rebound_map, sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views import frame, rebound_next, rebound_streets, rebound_where, rebound_whose
from dashboard.views.rebound_choices import Asking, asking_of, tools


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page for the view in the URL; near repeats last, as they take longest."""
    frame.filtered(reading, screen, _body)
    asking = asking_of(reading, state.current())
    sheet.show(screen, last(asking, screen.say), key="rebound_last")


def _body(reading: Reading, view: View, screen: state.Screen) -> None:
    """The map beside the answer; below them the detail."""
    asking = asking_of(reading, view)
    with st.container(key="rebound_head"):
        left, right = st.columns([5, 7], gap=None)
        with left:
            rebound_map.show(reading, view, screen, asking.rule)
        with right:
            sheet.show(screen, answer(asking, screen.say), key="rebound")
    sheet.show(screen, detail(asking, screen.say), key="rebound_detail")


def answer(asking: Asking, say: Speaker) -> sheet.Page:
    """What a leader asks first: how often, more than usual, where."""
    return sheet.Page(
        title=say("rebounds.title"),
        lead=say("rebounds.lead"),
        tools=tools(asking, say),
        blocks=[
            rebound_where.cards(asking, say),
            rebound_where.sentences(asking, say),
            *rebound_where.picked_cell(asking, say),
            rebound_streets.streets(asking, say),
        ],
    )


def detail(asking: Asking, say: Speaker) -> sheet.Page:
    """Whose it is, how soon, and the list of next week."""
    return sheet.Page(
        title="",
        blocks=[
            rebound_whose.units(asking, say),
            rebound_whose.curves(asking, say),
            rebound_whose.phases(asking, say),
            rebound_next.ahead(asking, say),
            rebound_next.register(asking, say),
        ],
    )


def last(asking: Asking, say: Speaker) -> sheet.Page:
    """Near repeats, and how to read all of it."""
    blocks = [*rebound_next.near(asking, say), rebound_next.limits(asking, say)]
    return sheet.Page(title="", blocks=blocks)
