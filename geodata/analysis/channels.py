"""Did the streets change, or the number of patrols (S11).

More patrols find more. Every indicator can leave the patrol channels out
(`Scope.without_channels`); this module says when that is called for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from geodata.analysis.answers import Reason, Scope, Value, Withheld
from geodata.analysis.intervals import LEVEL, rate_ratios, share_difference_limits, share_limits

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
    counts = [_counted(cases, scope, patrol) for scope in (first, second)]
    for (whole, _, unknown), scope in zip(counts, (first, second), strict=True):
        if whole == unknown:
            reason = Reason.NO_CASES if whole == 0 else Reason.NOT_RECORDED
            return Withheld(formula="patrol_share", reason=reason, scope=scope)
    (whole_a, found_a, unknown_a), (whole_b, found_b, unknown_b) = counts
    lower, upper = share_difference_limits(found_a, whole_a, found_b, whole_b, rule.level)
    difference = found_b / whole_b - found_a / whole_a
    sure = lower > 0 or upper < 0
    spans = _days(first), _days(second)
    return PatrolShift(
        first=_share(found_a, whole_a, first, rule),
        second=_share(found_b, whole_b, second, rule),
        difference=difference,
        lower=lower,
        upper=upper,
        changed=sure and abs(difference) >= rule.least_difference,
        by_patrols=_change((found_a, found_b), spans, rule),
        by_others=_change((whole_a - found_a, whole_b - found_b), spans, rule),
        unknown_channel=unknown_a + unknown_b,
        rule=rule,
    )


def _counted(cases: pl.DataFrame, scope: Scope, patrol: Collection[str]) -> tuple[int, int, int]:
    """Cases reported in the period, those found by patrols, and those of unknown channel."""
    at = pl.col("reported_at")
    mine = cases.filter(at >= pl.lit(scope.from_at), at < pl.lit(scope.end_at))
    channel = mine["channel"].cast(pl.String)
    return len(mine), int(channel.is_in(list(patrol)).sum()), channel.null_count()


def _days(scope: Scope) -> float:
    return (scope.end_at - scope.from_at).total_seconds() / _DAY_S


def _share(found: int, whole: int, scope: Scope, rule: PatrolRule) -> Value:
    limits = share_limits(found, whole, rule.level)
    return Value(
        formula="patrol_share",
        value=found / whole,
        unit="share",
        numerator=found,
        denominator=whole,
        n=whole,
        lower=float(limits.lower),
        upper=float(limits.upper),
        level=rule.level,
        scope=scope,
    )


def _change(counts: tuple[int, int], days: tuple[float, float], rule: PatrolRule) -> Change:
    found = rate_ratios(counts[0], days[0], counts[1], days[1], level=rule.level)
    upper = float(found.upper)
    return Change(
        first_per_day=counts[0] / days[0],
        second_per_day=counts[1] / days[1],
        ratio=float(found.ratio) if counts[0] else None,
        lower=float(found.lower),
        upper=None if upper == float("inf") else upper,
    )
