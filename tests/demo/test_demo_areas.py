"""Sub-districts, communities, unit grids and places of the made-up city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geodata.demo.plan import load_plan
from geodata.demo.shape import to_metres

if TYPE_CHECKING:
    from geodata.demo import DemoCity


def metres_of(layer: object) -> np.ndarray:
    return to_metres(layer.geometry.to_numpy())  # type: ignore[attr-defined]


def test_communities_tile_the_district_exactly(demo: DemoCity) -> None:
    communities = demo.areas[demo.areas["level"] == "社区"].geometry.to_numpy()
    assert shapely.coverage_is_valid(communities)
    whole = shapely.coverage_union_all(communities)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert to_metres([whole])[0].area == pytest.approx(load_plan().boundary.area, rel=1e-4)


def test_sub_districts_are_their_communities(demo: DemoCity) -> None:
    areas = demo.areas.set_index("code")
    above = areas[areas["level"] == "街道"]
    assert list(above["name"]) == ["西园街道", "北苑街道", "南桥街道", "东渡街道"]
    for code, polygon in above.geometry.items():
        own = areas[areas["parent"] == code].geometry.to_numpy()
        assert 5 <= len(own) <= 8
        assert shapely.coverage_union_all(own).symmetric_difference(polygon).area < 1e-12


def test_codes_and_names_are_unique(demo: DemoCity) -> None:
    assert demo.areas["code"].is_unique
    assert demo.areas["name"].is_unique
    assert demo.areas["name_en"].is_unique
    assert demo.areas["geometry"].is_valid.all()
    assert (demo.areas["level"] == "社区").sum() in range(18, 28)


def test_unit_grids_tile_every_community(demo: DemoCity) -> None:
    communities = demo.areas[demo.areas["level"] == "社区"].set_index("code")
    assert demo.grid["code"].is_unique
    assert demo.grid["code"].str.fullmatch(r"511099\d{9}").all()
    size = shapely.area(metres_of(demo.grid))
    assert 8_000 < np.median(size) < 12_000
    assert size.max() < 18_000
    assert size.min() > 2_000
    by_community = demo.grid.assign(size=size).groupby(demo.grid["code"].str[:12])["size"].sum()
    for code, total in by_community.items():
        own = to_metres([communities.geometry[code]])[0].area
        assert total == pytest.approx(own, rel=2e-4)


def test_unit_grids_do_not_overlap(demo: DemoCity) -> None:
    grids = metres_of(demo.grid)
    tree = shapely.STRtree(grids)
    one, two = tree.query(grids, predicate="intersects")
    pairs = one < two
    overlap = shapely.area(shapely.intersection(grids[one[pairs]], grids[two[pairs]]))
    # a cut may end between two vertices of the neighbour; rounding there moves it by 0.1 m
    assert overlap.max() < 15.0


def test_places_stand_beside_streets_on_dry_land(demo: DemoCity) -> None:
    kinds = demo.places["kind"].value_counts()
    wanted = {"school": 10, "station": 2, "market": 6, "square": 4, "hospital": 4}
    assert all(kinds[kind] >= count for kind, count in wanted.items())
    assert {"九龙生活广场", "三湾农贸市场"} <= set(demo.places["name"])
    river = shapely.union_all(
        demo.water_green.loc[demo.water_green["kind"] == "water"].geometry.to_numpy()
    )
    assert not demo.places.within(river).any()
    streets = shapely.union_all(metres_of(demo.streets))
    far = shapely.distance(metres_of(demo.places), streets)
    assert far.min() > 4
    assert far.max() < 150


def test_parks_hold_no_street(demo: DemoCity) -> None:
    streets = shapely.union_all(metres_of(demo.streets))
    greens = metres_of(demo.water_green[demo.water_green["kind"] == "green"])
    assert len(greens) >= 3
    for green in greens:
        assert (streets & green.buffer(-20)).length < 60
