from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import shapely

from geodata.maps.basemap import SCALE
from geodata.spatial import cells
from geodata.store import layers
from tests import small_city


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return small_city.make(tmp_path_factory.mktemp("basemap") / "city")


@pytest.fixture(scope="module")
def basemap(city):
    return json.loads((city.layers / "basemap.json").read_text(encoding="utf-8"))


def unfolded(basemap, steps) -> np.ndarray:
    """Degrees of a list of steps, as the browser works them out."""
    return np.cumsum(np.reshape(steps, (-1, 2)), axis=0) * SCALE + basemap["origin"]


def decoded(column, kind) -> np.ndarray:
    return np.frombuffer(base64.b64decode(column["b64"]), dtype=np.dtype(kind).newbyteorder("<"))


def test_it_says_whose_it_is(basemap):
    assert (basemap["name"], basemap["made_up"], basemap["format"]) == ("小城", False, 1)
    west, south, east, north = basemap["bounds"]
    assert west < small_city.WEST < small_city.EAST < east
    assert south < small_city.SOUTH < small_city.NORTH < north


def test_lines_and_rings_come_back_to_a_decimetre(city, basemap):
    segments = layers.read_layer(city.layers, layers.STREETS)
    assert len(basemap["lines"]) == len(basemap["segments"]["rings"]) == len(segments)
    for row, segment in enumerate(segments.itertuples()):
        there = unfolded(basemap, basemap["lines"][row])
        assert np.abs(there - shapely.get_coordinates(segment.line)).max() < 1e-6
        outer = unfolded(basemap, basemap["segments"]["rings"][row][0])
        assert np.abs(outer - shapely.get_coordinates(segment.geometry)[:-1]).max() < 1e-6
        street = basemap["streets"][basemap["segments"]["street"][row]]
        assert street["name"] == segment.street
        assert street["class"] == segments["class"].iloc[row]
        assert row in street["segments"]


def test_every_segment_belongs_to_one_street(basemap):
    members = [row for street in basemap["streets"] for row in street["segments"]]
    assert sorted(members) == list(range(len(basemap["lines"])))


def test_the_study_area_comes_back_whole(city, basemap):
    study = layers.study_table(city.layers)
    high, low = (decoded(basemap["study"][part], np.uint32) for part in ("hi", "lo"))
    joined = (high.astype(np.uint64) << np.uint64(32) | low).astype(np.int64)
    assert joined.tolist() == study["cell"].to_list()
    assert basemap["study"]["resolution"] == cells.STUDY
    metres = decoded(basemap["study"]["street_m"], np.uint32) / 10
    assert np.abs(metres - study["street_m"].to_numpy()).max() <= 0.05001
    assert decoded(basemap["study"]["area"], np.int16).tolist() == study["area"].to_list()


def test_areas_and_places_are_named(basemap):
    assert [area["name"] for area in basemap["areas"]] == ["西街道", "东街道", "西南社区"]
    assert [area["parent"] for area in basemap["areas"]] == [None, None, "w"]
    assert {place["kind"]: place["name"] for place in basemap["places"]} == {
        "school": "小学", "market": "菜场",
    }  # fmt: skip


def test_text_that_looks_like_markup_stays_text(tmp_path):
    nasty = small_city.streets()
    nasty.loc[0, "name"] = "</script><b>{{7*7}}"
    city = small_city.make(tmp_path / "city", streets=nasty)
    basemap = json.loads((city.layers / "basemap.json").read_text(encoding="utf-8"))
    assert "</script><b>{{7*7}}" in {street["name"] for street in basemap["streets"]}
