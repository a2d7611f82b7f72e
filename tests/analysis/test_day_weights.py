"""Weekday and holiday effects: found where they are, refused where the days are too few."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from geodata.analysis.answers import Withheld
from geodata.analysis.day_weights import DayRule, day_kinds, day_weights
from geodata.analysis.reasons import Reason
from geodata.domain.calendar import WorkCalendar

CHINA = WorkCalendar()
PLAIN = WorkCalendar(country="")
SEPTEMBER = date(2024, 9, 2)  # a Monday


def span(first: date, days: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(days)]


def test_kinds_of_day_around_the_national_holiday_of_2024():
    days = span(date(2024, 9, 27), 18)  # Friday 27 September to Monday 14 October
    kinds = day_kinds(days, CHINA, DayRule())
    worked_sunday, worked_saturday = kinds[2], kinds[15]
    assert (worked_sunday, worked_saturday) == ("fri", "fri")
    assert kinds[4:11] == ["holiday"] * 7
    assert kinds[:4] == ["fri", "sat", "fri", "mon"]


def test_too_few_holidays_count_as_sundays():
    days = span(date(2024, 9, 9), 14)  # 中秋 15–17 September
    assert "holiday" in day_kinds(days, CHINA, DayRule())
    kinds = day_kinds(days, CHINA, DayRule(least_holidays=4))
    assert kinds[6:9] == ["sun", "sun", "sun"]


def expected_counts(days, level, effect, calendar):
    kinds = day_kinds(days, calendar, DayRule())
    return np.array([level(day) * effect.get(kind, 1.0) for day, kind in zip(days, kinds)])  # noqa: B905


def test_effects_are_recovered_exactly_from_counts_without_noise():
    days = span(SEPTEMBER, 70)
    windows = {"before": days[:30], "after": days[30:]}
    effect = {"tue": 0.5, "sat": 2.0, "holiday": 3.0}
    counts = expected_counts(days, lambda d: 100 if d in windows["before"] else 300, effect, CHINA)
    daily = pl.DataFrame({"day": days, "cases": counts.astype(int)})
    found = day_weights(daily, windows, CHINA)
    kinds = dict(found.kinds.select("kind", "effect").iter_rows())
    for kind, times in {"tue": 0.5, "sat": 2.0, "holiday": 3.0, "thu": 1.0}.items():
        assert kinds[kind] / kinds["mon"] == pytest.approx(times, rel=1e-6)
    assert found.days["weight"].mean() == pytest.approx(1.0)
    assert found.kinds["cases"].sum() == counts.sum()


def test_the_fit_is_the_maximum_of_the_poisson_likelihood():
    random = np.random.default_rng(3)
    days = span(SEPTEMBER, 63)
    windows = {"a": days[:25], "b": days[25:]}
    daily = pl.DataFrame({"day": days, "cases": random.poisson(20, 63)})
    found = day_weights(daily, windows, PLAIN)
    weight = found.days["weight"].to_numpy()
    counts = daily["cases"].to_numpy()
    kind = np.array([day.weekday() for day in days])
    phase = np.array([0] * 25 + [1] * 38)
    level = np.array([counts[phase == p].sum() / weight[phase == p].sum() for p in (0, 1)])
    mean = level[phase] * weight
    # the score of every parameter is zero: fitted totals are the observed ones
    for rows in [kind == k for k in range(7)] + [phase == p for p in (0, 1)]:
        assert mean[rows].sum() == pytest.approx(counts[rows].sum(), rel=1e-9)


def test_too_few_weeks_are_said_to_be_too_few():
    days = span(SEPTEMBER, 20)
    daily = pl.DataFrame({"day": days, "cases": [5] * 20})
    found = day_weights(daily, {"a": days}, PLAIN)
    assert isinstance(found, Withheld)
    assert found.reason is Reason.TOO_SHORT
    assert found.known == {"days": 20, "fewest_of_a_weekday": 2, "needed": 4}
    assert day_weights(daily.clear(), {"a": []}, PLAIN).reason is Reason.TOO_SHORT


def test_phases_that_share_no_kind_of_day_cannot_be_told_apart():
    days = span(SEPTEMBER, 56)
    windows = {
        "weekdays": [day for day in days if day.weekday() < 5],
        "weekends": [day for day in days if day.weekday() >= 5],
    }
    daily = pl.DataFrame({"day": days, "cases": [5] * 56})
    assert day_weights(daily, windows, PLAIN).reason is Reason.TOO_SHORT


def test_nothing_reported_has_no_weights():
    days = span(SEPTEMBER, 35)
    daily = pl.DataFrame({"day": days, "cases": [0] * 35})
    assert day_weights(daily, {"a": days}, PLAIN).reason is Reason.NO_CASES
