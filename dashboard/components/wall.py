"""The wall view in the browser: what it is told when it opens, and the maps of its screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import components, state
from dashboard.components.sheet.parts import given
from geodata.press.content import Callout

FEED = "/guatu/wall"
"""Where the browser asks for the screens, and whether they are still the newest."""


def show(screen: state.Screen) -> None:
    """Open the wall; everything it shows it fetches itself, see `dashboard.downloads.wall`."""
    say = screen.say
    payload = {
        "feed": f"{FEED}?lang={say.language}",
        "home": f"/?lang={say.language}",
        "leave": say("wall.leave"),
        "full": say("wall.full"),
        "begin": say("wall.begin"),
        "waiting": say("wall.waiting"),
        "lost": say("wall.lost", at="{at}"),
        "region": say("wall.region"),
    }
    components.mount("wall", screen, payload, key="wall")


def drawn(
    cells: Mapping[int, float],
    *,
    resolution: int,
    breaks: Sequence[float],
    legend: Mapping[str, Any],
    hot: Sequence[int] = (),
    silent: Sequence[int] = (),
    callouts: Sequence[Callout] = (),
) -> dict[str, Any]:
    """One map as the browser's engine takes it.

    Parameters
    ----------
    cells
        H3 cell at ``resolution`` → value; zeros are drawn by the study area itself.
    hot
        Cells to outline as significant.
    """
    order = sorted(set(cells) | set(hot))
    outlined = set(hot)
    return given(
        resolution=resolution,
        breaks=list(breaks),
        cells=[f"{cell:x}" for cell in order],
        value=[cells.get(cell, 0) for cell in order],
        outlined=[order.index(cell) for cell in sorted(outlined)],
        silent=list(silent),
        callouts=[{"n": one.number, "lonlat": [one.lon, one.lat]} for one in callouts],
        legend=dict(legend),
    )
