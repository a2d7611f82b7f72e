"""The table a map draws, by any unit, as text: what ``counts`` prints and the page downloads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyproj
import shapely
import shapely.geometry

from geodata.analysis.counts import count_by, count_by_cell, count_by_segment, count_by_street
from geodata.analysis.facts import Facts, Keep, kept
from geodata.city import City
from geodata.domain.selection import Selection
from geodata.errors import GeodataError
from geodata.ingest.spreadsheet_safety import protected
from geodata.spatial import cells
from geodata.spatial.study import street_km
from geodata.store import layers
from geodata.store.facts import load_facts
from geodata.store.lake import Lake

if TYPE_CHECKING:
    import geopandas as gpd

WITH_GEOMETRY = ("cell", "segment", "area", "unit_grid")


def count_table(
    city: City,
    selection: Selection,
    unit: str,
    *,
    resolution: int = 10,
    metres: int = 200,
    version: int | None = None,
    facts: Facts | None = None,
) -> pl.DataFrame:
    """Count the cases of a selection by a unit; the numbers of the map.

    Returns
    -------
    polars.DataFrame
        For cells: ``cell`` (hexadecimal), ``lon``, ``lat`` of the centre, ``cases``,
        ``area_m2``, ``street_km``, ``per_km``. For segments and streets: see
        `geodata.analysis.counts`. For places: ``kind``, ``name``, ``within_m``, ``cases``.
        For any coded column: ``code``, ``name``, ``cases``.
    """
    facts = load_facts(city, version) if facts is None else facts
    keep = kept(facts, selection)
    if unit == "cell":
        return cell_table(city, facts, keep, resolution)
    if unit == "segment":
        return count_by_segment(facts, keep)
    if unit == "street":
        return count_by_street(facts, keep)
    if unit == "unit_grid":
        return _by_unit_grid(facts, keep)
    if unit == "place":
        return _by_place(city, facts, keep, metres)
    return _named(city, facts, count_by(facts, keep, unit), unit)


def cell_table(city: City, facts: Facts, keep: Keep, resolution: int) -> pl.DataFrame:
    """Cells with a case, with centre, street length and rate."""
    counts = count_by_cell(facts, keep, resolution=resolution)
    cell = counts["cell"].to_numpy()
    known = resolution <= cells.STUDY
    km = street_km(layers.study_table(city.layers), resolution) if known else {}
    length = np.array([km.get(int(one), np.nan) for one in cell], dtype=float)
    lon, lat = cells.centres_of(cell).T
    return counts.with_columns(
        cell=pl.Series(cells.to_text(cell), dtype=pl.String),
        lon=pl.Series(lon).round(6),
        lat=pl.Series(lat).round(6),
        street_km=pl.Series(length, dtype=pl.Float64).fill_nan(None).round(4),
    ).with_columns(
        per_km=pl.when(pl.col("street_km") > 0).then(pl.col("cases") / pl.col("street_km")).round(2)
    )


def _by_unit_grid(facts: Facts, keep: Keep) -> pl.DataFrame:
    kept_rows = facts.frame.select("unit_grid").filter(pl.Series(keep))
    counted = kept_rows.group_by(code="unit_grid").len("cases")
    return counted.sort("code", nulls_last=True)


def _by_place(city: City, facts: Facts, keep: Keep, metres: int) -> pl.DataFrame:
    """Count the cases within so many metres of each place, most first.

    A case near two places counts at both; the last row, ``kind`` null, holds the cases near
    none, so that it and the cases near any add up to all.
    """
    columns = {"kind": pl.String, "name": pl.String, "within_m": pl.Int64, "cases": pl.UInt32}
    places = layers.read_layer(city.layers, layers.PLACES)
    x, y = _points_m(city, facts, keep)
    if places is None or places.empty:
        rest = {"kind": [None], "name": [None], "within_m": [metres], "cases": [len(x)]}
        return pl.DataFrame(rest, schema=columns)
    tree = shapely.STRtree(shapely.points(x, y))
    spots = places.to_crs(city.metric_crs).geometry.to_numpy()
    place, case = tree.query(spots, predicate="dwithin", distance=float(metres))
    near = pl.DataFrame(
        {
            "kind": places["kind"].to_numpy(),
            "name": places["name"].to_numpy(),
            "within_m": metres,
            "cases": np.bincount(place, minlength=len(places)),
        },
        schema=columns,
    ).sort(["cases", "name"], descending=[True, False])
    away = len(x) - len(np.unique(case))
    rest = {"kind": [None], "name": [None], "within_m": [metres], "cases": [away]}
    return pl.concat([near, pl.DataFrame(rest, schema=columns)])


def _points_m(
    city: City, facts: Facts, keep: Keep
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where the kept cases lie, in the city's metric CRS; in no particular order."""
    wanted = facts.frame.lazy().filter(pl.Series(keep)).select("key")
    version = None if facts.version < 0 else facts.version
    scanned = Lake(city.lake).scan(version).with_columns(key=pl.col("case_id").hash(seed=0))
    found = scanned.join(wanted, on="key", how="semi").select("lon", "lat").collect()
    to_metric = pyproj.Transformer.from_crs("EPSG:4326", city.metric_crs, always_xy=True)
    x, y = to_metric.transform(found["lon"].to_numpy(), found["lat"].to_numpy())
    return np.asarray(x), np.asarray(y)


def _named(city: City, facts: Facts, counted: pl.DataFrame, unit: str) -> pl.DataFrame:
    rows: dict[str, Any] = {
        "office": facts.offices,
        "category": city.categories,
        "channel": city.channels,
        "area": facts.areas,
        "phase": city.campaign.phases if city.campaign else (),
    }
    names = {one.code: one.name for one in rows.get(unit, ())}
    return counted.with_columns(
        name=pl.Series([names.get(code, code) for code in counted["code"]], dtype=pl.String)
    ).select("code", "name", "cases")


def written(city: City, table: pl.DataFrame, unit: str, form: str) -> str:
    """Return the table as CSV (no formulas for a spreadsheet to run), JSON or GeoJSON text.

    Raises
    ------
    GeodataError
        GeoJSON of a unit that has no place on the map.
    """
    if form == "csv":
        return table.with_columns(protected(pl.col(pl.String))).write_csv()
    if form == "json":
        return json.dumps(table.to_dicts(), ensure_ascii=False) + "\n"
    shapes = shapes_of(city, table, unit)
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for row, shape in zip(table.to_dicts(), shapes, strict=True)
    ]
    return (
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"
    )


def as_geodataframe(city: City, table: pl.DataFrame, unit: str) -> gpd.GeoDataFrame:
    """Give the rows of `count_table` their polygons, for work in geopandas.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns and the order of ``table``, with ``geometry`` in WGS 84 degrees
        (EPSG:4326); no geometry where cases are unassigned.

    Raises
    ------
    GeodataError
        The unit has no place on the map.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow to import and only needed with geometry

    shapes = shapes_of(city, table, unit)
    return gpd.GeoDataFrame(table.to_pandas(), geometry=shapes, crs="EPSG:4326")


def shapes_of(city: City, table: pl.DataFrame, unit: str) -> list[shapely.Geometry | None]:
    """Polygon of each row, WGS 84, in order; None for the unassigned.

    Raises
    ------
    GeodataError
        The unit has no place on the map.
    """
    if unit not in WITH_GEOMETRY:
        raise GeodataError(
            "Counts by {unit} have no shape on the map. Choose --format csv or json, or count "
            "by {units}.",
            unit=unit,
            units=WITH_GEOMETRY,
        )
    if unit == "cell":
        names = np.array([cells.from_text(name) for name in table["cell"]], dtype=np.int64)
        return list(cells.polygons_of(names))
    file, key, column = {
        "segment": (layers.STREETS, "segment", "segment"),
        "area": (layers.AREAS, "code", "code"),
        "unit_grid": (layers.UNIT_GRID, "code", "code"),
    }[unit]
    layer = layers.read_layer(city.layers, file)
    by_code = {} if layer is None else dict(zip(layer[key], layer.geometry, strict=True))
    return [by_code.get(code) for code in table[column]]
