"""The register: complete, inside the district, plausible, and the same for the same seed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.demo import make_cases, make_city, make_layers
from geodata.demo.cases import iter_cases
from geodata.demo.config import load_config
from geodata.demo.habits import load_habits
from geodata.demo.shape import to_metres

if TYPE_CHECKING:
    from geodata.demo import DemoCity

HEADINGS = [
    "案卷编号", "大类", "小类", "问题描述", "上报时间", "立案时间", "派遣时间", "处置时间",
    "核查时间", "结案时间", "处置期限", "责任部门", "配合单位", "问题来源", "案卷状态",
    "所在街道", "所在社区", "路段名称", "地址", "经度", "纬度", "违建面积", "拆除面积", "返工次数",
]  # fmt: skip


def test_same_seed_same_bytes() -> None:
    one, two, other = make_city(7, 3_000), make_city(7, 3_000), make_city(8, 3_000)
    assert one.cases.write_csv() == two.cases.write_csv()
    assert one.truth == two.truth
    for layer in ("streets", "areas", "water_green", "places", "grid"):
        assert getattr(one, layer).to_json() == getattr(two, layer).to_json()
    assert one.cases.write_csv() != other.cases.write_csv()
    assert one.streets.to_json() != other.streets.to_json()


def test_headings_and_size(demo: DemoCity) -> None:
    assert demo.cases.columns == HEADINGS
    assert len(demo.cases) == 60_000
    assert demo.cases["案卷编号"].n_unique() == 60_000
    needed = ["案卷编号", "小类", "问题描述", "上报时间", "问题来源", "经度", "纬度", "地址"]
    assert demo.cases.select(needed).null_count().sum_horizontal().item() == 0
    assert 0.02 < demo.cases["路段名称"].null_count() / len(demo.cases) < 0.04


LAYERS = make_layers(3)


@settings(max_examples=6)
@given(st.integers(1, 2_500), st.integers(1, 900))
def test_parts_make_up_the_register_whatever_their_size(cases: int, rows: int) -> None:
    parts = list(iter_cases(LAYERS.scene, cases, 3, rows))
    assert [len(part) for part in parts[:-1]] == [rows] * (len(parts) - 1)
    whole = pl.concat(parts)
    assert len(whole) == cases
    assert whole["案卷编号"].n_unique() == cases


def test_no_case_is_no_row() -> None:
    assert list(make_cases(LAYERS, 0, 3)) == []


def test_all_cases_lie_in_the_district_and_near_their_street(demo: DemoCity) -> None:
    district = shapely.coverage_union_all(
        demo.areas.loc[demo.areas["level"] == "街道"].geometry.to_numpy()
    )
    points = shapely.points(demo.cases["经度"], demo.cases["纬度"])
    shapely.prepare(district)
    assert shapely.contains(district, points).all()
    kerb = to_metres(demo.streets.geometry.to_numpy())
    tree = shapely.STRtree(kerb)
    index, far = tree.query_nearest(to_metres(points), return_distance=True, all_matches=False)
    beyond = far - demo.streets["width_m"].to_numpy()[index[1]] / 2
    piled = demo.truth["pile"]["lon_lat"]
    placed = ~((demo.cases["经度"] == piled[0]) & (demo.cases["纬度"] == piled[1])).to_numpy()
    assert np.quantile(beyond[placed], 0.99) < 20
    assert -5 < np.median(beyond[placed]) < 8


def test_times_are_in_order_and_end_on_the_last_day(register: pl.DataFrame) -> None:
    order = ["上报时间", "立案时间", "派遣时间", "处置时间", "核查时间", "结案时间"]
    for earlier, later in pairwise(order):
        both = register.filter(pl.col(later).is_not_null())
        assert (both[earlier] <= both[later]).all()
        assert both[earlier].null_count() == 0
    assert register["上报时间"].min() >= pl.Series(["2026-05-01"]).str.to_datetime()[0]
    for heading in order:
        assert str(register[heading].max()) < "2026-11-23"


def test_three_in_four_are_closed_in_time(register: pl.DataFrame) -> None:
    due = register.filter(pl.col("处置期限") < pl.datetime(2026, 11, 23))
    in_time = (due["结案时间"] <= due["处置期限"]).fill_null(value=False)
    assert 0.72 < in_time.mean() < 0.80
    late_open = due["结案时间"].null_count()
    assert 100 < late_open < 1_500
    assert 0.03 < (register["返工次数"] > 0).mean() < 0.12


def test_deadlines_are_those_of_the_tables(register: pl.DataFrame) -> None:
    config = load_config()
    stalls = register.filter((pl.col("小类") == "流动摊贩") & pl.col("立案时间").is_not_null())
    filed = stalls["立案时间"].cast(pl.Datetime("us")).to_numpy()
    due = stalls["处置期限"].cast(pl.Datetime("us")).to_numpy()
    allowed = config.calendar.work_hours_between_many(filed, due)
    assert allowed == pytest.approx(4.0, abs=1e-6)


def test_names_are_mapped_but_for_the_planted_few(demo: DemoCity) -> None:
    config = load_config()
    known = {name for one in config.categories for name in (one.name, *one.aliases)}
    offices = {node.name for node in config.offices}
    families = {one.name for one in config.families}
    assert 0.005 < 1 - demo.cases["小类"].is_in(list(known)).mean() < 0.02
    assert 0.015 < demo.cases["责任部门"].null_count() / len(demo.cases) < 0.025
    named = demo.cases["责任部门"].drop_nulls()
    assert 0.002 < 1 - named.is_in(list(offices)).mean() < 0.01
    assert set(demo.cases["问题来源"]) <= {one.name for one in config.channels}
    assert set(demo.cases["大类"]) == families
    helpers = demo.cases["配合单位"].drop_nulls().str.split("；").explode()
    assert set(helpers) <= offices
    both = demo.cases.drop_nulls(["配合单位", "责任部门"])
    assert not (both["配合单位"].str.split("；").list.contains(both["责任部门"])).any()


def test_every_category_has_a_habit_and_every_habit_a_category() -> None:
    config = load_config()
    assert [habit.code for habit in load_habits()] == [one.code for one in config.categories]
    assert config.offices.defects() == []
    assert config.campaign.defects() == []
    codes = set(config.offices.codes())
    for habit in load_habits():
        assert set(habit.lead) - {"team"} <= codes
        assert set(habit.assist) - {"team", "community"} <= codes
    for action in config.actions:
        assert {action.lead, *action.assisting} <= codes
    assert len(config.actions) == 10


def test_actions_name_real_streets(demo: DemoCity) -> None:
    streets = set(demo.streets["name"])
    for action in demo.config.actions:
        assert set(action.streets) <= streets, action.code


def test_areas_of_illegal_buildings(demo: DemoCity) -> None:
    built = demo.cases.filter(pl.col("违建面积").is_not_null())
    assert set(built["大类"]) <= {"违法建设", "其他"}
    assert (built["违建面积"] > 0).all()
    torn = built.drop_nulls("拆除面积")
    assert (torn["拆除面积"] <= torn["违建面积"] + 0.05).all()
    assert torn["处置时间"].null_count() == 0


def test_some_texts_try_the_display(demo: DemoCity) -> None:
    text = demo.cases["问题描述"]
    assert text.str.starts_with("=").any()
    assert text.str.contains("\n", literal=True).any()
    assert text.str.contains("🚧", literal=True).any()
    assert text.str.contains("{{7*7}}", literal=True).any()
    assert not text.str.contains(r"\{(street|goods|count|number)\}").any()
