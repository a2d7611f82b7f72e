"""The published balance, the verdicts, and the streets around."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.displacement import (
    Change,
    Verdict,
    streets_around,
    weighted_displacement_difference,
    work_or_move,
)
from geodata.analysis.panels import Panel, cells_around
from geodata.analysis.reasons import Reason
from tests.analysis.hexagons import disk
from tests.simulator import Effects, Town, simulate

TOWN = Town(per_day=4.0)


def verdict(effects: Effects, seed: int = 1):
    world = simulate(TOWN, effects, np.random.default_rng(seed))
    return work_or_move(world.trial, world.around)


def test_the_published_formula_by_hand():
    """Eight counts: the estimate and the root of their sum."""
    found = weighted_displacement_difference(
        Change(before=60, after=40), Change(before=50, after=48),
        Change(before=30, after=33), Change(before=20, after=22),
    )  # fmt: skip
    assert found.cases == (40 - 60) - (48 - 50) + (33 - 30) - (22 - 20)
    assert found.error == pytest.approx(np.sqrt(60 + 40 + 50 + 48 + 30 + 33 + 20 + 22))
    assert found.low == pytest.approx(found.cases - 1.959963985 * found.error)


@given(st.floats(0.2, 5), st.floats(1, 4))
def test_weights_enter_squared_and_dispersion_once(weight, dispersion):
    plain = Change(before=60, after=40)
    scaled = Change(before=60, after=40, before_weight=weight, after_weight=weight)
    none = Change(before=0, after=0)
    one = weighted_displacement_difference(plain, none)
    other = weighted_displacement_difference(scaled, none, dispersion=dispersion)
    assert other.cases == pytest.approx(weight * one.cases)
    assert other.error == pytest.approx(weight * one.error * np.sqrt(dispersion))


def test_nothing_at_all_is_no_gain_and_no_chance():
    none = Change(before=0, after=0)
    found = weighted_displacement_difference(none, none)
    assert (found.cases, found.p) == (0, 1)


@pytest.mark.parametrize(
    ("effects", "verdicts"),
    [
        (Effects(), {Verdict.NO_CHANGE_SHOWN}),
        (Effects(drop=0.6), {Verdict.WORKED, Verdict.WORKED_AND_SPREAD}),
        (Effects(drop=0.7, moved=1.0), {Verdict.MOVED}),
        (Effects(drop=0.8, moved=0.45), {Verdict.PARTLY_MOVED}),
        (Effects(drop=-1.0), {Verdict.WORSE}),
    ],
)
def test_verdicts_say_what_was_put_in(effects, verdicts):
    assert verdict(effects).verdict in verdicts


def test_the_balance_counts_what_truly_went_away():
    world = simulate(TOWN, Effects(drop=0.6), np.random.default_rng(3))
    found = work_or_move(world.trial, world.around)
    gone = world.expected[np.ix_(world.trial.treated, world.trial.after)].sum() / 0.4 * 0.6
    assert found.balance.low < -gone < found.balance.high


def test_no_street_around_is_said_and_the_effect_still_given():
    world = simulate(TOWN, Effects(drop=0.6), np.random.default_rng(1))
    found = work_or_move(world.trial, np.zeros_like(world.around))
    assert found.verdict is Verdict.WORKED_HERE
    assert found.around.undecided is Reason.NO_RING
    assert found.balance is None
    assert found.where.is_empty()


def test_no_treated_street_gives_no_verdict():
    world = simulate(TOWN, Effects(), np.random.default_rng(1))
    found = work_or_move(replace(world.trial, treated=np.zeros(40, bool)), world.around)
    assert (found.verdict, found.undecided) == (None, Reason.NO_TREATED_STREETS)


def test_where_it_went_is_named_first():
    world = simulate(TOWN, Effects(drop=0.5), np.random.default_rng(2))
    counts = world.panel.counts.copy()
    counts[5, world.trial.after] *= 3
    trial = replace(world.trial, panel=replace(world.panel, counts=counts))
    found = work_or_move(trial, world.around)
    assert found.where["unit"][0] == "street 5"
    assert found.where["q"][0] < 0.01
    assert found.verdict in (Verdict.MOVED, Verdict.PARTLY_MOVED)


def test_streets_around_are_those_near_enough():
    lines = np.array([shapely.LineString([(0, y), (100, y)]) for y in (0, 30, 30, 90, 20)])
    names = pl.Series(["main", "near", "near", "far", ""])
    assert streets_around(lines, names, {"main"}, 40.0) == {"near"}
    assert streets_around(lines, names, {"main"}, 100.0) == {"near", "far"}
    assert streets_around(lines, names, {"nowhere"}, 100.0) == set()


def test_cells_around_are_the_rings_without_the_treated():
    cells = disk(4)
    panel = Panel(
        units=pl.DataFrame({"unit": cells}),
        counts=np.zeros((len(cells), 1), np.int64),
        days=np.array(["2026-01-01"], "M8[D]"),
    )
    middle = np.zeros(len(cells), bool)
    middle[len(cells) // 2] = True
    near = cells_around(panel, middle, 1)
    assert not (near & middle).any()
    assert 2 <= near.sum() <= 6
