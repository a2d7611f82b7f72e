"""Poisson regression against two other programs, and the calendar against what was put in."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import optimize

from geodata.analysis.baseline import BaselineRule, day_flags, estimate_baseline
from geodata.analysis.poisson import fit_poisson
from geodata.analysis.reasons import Reason
from geodata.domain.calendar import WorkCalendar


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
    ratio = found.factor("sunday") / found.factor("wednesday")
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
    assert found.factor("sunday") < 0.7


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


def test_flags_come_from_the_real_calendar():
    days = np.arange(np.datetime64("2024-09-30"), np.datetime64("2024-10-13"))
    flags = day_flags(days, WorkCalendar(country="CN"))
    holidays = days[flags["holiday"]].astype(object).tolist()
    assert holidays == [date(2024, 10, nth) for nth in (1, 2, 3, 4, 7)]
    assert days[flags["worked_weekend"]].astype(object).tolist() == [date(2024, 10, 12)]


def test_rule_bounds_are_kept():
    rule = BaselineRule(fewest_days=400)
    assert estimate_baseline(DAYS, counts_with(0.5), rule=rule).undecided is Reason.TOO_SHORT
