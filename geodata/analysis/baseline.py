"""What the calendar alone does to the counts: weekdays, holidays, market days.

One Poisson regression over days: a level times a factor for the kind of day, times one for each
flag such as market days. A kind is a weekday or a holiday; a weekend worked instead 调休 counts as
a Friday. The level is smooth over time, or one for each stretch where stretches are compared. The
factors are pulled towards 1 unless the days speak clearly (ridge), and one seen on too few days is
not estimated at all, which the result says: such holidays count as Sundays, such flags as 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

from geodata.analysis.day_kinds import HOLIDAY, WEEKDAYS, DayKinds, day_kinds, weekdays_of
from geodata.analysis.poisson import PoissonFit, fit_poisson
from geodata.analysis.reasons import Reason
from geodata.analysis.spells import in_a_row, spells
from geodata.domain.calendar import WorkCalendar

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRule:
    """When calendar effects can be estimated. Change the rule here, never in a page.

    Attributes
    ----------
    fewest_days
        Below this no effect is estimated: four full weeks.
    fewest_of_kind
        Days of a kind needed for its factor, and days not of that kind beside them: in the same
        stretch, and for a flag on the same weekdays.
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


@dataclass(frozen=True, slots=True)
class _Model:
    """Factors as coefficients on the log scale, weekdays first.

    ``design`` days × coefficients, ``covariance`` of the coefficients.
    """

    design: Reals
    covariance: Reals


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """How busy each kind of day is, the level of the time apart.

    Attributes
    ----------
    days
        The days, in the order given.
    factors
        ``code`` (`WEEKDAYS`, then ``holiday``, ``market`` or another flag's name), ``days`` of
        that kind, ``factor``, ``low``, ``high`` (weekdays and holidays: relative to the mean
        weekday; flags: relative to the same kind of day otherwise), ``undecided`` (why the factor
        is 1 and its interval null, or null).
    by_day
        Combined factor of each day, in the order given; mean not forced to 1.
    dispersion
        How much more days vary than a Poisson count would.
    undecided
        Why no factor was estimated (all are then 1), or None.
    """

    days: Days
    factors: pl.DataFrame
    by_day: Reals
    dispersion: float
    confidence: float
    rule: BaselineRule
    undecided: Reason | None
    model: _Model

    @property
    def weights(self) -> pl.DataFrame:
        """``day`` and ``weight`` (1 = an average day of all given), in the order given."""
        weight = self.by_day / self.by_day.mean() if len(self.by_day) else self.by_day
        return pl.DataFrame(
            {"day": self.days.astype("datetime64[D]"), "weight": weight},
            schema={"day": pl.Date, "weight": pl.Float64},
        )

    def factor(self, code: str) -> float:
        """Return the factor of a kind of day, 1.0 for a kind that is not listed."""
        found = self.factors.filter(pl.col("code") == code)["factor"]
        return float(found[0]) if len(found) else 1.0

    def besides_weekday(self) -> Reals:
        """How busy each day is for reasons other than its weekday: holidays, market days."""
        weekday = self.factors["factor"].head(len(WEEKDAYS)).to_numpy()
        found: Reals = self.by_day / weekday[weekdays_of(self.days)]
        return found

    def usual_days(self, chosen: Flags) -> float:
        """Length of some of the days in days of average busyness: what to divide counts by."""
        return float(self.by_day[chosen].sum() / self.by_day.mean()) if chosen.any() else 0.0

    def log_variance(self, first: Flags, second: Flags) -> float:
        """Variance of log(usual days of the second ÷ of the first): how unsure the factors are.

        Zero where nothing was estimated, and where both stretches hold the same mix of days.
        """
        if self.undecided is not None or not first.any() or not second.any():
            return 0.0
        mixes = [
            np.average(self.model.design[chosen], axis=0, weights=self.by_day[chosen])
            for chosen in (first, second)
        ]
        apart = mixes[1] - mixes[0]
        return max(float(apart @ self.model.covariance @ apart), 0.0)


def day_effects(
    daily: pl.DataFrame,
    windows: Mapping[str, Sequence[date]],
    calendar: WorkCalendar,
    rule: BaselineRule = DEFAULT_RULE,
) -> Baseline:
    """Estimate how busy each kind of day is over stretches that are to be compared.

    Parameters
    ----------
    daily
        ``day`` and ``cases``, zeros included.
    windows
        The days of each stretch, such as the phases; each has a level of its own.
    """
    stretch_of = {day: number for number, days in enumerate(windows.values()) for day in days}
    held = daily.filter(pl.col("day").is_in(list(stretch_of))).sort("day")
    return estimate_baseline(
        held["day"].cast(pl.Date).to_numpy().astype("datetime64[D]"),
        held["cases"].cast(pl.Float64).to_numpy(),
        calendar=calendar,
        stretches=np.array([stretch_of[day] for day in held["day"]], dtype=np.int64),
        rule=rule,
    )


def estimate_baseline(
    days: Days,
    counts: Reals,
    flags: Mapping[str, Flags] | None = None,
    *,
    calendar: WorkCalendar | None = None,
    stretches: Integers | None = None,
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
        Further kinds of day, on top of the weekday.
    calendar
        Tells holidays, weekends worked instead and market days; weekdays only when None.
    stretches
        Number of the stretch each day lies in, with a level of its own; one smooth level when
        None.

    Raises
    ------
    ValueError
        A column has another length than ``days``.
    """
    for name, column in {"counts": counts, **(flags or {})}.items():
        if len(column) != len(days):
            raise ValueError(f"{name} has {len(column)} rows but there are {len(days)} days")
    stretch = np.zeros(len(days), np.int64) if stretches is None else stretches
    kinds = day_kinds(days, calendar, flags or {}, stretch, rule.fewest_of_kind)
    counts = np.asarray(counts, float)
    reason = _cannot_tell(kinds, counts, stretch, rule)
    if reason is not None:
        return _flat(days, kinds, rule, confidence, reason)
    levels = _smooth(days, rule) if stretches is None else _one_hot(stretch)
    fit = _fit(kinds, counts, levels, rule)
    return _answer(days, kinds, counts, fit, rule=rule, confidence=confidence)


def _cannot_tell(
    kinds: DayKinds, counts: Reals, stretch: Integers, rule: BaselineRule
) -> Reason | None:
    if len(counts) < rule.fewest_days or not _connected(kinds.of_day, stretch):
        return Reason.TOO_SHORT
    if not counts.any():
        return Reason.NO_CASES
    per_weekday = np.bincount(kinds.of_day, minlength=7)[:7]
    return Reason.TOO_FEW_DAYS_OF_KIND if per_weekday.min() < rule.fewest_of_kind else None


def _connected(kind: Integers, stretch: Integers) -> bool:
    """Whether kinds and stretches can be told apart: shared days link each to all others."""
    met = np.zeros((int(kind.max()) + 1, int(stretch.max()) + 1), dtype=bool)
    met[kind, stretch] = True
    met = met[:, met.any(axis=0)]
    reached = {0}
    for _ in range(sum(met.shape)):
        linked = met[:, sorted(reached)].any(axis=1)
        reached = set(np.flatnonzero(met[linked].any(axis=0)).tolist())
    return len(reached) == met.shape[1]


def _fit(kinds: DayKinds, counts: Reals, levels: Reals, rule: BaselineRule) -> PoissonFit:
    """Kinds first (pulled to a common mean by the ridge), then flags, then levels."""
    factors = kinds.design
    design = np.hstack([factors, levels])
    penalty = np.zeros(design.shape[1])
    penalty[: factors.shape[1]] = rule.ridge
    return fit_poisson(design, counts, ridge=penalty)


def _one_hot(stretch: Integers) -> Reals:
    numbers, row = np.unique(stretch, return_inverse=True)
    return np.asarray(np.eye(len(numbers))[row], np.float64)


def _smooth(days: Days, rule: BaselineRule) -> Reals:
    """Piecewise linear level with a knot every ``level_days``."""
    since = (days - days.min()).astype(float)
    pieces = max(int(np.ceil((since.max() + 1) / rule.level_days)), 1)
    at = since / max(since.max(), 1.0) * pieces
    weights: Reals = np.maximum(0.0, 1.0 - np.abs(at[:, None] - np.arange(pieces + 1)[None, :]))
    return weights


def _answer(
    days: Days,
    kinds: DayKinds,
    counts: Reals,
    fit: PoissonFit,
    *,
    rule: BaselineRule,
    confidence: float,
) -> Baseline:
    design, codes = kinds.design, kinds.codes
    centre = np.eye(len(codes), len(fit.coefficients))
    centre[: len(codes) - len(kinds.usable), :7] -= 1 / 7
    logs = centre @ fit.coefficients
    wider = np.sqrt(1 + (spells(days, counts, fit) - 1) * in_a_row(days, design))
    covariance = (centre @ fit.covariance @ centre.T) * np.outer(wider, wider)
    width = np.sqrt(np.diag(covariance)) * float(stats.norm.ppf(0.5 + confidence / 2))
    ends = np.exp([logs, logs - width, logs + width]).T.tolist()
    return Baseline(
        days=days,
        factors=_factors(kinds, dict(zip(codes, ends, strict=True)), kinds.left_out),
        by_day=np.exp(design @ logs),
        dispersion=fit.dispersion,
        confidence=confidence,
        rule=rule,
        undecided=None,
        model=_Model(design, covariance),
    )


def _factors(
    kinds: DayKinds, estimated: Mapping[str, list[float]], reasons: Mapping[str, Reason]
) -> pl.DataFrame:
    """One row per kind and flag, in order; holidays where the calendar has any."""
    held = {name: kinds.of_day == nth for nth, name in enumerate(WEEKDAYS)}
    if kinds.holidays is not None and kinds.holidays.any():
        held[HOLIDAY] = kinds.holidays
    rows: list[tuple[Any, ...]] = [
        (code, int(flag.sum()), *estimated.get(code, (1.0, None, None)), reasons.get(code))
        for code, flag in {**held, **kinds.flags}.items()
    ]
    schema = {
        "code": pl.String, "days": pl.Int64, "factor": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "undecided": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _flat(
    days: Days, kinds: DayKinds, rule: BaselineRule, confidence: float, reason: Reason
) -> Baseline:
    reasons = dict.fromkeys((*WEEKDAYS, HOLIDAY, *kinds.flags), reason)
    return Baseline(
        days=days,
        factors=_factors(kinds, {}, reasons),
        by_day=np.ones(len(days)),
        dispersion=1.0,
        confidence=confidence,
        rule=rule,
        undecided=reason,
        model=_Model(np.zeros((len(days), 0)), np.zeros((0, 0))),
    )
