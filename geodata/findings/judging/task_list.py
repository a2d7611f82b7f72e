"""What is handed on: the task list of open problems (S17), the times of every stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from geodata.domain.case import STAGES
from geodata.domain.selection import Selection
from geodata.findings.judging.ledger import Rows, in_given_order, late_first, with_times
from geodata.findings.source import Source

MOST_TASKS: Final = 20_000
MOST_TIMES: Final = 500_000
"""Rows of a download; what is left out is said in it, or in its name."""

_OPEN: Final = ("overdue", "due_soon", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """Open cases to be put right 问题整改任务分解表.

    Attributes
    ----------
    table
        ``case_id``, ``office``, ``category``, ``description``, ``street``, ``address``,
        ``area``, ``person``, ``assisting``, ``reported_at``, ``due_at`` (UTC), ``status``,
        ``returns``, and the times of `ledger.with_times`; late first. ``office`` and
        ``category`` hold ``unassigned`` and ``unmapped`` as values.
    left_out
        Further open cases beyond `MOST_TASKS`.
    """

    table: pl.DataFrame
    left_out: int


def task_list(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    most: int = MOST_TASKS,
) -> Tasks:
    """List the open cases of a selection with what an office needs to act."""
    waiting = source.facts.frame["status"].is_in(_OPEN).to_numpy()
    rows = np.flatnonzero(waiting & source.keep(selection))
    chosen = late_first(source, rows, most=most)
    cases = with_times(source, in_given_order(source, chosen))
    return Tasks(
        table=_as_counted(source, cases, chosen).select(_TASK_COLUMNS),
        left_out=len(rows) - len(chosen),
    )


_TASK_COLUMNS: Final = (
    "case_id", "office", "category", "description", "street", "address", "area", "person",
    "assisting", "reported_at", "due_at", "status", "returns", "open_days", "late_work_days",
    "late_work_hours", "left_work_hours",
)  # fmt: skip


def _as_counted(source: Source, cases: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Cases with office, category and area as the facts count them."""
    coded = source.facts.frame[rows].select(
        "key", *(pl.col(name).cast(pl.String) for name in ("office", "category", "area"))
    )
    named = cases.drop("office", "category", "area").with_columns(
        key=pl.col("case_id").hash(seed=0)
    )
    named = named.with_columns(street=pl.coalesce("street", "street_name"))
    return named.join(coded, on="key", how="left", maintain_order="left").drop("key")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTimes:
    """The life of every case of a selection, without free text.

    Attributes
    ----------
    table
        ``case_id``, ``category``, ``office``, ``area``, ``street``, ``channel``, ``phase``,
        ``status``, each of `STAGES`, ``due_at`` (UTC), ``returns``, ``hours_to_<stage>``
        (clock hours since the report), ``open_work_hours``, ``late_work_hours``; latest
        report first.
    left_out
        Earlier cases beyond `MOST_TIMES`.
    """

    table: pl.DataFrame
    left_out: int


def stage_times(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    most: int = MOST_TIMES,
) -> StageTimes:
    """Tabulate when each case of a selection reached each stage."""
    cases = source.cases(selection)
    latest = cases.sort("reported_at", "case_id", descending=[True, False]).head(most)
    hours = {
        f"hours_to_{stage.removesuffix('_at')}": (
            (pl.col(stage) - pl.col("reported_at")).dt.total_microseconds() / 3.6e9
        ).round(2)
        for stage in STAGES[1:]
    }
    timed = with_times(source, latest).with_columns(
        **hours,
        open_work_hours=pl.col("open_work_hours").round(2),
        late_work_hours=pl.col("late_work_hours").round(2),
    )
    return StageTimes(
        table=timed.select(
            "case_id", "category", "office", "area", "street", "channel", "phase", "status",
            *STAGES, "due_at", "returns", *hours, "open_work_hours", "late_work_hours",
        ),
        left_out=len(cases) - len(latest),
    )  # fmt: skip
