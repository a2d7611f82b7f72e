"""The streets as they are kept: what a map and a nearest-street join rely on."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.demo.shape import to_metres
from geodata.errors import CityBroken

if TYPE_CHECKING:
    from geodata.demo import DemoCity

NAMED = {
    "strict": {"陈寿路", "耀目路", "滨江南路"},
    "first": {"嘉南路", "紫府路", "长城路", "都尉路", "南荣路", "学府路", "眺洲路"},
    "second": {"树人路", "江家街", "中兴路", "东桐路", "蟠龙路", "平安路", "兴盛路"},
}


def ends_of(line: shapely.LineString) -> tuple[tuple[float, float], tuple[float, float]]:
    return line.coords[0], line.coords[-1]


def test_streets_meet_only_at_shared_ends(demo: DemoCity) -> None:
    lines = demo.streets.geometry.to_numpy()
    tree = shapely.STRtree(to_metres(lines))
    ends = [set(ends_of(line)) for line in lines]
    metres = to_metres(lines)
    for one, two in tree.query(metres, predicate="intersects").T:
        if one < two:
            shared = ends[one] & ends[two]
            assert shared, f"{one} and {two} touch without a common end"
            nodes = to_metres([shapely.MultiPoint(list(shared))])[0]
            # rounding to six decimals (0.1 m) may let two neighbours touch right beside the node
            assert (metres[one] & metres[two]).difference(nodes.buffer(5)).is_empty


def test_every_coordinate_has_six_decimals(demo: DemoCity) -> None:
    xy = shapely.get_coordinates(demo.streets.geometry.to_numpy())
    assert np.array_equal(xy, np.round(xy, 6))


def test_one_can_drive_from_anywhere_to_anywhere(demo: DemoCity) -> None:
    nodes: dict[tuple[float, float], int] = {}
    pairs = [
        [nodes.setdefault(end, len(nodes)) for end in ends_of(line)]
        for line in demo.streets.geometry
    ]
    begin, end = np.array(pairs).T
    links = coo_array((np.ones(len(pairs)), (begin, end)), shape=(len(nodes), len(nodes)))
    parts, part = connected_components(links, directed=False)
    # a lane at the district's edge may be reached from outside only
    assert np.bincount(part).max() / len(nodes) > 0.985, f"{parts} separate networks"


def test_size_and_mixture_are_those_of_a_district(demo: DemoCity) -> None:
    length = shapely.length(to_metres(demo.streets.geometry.to_numpy()))
    assert 1_000 <= len(demo.streets) <= 1_600
    assert 120 <= demo.streets["name"].nunique() <= 240
    share = {
        code: length[demo.streets["class"] == code].sum() / length.sum()
        for code in ("strict", "first", "second", "back", "fringe")
    }
    assert sum(share.values()) == pytest.approx(1)
    assert 0.03 < share["strict"] < 0.10
    assert 0.15 < share["first"] < 0.30
    assert 0.25 < share["back"] < 0.45
    assert 0.05 < share["fringe"] < 0.20
    assert length.min() > 15


def test_named_streets_have_their_class(demo: DemoCity) -> None:
    for street_class, names in NAMED.items():
        found = set(demo.streets.loc[demo.streets["class"] == street_class, "name"])
        assert names <= found
    assert not demo.streets["name"].isna().any()
    assert demo.streets["name"].str.fullmatch(r"[一-鿿]{2,9}[路街巷段道]").all()


def test_a_street_is_one_piece_of_one_class_and_width(demo: DemoCity) -> None:
    main = demo.streets[demo.streets["class"].isin(["strict", "first"])]
    assert (main.groupby("name")["class"].nunique() == 1).all()
    assert (main.groupby("name")["width_m"].nunique() == 1).all()
    for name, own in main.groupby("name"):
        merged = shapely.line_merge(shapely.union_all(own.geometry.to_numpy()))
        assert merged.geom_type == "LineString", f"{name} is in pieces"


def test_only_bridges_cross_the_water(demo: DemoCity) -> None:
    river = shapely.union_all(
        demo.water_green.loc[demo.water_green["kind"] == "water"].geometry.to_numpy()
    )
    wet = shapely.length(to_metres(demo.streets.geometry.intersection(river).to_numpy())) > 1
    crossing = demo.streets[wet]
    assert 2 <= crossing["name"].nunique() <= 4
    assert set(crossing["class"]) == {"first"}
    for street in crossing.geometry:
        assert not river.contains(shapely.Point(street.coords[0]))
        assert not river.contains(shapely.Point(street.coords[-1]))


def test_no_two_streets_run_side_by_side_closer_than_25_metres(demo: DemoCity) -> None:
    lines = to_metres(demo.streets.geometry.to_numpy())
    ends = [set(ends_of(line)) for line in demo.streets.geometry]
    tree = shapely.STRtree(lines)
    for along in (0.3, 0.5, 0.7):
        middles = shapely.line_interpolate_point(lines, along, normalized=True)
        for one, two in tree.query(middles, predicate="dwithin", distance=22.0).T:
            neighbours = one == two or ends[one] & ends[two]
            assert neighbours, (demo.streets["name"][one], demo.streets["name"][two])


def test_junctions_have_no_hairpins(demo: DemoCity) -> None:
    directions = defaultdict(list)
    for line, metres in zip(
        demo.streets.geometry, to_metres(demo.streets.geometry.to_numpy()), strict=True
    ):
        for end, way in (
            (ends_of(line)[0], metres),
            (ends_of(line)[1], shapely.reverse(metres)),
        ):
            begin, ahead = way.coords[0], way.interpolate(min(20, way.length))
            directions[end].append(np.degrees(np.arctan2(ahead.y - begin[1], ahead.x - begin[0])))
    for end, found in directions.items():
        turned = np.sort(found)
        gaps = np.diff([*turned, turned[0] + 360])
        assert len(found) == 1 or gaps.min() > 25, f"{gaps.min():.0f}° at {end}"


def test_junctions_are_mostly_t_shaped_with_some_dead_ends(demo: DemoCity) -> None:
    degree = Counter(end for line in demo.streets.geometry for end in ends_of(line))
    count = Counter(degree.values())
    assert count[3] > 1.5 * count[4] > 0
    assert 0.05 < count[1] / len(degree) < 0.25


def test_a_hotspot_on_no_street_is_refused(demo: DemoCity) -> None:
    from geodata.demo import make_layers  # noqa: PLC0415 - only this test needs the scene
    from geodata.demo.planted import Hotspot  # noqa: PLC0415

    nowhere = Hotspot(
        code="nowhere", kind="new", streets=("无名路",), categories={"stall": 1.0}, share=1.0,
        hours="day", at=(0.0, 0.0), within_m=100.0, time="steady",
    )  # fmt: skip
    with pytest.raises(CityBroken, match="nowhere"):
        nowhere.spots(make_layers().scene.spots)
