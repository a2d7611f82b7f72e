"""Two phases on the map: what is outlined, what the legend says of the test, what is listed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from dashboard import tested_changes
from dashboard.access import Reading
from dashboard.comparison import comparison_of
from dashboard.components import changed_places, hotspot_map
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.answers import Withheld
from geodata.analysis.reasons import Reason
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.gathering.phase_maps import compare_phases
from geodata.spatial.cells import from_text, resolution_of
from tests.findings import gathered

SHOWN = ("8", "9", "10", "11")


def reading_of(folder):
    source = Source.of(folder)
    return Reading(city=source.city, facts=source.facts, read_at=datetime(2026, 12, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changes")
    return reading_of(gathered.made(folder, gathered.rise_and_fall(), gathered.TWO_PHASES))


def compared(reading, a="one", b="two", **chosen):
    return comparison_of(reading, View(compare=(a, b), selection=Selection(**chosen)))


@pytest.fixture(params=["zh", "en"])
def say(request):
    return Speaker(request.param)


def numbers_in(text):
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?![.\d])", text)]


@pytest.mark.parametrize("resolution", [8, 9, 10])
@pytest.mark.parametrize("chosen", [{}, {"families": frozenset(["littering"])}])
def test_the_map_outlines_what_the_hot_spots_page_outlines(reading, say, resolution, chosen):
    told = compared(reading, **chosen).tests(say)[str(resolution)]
    period = Selection(phases=frozenset(["two"]), **chosen)
    maps = compare_phases(reading.source, period, "one", "two", resolution=resolution)
    page = hotspot_map.difference_map(maps, period, say).told["tests"]
    assert page == {str(resolution): told}


def test_outlined_are_the_cells_found_and_each_at_its_own_resolution(reading, say):
    told = compared(reading).tests(say)
    assert sorted(told, key=int) == list(SHOWN)
    for resolution in (8, 9, 10):
        maps = compare_phases(reading.source, Selection(), "one", "two", resolution=resolution)
        for side, sign in (("more", 1), ("fewer", -1)):
            found = maps.cells.filter(pl.col("finding") == sign)["cell"].to_list()
            assert [from_text(cell) for cell in told[str(resolution)][side]] == found
            assert {resolution_of(cell) for cell in found} <= {resolution}
    assert told["10"]["more"]
    assert told["10"]["fewer"]


def test_the_legend_counts_found_tested_and_too_few(reading, say):
    told = compared(reading).tests(say)["10"]
    found = compare_phases(reading.source, Selection(), "one", "two", resolution=10)
    table = found.difference.cells
    some = (table["first"] + table["second"]) > 0
    untested = table.filter(some & ~table["tested"])
    assert numbers_in(told["label"]) == [len(told["more"]), len(told["fewer"])]
    assert {int(table["tested"].sum()), len(untested)} <= set(numbers_in(told["note"]))
    assert "q ≤ 0.05" in told["note"]
    assert untested["q"].null_count() == len(untested)


def test_the_finest_cells_are_not_tested_and_the_legend_says_so(reading, say):
    told = compared(reading).tests(say)["11"]
    assert (told["more"], told["fewer"], told["label"]) == ([], [], "")
    assert told["note"] == say("changes.too_fine")


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (("one", "later"), Reason.EMPTY_PERIOD),
        (("one", "campaign"), Reason.PERIODS_OVERLAP),
        (("one", "one"), Reason.PERIODS_OVERLAP),
    ],
)
def test_what_cannot_be_tested_is_said_and_nothing_outlined(reading, say, pair, reason):
    both = compared(reading, *pair)
    assert both.tested(10).difference.reason is reason
    for told in both.tests(say).values():
        assert (told["more"], told["fewer"], told["label"]) == ([], [], "")
        assert told["note"]
    panel = changed_places.told(reading, View(), both, say)
    assert panel["top"] == []
    assert panel["reading"][-1] in {one["note"] for one in both.tests(say).values()}


def test_no_case_at_all_is_a_reason(reading, say):
    both = compared(reading, offices=frozenset(["nobody"]))
    assert isinstance(both.tested(None).difference, Withheld)
    assert changed_places.told(reading, View(), both, say)["top"] == []


def test_no_significant_cell_is_said_in_words(tmp_path, say):
    random = np.random.default_rng(5)
    even = [
        gathered.report(*where, day)
        for day in range(84)
        for where in (gathered.CORNER, gathered.ELSEWHERE)
    ]
    flat = reading_of(
        gathered.made(tmp_path, even + gathered.background(random, 100, 84), gathered.TWO_PHASES)
    )
    told = compared(flat).tests(say)["8"]
    assert told["label"] == ""
    assert told["note"].startswith(say("changes.none"))


def test_listed_are_outlined_cells_largest_change_first_as_the_map_counts_them(reading, say):
    both = compared(reading)
    panel = changed_places.told(reading, View(resolution=10), both, say)
    sizes = [row["n"] for row in panel["top"]]
    assert sizes == sorted(sizes, reverse=True)
    told = both.tests(say)["10"]
    assert {row["cell"] for row in panel["top"]} <= {*told["more"], *told["fewer"]}
    changes = dict(both.cells(10).iter_rows())
    for row in panel["top"]:
        assert abs(changes[from_text(row["cell"])]) == row["n"]
        assert ("+" in row["said"]) == (row["cell"] in told["more"])


def test_a_download_holds_what_is_outlined(reading, say):
    both = compared(reading)
    for resolution in (8, 9, 10):
        told, found = both.tests(say)[str(resolution)], both.findings(resolution)
        for side, sign in (("more", 1), ("fewer", -1)):
            cells = found.filter(pl.col("finding") == sign)["cell"].to_list()
            assert cells == [from_text(cell) for cell in told[side]]
        assert len(found) == both.tested(resolution).difference.tested
    assert both.findings(11).is_empty()


def test_a_comparison_is_tested_once_whatever_the_period_chosen(reading, say):
    first = tested_changes.told(compared(reading).tested(10), say)
    view = View(compare=("one", "two"), selection=Selection(phases=frozenset(["one"])))
    other = comparison_of(reading, view)
    assert tested_changes.told(other.tested(10), say) == first
    assert other.tested(10) is compared(reading).tested(10)
