"""Colours are the screen's, steps follow the locked bounds, paths are small and exact."""

import bisect
import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.press import svg
from geodata.press.colours import HEAT, TOKENS
from geodata.press.fitting import View
from geodata.press.map_painting import steps_of
from geodata.press.matter import swatches

BREAKS = (1.0, 3.0, 6.0, 11.0, 21.0, 36.0, 56.0)
VIEW = View(width=100, height=100, scale=0.5, left=10.0, top=90.0)


@pytest.fixture(scope="module")
def tokens(root):
    return (root / "geodata/maps/web/tokens.js").read_text(encoding="utf-8")


def test_every_colour_of_paper_is_the_one_of_the_light_screen(tokens):
    light = dict(re.findall(r'(\w+): "(#[0-9A-F]{6})"', tokens.split("const DARK")[0]))
    assert {name: light[name] for name in TOKENS} == TOKENS


def test_the_heat_is_the_one_of_the_light_screen(tokens):
    (listed,) = re.findall(r"HEAT = \{\s*light: \[([^\]]*)\]", tokens)
    assert tuple(re.findall(r"#[0-9A-F]{6}", listed)) == HEAT


@given(st.lists(st.integers(0, 200), max_size=40))
def test_a_value_has_the_last_colour_whose_bound_it_reaches(values):
    expected = [-1 if v == 0 else max(bisect.bisect_right(BREAKS, v) - 1, 0) for v in values]
    assert list(steps_of(values, BREAKS)) == expected


def test_a_value_under_the_first_bound_is_not_drawn_as_zero():
    assert steps_of([0, 1, 4], (5.0, 10.0)) == (-1, 0, 0)


def test_swatches_are_ranges_where_short_and_lower_bounds_where_long():
    assert swatches((1.0, 2.0, 3.0, 5.0, 8.0)) == ["1", "2", "3–4", "5–7", "≥8"]
    assert swatches((1.0, 10.0, 30.0)) == ["1", "10", "≥30"]
    assert swatches((0.5, 1.25)) == ["0.5", "≥1.25"]
    assert swatches(()) == []


def read(path):
    """Return the points a path visits: an independent reading of what is written."""
    start, *rest = re.findall(r"-?[\d.]+ -?[\d.]+", path)
    points = [np.array(start.split(), float)]
    for step in rest:
        points.append(points[-1] + np.array(step.split(), float))
    return np.array(points)


coordinates = st.tuples(st.floats(0, 200), st.floats(0, 200))


@given(st.lists(coordinates, min_size=2, max_size=20, unique=True))
def test_a_line_is_written_within_a_tenth_of_a_pixel(points):
    line = shapely.LineString(points)
    (written,) = re.findall(r'd="([^"]*)"', svg.path([line], VIEW, fill="none"))
    visited = read(written)
    wanted = np.rint(VIEW.xy(np.array(points)) * 10) / 10
    kept = np.concatenate([[True], (np.diff(wanted, axis=0) != 0).any(axis=1)])
    assert visited == pytest.approx(wanted[kept], abs=1e-6)


def test_nothing_to_paint_is_nothing_written():
    assert svg.path([], VIEW, fill="none") == ""
    assert svg.path([shapely.Polygon()], VIEW, fill="none") == ""


def test_holes_are_rings_of_the_same_path():
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    assert svg.path([ring], VIEW, fill="none").count("Z") == 2
