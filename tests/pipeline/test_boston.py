"""Two real files of one city: every row accounted for, and what is told of them is true."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pyproj
import pytest
import shapely

from geodata.analysis.counts import count_by
from geodata.analysis.facts import kept
from geodata.domain.selection import Selection
from geodata.domain.street import SnapRule
from geodata.founding import LayerFiles, new_city
from geodata.pipeline import ingest
from geodata.spatial.street_finder import StreetFinder, comparable_name
from geodata.status import as_lines, city_status
from geodata.store import layers
from geodata.store.facts import load_facts
from geodata.store.lake import Lake

NOW = datetime(2026, 11, 21, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
ROWS = 58_251


@pytest.fixture(scope="module")
def files(shared):
    return shared / "data" / "boston"


@pytest.fixture(scope="module")
def city(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("boston") / "city"
    streets = LayerFiles(streets=[files / "streets_boston.geojson"])
    return new_city(folder, streets, profile="boston311").city


@pytest.fixture(scope="module")
def taken(city, files):
    return ingest(city, files / "311_service_requests_2011.zip", now=NOW)


@pytest.fixture(scope="module")
def facts(city, taken):
    return load_facts(city)


@pytest.fixture(scope="module")
def raw(files) -> list[dict[str, str]]:
    """Read the rows with the standard library."""
    with zipfile.ZipFile(files / "311_service_requests_2011.zip") as archive:
        (name,) = [one for one in archive.namelist() if one.lower().endswith(".csv")]
        text = io.TextIOWrapper(archive.open(name), encoding="utf-8-sig", newline="")
        return list(csv.DictReader(text))


def test_every_row_is_accounted_for(taken, raw, facts):
    assert taken.read == len(raw) == ROWS
    assert taken.inserted + taken.updated + taken.unchanged + taken.set_aside == ROWS
    assert (taken.inserted, taken.version) == (ROWS, 0)
    assert len(facts) == ROWS


def test_the_same_file_again_changes_nothing(city, taken, files):
    again = ingest(city, files / "311_service_requests_2011.zip", now=NOW)
    assert (again.inserted, again.updated, again.unchanged, again.version) == (0, 0, ROWS, 0)


def test_the_default_geocode_is_flagged_and_on_no_street(city, facts):
    piled = facts.frame.filter("pile")
    assert len(piled) == 4_775
    assert piled["segment"].unique().to_list() == [-1]
    (told,) = city_status(city, facts)["piles"]
    assert (told["lat"], told["lon"], told["cases"]) == (42.3594, -71.0587, 4_775)
    assert any("4,775 cases at 42.3594, -71.0587" in line
               for line in as_lines(city_status(city, facts)))  # fmt: skip


def test_forty_six_spellings_are_twenty_two_wards(facts, raw):
    assert len({row["ward"] for row in raw}) == 46
    wards = count_by(facts, kept(facts, Selection()), "area").filter(
        pl.col("code") != "none", pl.col("cases") > 0
    )
    assert len(wards) == 22
    by_hand: dict[str, int] = {}
    for row in raw:
        digits = "".join(filter(str.isdigit, row["ward"])).lstrip("0")
        if digits:
            by_hand[digits] = by_hand.get(digits, 0) + 1
    found = {"".join(filter(str.isdigit, code)).lstrip("0"): n for code, n in wards.iter_rows()}
    assert found == by_hand


def test_counts_are_those_of_the_file(city, facts, raw):
    status = city_status(city, facts)
    by_type: dict[str, int] = {}
    for row in raw:
        name = " ".join(row["type"].split())
        by_type[name] = by_type.get(name, 0) + 1
    names = {one.code: " ".join(one.name.split()) for one in city.categories}
    assert sorted(status["category"].values()) == sorted(by_type.values())
    differ = {
        names[code] for code, n in status["category"].items() if by_type.get(names[code]) != n
    }
    assert len(differ) <= 3  # the preset writes three names without their stray punctuation
    assert status["unmapped_categories"] == {}
    assert status["family"]["occupancy"] == 1_049 + 278 + 39
    assert sum(status["office"].values()) == sum(status["area"].values()) == ROWS
    assert status["streets"]["assigned"] + status["streets"]["unassigned"] == ROWS


def test_the_nearest_street_alone_mostly_carries_the_reported_name(city, raw):
    addressed = [row for row in raw if row["location_street_name"][:1].isdigit()]
    names = [row["location_street_name"].split(" ", 1)[1] for row in addressed]
    segments = layers.read_layer(city.layers, layers.STREETS)
    finder = StreetFinder(segments, city.metric_crs, SnapRule(within_m=200))
    project = pyproj.Transformer.from_crs(4326, city.metric_crs, always_xy=True)
    xy = project.transform(
        [float(row["longitude"]) for row in addressed],
        [float(row["latitude"]) for row in addressed],
    )
    rows, _ = finder.nearest(shapely.points(np.column_stack(xy)))
    streets = segments["street"].map(comparable_name).to_numpy()
    wanted = np.array([comparable_name(name) for name in names], dtype=object)
    share = float((streets[rows] == wanted)[rows >= 0].sum() / len(rows))
    assert len(addressed) > 46_000
    assert share >= 0.80


def test_with_the_reported_name_more_cases_are_on_their_street(city, taken):
    cases = Lake(city.lake).scan().select("street_name", "segment", "by_name").collect()
    on_street = cases.filter(pl.col("segment").is_not_null())
    segments = layers.segment_table(city.layers)
    joined = on_street.join(segments.select("segment", "street"), on="segment")
    told = [comparable_name(name) for name in joined["street_name"]]
    found = [comparable_name(name) for name in joined["street"]]
    same = pl.Series(told) == pl.Series(found)
    assert same.filter(joined["by_name"]).all()
    share = int(same.sum()) / len(cases)
    assert share > 0.89


def test_local_times_without_an_offset_are_those_of_the_city(city, taken, raw):
    written = {row["case_enquiry_id"]: row["open_dt"] for row in raw}
    some = Lake(city.lake).scan().select("case_id", "reported_at").collect().sample(500, seed=4)
    for case, at in some.iter_rows():
        text = written[case]
        form = "%m/%d/%Y %I:%M:%S %p" if "/" in text else "%Y-%m-%d %H:%M:%S"
        local = datetime.strptime(text, form).replace(tzinfo=NEW_YORK)
        assert at == local.astimezone(UTC)


# --- Open311: eight years with offsets ---------------------------------------------------------


@pytest.fixture(scope="module")
def open311(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("open311") / "city"
    streets = LayerFiles(streets=[files / "streets_boston.geojson"])
    city = new_city(folder, streets, profile="open311").city
    return city, ingest(city, files / "boston_open311_2008_2016.csv.gz", now=NOW)


def test_every_open311_row_is_accounted_for(open311, files):
    city, done = open311
    with gzip.open(files / "boston_open311_2008_2016.csv.gz", "rt", encoding="utf-8-sig",
                   newline="") as text:  # fmt: skip
        rows = sum(1 for _ in csv.DictReader(text))
    assert done.read == rows == 138_736
    assert done.inserted + done.unchanged + done.set_aside == rows
    aside = pl.read_csv(done.set_aside_file, infer_schema=False)
    assert len(aside) == done.set_aside < 200
    assert aside["_hint"].null_count() == 0
    assert len(load_facts(city)) == done.inserted


def test_open311_offsets_are_right_on_both_sides_of_summer_time(open311, files):
    city, _ = open311
    kept_at = dict(Lake(city.lake).scan().select("case_id", "reported_at").collect().iter_rows())
    offsets: dict[float, int] = {}
    with gzip.open(files / "boston_open311_2008_2016.csv.gz", "rt", encoding="utf-8-sig",
                   newline="") as text:  # fmt: skip
        for number, row in enumerate(csv.DictReader(text)):
            if number % 50 or row["service_request_id"] not in kept_at:
                continue
            at = datetime.fromisoformat(row["requested_datetime"])
            assert kept_at[row["service_request_id"]] == at.astimezone(UTC)
            assert at.utcoffset() == at.astimezone(NEW_YORK).utcoffset()
            hours = at.utcoffset().total_seconds() / 3600
            offsets[hours] = offsets.get(hours, 0) + 1
    assert set(offsets) == {-5.0, -4.0}
    assert min(offsets.values()) > 300


def test_report_days_are_local_days(open311):
    city, _ = open311
    facts = load_facts(city)
    instants = Lake(city.lake).scan().select(
        key=pl.col("case_id").hash(seed=0), at="reported_at"
    ).collect()  # fmt: skip
    days = dict(facts.frame.select("key", "reported_on").iter_rows())
    for key, at in instants.sample(1_000, seed=5).iter_rows():
        assert days[key] == at.astimezone(NEW_YORK).date()
