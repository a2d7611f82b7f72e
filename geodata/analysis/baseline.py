"""What the calendar alone does to the counts: weekdays, holidays, market days.

One Poisson regression over days: a smooth level (one step per ``level_days``) times a factor per
weekday, for holidays, for weekends worked instead 调休, and for any flagged days such as market
days. The factors are pulled towards 1 unless the days speak clearly (ridge), and a factor seen on
too few days is not estimated at all, which the result says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

from geodata.analysis.poisson import PoissonFit, fit_poisson
from geodata.analysis.reasons import Reason
from geodata.domain.calendar import WorkCalendar

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip

_FEWEST_WEEKS_DF: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRule:
    """When calendar effects can be estimated. Change the rule here, never in a page.

    Attributes
    ----------
    fewest_days
        Below this no effect is estimated: four full weeks.
    fewest_of_kind
        Days of a kind needed for its factor, and days not of that kind.
    level_days
        The level may change once in so many days.
    ridge
        Penalty on the square of a log factor (÷ 2): 1 is a prior standard deviation of 1.
    """

    fewest_days: int = 28
    fewest_of_kind: int = 3
    level_days: int = 28
    ridge: float = 1.0
    source: str = "assumed; a factor beyond ×÷2.7 (one prior deviation) needs clear data"


DEFAULT_RULE: Final = BaselineRule()


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """How busy each kind of day is, the level of the time apart.

    Attributes
    ----------
    factors
        ``code`` (weekday, ``holiday``, ``worked_weekend`` or a flag's name), ``days`` of that
        kind, ``factor``, ``low``, ``high`` (weekdays: relative to the mean weekday; the others:
        relative to the same weekday otherwise), ``undecided`` (why the factor is 1 and its
        interval null, or null).
    by_day
        Combined factor of each day, in the order given; mean not forced to 1.
    dispersion
        How much more days vary than a Poisson count would.
    undecided
        Why no factor was estimated (all are then 1), or None.
    """

    factors: pl.DataFrame
    by_day: Reals
    dispersion: float
    confidence: float
    rule: BaselineRule
    undecided: Reason | None

    def factor(self, code: str) -> float:
        """Return the factor of a kind of day, 1.0 for a kind that is not listed."""
        found = self.factors.filter(pl.col("code") == code)["factor"]
        return float(found[0]) if len(found) else 1.0

    def usual_days(self, chosen: Flags) -> float:
        """Length of some of the days in days of average busyness: what to divide counts by."""
        return float(self.by_day[chosen].sum() / self.by_day.mean()) if chosen.any() else 0.0


def day_flags(days: Days, calendar: WorkCalendar) -> dict[str, Flags]:
    """Which days are holidays (weekdays not worked) and weekends worked instead 调休."""
    worked = calendar.is_workday_many(days)
    weekend = _weekday(days) >= 5  # noqa: PLR2004 - Saturday, Sunday
    return {"holiday": ~worked & ~weekend, "worked_weekend": worked & weekend}


def estimate_baseline(
    days: Days,
    counts: Reals,
    flags: Mapping[str, Flags] | None = None,
    *,
    rule: BaselineRule = DEFAULT_RULE,
    confidence: float = 0.95,
) -> Baseline:
    """Estimate how busy each kind of day is.

    Parameters
    ----------
    days
        ``datetime64[D]``, consecutive or not, distinct.
    counts
        Cases reported on each day, zeros included.
    flags
        Further kinds of day, such as `day_flags` and market days.

    Raises
    ------
    ValueError
        A column has another length than ``days``.
    """
    kinds = {**(flags or {})}
    for name, column in {"counts": counts, **kinds}.items():
        if len(column) != len(days):
            raise ValueError(f"{name} has {len(column)} rows but there are {len(days)} days")
    reason = _cannot_tell(days, counts, rule)
    if reason is not None:
        return _flat(days, kinds, rule, confidence, reason)
    usable = {name: flag for name, flag in kinds.items() if _enough(flag, rule)}
    fit = _fit(days, counts, usable, rule)
    return _answer(days, kinds, np.asarray(counts, float), fit, rule=rule, confidence=confidence)


def _weekday(days: Days) -> npt.NDArray[np.int64]:
    """Monday = 0."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def _enough(flag: Flags, rule: BaselineRule) -> bool:
    return bool(rule.fewest_of_kind <= flag.sum() <= len(flag) - rule.fewest_of_kind)


def _cannot_tell(days: Days, counts: Reals, rule: BaselineRule) -> Reason | None:
    if len(days) < rule.fewest_days:
        return Reason.TOO_SHORT
    if not np.asarray(counts).any():
        return Reason.NO_CASES
    per_weekday = np.bincount(_weekday(days), minlength=7)
    return Reason.TOO_FEW_DAYS_OF_KIND if per_weekday.min() < rule.fewest_of_kind else None


def _fit(days: Days, counts: Reals, flags: Mapping[str, Flags], rule: BaselineRule) -> PoissonFit:
    """Weekday columns first (pulled to a common mean by the ridge), then flags, then levels."""
    weekday = np.eye(7)[_weekday(days)]
    flagged = np.column_stack(
        [np.zeros((len(days), 0)), *(f.astype(float) for f in flags.values())]
    )
    levels = _levels(days, rule)
    design = np.hstack([weekday, flagged, levels])
    penalty = np.zeros(design.shape[1])
    penalty[: 7 + len(flags)] = rule.ridge
    return fit_poisson(design, np.asarray(counts, float), ridge=penalty)


def _levels(days: Days, rule: BaselineRule) -> Reals:
    """Piecewise linear level with a knot every ``level_days``."""
    since = (days - days.min()).astype(float)
    pieces = max(int(np.ceil((since.max() + 1) / rule.level_days)), 1)
    at = since / max(since.max(), 1.0) * pieces
    weights: Reals = np.maximum(0.0, 1.0 - np.abs(at[:, None] - np.arange(pieces + 1)[None, :]))
    return weights


def _answer(
    days: Days,
    kinds: Mapping[str, Flags],
    counts: Reals,
    fit: PoissonFit,
    *,
    rule: BaselineRule,
    confidence: float,
) -> Baseline:
    usable = {name: flag for name, flag in kinds.items() if _enough(flag, rule)}
    centre = np.zeros((7 + len(usable), len(fit.coefficients)))
    centre[:7, :7] = np.eye(7) - 1 / 7
    centre[7:, 7 : 7 + len(usable)] = np.eye(len(usable))
    logs = centre @ fit.coefficients
    errors = np.sqrt(np.diag(centre @ fit.covariance @ centre.T))
    errors[7:] *= np.sqrt(_spells(days, counts, fit))
    width = errors * float(stats.norm.ppf(0.5 + confidence / 2))
    estimated = dict(
        zip(
            (*WEEKDAYS, *usable), np.exp([logs, logs - width, logs + width]).T.tolist(), strict=True
        )
    )
    by_day = np.exp(logs[:7])[_weekday(days)]
    for log, flag in zip(logs[7:], usable.values(), strict=True):
        by_day = by_day * np.exp(log * flag)
    return Baseline(
        factors=_factors(days, kinds, estimated, Reason.TOO_FEW_DAYS_OF_KIND),
        by_day=by_day,
        dispersion=fit.dispersion,
        confidence=confidence,
        rule=rule,
        undecided=None,
    )


def _spells(days: Days, counts: Reals, fit: PoissonFit) -> float:
    """How many times more whole weeks vary than single days do, at least 1.

    Holidays come in a row: if reports come in spells of a week, seven days are less than seven
    observations. Weekdays are compared within weeks, where spells cancel.
    """
    week = (days - days.min()).astype(np.int64) // 7
    seen, expected = (np.bincount(week, weights=part) for part in (counts, fit.fitted))
    df = len(seen) - len(fit.coefficients) + 7
    if df < _FEWEST_WEEKS_DF:
        return 1.0
    weekly = float(((seen - expected) ** 2 / np.maximum(expected, 1e-12)).sum()) / df
    return max(weekly / fit.dispersion, 1.0)


def _factors(
    days: Days,
    kinds: Mapping[str, Flags],
    estimated: Mapping[str, list[float]],
    otherwise: Reason,
) -> pl.DataFrame:
    weekday = _weekday(days)
    counts = {name: int((weekday == nth).sum()) for nth, name in enumerate(WEEKDAYS)}
    counts |= {name: int(flag.sum()) for name, flag in kinds.items()}
    unknown = [1.0, None, None]
    rows = [
        (code, many, *estimated.get(code, unknown), None if code in estimated else str(otherwise))
        for code, many in counts.items()
    ]
    schema = {
        "code": pl.String, "days": pl.Int64, "factor": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "undecided": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _flat(
    days: Days,
    kinds: Mapping[str, Flags],
    rule: BaselineRule,
    confidence: float,
    reason: Reason,
) -> Baseline:
    return Baseline(
        factors=_factors(days, kinds, {}, reason),
        by_day=np.ones(len(days)),
        dispersion=1.0,
        confidence=confidence,
        rule=rule,
        undecided=reason,
    )
