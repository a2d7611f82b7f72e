"""Datums: against published pairs, and forth and back."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.spatial.coordinates import (
    Bd09,
    Gcj02,
    Wgs84,
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_rectangle,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

CENTIMETRE_DEG = 0.01 / 111_320
ROUND_TRIP_DEG = 1e-9  # a tenth of a millimetre

in_china = st.tuples(st.floats(73.5, 135.0), st.floats(3.5, 53.5))
on_earth = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def metres_apart(one, other):
    east = (one.lon - other.lon) * np.cos(np.radians(one.lat))
    return np.hypot(east, one.lat - other.lat) * 111_320


@pytest.fixture(scope="module")
def cities(shared):
    """Published coordinates of 664 cities: WGS-84, GCJ-02, BD-09."""
    rows = json.loads((shared / "data/vectors/china-cities.json").read_text(encoding="utf-8"))
    pairs = {key: np.array([row["coords"][key] for row in rows]).T for key in rows[0]["coords"]}
    return Wgs84(*pairs["WGS84"]), Gcj02(*pairs["GCJ02"]), Bd09(*pairs["BD09"])


def test_gcj02_agrees_with_the_published_cities(cities):
    wgs84, gcj02, _ = cities
    # the published pairs sit a constant 0.67 m off the polynomial; the shift itself is 90-700 m
    assert metres_apart(wgs84_to_gcj02(wgs84), gcj02).max() < 1.0
    assert metres_apart(gcj02_to_wgs84(gcj02), wgs84).max() < 1.0
    assert np.median(metres_apart(wgs84, gcj02)) > 400


def test_bd09_agrees_with_the_published_cities_to_two_centimetres(cities):
    _, gcj02, bd09 = cities
    assert metres_apart(gcj02_to_bd09(gcj02), bd09).max() < 0.02
    assert metres_apart(bd09_to_gcj02(bd09), gcj02).max() < 0.02


def test_bd09_and_wgs84_agree_with_the_published_cities(cities):
    wgs84, _, bd09 = cities
    assert metres_apart(bd09_to_wgs84(bd09), wgs84).max() < 1.0
    assert metres_apart(wgs84_to_bd09(wgs84), bd09).max() < 1.0


def test_every_published_city_returns_within_a_centimetre(cities):
    wgs84, _, _ = cities
    for back in (gcj02_to_wgs84(wgs84_to_gcj02(wgs84)), bd09_to_wgs84(wgs84_to_bd09(wgs84))):
        assert metres_apart(back, wgs84).max() < 0.01


@given(in_china)
def test_wgs84_survives_gcj02_and_back(place):
    start = Wgs84(*np.array(place).reshape(2, 1))
    back = gcj02_to_wgs84(wgs84_to_gcj02(start))
    assert abs(back.lon - start.lon)[0] < ROUND_TRIP_DEG
    assert abs(back.lat - start.lat)[0] < ROUND_TRIP_DEG


@given(in_china)
def test_gcj02_survives_wgs84_and_back(place):
    start = Gcj02(*np.array(place).reshape(2, 1))
    back = wgs84_to_gcj02(gcj02_to_wgs84(start))
    assert abs(back.lon - start.lon)[0] < ROUND_TRIP_DEG
    assert abs(back.lat - start.lat)[0] < ROUND_TRIP_DEG


@given(in_china)
def test_bd09_survives_wgs84_and_back(place):
    start = Bd09(*np.array(place).reshape(2, 1))
    back = wgs84_to_bd09(bd09_to_wgs84(start))
    assert abs(back.lon - start.lon)[0] < ROUND_TRIP_DEG
    assert abs(back.lat - start.lat)[0] < ROUND_TRIP_DEG


@pytest.mark.parametrize("lon", [105.0, np.nextafter(105.0, 106), 104.999999999])
def test_the_kink_of_the_polynomial_does_not_stop_the_return(lon):
    # the square root of |lon - 105| has no slope at 105 E
    start = Wgs84(np.array([lon]), np.array([35.0]))
    assert abs(gcj02_to_wgs84(wgs84_to_gcj02(start)).lon - lon)[0] < CENTIMETRE_DEG


@given(on_earth)
def test_outside_the_rectangle_nothing_moves(place):
    lon, lat = np.array(place).reshape(2, 1)
    assume(not in_rectangle(lon, lat, margin=0.02)[0])
    for datum in ("wgs84", "gcj02", "bd09"):
        there = to_wgs84(lon, lat, datum)
        assert (there.lon, there.lat) == (lon, lat)


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [("Hong Kong", 114.158, 22.284), ("Macau", 113.543, 22.190), ("Taipei", 121.564, 25.034)],
)
def test_the_rectangle_and_not_the_border_decides(place, lon, lat):
    start = Wgs84(np.array([lon]), np.array([lat]))
    assert 200 < metres_apart(wgs84_to_gcj02(start), start)[0] < 1_000, place


def test_shapes_are_kept_and_gaps_stay_gaps():
    lon = np.array([[104.06, np.nan], [114.05, 121.47]])
    lat = np.array([[30.67, 30.0], [22.54, 31.23]])
    there = to_wgs84(lon, lat, "gcj02")
    assert there.lon.shape == (2, 2)
    assert np.isnan(there.lon).tolist() == [[False, True], [False, False]]
    assert to_wgs84([], [], "bd09").lon.size == 0


def test_unequal_numbers_of_longitudes_and_latitudes_are_refused():
    with pytest.raises(ValueError, match="do not match"):
        Wgs84(np.zeros(2), np.zeros(3))
