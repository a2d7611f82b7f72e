"""What the map shows of a selection, as plain values a browser can be handed.

The same numbers and the same locked colours as on the dashboard, for all three measures at
once: a page without a server behind it can still change the measure.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.breaks import MEASURES, SEGMENT, Breaks, locked_breaks, period_step
from geodata.analysis.counts import count_by, count_by_cell, count_by_segment
from geodata.analysis.facts import Facts, Keep, kept
from geodata.analysis.silence import period_alone, silent_rows
from geodata.city import City
from geodata.domain.selection import Selection
from geodata.errors import GeodataError
from geodata.maps import assets
from geodata.spatial.cells import STUDY
from geodata.spatial.study import street_km
from geodata.store import layers
from geodata.wording import Words
from geodata.wording.selection import describe, describe_period, period_of

RESOLUTIONS: Final = (8, 9, 10, STUDY)
"""H3 resolutions the map can draw."""

THEMES: Final = ("light", "dark")


class MapChoiceUnknown(GeodataError):
    """A measure, resolution, language or theme the map does not have."""


def packed_state(
    city: City,
    facts: Facts,
    selection: Selection,
    *,
    basemap: str,
    resolution: int | None = None,
    measure: str = "count",
    language: str = "zh",
    theme: str = "light",
) -> str:
    """Pack everything a map needs into one text of the characters A–Z a–z 0–9 + / =.

    Parameters
    ----------
    basemap
        The city's base map as `geodata.maps.basemap.build_basemap` gives it (JSON).

    Returns
    -------
    str
        Base64 of gzipped JSON. Whatever the city's names and streets hold, no markup, template
        or script can appear in it. Equal input, equal text.

    Raises
    ------
    MapChoiceUnknown
        A choice is none of the map's; the message lists those it has.
    """
    _check(measure=measure, resolution=resolution, language=language, theme=theme)
    say, keep = Words(language), kept(facts, selection)
    content = {
        "basemap": _without_tiles(json.loads(basemap)),
        "title": say("page.title", city=_city_name(city, language)),
        "text": assets.words(language),
        "lang": language,
        "theme": theme,
        "numbers": {"count": _counts(facts, keep), "area_m2": _areas_m2(facts, keep)},
        "state": {
            "resolution_data": STUDY,
            "resolution": resolution,
            "measure": measure,
            "layer": "cells",
            "scale_locked": True,
            "breaks": _all_breaks(city, facts, selection),
            "silent_areas": silent_areas(facts, selection),
            "highlight": {"streets": sorted(selection.streets or ())},
            "facts": _legend(city, facts, selection, keep, say),
        },
    }
    return packed(content)


def _without_tiles(basemap: dict[str, Any]) -> dict[str, Any]:
    """Leave out a tile server: a page made here asks no host, not even one on the intranet."""
    return {key: value for key, value in basemap.items() if key != "tiles"}


def packed(content: Any) -> str:
    """Return base64 of gzipped JSON; equal content, equal text."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    squeezed = gzip.compress(text.encode("utf-8", "surrogatepass"), 9, mtime=0)
    return base64.b64encode(squeezed).decode("ascii")


def _check(**chosen: object) -> None:
    known: dict[str, tuple[object, ...]] = {
        "measure": MEASURES,
        "resolution": (None, *RESOLUTIONS),
        "language": assets.LANGUAGES,
        "theme": THEMES,
    }
    for what, value in chosen.items():
        if value not in known[what]:
            raise MapChoiceUnknown(
                "The map has no {what} {value!r}. Choose one of: {known:quoted}.",
                what=what,
                value=value,
                known=known[what],
            )


def _city_name(city: City, language: str) -> str:
    return (city.name_en if language == "en" else "") or city.name


def _counts(facts: Facts, keep: Keep) -> dict[str, Any]:
    """Cases by study cell and by segment; cells and segments without a case are left out."""
    cells = count_by_cell(facts, keep, resolution=STUDY)
    segments = count_by_segment(facts, keep)["cases"].head(-1).to_numpy()
    return _numbers(cells["cell"].to_numpy(), cells["cases"].to_numpy(), segments)


def _areas_m2(facts: Facts, keep: Keep) -> dict[str, Any]:
    """Reported m² by study cell and by segment, those without any left out."""
    cells = count_by_cell(facts, keep, resolution=STUDY).filter(pl.col("area_m2") > 0)
    return _numbers(
        cells["cell"].to_numpy(), cells["area_m2"].to_numpy(), _segment_area_m2(facts, keep)
    )


def _segment_area_m2(facts: Facts, keep: Keep) -> npt.NDArray[np.float64]:
    """Reported m² on each segment, in file order."""
    rows = facts.frame.select("segment", "area_m2").filter(
        pl.Series(keep) & (pl.col("segment") >= 0)
    )
    at, area = rows["segment"].to_numpy(), rows["area_m2"].to_numpy().astype(np.float64)
    return np.bincount(at, weights=area, minlength=len(facts.segments)).astype(np.float64)


def _numbers(
    cell: npt.NDArray[np.int64], value: npt.NDArray[Any], segments: npt.NDArray[Any]
) -> dict[str, Any]:
    unsigned = cell.astype(np.uint64)
    some = np.flatnonzero(segments > 0)
    return {
        "cells": {
            "hi": _coded(unsigned >> np.uint64(32), "<u4"),
            "lo": _coded(unsigned & np.uint64(0xFFFFFFFF), "<u4"),
            "value": _coded(value, "<f8"),
        },
        "segments": {"index": _coded(some, "<u4"), "value": _coded(segments[some], "<f8")},
    }


def _coded(values: npt.NDArray[Any], kind: str) -> dict[str, str]:
    return {"b64": base64.b64encode(values.astype(kind).tobytes()).decode("ascii")}


def _all_breaks(city: City, facts: Facts, selection: Selection) -> dict[str, Any]:
    first, last = period_of(city, facts, selection)
    days = (last - first).days + 1
    return {measure: breaks_of(city, facts, measure, days) for measure in MEASURES}


def breaks_of(city: City, facts: Facts, measure: str, days: int) -> Breaks:
    """Return the locked colour bounds for a period of ``days``: the city's own, else computed.

    Returns
    -------
    dict
        Resolution, or ``street``, → seven rising lower bounds in cases, cases per km or m².
        Square metres on streets have the bounds of resolution 10.
    """
    study = layers.study_table(city.layers)
    km = {resolution: street_km(study, resolution) for resolution in RESOLUTIONS}
    found = locked_breaks(facts, measure, RESOLUTIONS, days=period_step(days), km=km)
    if measure == "area_m2":
        found[SEGMENT] = found["10"]  # the street scale is one of cases, not of m²
    stated = city.map.breaks.get(measure, {})
    return found | {resolution: list(bounds) for resolution, bounds in stated.items()}


def silent_areas(facts: Facts, selection: Selection) -> list[int]:
    """Rows of the lowest areas from which nothing at all was reported in the period.

    That is no data, not zero. Empty where no area reported anything.
    """
    table = count_by(facts, kept(facts, period_alone(selection)), "area")
    return silent_rows(facts, dict(table.iter_rows()))


def _legend(
    city: City, facts: Facts, selection: Selection, keep: Keep, say: Words
) -> dict[str, Any]:
    channels = count_by(facts, keep, "channel").filter(pl.col("cases") > 0)
    seen = channels.sort("cases", descending=True)["code"].to_list()
    names = {one.code: say.name(one) for one in city.channels}
    names["unmapped"] = say("value.unmapped")
    return {
        "n": int(np.count_nonzero(keep)),
        "period": describe_period(city, facts, selection, say),
        "filters": describe(city, facts, selection, say),
        "version": f"v{max(facts.version, 0)}",
        "source": say.listed([names.get(code, code) for code in seen], most=4),
    }
