"""Deadlines and working hours for whole columns of cases, in UTC as the case table keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from geodata.domain.calendar import Times, WorkCalendar


def due_times(
    started_at: pl.Series,
    *,
    hours: pl.Series,
    days: pl.Series,
    calendar: WorkCalendar,
    timezone: str,
) -> pl.Series:
    """Deadline of each case, from when it started and what its category allows.

    Parameters
    ----------
    started_at
        ``Datetime("us", "UTC")``; null gives null.
    hours, days
        Allowed working hours (any number) or working days (whole), row by row. Hours win where
        both are given; null where neither is.
    calendar, timezone
        The city's calendar and the IANA name of its zone, whose wall clock it follows.

    Returns
    -------
    polars.Series
        ``Datetime("us", "UTC")``, the rows of `started_at` in order. Empty in, empty out.
    """
    local = local_times(started_at, timezone)
    by_hour = calendar.add_work_hours_many(
        local, hours.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    )
    by_day = calendar.add_work_days_many(local, days.cast(pl.Int64).fill_null(0).to_numpy())
    by_day = np.where(days.is_null().to_numpy(), np.datetime64("NaT", "us"), by_day)
    due = pl.Series(started_at.name, np.where(np.isnat(by_hour), by_day, by_hour))
    return due.dt.replace_time_zone(
        timezone, ambiguous="earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")


def within_hours(at: pl.Series, *, calendar: WorkCalendar, timezone: str) -> pl.Series:
    """Which of these UTC times lie in the city's working hours; null gives null."""
    inside = pl.Series(at.name, calendar.in_hours_many(local_times(at, timezone)))
    return pl.select(pl.when(at.is_not_null()).then(inside)).to_series().alias(at.name)


def local_times(at: pl.Series, timezone: str) -> Times:
    """Wall-clock times (``datetime64[us]``) of a UTC column in a zone; null becomes NaT."""
    wall = at.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    times: Times = wall.cast(pl.Datetime("us")).to_numpy()
    return times
