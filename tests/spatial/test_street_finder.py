from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.domain.street import SnapRule
from geodata.spatial.street_finder import StreetFinder, comparable_name

METRIC = "EPSG:32648"
CORNER = np.array([500_000.0, 3_390_000.0])
RULE = SnapRule(within_m=40.0, by_name_within_m=80.0)


def finder(lines, names, widths) -> StreetFinder:
    moved = [shapely.LineString(np.array(one) + CORNER) for one in lines]
    table = gpd.GeoDataFrame(
        {"segment": [f"s{i}" for i in range(len(lines))], "street": names, "width_m": widths},
        geometry=moved,
        crs=METRIC,
    )
    table["line"] = gpd.GeoSeries(moved, crs=METRIC).to_crs("EPSG:4326")
    return StreetFinder(table, METRIC, RULE)


def slow(lines, widths, xy, within, rows):
    """Distance to every edge, one pair at a time."""
    point = shapely.Point(xy)
    found = []
    for row in rows:
        to_line = shapely.LineString(lines[row]).distance(point)
        to_edge = max(to_line - widths[row] / 2, 0.0)
        if to_edge <= within:
            found.append((round(to_edge, 4), round(to_line, 4), row))
    return min(found, default=None)


coordinate = st.floats(0, 300).map(lambda value: round(value, 1))
ends = st.tuples(st.tuples(coordinate, coordinate), st.tuples(coordinate, coordinate)).filter(
    lambda pair: np.hypot(*np.subtract(*pair)) > 1
)
streets = st.lists(
    st.tuples(ends, st.sampled_from(["人民路", "解放路", ""]), st.sampled_from([8.0, 30.0, 90.0])),
    min_size=1,
    max_size=8,
)
points = st.lists(
    st.tuples(coordinate, coordinate, st.sampled_from(["人民路", "解放 路", "无此路", None])),
    min_size=1,
    max_size=12,
)


def same(answer, best, lines, widths, xy) -> None:
    """The same distance; the same row unless two are equally near to a tenth of a millimetre."""
    answer_row, answer_m = answer
    if best is None:
        assert answer_row == -1
        assert np.isnan(answer_m)
        return
    assert answer_m == pytest.approx(best[0], abs=1e-2)
    to_line = shapely.LineString(lines[answer_row]).distance(shapely.Point(xy))
    assert max(to_line - widths[answer_row] / 2, 0) == pytest.approx(best[0], abs=1e-2)


@settings(max_examples=120)
@given(streets, points)
def test_nearest_and_named_equal_a_slow_search(given_streets, given_points):
    lines, names, widths = zip(*given_streets, strict=True)
    xy = [(x, y) for x, y, _ in given_points]
    reported = np.array([name for *_, name in given_points], dtype=object)
    at = shapely.points(np.array(xy) + CORNER)
    ask = finder(lines, list(names), list(widths))

    nearest = ask.nearest(at)
    named = ask.named(at, reported)
    assigned, by_name = ask.assign(at, reported)
    for i, place in enumerate(xy):
        everywhere = slow(lines, widths, place, RULE.within_m, range(len(lines)))
        wanted = comparable_name(reported[i])
        carrying = [r for r, name in enumerate(names) if wanted and comparable_name(name) == wanted]
        by_its_name = slow(lines, widths, place, RULE.by_name_within_m, carrying)
        edge = [best for best in (everywhere, by_its_name) if best]
        if any(abs(best[0] - limit) < 0.02 for best in edge for limit in (40, 80)):
            continue  # on the limit itself the projection's millimetres decide
        same((nearest.rows[i], nearest.metres[i]), everywhere, lines, widths, place)
        same((named.rows[i], named.metres[i]), by_its_name, lines, widths, place)
        assert by_name[i] == (by_its_name is not None)
        same(
            (assigned.rows[i], assigned.metres[i]), by_its_name or everywhere, lines, widths, place
        )


def test_at_a_crossing_every_point_has_exactly_one_street():
    cross = [[(0, 50), (50, 50)], [(50, 50), (100, 50)], [(50, 0), (50, 50)], [(50, 50), (50, 100)]]
    ask = finder(cross, ["A", "A", "B", "B"], [10.0] * 4)
    here = shapely.points(np.full((5, 2), 50.0) + CORNER)
    rows, metres = ask.nearest(here)
    assert rows.tolist() == [0] * 5
    assert metres.tolist() == [0] * 5


def test_inside_two_edges_the_nearer_centre_line_wins():
    ask = finder([[(0, 0), (100, 0)], [(0, 20), (100, 20)]], ["A", "B"], [60.0, 10.0])
    rows, metres = ask.nearest(shapely.points(np.array([[50, 18.0]]) + CORNER))
    assert rows.tolist() == [1]
    assert metres.tolist() == [0]


def test_the_reported_street_is_preferred_only_within_its_distance():
    ask = finder([[(0, 0), (100, 0)], [(0, 90), (100, 90)]], ["近路", "远路"], [10.0, 10.0])
    at = shapely.points(np.array([[50, 10.0], [50, 4.0]]) + CORNER)
    found, by_name = ask.assign(at, np.array(["远路", "远路"], dtype=object))
    assert found.rows.tolist() == [1, 0]
    assert by_name.tolist() == [True, False]
    assert found.metres == pytest.approx([75, 0], abs=0.01)


def test_no_point_and_no_street():
    ask = finder([[(0, 0), (100, 0)]], ["A"], [10.0])
    nothing = np.array([], dtype=object)
    assert ask.nearest(nothing).rows.tolist() == []
    assert ask.named(nothing, nothing).rows.tolist() == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Beacon St", "BEACON  STREET"), ("N. Main Av.", "North Main Avenue"), ("人民路", "人 民路"),
     ("ＡＢ路", "ab路")],
)  # fmt: skip
def test_names_are_compared_written_out(one, other):
    assert comparable_name(one) == comparable_name(other) != ""


@pytest.mark.parametrize("nothing", [None, float("nan"), "", " - "])
def test_nothing_is_no_name(nothing):
    assert comparable_name(nothing) == ""
