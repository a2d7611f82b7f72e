"""The panel beside the map: the card of what is picked, or where most reports are."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from dashboard import access, components, picked, state
from dashboard.access import Reading
from dashboard.comparison import comparison_of
from dashboard.components import changed_places, target_flags
from dashboard.components.case_card import card, title
from dashboard.filters import View, to_query
from dashboard.text import Speaker
from geodata.analysis.counts import count_by_street, rows_in_cell
from geodata.spatial.cells import to_text

FIRST_SHOWN: Final = 30
MOST_SHOWN: Final = 500
TOP: Final = 10
TOP_RESOLUTION: Final = 10
_SHOWN_OF: Final = "shown_of"


@st.fragment
def show(screen: state.Screen, drawn: tuple[Hashable, ...]) -> None:
    """Draw the panel alone when something is picked: the rest of the page stays as it is.

    ``drawn`` is the key of the reading the page was drawn from, and the targets flagged on the map;
    with other ones the page is drawn anew.
    """
    reading = access.reading()
    view = state.current()
    if (*reading.key, target_flags.chosen(view)) != drawn:
        st.rerun(scope="app")
    place = picked.find(reading, view)
    payload = (
        _nothing(reading, view, screen.say)
        if place is None
        else card(reading, view, place, screen.say, most_cases=_most_cases(view))
    )
    payload["downloads"] = download_links(view, screen.say)
    components.mount("case_panel", screen, payload, key="card", on_patch=_change)


def _change(patch: Mapping[str, Any]) -> None:
    if patch.get("more"):
        st.session_state[_SHOWN_OF] = state.current().picked
    state.change(patch)


def _most_cases(view: View) -> int:
    return MOST_SHOWN if st.session_state.get(_SHOWN_OF) == view.picked else FIRST_SHOWN


def download_links(view: View, say: Speaker) -> dict[str, str]:
    """Links to exactly what is shown, in each format; the browser adds an automatic resolution."""
    query = {**to_query(view), "lang": say.language}
    return {
        kind: f"/guatu/export?{urlencode({**query, 'format': kind})}"
        for kind in ("csv", "geojson", "parquet")
    }


def _nothing(reading: Reading, view: View, say: Speaker) -> dict[str, Any]:
    """What the map's numbers stand for: missed targets where they are flagged, else top places."""
    flags = target_flags.panel(reading, view, say)
    told = {**_top(reading, view, say), "targets": flags}
    return {**told, "top": []} if flags and flags["rows"] else told


def _top(reading: Reading, view: View, say: Speaker) -> dict[str, Any]:
    """Where most reports are, or changed most, as a list whose rows can be picked."""
    compared = comparison_of(reading, view)
    if compared is not None:
        return changed_places.told(reading, view, compared, say)
    on_streets = view.layer == "streets"
    return {
        "kind": "none",
        "top_title": say("panel.top_streets" if on_streets else "panel.top"),
        "top": _top_streets(reading, view) if on_streets else _top_cells(reading, view, say),
        "note": say("panel.top_note"),
    }


def _top_streets(reading: Reading, view: View) -> list[dict[str, Any]]:
    streets = access.answer(reading, "by street", view.selection, count_by_street)
    named = ((name, n) for name, n in streets.select("street", "cases").iter_rows() if name and n)
    return [
        {"label": name, "n": n, "street": name}
        for (name, n), _ in zip(named, range(TOP), strict=False)
    ]


def _top_cells(reading: Reading, view: View, say: Speaker) -> list[dict[str, Any]]:
    counts = picked.top_cells(reading, view, TOP_RESOLUTION, most=TOP)
    keep = access.keep(reading, view.selection)
    rows = [rows_in_cell(reading.facts, keep, cell, TOP_RESOLUTION) for cell in counts["cell"]]
    return [
        {"label": title(reading, here, say), "n": n, "cell": name}
        for here, n, name in zip(rows, counts["cases"], to_text(counts["cell"]), strict=True)
    ]
