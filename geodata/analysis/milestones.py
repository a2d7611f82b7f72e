"""Several deadlines per case: stop work in 4 working hours, demolish in 15 working days.

The deadline a case carries (``due_at``) is the one it is judged by; milestones are the steps on
the way, each counted from a stage and met at another. Which ones a category has is
configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from geodata.analysis.answers import instant
from geodata.domain.calendar import WorkCalendar
from geodata.domain.case import DueSoonRule
from geodata.domain.category import Deadline
from geodata.domain.deadlines import due_times

STATES: Final = ("not_started", "running", "due_soon", "overdue", "met", "met_late")
"""What can be said of a milestone, as of a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step that a category owes within a time.

    Attributes
    ----------
    from_column, done_column
        Instants of the case table: when the time begins, and when the step was done.
    within
        Working hours or working days.
    """

    code: str
    category: str
    within: Deadline
    from_column: str = "filed_at"
    done_column: str = "handled_at"
    source: str = "to be confirmed by the command centre"


def milestone_states(
    cases: pl.DataFrame,
    milestones: Sequence[Milestone],
    *,
    calendar: WorkCalendar,
    timezone: str,
    as_of: datetime,
    soon: DueSoonRule | None = None,
) -> pl.DataFrame:
    """Deadline and state of every milestone of every case.

    Parameters
    ----------
    cases
        ``case_id``, ``category`` and the columns the milestones name, instants in UTC.
    as_of
        What happened later is not known yet.

    Returns
    -------
    polars.DataFrame
        One row per case and milestone, by case in the order given: ``case_id``, ``category``,
        ``milestone``, ``started_at``, ``due_at``, ``done_at`` (UTC), ``state`` (see `STATES`).
        A case whose category has no milestone has no row. Empty in, empty out.

    Raises
    ------
    ValueError
        A milestone names a column the cases do not have, or sets no time.
    """
    _check(cases, milestones)
    numbered = cases.with_row_index("row")
    parts = [_of(numbered, one, calendar, timezone) for one in milestones]
    table = pl.concat([_EMPTY.to_frame(), *parts]).sort("row", maintain_order=True).drop("row")
    return table.with_columns(
        state=_state(as_of, soon or DueSoonRule()), done_at=_known("done_at", as_of)
    )


_INSTANT: Final = pl.Datetime("us", "UTC")
_TIMES: Final = ("started_at", "due_at", "done_at")
_EMPTY: Final = pl.Schema(
    [
        ("row", pl.UInt32()),
        ("case_id", pl.String()),
        ("category", pl.String()),
        ("milestone", pl.String()),
        *((time, _INSTANT) for time in _TIMES),
    ]
)


def _check(cases: pl.DataFrame, milestones: Sequence[Milestone]) -> None:
    for one in milestones:
        for column in (one.from_column, one.done_column):
            if column not in cases.columns:
                raise ValueError(
                    f"milestone {one.code!r} counts to or from {column!r}, which the cases do not "
                    f"have; name one of {', '.join(cases.columns)}"
                )
        if (one.within.hours is None) == (one.within.days is None):
            raise ValueError(f"milestone {one.code!r} must set hours or days, not both or neither")


def _of(
    cases: pl.DataFrame, milestone: Milestone, calendar: WorkCalendar, timezone: str
) -> pl.DataFrame:
    rows = cases.filter(pl.col("category").cast(pl.String) == milestone.category).select(
        "row",
        "case_id",
        pl.col("category").cast(pl.String),
        milestone=pl.lit(milestone.code),
        started_at=pl.col(milestone.from_column).cast(_INSTANT),
        done_at=pl.col(milestone.done_column).cast(_INSTANT),
    )
    due = due_times(
        rows["started_at"],
        hours=pl.Series([milestone.within.hours] * len(rows), dtype=pl.Float64),
        days=pl.Series([milestone.within.days] * len(rows), dtype=pl.Int64),
        calendar=calendar,
        timezone=timezone,
    )
    columns = ["row", "case_id", "category", "milestone", *_TIMES]
    return rows.with_columns(due_at=due.cast(_INSTANT)).select(columns)


def _known(column: str, as_of: datetime) -> pl.Expr:
    return pl.when(pl.col(column) < instant(as_of)).then(pl.col(column)).alias(column)


def _state(as_of: datetime, soon: DueSoonRule) -> pl.Expr:
    now = instant(as_of)
    done, due = pl.col("done_at") < now, pl.col("due_at")
    known = pl.col("started_at").is_not_null() & (pl.col("started_at") < now)
    word = (
        pl.when(~known)
        .then(pl.lit("not_started"))
        .when(done)
        .then(pl.when(pl.col("done_at") <= due).then(pl.lit("met")).otherwise(pl.lit("met_late")))
        .when(due < now)
        .then(pl.lit("overdue"))
        .when(due <= instant(as_of + timedelta(hours=soon.within_hours)))
        .then(pl.lit("due_soon"))
        .otherwise(pl.lit("running"))
    )
    return word.cast(pl.Enum(STATES))
