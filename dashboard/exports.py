"""Downloads: exactly what a view shows, as a file. The view comes from the query of its link."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import polars as pl
import shapely
import shapely.geometry

from dashboard import access, picked
from dashboard.access import Reading
from dashboard.filters import View, from_query
from dashboard.selection_words import describe, describe_period
from dashboard.text import Speaker
from geodata.analysis.counts import count_by_segment
from geodata.ingest.spreadsheet_safety import protected
from geodata.store.details import cases_of
from geodata.store.lake import Lake
from geodata.tables import cell_table, shapes_of

KINDS: Final = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "geojson": ("geojson", "application/geo+json"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
}
DEFAULT_RESOLUTION: Final = 10
_LEFT_OUT: Final = ("cell", "by_name", "month", "source_file", "source_row", "assisting")


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file ready to be sent."""

    name: str
    kind: str
    body: bytes


def build(query: Mapping[str, str]) -> ExportFile:
    """Return the file a download link asks for.

    Raises
    ------
    ValueError
        The link names a format there is not.
    """
    form = query.get("format", "csv")
    if form not in KINDS:
        raise ValueError(f"format is {form!r}; there are {', '.join(KINDS)}")
    reading, view = access.reading(), from_query(query)
    say = Speaker(query.get("lang", "zh"))
    table, shapes, what = _shown(reading, view)
    suffix, kind = KINDS[form]
    name = f"guatu-{what}-v{max(reading.facts.version, 0)}.{suffix}"
    about = _about(reading, view, say)
    return ExportFile(name, kind, _WRITERS[form](table, shapes, about))


def _shown(reading: Reading, view: View) -> tuple[pl.DataFrame, list[Any], str]:
    """The cases of what is picked; with nothing picked, the table behind the map."""
    place = picked.find(reading, view)
    if place is not None:
        cases = _cases(reading, place.rows)
        return cases, list(shapely.points(cases["lon"].to_numpy(), cases["lat"].to_numpy())), "cases"
    keep = access.keep(reading, view.selection)
    if view.layer == "streets":
        table = count_by_segment(reading.facts, keep)
        return table, shapes_of(reading.city, table, "segment"), "streets"
    resolution = view.resolution or DEFAULT_RESOLUTION
    table = cell_table(reading.city, reading.facts, keep, resolution)
    return table, shapes_of(reading.city, table, "cell"), f"cells-r{resolution}"


def _cases(reading: Reading, rows: np.ndarray) -> pl.DataFrame:  # type: ignore[type-arg]
    """Whole cases, times in the city's own zone."""
    found = cases_of(Lake(reading.city.lake), reading.facts, rows).drop(_LEFT_OUT)
    times = pl.col(pl.Datetime("us", "UTC")).dt.convert_time_zone(reading.city.timezone)
    return found.with_columns(times.dt.to_string("iso:strict"))


def _about(reading: Reading, view: View, say: Speaker) -> dict[str, Any]:
    """What the numbers are of: travels inside GeoJSON and GeoParquet."""
    return {
        "city": reading.city.name,
        "made_up": reading.city.made_up,
        "version": reading.facts.version,
        "as_of": reading.facts.as_of.isoformat(),
        "period": describe_period(reading, view.selection, say),
        "filters": describe(reading, view.selection, say),
        "credit": reading.city.map.credit,
    }


def _csv(table: pl.DataFrame, _shapes: list[Any], _about: dict[str, Any]) -> bytes:
    return b"\xef\xbb\xbf" + table.with_columns(protected(pl.col(pl.String))).write_csv().encode()


def _geojson(table: pl.DataFrame, shapes: list[Any], about: dict[str, Any]) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for row, shape in zip(table.to_dicts(), shapes, strict=True)
    ]
    collection = {"type": "FeatureCollection", "about": about, "features": features}
    return json.dumps(collection, ensure_ascii=False, default=str).encode()


def _parquet(table: pl.DataFrame, shapes: list[Any], about: dict[str, Any]) -> bytes:
    frame = gpd.GeoDataFrame(table.to_pandas(), geometry=shapes, crs="EPSG:4326")
    frame.attrs = about
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


_WRITERS: Final = {"csv": _csv, "geojson": _geojson, "parquet": _parquet}
