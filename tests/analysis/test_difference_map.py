"""Which cells changed between two phases."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.difference_map import DifferenceRule, cell_dispersion, difference_map
from geodata.analysis.reasons import Reason

counts = st.integers(0, 60)


def table(first, second):
    return pl.DataFrame(
        {"cell": np.arange(len(first)), "first": first, "second": second},
        schema={"cell": pl.Int64, "first": pl.Int64, "second": pl.Int64},
    )


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=30), st.integers(1, 90))
def test_p_is_twice_the_smaller_binomial_tail(pairs, days):
    first, second = zip(*pairs, strict=True)
    found = difference_map(table(first, second), first_days=30, second_days=days)
    if sum(first) + sum(second) == 0:
        assert found.reason is Reason.NO_CASES
        return
    share = days / (30 + days)
    for row in found.cells.iter_rows(named=True):
        n = row["first"] + row["second"]
        tails = (
            stats.binom.cdf(row["second"], n, share),
            stats.binom.sf(row["second"] - 1, n, share),
        )
        assert row["p"] == pytest.approx(min(1.0, 2 * min(tails)), abs=1e-9)


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=30))
def test_what_must_always_hold(pairs):
    first, second = zip(*pairs, strict=True)
    found = difference_map(table(first, second), first_days=30, second_days=45)
    if sum(first) + sum(second) == 0:
        return
    cells = found.cells
    for name in ("first_per_day", "difference_per_day", "lower", "p"):
        assert cells[name].is_finite().all()
    assert cells["q"].is_null().to_list() == (~cells["tested"]).to_list()
    assert cells.filter(pl.col("finding") != 0)["tested"].all()
    significant = cells.filter(pl.col("finding") != 0)
    assert (significant["finding"].sign() == significant["difference_per_day"].sign()).all()
    assert (significant["q"] <= 0.05).all()
    assert found.tested == cells["tested"].sum()
    tested = cells.filter("tested")
    if len(tested):
        q = stats.false_discovery_control(tested["p"].to_numpy(), method="bh")
        np.testing.assert_allclose(tested["q"].to_numpy(), q, atol=1e-12)


def test_cells_without_cases_change_nothing():
    few = difference_map(table([9, 30], [40, 31]), first_days=30, second_days=30).cells
    many = difference_map(
        table([9, 30] + [0] * 500, [40, 31] + [0] * 500), first_days=30, second_days=30
    ).cells
    assert many.head(2).equals(few)
    assert few["finding"].to_list() == [1, 0]


def test_cells_too_small_to_ever_be_significant_are_not_tested():
    cells = difference_map(table([0, 0], [5, 6]), first_days=30, second_days=30).cells
    # 2 × 0.5⁵ = 0.0625, 2 × 0.5⁶ = 0.031
    assert cells["tested"].to_list() == [False, True]


def test_against_the_whole_a_cell_that_only_follows_is_no_finding():
    first, second = [100] * 20, [50] * 19 + [100]
    own = difference_map(table(first, second), first_days=30, second_days=30)
    assert own.cells["finding"].to_list() == [-1] * 19 + [0]
    rule = DifferenceRule(against="whole")
    whole = difference_map(table(first, second), first_days=30, second_days=30, rule=rule)
    assert whole.expected_ratio == pytest.approx(1050 / 2000)
    assert whole.cells["finding"].to_list() == [0] * 19 + [1]


@pytest.mark.parametrize(
    ("cells", "days", "rule", "reason"),
    [
        (table([1], [2]), (30, 0), None, Reason.EMPTY_PERIOD),
        (table([], []), (30, 30), None, Reason.NO_CASES),
        (table([0], [0]), (30, 30), None, Reason.NO_CASES),
        (table([0], [3]), (30, 30), DifferenceRule(against="whole"), Reason.FIRST_ZERO),
    ],
)
def test_what_cannot_be_compared_is_answered_in_words(cells, days, rule, reason):
    found = difference_map(cells, first_days=days[0], second_days=days[1], rule=rule)
    assert found.reason is reason


def test_scatter_of_cells_from_week_to_week():
    random = np.random.default_rng(2)
    week = np.full(8, 7.0)
    assert cell_dispersion(random.poisson(3.0, (400, 8)).astype(float), week) < 1.15
    bursts = 4.0 * random.poisson(0.75, (400, 8))
    assert cell_dispersion(bursts, week) == pytest.approx(4, abs=0.5)
    sparse_bursts = (random.random((400, 8)) < 0.02) * 10.0
    assert cell_dispersion(sparse_bursts, week) > 3
    assert cell_dispersion(np.zeros((4, 1)), week[:1]) == 1.0
    assert cell_dispersion(np.zeros((4, 8)), week) == 1.0


def test_few_false_findings_without_effect_and_planted_changes_are_found():
    random = np.random.default_rng(5)
    mean = random.gamma(0.7, 10, 800)
    false = planted = 0
    runs = 60
    for _ in range(runs):
        none = difference_map(
            table(random.poisson(mean), random.poisson(mean)), first_days=30, second_days=30
        )
        false += (none.cells["finding"] != 0).any()
        changed = mean.copy()
        changed[:5], mean_before = 75.0, np.r_[np.full(5, 25.0), mean[5:]]
        found = difference_map(
            table(random.poisson(mean_before), random.poisson(changed)),
            first_days=30, second_days=30,
        )  # fmt: skip
        planted += int((found.cells["finding"][:5] == 1).sum())
    assert false / runs <= 0.12  # 5 % at most, and two standard errors of 60 runs
    assert planted / (5 * runs) >= 0.8
