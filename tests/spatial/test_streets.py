from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.domain.street import StreetClass
from geodata.spatial.streets import LONGEST_M, SEGMENT_COLUMNS, build_segments

METRIC = "EPSG:32648"
CLASSES = {
    "strict": StreetClass(code="strict", name="严管街", width_m=30, tags=("primary",)),
    "back": StreetClass(code="back", name="背街小巷", width_m=10, tags=("residential",)),
    "unclassified": StreetClass(code="unclassified", name="未分类", width_m=8),
}
CORNER = np.array([500_000.0, 3_390_000.0])


def layer(shapes, **columns) -> gpd.GeoDataFrame:
    """Shapes in metres from a corner, as WGS 84."""
    moved = [shapely.transform(shape, lambda xy: xy + CORNER) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=METRIC).to_crs("EPSG:4326")


def line(*xy) -> shapely.LineString:
    return shapely.LineString(xy)


def metres(segments) -> np.ndarray:
    return shapely.length(segments["line"].to_crs(METRIC).to_numpy())


def test_a_line_given_once_per_direction_is_kept_once():
    there = line((0, 0), (60, 10), (100, 0))
    segments, note = build_segments(
        layer([there, there.reverse()], name=["A", "A"]), CLASSES, METRIC
    )
    assert len(segments) == 1
    assert (note.read, note.twice, note.segments) == (2, 1, 1)


def test_lines_are_cut_where_another_line_has_a_vertex():
    across = line((0, 0), (100, 0), (200, 0))
    up = line((100, -80), (100, 0), (100, 80))
    segments, _ = build_segments(layer([across, up], name=["A", "B"]), CLASSES, METRIC)
    assert segments["street"].tolist() == ["A", "A", "B", "B"]
    assert segments["length_m"].to_numpy() == pytest.approx([100, 100, 80, 80], abs=1e-6)


def test_a_bridge_without_a_common_vertex_is_not_cut():
    over = [line((0, 0), (200, 0)), line((100, -80), (100, 80))]
    segments, _ = build_segments(layer(over, name=["A", "B"]), CLASSES, METRIC)
    assert len(segments) == 2


def test_long_lines_become_equal_parts():
    segments, _ = build_segments(layer([line((0, 0), (1010, 0))], name=["A"]), CLASSES, METRIC)
    assert segments["length_m"].to_numpy() == pytest.approx([202] * 5, abs=1e-6)


coordinate = st.integers(0, 12).map(lambda n: n * 37.0)
vertices = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=6)
lines = st.lists(
    vertices.map(lambda xy: [p for p, q in zip(xy, [None, *xy], strict=False) if p != q])
    .filter(lambda xy: len(xy) > 1)
    .map(shapely.LineString),
    min_size=1,
    max_size=8,
    unique_by=lambda each: shapely.normalize(each).wkb,
)


@settings(max_examples=40)
@given(lines)
def test_cutting_loses_no_length(each):
    segments, note = build_segments(layer(each, name=["A"] * len(each)), CLASSES, METRIC)
    expected = sum(one.length for one in each)
    assert segments["length_m"].sum() == pytest.approx(expected, rel=1e-6, abs=1e-3)
    assert note.length_km == round(segments["length_m"].sum() / 1000, 1)
    assert metres(segments).sum() == pytest.approx(expected, rel=1e-3)
    assert (segments["length_m"] <= LONGEST_M + 1e-6).all()
    assert segments["segment"].is_unique


@settings(max_examples=25)
@given(lines, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order_of_the_file(each, random):
    shuffled = random.sample(each, len(each))
    names = {shapely.normalize(one).wkb: f"{n}路" for n, one in enumerate(each)}

    def built(listed):
        named = [names[shapely.normalize(one).wkb] for one in listed]
        return build_segments(layer(listed, name=named), CLASSES, METRIC)[0]

    first, second = built(each), built(shuffled)
    assert first["segment"].tolist() == second["segment"].tolist()
    assert shapely.equals(first.geometry.to_numpy(), second.geometry.to_numpy()).all()


def test_junctions_closer_than_the_tolerance_lose_nothing():
    crooked = line((0, 0), (50, 0), (50.04, 0), (100, 0))
    beside = [line((50, 0), (50, 50)), line((50.04, 0), (50.04, -50))]
    segments, _ = build_segments(layer([crooked, *beside], name=list("ABC")), CLASSES, METRIC)
    of_a = segments[segments["street"] == "A"]
    assert of_a["length_m"].sum() == pytest.approx(100, abs=1e-3)
    assert (of_a["length_m"] > 1).all()


@pytest.mark.parametrize(
    ("given", "street"),
    [("人民路", "人民路"), ("['人民路', '解放路']", "人民路"), ("[]", ""), ("[broken", "[broken"),
     ("['未闭合]", "['未闭合]"), (None, ""), (float("nan"), ""), ("  人民路 ", "人民路")],
)  # fmt: skip
def test_names_kept_as_lists_give_their_first(given, street):
    segments, note = build_segments(layer([line((0, 0), (50, 0))], name=[given]), CLASSES, METRIC)
    assert segments["street"].tolist() == [street]
    assert note.unnamed == (street == "")


@pytest.mark.parametrize(
    ("word", "code"),
    [("primary", "strict"), ("primary_link", "strict"), ("['residential', 'x']", "back"),
     ("highway.residential", "back"), ("严管街", "strict"), ("unheard_of", "unclassified")],
)  # fmt: skip
def test_classes_are_told_from_the_words_of_the_file(word, code):
    segments, _ = build_segments(layer([line((0, 0), (50, 0))], highway=[word]), CLASSES, METRIC)
    assert segments["class"].tolist() == [code]
    assert segments["width_m"].tolist() == [CLASSES[code].width_m]
    assert list(segments.columns) == SEGMENT_COLUMNS


def test_a_stated_width_wins():
    given = layer([line((0, 0), (50, 0))], highway=["primary"], width_m=["17.5"])
    segments, _ = build_segments(given, CLASSES, METRIC)
    area = segments.geometry.to_crs(METRIC).area.iloc[0]
    assert segments["width_m"].tolist() == [17.5]
    assert area == pytest.approx(50 * 17.5 + np.pi * 8.75**2, rel=0.05)


def test_polygons_stay_whole_with_a_length():
    segments, _ = build_segments(
        layer([shapely.box(0, 0, 300, 12)], name=["广场路"]), CLASSES, METRIC
    )
    assert len(segments) == 1
    assert segments["length_m"].iloc[0] == pytest.approx(300, rel=0.02)
    assert segments.geometry.to_crs(METRIC).area.iloc[0] == pytest.approx(3600, rel=1e-3)
    assert metres(segments)[0] == pytest.approx(300, rel=1e-3)


def test_an_invalid_ring_is_mended_and_reported():
    bow = shapely.Polygon([(0, 0), (100, 10), (100, 0), (0, 10)])
    segments, note = build_segments(layer([bow], name=["A"]), CLASSES, METRIC)
    assert note.mended == 1
    assert segments.geometry.is_valid.all()


def test_points_are_skipped_and_reported():
    shapes = [shapely.Point(1, 1), line((0, 0), (50, 0))]
    _, note = build_segments(layer(shapes, name=["A", "B"]), CLASSES, METRIC)
    assert (note.read, note.skipped, note.segments) == (2, 1, 1)
