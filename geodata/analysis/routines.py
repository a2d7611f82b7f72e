"""Weekly days such as 除癣日 and staggered shifts 错时上班: what they change, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

from geodata.analysis.contrast import contrast
from geodata.analysis.day_kinds import weekdays_of
from geodata.analysis.facts import Facts, Keep
from geodata.analysis.reasons import Reason

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

FEWEST_WEEKS: Final = 3
"""Weeks with cases needed in each period."""

FEWEST_DAYS: Final = 7
"""Days with cases needed in each period for a change of shares."""


@dataclass(frozen=True, kw_only=True)
class WeekdayEffect:
    """What a fixed weekday changed: its reports relative to the other days, after ÷ before.

    ``share_before`` and ``share_after`` are the weekday's shares of all reports; 1/7 is an
    ordinary day. All None where ``undecided`` says why.
    """

    ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    share_before: float | None
    share_after: float | None
    weeks: int
    undecided: Reason | None


def weekday_effect(
    days: Days,
    counts: npt.NDArray[np.int64],
    weekday: int,
    before: Flags,
    after: Flags,
    *,
    usual: Reals | None = None,
    confidence: float = 0.95,
) -> WeekdayEffect:
    """Measure how a weekday's reports changed against the other days of the same weeks.

    Parameters
    ----------
    days
        ``datetime64[D]``, consecutive.
    weekday
        Monday = 0.
    before, after
        Flags per day.
    usual
        How busy each day is for reasons other than its weekday, holidays and market days
        (`baseline.Baseline.besides_weekday`); all alike when None.
    """
    busy = np.ones(len(days)) if usual is None else usual
    parts = [_by_week(days, counts, weekday, period, busy) for period in (before, after)]
    weeks = sum(len(part[0]) for part in parts)
    if not before.any() or not after.any():
        return _no_weekday(Reason.NO_DAYS, weeks)
    if min(len(part[0]) for part in parts) < FEWEST_WEEKS:
        return _no_weekday(Reason.TOO_SHORT, weeks)
    others, own = (np.concatenate([parts[0][i], parts[1][i]]) for i in (0, 1))
    of_after = np.arange(weeks) >= len(parts[0][0])
    found = contrast(others, own, of_after, confidence=confidence)
    is_it = weekdays_of(days) == weekday
    shares = [
        float(counts[period & is_it].sum() / max(counts[period].sum(), 1))
        for period in (before, after)
    ]
    return WeekdayEffect(
        ratio=found.ratio,
        low=found.low,
        high=found.high,
        p=found.p,
        share_before=shares[0],
        share_after=shares[1],
        weeks=weeks,
        undecided=None,
    )


def _by_week(
    days: Days, counts: npt.NDArray[np.int64], weekday: int, period: Flags, usual: Reals
) -> tuple[Reals, Reals]:
    """Reports on other days and on the weekday, for each week (from Monday) with any.

    Those on other days are brought to what they would be, had they been six days as busy as the
    weekday: a market held on it, or a holiday beside it, is then no change.
    """
    number = days.astype("datetime64[D]").astype(np.int64) + 3
    week = number // 7 - number.min() // 7
    is_it = weekdays_of(days) == weekday
    (others, own), (rest, mine) = (
        [
            np.bincount(week[chosen], weights=part[chosen], minlength=int(week[-1]) + 1)
            for chosen in (period & ~is_it, period & is_it)
        ]
        for part in (counts, usual)
    )
    some = (others + own > 0) & (rest > 0) & (mine > 0)
    alike = others[some] * 6 * mine[some] / rest[some]
    return alike, own[some].astype(np.float64)


def _no_weekday(reason: Reason, weeks: int) -> WeekdayEffect:
    return WeekdayEffect(
        ratio=None, low=None, high=None, p=None, share_before=None, share_after=None,
        weeks=weeks, undecided=reason,
    )  # fmt: skip


def hour_profile(facts: Facts, keep: Keep) -> pl.DataFrame:
    """Count kept cases by weekday and hour of report, city time.

    Returns
    -------
    polars.DataFrame
        168 rows: ``weekday`` (Monday = 1), ``hour`` (0 to 23), ``cases``, ``share`` of all
        (0.0 throughout without a case); in order.
    """
    weekday = facts.frame["reported_on"].dt.weekday().to_numpy()[keep].astype(np.int64)
    hour = facts.frame["hour"].to_numpy()[keep].astype(np.int64)
    counts = np.bincount((weekday - 1) * 24 + hour, minlength=168)
    return pl.DataFrame(
        {
            "weekday": np.repeat(np.arange(1, 8), 24),
            "hour": np.tile(np.arange(24), 7),
            "cases": counts,
            "share": counts / max(int(counts.sum()), 1),
        }
    )


@dataclass(frozen=True, kw_only=True)
class ShareChange:
    """Change of a share of the reports (after − before), such as those out of hours.

    The interval comes from how the share varies between days. All None where ``undecided``
    says why.
    """

    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    p: float | None
    days: int
    undecided: Reason | None


def share_change(
    counted: npt.NDArray[np.int64],
    total: npt.NDArray[np.int64],
    before: Flags,
    after: Flags,
    *,
    confidence: float = 0.95,
) -> ShareChange:
    """Measure how a share changed, e.g. of reports out of working hours.

    Parameters
    ----------
    counted, total
        Reports that count (say, out of hours) and all reports, per day.
    before, after
        Flags per day.
    """
    parts = [(counted[p & (total > 0)], total[p & (total > 0)]) for p in (before, after)]
    days = sum(len(part[0]) for part in parts)
    if not before.any() or not after.any():
        return _no_share(Reason.NO_DAYS, days)
    if min(len(part[0]) for part in parts) < FEWEST_DAYS:
        return _no_share(Reason.TOO_SHORT, days)
    shares = [float(seen.sum() / every.sum()) for seen, every in parts]
    variance = sum(
        _ratio_variance(seen, every, share)
        for (seen, every), share in zip(parts, shares, strict=True)
    )
    change, df = shares[1] - shares[0], days - 2
    error = float(np.sqrt(variance))
    width = error * float(stats.t.ppf(0.5 + confidence / 2, df))
    return ShareChange(
        before=shares[0],
        after=shares[1],
        change=change,
        low=max(change - width, -1.0),
        high=min(change + width, 1.0),
        p=float(2 * stats.t.sf(abs(change) / error, df)) if error > 0 else float(change == 0),
        days=days,
        undecided=None,
    )


def _ratio_variance(
    seen: npt.NDArray[np.int64], every: npt.NDArray[np.int64], share: float
) -> float:
    """Variance of Σseen ÷ Σevery over days (linearised ratio), never below the binomial one."""
    n = len(seen)
    between = float(((seen - share * every) ** 2).sum() * n / (n - 1) / every.sum() ** 2)
    return max(between, share * (1 - share) / float(every.sum()))


def _no_share(reason: Reason, days: int) -> ShareChange:
    return ShareChange(
        before=None, after=None, change=None, low=None, high=None, p=None,
        days=days, undecided=reason,
    )  # fmt: skip
