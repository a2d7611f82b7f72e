"""Maps of hot spots: stamped cells, a phase on the weekly scale, two phases' difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from dashboard import components, state, tested_changes
from dashboard.access import Reading
from dashboard.components.case_map import packed_cells
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.emerging_classes import KINDS, class_name
from geodata.domain.selection import Selection
from geodata.findings.gathering.emerging import EmergingFinding
from geodata.findings.gathering.hotspot_words import class_stamp
from geodata.findings.gathering.hotspots import HotSpotFinding
from geodata.findings.gathering.phase_maps import PhaseMaps, Side
from geodata.findings.gathering.study import Ground
from geodata.spatial.cells import centres_of, from_text, parent_of, resolution_of
from geodata.wording.selection import describe, describe_period

Row = Mapping[str, Any]

SURE: Final = ("sure_99", "sure_95", "sure_90")
"""Codes of the confidence classes, surest first; bins 3, 2, 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Cells and numbers of one map.

    Attributes
    ----------
    value
        One per cell: a 1-based class, or cases a week.
    told
        What the engine must know beside the cells: measure, classes, breaks, words.
    """

    ground: Ground
    value: npt.NDArray[Any]
    told: Row
    selection: Selection
    n: float


def show(
    reading: Reading,
    view: View,
    screen: state.Screen,
    drawn: Drawn,
    *,
    key: str,
    selected: int | None = None,
    callouts: Sequence[int] = (),
    alone: bool = True,
) -> None:
    """Draw one map; a click picks a place.

    Parameters
    ----------
    selected
        The picked cell.
    callouts
        Cells of the list beside the map, numbered in this order.
    alone
        False for one of several maps that move together.
    """
    order = _told(drawn)
    table, cells = packed_cells(drawn.ground.cells[order], drawn.value[order])
    payload = {
        "alone": alone,
        "pinned": True,
        "focus": _focus(selected, drawn.ground.resolution),
        "resolution_data": drawn.ground.resolution,
        "resolution": drawn.ground.resolution,
        "layer": "table" if view.layer == "table" else "cells",
        "scale_locked": True,
        "silent_areas": _silent_rows(reading, drawn.ground),
        "selected": {"cell": f"{selected:x}"} if selected is not None else None,
        "callouts": _callouts(callouts),
        "facts": _facts(reading, drawn, screen.say),
        "cells": cells,
        "heard": state.heard(),
        "legend": None,
        "tests": None,
        **drawn.told,
    }
    components.mount(
        "case_map", screen, payload, key=key, tables={"cells": table}, on_patch=state.change
    )


def picked_cell(view: View, ground: Ground) -> int | None:
    """Return the study cell that is picked, or that holds the picked finer cell; else None."""
    if view.picked.cell is None:
        return None
    try:
        cell = from_text(view.picked.cell)
    except ValueError:
        return None
    if resolution_of(cell) < ground.resolution:
        return None
    held = int(parent_of(np.array([cell]), ground.resolution)[0])
    return held if ground.position(held) is not None else None


def _told(drawn: Drawn) -> npt.NDArray[np.int64]:
    """Rows of the cells that travel. Of classes all: a cell without one was tested, others not.

    Where cases are counted, the study area itself draws the zeros.
    """
    if drawn.told["measure"] == "class":
        return np.arange(len(drawn.value))
    return np.flatnonzero(drawn.value)


_CLOSE: Final = {8: 13.0, 9: 14.0, 10: 15.0}
"""Zoom at which the hexagons of a resolution can be told apart."""


def _focus(cell: int | None, resolution: int) -> dict[str, Any] | None:
    """Where the picked cell lies, for a map that does not show it."""
    if cell is None:
        return None
    ((lon, lat),) = centres_of(np.array([cell], dtype=np.int64)).tolist()
    return {"cell": f"{cell:x}", "center": [lon, lat], "zoom": _CLOSE[resolution]}


def _silent_rows(reading: Reading, ground: Ground) -> list[int]:
    return [row for row, area in enumerate(reading.facts.areas) if area.code in ground.silent]


def _callouts(cells: Sequence[int]) -> list[dict[str, Any]]:
    centres = centres_of(np.array(cells, dtype=np.int64))
    return [{"n": n, "lonlat": [float(lon), float(lat)]} for n, (lon, lat) in enumerate(centres, 1)]


def _facts(reading: Reading, drawn: Drawn, say: Speaker) -> dict[str, Any]:
    return {
        "n": float(drawn.n),
        "period": describe_period(reading.city, reading.facts, drawn.selection, say),
        "filters": describe(reading.city, reading.facts, drawn.selection, say),
        "version": f"v{max(reading.facts.version, 0)}",
    }


def sure_map(finding: HotSpotFinding, say: Speaker) -> Drawn:
    """Hot and cold cells by how sure the test is."""
    bins = finding.spots.cells["bin"].to_numpy().astype(np.int64)
    value = np.where(bins > 0, 4 - bins, np.where(bins < 0, 7 + bins, 0))
    return Drawn(
        ground=finding.ground,
        value=value.astype(np.uint8),
        told={
            "measure": "class",
            "classes": [*({"code": code} for code in SURE),
                        *({"code": code, "cold": True} for code in SURE)],
            "legend": {"title": say("hotspots.sure_title")},
        },
        selection=finding.selection,
        n=finding.spots.cases,
    )  # fmt: skip


def class_map(finding: EmergingFinding, say: Speaker) -> Drawn:
    """Cells stamped with their class over time."""
    listed = [(kind, side) for side in (1, -1) for kind in range(1, len(KINDS) + 1)]
    number = {class_name(kind * side): at for at, (kind, side) in enumerate(listed, 1)}
    codes = finding.classes.cells["class"].cast(pl.String)
    value = codes.replace_strict(number, default=0, return_dtype=pl.UInt8).to_numpy()
    return Drawn(
        ground=finding.ground,
        value=value,
        told={
            "measure": "class",
            "classes": [_class(kind * side, say) for kind, side in listed],
            "legend": {"title": say("hotspots.weeks_title", weeks=len(finding.weeks))},
        },
        selection=finding.selection,
        n=float(finding.cube.sum()),
    )


def _class(code: int, say: Speaker) -> dict[str, Any]:
    return {
        "code": KINDS[abs(code) - 1],
        "cold": code < 0,
        "stamp": class_stamp(class_name(code), say),
    }


def phase_map(maps: PhaseMaps, side: Side, name: str, say: Speaker) -> Drawn:
    """Cases a week of one phase, on the scale both share."""
    return Drawn(
        ground=maps.ground,
        value=side.per_week.astype(np.float32),
        told={
            "measure": "count",
            "breaks": {"count": {str(maps.chosen.resolution): list(maps.scale)}},
            "legend": {"title": name, "unit": say("hotspots.per_week")},
        },
        selection=side.selection,
        n=float(side.cases.sum()),
    )


def difference_map(maps: PhaseMaps, both: Selection, say: Speaker) -> Drawn:
    """Change of cases a week, cells that surely changed outlined."""
    low, middle, high = (maps.scale[at] / 2 for at in (1, 3, 5))
    return Drawn(
        ground=maps.ground,
        value=maps.cells["change"].to_numpy().astype(np.float32),
        told={
            "measure": "difference",
            "tests": {str(maps.chosen.resolution): tested_changes.told(maps, say)},
            "breaks": {
                "difference": {
                    str(maps.chosen.resolution): [-high, -middle, -low, low, middle, high]
                }
            },
        },
        selection=both,
        n=float(maps.first.cases.sum() + maps.second.cases.sum()),
    )
