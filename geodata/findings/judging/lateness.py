"""How late is what is open: not due yet, about to be, overdue by days, by weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from geodata.analysis.ageing import open_at
from geodata.analysis.answers import instant
from geodata.analysis.groups import grouped
from geodata.domain.case import DueSoonRule


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRule:
    """Where one band of lateness ends and the next begins, in calendar days since the deadline."""

    edges_days: tuple[int, int, int] = (3, 7, 30)
    source: str = "assumed; to be confirmed by the command centre"


BANDS: Final = (
    "no_deadline", "not_due", "due_soon", "late_short", "late_medium", "late_long", "late_longest"
)  # fmt: skip
"""An open case lies in exactly one; the last four end at the rule's three edges."""

LATE: Final = BANDS[3:]


def late_bands(
    cases: pl.DataFrame,
    *,
    as_of: datetime,
    by: str | None = None,
    rule: LateRule | None = None,
    soon: DueSoonRule | None = None,
) -> pl.DataFrame:
    """How many open cases are how near to, or past, their deadline.

    Parameters
    ----------
    cases
        ``reported_at``, ``closed_at``, ``due_at`` (UTC), and ``by``.

    Returns
    -------
    polars.DataFrame
        One row per group with open cases (one row for all without ``by``): ``unit``, ``open``,
        ``overdue`` and each of `BANDS`, which sum to ``open``; most overdue first, then by
        name. Empty in, empty out.
    """
    groups = () if by is None else (by,)
    waiting = open_at(grouped(cases, groups), as_of)
    marked = waiting.select(
        unit=pl.lit("all") if by is None else pl.col(by),
        band=_band(as_of, rule or LateRule(), soon or DueSoonRule()),
    )
    counts = [(pl.col("band") == band).sum().cast(pl.Int64).alias(band) for band in BANDS]
    table = marked.group_by("unit").agg(pl.len().cast(pl.Int64).alias("open"), *counts)
    overdue = pl.sum_horizontal(*LATE).cast(pl.Int64)
    wide = table.select("unit", "open", overdue.alias("overdue"), *BANDS)
    return wide.sort(["overdue", "open", "unit"], descending=[True, True, False])


def _band(as_of: datetime, rule: LateRule, soon: DueSoonRule) -> pl.Expr:
    now, due = instant(as_of), pl.col("due_at")
    short, medium, long = (instant(as_of - timedelta(days=days)) for days in rule.edges_days)
    return (
        pl.when(due.is_null())
        .then(pl.lit("no_deadline"))
        .when(due > instant(as_of + timedelta(hours=soon.within_hours)))
        .then(pl.lit("not_due"))
        .when(due >= now)
        .then(pl.lit("due_soon"))
        .when(due >= short)
        .then(pl.lit("late_short"))
        .when(due >= medium)
        .then(pl.lit("late_medium"))
        .when(due >= long)
        .then(pl.lit("late_long"))
        .otherwise(pl.lit("late_longest"))
    )


def longest_overdue(cases: pl.DataFrame, *, as_of: datetime, most: int = 10) -> pl.DataFrame:
    """Open cases longest past their deadline: the rows given and ``late_days``, latest first."""
    late = open_at(cases, as_of).filter(pl.col("due_at") < instant(as_of))
    return late.with_columns(late_days=late_days(as_of)).sort("due_at", "case_id").head(most)


def late_days(as_of: datetime) -> pl.Expr:
    """Days of ``due_at`` before a moment, as a fraction; negative where it is still to come."""
    return (instant(as_of) - pl.col("due_at")).dt.total_microseconds() / 86_400_000_000
