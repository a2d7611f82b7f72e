"""Chains of cases against a plain double loop; the Knox test against its own definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.near_repeat import NearRepeatRule, classify_cases, knox_test
from geodata.analysis.reasons import Reason

RULE = NearRepeatRule(permutations=99)
points = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 20)), max_size=40
)


def arrays(cases):
    # Tens of metres, so that no pair lies exactly on a band's edge by rounding.
    columns = np.array(cases, float).reshape(-1, 3)
    return columns[:, 0] * 10, columns[:, 1] * 10, columns[:, 2]


def role_by_hand(cases, nth) -> str:
    x, y, day = (column for column in arrays(cases))
    metres = np.hypot(x - x[nth], y - y[nth])
    near = metres <= RULE.band_m[0]
    earlier = (day < day[nth]) & (day >= day[nth] - RULE.band_days[0])
    later = (day > day[nth]) & (day <= day[nth] + RULE.band_days[0])
    if (earlier & (metres <= RULE.same_place_m)).any():
        return "repeat"
    if (earlier & near).any():
        return "near_repeat"
    return "originator" if (later & near).any() else "isolated"


@given(points)
def test_roles_are_those_of_the_definition(cases):
    found = classify_cases(*arrays(cases), RULE).to_list()
    assert found == [role_by_hand(cases, nth) for nth in range(len(cases))]


@given(points.filter(lambda cases: len(cases) >= 12))
def test_every_close_pair_is_in_exactly_one_band(cases):
    x, y, day = arrays(cases)
    found = knox_test(x, y, day, NearRepeatRule(permutations=5))
    if found.undecided is not None:
        return
    i, j = np.triu_indices(len(cases), 1)
    metres, apart = np.hypot(x[i] - x[j], y[i] - y[j]), np.abs(day[i] - day[j])
    inside = (metres <= RULE.band_m[-1]) & (apart <= RULE.band_days[-1])
    assert found.table["pairs"].sum() == inside.sum()
    row = found.table.filter(until_m=25.0, until_days=7.0)
    assert row["pairs"][0] == ((metres <= 25) & (apart <= 7)).sum()


def test_the_same_seed_gives_the_same_answer_and_another_place_to_start_changes_nothing():
    random = np.random.default_rng(1)
    x, y, day = random.normal(0, 300, 80), random.normal(0, 300, 80), random.uniform(0, 60, 80)
    first, second = knox_test(x, y, day, RULE), knox_test(x + 1e5, y - 1e5, day + 300, RULE)
    assert first.table["pairs"].to_list() == second.table["pairs"].to_list()
    assert first.p == second.p


def test_expected_is_what_dealing_the_dates_out_gives():
    """With dates dealt at random the expected share of soon pairs is that of all pairs."""
    random = np.random.default_rng(2)
    x, y, day = random.normal(0, 300, 150), random.normal(0, 300, 150), random.uniform(0, 60, 150)
    found = knox_test(x, y, day, NearRepeatRule(permutations=400))
    i, j = np.triu_indices(150, 1)
    soon = (np.abs(day[i] - day[j]) <= 7).mean()
    near = (np.hypot(x[i] - x[j], y[i] - y[j]) <= 100).sum()
    rows = found.table.filter(until_days=7.0).filter(until_m=100.0)["expected"][0]
    rows += found.table.filter(until_days=7.0).filter(until_m=25.0)["expected"][0]
    assert rows == pytest.approx(near * soon, rel=0.05)


def test_cases_that_follow_each_other_are_found():
    random = np.random.default_rng(3)
    x, y, day = random.normal(0, 800, 100), random.normal(0, 800, 100), random.uniform(0, 100, 100)
    x, y = np.concatenate([x, x[:30] + 10]), np.concatenate([y, y[:30] - 10])
    found = knox_test(x, y, np.concatenate([day, day[:30] + 2]), RULE)
    assert found.p == 0.01
    assert found.ratio > 2


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        (np.zeros(0), Reason.NO_CASES),
        (np.arange(5.0), Reason.TOO_FEW_CASES),
        (np.zeros(50), Reason.ONE_PLACE),
    ],
)
def test_what_cannot_be_tested_is_said(x, reason):
    found = knox_test(x, x, np.arange(len(x), dtype=float), RULE)
    assert (found.undecided, found.p, found.ratio) == (reason, None, None)
    assert found.table.is_empty()


def test_too_many_pairs_are_not_begun():
    random = np.random.default_rng(4)
    x, day = random.uniform(0, 50, 400), random.uniform(0, 9, 400)
    found = knox_test(x, x, day, NearRepeatRule(most_pairs=1_000))
    assert found.undecided is Reason.TOO_MANY_PAIRS
