"""Kaplan–Meier against SciPy and against the product taken by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geodata.analysis.survival import kaplan_meier

watched = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60)


def by_hand(cases: list[tuple[int, bool]], days: float) -> Fraction:
    """Survivors step by step, in whole fractions."""
    share = Fraction(1)
    for time in sorted({time for time, _ in cases if time <= days}):
        at_risk = sum(other >= time for other, _ in cases)
        share *= 1 - Fraction(sum(other == time and event for other, event in cases), at_risk)
    return share


@given(watched, st.floats(0, 25))
def test_the_curve_is_the_product_taken_by_hand(cases, days):
    times, events = np.array([t for t, _ in cases], float), np.array([e for _, e in cases])
    assert kaplan_meier(times, events).at(days) == pytest.approx(float(by_hand(cases, days)))


def test_curve_and_interval_agree_with_scipy():
    random = np.random.default_rng(3)
    for confidence in (0.9, 0.95):
        days = np.round(random.exponential(10, 300), 1)
        ends = np.round(random.uniform(0, 25, 300), 1)
        happened = days <= ends
        days = np.minimum(days, ends)
        ours = kaplan_meier(days, happened, confidence=confidence)
        known = stats.ecdf(stats.CensoredData(days[happened], right=days[~happened])).sf
        interval = known.confidence_interval(confidence, method="log-log")
        at = ours.curve["days"].to_numpy()
        inside = (known.evaluate(at) > 0) & (known.evaluate(at) < 1)
        assert ours.at(at) == pytest.approx(known.evaluate(at), abs=1e-12)
        assert ours.curve["low"].to_numpy()[inside] == pytest.approx(
            interval.low.evaluate(at)[inside], abs=1e-9
        )
        assert ours.curve["high"].to_numpy()[inside] == pytest.approx(
            interval.high.evaluate(at)[inside], abs=1e-9
        )


def test_curve_agrees_with_lifelines():
    lifelines = pytest.importorskip("lifelines", reason="lifelines is not installed")
    random = np.random.default_rng(4)
    days, ends = random.exponential(10, 200), random.uniform(0, 25, 200)
    ours = kaplan_meier(np.minimum(days, ends), days <= ends)
    fitter = lifelines.KaplanMeierFitter().fit(np.minimum(days, ends), days <= ends)
    assert ours.at(12.0) == pytest.approx(fitter.predict(12.0), abs=1e-12)
    hazard = lifelines.NelsonAalenFitter(nelson_aalen_smoothing=False)
    hazard.fit(np.minimum(days, ends), days <= ends)
    assert ours.hazard(12.0) == pytest.approx(hazard.predict(12.0), abs=1e-12)


@given(watched)
def test_shares_stay_in_order_and_no_case_is_lost(cases):
    times, events = np.array([t for t, _ in cases], float), np.array([e for _, e in cases])
    curve = kaplan_meier(times, events).curve
    surviving = curve["surviving"].to_numpy()
    assert (np.diff(surviving) <= 1e-15).all()
    assert (curve["low"] <= curve["surviving"] + 1e-12).all()
    assert (curve["surviving"] <= curve["high"] + 1e-12).all()
    assert curve.select("low", "high").to_numpy().min() >= 0
    assert curve.select("low", "high").to_numpy().max() <= 1
    assert (curve["events"] + curve["censored"]).sum() == len(cases)


def test_within_and_median_of_a_small_example():
    ours = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, True, False, True]))
    assert ours.within(2)[0] == pytest.approx(0.5)
    assert ours.median_days == 2
    assert ours.at(0.5) == 1
    share, low, high = ours.within(2)
    assert low < share < high


def test_empty_in_empty_out():
    ours = kaplan_meier(np.zeros(0), np.zeros(0, bool))
    assert (ours.n, ours.events, ours.watched_days, ours.median_days) == (0, 0, 0.0, None)
    assert ours.at([0, 5]).tolist() == [1, 1]


@pytest.mark.parametrize("days", [[-1.0], [np.nan], [np.inf]])
def test_impossible_times_are_refused(days):
    with pytest.raises(ValueError, match="negative or not finite"):
        kaplan_meier(np.array(days), np.array([True]))


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one of each per case"):
        kaplan_meier(np.zeros(2), np.zeros(1, bool))
