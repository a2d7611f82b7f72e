"""Difference-in-differences against a regression, its choice of streets, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.comparison import EffectRule, Trial, changed_alone, choose_comparison
from geodata.analysis.contrast import contrast
from geodata.analysis.effect import measure_effect
from geodata.analysis.panels import Panel
from geodata.analysis.poisson import fit_poisson
from geodata.analysis.reasons import Reason
from tests.simulator import Effects, Town, simulate

counts = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=3, max_size=12)


def as_regression(first, second, of_b):
    """Streets × two periods: one level a street, one factor for the period, one for the effect."""
    n = len(first)
    rows = np.concatenate([first, second])
    period = np.arange(2 * n) >= n
    design = np.column_stack([np.vstack([np.eye(n)] * 2), period, period & np.tile(of_b, 2)])
    return fit_poisson(design.astype(float), rows)


@given(counts, st.integers(1, 2))
def test_contrast_is_the_interaction_of_the_poisson_regression(rows, many):
    first, second = np.array(rows, float).T
    of_b = np.arange(len(first)) < many
    found, fit = contrast(first, second, of_b), as_regression(first, second, of_b)
    assert np.log(found.ratio) == pytest.approx(fit.coefficients[-1], abs=1e-6)
    # Pearson's χ² of both is that of the same fitted values, on as many degrees of freedom.
    assert found.dispersion == pytest.approx(fit.dispersion, rel=1e-5)
    assert found.error == pytest.approx(fit.errors[-1], rel=1e-5)


@given(counts)
def test_turning_the_periods_round_turns_the_ratio_round(rows):
    first, second = np.array(rows, float).T
    of_b = np.arange(len(first)) < 1
    one, other = contrast(first, second, of_b), contrast(second, first, of_b)
    assert one.ratio == pytest.approx(1 / other.ratio)
    assert one.p == pytest.approx(other.p)
    assert (one.low, one.high) == pytest.approx((1 / other.high, 1 / other.low))


def test_nothing_left_after_is_a_finite_ratio_and_said():
    first, second = np.full(12, 50.0), np.array([0.0, *[50.0] * 11])
    found = contrast(first, second, np.arange(12) < 1)
    assert found.corrected
    assert 0 < found.low < found.ratio < found.high < 0.5


@pytest.mark.parametrize(
    ("flags", "words"), [([True, True, True], "both"), ([True, False], "2 units")]
)
def test_a_contrast_of_nothing_is_refused(flags, words):
    with pytest.raises(ValueError, match=words):
        contrast(np.ones(len(flags)), np.ones(len(flags)), np.array(flags))


@pytest.fixture
def world():
    return simulate(Town(per_day=3.0), Effects(drop=0.4, patrols=1.5), np.random.default_rng(1))


def test_a_drop_is_found_although_everything_else_rose(world):
    found = measure_effect(world.trial, aside=world.around)
    assert found.direction == -1
    assert found.low < 0.6 < found.high
    assert found.drift.low < 1 < found.drift.high
    after = found.counts.filter(group="treated")["after"][0]
    assert after / found.expected_after == pytest.approx(found.ratio)


def test_the_comparison_never_holds_a_treated_street_or_one_around(world):
    chosen = choose_comparison(world.trial, aside=world.around)
    assert not (chosen & (world.trial.treated | world.around)).any()
    names = set(measure_effect(world.trial, aside=world.around).compared_with)
    assert len(names) == len(set(names)) <= EffectRule().most_streets


def test_the_comparison_does_not_look_at_what_came_after(world):
    panel = world.panel
    later = panel.counts.copy()
    later[:, world.trial.after] = later[::-1, world.trial.after]
    turned = replace(world.trial, panel=replace(panel, counts=later))
    assert (choose_comparison(turned) == choose_comparison(world.trial)).all()


def test_streets_of_the_same_class_are_preferred(world):
    classes = ["first" if nth % 2 == 0 else "back" for nth in range(40)]
    panel = replace(world.panel, units=world.panel.units.with_columns(pl.Series("class", classes)))
    trial = replace(world.trial, panel=panel, treated=np.arange(40) == 0)
    chosen = choose_comparison(trial)
    assert chosen.sum() >= 4
    assert not chosen[1::2].any()
    few = replace(trial, panel=replace(panel, units=panel.units.with_columns(
        pl.Series("class", ["strict", *classes[1:]]))))  # fmt: skip
    assert choose_comparison(few)[1::2].any()


def test_levels_far_apart_are_not_compared(world):
    level = world.panel.counts[:, world.trial.before].sum(axis=1)
    usual = level[world.trial.treated].mean()
    chosen = choose_comparison(world.trial, rule=EffectRule(times=1.5))
    assert (level[chosen] <= 1.55 * usual).all()
    assert (level[chosen] >= usual / 1.55).all()


def test_a_street_that_changed_by_itself_is_set_aside_and_named(world):
    panel = world.panel
    odd = panel.counts.copy()
    odd[20, world.trial.after] *= 6
    trial = replace(world.trial, panel=replace(panel, counts=odd))
    chosen = np.arange(40) >= 12
    assert np.flatnonzero(changed_alone(trial, chosen)).tolist() == [20]
    found = measure_effect(trial, compared_with=chosen)
    assert found.set_aside == ("street 20",)
    assert "street 20" not in found.compared_with
    assert found.ratio == pytest.approx(0.6, rel=0.15)


def answer(trial: Trial, **more):
    found = measure_effect(trial, **more)
    assert (found.ratio, found.low, found.high, found.p) == (None, None, None, None)
    assert found.direction == 0
    return found.undecided


def test_what_cannot_be_measured_is_said(world):
    trial = world.trial
    none, no_day = np.zeros(40, bool), np.zeros(168, bool)
    assert answer(replace(trial, treated=none)) is Reason.NO_TREATED_STREETS
    assert answer(replace(trial, before=no_day)) is Reason.NO_DAYS
    assert answer(replace(trial, after=no_day)) is Reason.NO_DAYS
    assert answer(replace(trial, before=trial.after)) is Reason.PERIODS_OVERLAP
    assert answer(trial, compared_with=none) is Reason.NO_COMPARISON_STREETS
    assert answer(trial, aside=~trial.treated) is Reason.NO_COMPARISON_STREETS
    two = np.arange(40) >= 38
    assert answer(trial, compared_with=two) is Reason.TOO_FEW_COMPARISON_STREETS
    quiet = replace(world.panel, counts=np.zeros_like(world.panel.counts))
    assert answer(replace(trial, panel=quiet)) is Reason.NOTHING_BEFORE


def test_one_street_has_nothing_to_compare_with(world):
    panel = Panel(units=world.panel.units[:1], counts=world.panel.counts[:1], days=world.panel.days)
    trial = replace(world.trial, panel=panel, treated=np.ones(1, bool))
    assert answer(trial) is Reason.NO_COMPARISON_STREETS


def test_weekly_spells_widen_the_interval():
    calm = simulate(Town(per_day=3.0), Effects(), np.random.default_rng(2))
    lumpy = simulate(Town(per_day=3.0, lumps=6.0), Effects(), np.random.default_rng(2))
    widths = [
        np.log(one.high / one.low)
        for one in (measure_effect(calm.trial), measure_effect(lumpy.trial))
    ]
    assert widths[1] > 1.5 * widths[0]
