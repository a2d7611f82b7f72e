"""Telling an undeclared datum: on made-up kerbs and on real files."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.spatial.coordinates import Wgs84, to_wgs84, wgs84_to_bd09, wgs84_to_gcj02
from geodata.spatial.datum import datum_by_headings, guess_datum, outline_points

READ_AS = {"wgs84": lambda points: points, "gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}


def geometries(path):
    return np.array(list(shapely.from_geojson(path.read_text(encoding="utf-8")).geoms))


def converted(shapes, datum):
    def move(xy):
        there = to_wgs84(xy[:, 0], xy[:, 1], datum)
        return np.column_stack([there.lon, there.lat])

    return shapely.transform(shapes, move)


def along(lines, count, seed, scatter_m=8.0):
    """Points scattered about the lines, as reports are."""
    rng = np.random.default_rng(seed)
    chosen = lines[rng.integers(0, len(lines), count)]
    points = shapely.line_interpolate_point(chosen, rng.random(count), normalized=True)
    xy = shapely.get_coordinates(points) + rng.normal(0, scatter_m / 111_320, (count, 2))
    return Wgs84(xy[:, 0], xy[:, 1])


@pytest.fixture(scope="module")
def china(shared):
    return shared / "data" / "china"


@pytest.fixture(scope="module", params=["shenzhen_futian", "chengdu_wuhou"])
def streets(request, china):
    return geometries(china / f"streets_{request.param}.geojson")


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
@pytest.mark.parametrize("datum", READ_AS)
def test_cases_along_real_streets_betray_their_datum(streets, datum, seed):
    points = READ_AS[datum](along(streets, 300, seed))
    guess = guess_datum(points.lon, points.lat, streets)
    assert (guess.datum, guess.confident, guess.reason) == (datum, True, "fit")


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_points_scattered_without_regard_to_streets_betray_nothing(streets, seed):
    west, south, east, north = shapely.total_bounds(streets)
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(west, east, 800), rng.uniform(south, north, 800)
    assert not guess_datum(lon, lat, streets).confident


def test_a_handful_of_points_is_no_evidence(streets):
    points = along(streets, 20, seed=1)
    assert not guess_datum(points.lon, points.lat, streets).confident


def test_a_layer_shifted_by_none_of_the_datums_is_not_assigned_to_one(streets):
    points = along(streets, 500, seed=2)
    assert not guess_datum(points.lon + 0.0021, points.lat - 0.0017, streets).confident


def test_district_outlines_that_no_street_follows_leave_it_open(china, streets):
    for name in ("districts_440300", "districts_510100", "shenzhen_districts"):
        guess = guess_datum(*outline_points(geometries(china / f"{name}.json")), streets)
        assert not guess.confident, name
        assert guess.reason == "undecided"


def test_web_map_headings_settle_what_the_streets_leave_open(china, streets):
    path = china / "districts_440300.json"
    headings = json.loads(path.read_text(encoding="utf-8"))["features"][0]["properties"]
    guess = guess_datum(*outline_points(geometries(path)), streets, headings=headings)
    assert (guess.datum, guess.confident, guess.reason) == ("gcj02", True, "signature")
    assert "adcode" in str(guess.explanation)


def test_the_second_shenzhen_file_is_wgs84_by_the_first(china):
    web_map = shapely.boundary(converted(geometries(china / "districts_440300.json"), "gcj02"))
    guess = guess_datum(*outline_points(geometries(china / "shenzhen_districts.json")), web_map)
    assert (guess.datum, guess.confident) == ("wgs84", True)
    assert guess.fits[0].median_m < 5
    assert guess.fits[1].median_m > 300


def test_the_first_shenzhen_file_is_gcj02_by_the_second(china):
    survey = shapely.boundary(geometries(china / "shenzhen_districts.json"))
    guess = guess_datum(*outline_points(geometries(china / "districts_440300.json")), survey)
    assert (guess.datum, guess.confident, guess.reason) == ("gcj02", True, "fit")


def test_fit_outweighs_headings(china):
    # somebody converted the web map's file and left its headings
    survey = shapely.boundary(geometries(china / "shenzhen_districts.json"))
    mended = converted(geometries(china / "districts_440300.json"), "gcj02")
    guess = guess_datum(*outline_points(mended), survey, headings=["adcode", "center", "parent"])
    assert guess.datum == "wgs84"


def test_outside_the_rectangle_there_is_nothing_to_tell():
    lines = np.array([shapely.LineString([(-71.1, 42.3), (-71.0, 42.4)])])
    guess = guess_datum(np.array([-71.05]), np.array([42.35]), lines)
    assert (guess.datum, guess.confident, guess.reason) == ("wgs84", True, "same_everywhere")


def test_street_polygons_serve_as_well_as_street_lines(streets):
    points = wgs84_to_gcj02(along(streets, 300, seed=3))
    guess = guess_datum(points.lon, points.lat, shapely.buffer(streets, 10 / 111_320))
    assert (guess.datum, guess.confident) == ("gcj02", True)


def test_an_empty_layer_is_in_every_datum_at_once(streets):
    assert guess_datum(np.array([]), np.array([]), streets).reason == "same_everywhere"


def test_without_a_reference_nothing_can_be_told():
    lon, lat = np.array([114.0]), np.array([22.5])
    guess = guess_datum(lon, lat, np.array([], dtype=object))
    assert (guess.confident, guess.reason) == (False, "undecided")


@pytest.mark.parametrize(
    ("headings", "datum"),
    [(["adcode", "center", "acroutes"], "gcj02"), (["adcode", "name"], None), (["center"], None)],
)
def test_headings_count_only_together(headings, datum):
    assert datum_by_headings(headings) == datum
