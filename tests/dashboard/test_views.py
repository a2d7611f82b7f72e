"""Saved filters, relaxing, comparing, and what travels to the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import h3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import access, actions, picked
from dashboard.comparison import comparison_of
from dashboard.components.case_map import packed_cells
from dashboard.components.totals import totals
from dashboard.filters import Picked, View, patched
from dashboard.relax import relaxed
from dashboard.text import Speaker
from geodata.domain.selection import Selection
from geodata.spatial.cells import STUDY, parent_of, to_text


def unpacked(table, told):
    """Undo ``packed_cells`` as the browser does, in whole numbers of Python."""
    cell, far, cells = None, iter(told["far"]), []
    for row, step in enumerate(table["step"].to_pylist()):
        cell = int(told["first"], 16) if row == 0 else cell + (step or next(far)) * told["unit"]
        cells.append(cell)
    return cells


coordinates = st.tuples(st.floats(-80, 80), st.floats(-179, 179))


@given(st.lists(coordinates, max_size=30))
def test_cells_arrive_as_they_left(places):
    cells = sorted({h3.str_to_int(h3.latlng_to_cell(lat, lon, STUDY)) for lat, lon in places})
    value = np.arange(1, len(cells) + 1, dtype=np.uint32) * 100
    table, told = packed_cells(np.array(cells, dtype=np.int64), value)
    assert unpacked(table, told) == cells
    assert table["value"].to_pylist() == value.tolist()


def test_a_cell_of_a_city_travels_in_few_bytes(reading):
    counts = access.cells(reading, Selection())
    table, _ = packed_cells(counts["cell"].to_numpy(), counts["cases"].to_numpy())
    assert table.nbytes <= 4 * len(counts)


def test_an_action_is_its_categories_on_its_streets(reading):
    patch = actions.as_filters(reading.city, Selection(), {"action": "night"})
    selection = patched(View(), patch).selection
    assert (selection.categories, selection.streets) == ({"stall"}, {"2横街"})
    assert actions.chosen_action(reading.city, selection).code == "night"
    told = actions.highlight(reading.city, selection, Speaker("en"))
    assert told == {"streets": ["2横街"], "label": "Streets of “Night markets”"}


def test_an_action_keeps_the_other_filters_and_goes_without_trace(reading):
    before = Selection(offices=frozenset(["c1"]), phases=frozenset(["one"]))
    chosen = patched(
        View(selection=before), actions.as_filters(reading.city, before, {"action": "night"})
    ).selection
    assert (chosen.offices, chosen.phases) == (before.offices, before.phases)
    again = actions.as_filters(reading.city, chosen, {"action": ""})
    assert patched(View(selection=chosen), again).selection == before


EMPTYING = {
    "dates": {"from_on": date(2031, 1, 1)},
    "hours": {"hours": "in", "channels": frozenset(["no such"])},
    "streets": {"streets": frozenset(["无此街"])},
    "everything": {
        "streets": frozenset(), "offices": frozenset(), "phases": frozenset(), "areas": frozenset(),
    },
}  # fmt: skip


@pytest.mark.parametrize("what", EMPTYING)
def test_relaxing_brings_cases_back(reading, what):
    empty = Selection(**EMPTYING[what])
    assert not access.keep(reading, empty).any()
    assert access.keep(reading, relaxed(reading, empty)).any()


def test_relaxing_gives_up_only_what_empties_the_map(reading):
    chosen = Selection(channels=frozenset(["patrol"]), streets=frozenset(["无此街"]))
    assert relaxed(reading, chosen) == replace(chosen, streets=None)


def test_a_comparison_counts_cases_a_week_of_either_phase(reading):
    compared = comparison_of(reading, View(compare=("one", "two")))
    frame = reading.facts.frame
    of = {phase: frame.filter(frame["phase"] == phase) for phase in ("one", "two")}
    days = {"one": len(of["one"]["reported_on"].unique()), "two": access.phase_days(reading, "two")}

    def change(n):
        return 7 * (n["two"] / max(days["two"], 1) - n["one"] / max(days["one"], 1))

    everywhere = {phase: len(rows) for phase, rows in of.items()}
    on_streets = {phase: int((rows["segment"] >= 0).sum()) for phase, rows in of.items()}
    assert compared.cells()["change"].sum() == pytest.approx(change(everywhere))
    assert compared.segments().sum() == pytest.approx(change(on_streets))
    assert compared.n == sum(everywhere.values())


@pytest.mark.parametrize("pair", [("one", "nowhere"), ("campaign", "x")])
def test_phases_nobody_knows_are_not_compared(reading, pair):
    assert comparison_of(reading, View(compare=pair)) is None


def test_a_picked_street_holds_the_cases_on_it(reading):
    place = picked.find(reading, View(picked=Picked(street="2横街")))
    segments = reading.facts.segments["street"].to_list()
    streets = [
        segments[row] if row >= 0 else None for row in reading.facts.frame["segment"].to_list()
    ]
    assert len(place.rows) == streets.count("2横街") > 0


def test_an_outline_around_everything_holds_every_case(reading):
    box = ((104.0, 30.6), (104.2, 30.6), (104.2, 30.8), (104.0, 30.8))
    place = picked.find(reading, View(picked=Picked(outline=box)))
    assert len(place.rows) == len(reading.facts)


@pytest.mark.parametrize(
    "nonsense",
    [
        Picked(cell="0" * 15),
        Picked(cell="f" * 15),
        Picked(street="无此街"),
        Picked(outline=((0, 0),) * 3),
    ],
)
def test_what_does_not_exist_is_not_picked(reading, nonsense):
    place = picked.find(reading, View(picked=nonsense))
    assert place is None or len(place.rows) == 0


@pytest.mark.parametrize("selection", [Selection(), Selection(categories=frozenset(["stall"]))])
def test_all_ways_of_counting_agree(reading, selection):
    keep = access.keep(reading, selection)
    sums = totals(
        reading.facts,
        keep,
        cells=access.cells(reading, selection),
        segments=access.segments(reading, selection),
        offices=access.codes(reading, selection, "office"),
    )
    assert sums["cases"] == sums["cells"] == sums["offices"] == int(keep.sum())
    assert sums["streets"] + sums["unassigned"] == sums["cases"]


def test_a_card_counts_its_phases_under_the_same_filter(reading):
    stalls = Selection(categories=frozenset(["stall"]))
    frame = reading.facts.frame
    cell = to_text(parent_of(frame["cell"].to_numpy()[:1], 10))[0]
    view = View(selection=stalls, picked=Picked(cell=cell))
    place = picked.find(reading, view)
    rows = picked.rows_any_time(reading, view, place)
    assert len(rows) == len(place.rows)
    dated = replace(view, selection=replace(stalls, until_on=reading.facts.first_day))
    assert len(picked.rows_any_time(reading, dated, picked.find(reading, dated))) == len(rows)
