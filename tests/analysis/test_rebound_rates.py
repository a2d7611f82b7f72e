"""Rates, their comparison, excess over chance, and what is said when there is nothing to say."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import FollowUps, ReboundRule, follow_ups
from geodata.analysis.rebound_excess import rebound_excess
from geodata.analysis.rebound_rates import compare_rates, rebound_rates, wilson
from tests.simulator import ComingBack, simulate_cases
from tests.simulator.comings_back import BEGIN

LAW = ComingBack(chance=0.3, places=60, per_day=0.01)
END = BEGIN + timedelta(days=LAW.days)


def town(seed: int = 1, law: ComingBack = LAW) -> FollowUps:
    cases = simulate_cases(law, np.random.default_rng(seed))
    return follow_ups(
        cases.with_columns(office=pl.col("place") % 3, returns=pl.col("case") % 2), END
    )


def test_rate_is_rebounds_over_closed_cases_with_full_follow_up():
    followed = town()
    whole = [row for row in followed.table.to_dicts() if row["closed"] + timedelta(30) <= END]
    back = [row for row in whole if row["rebound_days"] is not None and row["rebound_days"] <= 30]
    row = rebound_rates(followed).table.row(0, named=True)
    assert (row["followed"], row["rebounds"]) == (len(whole), len(back))
    assert row["rate"] == pytest.approx(len(back) / len(whole))
    assert row["low"] < row["rate"] < row["high"]


def test_groups_add_up_to_the_whole_and_reopened_cases_are_shown_apart():
    followed = town()
    by_office, whole = rebound_rates(followed, "office").table, rebound_rates(followed).table
    for column in ("closed", "followed", "rebounds", "rebounds_seen", "superseded", "reopened"):
        assert by_office[column].sum() == whole[column].sum()
    assert whole["reopened"][0] == (followed.table["returns"] > 0).sum()


def test_a_case_that_was_only_reopened_is_no_rebound():
    followed = town(law=ComingBack(chance=0.0, places=60, per_day=0.001))
    row = rebound_rates(followed).table.row(0, named=True)
    assert row["reopened"] > row["rebounds"]


def test_reopened_is_null_where_returns_are_not_known():
    followed = town()
    cases = followed.table.select("case", "kind", "place", "reported", "closed")
    without = follow_ups(cases, END)
    assert rebound_rates(without).table["reopened"].to_list() == [None]
    silent = follow_ups(cases.with_columns(returns=pl.lit(None, pl.UInt8)), END)
    row = rebound_rates(silent).table.row(0, named=True)
    assert (row["reopened"], row["reopened_of"]) == (None, 0)


@given(st.integers(1, 400), st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.99]))
def test_wilson_agrees_with_scipy(n, share, confidence):
    k = round(n * share)
    low, high = wilson(np.array([k / n]), np.array([n]), confidence)
    known = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    assert (low[0], high[0]) == pytest.approx((known.low, known.high), abs=1e-9)


def test_cases_that_come_back_together_widen_the_interval():
    """Ten places, each always or never: ten draws, not two hundred."""
    rows = [(place, nth, place < 5) for place in range(10) for nth in range(20)]
    table = pl.DataFrame(rows, schema=["place", "nth", "rebound"], orient="row").with_columns(
        followed=True, rebound_days=pl.lit(3.0), ended_by=pl.lit("rebound")
    )
    followed = FollowUps(table=table, rule=ReboundRule(), end=END, unplaced=0, disordered=0,
                         undecided=None)  # fmt: skip
    row = rebound_rates(followed).table.row(0, named=True)
    assert row["high"] - row["low"] > 0.4


def test_follow_up_shorter_than_the_window_is_said():
    followed = follow_ups(
        simulate_cases(LAW, np.random.default_rng(1)), END, ReboundRule(within_days=500)
    )
    rates = rebound_rates(followed)
    assert rates.undecided is Reason.FOLLOW_UP_TOO_SHORT
    assert rates.table.select("rate", "low", "high").row(0) == (None, None, None)
    assert rates.table["closed"][0] > 0
    change = compare_rates(followed, town())
    assert (change.change, change.p) == (None, None)
    assert change.undecided is Reason.FOLLOW_UP_TOO_SHORT


def test_no_closed_case_gives_no_rate_and_a_reason():
    none = town().only(pl.lit(value=False))
    assert rebound_rates(none).table.is_empty()
    assert rebound_rates(none).undecided is Reason.NO_CLOSED_CASES
    assert compare_rates(none, town()).undecided is Reason.NO_CLOSED_CASES
    assert rebound_excess(none, "office").table.is_empty()
    assert none.survival().n == 0


def test_comparison_is_the_jackknife_over_places():
    first, second = town(2), town(3)
    found = compare_rates(first, second)
    parts = [one.table.filter(pl.col("followed")) for one in (first, second)]
    places = sorted(set(parts[0]["place"]) | set(parts[1]["place"]))
    left_out = [
        parts[1].filter(pl.col("place") != place)["rebound"].mean()
        - parts[0].filter(pl.col("place") != place)["rebound"].mean()
        for place in places
    ]
    k = len(places)
    error = np.sqrt(((np.array(left_out) - found.change) ** 2).sum() * (k - 1) / k)
    assert found.places == k
    assert found.change == pytest.approx(parts[1]["rebound"].mean() - parts[0]["rebound"].mean())
    assert 1.9 < (found.high - found.change) / error < 2.3


def test_too_few_places_are_no_comparison():
    few = town().only(pl.col("place") < 3)
    assert compare_rates(few, few).undecided is Reason.TOO_FEW_CASES


def test_excess_finds_the_group_where_cases_come_back():
    random = np.random.default_rng(4)
    busy = simulate_cases(ComingBack(places=30, per_day=0.03), random)
    back = simulate_cases(ComingBack(places=30, per_day=0.008, chance=0.5), random)
    both = pl.concat(
        [
            busy.with_columns(office=pl.lit("busy")),
            back.with_columns(
                pl.col("place") + 1_000, pl.col("case") + 100_000, office=pl.lit("back")
            ),
        ]
    )
    table = rebound_excess(follow_ups(both, END), "office").table
    assert table["code"].to_list() == ["back", "busy"]
    assert table["ratio"][0] > 1.4
    assert table["low"][0] > 1
    assert 0.8 < table["ratio"][1] < 1.2


def test_expected_is_level_times_clear_days():
    followed = town()
    row = rebound_excess(followed, "kind").table.row(0, named=True)
    by_hand = sum(
        one["usual_per_day"] * min(one["watched_days"], 30) for one in followed.table.to_dicts()
    )
    assert row["expected"] == pytest.approx(by_hand)
    assert row["rebounds"] <= row["closed"]
