"""Weekly days and staggered shifts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.reasons import Reason
from geodata.analysis.routines import share_change, weekday_effect

DAYS = np.arange(np.datetime64("2026-03-02"), np.datetime64("2026-03-02") + 140)
AFTER = np.arange(140) >= 70
WEEKDAY = (DAYS.astype(np.int64) + 3) % 7


def test_a_weekly_action_day_is_found_while_everything_doubles():
    mean = 40.0 * np.where(AFTER, 2.0, 1.0) * np.where(AFTER & (WEEKDAY == 1), 1.6, 1.0)
    counts = np.random.default_rng(1).poisson(mean)
    found = weekday_effect(DAYS, counts, 1, ~AFTER, AFTER)
    assert found.low < 1.6 < found.high
    assert found.p < 0.001
    assert found.share_after > 1.3 * found.share_before
    assert weekday_effect(DAYS, counts, 3, ~AFTER, AFTER).ratio < 1


@given(st.integers(0, 6))
def test_the_ratio_is_that_of_the_sums(weekday):
    counts = np.random.default_rng(2).poisson(20, 140)
    found = weekday_effect(DAYS, counts, weekday, ~AFTER, AFTER)
    own = weekday == WEEKDAY
    odds = [counts[days & own].sum() / counts[days & ~own].sum() for days in (~AFTER, AFTER)]
    assert found.ratio == pytest.approx(odds[1] / odds[0])
    assert found.weeks == 20


def test_share_change_is_the_difference_of_the_shares():
    random = np.random.default_rng(3)
    total = random.poisson(40, 140)
    out = random.binomial(total, np.where(AFTER, 0.5, 0.3))
    found = share_change(out, total, ~AFTER, AFTER)
    assert found.before == pytest.approx(out[~AFTER].sum() / total[~AFTER].sum())
    assert found.change == pytest.approx(found.after - found.before)
    assert found.low < 0.2 < found.high
    assert found.p < 1e-6


def test_days_that_differ_widen_the_interval():
    total = np.full(140, 40)
    same = share_change(np.full(140, 12), total, ~AFTER, AFTER)
    wild = share_change(np.where(np.arange(140) % 2 == 0, 2, 22), total, ~AFTER, AFTER)
    assert same.change == wild.change == 0
    assert wild.high - wild.low > 2 * (same.high - same.low)
    assert same.high > 0


def test_too_short_and_no_days_are_said():
    none = np.zeros(140, bool)
    counts = np.ones(140, np.int64)
    short = none.copy()
    short[:5] = True
    for found in (
        weekday_effect(DAYS, counts, 1, none, AFTER),
        share_change(counts, counts, none, AFTER),
    ):
        assert (found.undecided, found.p) == (Reason.NO_DAYS, None)
    for found in (
        weekday_effect(DAYS, counts, 1, short, AFTER),
        share_change(counts, counts, short, AFTER),
    ):
        assert (found.undecided, found.p) == (Reason.TOO_SHORT, None)


def test_a_share_of_nothing_is_no_change():
    zero = np.zeros(140, np.int64)
    found = share_change(zero, np.ones(140, np.int64), ~AFTER, AFTER)
    assert (found.change, found.p) == (0.0, 1.0)
