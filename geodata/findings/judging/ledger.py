"""The register of cases 台账: what is late first, each case with its life from report to close-out.

Which cases and in what order is decided on the facts; whole cases are read from the lake only for
the rows somebody looks at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.domain.calendar import WorkCalendar
from geodata.domain.case import STAGES
from geodata.domain.deadlines import local_times
from geodata.domain.selection import Selection
from geodata.findings.source import Source
from geodata.store.details import cases_of
from geodata.store.lake import Lake

MOST_LISTED: Final = 5_000
"""Rows that can be paged through; filters and downloads reach the rest."""

PAGE: Final = 50

MOST_FOUND: Final = 500
"""Cases a search by part of a number finds."""

Rows = npt.NDArray[np.int64]

_LATER: Final = 1 << 21
"""More than any day number within one kind of state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One page of the register.

    Attributes
    ----------
    cases
        ``PLACED_SCHEMA`` with ``status``, ``phase`` and the columns of `with_times`; overdue
        first (longest overdue on top), then about to be, then open, then closed
        (latest first).
    total
        Cases of the selection and search.
    listed
        How many of them can be paged through; at most `MOST_LISTED`.
    page, pages
        This page, counted from 1, and how many there are; 1 of 1 without a case.
    by_status
        Cases of the selection by status, whatever is searched for.
    """

    cases: pl.DataFrame
    total: int
    listed: int
    page: int
    pages: int
    by_status: dict[str, int]


def ledger(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    search: str = "",
    page: int = 1,
    size: int = PAGE,
) -> Ledger:
    """One page of the register of a selection.

    Parameters
    ----------
    search
        A case number, whole or part of it, or part of a street's name.
    page
        From 1; a page beyond the last gives the last.
    """
    total, rows = source.remember(
        ("ledger", selection, search.strip()), lambda: _listed(source, selection, search.strip())
    )
    pages = max(-(-len(rows) // size), 1)
    page = min(max(page, 1), pages)
    shown = rows[(page - 1) * size : page * size]
    return Ledger(
        cases=with_times(source, _to_the_minute(source, in_given_order(source, shown))),
        total=total,
        listed=len(rows),
        page=page,
        pages=pages,
        by_status=_by_status(source, selection),
    )


def _listed(source: Source, selection: Selection, search: str) -> tuple[int, Rows]:
    rows = np.flatnonzero(source.keep(selection))
    if search:
        rows = rows[np.isin(rows, found_rows(source, search))]
    return len(rows), late_first(source, rows, most=MOST_LISTED)


def late_first(source: Source, rows: Rows, *, most: int) -> Rows:
    """Rows of the facts in the register's order; only the first ``most`` of them."""
    held = source.facts.frame.select("status", "due_on", "closed_on")[rows]
    day = pl.col("due_on").to_physical().cast(pl.Int64).fill_null(_LATER - 1)
    back = _LATER - pl.col("closed_on").to_physical().cast(pl.Int64).fill_null(0)
    order = held.select(
        pl.when(pl.col("status") == "overdue")
        .then(day)
        .when(pl.col("status") == "due_soon")
        .then(_LATER + day)
        .when(pl.col("status") == "open")
        .then(2 * _LATER + day)
        .otherwise(3 * _LATER + back)
    ).to_series()
    keys = order.to_numpy()
    if len(keys) > most:
        first = np.argpartition(keys, most - 1)[:most]
        first.sort()
        rows, keys = rows[first], keys[first]
    return rows[np.argsort(keys, kind="stable")]


def _to_the_minute(source: Source, cases: pl.DataFrame) -> pl.DataFrame:
    """Order cases due on one day, which the facts cannot tell apart, by their deadlines."""
    due = pl.when(pl.col("status").is_in(("overdue", "due_soon", "open"))).then("due_at")
    day = due.dt.convert_time_zone(source.city.timezone).dt.date()
    run = pl.struct("status", day).rle_id()
    return cases.sort(run, due, maintain_order=True)


def _by_status(source: Source, selection: Selection) -> dict[str, int]:
    def compute() -> dict[str, int]:
        held = source.facts.frame["status"].filter(pl.Series(source.keep(selection)))
        counted = held.cast(pl.String).value_counts()
        return dict(counted.iter_rows())

    return source.remember(("ledger by status", selection), compute)


def found_rows(source: Source, search: str) -> Rows:
    """Rows of the facts whose case number is, or holds, a text, or whose street's name holds it.

    A whole case number finds that case alone. No text finds nothing.
    """
    facts = source.facts
    if not search:
        return np.empty(0, np.int64)
    exact = _rows_of(source, pl.Series([search], dtype=pl.String))
    if len(exact):
        return exact
    names = facts.segments["street"].fill_null("").str.to_lowercase()
    on_street = names.str.contains(search.lower(), literal=True).to_numpy()
    here = np.append(on_street, values=False)[facts.frame["segment"].to_numpy()]
    by_street = np.flatnonzero(here)
    return by_street if len(by_street) else _rows_of(source, _numbers_holding(source, search))


def _numbers_holding(source: Source, part: str) -> pl.Series:
    version = source.version if source.version >= 0 else None
    return (
        Lake(source.city.lake)
        .scan(version)
        .select("case_id")
        .filter(pl.col("case_id").str.contains(part, literal=True))
        .with_columns(key=pl.col("case_id").hash(seed=0))
        .join(source.facts.frame.lazy().select("key"), on="key", how="semi")
        .head(MOST_FOUND)
        .collect()["case_id"]
    )


def _rows_of(source: Source, numbers: pl.Series) -> Rows:
    keys = numbers.hash(seed=0)
    return np.flatnonzero(source.facts.frame["key"].is_in(keys.implode()).to_numpy())


def in_given_order(source: Source, rows: Rows) -> pl.DataFrame:
    """Whole cases behind rows of the facts, in that order; ``street`` is null off the streets."""
    found = cases_of(Lake(source.city.lake), source.facts, rows)
    place = pl.DataFrame(
        {"key": source.facts.frame["key"][rows], "place": np.arange(len(rows))},
        schema={"key": pl.UInt64, "place": pl.Int64},
    )
    streets = source.facts.segments.select("segment", "street")
    return (
        found.with_columns(key=pl.col("case_id").hash(seed=0), status=pl.col("status").cast(str))
        .join(place, on="key", how="left")
        .join(streets, on="segment", how="left")
        .sort("place")
        .drop("place", "key")
    )


def with_times(source: Source, cases: pl.DataFrame) -> pl.DataFrame:
    """Cases with how long they took, or have been waiting, by the city's calendar.

    Returns
    -------
    polars.DataFrame
        The rows with ``open_days`` (calendar days from report to close-out, or to the end of the
        data), ``open_work_hours``, ``late_work_hours`` and ``late_work_days`` (working time from
        the deadline to the same end; null where nothing is late), ``left_work_hours`` (from the
        end of the data to the deadline of an open case that is not late).
    """
    now = source.facts.as_of.astimezone(UTC)
    end = cases["closed_at"].fill_null(now)
    calendar, zone = source.city.calendar, source.city.timezone
    worked = _work_hours(calendar, zone, cases["reported_at"], end)
    late = _work_hours(calendar, zone, cases["due_at"], end)
    overdue = (cases["due_at"] < end).fill_null(value=False)
    still = cases["closed_at"].is_null() & ~overdue & cases["due_at"].is_not_null()
    late = pl.select(pl.when(overdue).then(late)).to_series()
    left = _work_hours(calendar, zone, end, cases["due_at"])
    return cases.with_columns(
        open_days=(end - cases["reported_at"]).dt.total_microseconds() / 86_400_000_000,
        open_work_hours=worked,
        late_work_hours=late,
        late_work_days=late / calendar.day_hours,
        left_work_hours=pl.select(pl.when(still).then(left)).to_series(),
    )


def _work_hours(calendar: WorkCalendar, zone: str, start: pl.Series, end: pl.Series) -> pl.Series:
    hours = calendar.work_hours_between_many(local_times(start, zone), local_times(end, zone))
    return pl.Series(hours, dtype=pl.Float64).fill_nan(None)


def one_case(source: Source, case_id: str) -> pl.DataFrame:
    """Return the whole case of a number, free text included; no row where there is none."""
    rows = _rows_of(source, pl.Series([case_id], dtype=pl.String))
    found = with_times(source, in_given_order(source, rows))
    return found.filter(case_id=case_id)


def stage_order_broken(case: pl.DataFrame) -> list[str]:
    """Stages of a case that come before the stage they should follow, in order."""
    last, broken = None, []
    for stage in STAGES:
        at = case[stage][0] if len(case) else None
        if at is not None and last is not None and at < last:
            broken.append(stage)
        last = at if at is not None and (last is None or at > last) else last
    return broken
