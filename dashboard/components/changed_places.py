"""Beside a compared map, with nothing picked: how to read it, and the cells that surely changed."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from dashboard.access import Reading
from dashboard.comparison import Comparison
from dashboard.components.case_card import title
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.answers import Withheld
from geodata.analysis.counts import rows_in_cell
from geodata.findings.gathering.study import RESOLUTIONS
from geodata.spatial.cells import to_text
from geodata.wording import numbers
from geodata.wording.reasons import say_reason

LISTED: Final = 10


def told(reading: Reading, view: View, compared: Comparison, say: Speaker) -> dict[str, Any]:
    """The panel's payload; the list is of the resolution chosen, else of the one the cases bear."""
    maps = compared.tested(view.resolution if view.resolution in RESOLUTIONS else None)
    changed = maps.cells.filter(pl.col("finding") != 0).select("cell")
    resolution = maps.chosen.resolution
    at = {"resolution": resolution}
    lines = [say(f"changes.reading_{nth}") for nth in ("colour", "frame", "plain", "click")]
    if isinstance(maps.difference, Withheld):
        lines.append(say("changes.withheld", reason=say_reason(maps.difference.reason, say)))
    elif not len(changed):
        lines.append(say("changes.none_at", **at))
    listed = compared.cells(resolution).join(changed, on="cell", how="semi")
    listed = listed.sort(pl.col("change").abs(), "cell", descending=[True, False]).head(LISTED)
    return {
        "kind": "none",
        "reading": lines,
        "top_title": say("changes.top", **at),
        "top": [_row(reading, compared, say, resolution, found) for found in listed.iter_rows()],
        "note": say("changes.top_note"),
    }


def _row(
    reading: Reading, compared: Comparison, say: Speaker, resolution: int, found: tuple[Any, ...]
) -> dict[str, Any]:
    cell, change = found
    here = rows_in_cell(reading.facts, compared.keep, cell, resolution)
    sign = "+" if change > 0 else "−"
    return {
        "label": title(reading, here, say),
        "n": abs(change),
        "said": say("changes.a_week", n=f"{sign}{numbers.decimal(say, abs(change))}"),
        "cell": to_text(pl.Series([cell]))[0],
    }
