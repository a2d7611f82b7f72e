"""Hot spots 热点: where reports gather beyond chance, since when, why; what phases changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from dashboard import state
from dashboard.access import Reading
from dashboard.components import hotspot_map, sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views import frame, hotspot_phases, hotspot_places
from dashboard.views.hotspot_phases import Sides
from geodata.findings.gathering.emerging import find_emerging
from geodata.findings.gathering.hotspots import find_hot_spots
from geodata.findings.gathering.study import RESOLUTIONS, Ground

SHOWN: Final = ("sure", "weeks", "compare")
BY: Final = ("cells", "km")
AUTO: Final = "auto"


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page: the map at the left, what it means at the right."""
    frame.filtered(reading, screen, body)


def body(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw what is chosen to be shown."""
    shown = view.option("hot_show", SHOWN)
    left, right = st.columns([4, 3])
    if shown == "compare":
        hotspot_phases.draw(reading, view, screen, (left, right), tools(view, screen.say))
    else:
        draw = _weeks if shown == "weeks" else _sure
        draw(reading, view, screen, (left, right))


def _sure(reading: Reading, view: View, screen: state.Screen, sides: Sides) -> None:
    per_km = view.option("hot_by", BY) == "km"
    found = find_hot_spots(
        reading.source, view.selection, resolution=resolution_of(view), per_km=per_km
    )
    listed = found.places["cell"].head(hotspot_places.LISTED).to_list()
    drawn = hotspot_map.sure_map(found, screen.say)
    make = partial(hotspot_places.page_of_test, reading, view, screen, found)
    _beside(
        reading, view, screen, sides, drawn=drawn, ground=found.ground, listed=listed, make=make
    )


def _weeks(reading: Reading, view: View, screen: state.Screen, sides: Sides) -> None:
    found = find_emerging(reading.source, view.selection, resolution=resolution_of(view))
    listed = hotspot_places.listed_weeks(reading, found)["cell"].to_list()
    drawn = hotspot_map.class_map(found, screen.say)
    make = partial(hotspot_places.page_of_weeks, reading, view, screen, found)
    _beside(
        reading, view, screen, sides, drawn=drawn, ground=found.ground, listed=listed, make=make
    )


def _beside(
    reading: Reading,
    view: View,
    screen: state.Screen,
    sides: Sides,
    *,
    drawn: hotspot_map.Drawn,
    ground: Ground,
    listed: list[int],
    make: Callable[..., sheet.Page],
) -> None:
    """Draw the map, and beside it the page of the picked place, else of the first listed."""
    picked = hotspot_map.picked_cell(view, ground)
    with sides[0]:
        hotspot_map.show(
            reading, view, screen, drawn, key="hotspots_map", selected=picked, callouts=listed
        )
    with sides[1]:
        page = make(
            chosen=picked if picked is not None else next(iter(listed), None),
            tools=tools(view, screen.say),
            resolution=resolution_choice(view, screen.say, ground),
        )
        sheet.show(screen, page, key="hotspots_sheet")


def tools(view: View, say: Speaker) -> list[sheet.Control]:
    """Controls of the page; the measure only where it matters."""
    shown = view.option("hot_show", SHOWN)
    kinds = [sheet.option(one, say(f"hotspots.show_{one}")) for one in SHOWN]
    chosen = [sheet.choice("hot_show", say("hotspots.show"), shown, kinds)]
    if shown == "sure":
        by = [sheet.option(one, say(f"hotspots.by_{one}")) for one in BY]
        chosen.append(sheet.choice("hot_by", say("hotspots.by"), view.option("hot_by", BY), by))
    return chosen


def resolution_choice(view: View, say: Speaker, ground: Ground | None) -> sheet.Control:
    """Control for the size of the cells; the automatic one says which it took."""
    asked = resolution_of(view)
    auto = say("hotspots.auto")
    if asked is None and ground is not None:
        auto = say("hotspots.auto_is", n=ground.resolution)
    options = [sheet.option(AUTO, auto), *(sheet.option(str(n), str(n)) for n in RESOLUTIONS)]
    value = AUTO if asked is None else str(asked)
    return sheet.choice("hot_res", say("hotspots.resolution"), value, options)


def resolution_of(view: View) -> int | None:
    """Resolution asked for; None for the automatic one."""
    asked = view.option("hot_res", (AUTO, *map(str, RESOLUTIONS)))
    return None if asked == AUTO else int(asked)
