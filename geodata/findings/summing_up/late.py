"""Who is late: cases overdue and about to be when a period ended; days offices are ranked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import polars as pl

from geodata.analysis.answers import instant
from geodata.domain.period import Period
from geodata.findings.judging.lateness import late_days
from geodata.findings.periods import span
from geodata.findings.summing_up.compared import Compared

RANKED_DAYS: Final = 28
"""Offices are ranked on at least so many days: one week leaves most of them too few cases."""

_LINE: Final = (
    "case_id", "category", "street", "area", "office", "reported_at", "due_at", "late_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Cases past their deadline, or close to it, and still open when the period ended.

    Attributes
    ----------
    overdue
        Longest overdue first: ``case_id``, ``category``, ``street`` (null: on none), ``area``,
        ``office``, ``reported_at``, ``due_at`` (UTC), ``late_days`` (days past it).
    due_soon
        The same, soonest due first; ``late_days`` is 0.
    within_hours
        What "soon" means.
    by_office
        ``office``, ``open``, ``overdue``, ``due_soon``; most overdue first.
    without_deadline
        Open cases that have no deadline: never late, and said so.
    """

    overdue: pl.DataFrame
    due_soon: pl.DataFrame
    within_hours: float
    by_office: pl.DataFrame
    without_deadline: int


def waiting(compared: Compared) -> pl.DataFrame:
    """Cases open when the period ended, with how late each was then.

    Returns
    -------
    polars.DataFrame
        Columns of `Source.cases` with ``late_days`` (days past the deadline, at least 0),
        ``overdue`` and ``due_soon``; no particular order.
    """
    end = compared.scope.end_at
    now = instant(end)
    soon = instant(end + timedelta(hours=compared.source.city.due_soon.within_hours))
    open_then = pl.col("closed_at").is_null() | (pl.col("closed_at") >= now)
    return (
        compared.cases()
        .filter(pl.col("reported_at") < now, open_then)
        .with_columns(
            late_days=late_days(end).clip(0),
            overdue=(pl.col("due_at") < now).fill_null(value=False),
            due_soon=pl.col("due_at").is_between(now, soon).fill_null(value=False),
        )
    )


def late(compared: Compared) -> Late:
    """List what was overdue, and about to be, when the period ended."""
    source = compared.source
    told = waiting(compared)
    by_office = told.group_by("office").agg(
        pl.len().cast(pl.Int64).alias("open"), pl.col("overdue", "due_soon").sum().cast(pl.Int64)
    )
    return Late(
        overdue=told.filter("overdue").sort("due_at", "case_id").select(_LINE),
        due_soon=told.filter("due_soon").sort("due_at", "case_id").select(_LINE),
        within_hours=source.city.due_soon.within_hours,
        by_office=by_office.sort(["overdue", "open", "office"], descending=[True, True, False]),
        without_deadline=int(told["due_at"].null_count()),
    )


def ranked_period(compared: Compared) -> Period:
    """Days that offices are ranked on: the period's, or the `RANKED_DAYS` that end with it."""
    if compared.days >= RANKED_DAYS or compared.days < 1:
        return compared.period
    first = compared.last_on - timedelta(days=RANKED_DAYS - 1)
    earliest = min(compared.source.facts.first_day, compared.period.from_on)
    return span(max(first, earliest), compared.last_on)
