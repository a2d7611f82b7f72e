"""Did it come back? Closed cases paired with the next report of their kind at their place.

A report comes back on the nearest close-out before it, and a close-out is followed by the first
such report only: pairs are one to one, nothing is counted twice. Further reports made while that
one is open are duplicates, not rebounds. A reopened case 返工 is the same case, not a rebound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.close_outs import (
    DAY_S,
    CloseOuts,
    close_outs,
    nearest_before,
    next_after,
    usual_per_day,
)
from geodata.analysis.reasons import Reason
from geodata.analysis.survival import Survival, kaplan_meier

ENDS: Final = ("rebound", "superseded", "data_end")

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReboundRule:
    """What counts as a rebound. Change the rule here, never in a page.

    Attributes
    ----------
    within_days
        A report counts when it comes at most so long after close-out (and after it: with
        dates alone, from the next day on).
    kind
        ``category``: the same category; ``family``: any category of its family.
    place
        ``segment``: the same street segment; ``cells``: the same H3 cell at ``resolution``
        or one within ``rings`` of it.
    """

    within_days: int = 30
    kind: Literal["category", "family"] = "category"
    place: Literal["segment", "cells"] = "segment"
    resolution: int = 10
    rings: int = 1
    source: str = "assumed; to be confirmed by the command centre"


DEFAULT_RULE: Final = ReboundRule()


@dataclass(frozen=True, kw_only=True)
class FollowUps:
    """What happened after each close-out.

    Attributes
    ----------
    table
        One row per closed case with a place, in order of the cases given; the columns given,
        ``usual_per_day`` (other reports of its kind at its place per day of data),
        ``rebound_case`` (null: none so far), ``rebound_days`` (days to it, within the
        window or not), ``rebound`` (within ``rule.within_days``), ``followed`` (watched for
        the whole window), ``watched_days`` and ``ended_by``: how long the place stayed clear
        in sight of the data, until a ``rebound``, until a later close-out took its place
        (``superseded``), or until ``data_end``.
    end
        Last day, or the instant, up to which reports are known.
    unplaced
        Closed cases left out because they have no place.
    disordered
        Closed cases left out because they were closed before they were reported.
    undecided
        Why the table is empty, or None.
    """

    table: pl.DataFrame
    rule: ReboundRule
    end: date | datetime
    unplaced: int
    disordered: int
    undecided: Reason | None

    def survival(self) -> Survival:
        """Kaplan–Meier time to rebound of these close-outs (any window)."""
        seen = self.table.filter(pl.col("watched_days") > 0)
        return kaplan_meier(
            seen["watched_days"].to_numpy(), (seen["ended_by"] == "rebound").to_numpy()
        )

    def only(self, condition: pl.Expr) -> FollowUps:
        """Return those close-outs for which a condition on the table's columns holds."""
        table = self.table.filter(condition)
        empty = Reason.NO_CLOSED_CASES if table.is_empty() else None
        return FollowUps(
            table=table,
            rule=self.rule,
            end=self.end,
            unplaced=self.unplaced,
            disordered=self.disordered,
            undecided=self.undecided or empty,
        )


def follow_ups(
    cases: pl.DataFrame, end: date | datetime, rule: ReboundRule = DEFAULT_RULE
) -> FollowUps:
    """Tell for each closed case whether, and how soon, its kind was reported at its place again.

    Parameters
    ----------
    cases
        One row per case: ``case`` (any identifier), ``kind``, ``place`` (Int64: segment row or
        H3 cell at ``rule.resolution``; null or negative = no place), ``reported`` and
        ``closed`` (null while open), both Date in city time or both Datetime in UTC; further
        columns are carried along. See `rebound_cases` for frames from facts or the lake.
    end
        The last day the reports cover (with dates), or the instant (with instants). Close-outs
        after it are taken as open, reports after it are not looked at.

    Returns
    -------
    FollowUps
        Empty in, empty out, with the reason.

    Raises
    ------
    ValueError
        A column is missing, or ``end`` is a date where the cases carry instants (or the other
        way round).
    """
    _check(cases, end)
    found = close_outs(cases, _seconds_of(end))
    if rule.place == "cells":
        found = found.with_disks(rule.rings)
    table = _table(cases, found, _seconds_of(end), rule)
    return FollowUps(
        table=table,
        rule=rule,
        end=end,
        unplaced=found.unplaced,
        disordered=found.disordered,
        undecided=Reason.NO_CLOSED_CASES if table.is_empty() else None,
    )


def find_rebounds(
    cases: pl.DataFrame, end: date | datetime, rule: ReboundRule = DEFAULT_RULE
) -> pl.DataFrame:
    """Pair each closed case with the next report of its kind at its place.

    Returns
    -------
    polars.DataFrame
        One row per rebound: ``case`` (the closed one), ``rebound_case``, ``days``; in order of
        the cases given. Each case occurs at most once in either column. Empty in, empty out.
    """
    followed = follow_ups(cases, end, rule).table.filter(pl.col("rebound"))
    return followed.select("case", "rebound_case", days="rebound_days")


def _check(cases: pl.DataFrame, end: date | datetime) -> None:
    missing = {"case", "kind", "place", "reported", "closed"} - set(cases.columns)
    if missing:
        raise ValueError(f"the cases lack the columns {sorted(missing)}; see rebound_cases")
    instants = isinstance(end, datetime)
    wanted = pl.Datetime if instants else pl.Date
    wrong = [name for name in ("reported", "closed") if cases.schema[name] != wanted]
    if wrong:
        raise ValueError(
            f"{wrong[0]} is {cases.schema[wrong[0]]} but end is a {type(end).__name__}; give "
            "dates with a date, or instants with an instant"
        )


def _seconds_of(end: date | datetime) -> int:
    """Seconds since 1970; a day counts as its midnight, like the days of the cases."""
    if isinstance(end, datetime):
        return int(end.timestamp())
    return (end - date(1970, 1, 1)).days * DAY_S


def _table(cases: pl.DataFrame, found: CloseOuts, end_s: int, rule: ReboundRule) -> pl.DataFrame:
    """One row per close-out with what followed."""
    rebound_row, rebound_s = _first_report_after_each(found)
    superseded_s = next_after(found)
    paired = rebound_row >= 0
    until = np.minimum(np.where(paired, rebound_s, end_s), np.minimum(superseded_s, end_s))
    by_rebound = paired & (rebound_s <= superseded_s)
    ended = np.where(by_rebound, 0, np.where(superseded_s < end_s, 1, 2))
    days = (rebound_s - found.closed_s) / DAY_S
    order = np.argsort(found.closed_row, kind="stable")
    rows = pl.Series(rebound_row, dtype=pl.Int64)
    columns = {
        "usual_per_day": pl.Series(usual_per_day(found)),
        "rebound_case": cases["case"].gather(rows.set(rows < 0, None)),
        "rebound_days": pl.Series(np.where(paired, days, np.nan)).fill_nan(None),
        "rebound": pl.Series(paired & (days <= rule.within_days), dtype=pl.Boolean),
        "followed": pl.Series(end_s - found.closed_s >= rule.within_days * DAY_S, dtype=pl.Boolean),
        "watched_days": pl.Series((until - found.closed_s) / DAY_S),
        "ended_by": pl.Series([ENDS[code] for code in range(3)], dtype=pl.Enum(ENDS)).gather(
            pl.Series(ended, dtype=pl.UInt32)
        ),
    }
    after = pl.DataFrame(columns)[order]
    return pl.concat([cases[np.sort(found.closed_row)], after], how="horizontal")


def _first_report_after_each(found: CloseOuts) -> tuple[Integers, Integers]:
    """Row and time of the report that comes back on each close-out; −1 where none does."""
    close_out = nearest_before(found)
    paired = np.flatnonzero(close_out >= 0)
    order = paired[np.lexsort((found.report_row[paired], found.report_s[paired]))]
    row = np.full(len(found.closed_s), -1, dtype=np.int64)
    at = np.zeros(len(found.closed_s), dtype=np.int64)
    # Written from the latest to the earliest: the first report stays.
    row[close_out[order[::-1]]] = found.report_row[order[::-1]]
    at[close_out[order[::-1]]] = found.report_s[order[::-1]]
    return row, at
