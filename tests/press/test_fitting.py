"""The city lies inside the frame and off its legend, as large as that allows."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.press.fitting import fit

LEGEND = {"legend": (220.0, 100.0), "places": (220.0, 120.0)}


def drawn(city, view):
    return shapely.transform(city, view.xy)


shapes = st.lists(
    st.tuples(st.floats(0, 9000), st.floats(0, 9000)), min_size=3, max_size=12, unique=True
).map(lambda points: shapely.MultiPoint(points).convex_hull.buffer(50))


@given(shapes)
def test_the_city_keeps_inside_the_frame_and_off_the_furniture(city):
    fitted = fit(city, 750, 640, LEGEND)
    shape = drawn(city, fitted.view)
    assert shapely.box(0, 0, 750, 640).contains(shape)
    assert not any(shapely.box(*box).intersects(shape) for box in fitted.boxes.values())


@given(shapes)
def test_pieces_of_furniture_stand_apart_and_inside(city):
    boxes = fit(city, 750, 640, LEGEND).boxes
    assert set(boxes) == {"legend", "places", "north", "scale"}
    frame = shapely.box(0, 0, 750, 640)
    for one, two in itertools.combinations(boxes.values(), 2):
        assert not shapely.box(*one).intersects(shapely.box(*two))
    assert all(frame.contains(shapely.box(*box)) for box in boxes.values())


def test_a_city_with_a_free_corner_fills_the_frame():
    triangle = shapely.Polygon([(0, 0), (1000, 0), (1000, 1000)])
    fitted = fit(triangle, 600, 600, {"legend": (150, 150)})
    assert fitted.boxes["legend"][:2] == (14.0, 14.0)
    left, top, right, bottom = drawn(triangle, fitted.view).bounds
    assert max(right - left, bottom - top) > 0.85 * (600 - 28)


def test_north_is_up_and_a_metre_is_a_metre_both_ways():
    view = fit(shapely.box(0, 0, 1000, 400), 500, 500, {}).view
    (x0, y0), (x1, y1), (x2, y2) = view.xy(np.array([(0.0, 0.0), (100.0, 0.0), (0.0, 100.0)]))
    assert (y1, x2) == (pytest.approx(y0), pytest.approx(x0))
    assert x1 - x0 == pytest.approx(y0 - y2) == pytest.approx(100 * view.scale)
    assert y2 < y0


def test_a_frame_without_room_still_gives_a_view():
    fitted = fit(shapely.box(0, 0, 10, 10), 100, 100, {"legend": (90, 90), "places": (90, 90)})
    assert fitted.view.scale > 0
