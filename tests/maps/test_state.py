"""The packed state holds the numbers of the lake, whatever measure the page turns to."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter, defaultdict
from dataclasses import replace

import h3
import numpy as np
import polars as pl
import pytest

from geodata.domain.selection import Selection
from geodata.maps.page import case_map
from geodata.maps.state import MapChoiceUnknown, breaks_of, packed_state, silent_areas
from geodata.store.facts import load_facts
from geodata.store.lake import Lake


@pytest.fixture(scope="module")
def facts(small_city):
    return load_facts(small_city)


@pytest.fixture(scope="module")
def basemap(small_city):
    return (small_city.layers / "basemap.json").read_text(encoding="utf-8")


def unpacked(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


def column(coded, kind):
    return np.frombuffer(base64.b64decode(coded["b64"]), dtype=kind)


def by_cell(numbers):
    hi, lo = column(numbers["cells"]["hi"], "<u4"), column(numbers["cells"]["lo"], "<u4")
    names = [f"{(int(h) << 32) | int(low):x}" for h, low in zip(hi, lo, strict=True)]
    return dict(zip(names, column(numbers["cells"]["value"], "<f8").tolist(), strict=True))


@pytest.fixture(scope="module")
def content(small_city, facts, basemap):
    return unpacked(packed_state(small_city, facts, Selection(), basemap=basemap))


@pytest.fixture(scope="module")
def cases(small_city):
    return Lake(small_city.lake).scan().collect()


def parents(cases):
    """Cell at resolution 11 of every case, by h3's own parent function."""
    return [h3.cell_to_parent(f"{cell:x}", 11) for cell in cases["cell"]]


def test_counts_by_cell_are_those_of_the_lake(content, cases):
    assert by_cell(content["numbers"]["count"]) == Counter(parents(cases))


def test_square_metres_by_cell_are_those_of_the_lake(content, cases):
    wanted = defaultdict(float)
    for cell, area in zip(parents(cases), cases["area_m2"], strict=True):
        if area:
            wanted[cell] += area
    found = by_cell(content["numbers"]["area_m2"])
    assert wanted
    assert found.keys() == wanted.keys()
    assert [found[cell] for cell in wanted] == pytest.approx(list(wanted.values()), rel=1e-6)


@pytest.mark.parametrize("measure", ["count", "area_m2"])
def test_numbers_by_segment_are_those_of_the_lake(content, facts, cases, measure):
    ids = facts.segments["segment"].to_list()
    weight = pl.len() if measure == "count" else pl.col("area_m2").cast(pl.Float64).sum()
    wanted = dict(
        cases.filter(pl.col("segment").is_not_null())
        .group_by("segment").agg(n=weight).filter(pl.col("n") > 0).iter_rows()
    )  # fmt: skip
    numbers = content["numbers"][measure]["segments"]
    index, value = column(numbers["index"], "<u4"), column(numbers["value"], "<f8")
    assert {ids[at]: n for at, n in zip(index, value, strict=True)} == pytest.approx(wanted)


def test_the_legend_says_how_many_over_what_and_of_which_version(content, cases):
    legend = content["state"]["facts"]
    assert legend["n"] == len(cases)
    assert legend["filters"] == "全部类别 · 全部部门"
    assert legend["version"] == "v0"
    assert legend["period"].startswith("2026-05-01 至 ")


def test_every_measure_has_seven_rising_bounds_at_each_scale(content):
    for table in content["state"]["breaks"].values():
        assert set(table) == {"8", "9", "10", "11", "street"}
        for bounds in table.values():
            assert len(bounds) == 7
            assert bounds == sorted(set(bounds))


def test_a_filter_changes_the_numbers_and_not_the_scale(small_city, facts, basemap, content):
    chosen = Selection(families=frozenset({"littering"}))
    filtered = unpacked(packed_state(small_city, facts, chosen, basemap=basemap))
    assert 0 < filtered["state"]["facts"]["n"] < content["state"]["facts"]["n"]
    assert filtered["state"]["breaks"] == content["state"]["breaks"]


def test_bounds_written_in_the_city_win(small_city, facts):
    own = {"count": {"10": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)}}
    city = replace(small_city, map=replace(small_city.map, breaks=own))
    bounds = breaks_of(city, facts, "count", 30)
    assert bounds["10"] == [1, 2, 3, 4, 5, 6, 7]
    assert bounds["9"] == breaks_of(small_city, facts, "count", 30)["9"]


def test_areas_that_sent_nothing_are_silent_and_none_is_when_all_are(facts):
    tree = list(facts.areas)
    leaves = {row for row, area in enumerate(tree) if not facts.areas.children(area.code)}
    reported = set(facts.frame["area"].cast(pl.String))
    assert set(silent_areas(facts, Selection())) == {
        row for row in leaves if tree[row].code not in reported
    }
    day = facts.frame["reported_on"].min()
    one_day = Selection(from_on=day, until_on=day)
    sent = set(facts.frame.filter(pl.col("reported_on") == day)["area"].cast(pl.String))
    silent = silent_areas(facts, one_day)
    assert silent
    assert {tree[row].code for row in silent} == {tree[row].code for row in leaves} - sent
    assert silent_areas(facts, Selection(phases=frozenset())) == []


def test_an_intranet_tile_server_stays_out(small_city, facts, basemap, content):
    tiled = json.dumps(
        {**json.loads(basemap), "tiles": {"url": "http://10.0.0.1/{z}", "shift": [0, 0]}}
    )
    without = unpacked(packed_state(small_city, facts, Selection(), basemap=tiled))
    assert without == content


def test_equal_input_gives_equal_text(small_city, facts, basemap):
    texts = {packed_state(small_city, facts, Selection(), basemap=basemap) for _ in range(2)}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("choice", "listed"),
    [
        ({"measure": "heat"}, "'count', 'per_km', 'area_m2'"),
        ({"resolution": 12}, "None, 8, 9, 10, 11"),
        ({"language": "fr"}, "'zh', 'en'"),
        ({"theme": "blue"}, "'light', 'dark'"),
    ],
)
def test_a_choice_the_map_does_not_have_is_answered_with_those_it_has(small_city, choice, listed):
    with pytest.raises(MapChoiceUnknown) as caught:
        case_map(small_city, **choice)
    assert listed in str(caught.value)
