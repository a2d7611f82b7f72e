"""Geographic files: GeoJSON points, (Geo)Parquet and GeoReport v2 request lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from geodata.errors import FileUnreadable
from geodata.ingest.raw import RawTable, table_in_memory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LON: Final = "geometry.lon"
LAT: Final = "geometry.lat"
"""Headings given to a point's coordinates; every profile knows them."""

_DAMAGED: Final = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,  # some damage is noticed only deep inside
    OSError,
    ValueError,
)
_GEOGRAPHIC: Final = {"OGC:CRS84", "EPSG:4326", "EPSG:4490", "OGC:CRS83"}


def open_json(path: Path, source: str) -> RawTable:
    """Read a GeoJSON FeatureCollection or a list of Open311 service requests.

    Raises
    ------
    FileUnreadable
        The text is no JSON, or neither of the two.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise FileUnreadable(
            "{source} is not valid JSON ({error}). Export it again.", source=source, error=error
        ) from error
    rows = _rows_of(content, source)
    if not rows:
        raise FileUnreadable("{source} is a list of no cases. Export it again.", source=source)
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return table_in_memory(pl.DataFrame({name: _texts(rows, name) for name in headings}), source)


def _rows_of(content: Any, source: str) -> list[dict[str, Any]]:
    if isinstance(content, dict) and content.get("type") == "FeatureCollection":
        return [_feature(feature) for feature in content.get("features") or []]
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else None
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise FileUnreadable(
            "{source} is JSON, but neither a GeoJSON FeatureCollection nor a list of service "
            "requests (GeoReport v2).",
            source=source,
        )
    return content


def _feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    """One row of a feature; only a Point has coordinates."""
    geometry = feature.get("geometry") or {}
    point = geometry.get("coordinates") if geometry.get("type") == "Point" else None
    lon, lat = (point or (None, None))[:2]
    row = {"id": feature["id"]} if feature.get("id") is not None else {}
    return {**row, **(feature.get("properties") or {}), LON: lon, LAT: lat}


def _texts(rows: Sequence[Mapping[str, Any]], name: str) -> pl.Series:
    return pl.Series(name, [_text(row.get(name)) for row in rows], dtype=pl.String)


def _text(value: Any) -> str | None:
    if value is None or value in ({}, []):
        return None
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def open_parquet(path: Path, source: str) -> RawTable:
    """Read Parquet; a GeoParquet point column becomes `LON` and `LAT`.

    Raises
    ------
    FileUnreadable
        The file is damaged, or its coordinates are not degrees of longitude and latitude.
    """
    import pyarrow as pa  # noqa: PLC0415  slow to import, needed for this format only
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.read_table(path)
        table.validate(full=True)
        geo = json.loads((table.schema.metadata or {}).get(b"geo", b"null"))
        frame = pl.DataFrame(pl.from_arrow(table))
    except (*_DAMAGED, pa.ArrowException) as error:
        raise FileUnreadable(
            "{source} is damaged Parquet ({error}). Export it again.", source=source, error=error
        ) from error
    if geo:
        frame = _with_points(frame, geo, source)
    return table_in_memory(frame.select(_as_text(frame[name]) for name in frame.columns), source)


def _with_points(frame: pl.DataFrame, geo: Mapping[str, Any], source: str) -> pl.DataFrame:
    import shapely  # noqa: PLC0415  slow to import, needed for this format only

    name = geo.get("primary_column", "geometry")
    crs = (geo.get("columns", {}).get(name) or {}).get("crs") or {}
    code = "{authority}:{code}".format_map(crs["id"]) if crs.get("id") else "OGC:CRS84"
    if code not in _GEOGRAPHIC:
        raise FileUnreadable(
            "{source} is in {code}. Save it in longitude and latitude.", source=source, code=code
        )
    shapes = shapely.from_wkb(frame[name].to_list(), on_invalid="ignore")
    return frame.drop(name).with_columns(
        pl.Series(LON, shapely.get_x(shapes)).fill_nan(None),
        pl.Series(LAT, shapely.get_y(shapes)).fill_nan(None),
    )


def _as_text(column: pl.Series) -> pl.Series:
    """Texts that the parsers read back: instants in ISO form, the rest as printed."""
    if isinstance(column.dtype, pl.Datetime):
        offset = "%:z" if column.dtype.time_zone else ""
        return column.dt.strftime(f"%Y-%m-%dT%H:%M:%S%.6f{offset}")
    if isinstance(column.dtype, (pl.List, pl.Array, pl.Struct, pl.Binary)):
        return pl.Series(
            column.name, [None if v is None else str(v) for v in column], dtype=pl.String
        )
    return column.cast(pl.String)
