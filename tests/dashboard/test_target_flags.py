"""Targets missed, on the map: the flags are those of the offices page, at places that exist."""

from __future__ import annotations

import polars as pl
import pytest
import shapely

from dashboard.access import Reading
from dashboard.components import target_flags
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.findings import Source
from geodata.findings.judging.registers import target_table
from geodata.findings.judging.target_places import MOST, target_places
from tests import small_city
from tests.findings import gathered

FRONTAGE = """街路,商户数,签约数,履约数
1横街,100,99,98
2横街,100,80,79
3横街,100,97,60
天上街,50,10,5
"""
SURVEY = """辖区,受访人数,知晓人数,满意人数
{low},400,300,390
{high},400,398,396
"""


def view_of(kind):
    return View(options=(("targets", kind),))


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    folder = gathered.made(tmp_path_factory.mktemp("flags"), [gathered.report(*gathered.CORNER, 1)])
    tables = folder / "tables"
    tables.mkdir()
    low, high = (area for area in small_city.areas()["code"][:2])
    (tables / "frontage.csv").write_text(FRONTAGE, encoding="utf-8")
    (tables / "survey.csv").write_text(SURVEY.format(low=low, high=high), encoding="utf-8")
    source = Source.of(folder)
    return Reading(city=source.city, facts=source.facts, read_at=source.facts.as_of)


@pytest.mark.parametrize("kind", ["frontage", "survey"])
def test_flagged_are_the_units_that_miss_a_target_and_have_a_place(reading, kind):
    found = target_places(reading.source, kind)
    table = target_table(reading.source, kind)
    missed = set(table.table.filter(pl.col("met").eq(other=False))[found.by])
    assert {one.unit for one in found.places} == missed - set(table.unknown)
    assert found.missed == len(missed)
    assert len(found.places) <= MOST
    for one in found.places:
        assert all(row["value"] < row["target"] for row in one.rows)


def test_the_furthest_below_is_number_one_and_lies_on_its_own_ground(reading):
    streets = target_places(reading.source, "frontage").places
    assert [one.unit for one in streets] == ["3横街", "2横街"]
    lines = small_city.streets().set_index("name").geometry
    for one in streets:
        assert lines[one.unit].distance(shapely.Point(one.lon, one.lat)) < 1e-6
    (area,) = target_places(reading.source, "survey").places
    ground = small_city.areas().set_index("code").geometry[area.unit]
    assert ground.contains(shapely.Point(area.lon, area.lat))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_flag_on_the_map_is_explained_beside_it(reading, language):
    say = Speaker(language)
    assert target_flags.on_map(reading, View(), say) == {"callouts": [], "callouts_label": None}
    for kind in ("frontage", "survey"):
        drawn = target_flags.on_map(reading, view_of(kind), say)
        told = target_flags.panel(reading, view_of(kind), say)
        assert [one["n"] for one in drawn["callouts"]] == [row["n"] for row in told["rows"]]
        assert all(row["name"] and row["text"] for row in told["rows"])
        assert drawn["callouts_label"]
        assert told["chosen"] == kind


def test_a_city_without_tables_offers_nothing_and_a_broken_one_says_so(tmp_path):
    say = Speaker("zh")
    folder = gathered.made(tmp_path, [gathered.report(*gathered.CORNER, 1)])
    source = Source.of(folder)
    bare = Reading(city=source.city, facts=source.facts, read_at=source.facts.as_of)
    assert target_flags.panel(bare, View(), say) is None
    assert target_flags.on_map(bare, view_of("survey"), say)["callouts"] == []
    (folder / "tables").mkdir()
    (folder / "tables" / "frontage.csv").write_text("街路,商户数\n1横街,x\n", encoding="utf-8")
    broken = Reading(city=source.city, facts=source.facts, read_at=source.facts.as_of)
    told = target_flags.panel(broken, view_of("frontage"), say)
    assert told["rows"] == []
    assert "frontage.csv" in told["note"]
    assert target_flags.on_map(broken, view_of("frontage"), say)["callouts"] == []


def test_a_table_written_again_is_read_again_as_the_offices_page_does(reading):
    table = reading.city.folder / "tables" / "frontage.csv"
    say, view = Speaker("zh"), view_of("frontage")
    before = target_flags.panel(reading, view, say)["rows"]
    try:
        table.write_text(FRONTAGE.replace("100,80,79", "100,99,99"), encoding="utf-8")
        after = target_flags.panel(reading, view, say)["rows"]
    finally:
        table.write_text(FRONTAGE, encoding="utf-8")
    assert {row["name"] for row in before} - {row["name"] for row in after} == {"2横街"}
