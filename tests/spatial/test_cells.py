from __future__ import annotations

import h3
import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.spatial import cells

points = st.tuples(st.floats(-180, 180), st.floats(-89.9, 89.9))
resolutions = st.integers(0, cells.FINEST)


def around_pentagons() -> list[int]:
    """Resolution-12 cells in and beside each of the twelve pentagons of several resolutions."""
    found = set()
    for resolution in (0, 1, 4, 7, 12):
        for pentagon in h3.get_pentagons(resolution):
            middle = h3.cell_to_center_child(pentagon, 12)
            found.update(int(name, 16) for name in h3.grid_disk(middle, 2))
    return sorted(found)


@pytest.mark.parametrize("resolution", range(13))
def test_parents_by_bits_equal_h3_in_and_beside_pentagons(resolution):
    fine = np.array(around_pentagons(), dtype=np.int64)
    expected = [h3.cell_to_parent(f"{cell:x}", resolution) for cell in fine]
    assert cells.to_text(cells.parent_of(fine, resolution)) == expected
    lazily = pl.LazyFrame({"cell": fine}).select(cells.parent_expr(pl.col("cell"), resolution))
    assert cells.to_text(lazily.collect()["cell"]) == expected


@given(st.lists(points, min_size=1, max_size=30), resolutions)
def test_parents_by_bits_equal_h3_anywhere(places, resolution):
    lon, lat = np.array(places).T
    fine = cells.cells_at(lon, lat)
    assert fine.dtype == np.int64
    assert cells.to_text(fine) == [h3.latlng_to_cell(y, x, 12) for x, y in places]
    expected = [h3.cell_to_parent(name, resolution) for name in cells.to_text(fine)]
    assert cells.to_text(cells.parent_of(fine, resolution)) == expected


@given(points, resolutions)
def test_a_name_goes_there_and_back(place, resolution):
    cell = int(cells.parent_of(cells.cells_at([place[0]], [place[1]]), resolution)[0])
    (name,) = cells.to_text([cell])
    assert cells.from_text(name) == cell
    assert cells.resolution_of(cell) == resolution


@pytest.mark.parametrize("name", ["", "hello", "-1", "8928308280ffff", "ffffffffffffffff", "0"])
def test_what_is_no_cell_is_refused(name):
    with pytest.raises(ValueError, match=r"cell|invalid literal"):
        cells.from_text(name)


@given(points, points, resolutions)
def test_a_range_holds_exactly_the_cells_inside(place, other, resolution):
    inside, elsewhere = cells.cells_at([place[0], other[0]], [place[1], other[1]])
    parent = int(cells.parent_of(np.array([inside]), resolution)[0])
    low, high = cells.descendants_range(parent)
    assert low <= inside <= high
    belongs = int(cells.parent_of(np.array([elsewhere]), resolution)[0]) == parent
    assert (low <= elsewhere <= high) == belongs


def test_the_range_ends_are_the_first_and_last_child():
    parent = h3.latlng_to_cell(30.66, 104.06, 10)
    children = sorted(int(name, 16) for name in h3.cell_to_children(parent, 12))
    low, high = cells.descendants_range(int(parent, 16))
    assert low <= children[0]
    assert children[-1] <= high
    assert len(children) == 49


shapes = st.sampled_from(
    [
        shapely.box(104.060, 30.650, 104.064, 30.653),
        shapely.Point(104.06, 30.65).buffer(0.0007),
        shapely.LineString([(104.060, 30.650), (104.066, 30.652)]).buffer(0.00002),
        shapely.box(0, 0, 0.01, 0.01).difference(shapely.box(0.003, 0.003, 0.007, 0.007)),
        shapely.MultiPolygon([shapely.box(9, 9, 9.001, 9.001), shapely.box(9.01, 9, 9.011, 9.001)]),
    ]
)


@given(shapes, st.sampled_from([9, 10, 11]), st.tuples(st.floats(-1e-3, 1e-3), st.floats(0, 1e-3)))
def test_touching_equals_a_slow_overlay(shape, resolution, shift):
    shape = shapely.transform(shape, lambda xy: xy + np.array(shift))
    found = set(cells.touching([shape], resolution))
    low, high = np.array(shape.bounds[:2]), np.array(shape.bounds[2:])
    steps = max(2, int(np.ceil((high - low).max() / 0.0001)))
    grid = np.stack(np.meshgrid(*np.linspace(low, high, steps).T), axis=-1).reshape(-1, 2)
    near = {name for x, y in grid for name in h3.grid_disk(h3.latlng_to_cell(y, x, resolution), 1)}
    candidates = np.array(sorted({int(name, 16) for name in near}), dtype=np.int64)
    hexagons = cells.polygons_of(candidates)
    clearly = candidates[shapely.area(shapely.intersection(hexagons, shape)) > 1e-14]
    barely = candidates[shapely.distance(hexagons, shape) < 1e-7]
    assert set(clearly) <= found <= set(barely)


def test_touching_is_sorted_and_takes_nothing():
    assert cells.touching([], 11).tolist() == []
    found = cells.touching([shapely.box(104.06, 30.65, 104.07, 30.66)], 10)
    assert (np.diff(found) > 0).all()


def test_area_and_centre_are_each_cells_own():
    chosen = cells.cells_at([104.06, 87.5], [30.65, 43.8])
    expected = [h3.cell_area(name, unit="m^2") for name in cells.to_text(chosen)]
    assert cells.area_m2_of(chosen).tolist() == expected
    lon, lat = cells.centres_of(chosen).T
    assert (cells.cells_at(lon, lat) == chosen).all()
    assert cells.centres_of(chosen[:0]).shape == (0, 2)
