from __future__ import annotations

from datetime import UTC, datetime, timedelta

import geopandas as gpd
import polars as pl
import pytest
import shapely

from geodata.city import load_city
from geodata.domain.case import PLACED_SCHEMA
from geodata.founding import city_head, found, preset_text
from geodata.spatial.cells import cells_at
from geodata.store.lake import Lake
from geodata.store.layers import STREETS, read_layer
from tests.maps.hostile import CRAFTED, naughty_strings


@pytest.fixture(scope="session")
def hostile_city(tmp_path_factory, shared):
    """A city whose name, areas, places and 7,000 streets are attacks; crafted ones are busiest."""
    folder = tmp_path_factory.mktemp("hostile") / "city"
    head = city_head(
        name=CRAFTED[3], timezone="Asia/Shanghai", metric_crs="EPSG:32648", profile="chinese"
    )
    ordinary = naughty_strings(shared)
    names = [*CRAFTED, *ordinary]
    lines = [_line(row) for row in range(len(names))]
    streets = gpd.GeoDataFrame({"name": names, "class": "second"}, geometry=lines, crs=4326)
    extra = {"districts": _areas(), "places": _places()}
    founded = found(folder, head + preset_text("chinese"), streets, extra)
    Lake(founded.city.lake).upsert(_cases(founded.city), source=CRAFTED[0])
    return load_city(folder)


def _line(row):
    """Crafted streets are 1.5 km long, so that their labels fit; the others 20 m."""
    if row < len(CRAFTED):
        lat = 30.0 + 0.001 * row
        return shapely.LineString([(104.0, lat), (104.0155, lat)])
    column, line = divmod(row - len(CRAFTED), 100)
    lon, lat = 104.0 + 0.0004 * column, 30.02 + 0.0004 * line
    return shapely.LineString([(lon, lat), (lon + 0.0002, lat)])


def _areas():
    boxes = [shapely.box(104.0, 29.999, 104.016, 30.015), shapely.box(104.0, 30.015, 104.03, 30.06)]
    names = [CRAFTED[4], CRAFTED[0]]
    return gpd.GeoDataFrame({"name": names, "code": ["a", "b"]}, geometry=boxes, crs=4326)


def _places():
    return gpd.GeoDataFrame(
        {"name": [CRAFTED[4]], "kind": ["school"]},
        geometry=[shapely.Point(104.01, 30.01)],
        crs=4326,
    )


def _cases(city):
    """Five cases on every segment of a crafted street, one on every other segment."""
    segments = read_layer(city.layers, STREETS)
    times = segments["street"].isin(CRAFTED).map({True: 5, False: 1})
    rows = segments.loc[segments.index.repeat(times)].reset_index(drop=True)
    lines = rows["line"].to_numpy()
    middle = gpd.GeoSeries(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    began = datetime(2026, 9, 1, tzinfo=UTC)
    given = {
        "case_id": [f"c{row}" for row in range(len(rows))],
        "reported_at": [began + timedelta(minutes=row) for row in range(len(rows))],
        "lon": middle.x.to_numpy(),
        "lat": middle.y.to_numpy(),
        "cell": cells_at(middle.x, middle.y),
        "segment": rows["segment"].tolist(),
        "area": "a",
        "assisting": [[] for _ in range(len(rows))],
        "month": "2026-09",
    }
    frame = pl.DataFrame(given)
    absent = [
        pl.lit(None, kind).alias(name) for name, kind in PLACED_SCHEMA.items() if name not in given
    ]
    return frame.with_columns(absent).select(PLACED_SCHEMA.names()).cast(dict(PLACED_SCHEMA))
