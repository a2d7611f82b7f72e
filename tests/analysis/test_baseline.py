"""Poisson regression against two other programs, and the calendar against what was put in."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import optimize

from geodata.analysis.baseline import BaselineRule, day_effects, estimate_baseline
from geodata.analysis.day_kinds import WEEKDAYS, day_kinds
from geodata.analysis.poisson import fit_poisson
from geodata.analysis.reasons import Reason
from geodata.domain.calendar import WorkCalendar
from geodata.domain.market import MarketDays


def problem(seed: int = 1, rows: int = 120):
    random = np.random.default_rng(seed)
    design = np.column_stack([np.ones(rows), random.normal(size=rows), random.random(rows) < 0.3])
    offset = random.normal(0, 0.3, rows)
    counts = random.poisson(
        np.exp(design @ [1.0, 0.3, -0.5] + offset) * random.gamma(3, 1 / 3, rows)
    )
    return design, counts.astype(float), offset


@pytest.mark.parametrize("ridge", [0.0, 2.0])
def test_coefficients_are_the_minimum_of_the_penalised_likelihood(ridge):
    design, counts, offset = problem()
    penalty = np.array([0.0, ridge, ridge])

    def loss(beta):
        eta = design @ beta + offset
        return (np.exp(eta) - counts * eta).sum() + (penalty * beta**2).sum() / 2

    known = optimize.minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8})
    fit = fit_poisson(design, counts, offset=offset, ridge=penalty)
    assert fit.coefficients == pytest.approx(known.x, abs=1e-5)
    assert fit.converged


def test_fit_agrees_with_statsmodels():
    api = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed")
    design, counts, offset = problem()
    family = api.families.Poisson()
    known = api.GLM(counts, design, family=family, offset=offset).fit(scale="X2")
    fit = fit_poisson(design, counts, offset=offset)
    assert fit.coefficients == pytest.approx(known.params, abs=1e-8)
    assert fit.dispersion == pytest.approx(known.scale, rel=1e-8)
    assert fit.errors == pytest.approx(known.bse, rel=1e-6)


def test_counts_of_nothing_stay_finite():
    fit = fit_poisson(np.ones((20, 1)), np.zeros(20), ridge=np.array([0.1]))
    assert np.isfinite(fit.coefficients).all()
    assert np.isfinite(fit.covariance).all()


@pytest.mark.parametrize("counts", [[1.0, -1.0], [1.0, np.nan], [1.0]])
def test_impossible_counts_are_refused(counts):
    with pytest.raises(ValueError, match="count"):
        fit_poisson(np.ones((2, 1)), np.array(counts))


DAYS = np.arange(np.datetime64("2026-03-02"), np.datetime64("2026-03-02") + 182)
WEEKDAY = (DAYS.astype(np.int64) + 3) % 7


def counts_with(sunday: float, flag=None, factor: float = 1.0, level: float = 200.0):
    mean = np.where(WEEKDAY == 6, sunday, 1.0) * level * np.linspace(1.0, 2.0, len(DAYS))
    if flag is not None:
        mean = mean * np.where(flag, factor, 1.0)
    return np.random.default_rng(1).poisson(mean)


def test_factors_put_in_are_found_while_the_level_doubles():
    market = np.arange(len(DAYS)) % 10 == 0
    found = estimate_baseline(DAYS, counts_with(0.5, market, 1.4), {"market": market})
    ratio = found.factor("sun") / found.factor("wed")
    assert ratio == pytest.approx(0.5, rel=0.06)
    assert found.factor("market") == pytest.approx(1.4, rel=0.06)
    assert found.undecided is None
    assert found.dispersion < 1.5


def test_days_are_weighed_by_their_factors():
    found = estimate_baseline(DAYS, counts_with(0.5))
    weekend = WEEKDAY >= 5
    assert found.usual_days(np.ones(len(DAYS), bool)) == pytest.approx(len(DAYS))
    assert found.usual_days(weekend) < weekend.sum()
    assert found.usual_days(np.zeros(len(DAYS), bool)) == 0


def test_too_short_is_said_and_nothing_is_taken_out():
    found = estimate_baseline(DAYS[:20], counts_with(0.1)[:20])
    assert found.undecided is Reason.TOO_SHORT
    assert (found.by_day == 1).all()
    assert set(found.factors["undecided"]) == {"too_short"}
    assert found.factors["low"].null_count() == 7


def test_a_kind_of_day_seen_twice_has_no_factor():
    flag = np.zeros(len(DAYS), bool)
    flag[[10, 11]] = True
    found = estimate_baseline(DAYS, counts_with(0.5), {"holiday": flag})
    row = found.factors.filter(code="holiday").row(0, named=True)
    assert (row["factor"], row["low"], row["undecided"]) == (1.0, None, "too_few_days_of_kind")
    assert found.factor("sun") < 0.7


def test_no_case_and_missing_weekdays_are_said():
    assert estimate_baseline(DAYS, np.zeros(len(DAYS))).undecided is Reason.NO_CASES
    mondays = np.datetime64("2026-03-02") + 7 * np.arange(40)
    only = estimate_baseline(mondays, np.ones(40))
    assert only.undecided is Reason.TOO_FEW_DAYS_OF_KIND


def test_a_clear_factor_is_shrunk_less_than_a_doubtful_one():
    few = np.zeros(len(DAYS), bool)
    few[50:57] = True
    errors = [
        abs(
            np.log(estimate_baseline(DAYS, counts_with(1, few, 0.4, level), {"h": few}).factor("h"))
            - np.log(0.4)
        )
        for level in (0.2, 200.0)
    ]
    assert errors[1] < 0.05 < errors[0]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="market has 3 rows"):
        estimate_baseline(DAYS, np.ones(len(DAYS)), {"market": np.ones(3, bool)})


def kinds_of(days, calendar, fewest=3):
    stretch = np.zeros(len(days), np.int64)
    kinds = day_kinds(np.array(days, "datetime64[D]"), calendar, {}, stretch, fewest)
    return [[*WEEKDAYS, "holiday"][one] for one in kinds.of_day], kinds


def span(first: date, days: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(days)]


def test_kinds_of_day_around_the_national_holiday_of_2024():
    days = span(date(2024, 9, 27), 18)  # Friday 27 September to Monday 14 October
    kinds, _ = kinds_of(days, CHINA)
    worked_sunday, worked_saturday = kinds[2], kinds[15]
    assert (worked_sunday, worked_saturday) == ("fri", "fri")
    assert kinds[4:11] == ["holiday"] * 7
    assert kinds[:4] == ["fri", "sat", "fri", "mon"]


def test_too_few_holidays_count_as_sundays():
    days = span(date(2024, 9, 9), 14)  # 中秋 15–17 September
    assert "holiday" in kinds_of(days, CHINA)[0]
    kinds, found = kinds_of(days, CHINA, fewest=4)
    assert kinds[6:9] == ["sun", "sun", "sun"]
    assert found.left_out == {"holiday": Reason.TOO_FEW_DAYS_OF_KIND}


CHINA = WorkCalendar()
PLAIN = WorkCalendar(country="")
SEPTEMBER = date(2024, 9, 2)  # a Monday


def test_effects_are_recovered_from_counts_without_noise():
    days = span(SEPTEMBER, 70)
    windows = {"before": days[:30], "after": days[30:]}
    effect = {"tue": 0.5, "sat": 2.0, "holiday": 3.0}
    level = np.where(np.arange(70) < 30, 100_000, 300_000)
    counts = level * [effect.get(kind, 1.0) for kind in kinds_of(days, CHINA)[0]]
    daily = pl.DataFrame({"day": days, "cases": counts.astype(int)})
    found = day_effects(daily, windows, CHINA)
    for kind, times in {**effect, "thu": 1.0}.items():
        assert found.factor(kind) / found.factor("mon") == pytest.approx(times, rel=1e-3)
    assert found.weights["weight"].mean() == pytest.approx(1.0)
    assert found.weights["day"].to_list() == days


def test_without_a_pull_the_fit_is_the_maximum_of_the_poisson_likelihood():
    random = np.random.default_rng(3)
    days = span(SEPTEMBER, 63)
    windows = {"a": days[:25], "b": days[25:]}
    counts = random.poisson(20, 63)
    rule = BaselineRule(ridge=1e-9)
    found = day_effects(pl.DataFrame({"day": days, "cases": counts}), windows, PLAIN, rule)
    weight = found.weights["weight"].to_numpy()
    kind = np.array([day.weekday() for day in days])
    phase = np.array([0] * 25 + [1] * 38)
    level = np.array([counts[phase == p].sum() / weight[phase == p].sum() for p in (0, 1)])
    mean = level[phase] * weight
    # the score of every parameter is zero: fitted totals are the observed ones
    for rows in [kind == k for k in range(7)] + [phase == p for p in (0, 1)]:
        assert mean[rows].sum() == pytest.approx(counts[rows].sum(), rel=1e-6)


def daily_of(days, counts):
    return pl.DataFrame({"day": days, "cases": counts})


def test_stretches_too_short_without_cases_or_apart_are_said():
    short = span(SEPTEMBER, 20)
    assert day_effects(daily_of(short, [5] * 20), {"a": short}, PLAIN).undecided is Reason.TOO_SHORT
    empty = day_effects(daily_of(short, [5] * 20).clear(), {"a": []}, PLAIN)
    assert (empty.undecided, len(empty.weights)) == (Reason.TOO_SHORT, 0)
    days = span(SEPTEMBER, 56)
    apart = {
        "weekdays": [day for day in days if day.weekday() < 5],
        "weekends": [day for day in days if day.weekday() >= 5],
    }
    assert day_effects(daily_of(days, [5] * 56), apart, PLAIN).undecided is Reason.TOO_SHORT
    nothing = day_effects(daily_of(days, [0] * 56), {"a": days}, PLAIN)
    assert nothing.undecided is Reason.NO_CASES
    assert set(nothing.weights["weight"]) == {1.0}


def test_a_phase_that_is_one_long_holiday_has_no_holiday_factor():
    days = span(date(2024, 9, 18), 60)
    holiday = [day for day in days if date(2024, 10, 1) <= day <= date(2024, 10, 7)]
    windows = {"before": days[:13], "rest": holiday, "after": days[20:]}
    found = day_effects(daily_of(days, [5] * 60), windows, CHINA)
    row = found.factors.filter(code="holiday").row(0, named=True)
    assert row["undecided"] == "too_few_days_of_kind"
    assert found.undecided is None


TOWN = WorkCalendar(market=MarketDays(digits=(2, 5, 8)))


def market_counts(days, factor, level=50.0, seed=4):
    held = TOWN.market.flags(np.array(days, "datetime64[D]"))
    return np.random.default_rng(seed).poisson(level * np.where(held, factor, 1.0))


def test_market_days_have_their_factor_and_are_taken_out():
    days = span(SEPTEMBER, 112)
    found = estimate_baseline(
        np.array(days, "datetime64[D]"), market_counts(days, 1.8), calendar=TOWN
    )
    row = found.factors.filter(code="market").row(0, named=True)
    assert row["low"] < 1.8 < row["high"]
    assert row["days"] == sum(day.day % 10 in (2, 5, 8) for day in days)
    assert row["high"] / row["low"] < 1.3


def test_a_city_without_market_days_lists_none():
    assert "market" not in estimate_baseline(DAYS, counts_with(0.5), calendar=CHINA).factors["code"]


def test_a_market_every_saturday_is_told_as_the_saturday():
    weekly = WorkCalendar(country="", market=MarketDays(weekdays=(6,)))
    found = estimate_baseline(DAYS, counts_with(0.5), calendar=weekly)
    row = found.factors.filter(code="market").row(0, named=True)
    assert (row["factor"], row["undecided"]) == (1.0, "same_as_weekday")


def test_two_market_days_are_too_few():
    rare = WorkCalendar(
        country="",
        market=MarketDays(dates=frozenset([date(2026, 3, 10), date(2026, 4, 9)])),
    )
    row = estimate_baseline(DAYS, counts_with(0.5), calendar=rare).factors.row(7, named=True)
    assert (row["code"], row["days"], row["undecided"]) == ("market", 2, "too_few_days_of_kind")


def test_unsure_effects_widen_a_comparison_only_where_the_days_differ():
    days = np.array(span(SEPTEMBER, 112), "datetime64[D]")
    found = estimate_baseline(days, market_counts(span(SEPTEMBER, 112), 1.8), calendar=TOWN)
    held = TOWN.market.flags(days)
    assert found.log_variance(held, ~held) > 100 * found.log_variance(held, held) == 0
    row = found.factors.filter(code="market").row(0, named=True)
    error = (np.log(row["high"]) - np.log(row["low"])) / (2 * 1.959964)
    assert np.sqrt(found.log_variance(~held, held)) == pytest.approx(error, rel=0.25)
    flat = estimate_baseline(days[:20], np.ones(20))
    assert flat.log_variance(held[:20], ~held[:20]) == 0


def test_rule_bounds_are_kept():
    rule = BaselineRule(fewest_days=400)
    assert estimate_baseline(DAYS, counts_with(0.5), rule=rule).undecided is Reason.TOO_SHORT
