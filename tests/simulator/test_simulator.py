"""What the simulator says it puts in is what comes out on average."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.simulator import ComingBack, Effects, Town, simulate, simulate_cases

BIG = Town(per_day=40.0, spread=0.0)


def sums(world):
    trial = world.trial
    return {
        name: [world.panel.counts[rows][:, days].sum() for days in (trial.before, trial.after)]
        for name, rows in (
            ("treated", trial.treated),
            ("around", world.around),
            ("rest", ~trial.treated & ~world.around),
        )
    }


def test_drop_and_moved_reports_balance():
    effects = Effects(drop=0.4, moved=0.5)
    found = sums(simulate(BIG, effects, np.random.default_rng(1)))
    gone = found["treated"][0] - found["treated"][1]
    assert found["treated"][1] / found["treated"][0] == pytest.approx(0.6, abs=0.02)
    assert (found["around"][1] - found["around"][0]) / gone == pytest.approx(0.5, abs=0.15)
    assert found["rest"][1] / found["rest"][0] == pytest.approx(1.0, abs=0.01)


def test_patrols_weekdays_and_holiday_touch_every_street():
    effects = Effects(patrols=1.5, weekday=(1, 1, 1, 1, 1, 1, 0.5), holiday=0.4)
    world = simulate(BIG, effects, np.random.default_rng(2))
    by_day, weekday = world.by_day(), (world.panel.days.astype(np.int64) + 3) % 7
    usual = ~world.holiday & (weekday < 6)
    before, after = world.trial.before, world.trial.after
    assert by_day[after & usual].mean() / by_day[before & usual].mean() == pytest.approx(
        1.5, abs=0.02
    )
    sunday = by_day[before & (weekday == 6)].mean() / by_day[before & usual].mean()
    assert sunday == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("lumps", [0.0, 2.0])
def test_weekly_variance_is_as_said(lumps):
    town = Town(streets=400, spread=0.0, lumps=lumps, treated=1)
    world = simulate(town, Effects(), np.random.default_rng(3))
    weekly = world.panel.counts.reshape(400, -1, 7).sum(axis=2)
    assert weekly.var() / weekly.mean() == pytest.approx(1 + lumps, rel=0.08)


def test_the_same_seed_gives_the_same_world():
    one, other = (simulate(Town(), Effects(), np.random.default_rng(5)) for _ in range(2))
    assert (one.panel.counts == other.panel.counts).all()


def test_the_planted_share_comes_back_within_its_delay():
    law = ComingBack(places=3_000, per_day=0.005, chance=0.4, delay=(2, 20))
    cases = simulate_cases(law, np.random.default_rng(6))
    child = cases.filter(pl.col("parent").is_not_null()).join(
        cases.select(parent="case", left="closed"), on="parent"
    )
    days = (child["reported"] - child["left"]).dt.total_seconds() / 86_400
    assert 2 <= days.min() <= days.max() <= 20
    early = cases.filter(pl.col("closed") < cases["reported"].max() - pl.duration(days=21))
    share = early["case"].is_in(child["parent"].implode()).mean()
    assert share == pytest.approx(0.4, abs=0.03)
    assert cases["case"].is_unique().all()


def test_no_chance_no_rebound():
    cases = simulate_cases(ComingBack(chance=0.0), np.random.default_rng(7))
    assert cases["parent"].null_count() == len(cases)
    none = simulate_cases(replace(ComingBack(), per_day=0.0), np.random.default_rng(7))
    assert none.is_empty()
