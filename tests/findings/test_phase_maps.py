"""Two phases on one scale, and which cells surely changed."""

from __future__ import annotations

from datetime import date

import h3
import numpy as np
import polars as pl
import pytest

from geodata.analysis.answers import Withheld
from geodata.analysis.breaks import locked_breaks
from geodata.analysis.reasons import Reason
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.campaign import phases
from geodata.findings.gathering.hotspots import find_hot_spots
from geodata.findings.gathering.phase_maps import PhaseNotKnown, compare_phases
from tests import small_city
from tests.findings import gathered


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phases")
    return Source.of(gathered.made(folder, gathered.rise_and_fall(), gathered.TWO_PHASES))


def cell_at(maps, where):
    cell = int(h3.latlng_to_cell(*where[::-1], maps.ground.resolution), 16)
    return maps.cells.row(by_predicate=pl.col("cell") == cell, named=True)


def test_both_sides_are_the_counts_of_the_phases_on_one_ground(source):
    maps = compare_phases(source, Selection(), "one", "two", resolution=10)
    for side, code in ((maps.first, "one"), (maps.second, "two")):
        alone = find_hot_spots(source, Selection(phases=frozenset([code])), resolution=10)
        assert len(side.days) == 42
        assert side.cases.tolist() == alone.spots.cells["cases"].to_list()
        np.testing.assert_allclose(side.per_week, side.cases * 7 / side.exposure)


def test_rise_and_fall_are_found_where_they_were_planted(source):
    maps = compare_phases(source, Selection(), "one", "two", resolution=10)
    up, down = (cell_at(maps, where) for where in (gathered.CORNER, gathered.ELSEWHERE))
    assert (up["finding"], down["finding"]) == (1, -1)
    assert up["lower"] > 1 > down["upper"]
    assert up["change"] == pytest.approx(up["second_per_week"] - up["first_per_week"])
    assert maps.cells["finding"].abs().sum() <= 14


def test_turned_round_everything_turns_round(source):
    there = compare_phases(source, Selection(), "one", "two", resolution=10).cells
    back = compare_phases(source, Selection(), "two", "one", resolution=10).cells
    assert (there["finding"] == -back["finding"]).all()
    np.testing.assert_allclose(there["change"], -back["change"])


def test_the_scale_is_the_citys_locked_weekly_one_whatever_the_phases(source):
    locked = locked_breaks(source.facts, "count", (10,), days=7)["10"]
    for first, second in (("one", "two"), ("one", "campaign")):
        maps = compare_phases(source, Selection(), first, second, resolution=10)
        assert list(maps.scale) == locked
        few = compare_phases(
            source, Selection(families=frozenset(["littering"])), first, second, resolution=10
        )
        assert few.scale == maps.scale


def test_days_are_weighted_where_weekdays_can_be_told_apart(source):
    maps = compare_phases(source, Selection(), "one", "two")
    assert maps.weighted
    assert maps.first.exposure + maps.second.exposure == pytest.approx(84)
    overlapping = compare_phases(source, Selection(), "one", "campaign")
    assert overlapping.first.exposure == maps.first.exposure
    assert overlapping.second.exposure == pytest.approx(84)


def test_a_phase_is_as_long_on_the_map_as_on_the_campaign_page(source):
    maps = compare_phases(source, Selection(), "one", "two")
    table = phases(source).table
    exposures = dict(table.select("phase", "exposure_days").iter_rows())
    assert [maps.first.exposure, maps.second.exposure] == pytest.approx(
        [exposures["one"], exposures["two"]]
    )
    assert len(set(exposures.values())) > 1


def test_the_period_of_the_selection_gives_way_to_the_phases(source):
    narrow = Selection(phases=frozenset(["two"]), from_on=date(2026, 11, 1))
    one = compare_phases(source, narrow, "one", "two", resolution=10)
    other = compare_phases(source, Selection(), "one", "two", resolution=10)
    assert one.cells.equals(other.cells)


def test_a_phase_without_a_day_is_a_reason(source):
    maps = compare_phases(source, Selection(), "one", "later")
    assert isinstance(maps.difference, Withheld)
    assert maps.difference.reason is Reason.EMPTY_PERIOD
    assert maps.second.per_week.sum() == 0
    assert maps.cells["finding"].to_list() == [0] * len(maps.ground.cells)


def test_a_phase_nobody_knows_is_refused(source, tmp_path):
    with pytest.raises(PhaseNotKnown, match="before, one, two, later"):
        compare_phases(source, Selection(), "one", "three")
    without = small_city.TOML.partition("\n[campaign]")[0]
    plain = Source.of(gathered.made(tmp_path, [gathered.report(*gathered.CORNER, 0)], without))
    with pytest.raises(PhaseNotKnown, match="no campaign"):
        compare_phases(plain, Selection(), "one", "two")
