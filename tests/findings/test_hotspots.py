"""Hot spots of a selection: against counts made by hand, and where there is nothing to find."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import h3
import numpy as np
import polars as pl
import pytest

from geodata.analysis.reasons import Reason
from geodata.domain.selection import Near, Selection
from geodata.findings import Source
from geodata.findings.gathering.explain import explain
from geodata.findings.gathering.hotspot_words import about_test, clue_text, doubt_text, place_name
from geodata.findings.gathering.hotspots import find_hot_spots
from geodata.findings.gathering.study import (
    APART,
    DEFAULT_RESOLUTION,
    ResolutionUntested,
    choose_resolution,
    fine_counts,
    ground_of,
)
from geodata.spatial.cells import parent_of, to_text
from geodata.store.layers import study_table
from geodata.wording import Words
from tests import small_city
from tests.findings import gathered

SELECTIONS = [
    Selection(),
    Selection(families=frozenset(["occupancy"])),
    Selection(phases=frozenset(["one"])),
    Selection(areas=frozenset(["w"])),
    Selection(offices=frozenset(["d1"])),
    Selection(streets=frozenset(["2横街"])),
    Selection(street_classes=frozenset(["strict"])),
    Selection(near=Near(kind="school", metres=150)),
    Selection(piles="leave_out"),
    Selection(channels=frozenset()),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """120 reports at one crossing, 400 all over, and a default geocode with 60."""
    random = np.random.default_rng(5)
    rows = gathered.background(random, 400, 20)
    rows += gathered.at(random, gathered.CORNER, 120, (0, 20))
    pile = (small_city.EAST - small_city.STEP / 2, small_city.SOUTH + small_city.STEP)
    rows += [
        gathered.report(*pile, n % 20, category="dumping", street_name=f"{n % 5}横街")
        for n in range(60)
    ]
    return Source.of(gathered.made(tmp_path_factory.mktemp("hot"), rows))


@pytest.fixture(scope="module")
def points(source):
    lake = source.cases().filter(~pl.col("pile"))
    return list(lake.select("lon", "lat").iter_rows())


@pytest.mark.parametrize("resolution", [9, 10])
def test_it_is_gi_star_of_the_zero_filled_study_area_counted_by_hand(source, points, resolution):
    found = find_hot_spots(source, resolution=resolution)
    study = {
        h3.cell_to_parent(cell, resolution)
        for cell in to_text(study_table(source.city.layers)["cell"])
    }
    counted = gathered.by_hand(points, resolution)
    assert set(to_text(found.spots.cells["cell"])) == study
    for row in found.spots.cells.iter_rows(named=True):
        name = f"{row['cell']:x}"
        total, size = gathered.near_by_hand(counted, name, study)
        assert (row["cases"], row["near_cases"], row["near_cells"]) == (counted[name], total, size)
        z = gathered.gi_star_by_hand(counted, name, study) if size < len(study) else 0.0
        assert row["z"] == pytest.approx(z, abs=1e-9)


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_every_case_is_tested_or_said_to_be_left_out(source, selection):
    found = find_hot_spots(source, selection)
    of_it = int(source.keep(replace(selection, piles="keep")).sum())
    assert found.spots.cases + found.placed.piled_cases + found.placed.outside == of_it
    assert len(found.cells) == len(found.ground.cells)


def test_the_default_geocode_is_left_out_and_said_so(source):
    found = find_hot_spots(source, resolution=10)
    piled = parent_of(source.facts.frame.filter("pile")["cell"].to_numpy(), 10)
    assert found.placed.piled_cases == 60
    assert found.spots.cells.filter(pl.col("cell").is_in(piled), pl.col("spot") > 0).is_empty()
    assert any("60 cases on default geocodes" in line for line in about_test(found, Words("en")))
    assert find_hot_spots(source, Selection(piles="leave_out")).placed.piled_cases == 60


def test_the_crossing_is_the_first_place_and_its_reasons_are_those_of_its_cases(source):
    found = find_hot_spots(source, resolution=10)
    first = explain(source, found, found.places["at"][0])
    lat, lon = h3.cell_to_latlng(f"{first.cell:x}")
    assert h3.great_circle_distance((lat, lon), gathered.CORNER[::-1], unit="m") < 150
    clues = {one.code: one.values for one in first.clues}
    cells = set(h3.grid_disk(f"{first.cell:x}", 1))
    here = source.cases().filter(
        ~pl.col("pile"),
        pl.Series([h3.cell_to_parent(one, 10) in cells
                   for one in to_text(source.cases()["cell"])]),
    )  # fmt: skip
    assert clues["more"]["cases"] == len(here)
    assert clues["kind"]["code"] == "stall"
    assert clues["kind"]["share"] == pytest.approx((here["category"] == "stall").mean())
    assert set(clues["streets"]["names"]) == {"1横街", "1纵街"}
    assert clues["office"]["share"] == 1.0
    assert clues["share"]["cases"] == pytest.approx(len(here) / found.spots.cases)
    assert first.numbers["spot"] == 1


def test_the_same_question_is_answered_once(source):
    assert find_hot_spots(source) is find_hot_spots(source)
    assert find_hot_spots(source) is not find_hot_spots(source, per_km=True)


def test_places_lie_apart(source):
    found = find_hot_spots(source, Selection(), resolution=10)
    cells = to_text(found.places["cell"])
    for at, one in enumerate(cells):
        for other in cells[at + 1 :]:
            assert h3.grid_distance(one, other) > APART
    assert found.places["z"].is_sorted(descending=True)


@pytest.mark.parametrize(
    ("selection", "inside"),
    [
        (Selection(areas=frozenset(["w"])), lambda lon, _: lon < small_city.WEST + 0.0041),
        (Selection(streets=frozenset(["0横街"])), lambda _, lat: lat < small_city.SOUTH + 0.002),
        (
            Selection(near=Near(kind="market", metres=100)),
            lambda lon, lat: lat > small_city.NORTH - 0.003 and lon > small_city.EAST - 0.003,
        ),
    ],
    ids=["area", "street", "near"],
)
def test_a_selection_of_places_is_judged_against_those_places_alone(source, selection, inside):
    ground = ground_of(source, selection, 10)
    whole = ground_of(source, Selection(), 10)
    assert 0 < len(ground.cells) < len(whole.cells)
    for cell in to_text(ground.fine):
        lat, lon = h3.cell_to_latlng(cell)
        assert inside(lon, lat)


def test_an_office_is_judged_where_it_works(tmp_path):
    random = np.random.default_rng(2)
    east = [row | {"office": "d2"} for row in gathered.background(random, 300, 10)]
    middle = small_city.WEST + 2 * small_city.STEP
    rows = [row | {"office": "d2" if row["lon"] > middle + 2e-4 else "c1"} for row in east]
    source = Source.of(gathered.made(tmp_path, rows))
    found = find_hot_spots(source, Selection(offices=frozenset(["d2"])), resolution=10)
    assert 0 < len(found.ground.cells) < len(ground_of(source, Selection(), 10).cells)
    assert found.hot == 0


def test_an_area_that_reported_nothing_has_no_data_and_is_no_zero(tmp_path):
    rows = [
        row
        for row in gathered.background(np.random.default_rng(3), 300, 10)
        if row["lon"] < small_city.WEST + 2 * small_city.STEP - 2e-4
    ]
    source = Source.of(gathered.made(tmp_path, rows))
    found = find_hot_spots(source, resolution=10)
    assert found.ground.silent == ("e",)
    assert any("1" in line and "无数据" in line for line in about_test(found, Words("zh")))
    study = study_table(source.city.layers)
    east = [node.code for node in source.facts.areas].index("e")
    left = study.filter(pl.col("cell").is_in(found.ground.fine))
    assert east in study["area"].to_list()
    assert len(left) == (study["area"] != east).sum()
    assert east not in left["area"].to_list()


def test_sums_of_fine_cells_are_those_of_the_cells(source):
    ground = ground_of(source, Selection(), 10)
    fine, counts, km = fine_counts(source, Selection(), ground)
    found = find_hot_spots(source, resolution=10)
    summed = pl.DataFrame({"cell": parent_of(fine, 10), "n": counts, "km": km})
    summed = summed.group_by("cell").sum().sort("cell")
    assert summed["n"].to_list() == found.spots.cells["cases"].to_list()
    np.testing.assert_allclose(summed["km"], ground.street_km, atol=1e-12)
    assert found.badges["spot"].to_list() == found.spots.cells["spot"].to_list()


def test_the_resolution_is_the_finest_with_enough_cases(source):
    chosen = choose_resolution(source, Selection())
    means = {}
    for resolution in (9, 10):
        found = find_hot_spots(source, resolution=resolution)
        means[resolution] = found.spots.cases / len(found.ground.cells)
    enough = [one for one in (10, 9) if means[one] >= DEFAULT_RESOLUTION.least_mean]
    assert chosen.resolution == (enough[0] if enough else 9)
    assert chosen.mean == pytest.approx(means[chosen.resolution])
    few = choose_resolution(source, Selection(from_on=date(2026, 9, 3), until_on=date(2026, 9, 3)))
    assert (few.resolution, few.enough) == (9, False)
    with pytest.raises(ResolutionUntested, match="8, 9, 10"):
        find_hot_spots(source, resolution=11)


def test_per_km_expects_what_the_kilometres_bring(source):
    found = find_hot_spots(source, resolution=10, per_km=True)
    rate = found.spots.cases / found.ground.street_km.sum()
    assert found.spots.rate == pytest.approx(rate)
    for row in found.spots.cells.head(20).iter_rows(named=True):
        assert row["expected"] == pytest.approx(rate * row["near_exposure"])
    place = explain(source, found, found.places["at"][0])
    assert place.clues[0].code == "more_per_km"


# --- doubts -----------------------------------------------------------------------------------


def doubt_at_corner(folder, rows, selection):
    source = Source.of(gathered.made(folder, rows))
    found = find_hot_spots(source, selection, resolution=10)
    return explain(source, found, int(found.spots.cells["near_cases"].arg_max())).doubt


LATER = Selection(from_on=date(2026, 9, 21), until_on=date(2026, 10, 10))


@pytest.mark.parametrize(
    ("before", "now", "elsewhere", "doubt"),
    [
        ("12345", "patrol", "12345", "patrol_rose"),
        ("patrol", "patrol", "12345", "patrol_high"),
        ("12345", "12345", "12345", "none"),
        ("patrol", "12345", "12345", "none"),
        ("patrol", "patrol", "patrol", "none"),
    ],
)
def test_more_patrols_are_the_first_doubt(tmp_path, before, now, elsewhere, doubt):
    random = np.random.default_rng(8)
    rows = [row | {"channel": elsewhere} for row in gathered.background(random, 900, 40)]
    rows += gathered.at(random, gathered.CORNER, 200, (0, 20), channel=before)
    rows += gathered.at(random, gathered.CORNER, 200, (20, 40), channel=now)
    found = doubt_at_corner(tmp_path, rows, LATER)
    assert found.code == doubt
    if doubt == "patrol_rose":
        assert found.values["before"] < 0.4 < found.values["now"]


def test_few_cases_are_doubted(tmp_path):
    rows = gathered.at(np.random.default_rng(1), gathered.CORNER, 7, (0, 20))
    found = doubt_at_corner(tmp_path, rows, Selection())
    assert (found.code, found.values["cases"]) == ("few", 7)


# --- nothing to find --------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_everything_is_said_in_words(source, selection, language):
    say = Words(language)
    found = find_hot_spots(source, selection)
    said = about_test(found, say)
    for at in [*found.places["at"].head(3), 0][: len(found.ground.cells)]:
        place = explain(source, found, at)
        said += [place_name(place.streets, say), doubt_text(place.doubt, source.city, say)]
        said += [clue_text(one, source.city, say) for one in place.clues]
    text = "\n".join(said)
    assert said
    assert not {"nan", "inf", "None", "{"} & set(text.replace("\n", " ").split())
    assert "{" not in text


def test_no_case_at_all_is_a_reason_not_a_zero(tmp_path):
    source = Source.of(gathered.made(tmp_path, []))
    found = find_hot_spots(source)
    assert found.spots.undecided in (Reason.ALL_ZERO, Reason.NO_CELLS)
    assert found.places.is_empty()
    assert len(about_test(found, Words("zh"))[0]) > 4


def test_a_single_case_makes_no_hot_spot(tmp_path):
    source = Source.of(gathered.made(tmp_path, [gathered.report(*gathered.CORNER, 0)]))
    found = find_hot_spots(source)
    assert found.hot == 0
    assert found.chosen.enough is False
    assert any("没有单元通过检验" in line for line in about_test(found, Words("zh")))


# --- the made-up city -------------------------------------------------------------------------


def test_what_was_planted_for_good_is_found(made_up):
    source, truth = made_up
    found = find_hot_spots(source, resolution=10)
    hot = set(to_text(found.spots.cells.filter(pl.col("spot") > 0)["cell"]))
    lasting = [one for one in truth["hotspots"] if one["kind"] == "persistent"]
    assert len(lasting) == 3
    assert all(hot & set(one["cells"]) for one in lasting)
    planted = {cell for one in truth["hotspots"] for cell in one["cells"]}
    around = {near for cell in planted for near in h3.grid_disk(cell, 1)}
    top = to_text(found.places["cell"].head(5))
    assert sum(cell in around for cell in top) >= 4


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    from geodata.first_run import make_demo  # noqa: PLC0415 - only this test needs it

    folder = tmp_path_factory.mktemp("planted") / "city"
    make_demo(folder, cases=6_000)
    return Source.of(folder), json.loads((folder / "truth.json").read_text("utf-8"))
