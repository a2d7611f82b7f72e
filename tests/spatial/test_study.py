from __future__ import annotations

import h3
import numpy as np
import pytest
import shapely

from geodata.domain.street import StreetClass
from geodata.spatial import cells
from geodata.spatial.streets import build_segments
from geodata.spatial.study import street_km, study_area
from tests import small_city

METRIC = "EPSG:32648"
CLASSES = {
    "strict": StreetClass(code="strict", name="严管街", width_m=30),
    "back": StreetClass(code="back", name="背街小巷", width_m=10, tags=("residential",)),
    "unclassified": StreetClass(code="unclassified", name="未分类", width_m=8),
}


@pytest.fixture(scope="module")
def segments():
    return build_segments(small_city.streets(), CLASSES, METRIC)[0]


@pytest.fixture(scope="module")
def study(segments):
    return study_area(segments, small_city.areas(), METRIC)


def test_cells_hold_all_the_street_there_is(study, segments):
    assert study["street_m"].sum() == pytest.approx(segments["length_m"].sum(), rel=1e-3)


@pytest.mark.parametrize("resolution", [11, 10, 9, 7, 0])
def test_parents_hold_what_their_children_hold(study, resolution):
    coarse = street_km(study, resolution)
    assert sum(coarse.values()) * 1000 == pytest.approx(study["street_m"].sum())
    by_hand: dict[int, float] = {}
    for cell, metres in study.select("cell", "street_m").iter_rows():
        parent = int(h3.cell_to_parent(f"{cell:x}", resolution), 16)
        by_hand[parent] = by_hand.get(parent, 0) + metres / 1000
    assert coarse == pytest.approx(by_hand)


def test_the_street_in_a_cell_is_the_length_of_line_inside_it(study, segments):
    """Against an overlay of lines and hexagons; cells are parents, so the edge may differ a bit."""
    some = study.sort("street_m", descending=True).head(20)
    hexagons = cells.polygons_of(some["cell"].to_numpy())
    everything = segments["line"].union_all()
    inside = segments["line"].iloc[:1].set_crs(4326)
    overlay = [shapely.intersection(everything, hexagon) for hexagon in hexagons]
    metres = inside.__class__(overlay, crs=4326).to_crs(METRIC).length.to_numpy()
    ratio = some["street_m"].to_numpy() / metres
    assert np.median(ratio) == pytest.approx(1, abs=0.15)


def test_every_segment_is_covered_and_only_once(study, segments):
    found = study["cell"].to_numpy()
    assert (np.diff(found) > 0).all()
    middles = shapely.line_interpolate_point(segments["line"].to_numpy(), 0.5, normalized=True)
    xy = shapely.get_coordinates(middles)
    held = cells.parent_of(cells.cells_at(xy[:, 0], xy[:, 1]), cells.STUDY)
    assert np.isin(held, found).mean() > 0.97


def test_each_cell_names_the_smallest_area_that_holds_its_centre(study):
    areas = small_city.areas().iloc[[1, 2, 0]].reset_index(drop=True)  # larger ones first
    again = study_area(None, areas, METRIC)
    for cell, area in again.select("cell", "area").sample(200, seed=1).iter_rows():
        lat, lon = h3.cell_to_latlng(f"{cell:x}")
        holding = [row for row, shape in enumerate(areas.geometry)
                   if shape.intersects(shapely.Point(lon, lat))]  # fmt: skip
        assert area == max(holding, default=-1)
    assert again["street_m"].sum() == 0


def test_nothing_to_study():
    assert len(study_area(None, None, METRIC)) == 0
