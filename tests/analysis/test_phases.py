"""The campaign as an axis: day N of M, phase against phase."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.baseline import day_effects
from geodata.analysis.phases import (
    campaign_day,
    daily_dispersion,
    phase_ratios,
    phase_table,
    phase_windows,
)
from geodata.domain.calendar import WorkCalendar
from geodata.domain.campaign import Campaign, Phase

PHASES = (
    Phase(code="mobilise", name="宣传发动", from_on=date(2026, 8, 31), until_on=date(2026, 9, 20)),
    Phase(code="tackle", name="集中攻坚", from_on=date(2026, 9, 21), until_on=date(2026, 11, 15)),
    Phase(code="hold", name="巩固提升", from_on=date(2026, 11, 18), until_on=date(2026, 12, 8)),
)
OWN = (
    Phase(code="tackle", name="集中攻坚", from_on=date(2026, 10, 1), until_on=date(2026, 10, 31)),
)
CAMPAIGN = Campaign(name="百日攻坚", phases=PHASES, office_phases={"late": OWN})
FIRST, LAST = date(2026, 8, 1), date(2026, 11, 22)


def daily_of(counts, first=FIRST):
    days = [first + timedelta(days=i) for i in range(len(counts))]
    return pl.DataFrame({"day": days, "cases": np.asarray(counts, dtype=np.int64)})


@pytest.fixture(scope="module")
def windows():
    return phase_windows(CAMPAIGN, first=FIRST, last=LAST)


def test_day_n_of_m():
    first, gap = (campaign_day(CAMPAIGN, day) for day in (date(2026, 8, 31), date(2026, 11, 16)))
    assert (first.day, first.days, first.phase_day, first.phase_days) == (1, 100, 1, 21)
    assert (gap.value, gap.day, gap.phase_day) == ("between", 78, None)
    assert campaign_day(CAMPAIGN, date(2026, 8, 30)).day is None
    own = campaign_day(CAMPAIGN, date(2026, 10, 2), "late")
    assert (own.day, own.days, own.phase_days) == (2, 31, 31)


def test_every_day_of_the_data_is_in_one_window(windows):
    listed = [day for days in windows.values() for day in days]
    assert sorted(listed) == daily_of(np.zeros(114))["day"].to_list()
    assert {name: len(days) for name, days in windows.items()} == {
        "before": 30, "mobilise": 21, "tackle": 56, "hold": 5, "between": 2, "after": 0,
    }  # fmt: skip


def test_a_phase_under_way_is_counted_by_its_days_so_far(windows):
    daily = daily_of([2] * 114)
    planned = {phase.code: phase.days for phase in PHASES}
    table = phase_table(daily, windows, planned_days=planned, km=4.0)
    hold = table.filter(phase="hold").row(0, named=True)
    assert (hold["days"], hold["planned_days"], hold["cases"], hold["per_day"]) == (5, 21, 10, 2.0)
    assert hold["per_km_day"] == 0.5
    low, high = (stats.chi2.ppf(0.025, 20) / 2 / 5, stats.chi2.ppf(0.975, 22) / 2 / 5)
    assert (hold["lower"], hold["upper"]) == pytest.approx((low, high))
    assert hold["per_km_day_upper"] == pytest.approx(high / 4)


def test_a_phase_without_days_is_answered_in_words(windows):
    daily = daily_of([2] * 114)
    after = phase_table(daily, windows).filter(phase="after").row(0, named=True)
    assert (after["per_day"], after["lower"], after["undecided"]) == (None, None, "empty_period")
    ratio = phase_ratios(daily, windows, [("tackle", "after")]).row(0, named=True)
    assert (ratio["ratio"], ratio["p"], ratio["undecided"]) == (None, None, "empty_period")


def test_phases_are_compared_with_the_one_before(windows):
    table = phase_ratios(daily_of([2] * 114), windows)
    assert table.select("first", "second").rows() == [
        ("before", "mobilise"), ("mobilise", "tackle"), ("tackle", "hold"), ("hold", "between"),
    ]  # fmt: skip
    assert table["ratio"].to_list() == [1.0] * 4


def test_ratio_and_interval_agree_with_scipy(windows):
    counts = [4] * 30 + [3] * 21 + [1] * 63
    row = phase_ratios(daily_of(counts), windows, [("before", "tackle")]).row(0, named=True)
    assert (row["cases_first"], row["cases_second"]) == (120, 56)
    assert row["ratio"] == pytest.approx(0.25)
    share = stats.binomtest(56, 176).proportion_ci(0.95, method="exact")
    odds = [share.low / (1 - share.low), share.high / (1 - share.high)]
    assert (row["lower"], row["upper"]) == pytest.approx([odd * 30 / 56 for odd in odds])
    assert row["dispersion"] == 1.0


@pytest.mark.parametrize(
    ("before", "tackle", "reason"), [(0, 0, "both_zero"), (0, 1, "first_zero"), (1, 0, None)]
)
def test_zeros_on_either_side(windows, before, tackle, reason):
    counts = [before] * 30 + [0] * 21 + [tackle] * 56 + [0] * 7
    row = phase_ratios(daily_of(counts), windows, [("before", "tackle")]).row(0, named=True)
    assert row["undecided"] == reason
    assert (row["ratio"], row["upper"] is None) == (0.0 if reason is None else None, bool(reason))


def test_days_that_are_not_counted_and_phases_that_do_not_exist_are_refused(windows):
    with pytest.raises(ValueError, match="lack 1 days of the windows, the first 2026-11-22"):
        phase_table(daily_of([1] * 113), windows)
    with pytest.raises(ValueError, match="no window is called peace"):
        phase_ratios(daily_of([1] * 114), windows, [("before", "peace")])


@given(st.lists(st.integers(0, 30), min_size=114, max_size=114))
def test_cases_are_conserved_and_intervals_hold_their_rate(counts):
    windows = phase_windows(CAMPAIGN, first=FIRST, last=LAST)
    table = phase_table(daily_of(counts), windows)
    assert table["cases"].sum() == sum(counts)
    assert table["days"].sum() == 114
    decided = table.filter(pl.col("undecided").is_null())
    assert (
        (decided["lower"] <= decided["per_day"]) & (decided["per_day"] <= decided["upper"])
    ).all()
    assert (table["dispersion"] >= 1).all()


def test_bursts_of_days_and_of_weeks_are_seen(windows):
    random = np.random.default_rng(8)
    calm = random.poisson(10, 114)
    assert daily_dispersion(daily_of(calm), windows) < 1.5
    daily_bursts = 5 * random.poisson(2, 114)
    assert 3.5 < daily_dispersion(daily_of(daily_bursts), windows) < 12
    weekly = np.repeat(random.choice([5, 15], 17), 7)[:114]
    assert daily_dispersion(daily_of(random.poisson(weekly)), windows) > 8


def test_a_week_of_holidays_is_no_success_once_it_is_taken_out():
    random = np.random.default_rng(1)
    first = date(2024, 8, 5)  # a Monday, eight weeks before the holiday of 1–7 October
    days = [first + timedelta(days=i) for i in range(77)]
    calendar = WorkCalendar()
    windows = {"before": days[:56], "tackle": days[56:]}  # tackle begins 30 September
    holiday = {date(2024, 10, d) for d in range(1, 8)}
    mean = [20 * (0.2 if day in holiday else 1.0) for day in days]
    daily = daily_of(random.poisson(mean), first)
    fooled = phase_ratios(daily, windows).row(0, named=True)
    assert fooled["ratio"] < 0.85
    effects = day_effects(daily, windows, calendar)
    fair = phase_ratios(daily, windows, effects=effects).row(0, named=True)
    assert fair["lower"] < 1 < fair["upper"]
    assert fair["exposure_second"] < 21
    assert fair["ratio"] == pytest.approx(1.0, abs=0.15)


def false_alarms(runs: int, draw) -> tuple[float, float]:
    """Share of runs with p ≤ 5 %, and share whose interval holds 1, without any effect."""
    windows = phase_windows(CAMPAIGN, first=FIRST, last=LAST)
    rows = [
        phase_ratios(daily_of(draw()), windows, [("before", "tackle")]).row(0, named=True)
        for _ in range(runs)
    ]
    alarms = sum(row["p"] <= 0.05 for row in rows) / runs
    return alarms, sum(row["lower"] <= 1 <= row["upper"] for row in rows) / runs


@pytest.mark.parametrize("dispersed", [False, True])
def test_without_effect_few_alarms_even_in_bursts(dispersed):
    random = np.random.default_rng(21)

    def draw():
        mean = random.gamma(4, 2.0, 114) if dispersed else np.full(114, 8.0)
        return random.poisson(mean)

    alarms, covered = false_alarms(200, draw)
    assert alarms <= 0.085  # 5 % and two standard errors of 200 runs
    assert covered >= 0.915


def test_an_office_with_dates_of_its_own_has_windows_of_its_own():
    own = phase_windows(CAMPAIGN, first=FIRST, last=LAST, office="late")
    assert {name: len(days) for name, days in own.items() if days} == {
        "before": 61, "tackle": 31, "after": 22,
    }  # fmt: skip
