"""Classes of a cell × week cube: the cube counted by hand, the weeks, and too few of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import h3
import numpy as np
import polars as pl
import pytest

from geodata.analysis.emerging_classes import CLASS_NAMES
from geodata.analysis.reasons import Reason
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.gathering.emerging import changed_places, find_emerging, weeks_of
from geodata.findings.gathering.explain import explain_weeks
from geodata.findings.gathering.hotspot_words import about_weeks, clue_text, week_words
from geodata.spatial.cells import to_text
from geodata.wording import Words
from tests import small_city
from tests.findings import gathered

DAYS = 45


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Six weeks and three days: one crossing always busy, another only in the last week."""
    random = np.random.default_rng(11)
    rows = gathered.background(random, 900, DAYS)
    rows += gathered.at(random, gathered.CORNER, 1_500, (0, DAYS))
    rows += gathered.at(random, gathered.ELSEWHERE, 500, (DAYS - 7, DAYS), 1.5e-3)
    pile = (small_city.WEST + 2 * small_city.STEP, small_city.SOUTH)
    rows += [
        gathered.report(*pile, n % DAYS, category="dumping", street_name=f"{n % 5}横街")
        for n in range(90)
    ]
    return Source.of(gathered.made(tmp_path_factory.mktemp("weeks"), rows))


def new_one(found):
    """Row of the only cell that is new."""
    classes = found.classes.cells.with_row_index("at")
    ((at, cell),) = classes.filter(pl.col("class") == "new_hot").select("at", "cell").rows()
    place = h3.cell_to_latlng(f"{cell:x}")
    assert h3.great_circle_distance(place, gathered.ELSEWHERE[::-1], unit="m") < 200
    return at


def at_crossing(found, where):
    """Row of the cell at a crossing."""
    return found.ground.position(int(h3.latlng_to_cell(*where[::-1], found.ground.resolution), 16))


def test_the_last_week_ends_with_the_record_and_every_week_is_whole(source):
    weeks = weeks_of(source, Selection())
    assert len(weeks) == DAYS // 7
    assert weeks[-1] + timedelta(days=6) == source.facts.last_day
    assert {later - earlier for earlier, later in pairwise(weeks)} == {timedelta(days=7)}
    assert weeks[0] - timedelta(days=7) < source.facts.first_day
    assert weeks_of(source, Selection(), 4) == weeks[-4:]


def test_the_cube_is_what_a_count_by_hand_gives(source):
    found = find_emerging(source, resolution=10)
    by_hand = Counter()
    for lon, lat, day, pile in (
        source.cases()
        .select("lon", "lat", pl.col("reported_at").dt.convert_time_zone("Asia/Shanghai").dt.date(),
                "pile")
        .iter_rows()
    ):  # fmt: skip
        steps = [n for n, begin in enumerate(found.weeks) if 0 <= (day - begin).days < 7]
        if steps and not pile:
            cell = h3.cell_to_parent(h3.latlng_to_cell(lat, lon, 12), 10)
            by_hand[cell, steps[0]] += 1
    names = to_text(found.ground.cells)
    for row, name in enumerate(names):
        assert found.cube[row].tolist() == [by_hand[name, n] for n in range(len(found.weeks))]
    known = set(names)
    outside = sum(n for (cell, _), n in by_hand.items() if cell not in known)
    assert found.outside_cases == outside
    assert found.cube.sum() + outside == by_hand.total()
    assert 0 < found.piled_cases <= 90


def test_the_busy_crossing_lasts_and_the_late_one_is_new(source):
    found = find_emerging(source, resolution=10)
    classes = found.classes.cells["class"].cast(pl.String)
    lasting, late = at_crossing(found, gathered.CORNER), new_one(found)
    # the first week has no week before it: half the neighbours, and here not enough to tell
    assert classes[lasting] == "consecutive_hot"
    assert found.hot_run(late) == 1
    assert found.hot_run(lasting) == 5
    assert found.around(late)[-1] > 5 * found.usual(late)
    listed = changed_places(source, found)
    assert {"1横街", "1纵街"} & {name for names in listed["streets"] for name in names}
    assert set(listed["class"].str.slice(-4)) == {"_hot"}


def test_its_reasons_are_those_of_the_last_two_weeks(source):
    found = find_emerging(source, resolution=10)
    late = new_one(found)
    place = explain_weeks(source, found, late)
    step = place.clues[0]
    assert step.code == "step"
    assert step.values["cases"] == found.cube[found.ground.near(late)][:, -2:].sum()
    assert step.values["z"] == found.classes.cells["last_z"][late]
    assert place.emerging_class == "new_hot"
    assert [one.code for one in place.clues if one.code.startswith("weeks")] == ["weeks_run"]


def test_all_seventeen_are_counted_and_make_up_the_study_area(source):
    counted = find_emerging(source).by_class()
    assert counted["class"].cast(pl.String).to_list() == list(CLASS_NAMES)
    assert len(counted) == 17
    assert counted["cells"].sum() == len(find_emerging(source).ground.cells)


@pytest.mark.parametrize(
    ("selection", "weeks"),
    [
        (Selection(phases=frozenset(["one"])), 1),
        (Selection(phases=frozenset(["two"])), 1),
        (Selection(phases=frozenset(["one", "two"])), 1),  # they leave a gap
        (Selection(from_on=date(2026, 9, 5), until_on=date(2026, 9, 10)), 0),
        (Selection(from_on=date(2026, 9, 1), until_on=date(2026, 9, 21)), 3),
    ],
    ids=["one", "two", "both", "six days", "three weeks"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_too_few_weeks_are_said_to_be_too_few(source, selection, weeks, language):
    found = find_emerging(source, selection)
    assert len(found.weeks) == weeks
    assert found.classes.undecided in (Reason.TOO_FEW_STEPS, Reason.NO_CELLS)
    assert found.by_class().filter(pl.col("cells") > 0)["class"].to_list() == ["none"]
    said = about_weeks(found, Words(language))
    assert len(said[0]) > 5
    assert changed_places(source, found).is_empty()


def test_a_gap_between_phases_is_no_quiet_week(source):
    """Phase one ends on 7 September, phase two begins on the 10th."""
    weeks = weeks_of(source, Selection(phases=frozenset(["one", "two"])))
    assert weeks == (date(2026, 9, 14),)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_trend_test_can_and_cannot_tell_is_said(source, language):
    say = Words(language)
    four = find_emerging(source, weeks=4)
    assert four.classes.undecided is None
    assert say("hot.weeks.no_trend", weeks=4) in about_weeks(four, say)
    assert say("hot.weeks.trend") in about_weeks(find_emerging(source), say)
    row = changed_places(source, four).to_dicts()[0]
    said = [week_words(row, four, say)]
    place = explain_weeks(source, four, row["at"])
    said += [clue_text(one, source.city, say) for one in place.clues]
    assert not [text for text in said if "{" in text or "nan" in text or "None" in text]


def test_no_case_makes_no_week(tmp_path):
    source = Source.of(gathered.made(tmp_path, []))
    found = find_emerging(source)
    assert found.weeks == ()
    assert found.classes.undecided is not None
    assert found.last_day is None
