"""Did the streets change, or the number of patrols (S11).

More patrols find more. Every indicator can leave the patrol channels out
(`Scope.without_channels`); this module says when that is called for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from geodata.analysis.answers import Scope, Value, Withheld, instant
from geodata.analysis.false_discovery import Reals
from geodata.analysis.intervals import (
    LEVEL,
    dispersion_of,
    rate_ratios,
    share_difference_limits,
    share_limits,
)
from geodata.analysis.reasons import Reason

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolRule:
    """When patrol effort is said to have changed.

    The share found by patrols must differ by at least ``least_difference`` and the interval of
    the difference must leave zero out: with many cases even a trifle is significant.
    """

    least_difference: float = 0.05
    level: float = LEVEL
    source: str = "assumed; to be confirmed by the command centre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Cases per day in two periods, and how many times the first the second is.

    ``ratio`` is None where nothing was reported in the first period; ``upper`` where the
    interval has no upper end.
    """

    first_per_day: float
    second_per_day: float
    ratio: float | None
    lower: float
    upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolShift:
    """How much of what was reported the city's own people found, in two periods.

    Attributes
    ----------
    first, second
        Share found by patrols, with its interval.
    difference, lower, upper
        Second share − first share.
    changed
        By the rule; then compare the periods without the patrol channels.
    by_patrols, by_others
        Cases per day from the patrol channels, and from all others.
    unknown_channel
        Cases of both periods whose channel is not known; counted with the others.
    dispersion
        How many times more than by chance the share varies from day to day: patrols come in
        bursts, and every interval here is widened by that.
    """

    first: Value
    second: Value
    difference: float
    lower: float
    upper: float
    changed: bool
    by_patrols: Change
    by_others: Change
    unknown_channel: int
    dispersion: float
    rule: PatrolRule


def patrol_shift(
    cases: pl.DataFrame,
    first: Scope,
    second: Scope,
    *,
    patrol: Collection[str],
    rule: PatrolRule | None = None,
) -> PatrolShift | Withheld:
    """Whether patrol effort changed between two periods.

    Parameters
    ----------
    cases
        ``reported_at`` and ``channel`` (null: not known).
    patrol
        Codes of the channels that are the city's own: patrol, undercover check, video …
    """
    rule = rule or PatrolRule()
    for scope in (first, second):
        if scope.undecided is not None:
            return Withheld(formula="patrol_share", reason=scope.undecided, scope=scope)
    periods = [_period(cases, scope, patrol) for scope in (first, second)]
    for one, scope in zip(periods, (first, second), strict=True):
        if one.whole == one.unknown:
            reason = Reason.NO_CASES if one.whole == 0 else Reason.NOT_RECORDED
            return Withheld(formula="patrol_share", reason=reason, scope=scope)
    return _shift(periods[0], periods[1], rule)


@dataclass(frozen=True)
class _Period:
    """One period's cases: totals, and by day (24 h from its beginning) found and others."""

    scope: Scope
    days: float
    whole: int
    found: int
    unknown: int
    daily_found: Reals
    daily_others: Reals


def _period(cases: pl.DataFrame, scope: Scope, patrol: Collection[str]) -> _Period:
    at = pl.col("reported_at")
    mine = cases.filter(at >= instant(scope.from_at), at < instant(scope.end_at)).select(
        patrol=pl.col("channel").cast(pl.String).is_in(list(patrol)).fill_null(value=False),
        unknown=pl.col("channel").is_null(),
        day=(at - instant(scope.from_at)).dt.total_days(),
    )
    days = (scope.end_at - scope.from_at).total_seconds() / _DAY_S
    found, whole_days = mine["patrol"].to_numpy(), int(days)
    by_day = [
        np.bincount(mine["day"].to_numpy()[flag], minlength=whole_days + 1)[:whole_days]
        for flag in (found, ~found)
    ]
    return _Period(
        scope=scope,
        days=days,
        whole=len(mine),
        found=int(found.sum()),
        unknown=int(mine["unknown"].sum()),
        daily_found=by_day[0].astype(np.float64),
        daily_others=by_day[1].astype(np.float64),
    )


def _shift(first: _Period, second: _Period, rule: PatrolRule) -> PatrolShift:
    scatter = _share_dispersion(first, second)
    lower, upper = share_difference_limits(
        first.found / scatter,
        first.whole / scatter,
        second.found / scatter,
        second.whole / scatter,
        rule.level,
    )
    difference = second.found / second.whole - first.found / first.whole
    sure = lower > 0 or upper < 0
    others = (first.whole - first.found, second.whole - second.found)
    return PatrolShift(
        first=_share(first, scatter, rule),
        second=_share(second, scatter, rule),
        difference=difference,
        lower=lower,
        upper=upper,
        changed=sure and abs(difference) >= rule.least_difference,
        by_patrols=_change(
            (first.found, second.found), (first.daily_found, second.daily_found),
            (first.days, second.days), rule,
        ),
        by_others=_change(
            others, (first.daily_others, second.daily_others), (first.days, second.days), rule
        ),
        unknown_channel=first.unknown + second.unknown,
        dispersion=scatter,
        rule=rule,
    )  # fmt: skip


def _share_dispersion(first: _Period, second: _Period) -> float:
    """How many times more than by chance the patrols' share varies from day to day; at least 1."""
    scatter, days = 0.0, 0
    for one in (first, second):
        share = one.found / one.whole
        whole = one.daily_found + one.daily_others
        variance = whole * share * (1 - share)
        some = variance > 0
        scatter += float(((one.daily_found - whole * share)[some] ** 2 / variance[some]).sum())
        days += max(int(some.sum()) - 1, 0)
    return max(scatter / days, 1.0) if days else 1.0


def _share(one: _Period, scatter: float, rule: PatrolRule) -> Value:
    limits = share_limits(one.found / scatter, one.whole / scatter, rule.level)
    return Value(
        formula="patrol_share",
        value=one.found / one.whole,
        unit="share",
        numerator=one.found,
        denominator=one.whole,
        n=one.whole,
        lower=float(limits.lower),
        upper=float(limits.upper),
        level=rule.level,
        scope=one.scope,
    )


def _change(
    counts: tuple[int, int],
    daily: tuple[Reals, Reals],
    days: tuple[float, float],
    rule: PatrolRule,
) -> Change:
    means = [np.full(len(one), one.mean() if len(one) else 0.0) for one in daily]
    scatter = dispersion_of(np.concatenate(daily), np.concatenate(means), parameters=2)
    found = rate_ratios(
        counts[0], days[0], counts[1], days[1], level=rule.level, dispersion=scatter
    )
    upper = float(found.upper)
    return Change(
        first_per_day=counts[0] / days[0],
        second_per_day=counts[1] / days[1],
        ratio=float(found.ratio) if counts[0] else None,
        lower=float(found.lower),
        upper=None if upper == float("inf") else upper,
    )
