"""What each command answers, in words and as JSON, and how it ends."""

from __future__ import annotations

import json
from datetime import date

import geopandas as gpd
import numpy as np
import polars as pl
import pytest

from geodata.analysis.counts import count_by, count_by_cell, count_by_segment, count_by_street
from geodata.analysis.facts import kept
from geodata.city import load_city
from geodata.domain.selection import Near, Selection
from geodata.spatial.cells import to_text
from geodata.store.facts import load_facts
from geodata.store.lake import Lake
from tests.cli.conftest import CASES

COMMANDS = ("demo", "new", "ingest", "status", "counts", "serve")


@pytest.fixture(scope="module")
def facts(demo_city):
    return load_facts(load_city(demo_city))


def test_every_command_is_listed_and_explains_itself(guatu):
    listed = guatu("--help")
    assert listed.code == 0
    for name in COMMANDS:
        assert name in listed.out
        helped = guatu(name, "-h")
        assert helped.code == 0
        assert helped.out.startswith("Usage: python -m geodata")


def test_the_module_is_the_program(guatu_alone, demo_city):
    answer = guatu_alone("status", demo_city, "--json")
    assert answer.code == 0
    assert answer.json()["cases"] > 0
    refused = guatu_alone("status", demo_city / "nowhere")
    assert "not a city folder" in refused.refused()


@pytest.mark.parametrize(
    "line",
    [["unheard"], ["status"], ["ingest", "city"], ["demo", "x", "--cases", "0"],
     ["counts", "x", "--by", "moon"], ["counts", "x", "--resolution", "13"],
     ["counts", "x", "--from", "soon"], ["counts", "x", "--near", "pub:10"],
     ["new", "x", "--streets", "s", "--datum", "streets=mars"],
     ["new", "x", "--streets", "s", "--datum", "roads=wgs84"],
     ["ingest", "x", "y", "--datum", "mars"], ["serve", "x", "--port", "0"]],
)  # fmt: skip
def test_a_call_that_is_not_understood_ends_with_2(guatu, line):
    answer = guatu(*line)
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_demo_answers_in_json(guatu, tmp_path):
    answer = guatu("demo", tmp_path / "a b", "--cases", 300, "--seed", 5, "--json")
    assert answer.code == 0
    assert answer.json() == {"cases": 300, "version": 0}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a b"]


def test_new_answers_in_json_and_in_words(guatu, tmp_path, streets):
    told = guatu("new", tmp_path / "one", "--streets", streets, "--json").json()
    assert set(told) == {"segments", "length_km", "areas", "places", "unit_grids", "twice",
                         "mended", "datums"}  # fmt: skip
    words = guatu("new", tmp_path / "two", "--streets", streets, "--name", "小城")
    assert words.code == 0
    assert f"{told['segments']:,} street segments" in words.out
    assert "datum of streets: wgs84" in words.out
    assert load_city(tmp_path / "two").name == "小城"


def test_ingest_answers_in_json_and_in_words(guatu, city, export):
    again = guatu("ingest", city, export, "--json")
    assert again.code == 0
    told = again.json()
    assert told["file"] == str(export)
    assert told["read"] == CASES
    assert (told["inserted"], told["updated"], told["unchanged"] + told["set_aside"]) == (
        0,
        0,
        CASES,
    )
    assert "0 new + 0 updated" in guatu("ingest", city, export).out
    trial = guatu("ingest", city, export, "--dry-run")
    assert "nothing written" in trial.out
    both = guatu("ingest", city, export, export, "--json").json()
    assert [one["read"] for one in both] == [CASES, CASES]


def test_status_answers_in_json_and_in_words(guatu, demo_city, facts):
    told = guatu("status", demo_city, "--json").json()
    assert told["cases"] == len(facts)
    assert told["made_up"] is True
    assert told["version"] == facts.version == 0
    assert told["as_of"] == facts.as_of.isoformat()
    for name in ("family", "category", "office", "status", "channel", "phase", "area"):
        assert sum(told[name].values()) == len(facts)
    assert told["streets"]["assigned"] + told["streets"]["unassigned"] == len(facts)
    assert told["history"][0]["inserted"] == len(facts)
    words = guatu("status", demo_city).out
    assert f"{len(facts):,} cases, version 0" in words
    assert "(made up)" in words


# --- counts -------------------------------------------------------------------------------------


def table(answer) -> pl.DataFrame:
    assert answer.code == 0, answer
    return pl.read_csv(answer.out.encode(), infer_schema=False)


def test_counts_by_cell_are_those_of_the_library(guatu, demo_city, facts):
    first, second = (phase.code for phase in facts.campaign.phases[:2])
    line = ("--phase", f"{first},{second}", "--office", facts.offices.codes()[0], "--role", "any",
            "--family", "occupancy", "--hours", "in", "--near", "school:300")  # fmt: skip
    chosen = Selection(
        phases=frozenset({first, second}), offices=frozenset({facts.offices.codes()[0]}),
        role="any", families=frozenset({"occupancy"}), hours="in",
        near=Near(kind="school", metres=300),
    )  # fmt: skip
    for selection, options in ((Selection(), ()), (chosen, line)):
        for resolution in (9, 12):
            told = table(guatu("counts", demo_city, "--resolution", resolution, *options))
            expected = count_by_cell(facts, kept(facts, selection), resolution=resolution)
            assert len(expected) > 0
            assert told["cell"].to_list() == to_text(expected["cell"])
            assert told["cases"].cast(int).to_list() == expected["cases"].to_list()


def test_counts_by_anything_are_those_of_the_library(guatu, demo_city, facts):
    everything = kept(facts, Selection())
    for unit in ("office", "category", "channel", "status", "phase", "area"):
        told = table(guatu("counts", demo_city, "--by", unit))
        assert (
            told.select("code", pl.col("cases").cast(pl.UInt32)).rows()
            == count_by(facts, everything, unit).rows()
        )
    segments = table(guatu("counts", demo_city, "--by", "segment"))
    assert (
        segments["cases"].cast(int).to_list()
        == count_by_segment(facts, everything)["cases"].to_list()
    )
    streets = table(guatu("counts", demo_city, "--by", "street"))
    assert streets["cases"].cast(int).sum() == len(facts)
    assert len(streets) == len(count_by_street(facts, everything))
    grids = table(guatu("counts", demo_city, "--by", "unit_grid"))
    assert grids["cases"].cast(int).sum() == len(facts)


def test_counts_by_place_are_within_the_radius(guatu, demo_city):
    told = table(guatu("counts", demo_city, "--by", "place", "--metres", 300))
    city = load_city(demo_city)
    places = gpd.read_parquet(city.layers / "places.parquet").to_crs(city.metric_crs)
    cases = Lake(city.lake).scan().select("lon", "lat").collect()
    points = gpd.GeoSeries(gpd.points_from_xy(cases["lon"], cases["lat"]), crs="EPSG:4326")
    points = points.to_crs(city.metric_crs)
    near = {
        (row.kind, row.name): points.distance(row.geometry) <= 300
        for row in places.itertuples(index=False)
    }
    counted = {(kind, name): int(n) for kind, name, _, n in told.iter_rows() if kind}
    assert counted == {key: int(inside.sum()) for key, inside in near.items()}
    assert int(told["cases"][-1]) == int((~np.logical_or.reduce(list(near.values()))).sum())


def test_counts_between_days(guatu, demo_city, facts):
    day = date(2026, 9, 1)
    told = table(guatu("counts", demo_city, "--by", "status", "--from", day, "--until", day))
    assert told["cases"].cast(int).sum() == (facts.frame["reported_on"] == day).sum()


def test_geojson_is_features_with_their_counts(guatu, demo_city, facts, tmp_path):
    for unit in ("cell", "segment", "area", "unit_grid"):
        out = tmp_path / f"{unit}.geojson"
        line = ("counts", demo_city, "--by", unit, "--format", "geojson", "--out", out)
        assert guatu(*line).code == 0
        told = json.loads(out.read_text(encoding="utf-8"))
        assert told["type"] == "FeatureCollection"
        cases = [feature["properties"]["cases"] for feature in told["features"]]
        assert sum(cases) == len(facts)
        shapes = [one["geometry"]["type"] for one in told["features"] if one["geometry"]]
        assert set(shapes) <= {"Polygon", "MultiPolygon"}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{unit}.geojson" for unit in ("cell", "segment", "area", "unit_grid")
    )


def test_geojson_of_what_has_no_shape_is_refused(guatu, demo_city):
    refused = guatu("counts", demo_city, "--by", "office", "--format", "geojson").refused()
    assert "no shape" in refused


def test_json_has_the_rows_of_the_csv(guatu, demo_city):
    told = guatu("counts", demo_city, "--by", "street", "--format", "json").json()
    rows = table(guatu("counts", demo_city, "--by", "street"))
    assert [row["cases"] for row in told] == rows["cases"].cast(int).to_list()


def test_csv_holds_no_formula(guatu, city):
    text = (city / "city.toml").read_text(encoding="utf-8")
    assert 'name = "流动摊贩"' in text
    nasty = text.replace('name = "流动摊贩"', "name = '=cmd|calc!A1'")
    (city / "city.toml").write_text(nasty, encoding="utf-8")
    told = guatu("counts", city, "--by", "category")
    assert "'=cmd|calc!A1" in told.out
    assert "\n=" not in told.out
    assert ",=" not in told.out


def test_a_version_is_read_as_it_was(guatu, city, export):
    later = pl.read_csv(export, infer_schema=False).with_columns(
        案卷编号=pl.format("新{}", "案卷编号")
    )
    later.write_csv(city / "later.csv")
    told = guatu("ingest", city, city / "later.csv", "--json").json()
    assert told["version"] == 1
    whole = table(guatu("counts", city, "--by", "status"))["cases"].cast(int).sum()
    before = table(guatu("counts", city, "--by", "status", "--version", 0))["cases"].cast(int).sum()
    assert (before, whole) == (before, before + told["inserted"])
