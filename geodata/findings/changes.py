"""Did an indicator change since the period before, by more than chance would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl

from geodata.analysis.answers import Answer, Scope, Value, Withheld, instant
from geodata.analysis.false_discovery import Reals
from geodata.analysis.intervals import dispersion_of, rate_ratios, share_difference_limits
from geodata.analysis.reasons import Reason
from geodata.findings.judging.indicators import IndicatorSet

Direction = Literal["up", "down", "flat"]
Verdict = Literal["better", "worse", "same", "none"]

GOOD_END: Final = {
    "on_time_rate": "up",
    "closure_rate": "up",
    "dispatch_accuracy": "up",
    "return_rate": "down",
    "repeat_rate": "down",
}
"""Which way each rate should go; what is not listed carries no verdict (受理 is no fault)."""

DATED_BY: Final = {
    "reported": "reported_at",
    "filed": "filed_at",
    "dispatched": "dispatched_at",
    "handled": "handled_at",
    "due": "due_at",
    "closed_in_period": "closed_at",
}
"""Counts of events, and when each case's happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An indicator now and before.

    Attributes
    ----------
    kind
        ``points``: difference of two shares; ``per_day``: ratio of two counts per day;
        ``plain``: difference of two numbers, not tested.
    size, lower, upper
        The difference or ratio with its interval (None: not tested, or no end).
    certain
        Whether the interval leaves "no change" out.
    now_per_day, before_per_day
        Counts per covered day, where ``kind`` is ``per_day``.
    verdict
        ``same``: within normal fluctuation; ``none``: this number is neither good nor bad.
    """

    formula: str
    now: Value
    before: Value
    kind: Literal["points", "per_day", "plain"]
    size: float
    lower: float | None
    upper: float | None
    certain: bool
    direction: Direction
    verdict: Verdict
    now_per_day: float | None = None
    before_per_day: float | None = None


def change_of(found: IndicatorSet, formula: str, cases: pl.DataFrame) -> Change | Withheld:
    """Compare one indicator with the period before.

    Parameters
    ----------
    cases
        `findings.indicators.lifecycles` of the same selection: counts are compared by how much
        they vary from day to day.
    """
    now, before = found.answer(formula), found.answer_before(formula)
    if isinstance(now, Withheld):
        return now
    if isinstance(before, Withheld):
        return before
    if now.unit == "share":
        return share_change(now, before)
    if formula in DATED_BY:
        return _of_counts(now, before, found, cases)
    return _plain(now, before)


def share_change(now: Answer, before: Answer) -> Change | Withheld:
    """Compare two shares: the difference in points, with its interval."""
    if isinstance(now, Withheld):
        return now
    if isinstance(before, Withheld):
        return before
    lower, upper = share_difference_limits(
        before.numerator, before.denominator or 0, now.numerator, now.denominator or 0
    )
    size = now.value - before.value
    certain = lower > 0 or upper < 0
    return Change(
        formula=now.formula, now=now, before=before, kind="points", size=size,
        lower=lower, upper=upper, certain=certain, direction=_direction(size),
        verdict=verdict_of(now.formula, size, certain=certain),
    )  # fmt: skip


def verdict_of(formula: str, size: float, *, certain: bool) -> Verdict:
    """Better, worse, or the same as far as one can tell; none for counts."""
    good = GOOD_END.get(formula)
    if good is None:
        return "none"
    if not certain or size == 0:
        return "same"
    return "better" if _direction(size) == good else "worse"


def _direction(size: float) -> Direction:
    return "flat" if size == 0 else "up" if size > 0 else "down"


def _of_counts(
    now: Value, before: Value, found: IndicatorSet, cases: pl.DataFrame
) -> Change | Withheld:
    if not found.days or not found.before_days or found.before_scope is None:
        return Withheld(formula=now.formula, reason=Reason.NO_EXPOSURE, scope=found.scope)
    column = DATED_BY[now.formula]
    daily = [
        _daily(cases, column, scope, days)
        for scope, days in (
            (found.before_scope, found.before_days), (found.scope, found.days)
        )
    ]  # fmt: skip
    means = [np.full(len(one), one.mean()) for one in daily]
    scatter = dispersion_of(np.concatenate(daily), np.concatenate(means), parameters=2)
    ratio = rate_ratios(before.value, found.before_days, now.value, found.days, dispersion=scatter)
    if before.value == 0:
        reason = Reason.FIRST_ZERO if now.value else Reason.BOTH_ZERO
        return Withheld(formula=now.formula, reason=reason, scope=found.scope)
    size, lower, upper = float(ratio.ratio), float(ratio.lower), float(ratio.upper)
    return Change(
        formula=now.formula, now=now, before=before, kind="per_day", size=size, lower=lower,
        upper=upper if np.isfinite(upper) else None, certain=lower > 1 or upper < 1,
        direction=_direction(size - 1), verdict="none",
        now_per_day=now.value / found.days, before_per_day=before.value / found.before_days,
    )  # fmt: skip


def _daily(cases: pl.DataFrame, column: str, scope: Scope, days: int) -> Reals:
    """Events of each covered day of a scope, the last days of it where the record began late."""
    at = pl.col(column)
    held = scope.leaves(cases).filter(at < instant(scope.end_at), at >= instant(scope.from_at))
    back = held.select(((instant(scope.end_at) - at).dt.total_microseconds() - 1) // 86_400_000_000)
    counted = np.bincount(back.to_series().to_numpy(), minlength=days)[:days]
    return counted.astype(np.float64)


def _plain(now: Value, before: Value) -> Change:
    size = now.value - before.value
    return Change(
        formula=now.formula, now=now, before=before, kind="plain", size=size, lower=None,
        upper=None, certain=False, direction=_direction(size), verdict="none",
    )  # fmt: skip
