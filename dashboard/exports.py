"""Downloads: exactly what a view shows, as a file. The view comes from the query of its link."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import shapely.geometry

from dashboard import access, picked
from dashboard.access import Reading
from dashboard.comparison import Comparison, comparison_of
from dashboard.downloads import ledger, look_back, phones
from dashboard.downloads.file import ExportFile, export_file, safe_csv
from dashboard.filters import View, from_query
from dashboard.text import Speaker
from geodata.analysis.counts import count_by_segment
from geodata.errors import ChoiceUnknown
from geodata.spatial import cells
from geodata.store.details import cases_of
from geodata.store.lake import Lake
from geodata.tables import cell_table, shapes_of
from geodata.wording.selection import describe, describe_period

FORMATS: Final = ("csv", "geojson", "parquet")
"""Of the table behind the map."""

Download = Callable[[Reading, View, Speaker], ExportFile]

DOWNLOADS: Final[dict[tuple[str, str], Download]] = {
    ("tasks", "xlsx"): ledger.tasks,
    ("stage_times", "csv"): ledger.times,
    ("look-back", "xlsx"): look_back.workbook,
    ("look-back", "csv"): look_back.csv,
    ("phones", "xlsx"): phones.workbook,
}
"""Downloads of single pages: ``what`` and ``format`` of the link → what makes the file."""

DEFAULT_RESOLUTION: Final = 10
_LEFT_OUT: Final = ("cell", "by_name", "month", "source_file", "source_row", "assisting")


def build(query: Mapping[str, str]) -> ExportFile:
    """Return the file a download link asks for.

    Raises
    ------
    ChoiceUnknown
        The link names a format, or a download, there is not.
    """
    form, what = query.get("format", "csv"), query.get("what", "")
    make = DOWNLOADS.get((what, form))
    if make is None and (what or form not in FORMATS):
        raise ChoiceUnknown(
            "There is no download with what={what} and format={form}. Take a download from its "
            "page; there are {known}.",
            what=what or "-",
            form=form,
            known=_known(),
        )
    reading, view = access.reading(), from_query(query)
    say = Speaker(query.get("lang", "zh"))
    return make(reading, view, say) if make else _table(reading, view, say, form)


def _known() -> list[str]:
    return [*FORMATS, *(f"what={what} format={form}" for what, form in DOWNLOADS)]


def _table(reading: Reading, view: View, say: Speaker, form: str) -> ExportFile:
    """The cases of what is picked; with nothing picked, the table behind the map."""
    table, shapes, what = _shown(reading, view)
    if reading.city.made_up:
        table = table.with_columns(made_up=pl.lit(value=True))
    about = _about(reading, view, say)
    return export_file(reading, what, form, _WRITERS[form](table, shapes, about))


def _shown(reading: Reading, view: View) -> tuple[pl.DataFrame, list[Any], str]:
    """The cases of what is picked; with nothing picked, the table behind the map."""
    place = picked.find(reading, view)
    if place is not None:
        cases = _cases(reading, place.rows)
        return (
            cases,
            list(shapely.points(cases["lon"].to_numpy(), cases["lat"].to_numpy())),
            "cases",
        )
    compared = comparison_of(reading, view)
    if view.layer == "streets":
        table = _streets(reading, view, compared)
        return table, shapes_of(reading.city, table, "segment"), "streets"
    resolution = view.resolution or DEFAULT_RESOLUTION
    table = _cells(reading, view, compared, resolution)
    return table, shapes_of(reading.city, table, "cell"), f"cells-r{resolution}"


def _cells(
    reading: Reading, view: View, compared: Comparison | None, resolution: int
) -> pl.DataFrame:
    """The cells on screen; of a comparison, their change in cases a week and what was tested.

    ``finding`` is 1 where there are surely more, −1 where fewer, 0 where neither; without ``q`` a
    cell was not tested.
    """
    if compared is None:
        keep = access.keep(reading, view.selection)
        return cell_table(reading.city, reading.facts, keep, resolution)
    changes = compared.cells(resolution).join(
        compared.findings(resolution), on="cell", how="left", maintain_order="left"
    )
    lon, lat = cells.centres_of(changes["cell"].to_numpy()).T
    return changes.select(
        cell=pl.Series(cells.to_text(changes["cell"]), dtype=pl.String),
        lon=pl.Series(lon).round(6),
        lat=pl.Series(lat).round(6),
        change_per_week=pl.col("change").round(4),
        finding=pl.col("finding"),
        q=pl.col("q").round(4),
    )


def _streets(reading: Reading, view: View, compared: Comparison | None) -> pl.DataFrame:
    """The street segments on screen, the unassigned last; of a comparison, their change."""
    counts = count_by_segment(reading.facts, access.keep(reading, view.selection))
    if compared is None:
        return counts
    changes = pl.Series("change_per_week", compared.segments()).round(4)
    return counts.head(-1).drop("cases", "per_km").with_columns(changes)


def _cases(reading: Reading, rows: picked.Rows) -> pl.DataFrame:
    """Whole cases, times in the city's own zone."""
    found = cases_of(Lake(reading.city.lake), reading.facts, rows).drop(_LEFT_OUT)
    times = pl.col(pl.Datetime("us", "UTC")).dt.convert_time_zone(reading.city.timezone)
    return found.with_columns(times.dt.to_string("iso:strict"))


def _about(reading: Reading, view: View, say: Speaker) -> dict[str, Any]:
    """What the numbers are of: travels inside GeoJSON and GeoParquet."""
    compared = comparison_of(reading, view)
    period = describe_period(reading.city, reading.facts, view.selection, say)
    return {
        "city": reading.city.name,
        "made_up": reading.city.made_up,
        "version": reading.facts.version,
        "as_of": reading.facts.as_of.isoformat(),
        "period": compared.words(say) if compared else period,
        "filters": describe(reading.city, reading.facts, view.selection, say),
        "credit": say.credit(reading.city.map),
    }


def _csv(table: pl.DataFrame, _shapes: list[Any], _about: dict[str, Any]) -> bytes:
    return safe_csv(table)


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
    import geopandas as gpd  # noqa: PLC0415 - slow to import, and only this download needs it

    layer = gpd.GeoDataFrame(table.to_pandas(), geometry=shapes, crs="EPSG:4326")
    first = io.BytesIO()
    layer.to_parquet(first, index=False)
    written = pq.read_table(pa.BufferReader(first.getvalue()))
    told = {**(written.schema.metadata or {}), b"guatu": json.dumps(about, ensure_ascii=False)}
    labelled = io.BytesIO()
    pq.write_table(written.replace_schema_metadata(told), labelled)
    return labelled.getvalue()


_WRITERS: Final = {"csv": _csv, "geojson": _geojson, "parquet": _parquet}
