"""Which cells surely changed between two phases, for the map and its legend."""

from __future__ import annotations

from typing import Any, Final

from geodata.analysis.answers import Withheld
from geodata.findings.gathering.phase_maps import PhaseMaps
from geodata.spatial.cells import to_text
from geodata.wording import Words
from geodata.wording.reasons import say_reason

Told = dict[str, Any]

MORE: Final = 1
FEWER: Final = -1


def told(maps: PhaseMaps, say: Words) -> Told:
    """Tell the cells to outline at one resolution, and what the legend says of the test."""
    found = maps.difference
    if isinstance(found, Withheld):
        return untold(say("changes.withheld", reason=say_reason(found.reason, say)))
    more, fewer = (to_text(maps.changed(sign)) for sign in (MORE, FEWER))
    counted = {"more": say.number(len(more)), "fewer": say.number(len(fewer))}
    label = say("changes.outlined", **counted) if more or fewer else ""
    said = say("changes.tested", n=say.number(found.tested), q=f"{found.rule.alpha:g}")
    notes = [
        "" if label else say("changes.none"),
        said,
        say("changes.too_few", n=say.number(maps.too_few)) if maps.too_few else "",
    ]
    return {
        "more": more,
        "fewer": fewer,
        "label": label,
        "note": say("changes.between").join(note for note in notes if note),
    }


def untold(note: str) -> Told:
    """No cell is outlined at a resolution, and why."""
    return {"more": [], "fewer": [], "label": "", "note": note}
