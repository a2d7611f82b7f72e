"""Wall view 挂图: full screen, four screens in turn, nothing to operate.

Streamlit only opens the page. What is shown comes over plain HTTP from `dashboard.downloads.wall`,
asked for by the browser every few seconds with the mark of what it has: "nothing new" costs a few
bytes and runs no page. So the wall needs no session: when the connection breaks, the server is
restarted or the machine sleeps, the last picture stays, says since when, and catches up by itself
with the next answer. A timer inside a Streamlit session would die with that session, and would run
the whole page on the server for every look.
"""

from __future__ import annotations

from typing import Any

from dashboard import state
from dashboard.access import Reading
from dashboard.components import wall as component
from dashboard.components.sheet.parts import sound
from dashboard.text import Speaker
from dashboard.views import wall_head, wall_offices, wall_screens
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.wall import wall


def render(_reading: Reading, screen: state.Screen) -> None:
    """Open the wall in the browser."""
    component.show(screen)


def told(reading: Reading, say: Speaker) -> dict[str, Any]:
    """Everything the wall shows of a reading, as JSON; worked out once per version and language."""
    return reading.answers.get(("wall", say.language), lambda: _told(reading, say))


def _told(reading: Reading, say: Speaker) -> dict[str, Any]:
    if not len(reading.facts):
        return wall_head.nothing(reading, say)
    found = wall(reading.source, say)
    stage = Phrases(found.stage, say)
    screens = [
        wall_screens.stage(stage),
        wall_screens.places(Phrases(found.week, say)),
        wall_screens.rebounds(Phrases(found.recent, say), found.back),
        wall_offices.screen(Phrases(found.recent, say)),
    ]
    return {**wall_head.head(stage), "screens": [sound(one) for one in screens]}
