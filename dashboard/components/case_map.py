"""The map: what is counted travels as Arrow; streets and study cells are there already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from dashboard import access, components, state
from dashboard.access import Reading
from dashboard.filters import View
from dashboard.selection_words import describe, describe_period, period_of
from dashboard.text import Speaker
from geodata.analysis.counts import count_by, count_by_cell, count_by_segment
from geodata.analysis.facts import Facts, Keep
from geodata.domain.selection import Selection
from geodata.spatial.cells import STUDY

WEEK = 7


def show(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw the map; clicks and tools change the view."""
    payload = _payload(reading, view, screen.say)
    tables: dict[str, Any] = {"cells": _cells(reading, view)}
    if view.layer != "cells":
        tables["segments"] = _segments(reading, view)
    components.mount("case_map", screen, payload, key="map", tables=tables, on_patch=state.change)


def _payload(reading: Reading, view: View, say: Speaker) -> dict[str, Any]:
    measure = "difference" if view.compare else view.measure
    first, last = period_of(reading, view.selection)
    picked = view.picked
    selected = {"cell": picked.cell, "street": picked.street, "polygon": picked.outline}
    return {
        "resolution_data": STUDY,
        "measure": measure,
        "breaks": _breaks(reading, measure, (last - first).days + 1),
        "layer": view.layer,
        "resolution": view.resolution,
        "scale_locked": view.locked,
        "silent_areas": silent_areas(reading, view.selection),
        "highlight": {"streets": sorted(view.selection.streets or ())},
        "selected": {key: value for key, value in selected.items() if value} or None,
        "facts": _legend(reading, view, say),
    }


def _breaks(reading: Reading, measure: str, days: int) -> dict[str, Any]:
    """Locked bounds by measure; counts and rates share their data, so both travel."""
    if measure == "difference":
        return {measure: _difference_breaks(access.breaks(reading, "count", WEEK))}
    wanted = ("count", "per_km") if measure != "area_m2" else ("area_m2",)
    return {one: access.breaks(reading, one, days) for one in wanted}


def _difference_breaks(weekly: dict[str, list[float]]) -> dict[str, list[float]]:
    """Symmetric steps of change a week, from the weekly scale of counts."""
    steps = {key: [bounds[i] / 2 for i in (1, 3, 5)] for key, bounds in weekly.items()}
    return {
        key: [-1e9, -high, -middle, -low, low, middle, high]
        for key, (low, middle, high) in steps.items()
    }


def _legend(reading: Reading, view: View, say: Speaker) -> dict[str, Any]:
    keep = access.keep(reading, view.selection)
    channels = access.answer(reading, "channels seen", view.selection, _channels_seen)
    named = {one.code: say.name(one) for one in reading.city.channels}
    return {
        "n": int(np.count_nonzero(keep)),
        "period": describe_period(reading, view.selection, say),
        "filters": describe(reading, view.selection, say),
        "version": f"v{max(reading.facts.version, 0)}",
        "source": say.listed([named.get(code, code) for code in channels], most=4),
    }


def _channels_seen(facts: Facts, keep: Keep) -> list[str]:
    table = count_by(facts, keep, "channel").filter(pl.col("cases") > 0)
    return table.sort("cases", descending=True)["code"].to_list()


def _cells(reading: Reading, view: View) -> pa.Table:
    """Cell as two 32-bit halves, and its value; finest map resolution, the browser coarsens."""
    if view.compare:
        return _packed(*_difference(reading, view))
    counts = access.answer(reading, "cells", view.selection, _count_cells)
    column = "area_m2" if view.measure == "area_m2" else "cases"
    kind = pa.float32() if view.measure == "area_m2" else pa.uint32()
    return _packed(counts["cell"].to_numpy(), counts[column].to_numpy(), kind)


def _count_cells(facts: Facts, keep: Keep) -> pl.DataFrame:
    return count_by_cell(facts, keep, resolution=STUDY)


def _packed(cell: Any, value: Any, kind: pa.DataType | None = None) -> pa.Table:
    unsigned = np.asarray(cell).astype(np.uint64)
    return pa.table(
        {
            "hi": pa.array((unsigned >> np.uint64(32)).astype(np.uint32)),
            "lo": pa.array((unsigned & np.uint64(0xFFFFFFFF)).astype(np.uint32)),
            "value": pa.array(value, type=kind or pa.float32()),
        }
    )


def _difference(reading: Reading, view: View) -> tuple[Any, Any]:
    """Cases per day in ``b`` less cases per day in ``a``, cell by cell."""
    a, b = view.compare or ("", "")
    sides = []
    for phase, sign in ((a, -1.0), (b, 1.0)):
        days = access.phase_days(reading, phase)
        chosen = replace(
            view.selection, phases=access.phase_codes(reading, phase), from_on=None, until_on=None
        )
        counts = access.answer(reading, "cells", chosen, _count_cells)
        sides.append(counts.select("cell", value=pl.col("cases") * (sign * 7 / max(days, 1))))
    both = pl.concat(sides).group_by("cell").agg(pl.col("value").sum()).sort("cell")
    return both["cell"].to_numpy(), both["value"].to_numpy().astype(np.float32)


def _segments(reading: Reading, view: View) -> pa.Table:
    counts = access.answer(reading, "segments", view.selection, count_by_segment)
    on_street = counts.head(-1).with_row_index("index").filter(pl.col("cases") > 0)
    return pa.table(
        {
            "index": pa.array(on_street["index"].to_numpy(), type=pa.uint32()),
            "value": pa.array(on_street["cases"].to_numpy(), type=pa.uint32()),
        }
    )


def silent_areas(reading: Reading, selection: Selection) -> list[int]:
    """Rows of the areas from which nothing at all was reported in the period: no data, not zero."""
    period = Selection(
        phases=selection.phases, from_on=selection.from_on, until_on=selection.until_on
    )
    counts = access.answer(reading, "by area", period, _by_area)
    tree = reading.facts.areas
    leaves = [(row, area) for row, area in enumerate(tree) if not tree.children(area.code)]
    if not any(counts.get(area.code) for _, area in leaves):
        return []
    return [row for row, area in leaves if not counts.get(area.code)]


def _by_area(facts: Facts, keep: Keep) -> dict[str, int]:
    table = count_by(facts, keep, "area")
    return dict(zip(table["code"].to_list(), table["cases"].to_list(), strict=True))
