"""What is planted is found again by plain counting."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
import shapely
from scipy.stats import kendalltau

from geodata.demo.config import load_config
from geodata.spatial.cells import cells_at, from_text, parent_of

if TYPE_CHECKING:
    from geodata.demo import DemoCity

TACKLE = (date(2026, 9, 21), date(2026, 11, 15))
BEFORE = (date(2026, 7, 27), date(2026, 9, 20))


def between(cases: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    return cases.filter(pl.col("上报时间").dt.date().is_between(first, last))


def in_cells(cases: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    cells = parent_of(cells_at(cases["经度"].to_numpy(), cases["纬度"].to_numpy()), 10)
    return cases.filter(np.isin(cells, [from_text(name) for name in names]))


def names_of(codes: list[str]) -> list[str]:
    return [
        name
        for one in load_config().categories
        if one.code in codes
        for name in (one.name, *one.aliases)
    ]


def of_kind(cases: pl.DataFrame, codes: list[str]) -> pl.DataFrame:
    return cases.filter(pl.col("小类").is_in(names_of(codes)))


def hotspot(demo: DemoCity, code: str) -> dict[str, Any]:
    return next(one for one in demo.truth["hotspots"] if one["code"] == code)


def at_hotspot(demo: DemoCity, register: pl.DataFrame, code: str) -> pl.DataFrame:
    spot = hotspot(demo, code)
    there = register.filter(pl.col("路段名称").is_in(spot["streets"]))
    return in_cells(of_kind(there, list(spot["categories"])), spot["cells"])


def test_truth_can_be_written_as_json(demo: DemoCity) -> None:
    assert json.loads(json.dumps(demo.truth, ensure_ascii=False)) == demo.truth
    kinds = {one["kind"] for one in demo.truth["hotspots"]}
    assert kinds == {
        "persistent", "new", "diminishing", "intensifying", "oscillating", "historical",
    }  # fmt: skip


def test_every_hotspot_ranks_high_for_its_kind_in_its_weeks(
    demo: DemoCity, register: pl.DataFrame
) -> None:
    for spot in demo.truth["hotspots"]:
        span = date.fromisoformat(spot["from_on"]), date.fromisoformat(spot["until_on"])
        own = of_kind(between(register, *span), list(spot["categories"]))
        if spot["kind"] == "oscillating":
            own = own.filter(pl.col("上报时间").dt.weekday() >= 6)
        cells = parent_of(cells_at(own["经度"].to_numpy(), own["纬度"].to_numpy()), 10)
        found, count = np.unique(cells, return_counts=True)
        top = set(found[np.argsort(-count)[:6]].tolist())
        assert top & {from_text(name) for name in spot["cells"]}, spot["code"]


@pytest.mark.parametrize("code", ["tiaozhou_stalls", "dongtong_waste", "shiqiao_buildings"])
def test_new_hotspots_begin_on_their_day(demo: DemoCity, register: pl.DataFrame, code: str) -> None:
    begin = date.fromisoformat(hotspot(demo, code)["from_on"])
    own = at_hotspot(demo, register, code)
    until = (own["上报时间"].dt.date() < begin).sum() / (begin - date(2026, 5, 1)).days
    since = (own["上报时间"].dt.date() >= begin).sum() / (date(2026, 11, 23) - begin).days
    assert since > 4 * until


def test_trends_rise_and_fall_as_planted(demo: DemoCity, register: pl.DataFrame) -> None:
    for code, sign in (("daqian_bikes", -1), ("pingan_parking", 1)):
        own = at_hotspot(demo, register, code)
        weekly = own.group_by(pl.col("上报时间").dt.truncate("1w")).len().sort("上报时间")
        tau, p = kendalltau(range(len(weekly)), weekly["len"])
        assert sign * tau > 0.3
        assert p < 0.01


def test_the_weekend_market_alternates(demo: DemoCity, register: pl.DataFrame) -> None:
    own = at_hotspot(demo, register, "zhongxing_market").filter(
        pl.col("上报时间").dt.weekday() >= 6
    )
    weekly = own.group_by(pl.col("上报时间").dt.truncate("1w")).len().sort("上报时间")
    counts = dict(zip(weekly["上报时间"].dt.date(), weekly["len"], strict=True))
    weeks = [
        date.fromordinal(day)
        for day in range(date(2026, 5, 4).toordinal(), date(2026, 11, 17).toordinal(), 7)
    ]
    series = np.array([counts.get(week, 0) for week in weeks])
    busy, calm = sorted((series[::2].mean(), series[1::2].mean()), reverse=True)
    assert busy > 3 * calm


def test_the_treated_street_drops_by_a_third_against_its_comparison(
    demo: DemoCity, register: pl.DataFrame
) -> None:
    rule = demo.truth["treated"]
    occupancy = register.filter(pl.col("大类") == "占道经营")

    def change(streets: list[str]) -> tuple[float, float]:
        own = occupancy.filter(pl.col("路段名称").is_in(streets))
        before, after = len(between(own, *BEFORE)), len(between(own, *TACKLE))
        return np.log(after / before), 1 / after + 1 / before

    treated, variance = change([rule["street"]])
    compared, other = change(rule["comparison"])
    error = np.sqrt(variance + other)
    assert treated - compared + 1.96 * error < 0, "no significant drop"
    assert abs(treated - compared - np.log(1 - rule["drop"])) < 3 * error


def test_trade_moves_from_the_cleared_street_round_the_corner(
    demo: DemoCity, register: pl.DataFrame
) -> None:
    rule = demo.truth["displacement"]
    occupancy = register.filter(pl.col("大类") == "占道经营")
    for street, part, low, high in (
        (rule["street"], "cleared", 0.2, 0.5),
        (rule["receiving_street"], "receiving", 1.6, 9.0),
    ):
        own = occupancy.filter(pl.col("路段名称") == street)
        own = in_cells(own, rule[part]["cells"])
        ratio = len(between(own, *TACKLE)) / len(between(own, *BEFORE))
        assert low < ratio < high, street


def test_dumping_comes_back_at_the_rebound_sites(demo: DemoCity, register: pl.DataFrame) -> None:
    rule = demo.truth["rebound"]
    dumping = of_kind(register, rule["categories"])

    def share_followed(cases: pl.DataFrame) -> float:
        """Share of closed cases with a report within 40 m and 3 to 28 days after closing."""
        closed = cases.filter(pl.col("结案时间") < pl.datetime(2026, 10, 25))
        xy = cases.select(pl.col("经度") * 96_879, pl.col("纬度") * 110_856).to_numpy()
        at = cases["上报时间"].to_numpy()
        hits = 0
        for lon, lat, end in closed.select("经度", "纬度", "结案时间").rows():
            near = np.hypot(*(xy - (lon * 96_879, lat * 110_856)).T) < 40
            days = (at - np.datetime64(end)) / np.timedelta64(1, "D")
            hits += bool((near & (days >= 3) & (days <= 28)).any())
        return hits / len(closed)

    at_sites = dumping.filter(pl.col("路段名称").is_in(rule["streets"]))
    elsewhere = dumping.filter(~pl.col("路段名称").is_in(rule["streets"])).sample(1_500, seed=1)
    assert share_followed(at_sites) > rule["rate"] - 0.1
    assert share_followed(at_sites) > share_followed(elsewhere) + 0.2


def test_posters_are_a_tuesday_matter(register: pl.DataFrame) -> None:
    posters = of_kind(register, ["posters"])
    by_day = posters["上报时间"].dt.weekday().value_counts().sort("上报时间")["count"]
    assert by_day.arg_max() == 1
    assert by_day[1] > 2 * by_day[2]


def test_default_point_holds_a_pile_of_one_channel(demo: DemoCity) -> None:
    lon, lat = demo.truth["pile"]["lon_lat"]
    pile = demo.cases.filter((pl.col("经度") == lon) & (pl.col("纬度") == lat))
    of_channel = (demo.cases["问题来源"] == "12345热线").sum()
    assert len(pile) / of_channel == pytest.approx(demo.truth["pile"]["share"], rel=0.25)
    assert set(pile["问题来源"]) == {"12345热线"}
    assert pile["路段名称"].n_unique() >= 15
    assert len(pile) >= max(100, 0.002 * len(demo.cases))


def test_the_silent_community_stops_reporting(demo: DemoCity, register: pl.DataFrame) -> None:
    rule = demo.truth["silent"]
    begin = date.fromisoformat(rule["from_on"])
    area = demo.areas.loc[demo.areas["name"] == rule["community"], "geometry"].iloc[0]
    points = shapely.points(register["经度"], register["纬度"])
    inside = register.filter(shapely.contains(area, points))
    assert len(between(inside, date(2026, 8, 31), begin)) > 100
    assert between(inside, begin, date(2026, 11, 22)).is_empty()
    assert register.filter(
        (pl.col("所在社区") == rule["community"]) & (pl.col("上报时间").dt.date() >= begin)
    ).is_empty()


def test_patrols_rest_on_the_national_holiday(register: pl.DataFrame) -> None:
    patrol = register.filter(pl.col("问题来源") == "巡查")
    holiday = len(between(patrol, date(2026, 10, 1), date(2026, 10, 7))) / 7
    usual = len(between(patrol, date(2026, 10, 12), date(2026, 10, 18))) / 7
    assert holiday < 0.7 * usual
