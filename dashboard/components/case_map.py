"""The map: what is counted travels as Arrow; streets and study cells are there already."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from dashboard import access, actions, components, state
from dashboard.access import Reading
from dashboard.comparison import Comparison, comparison_of
from dashboard.components import target_flags
from dashboard.filters import Picked, View
from dashboard.relax import emptied_by
from dashboard.text import Speaker
from geodata.analysis.breaks import Breaks
from geodata.analysis.facts import UNMAPPED, Facts, Keep
from geodata.analysis.silence import period_alone, silent_rows
from geodata.domain.selection import Selection
from geodata.spatial.cells import STUDY
from geodata.wording.selection import describe, describe_period, period_of

WEEK: Final = 7
_FAR: Final = 1 << 16


def show(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw the map; clicks and tools change the view."""
    compared = comparison_of(reading, view)
    payload = _payload(reading, view, compared, screen.say)
    cells, payload["cells"] = packed_cells(*_cells(reading, view, compared))
    tables = {"cells": cells}
    if view.layer != "cells":
        tables["segments"] = _segments(reading, view, compared)
    components.mount("case_map", screen, payload, key="map", tables=tables, on_patch=state.change)


def _payload(
    reading: Reading, view: View, compared: Comparison | None, say: Speaker
) -> dict[str, Any]:
    return {
        "resolution_data": STUDY,
        "measure": "difference" if compared else view.measure,
        "breaks": _breaks(reading, view, compared),
        "layer": view.layer,
        "resolution": view.resolution,
        "scale_locked": view.locked,
        "silent_areas": silent_areas(reading, view.selection),
        "highlight": actions.highlight(reading.city, view.selection, say),
        "selected": _selected(view.picked),
        "facts": _legend(reading, view, compared, say),
        "tests": compared.tests(say) if compared else None,
        **target_flags.on_map(reading, view, say),
        "empty": _empty(reading, view.selection, say),
        "heard": state.heard(),
    }


def _selected(picked: Picked) -> dict[str, Any] | None:
    chosen = {
        "cell": picked.cell,
        "street": picked.street,
        "segment": picked.segment,
        "polygon": picked.outline,
    }
    return {key: value for key, value in chosen.items() if value is not None} or None


def _empty(reading: Reading, selection: Selection, say: Speaker) -> dict[str, str] | None:
    """What the button on an empty map offers: to let go of the filter that empties it."""
    if access.keep(reading, selection).any():
        return None
    part = emptied_by(reading, selection)
    return {"relax": say("relax.one", part=say(f"relax.{part}"))} if part else None


def _breaks(reading: Reading, view: View, compared: Comparison | None) -> dict[str, Any]:
    """Locked bounds by measure; counts and rates share their data, so both travel."""
    if compared:
        return {"difference": _difference_breaks(access.breaks(reading, "count", WEEK))}
    first, last = period_of(reading.city, reading.facts, view.selection)
    days = (last - first).days + 1
    wanted = ("area_m2",) if view.measure == "area_m2" else ("count", "per_km")
    return {one: access.breaks(reading, one, days) for one in wanted}


def _difference_breaks(weekly: Breaks) -> Breaks:
    """Symmetric steps of change a week, from the weekly scale of counts."""
    steps = {key: [bounds[i] / 2 for i in (1, 3, 5)] for key, bounds in weekly.items()}
    return {key: [-high, -mid, -low, low, mid, high] for key, (low, mid, high) in steps.items()}


def _legend(
    reading: Reading, view: View, compared: Comparison | None, say: Speaker
) -> dict[str, Any]:
    keep = access.keep(reading, view.selection)
    channels = _channels_seen(reading, view.selection)
    named = {one.code: say.name(one) for one in reading.city.channels}
    named[UNMAPPED] = say("value.unmapped")
    return {
        "n": compared.n if compared else int(np.count_nonzero(keep)),
        "period": compared.words(say)
        if compared
        else describe_period(reading.city, reading.facts, view.selection, say),
        "filters": describe(
            reading.city, reading.facts, compared.base if compared else view.selection, say
        ),
        "version": f"v{max(reading.facts.version, 0)}",
        "source": say.listed([named.get(code, code) for code in channels], most=4),
    }


def _channels_seen(reading: Reading, selection: Selection) -> list[str]:
    """Channels with a case, most first."""
    counts = access.codes(reading, selection, "channel")
    return [code for code, n in sorted(counts.items(), key=lambda pair: -pair[1]) if n]


def _cells(
    reading: Reading, view: View, compared: Comparison | None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Cells at the map's finest resolution, rising, and their values; the browser coarsens."""
    if compared:
        table, column = compared.cells(), "change"
    else:
        table = access.cells(reading, view.selection)
        column = "area_m2" if view.measure == "area_m2" else "cases"
    value = table[column].to_numpy()
    shown = slice(None) if compared else value > 0
    return table["cell"].to_numpy()[shown], value[shown]


def packed_cells(
    cell: npt.NDArray[np.int64],
    value: npt.NDArray[Any],
    flag: npt.NDArray[np.bool_] | None = None,
) -> tuple[pa.Table, dict[str, Any]]:
    """Write rising cells as steps from one to the next: three to six bytes each instead of twelve.

    Parameters
    ----------
    flag
        Which cells are outlined as significant, where any may be.

    Returns
    -------
    tuple
        ``step`` (0 where it is too long for 16 bits), ``value`` and ``value2`` (the flag); then
        ``first`` (hexadecimal), the ``unit`` of a step and the ``far`` steps left out of the
        table, in order.
    """
    unit = 1 << 3 * (15 - STUDY)
    steps = np.diff(cell, prepend=cell[:1]) // unit
    far = steps >= _FAR
    far[:1] = False
    columns = {"step": pa.array(np.where(far, 0, steps).astype(np.uint16)), "value": _narrow(value)}
    if flag is not None:
        columns["value2"] = pa.array(flag.astype(np.uint8))
    table = pa.table(columns)
    first = f"{int(cell[0]):x}" if len(cell) else None
    return table, {"first": first, "unit": unit, "far": steps[far].tolist()}


def _narrow(value: npt.NDArray[Any]) -> pa.Array:
    """Whole numbers in as few bytes as hold the largest, others in four."""
    if value.dtype.kind == "f":
        return pa.array(value.astype(np.float32))
    largest = int(value.max(initial=0))
    return pa.array(value.astype(np.min_scalar_type(largest)))


def _segments(reading: Reading, view: View, compared: Comparison | None) -> pa.Table:
    """Row of each segment in the base map, and its value; those without a case are left out."""
    value: npt.NDArray[Any]
    if compared:
        value = compared.segments()
    elif view.measure == "area_m2":
        value = access.answer(reading, "segment area", view.selection, segment_area_m2)
    else:
        value = access.segments(reading, view.selection)[:-1]
    some = np.flatnonzero(value)
    return pa.table({"index": pa.array(some, type=pa.uint32()), "value": _narrow(value[some])})


def segment_area_m2(facts: Facts, keep: Keep) -> npt.NDArray[np.float64]:
    """Reported m² on each segment, in file order."""
    rows = facts.frame.select("segment", "area_m2").filter(
        pl.Series(keep) & (pl.col("segment") >= 0) & (pl.col("area_m2") > 0)
    )
    weights = rows["area_m2"].to_numpy().astype(np.float64)
    return np.bincount(
        rows["segment"].to_numpy(), weights=weights, minlength=len(facts.segments)
    ).astype(np.float64)


def silent_areas(reading: Reading, selection: Selection) -> list[int]:
    """Rows of the areas from which nothing at all was reported in the period: no data, not zero."""
    cases = access.codes(reading, period_alone(selection), "area")
    return silent_rows(reading.facts, cases)
