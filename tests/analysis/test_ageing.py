"""Ages of open cases, what comes and goes, and how long closing takes when some is still open."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from geodata.analysis.ageing import (
    AgeingRule,
    ageing_bands,
    closing_quantiles,
    daily_flow,
    open_at,
    time_to_close,
)
from geodata.analysis.answers import Scope, Value, Withheld
from geodata.analysis.reasons import Reason
from tests.analysis.case_rows import END, MARCH, START, at, case_tables, cases_of

RULE = AgeingRule(edges_days=(1, 7, 30))


def test_bands_hold_their_lower_edge_and_count_what_is_overdue():
    cases = cases_of(
        {"reported_at": at(31) - timedelta(hours=1)},
        {"reported_at": at(30), "due_at": at(30.5)},
        {"reported_at": at(24), "due_at": at(40)},
        {"reported_at": at(-10), "due_at": at(1)},
        {"reported_at": at(2), "closed_at": at(9)},
        {"reported_at": at(2), "closed_at": at(31)},  # closed when the data end: still open
        {"reported_at": at(40)},
    )
    table = ageing_bands(cases, as_of=END, rule=RULE)
    assert table["from_days"].to_list() == [0, 1, 7, 30]
    assert table["until_days"].to_list() == [1, 7, 30, None]
    assert table["open"].to_list() == [1, 1, 2, 1]
    assert table["overdue"].to_list() == [0, 1, 0, 1]


def test_no_open_cases_are_bands_of_zero():
    assert ageing_bands(cases_of(), as_of=END, rule=RULE)["open"].to_list() == [0, 0, 0, 0]
    assert ageing_bands(cases_of(), as_of=END, rule=RULE, by=("office",)).is_empty()


@given(case_tables())
def test_bands_of_all_offices_sum_to_the_open_cases(cases):
    by_office = ageing_bands(cases, as_of=END, rule=RULE, by=("office",))
    assert by_office["open"].sum() == len(open_at(cases, END))
    assert (by_office["overdue"] <= by_office["open"]).all()


@given(case_tables())
def test_flow_balances_and_ends_with_the_open_cases(cases):
    table = daily_flow(cases, date(2026, 3, 1), date(2026, 3, 31), timezone="UTC")
    assert len(table) == 31
    assert (table["backlog"] >= 0).all()
    change = table["backlog"].diff().drop_nulls()
    assert (change == (table["inflow"] - table["outflow"])[1:]).all()
    in_order = cases.filter(
        cases["closed_at"].is_null() | (cases["closed_at"] >= cases["reported_at"])
    )
    if len(in_order) == len(cases):
        assert table["backlog"][-1] == len(open_at(cases, END))


@given(case_tables())
def test_flows_of_all_offices_sum_to_the_whole(cases):
    days = (date(2026, 3, 1), date(2026, 3, 31))
    whole = daily_flow(cases, *days, timezone="Asia/Shanghai")
    parts = daily_flow(cases, *days, timezone="Asia/Shanghai", by=("office",))
    for name in ("inflow", "outflow", "backlog"):
        assert whole[name].sum() == parts[name].sum()


def test_days_are_those_of_the_city():
    table = daily_flow(
        cases_of({"reported_at": at(0, 17)}), date(2026, 3, 1), date(2026, 3, 2),
        timezone="Asia/Shanghai",
    )  # fmt: skip
    assert table["inflow"].to_list() == [0, 1]  # 17:00 UTC is past midnight there


def skewed(n: int, seed: int):
    """Cases of March, closed after exponential times; what ends in April is still open."""
    random = np.random.default_rng(seed)
    starts, lasts = random.uniform(0, 31, n), random.exponential(12.0, n)
    return cases_of(
        *(
            {"reported_at": at(a), "closed_at": at(a + b)}
            for a, b in zip(starts, lasts, strict=True)
        )
    )


def test_time_to_close_agrees_with_scipy_on_censored_times():
    cases = skewed(300, 4)
    found = time_to_close(cases, MARCH)
    open_still = (cases["closed_at"] >= END).to_numpy()
    until = cases["closed_at"].clip(upper_bound=END)
    times = ((until - cases["reported_at"]).dt.total_microseconds() / 86.4e9).to_numpy()
    oracle = stats.ecdf(
        stats.CensoredData(uncensored=times[~open_still], right=times[open_still])
    ).sf
    np.testing.assert_allclose(
        found.survival.at(oracle.quantiles), oracle.probabilities, atol=1e-12
    )
    limits = oracle.confidence_interval(0.95, method="log-log")
    inner = (oracle.probabilities > 0) & (oracle.probabilities < 1)
    curve = found.survival.curve.filter(found.survival.curve["days"].is_in(oracle.quantiles))
    for ours, theirs in (("low", limits.low), ("high", limits.high)):
        np.testing.assert_allclose(
            curve[ours].to_numpy()[inner], theirs.probabilities[inner], atol=1e-9
        )


def test_open_cases_are_not_forgotten():
    cases = skewed(4000, 5)
    found = time_to_close(cases, MARCH).quantiles[0.5]
    assert found.lower < 12.0 * np.log(2) < found.upper
    closed = cases.filter(cases["closed_at"] < END)
    naive = (closed["closed_at"] - closed["reported_at"]).dt.total_hours().median() / 24
    assert naive < found.lower  # the closed ones alone look much faster


def test_the_remission_times_of_freireich():
    # 6-mercaptopurine group (Freireich et al. 1963), weeks; + is censored. Median 23 weeks,
    # S(10) = 0.753, S(23) = 0.448 as tabulated by Cox and Oakes (1984).
    ended, watched = (
        [6, 6, 6, 7, 10, 13, 16, 22, 23],
        [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    )
    scope = Scope(from_at=START, until_at=at(400), as_of=at(400))
    rows = [{"reported_at": at(1), "closed_at": at(1 + weeks)} for weeks in ended]
    rows += [{"reported_at": at(400 - weeks)} for weeks in watched]
    found = time_to_close(cases_of(*rows), scope)
    assert found.survival.at([10, 23]) == pytest.approx([0.7529, 0.4482], abs=5e-5)
    assert found.quantiles[0.5].value == pytest.approx(23)
    assert found.quantiles[0.9].reason is Reason.NOT_REACHED


def test_quantiles_that_are_not_reached_and_times_that_cannot_be_right():
    rows = [{"reported_at": at(1), "closed_at": at(3)}] + [{"reported_at": at(1)}] * 9
    rows += [{"reported_at": at(5), "closed_at": at(2)}]
    found = time_to_close(cases_of(*rows), MARCH)
    assert found.left_out == 1
    assert isinstance(found.quantiles[0.5], Withheld)
    assert found.quantiles[0.5].reason is Reason.NOT_REACHED
    assert found.quantiles[0.5].known["n"] == 10


@pytest.mark.parametrize(
    ("rows", "reason"), [([], Reason.NO_CASES), ([{"reported_at": at(1)}], Reason.NONE_CLOSED)]
)
def test_nothing_closed_is_answered_in_words(rows, reason):
    found = time_to_close(cases_of(*rows), MARCH)
    assert isinstance(found, Withheld)
    assert found.reason is reason


def test_what_is_closed_after_the_data_end_is_open():
    rows = [{"reported_at": at(1), "closed_at": at(50)}]
    assert time_to_close(cases_of(*rows), MARCH).reason is Reason.NONE_CLOSED


@given(case_tables())
def test_the_table_of_quantiles_never_holds_a_silent_number(cases):
    table = closing_quantiles(cases, MARCH, ("office",))
    assert (table["value"].is_null() == table["undecided"].is_not_null()).all()
    assert not table["value"].is_nan().any()
    for _, rows in table.sort("quantile").group_by("office"):
        values = rows["value"].drop_nulls()
        assert values.is_sorted()


def test_quantiles_are_values_with_their_parts():
    rows = [{"reported_at": at(1), "closed_at": at(1 + day)} for day in range(1, 11)]
    found = time_to_close(cases_of(*rows), MARCH).quantiles
    assert isinstance(found[0.5], Value)
    assert [found[q].value for q in (0.5, 0.75, 0.9)] == pytest.approx([5, 8, 9])
    assert (found[0.5].unit, found[0.5].n) == ("days", 10)
