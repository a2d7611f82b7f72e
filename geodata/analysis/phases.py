"""The campaign as an axis: day N of M, and one phase against another, per day and per km.

A phase's days are those the data cover: a phase that has just begun is compared by its days so
far. Daily counts come in bursts, so every interval is widened by how much more than Poisson
they vary about their phase's level (`intervals.dispersion_of`, on days and on weeks, the larger).
Where day effects are given, a phase's exposure is the sum of its days' weights, so that a week of
holidays or a month with more market days is not taken for a change; how unsure the effects are
themselves widens the interval of a ratio (delta method: variance of the log of the exposures).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl

from geodata.analysis.baseline import Baseline
from geodata.analysis.facts import phase_days
from geodata.analysis.intervals import LEVEL, dispersion_of, rate_limits, rate_ratios
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import AFTER, BEFORE, BETWEEN, Campaign

Windows = Mapping[str, Sequence[date]]
"""Phase value → its days the data cover, in order of time."""

_WEEK: Final = 7
_LEAST_WEEKS: Final = 6
"""Free weeks needed before weekly bursts are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDay:
    """Where a day lies in the campaign 第 N 天.

    ``day`` and ``phase_day`` count from 1; None outside the campaign (or in a gap).
    """

    value: str
    day: int | None
    days: int
    phase_day: int | None = None
    phase_days: int | None = None


def campaign_day(campaign: Campaign, on: date, office: str | None = None) -> CampaignDay:
    """Day N of M of the campaign, and of its phase, by the office's own dates if it has them."""
    phases = campaign.phases_of(office)
    first, last = phases[0].from_on, phases[-1].until_on
    inside = first <= on <= last
    phase = next((one for one in phases if one.from_on <= on <= one.until_on), None)
    return CampaignDay(
        value=campaign.phase_on(on, office),
        day=(on - first).days + 1 if inside else None,
        days=(last - first).days + 1,
        phase_day=(on - phase.from_on).days + 1 if phase else None,
        phase_days=phase.days if phase else None,
    )


def phase_windows(
    campaign: Campaign, *, first: date, last: date, office: str | None = None
) -> dict[str, list[date]]:
    """Days of every phase value between the first and last day of the data, both included.

    Every value of the campaign has an entry; one without days is empty. Each day is in exactly
    one.
    """
    windows: dict[str, list[date]] = {value: [] for value in campaign.values}
    for i, value in enumerate(phase_days(campaign, office, first, last)):
        windows[value].append(date.fromordinal(first.toordinal() + i))
    return windows


def phase_table(
    daily: pl.DataFrame,
    windows: Windows,
    *,
    planned_days: Mapping[str, int] | None = None,
    km: float | None = None,
    effects: Baseline | None = None,
    level: float = LEVEL,
) -> pl.DataFrame:
    """Compute the rate of every phase, per day and per km, with intervals.

    Parameters
    ----------
    daily
        ``day`` and ``cases``, every day of the windows, zeros included.
    planned_days
        How long each phase is meant to last; shows which are not over.
    km
        Length of the streets counted on.
    effects
        `baseline.day_effects` of these days; every day counts 1 without.

    Returns
    -------
    polars.DataFrame
        One row per window, in order: ``phase``, ``days``, ``planned_days``, ``exposure_days``
        (sum of weights), ``cases``, ``per_day``, ``lower``, ``upper``, ``per_km_day`` (null
        without km), ``per_km_day_lower``, ``per_km_day_upper``, ``dispersion``, ``level``,
        ``undecided`` (``empty_period`` where a phase has no day).

    Raises
    ------
    ValueError
        A day of the windows has no count, or no weight.
    """
    sums = _sums(daily, windows, effects)
    dispersion = daily_dispersion(daily, windows, effects)
    rows = [_row(one, dispersion, km, level) for one in sums]
    planned = planned_days or {}
    for row in rows:
        row["planned_days"] = planned.get(row["phase"])
    schema = pl.Schema({**_RATES, "level": pl.Float64, "undecided": pl.String})
    return pl.DataFrame(rows, schema=schema)


_RATES: Final[dict[str, Any]] = {
    "phase": pl.String, "days": pl.Int64, "planned_days": pl.Int64, "exposure_days": pl.Float64,
    "cases": pl.Int64, "per_day": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "per_km_day": pl.Float64, "per_km_day_lower": pl.Float64, "per_km_day_upper": pl.Float64,
    "dispersion": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sum:
    phase: str
    days: int
    exposure: float
    cases: int


def _sums(daily: pl.DataFrame, windows: Windows, effects: Baseline | None) -> list[_Sum]:
    counts = _by_day(daily, "cases", windows)
    weight = None if effects is None else _by_day(effects.weights, "weight", windows)
    return [
        _Sum(
            phase,
            len(days),
            float(len(days)) if weight is None else float(sum(weight[day] for day in days)),
            int(sum(counts[day] for day in days)),
        )
        for phase, days in windows.items()
    ]


def _by_day(table: pl.DataFrame, column: str, windows: Windows) -> dict[date, float]:
    """One number per day, for every day of the windows."""
    found: dict[date, float] = dict(table.select("day", column).iter_rows())
    absent = sorted({day for days in windows.values() for day in days} - set(found))
    if absent:
        raise ValueError(
            f"{column} lack {len(absent)} days of the windows, the first {absent[0]}; "
            "give every day, zeros included"
        )
    return found


def _row(one: _Sum, dispersion: float, km: float | None, level: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "phase": one.phase, "days": one.days, "exposure_days": one.exposure, "cases": one.cases,
        "dispersion": dispersion, "level": level,
    }  # fmt: skip
    if one.exposure <= 0:
        return row | {"undecided": Reason.EMPTY_PERIOD.value, "level": None}
    limits = rate_limits(one.cases, one.exposure, level, dispersion)
    found = {
        "per_day": one.cases / one.exposure,
        "lower": float(limits.lower),
        "upper": float(limits.upper),
    }
    if km:
        names = {"per_day": "per_km_day", "lower": "per_km_day_lower", "upper": "per_km_day_upper"}
        found |= {names[name]: value / km for name, value in found.items()}
    return row | found


def phase_ratios(
    daily: pl.DataFrame,
    windows: Windows,
    pairs: Sequence[tuple[str, str]] | None = None,
    *,
    effects: Baseline | None = None,
    level: float = LEVEL,
) -> pl.DataFrame:
    """How many times the first phase's daily rate the second one's is.

    Parameters
    ----------
    pairs
        Phases to compare, (first, second); each phase with the one before it when None
        (``before`` first, ``between`` and ``after`` left out where they have no day).

    Returns
    -------
    polars.DataFrame
        One row per pair: ``first``, ``second``, ``cases_first``, ``cases_second``,
        ``exposure_first``, ``exposure_second`` (days), ``ratio``, ``lower``, ``upper`` (null:
        no upper end), ``p`` (two-sided), ``dispersion``, ``level``, ``undecided``.

    Raises
    ------
    ValueError
        A pair names a phase that has no window.
    """
    sums = {one.phase: one for one in _sums(daily, windows, effects)}
    pairs = list(pairwise(_in_time(windows))) if pairs is None else pairs
    unknown = sorted({name for pair in pairs for name in pair} - set(sums))
    if unknown:
        raise ValueError(f"no window is called {', '.join(unknown)}; there are {', '.join(sums)}")
    dispersion = daily_dispersion(daily, windows, effects)
    rows = [
        _ratio(
            sums[first],
            sums[second],
            _with_effects(dispersion, sums[first], sums[second], windows, effects),
            level,
        )
        for first, second in pairs
    ]
    return pl.DataFrame(rows, schema=_RATIOS)


def _with_effects(
    dispersion: float, first: _Sum, second: _Sum, windows: Windows, effects: Baseline | None
) -> float:
    """Dispersion that also holds how unsure the ratio of the exposures is."""
    if effects is None or not first.cases or not second.cases:
        return dispersion
    of_first, of_second = (
        np.isin(effects.days, np.array(list(windows[one.phase]), dtype="datetime64[D]"))
        for one in (first, second)
    )
    counted = 1 / first.cases + 1 / second.cases
    return dispersion + effects.log_variance(of_first, of_second) / counted


_RATIOS: Final = pl.Schema(
    {
        "first": pl.String, "second": pl.String, "cases_first": pl.Int64,
        "cases_second": pl.Int64, "exposure_first": pl.Float64, "exposure_second": pl.Float64,
        "ratio": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "p": pl.Float64,
        "dispersion": pl.Float64, "level": pl.Float64, "undecided": pl.String,
    }
)  # fmt: skip


def _in_time(windows: Windows) -> list[str]:
    """Phases to put side by side: all of the plan, and what lies around it if it has days."""
    return [name for name, days in windows.items() if days or name not in (BEFORE, BETWEEN, AFTER)]


def _ratio(first: _Sum, second: _Sum, dispersion: float, level: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "first": first.phase, "second": second.phase, "cases_first": first.cases,
        "cases_second": second.cases, "exposure_first": first.exposure,
        "exposure_second": second.exposure, "dispersion": dispersion,
    }  # fmt: skip
    reason = _no_ratio(first, second)
    if reason in (Reason.EMPTY_PERIOD, Reason.BOTH_ZERO):
        return row | {"undecided": reason.value}
    found = rate_ratios(
        first.cases, first.exposure, second.cases, second.exposure,
        level=level, dispersion=dispersion,
    )  # fmt: skip
    row |= {"lower": float(found.lower), "p": float(found.p), "level": level}
    if reason is not None:
        return row | {"undecided": reason.value}
    return row | {"ratio": float(found.ratio), "upper": float(found.upper)}


def _no_ratio(first: _Sum, second: _Sum) -> Reason | None:
    if min(first.exposure, second.exposure) <= 0:
        return Reason.EMPTY_PERIOD
    if first.cases + second.cases == 0:
        return Reason.BOTH_ZERO
    return Reason.FIRST_ZERO if first.cases == 0 else None


def daily_dispersion(
    daily: pl.DataFrame, windows: Windows, effects: Baseline | None = None
) -> float:
    """How many times more than Poisson the counts vary within their phase; at least 1.

    The larger of the figure for days and, where there are weeks enough, for whole weeks:
    bursts that last several days only show in the latter.
    """
    counts = _by_day(daily, "cases", windows)
    weight = {} if effects is None else _by_day(effects.weights, "weight", windows)
    days: list[tuple[float, float]] = []
    weeks: list[tuple[float, float]] = []
    filled = [window for window in windows.values() if window]
    for window in filled:
        seen = np.array([counts[day] for day in window], dtype=float)
        share = np.array([weight.get(day, 1.0) for day in window])
        expected = share * seen.sum() / share.sum() if share.sum() > 0 else share
        days += zip(seen, expected, strict=True)
        for start in range(0, len(window) - _WEEK + 1, _WEEK):
            span = slice(start, start + _WEEK)
            weeks.append((float(seen[span].sum()), float(expected[span].sum())))
    found = [_dispersion(days, len(filled))]
    if len(weeks) - len(filled) >= _LEAST_WEEKS:
        found.append(_dispersion(weeks, len(filled)))
    return max(found)


def _dispersion(pairs: Sequence[tuple[float, float]], parameters: int) -> float:
    table = np.array(pairs, dtype=float).reshape(-1, 2)
    return dispersion_of(table[:, 0], table[:, 1], parameters)
