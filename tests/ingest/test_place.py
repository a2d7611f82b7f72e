"""Placing: each case gets one of each thing, the same as a slow search gives it."""

from __future__ import annotations

import geopandas as gpd
import h3
import numpy as np
import polars as pl
import pytest
import shapely

from geodata.domain.case import NEVER_NEAR, PLACED_SCHEMA
from geodata.ingest.place import Ground, place
from geodata.pipeline import load_ground
from geodata.store import layers
from tests import small_city


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    squares = [
        shapely.box(small_city.WEST + i * small_city.STEP, small_city.SOUTH,
                    small_city.WEST + (i + 1) * small_city.STEP, small_city.NORTH)
        for i in range(3)
    ]  # fmt: skip
    grid = gpd.GeoDataFrame({"code": ["g1", "g2", "g3"]}, geometry=squares, crs=4326)
    return small_city.make(tmp_path_factory.mktemp("place") / "city", grid=grid)


@pytest.fixture(scope="module")
def given():
    names = ["0横街", "2纵街", None, "无此街"]
    return small_city.scattered(400, seed=3, street_name=[names[i % 4] for i in range(400)])


@pytest.fixture(scope="module")
def placed(city, given):
    return place(given, load_ground(city))


def test_rows_keep_their_order_and_what_they_said(given, placed):
    assert placed.schema == PLACED_SCHEMA
    assert placed.select(given.columns).equals(given)
    expected = [h3.latlng_to_cell(y, x, 12) for x, y in given.select("lon", "lat").iter_rows()]
    assert [f"{cell:x}" for cell in placed["cell"]] == expected


def test_streets_are_the_nearest_edge_or_the_reported_name(city, placed):
    segments = layers.read_layer(city.layers, layers.STREETS)
    lines = segments["line"].to_crs(city.metric_crs)
    points = gpd.GeoSeries(gpd.points_from_xy(placed["lon"], placed["lat"]), crs=4326)
    assigned = 0
    for row, point in zip(
        placed.iter_rows(named=True), points.to_crs(city.metric_crs), strict=True
    ):
        edge = (lines.distance(point) - segments["width_m"] / 2).clip(lower=0)
        named = edge[segments["street"] == row["street_name"]]
        by_name = len(named) > 0 and named.min() <= city.snap.by_name_within_m
        best = named.min() if by_name else edge.min()
        within = by_name or best <= city.snap.within_m
        assert row["by_name"] == by_name
        assert (row["segment"] is not None) == within
        if within:
            assigned += 1
            assert row["segment_m"] == pytest.approx(best, abs=0.02)
            chosen = segments.index[segments["segment"] == row["segment"]][0]
            assert edge[chosen] == pytest.approx(best, abs=0.02)
        else:
            assert row["segment_m"] is None
    assert 100 < assigned < 400


def test_areas_are_the_smallest_that_holds_the_point(city, placed):
    shapes = dict(zip(small_city.areas()["code"], small_city.areas().geometry, strict=True))
    squares = layers.read_layer(city.layers, layers.UNIT_GRID)
    for row in placed.iter_rows(named=True):
        point = shapely.Point(row["lon"], row["lat"])
        holding = [code for code in ("w-s", "w", "e") if shapes[code].contains(point)]
        assert row["area"] == (holding[0] if holding else None)
        inside = squares["code"][squares.geometry.contains(point)].tolist()
        assert row["unit_grid"] == (inside[0] if inside else None)
    assert placed["area"].n_unique() == 4


def test_a_point_on_a_shared_edge_has_one_area(city):
    middle = small_city.WEST + small_city.SIDE * small_city.STEP / 2
    on_edge = small_city.cases([{"lon": middle, "lat": small_city.SOUTH + 0.005}] * 3)
    found = place(on_edge, load_ground(city))
    assert len(found) == 3
    assert found["area"].n_unique() == 1
    assert found["area"][0] in {"w", "e"}


def test_metres_to_the_nearest_place_of_each_kind(city, placed):
    points = gpd.GeoSeries(gpd.points_from_xy(placed["lon"], placed["lat"]), crs=4326)
    school, market = small_city.places().to_crs(city.metric_crs).geometry
    metric = points.to_crs(city.metric_crs)
    assert np.abs(placed["m_to_school"].to_numpy() - metric.distance(school)).max() <= 0.51
    assert np.abs(placed["m_to_market"].to_numpy() - metric.distance(market)).max() <= 0.51
    assert set(placed["m_to_hospital"]) == {NEVER_NEAR}


def test_the_month_is_the_citys_own(city):
    from datetime import UTC, datetime  # noqa: PLC0415 - here only

    late = small_city.cases([{"reported_at": datetime(2026, 8, 31, 16, 30, tzinfo=UTC)}])
    assert place(late, load_ground(city))["month"].to_list() == ["2026-09"]


def test_without_layers_everything_is_null_and_nothing_is_lost(given):
    bare = place(given.with_columns(area_name=pl.lit("一街道")), Ground(
        metric_crs="EPSG:32648", timezone="Asia/Shanghai"))  # fmt: skip
    assert len(bare) == len(given)
    assert bare["segment"].null_count() == len(given)
    assert bare["unit_grid"].null_count() == len(given)
    assert bare["area"].unique().to_list() == ["一街道"]


def test_nothing_in_nothing_out(city, given):
    nothing = place(given.clear(), load_ground(city))
    assert nothing.schema == PLACED_SCHEMA
    assert nothing.is_empty()


def test_many_threads_give_the_same_answer(city, given, monkeypatch):
    whole = place(given, load_ground(city))
    monkeypatch.setattr("geodata.ingest.place.CHUNK", 7)
    assert place(given, load_ground(city)).equals(whole)
