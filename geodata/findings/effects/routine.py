"""When in the week and the day cases are reported, and what a fixed routine changed (S15).

Fixed weekdays such as 除癣日, and staggered shifts 错时上班.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.baseline import Baseline, estimate_baseline
from geodata.analysis.day_kinds import weekdays_of
from geodata.analysis.facts import Keep
from geodata.analysis.false_discovery import adjusted
from geodata.analysis.reasons import Reason
from geodata.analysis.routines import ShareChange, hour_profile, share_change, weekday_effect
from geodata.domain.period import Period
from geodata.domain.selection import Selection
from geodata.findings.periods import timeless
from geodata.findings.source import Source

Days = npt.NDArray[np.datetime64]
Integers = npt.NDArray[np.int64]

_WEEK: Final = 7
_HOURS: Final = 24


@dataclass(frozen=True, kw_only=True)
class Routine:
    """Habits of the week and the day.

    Attributes
    ----------
    habit
        How busy each weekday and holiday is over the whole record, the level apart.
    weekdays
        One row per weekday, Monday = 1: ``weekday``, ``cases_before``, ``cases_after``,
        ``share_before``, ``share_after`` (of the week's reports), ``ratio`` (that weekday against
        the other days, after ÷ before), ``low``, ``high``, ``p``, ``q`` (adjusted for seven
        weekdays), ``undecided``; holidays and market days taken out.
    hours
        24 rows: ``hour``, ``before``, ``after`` (shares of the day's reports, 0 throughout where
        there is none), ``working`` (lies in working hours).
    out_of_hours
        Change of the share reported outside working hours; of one that was restricted to or
        from them it says nothing.
    """

    before: Period | None
    after: Period | None
    habit: Baseline
    weekdays: pl.DataFrame
    hours: pl.DataFrame
    out_of_hours: ShareChange

    @property
    def busiest(self) -> tuple[int, float, float, float] | None:
        """Weekday (Monday = 1) most above the others with factor, low, high; None if none is."""
        if self.habit.undecided is not None:
            return None
        table = self.habit.factors.head(_WEEK).with_row_index("weekday", offset=1)
        above = table.filter(pl.col("low") > 1).sort("factor", descending=True)
        if above.is_empty():
            return None
        number, factor, low, high = above.select("weekday", "factor", "low", "high").row(0)
        return int(number), float(factor), float(low), float(high)


def routine(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    before: Period | None,
    after: Period | None,
) -> Routine:
    """Describe the week and the day of a selection, before and after.

    The selection's own period is left aside; its ``hours`` too, so that in and out of working
    hours can be told apart.
    """
    base = timeless(selection)
    return source.remember(
        ("routine", base, before, after), lambda: _routine(source, base, before, after)
    )


def _routine(
    source: Source, base: Selection, before: Period | None, after: Period | None
) -> Routine:
    keep = source.keep(base)
    days = _days(source)
    counts, outside = _daily(source, keep)
    flags = (_within(days, before), _within(days, after))
    habit = estimate_baseline(days, counts.astype(np.float64), calendar=source.city.calendar)
    return Routine(
        before=before,
        after=after,
        habit=habit,
        weekdays=_weekdays(days, counts, flags, habit.besides_weekday()),
        hours=_hours(source, keep, flags, days),
        out_of_hours=share_change(outside, counts, *flags),
    )


def _days(source: Source) -> Days:
    first, last = source.facts.first_day, source.facts.last_day
    return np.arange(first.isoformat(), np.datetime64(last) + 1, dtype="datetime64[D]")


def _within(days: Days, period: Period | None) -> npt.NDArray[np.bool_]:
    if period is None:
        return np.zeros(len(days), dtype=bool)
    found: npt.NDArray[np.bool_] = (days >= np.datetime64(period.from_on)) & (
        days <= np.datetime64(period.until_on)
    )
    return found


def _daily(source: Source, keep: Keep) -> tuple[Integers, Integers]:
    """Cases of each day of the record, and those of them out of working hours."""
    frame = source.facts.frame
    begin = (source.facts.first_day - date(1970, 1, 1)).days
    day = frame["reported_on"].to_physical().to_numpy().astype(np.int64) - begin
    length = (source.facts.last_day - source.facts.first_day).days + 1
    outside = keep & ~frame["in_hours"].to_numpy()
    counts, late = (np.bincount(day[rows], minlength=length) for rows in (keep, outside))
    return counts, late


def _weekdays(
    days: Days,
    counts: Integers,
    flags: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    usual: npt.NDArray[np.float64],
) -> pl.DataFrame:
    table = pl.DataFrame(list(_weekday_rows(days, counts, flags, usual)), schema=_WEEKDAYS)
    told = table["p"].is_not_null().to_numpy()
    q = np.full(len(table), np.nan)
    q[told] = adjusted(table["p"].to_numpy()[told]) if told.any() else q[told]
    return table.with_columns(q=pl.Series(q).fill_nan(None))


_WEEKDAYS: Final = pl.Schema(
    {
        "weekday": pl.Int64, "cases_before": pl.Int64, "cases_after": pl.Int64,
        "share_before": pl.Float64, "share_after": pl.Float64, "ratio": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "p": pl.Float64, "undecided": pl.String,
    }
)  # fmt: skip


def _weekday_rows(
    days: Days,
    counts: Integers,
    flags: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    usual: npt.NDArray[np.float64],
) -> Iterator[dict[str, object]]:
    of_week = weekdays_of(days)
    totals = [int(counts[flag].sum()) for flag in flags]
    for number in range(_WEEK):
        cases = [int(counts[flag & (of_week == number)].sum()) for flag in flags]
        shares = [n / whole if whole else None for n, whole in zip(cases, totals, strict=True)]
        found = weekday_effect(days, counts, number, *flags, usual=usual) if len(days) else None
        told = found is not None and found.undecided is None
        yield {
            "weekday": number + 1,
            "cases_before": cases[0], "cases_after": cases[1],
            "share_before": shares[0], "share_after": shares[1],
            "ratio": found.ratio if told and found else None,
            "low": found.low if told and found else None,
            "high": found.high if told and found else None,
            "p": found.p if told and found else None,
            "undecided": None if told else (found.undecided if found else Reason.NO_CASES),
        }  # fmt: skip


def _hours(
    source: Source,
    keep: Keep,
    flags: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    days: Days,
) -> pl.DataFrame:
    on = source.facts.frame["reported_on"].to_numpy().astype("datetime64[D]")
    shares = []
    for flag in flags:
        held = keep & np.isin(on, days[flag])
        by_hour = hour_profile(source.facts, held)["share"].to_numpy().reshape(_WEEK, _HOURS)
        shares.append(by_hour.sum(axis=0))
    spans = source.city.calendar.working_hours
    working = [
        any(begin.hour <= hour < max(end.hour, begin.hour + 1) for begin, end in spans)
        for hour in range(_HOURS)
    ]
    return pl.DataFrame(
        {"hour": range(_HOURS), "before": shares[0], "after": shares[1], "working": working}
    )
